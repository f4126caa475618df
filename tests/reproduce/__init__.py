"""Small apps with a planted bug each, driven in a browser, recorded, and done once more."""
