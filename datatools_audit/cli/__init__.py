"""The command ``datatools-audit``: reads and hands over; it never needs the app to run."""

from datatools_audit.cli.group import main

__all__ = ["main"]
