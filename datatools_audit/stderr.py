"""What the log says about itself on stderr."""

from __future__ import annotations

import contextlib
import select
import sys

_MOST_CHARACTERS = 1000  # as UTF-8 less than the 4 KiB that a pipe takes whole


def say(sentence: str) -> None:
    """Print one line, unless stderr takes none now. Never blocks, never raises an ``Exception``.

    A pipe that nobody reads is full after 64 KiB, and whoever writes into it waits for ever.
    """
    with contextlib.suppress(Exception):
        if _takes():
            sys.stderr.write(f"[audit] {sentence[:_MOST_CHARACTERS]}\n")


def _takes() -> bool:
    try:
        ready = select.poll()
        ready.register(sys.stderr.fileno(), select.POLLOUT)
    except (AttributeError, OSError, ValueError):  # no file, or no Unix
        return True
    return any(event & select.POLLOUT for _, event in ready.poll(0))
