"""The lines that may leave: the newest that fit, without what a person leaves out, redacted."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.reader import LONGEST_LINE_BYTES, parse_line
from datatools_audit.record import strict
from datatools_audit.record.levels import KNOWN
from datatools_audit.support.groups import unnamed, without
from datatools_audit.support.ours import NAMES
from datatools_audit.support.redacting import counted_since, mapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from datatools_audit.support.redacting import Redacts

MOST_NAMES = 200
_SHORTEST_NAME = 3
_MOST_CLEAN_NAMES = 10_000
_LONGEST_CLEAN_NAME = 100
_NOWHERE = Path()
_IDS = re.compile(r"[0-9a-f]{8}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(\+00:00|Z)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One record on its way into a bundle.

    Attributes:
        data: Its line, the newline included.
        left_out: The texts of each group that it has no more.
        redactions: How often each rule has replaced something in it.
    """

    data: bytes
    left_out: Mapping[str, list[str]]
    redactions: Mapping[str, int]


def newest(lines: Iterable[bytes], most_bytes: int) -> tuple[deque[bytes], int]:
    """Return the last lines of so many bytes, unread, and how many came before them.

    Of a line that is too long for a record one byte stands for it, which is none either.
    """
    kept: deque[bytes] = deque()
    size = earlier = 0
    for line in lines:
        if line.isspace() or not line:
            continue
        kept.append(line if len(line) <= LONGEST_LINE_BYTES else line[:1])
        size += len(kept[-1])
        while size > most_bytes:
            size -= len(kept.popleft())
            earlier += 1
    return kept, earlier


def chosen(
    window: deque[bytes], groups: Collection[str], most_bytes: int
) -> tuple[deque[Line], int, int]:
    """Return the last records of so many bytes without the texts of these groups.

    Args:
        window: Lines; emptied from its end.
        groups: Of ``groups.GROUPS``, those that may not leave.
        most_bytes: Of the lines as they are then.

    Returns:
        The lines, the oldest first; how many lines among them were no record; how many came
        before.
    """
    kept: deque[Line] = deque()
    size = no_record = 0
    while window:
        line = _choose(window.pop(), groups)
        if line is None:
            no_record += 1
            continue
        size += len(line.data)
        if size > most_bytes:
            return kept, no_record, len(window) + 1
        kept.appendleft(line)
    return kept, no_record, 0


def _choose(raw: bytes, groups: Collection[str]) -> Line | None:
    record = parse_line(raw, _NOWHERE, 0)
    if record.problem or not _is_ours(record):
        return None
    try:
        left, gone = without(record, groups)
        return Line(_line(left), gone, {})
    except Exception:  # nested deeper than anybody writes it
        return None


def _is_ours(record: Mapping[str, object]) -> bool:
    """Tell whether what no redactor looks at has its form, so that nothing hides in it."""
    return (
        _IDS.fullmatch(str(record["session"])) is not None
        and _IDS.fullmatch(str(record["proc"])) is not None
        and _MOMENT.fullmatch(str(record["ts"])) is not None
        and record["level"] in KNOWN
        and 0 <= int(str(record["seq"])) < 1 << 63
    )


def _line(record: Mapping[str, object]) -> bytes:
    # A copy: what orjson gives keeps its buffer of 4 KiB, and many lines are kept.
    return bytes(memoryview(strict.escaped(strict.dumps(record, None, strict.LINE))))


class Redaction:
    """Passes chosen lines through a redactor.

    Args:
        redactor: One for one bundle.
        names: Texts to be left out wherever a record quotes them.

    Threads: one at a time.
    """

    def __init__(self, redactor: Redacts, names: Collection[str] = ()) -> None:
        self._redactor = redactor
        self._names = names
        self._needles = [strict.escaped(strict.dumps(name))[1:-1] for name in names]
        self._clean = set(NAMES)

    def line(self, line: Line) -> Line | None:
        """Return the line redacted, or None where the redactor fails. Never raises."""
        try:
            before = dict(self._redactor.counts)
            record: dict[str, object] = orjson.loads(line.data)
            if any(needle in line.data for needle in self._needles):
                record = unnamed(record, self._names)
            found = mapped(self._redactor.record(record), str, self._name)
            data = _line(found)  # type: ignore[arg-type]
            return replace(line, data=data, redactions=counted_since(before, self._redactor))
        except Exception:  # what is not redacted does not leave
            return None

    def _name(self, name: str) -> str:
        """Return a field's name redacted; a name that is clean is not looked at twice."""
        if name in self._clean:
            return name
        new = self._redactor.text(name)
        is_short = len(name) <= _LONGEST_CLEAN_NAME
        if new == name and is_short and len(self._clean) < _MOST_CLEAN_NAMES:
            self._clean.add(name)
        return new


def redacted(
    records: Iterable[Mapping[str, object]], redactor: Redacts
) -> Iterator[dict[str, object] | None]:
    """Yield each record as a bundle would have it; None for one that would not leave in one.

    Never raises because of a record.
    """
    redaction = Redaction(redactor)
    for record in records:
        try:
            chosen_line = _choose(_line(dict(record)), ())
        except Exception:  # nested deeper than anybody writes it
            chosen_line = None
        line = redaction.line(chosen_line) if chosen_line else None
        yield orjson.loads(line.data) if line else None


def names_left_out(lines: Iterable[Line]) -> set[str]:
    """Return the file names that lines have no more, of the last ones at most 200."""
    names: set[str] = set()
    for line in lines:
        for name in line.left_out.get("filenames", ()):
            if len(name) >= _SHORTEST_NAME and len(names) < MOST_NAMES:
                names.add(name)
    return names
