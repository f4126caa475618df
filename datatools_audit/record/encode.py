"""One record as one line of strict JSON, made in the caller.

The line, field by field: ``ts`` (RFC 3339, UTC, ms), ``level``, ``category``, ``session``
(8 hex digits), ``message``, ``proc`` (8 hex digits), ``seq`` (whole number from 1 in a
process), ``page`` where one is known, then the fields of the product's own function, then
the caller's extras under their own names, then ``truncated``: the names of the values that
were cut.

orjson was measured against msgspec 0.22 on the record of README (benchmarks/encoders.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from datatools_audit.record.coerce import VALUE_BYTES, coerce
from datatools_audit.record.text import cut_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.record.coerce import Json

LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})
RESERVED = frozenset({"ts", "level", "category", "session", "message", "proc", "seq", "truncated"})
RECORD_BYTES = 64 * 1024
_NAME_BYTES = 256
_MOST_NAME_BYTES = 16 * 1024
_MOST_CUT_NAMES = 16
_MORE_BYTES = 16  # of a text such as `, "975 more"`
_NEVER_CUT = frozenset({"ts", "level", "session", "proc", "seq"})

_INFO = "info"
_NOWHERE: dict[str, str] = {}

_OPTIONS = (
    orjson.OPT_APPEND_NEWLINE
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)


def _dumps_in_short_memory(value: object, default: None = None, options: int = 0) -> bytes:
    """Encode, or raise ``MemoryError``.

    orjson 3.13 does not ask whether it got its buffer, nor whether that could grow, and
    crashes the process where not. So what it may need is taken and given back just before.
    """
    bytes(1024 + 3 * _most_bytes(value))  # the buffer doubles, and may be moved for that
    return orjson.dumps(value, default, options)


def _most_bytes(value: object) -> int:
    """Return the most bytes that a JSON value can take."""
    if isinstance(value, str):
        return 8 + 6 * len(value)
    if isinstance(value, dict):
        return 8 + sum(_most_bytes(k) + _most_bytes(v) for k, v in value.items())
    return 8 + sum(map(_most_bytes, value)) if isinstance(value, list) else 40


_dumps: Callable[..., bytes] = orjson.dumps


def heed_memory_limit() -> None:
    """Have what is encoded from now on survive that memory ends, if the process has a limit.

    Makes an event some microseconds slower where it has. Threads: any.
    """
    global _dumps
    try:
        import resource
    except ImportError:
        return
    is_limited = resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    if is_limited != (_dumps is _dumps_in_short_memory):
        _dumps = _dumps_in_short_memory if is_limited else orjson.dumps


# DEL, C1, U+2028 and U+2029 in UTF-8: valid in JSON, but they move a cursor or end a line
# for a reader. All occur within strings only, where an escape may stand for them.
_UNSAFE = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


def encode(  # noqa: C901 -- each call less is felt by every event of an app
    ts: str,
    level: object,
    category: object,
    session: str,
    message: object,
    proc: str,
    seq: int,
    page: str | None,
    fields: Mapping[str, object],
    extra: Mapping[str, object],
) -> bytes:
    """Return the line of a record, its newline included.

    Args:
        ts: The moment of the call, as ``Stamps`` writes it.
        level: As the caller gave it; what is no level becomes ``info`` and an extra.
        category: As the caller gave it.
        session: 8 hex digits.
        message: As the caller gave it.
        proc: 8 hex digits.
        seq: The record's number in the process.
        page: The page that the session is on.
        fields: What the product's function sets; an extra of that name is renamed.
        extra: What the caller gave; a taken name becomes ``extra_<name>``.

    Raises nothing but what Python raises when memory or stack are at their end.
    Threads: any; nothing is shared.
    """
    given = {**fields, **extra} if fields else extra
    if (
        type(message) is str
        and type(category) is str
        and (level is _INFO or (type(level) is str and level in LEVELS))
        and len(message) <= VALUE_BYTES
        and RESERVED.isdisjoint(given)
        and (page is None or "page" not in given)
        and (not fields or len(given) == len(fields) + len(extra))
    ):
        for value in given.values():
            kind = type(value)
            if kind is str:
                if len(value) > VALUE_BYTES:  # type: ignore[arg-type]
                    break
            elif kind is float:
                if value - value != 0.0:  # type: ignore[operator]  # NaN, the infinities
                    break
            elif kind is not int and kind is not bool and value is not None:
                break
        else:
            place = _NOWHERE if page is None else {"page": page}
            try:
                line = _dumps(
                    {
                        "ts": ts,
                        "level": level,
                        "category": category,
                        "session": session,
                        "message": message,
                        "proc": proc,
                        "seq": seq,
                        **place,
                        **given,
                    },
                    None,
                    _OPTIONS,
                )
            except TypeError:  # a lone surrogate, a long integer
                pass
            else:
                if len(line) <= VALUE_BYTES:
                    return line if line.isascii() and 127 not in line else _escaped(line)
    head = {"ts": ts, "level": level, "category": category, "session": session}
    head |= {"message": message, "proc": proc, "seq": seq}
    return _encode_slowly(head, page, fields, extra)


def _escaped(line: bytes) -> bytes:
    if line.isascii() and 127 not in line:
        return line
    return _UNSAFE.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), line)


def _encode_slowly(
    head: Mapping[str, object],
    page: str | None,
    fields: Mapping[str, object],
    extra: Mapping[str, object],
) -> bytes:
    cut: list[str] = []
    record = _readable(head, cut)
    if page is not None and "page" not in fields:
        _put(record, "page", page, cut)
    for name, value in fields.items():
        _put(record, name, value, cut)
    room = _MOST_NAME_BYTES
    for done, (name, value) in enumerate(extra.items()):
        safe = cut_text(name, _NAME_BYTES)[0]
        room -= len(_escaped(_dumps(safe))) + 2
        if room < 0:
            cut.append(f"{len(extra) - done} more")
            break
        _put(record, _free(safe, record, extra), value, cut)
    return _within_bounds(record, cut)


def _readable(head: Mapping[str, object], cut: list[str]) -> dict[str, Json]:
    """Return the head with a text for category and message, and a level that is one."""
    record: dict[str, Json] = {}
    for name, value in head.items():
        if name in ("ts", "session", "proc", "seq"):  # ours: nothing may happen to them
            record[name] = value  # type: ignore[assignment]
            continue
        found, was_cut = coerce(value, _NAME_BYTES if name == "category" else VALUE_BYTES)
        is_text = isinstance(found, str)
        record[name] = found if is_text else _dumps(found).decode()
        if was_cut:
            cut.append(name)
    given = head["level"]
    level = given.lower() if type(given) is str else ""
    record["level"] = level if level in LEVELS else "info"
    if level not in LEVELS:
        _put(record, "extra_level", given, cut)
    return record


def _put(record: dict[str, Json], name: str, value: object, cut: list[str]) -> None:
    record[name], was_cut = coerce(value)
    if was_cut:
        cut.append(name)


def _free(name: str, record: Mapping[str, Json], extra: Mapping[str, object]) -> str:
    """Return the name if it is free; else one that neither we nor the caller have used."""
    if name not in record and name not in RESERVED:
        return name
    while name in record or name in RESERVED or name in extra:
        name = "extra_" + name
    return name


def _within_bounds(record: dict[str, Json], cut: list[str]) -> bytes:
    """Encode; cut the longest values first until the record fits."""
    sizes = {name: len(_escaped(_dumps(value))) for name, value in record.items()}
    total = 2 + sum(len(_escaped(_dumps(name))) + 2 + size for name, size in sizes.items())
    told = len(_escaped(_dumps({"truncated": _named(cut)}))) if cut else 0
    for name in sorted(sizes.keys() - _NEVER_CUT, key=lambda each: (-sizes[each], each)):
        if total + told <= RECORD_BYTES:
            break
        record[name] = f"<{sizes[name]} bytes cut>"
        total += len(_dumps(record[name])) - sizes[name]
        cut.append(name)
        told = len(_escaped(_dumps({"truncated": _named(cut[:_MOST_CUT_NAMES])}))) + _MORE_BYTES
    if cut:
        record["truncated"] = _named(cut)
    return _escaped(_dumps(record, None, _OPTIONS))


def _named(cut: list[str]) -> list[Json]:
    """Return what ``truncated`` says: the first names, and how many more."""
    named: list[Json] = [*dict.fromkeys(cut)]
    more = len(named) - _MOST_CUT_NAMES
    return named if more <= 0 else [*named[:_MOST_CUT_NAMES], f"{more} more"]
