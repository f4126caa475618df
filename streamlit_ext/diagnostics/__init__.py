"""The page on which a person sees the log and hands it over."""
