"""A recorded session → a test that does the same once more, and fails as it did."""
