"""Where in the app's code it was: the innermost frame of a traceback as it is recorded."""

from __future__ import annotations

import re

from datatools_audit.reading.wording import clean

_MOST_FILE = 100
_FRAME = re.compile(r'^  File "([^"\n]*)", line (\d{1,9}),? in ', re.MULTILINE)
# Python's own sentences between a cause and what came of it.
_CHAINED = re.compile(
    r"\n\n(?:The above exception was the direct cause of the following exception|"
    r"During handling of the above exception, another exception occurred):\n\n"
)
_OTHER_LINE = re.compile(r"^(?!  (?:File \"|\[))", re.MULTILINE)
_FIRST = "Traceback (most recent call last):\n"


def place(traceback: object) -> str:
    """Return `` in pages/analyze.py line 41``, the innermost frame of the last exception.

    Args:
        traceback: As ``record.failure`` writes it, or the stack of a thread; nothing is returned
            of what is none, or has no frame of the app's.
    """
    if type(traceback) is not str:
        return ""
    start = 0
    for chained in _CHAINED.finditer(traceback):
        start = chained.end()
    # The exception's own text follows, and may look like frames.
    if traceback.startswith(_FIRST, start):
        start += len(_FIRST)
    end = _OTHER_LINE.search(traceback, start)
    return _said(_FRAME.findall(traceback, start, end.start() if end else len(traceback))[-1:])


def place_of_crash(dump: object) -> str:
    """Return the same of a native crash, whose innermost frame comes first."""
    return _said(_FRAME.findall(dump)[:1]) if type(dump) is str else ""


def _said(frames: list[tuple[str, str]]) -> str:
    return "".join(f" in {clean(file, _MOST_FILE)} line {line}" for file, line in frames)
