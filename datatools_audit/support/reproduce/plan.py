"""The records of a session → the steps of a test, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from datatools_audit.reading.index import zone_of
from datatools_audit.reading.ordering import app_of, moment_of, names_app, ordered, text
from datatools_audit.support.reproduce import deeds
from datatools_audit.support.reproduce.ending import ending
from datatools_audit.support.reproduce.held import Held
from datatools_audit.support.reproduce.steps import Miss, Open, Plan, Rerun, Say, Upload

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from datatools_audit.support.reproduce.steps import File, Step

    Record = Mapping[str, object]

_ONE_RUN_SECONDS = 0.05
_ENDED = frozenset({"ok", "error"})


def plan(records: Iterable[Record], session: str, code: str = "") -> Plan:
    """Return what a test has to do so that it happens again.

    A pure function of the records.

    Args:
        records: All of the session, in any order.
        session: Its id.
        code: The support code that the test leads to; the newest error without one.

    Raises:
        ReadError: See ``ending``.
    """
    told = ordered(records)
    at, end = ending(told, code)
    led = told[: at + 1]
    told_runs = any(record.get("category") == "run" for record in led)
    teller = _Teller(has_runs=told_runs)
    for record in led:
        teller.hear(record)
    for record in told[at + 1 :]:  # a fingerprint may come behind the error
        teller.held.note(record)
    teller.close()
    banner: Record = next(filter(names_app, told), {})
    return Plan(session, *_told_by(banner), tuple(teller.told()), end)


def _told_by(banner: Record) -> tuple[str, str, datetime.tzinfo, tuple[tuple[str, str], ...]]:
    app = app_of(banner)
    known = {"Streamlit": text(banner, "streamlit"), "Python": text(banner, "python")}
    browser = {
        "locale": text(banner, "locale"),
        "timezone": text(banner, "browser_timezone"),
        "theme": text(banner, "theme") if banner.get("theme") in ("light", "dark") else "",
    }
    versions = ", ".join(f"{name} {value}" for name, value in known.items() if value)
    asked = tuple((name, value) for name, value in browser.items() if value)
    return app, versions, zone_of(text(banner, "timezone")), asked


@dataclass
class _Teller:
    """Hears records in their order and keeps the steps.

    Attributes:
        has_runs: Whether the runs of the script are on record; else what lies close is one run.
        held: The files that the widgets have.
    """

    has_runs: bool
    held: Held = field(default_factory=Held)
    _steps: list[Step] = field(default_factory=list)
    _pending: list[Step] = field(default_factory=list)
    _first: str = ""
    _began: str = ""
    _is_fragment: bool = False
    _is_open: bool = False
    _is_bare: bool = False
    _is_after_end: bool = False
    _is_on_page: bool = False

    def hear(self, record: Record) -> None:
        """Take a record into account."""
        category, ts = text(record, "category"), text(record, "ts")
        if category == "run":
            self._hear_run(record, ts)
        elif category == "nav":
            self._open(ts, text(record, "page"), text(record, "title"))
        elif category in ("widget", "download") and "kind" in record:
            self._hear_deed(record, ts)
        else:
            self.held.note(record)

    def close(self) -> None:
        """The run that was on has all its steps."""
        if self._pending:
            self._steps += self._pending
            self._steps.append(Rerun(self._pending[-1].ts, self._is_fragment))
        elif self._is_bare:
            self._steps += [] if self._steps else [Open(self._first)]
            self._steps.append(Rerun(self._began, is_bare=True))
        self._pending, self._is_bare = [], False

    def told(self) -> list[Step]:
        """Return the steps with what has become known of the files since."""
        found: list[Step] = self._steps if self._steps else [Open(self._first)]
        return [
            replace(step, files=tuple(map(self.held.known, step.files)))
            if isinstance(step, Upload | Say)
            else step
            for step in found
        ]

    def _hear_run(self, record: Record, ts: str) -> None:
        if record.get("phase") == "start":
            self.close()
            self._is_fragment = "fragments" in record
            is_first = not self._steps and not self._began
            self._is_bare = self._is_after_end and not self._is_fragment and not is_first
            self._began, self._is_open, self._is_after_end = ts, True, False
            self._first = self._first or ts
            self._is_on_page = False
        elif record.get("phase") == "end":
            self._is_open = False
            self._is_after_end = record.get("outcome") in _ENDED

    def _open(self, ts: str, page: str, title: str) -> None:
        if self._is_on_page:  # the author's name of the page that Streamlit has just named
            return
        if self._pending:
            self.close()
        self._steps.append(Open(ts, page, title))
        self._is_on_page, self._is_bare = self.has_runs, False

    def _hear_deed(self, record: Record, ts: str) -> None:
        if not self._steps:
            self._steps.append(Open(self._first or ts))
        if not self.has_runs and self._pending and _apart(self._pending[-1].ts, ts):
            self.close()
        is_idle = self.has_runs and not self._is_open
        if record.get("category") == "download" and is_idle:
            name = text(record, "filename") or text(record, "label")
            self._steps.append(Miss(ts, f"downloaded {name}", "its button does not run the app"))
            return
        self._is_bare = False
        step = deeds.step_of(record, ts)
        if isinstance(step, Upload | Say):
            self.held.use(step.widget, record, self._set_files)
        (self._steps if isinstance(step, Miss) else self._pending).append(step)

    def _set_files(self, files: tuple[File, ...]) -> None:
        """Give the newest step that takes files those that it has now."""
        for place in reversed(range(len(self._pending))):
            step = self._pending[place]
            if isinstance(step, Upload | Say):
                self._pending[place] = replace(step, files=files)
                return


def _apart(one: str, other: str) -> bool:
    before, now = moment_of(one), moment_of(other)
    return before is None or now is None or now - before > _ONE_RUN_SECONDS
