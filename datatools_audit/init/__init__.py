"""Adds the recorder to an app that is there, and takes it out again."""
