"""The events of a capture, and what a test can say of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, overload

from datatools_audit.reading.reader import Record, parse_line
from datatools_audit.testing.matching import differences, refuse_unknown_level
from datatools_audit.testing.telling import count_is_wrong, listed

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDING_IS_OFF = "recording is off"
"""Why nothing can have been recorded."""

_SOURCE = Path("captured")
__unittest = True  # has unittest end a traceback in the test, as `__tracebackhide__` does pytest


class CapturedEvents(Sequence[Record]):
    """The records of a capture in the order in which they were recorded, growing while it lasts.

    Each is what ``read_events`` would give of the file: a mapping of the record's fields, with
    the line itself as ``raw``. Every question may name fields, and means the events that have
    them all::

        events.one(category="upload", filename="a.csv")
        events.none(level={"error", "critical"})
        events.some(category="widget", message=re.compile("^Country"))

    A value is compared with what a record makes of it, so a path or a date may be asked for. A
    compiled pattern is searched for, a set names several values, a callable decides, and
    ``...`` means that the field is there. A ``level`` that no record can have is a ``ValueError``.

    Threads: any.
    """

    def __init__(self, lines: list[bytes], why_nothing: Callable[[], str] = lambda: "") -> None:
        self._lines = lines
        self._records: list[Record] = []
        self._reading = threading.Lock()
        self._begin = 0
        self._why_nothing = why_nothing

    def matching(self, /, **fields: object) -> list[Record]:
        """Return the events that have these fields."""
        records = self._all()
        return [records[place] for place in self._places(records, fields)]

    def one(self, /, **fields: object) -> Record:
        """Return the one event that has these fields.

        Raises:
            AssertionError: There is none, or there are several.
        """
        __tracebackhide__ = True
        records = self._all()
        places = self._places(records, fields)
        if len(places) != 1:
            self._fail("one", fields, places, records)
        return records[places[0]]

    def some(self, /, **fields: object) -> list[Record]:
        """Return the events that have these fields, at least one.

        Raises:
            AssertionError: There is none.
        """
        __tracebackhide__ = True
        records = self._all()
        places = self._places(records, fields)
        if not places:
            self._fail("at least one", fields, places, records)
        return [records[place] for place in places]

    def none(self, /, **fields: object) -> None:
        """Check that no event has these fields.

        Raises:
            AssertionError: There is one, or nothing could be recorded at all.
        """
        __tracebackhide__ = True
        records = self._all()
        places = self._places(records, fields)
        if places or (not records and self._why_nothing() == RECORDING_IS_OFF):
            self._fail("none", fields, places, records)

    def messages(self, category: object = ..., /, **fields: object) -> list[str]:
        """Return the messages of a category's events, of all where none is given."""
        found = self.matching(category=category, **fields)
        return [str(record["message"]) for record in found]

    def steps(self) -> list[str]:
        """Return what happened, step by step, in plain words as on the Diagnostics page."""
        from datatools_audit.reading.steps import steps

        records = self._all()
        alive = {str(record.get("proc")) for record in records}
        return [step.text for step in steps(records, alive=alive)]

    def clear(self) -> None:
        """Forget what was recorded so far: the next questions are about what comes."""
        self._begin = len(self._all()) + self._begin

    def _all(self) -> list[Record]:
        with self._reading:
            for line in self._lines[len(self._records) :]:
                self._records.append(parse_line(line, _SOURCE, 0))
            return self._records[self._begin :]

    @staticmethod
    def _places(records: list[Record], fields: dict[str, object]) -> list[int]:
        refuse_unknown_level(fields.get("level"))
        return [n for n, record in enumerate(records) if not differences(record, fields)]

    def _fail(
        self, wanted: str, fields: dict[str, object], places: list[int], records: list[Record]
    ) -> NoReturn:
        __tracebackhide__ = True
        raise AssertionError(count_is_wrong(wanted, fields, places, records, self._why_nothing()))

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        return self._all()[index]

    def __str__(self) -> str:
        return listed(self._all()) or "nothing was recorded"

    def __repr__(self) -> str:
        return f"<CapturedEvents: {len(self)}>"
