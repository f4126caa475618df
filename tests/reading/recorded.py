"""Records as the project makes them, in short, and what is told of them."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.steps import Step, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BEGAN = datetime.datetime(2026, 5, 19, 14, 2, 11, tzinfo=datetime.UTC)

Record = dict[str, object]


class Recording:
    """Makes the records of one process, a second after each other unless told otherwise."""

    def __init__(self, proc: str = "9f3e12ab", began_seconds: float = 0.0) -> None:
        self.proc = proc
        self.seconds = began_seconds
        self._seq = itertools.count(1)

    def __call__(
        self, category: str, message: str = "", *, after_seconds: float = 1.0, **fields: object
    ) -> Record:
        """Return the next record; fields take the place of those that all records have."""
        self.seconds += after_seconds
        ts = (_BEGAN + datetime.timedelta(seconds=self.seconds)).isoformat(timespec="milliseconds")
        head = {"ts": ts, "level": "info", "category": category, "session": "a1b2c3d4"}
        return {**head, "message": message, "proc": self.proc, "seq": next(self._seq), **fields}

    def click(self, label: str, **more: Any) -> Record:
        fields = {"kind": "button", "label": label, "key": None, **more}
        return self("widget", f"Clicked {label}", **fields)

    def change(self, label: str, old: object, new: object, **more: Any) -> Record:
        fields = {"kind": "slider", "label": label, "key": None, "old": old, "new": new, **more}
        return self("widget", f"Changed {label}", **fields)

    def start(self, name: str, parent: str | None = None, **extra: Any) -> Record:
        fields = {"phase": "start", "action_id": f"id {name}", "parent_id": parent, **extra}
        return self(name, f"{name} started", **fields)

    def end(self, name: str, outcome: str = "ok", **extra: Any) -> Record:
        fields = {"phase": "end", "action_id": f"id {name}", "parent_id": None, "outcome": outcome}
        raised = {"exc_type": "ValueError", "exc_message": "no"} if outcome == "error" else {}
        fields |= {"duration_ms": 2100.4, **raised, **extra}
        return self(name, f"{name} finished", **fields)

    def error(self, text: str = "no", **more: Any) -> Record:
        fields = {"exc_type": "ValueError", "exc_message": text, "traceback": TRACEBACK, **more}
        message = f"Uncaught in analyze: ValueError: {text}"
        return self("error", message, **{"level": "error", **fields})

    def run_start(self, run_id: str, **more: Any) -> Record:
        return self("run", "Run started", level="debug", phase="start", run_id=run_id, **more)

    def run_end(self, run_id: str, outcome: str = "ok", level: str = "debug") -> Record:
        fields = {"phase": "end", "run_id": run_id, "outcome": outcome, "duration_ms": 45_000.0}
        return self("run", f"Run ended: {outcome}", level=level, **fields)


TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "pages/analyze.py", line 12, in analyze\n'
    "  [2 library frames]\n"
    '  File "pages/analyze.py", line 41, in _run\n'
    "  [1 library frame]\n"
    "ValueError: no"
)


def lines(told: Iterable[Step]) -> list[str]:
    """Return the steps as a list to be read, inner ones indented."""
    return ["  " * step.depth + step.text for step in told]


def told(*records: Mapping[str, object], **more: Any) -> list[str]:
    """Return the same of the steps of records."""
    return lines(steps(records, **more))
