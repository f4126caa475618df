"""JSON that every parser takes, and that moves no terminal's cursor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

# Here, and not where it is used: a fork amid an import leaves the child a lock that nobody frees.
try:
    import resource
except ImportError:  # no Unix
    resource = None  # type: ignore[assignment]

LINE = (
    orjson.OPT_APPEND_NEWLINE
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)

# DEL, C1, U+2028 and U+2029 in UTF-8: valid in JSON, but they move a cursor or end a line
# for a reader. All occur within strings only, where an escape may stand for them.
_UNSAFE = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


def escaped(line: bytes) -> bytes:
    """Return the JSON with an escape for each character that is no text."""
    if line.isascii() and 127 not in line:
        return line
    return _UNSAFE.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), line)


def _dumps_in_short_memory(value: object, default: None = None, options: int = 0) -> bytes:
    """Encode, or raise ``MemoryError``.

    orjson 3.13 does not ask whether it got its buffer, nor whether that could grow, and
    crashes the process where not. So what it may need is taken and given back just before.
    """
    # Its buffer begins with 4 KiB, has room for eight times a text's length, grows by
    # doubling, and may be moved for that.
    bytes(4096 + 3 * _most_bytes(value))
    return orjson.dumps(value, default, options)


def _most_bytes(value: object) -> int:
    """Return the most bytes that orjson asks for on behalf of a JSON value."""
    if isinstance(value, str):
        return 40 + 8 * len(value)
    if isinstance(value, dict):
        return 40 + sum(_most_bytes(k) + _most_bytes(v) for k, v in value.items())
    return 40 + sum(map(_most_bytes, value)) if isinstance(value, list) else 40


dumps: Callable[..., bytes] = orjson.dumps
"""Encodes; asked from this module at each event, since ``heed_memory_limit`` may change it."""


def heed_memory_limit() -> None:
    """Have what is encoded from now on survive that memory ends, if the process has a limit.

    Makes an event some microseconds slower where it has. Threads: any.
    """
    global dumps
    if resource is None:
        return
    is_limited = resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    if is_limited != (dumps is _dumps_in_short_memory):
        dumps = _dumps_in_short_memory if is_limited else orjson.dumps
