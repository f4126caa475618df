"""Tests of what turns records into something to hand over."""
