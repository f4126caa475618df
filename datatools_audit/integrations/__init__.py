"""Recorder and other libraries, one file for each; none is imported by being here."""
