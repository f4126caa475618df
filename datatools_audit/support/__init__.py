"""Records → something that a person can send or read."""
