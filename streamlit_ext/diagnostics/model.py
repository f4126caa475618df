"""Rows and numbers of the Diagnostics page; draws nothing."""

from __future__ import annotations

import datetime
import json
import os
import stat
import threading
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from datatools_audit import Record, audit_log_path, flush_audit_log
from datatools_audit.reading.reader import read_events
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from datatools_audit import AuditStats
    from datatools_audit.context import Session

T = TypeVar("T")

KEPT_RECORDS = 20_000
SHOWN_ROWS = 1_000
READ_SECONDS = 10.0
HAND_OVER_FLUSH_SECONDS = 5.0
LEVELS = ("debug", "info", "warning", "error", "critical")
_HEAD = frozenset({"ts", "level", "category", "session", "message", "proc", "seq", "page"})
_LONG = frozenset({"phase", "action_id", "parent_id", "exc_type", "exc_message", "traceback"})


class LogUnavailableError(Exception):
    """The log cannot be read now; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class LogView:
    """Today's log as one visitor may see it.

    Attributes:
        records: The newest ones, newest first, at most ``KEPT_RECORDS``.
        events: How many there are.
        errors: How many of them are errors or worse.
        problems: Lines that are no record.
        other_apps: Names of other apps that write to the same folder, left out here.
        size_bytes: The whole file's size.
    """

    records: tuple[Record, ...]
    events: int
    errors: int
    problems: int
    other_apps: tuple[str, ...]
    size_bytes: int

    def categories(self) -> list[str]:
        """Return the categories that occur, the most frequent first."""
        return [
            name for name, _ in Counter(_text(r, "category") for r in self.records).most_common()
        ]


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the log in one word and one sentence.

    Attributes:
        state: ``healthy``, ``degraded`` or ``off``.
        sentence: What it means and what to do.
    """

    state: str
    sentence: str


def health(stats: AuditStats, *, sees_all: bool = True) -> Health:
    """Return the recorder's state as a person reads it.

    Args:
        stats: The recorder's counters.
        sees_all: Whether the person may know how many records of everybody were lost.
    """
    if not (stats.enabled and recorder.records("no-events")):
        return Health("off", "Recording is switched off, so nothing new appears here.")
    if stats.failing_since is not None:
        return Health(
            "degraded",
            "The log cannot be written now. What happens is kept in memory and written when "
            "the disk is back. Check that the disk has space and the folder may be written.",
        )
    if stats.dropped:
        return Health(
            "degraded",
            f"{stats.dropped if sees_all else 'Some'} records were lost, because the log could "
            "not keep up or could not be written. The log itself says which are missing.",
        )
    return Health("healthy", "What happens in the app is being recorded.")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do work that touches the disk on a thread of its own, and wait so long for it.

    The page then says that the folder does not answer, instead of hanging with it.

    Raises:
        LogUnavailableError: Time was up, or the disk or the log refused.
    """
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="datatools-audit-reader", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise LogUnavailableError(f"The log cannot be read: {errors[0]}") from errors[0]
    if not results:
        raise LogUnavailableError(
            f"The log's folder has not answered for {seconds:.0f} seconds. "
            "If it lies on a network drive, check the connection; then reload the page."
        )
    return results[0]


def read_today(session_id: str | None, *, every_app: bool = False) -> LogView:
    """Read today's log; what was logged a moment ago is in it.

    Args:
        session_id: Whose records; None for everybody's.
        every_app: Whether other apps that share the folder are in it too.

    Raises:
        LogUnavailableError: See ``within``.
    """
    flush_audit_log(1.0)
    path = audit_log_path()
    return within(READ_SECONDS, lambda: _view(path, session_id, every_app=every_app))


def _view(path: Path, session_id: str | None, *, every_app: bool) -> LogView:
    if not _is_there(path):
        return LogView((), 0, 0, 0, (), 0)
    records = read_events(path) if session_id is None else session_records(path, session_id)
    kept: deque[Record] = deque(maxlen=KEPT_RECORDS)
    counts: defaultdict[object, Counter[str]] = defaultdict(Counter)
    foreign: dict[object, str] = {}
    for record in records:
        kept.append(record)
        count = counts[record.get("proc")]
        count["problems" if record.problem else "events"] += 1
        count["errors"] += record.get("level") in ("error", "critical")
        if session_id is None and (app := foreign_app(record)):
            foreign[record.get("proc")] = app
    left_out = {} if every_app else foreign
    total: Counter[str] = Counter()
    for proc, count in counts.items():
        if proc not in left_out:
            total.update(count)
    return LogView(
        tuple(r for r in reversed(kept) if r.get("proc") not in left_out),
        total["events"],
        total["errors"],
        total["problems"],
        tuple(sorted(set(left_out.values()))),
        path.stat().st_size,
    )


def _is_there(path: Path) -> bool:
    """Tell whether there is a log; what stands in its place and is none is not read."""
    if not os.path.lexists(path):
        return False
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("in its place is something that is no plain file")
    return True


def session_records(path: Path, session_id: str) -> Iterator[Record]:
    """Return the whole records of one session; what only quotes its id is none of them.

    Raises:
        ReadError: See ``read_events``.
    """
    needle = f'"session":"{session_id}"'.encode()
    for record in read_events(path, containing=needle):
        if record.problem is None and record.get("session") == session_id:
            yield record


def foreign_app(record: Record) -> str | None:
    """Return the other app's name if the record is a banner of another app's process."""
    app, is_banner = record.get("app"), record.get("category") == "session"
    ours = app == recorder.app[0] or record.get("proc") == recorder.proc
    return app if is_banner and isinstance(app, str) and not ours else None


def matching(
    records: Iterable[Record], levels: Iterable[str], categories: Iterable[str], search: str
) -> list[Record]:
    """Return the records that pass the filters; an empty filter lets all pass.

    Those of level debug, such as each run's start and end, only where somebody asks for them
    by level or category.

    Args:
        records: Any.
        levels: The levels wanted.
        categories: The categories wanted.
        search: A text that has to be in the record, however written in capitals.
    """
    wanted_levels, wanted_categories, text = set(levels), set(categories), search.casefold()
    hidden = None if wanted_levels or wanted_categories else "debug"
    return [
        r
        for r in records
        if r.get("level") != hidden
        and (not wanted_levels or r.get("level") in wanted_levels)
        and (not wanted_categories or r.get("category") in wanted_categories)
        and (not text or text in full_text(r).casefold())
    ]


def full_text(record: Record) -> str:
    """Return everything in a record as one text."""
    return json.dumps(dict(record), ensure_ascii=False)


def row(record: Record, *, with_session: bool) -> dict[str, str]:
    """Return a record as a row of the table: texts only, so that nothing in it acts."""
    cells = {
        "Time": local_time(_text(record, "ts")),
        "Level": _text(record, "level"),
        "Category": _text(record, "category"),
        "Page": _text(record, "page"),
        "Message": _text(record, "message"),
        "Details": details(record),
    }
    return cells | {"Session": _text(record, "session")} if with_session else cells


def details(record: Record) -> str:
    """Return the extras in short, without what the message says or the whole record shows."""
    rest = {k: v for k, v in record.items() if k not in _HEAD | _LONG}
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in rest.items()
    )


def local_time(ts: str) -> str:
    """Return the clock time of a ``ts`` in the server's own zone, or the text itself."""
    try:
        return datetime.datetime.fromisoformat(ts).astimezone().strftime("%H:%M:%S.%f")[:-3]
    except (ValueError, OverflowError):
        return ts


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)


def extract_name(session: Session | None) -> str:
    """Return the file name of a hand-over: the log's own, or that of a session's extract."""
    path = audit_log_path()
    return path.name if session is None else f"{path.stem}.extract-{session.id}.jsonl"


def hand_over(session: Session | None, asking: Session) -> bytes:
    """Record that the log is handed over, and return its bytes as they are then.

    Args:
        session: Whose lines; None for the whole file.
        asking: Whose session the record of it belongs to.

    Raises:
        LogUnavailableError: See ``within``.

    Threads: any; needs no script context.
    """
    record_hand_over(session, asking)
    return log_bytes(session)


def record_hand_over(session: Session | None, asking: Session) -> None:
    """Record that the log, or a session's extract of it, was handed over."""
    scope = "all" if session is None else "session"
    fields = {"scope": scope, "filename": extract_name(session)}
    if recorder.records("no-events"):
        recorder.emit("info", "download", "Handed over today's log", fields, {}, asking)


def log_bytes(session: Session | None) -> bytes:
    """Return the file's bytes, or the session's own lines out of it, byte for byte.

    Raises:
        LogUnavailableError: See ``within``.
    """
    flush_audit_log(HAND_OVER_FLUSH_SECONDS)
    path = audit_log_path()
    return within(READ_SECONDS * 6, lambda: _bytes(path, session))


def _bytes(path: Path, session: Session | None) -> bytes:
    if not _is_there(path):
        return b""
    if session is None:
        return path.read_bytes()
    return b"".join(record.raw for record in session_records(path, session.id))
