"""Log under a SIGTERM disposition of somebody else's, take the signal, and go on."""

from __future__ import annotations

import signal
import sys

import datatools_audit


def theirs(number: int, _frame: object) -> None:
    sys.stdout.write("theirs\n")
    datatools_audit.log_event("test", "in their handler")


if __name__ == "__main__":
    disposition = {"handler": theirs, "ignored": signal.SIG_IGN}[sys.argv[1]]
    signal.signal(signal.SIGTERM, disposition)
    datatools_audit.log_event("test", "before")
    signal.raise_signal(signal.SIGTERM)
    datatools_audit.log_event("test", "after")
    assert signal.getsignal(signal.SIGTERM) is disposition
