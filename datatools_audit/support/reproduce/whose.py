"""Whose session an error of a thread happened in: its own record is the process's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.ordering import ordered, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Record = Mapping[str, object]

_OF_PEOPLE = frozenset({"run", "nav", "widget", "upload"})


def is_of_a_person(records: Iterable[Record]) -> bool:
    """Tell whether these are the records of a browser's session, not of the process."""
    return any(record.get("category") in _OF_PEOPLE for record in records)


def with_thread_error(
    records: Sequence[Record], others: Iterable[Sequence[Record]], code: str = ""
) -> list[Record] | None:
    """Return the records of the session that did something last before the error, and the error.

    Args:
        records: Those of the process, with the error.
        others: Those of each session.
        code: The error's; of several the newest without one.

    Returns:
        None where the error is no thread's, or no session did anything before.
    """
    found = [
        record
        for record in ordered(records)
        if text(record, "message").startswith("In thread ")
        and (text(record, "support_code") == code if code else record.get("category") == "error")
    ]
    if not found:
        return None
    error = found[-1]
    before = [(_last_before(several, error), several) for several in others]
    known = [(seq, several) for seq, several in before if seq]
    if not known:
        return None
    return [*max(known, key=lambda each: each[0])[1], error]


def _last_before(records: Sequence[Record], error: Record) -> int:
    """Return the number of the last thing that a session did before; 0 where there is none."""
    numbers = [
        number
        for record in records
        if record.get("proc") == error.get("proc") and record.get("category") in _OF_PEOPLE
        if type(number := record.get("seq")) is int and number < _number(error)
    ]
    return max(numbers, default=0)


def _number(record: Record) -> int:
    found = record.get("seq")
    return found if type(found) is int else 0
