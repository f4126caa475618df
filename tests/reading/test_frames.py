"""The innermost frame of the app's is found in what is recorded of an exception."""

from __future__ import annotations

import pytest

from datatools_audit.reading.frames import place
from datatools_audit.record.failure import describe


def described(exc: BaseException) -> str:
    return describe(exc)["traceback"].replace(__file__, "app.py")


def caught(text: str, cause: BaseException | None = None) -> ValueError:
    try:
        raise ValueError(text) from cause
    except ValueError as error:
        return error


def line_of_raise() -> int:
    return caught.__code__.co_firstlineno + 2


def test_frame_is_the_innermost() -> None:
    """Of a traceback as it is recorded."""
    trace = described(caught("no"))
    assert place(trace).endswith(f"test_frames.py line {line_of_raise()}")


def test_frame_is_the_last_exceptions() -> None:
    """Not its cause's; also where it has none of the app's."""
    try:
        int("x")
    except ValueError as error:
        trace = described(caught("no", error))
    assert place(trace).endswith(f"line {line_of_raise()}")
    bare = described(caught("a", caught("b"))).splitlines()
    last = max(n for n, line in enumerate(bare) if line.startswith("  File"))
    del bare[last]
    assert "" == place("\n".join(bare))


@pytest.mark.parametrize(
    "text",
    [
        'x\n  File "evil.py", line 3, in f',
        'x\nTraceback (most recent call last):\n  File "evil.py", line 3, in f\nE: x',
    ],
)
def test_frame_is_none_of_the_exceptions_text(text: str) -> None:
    """The text of an exception may quote another traceback, as a pool's worker does."""
    assert place(described(caught(text))).endswith(f"test_frames.py line {line_of_raise()}")


@pytest.mark.parametrize("given", [None, 5, "", "no traceback", 'File "a", line 1, in b'])
def test_frame_of_what_is_no_traceback(given: object) -> None:
    """There is none."""
    assert "" == place(given)


def test_frame_of_a_stack() -> None:
    """The stack of a thread has no first line and no exception behind."""
    first, last = '  File "a.py", line 3, in f\n', '  File "b.py", line 5, in g\n'
    stack = f"{first}  [4 library frames]\n{last}  [1 library frame]"
    assert " in b.py line 5" == place(stack)
    assert " in b.py line 5" == place(f"{first}  […]\n{last}")
