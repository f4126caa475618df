"""What an app's own tests need: its events in memory, and words to say what they should be."""

from datatools_audit.testing.capture import capture_events
from datatools_audit.testing.events import CapturedEvents

__all__ = ["CapturedEvents", "capture_events"]
