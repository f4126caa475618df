"""The documents: what they show runs, and their site is built without a warning."""
