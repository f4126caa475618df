"""One record as one line of strict JSON, whatever it holds, made in the caller.

The line, field by field: ``ts`` (RFC 3339, UTC, ms), ``level``, ``category``, ``session``
(8 hex digits), ``message``, ``proc`` (8 hex digits), ``seq`` (whole number from 1 in a
process), ``page`` where one is known, then the fields of the product's own function, then
the caller's extras under their own names, then ``truncated``: the names of the values that
were cut.

orjson was measured against msgspec 0.22 on the record of README (benchmarks/encoders.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.record import strict
from datatools_audit.record.coerce import VALUE_BYTES, coerce
from datatools_audit.record.levels import KNOWN
from datatools_audit.record.text import cut_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.record.coerce import Json

RESERVED = frozenset({"ts", "level", "category", "session", "message", "proc", "seq", "truncated"})
RECORD_BYTES = 64 * 1024
NAME_BYTES = 256
_MOST_NAMES_BYTES = 16 * 1024
_MOST_CUT_NAMES = 16
_MORE_BYTES = 16  # of a text such as `, "975 more"`
_NEVER_CUT = frozenset({"ts", "level", "session", "proc", "seq"})


def encode(
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
    head = {"ts": ts, "level": level, "category": category, "session": session}
    head |= {"message": message, "proc": proc, "seq": seq}
    cut: list[str] = []
    record = _readable(head, cut)
    if page is not None and "page" not in fields:
        _put(record, "page", page, cut)
    for name, value in fields.items():
        _put(record, name, value, cut)
    room = _MOST_NAMES_BYTES
    for done, (name, value) in enumerate(extra.items()):
        safe = cut_text(name, NAME_BYTES)[0]
        room -= _size(safe) + 2
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
        found, was_cut = coerce(value, NAME_BYTES if name == "category" else VALUE_BYTES)
        is_text = isinstance(found, str)
        record[name] = found if is_text else strict.dumps(found).decode()
        if was_cut:
            cut.append(name)
    given = head["level"]
    level = given.lower() if type(given) is str else ""
    record["level"] = level if level in KNOWN else "info"
    if level not in KNOWN:
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
    sizes = {name: _size(value) for name, value in record.items()}
    total = 2 + sum(_size(name) + 2 + size for name, size in sizes.items())
    told = _size({"truncated": _named(cut)}) if cut else 0
    for name in sorted(sizes.keys() - _NEVER_CUT, key=lambda each: (-sizes[each], each)):
        if total + told <= RECORD_BYTES:
            break
        record[name] = f"<{sizes[name]} bytes cut>"
        total += len(strict.dumps(record[name])) - sizes[name]
        cut.append(name)
        told = _size({"truncated": _named(cut[:_MOST_CUT_NAMES])}) + _MORE_BYTES
    if cut:
        record["truncated"] = _named(cut)
    return strict.escaped(strict.dumps(record, None, strict.LINE))


def _size(value: object) -> int:
    return len(strict.escaped(strict.dumps(value)))


def _named(cut: list[str]) -> list[Json]:
    """Return what ``truncated`` says: the first names, and how many more."""
    named: list[Json] = [*dict.fromkeys(cut)]
    more = len(named) - _MOST_CUT_NAMES
    return named if more <= 0 else [*named[:_MOST_CUT_NAMES], f"{more} more"]
