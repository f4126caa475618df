"""The engine behind the Diagnostics page and the command: a folder's logs, asked in SQL.

DuckDB holds the lines in memory. A file is read once, and then only what was appended.
"""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
import threading
import weakref
from collections import Counter, OrderedDict, defaultdict
from typing import TYPE_CHECKING, Any

from datatools_audit.errors import ReadError
from datatools_audit.reading.loading import TABLE, Loader
from datatools_audit.reading.query import (
    ERRORS,
    Bar,
    ErrorGroup,
    Filter,
    SessionSummary,
    Totals,
    where,
)
from datatools_audit.reading.reader import Record, parse_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_LOG = re.compile(r"datatools-(\d{4}-\d{2}-\d{2})\.jsonl(\.gz)?")
_FRAME = re.compile(r'File "([^"]*)", line \d+, in (\S+)')
_COLUMNS = {"level", "category", "session", "page"}
_ORDERS = {"ts", "level", "category", "session", "page", "message"}
_MOST_CHOICES = 1_000
_MOST_ERRORS = 5_000
_MOST_CODES = 5
_FETCHED = 10_000
_MOST_ANSWERS = 64
_MOST_KEPT_ROWS = 5_000
_SOUND = "problem is null and json_valid(raw)"
# Of an upload the name follows; of what has a few forms only, the form without its numbers.
_FIRST_WORDS = (
    "case when category = 'run' then left(message, 9) "
    "when category in ('session', 'download', 'audit') "
    "then regexp_replace(left(message, 40), '[0-9a-f.]{3,}|[0-9]+', '#', 'g') "
    "else split_part(message, ' ', 1) end"
)
_APP = "json_extract_string(raw, '$.app')"
_BANNERS = f"""
select proc, session, {_APP}, json_extract_string(raw, '$.version') from events
where category = 'session' and {_SOUND} and {_APP} is not null
order by ts
"""  # noqa: S608 -- made of constants


class Store:
    """The logs of a folder.

    Args:
        folder: Where they lie.
        memory_limit_mb: What DuckDB may use, megabytes; beyond it a temporary folder serves.

    Raises:
        ReadError: By each question, where a log cannot be read or does not fit.

    Threads: any; who comes while another refreshes waits for the same.
    """

    def __init__(self, folder: Path, memory_limit_mb: int = 512) -> None:
        self.folder = folder
        self._memory_limit_mb = memory_limit_mb
        self._lock = threading.Lock()
        self._loaders: dict[str, Loader] = {}
        self._files: list[Path] = []
        self._connection: Any = None
        self._state = 0
        self._answers: OrderedDict[object, list[Any]] = OrderedDict()

    def days(self) -> list[str]:
        """Return the local dates of the logs that are kept, the newest first."""
        return sorted({day for day, _ in self._logs().values()}, reverse=True)

    def refresh(self, days: Collection[str] = ()) -> None:
        """Read what is new of these days, or of all that are kept."""
        with self._lock:
            logs = self._logs()
            cursor = self.cursor()
            gone = set(self._loaders) - set(logs)
            for name in gone:
                self._loaders.pop(name).forget(cursor)
            wanted = [log for log in sorted(logs.items()) if not days or log[1][0] in days]
            changed = [self._load(cursor, name, *log) for name, log in wanted]
            if gone or any(changed):
                self._state += 1
                self._answers.clear()

    def apps(self) -> dict[str, str]:
        """Return the app's name of each process that has told it."""
        return {proc: app for proc, _, app, _ in self.ask(_BANNERS)}

    def view(
        self, sessions: Collection[str] | None, *, without_procs: Collection[str] = ()
    ) -> View:
        """Return what may be asked by whom these sessions belong to; of None, everybody's."""
        scope = None if sessions is None else frozenset(sessions)
        return View(self, scope, frozenset(without_procs))

    def ask(self, sql: str, values: Collection[object] = ()) -> list[Any]:
        """Return the rows that a query finds; asked again of the same log, from memory."""
        import duckdb

        asked = self._state, sql, repr(values)
        rows: list[Any] | None = self._answers.get(asked)
        if rows is None:
            try:
                rows = self.cursor().execute(sql, list(values)).fetchall()
            except duckdb.Error as error:
                raise _told(error) from error
            if asked[0] == self._state and len(rows) <= _MOST_KEPT_ROWS:
                self._answers[asked] = rows
                while len(self._answers) > _MOST_ANSWERS:
                    self._answers.popitem(last=False)
        return rows

    def cursor(self) -> Any:
        """Return a way to DuckDB of the caller's own."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection.cursor()

    def path_of(self, file: int) -> Path:
        """Return the path of a file by its number in the table."""
        return self._files[file]

    def _connect(self) -> Any:
        import duckdb

        spill = tempfile.mkdtemp(prefix="datatools-audit-")  # for this user only
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": 2,
                "memory_limit": f"{self._memory_limit_mb}MB",
                "temp_directory": spill,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        connection.execute("set allowed_directories = ?", [[str(self.folder)]])
        connection.execute("set enable_external_access = false")
        connection.execute(TABLE)
        weakref.finalize(self, shutil.rmtree, spill, ignore_errors=True)
        return connection

    def _logs(self) -> dict[str, tuple[str, Path]]:
        """Return the logs by their name: plain files only, whatever else has such a name."""
        found: dict[str, tuple[str, Path]] = {}
        try:
            paths = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return found
        except OSError as error:
            raise ReadError(f"{self.folder} cannot be read: {error}") from error
        for path in paths:
            named = _LOG.fullmatch(path.name)
            if named and path.is_file() and not path.is_symlink():
                found[path.name] = named[1], path
        return found

    def _load(self, cursor: Any, name: str, day: str, path: Path) -> bool:
        import duckdb

        loader = self._loaders.get(name)
        if loader is None:
            self._files.append(path)
            loader = self._loaders[name] = Loader(len(self._files) - 1, day, path)
        try:
            cursor.execute("begin")
            has_changed = loader.load(cursor)
            cursor.execute("commit")
        except Exception as error:
            cursor.execute("rollback")
            del self._loaders[name]  # read anew next time, under another number
            cursor.execute("delete from events where file = ?", [loader.file])
            if isinstance(error, duckdb.Error):
                raise _told(error) from error
            if isinstance(error, OSError):
                raise ReadError(f"{path.name} cannot be read: {error}") from error
            raise
        return has_changed


def _told(error: Exception) -> ReadError:
    said = str(error).partition("\n")[0]
    if "memory" in said.lower():
        return ReadError(
            "The log is too big to be looked at here; choose a single day, or download it"
        )
    return ReadError(f"The log cannot be asked: {said}")


class View:
    """What one visitor may ask. Every question carries the scope.

    Args:
        store: Whose logs.
        sessions: The only sessions whose records it has; None for everybody's.
        without_procs: Processes that are left out.

    Threads: any.
    """

    def __init__(
        self, store: Store, sessions: frozenset[str] | None, without_procs: frozenset[str]
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._without_procs = without_procs

    def totals(self, asked: Filter) -> Totals:
        """Return how many there are."""
        select = (
            "count(*) filter (problem is null), "
            f"count(*) filter (level in {ERRORS}), count(*) filter (problem is not null)"
        )
        return Totals(*self._ask(select, asked)[0])

    def rows(
        self,
        asked: Filter,
        *,
        order_by: str = "ts",
        descending: bool = True,
        limit: int = 1_000,
        offset: int = 0,
    ) -> list[Record]:
        """Return records in an order: by ``ts``, level, category, session, page or message.

        Raises:
            ValueError: It is no such order.
        """
        if order_by not in _ORDERS:
            raise ValueError(f"no order: {order_by!r}")
        way = "desc" if descending else "asc"
        names = [order_by] if order_by == "ts" else [order_by, "ts"]
        order = ", ".join(f"{name} {way} nulls last" for name in (*names, "seq", "rowid"))
        found = self._ask(
            "rowid, file, place, raw, broken, session",
            asked,
            f"order by {order} limit {int(limit)} offset {int(offset)}",
        )
        places = self._places(found)
        return [
            record
            for rowid, file, at, raw, broken, _ in found
            if self._has(record := self._record(file, places.get(rowid, at), raw, broken))
        ]

    def records(self, asked: Filter) -> Iterator[Record]:
        """Stream records in the order of ``ts``, process and ``seq``."""
        for rows in self._stream(
            "file, place, raw, broken", asked, "order by ts nulls last, proc, seq, rowid"
        ):
            for file, at, raw, broken in rows:
                record = self._record(file, at, raw, broken)
                if self._has(record):
                    yield record

    def lines(self, asked: Filter) -> Iterator[bytes]:
        """Stream the whole lines byte for byte, in the order of the files."""
        for rows in self._stream(
            "file, place, raw, broken, problem", asked, "order by file, rowid"
        ):
            for file, at, raw, broken, problem in rows:
                line = broken if broken is not None else raw.encode() + b"\n"
                if problem is None and (
                    self._sessions is None or self._has(self._record(file, at, raw, broken))
                ):
                    yield bytes(line)

    def histogram(self, asked: Filter, *, bins: int = 96) -> list[Bar]:
        """Return how many there are by level in equal parts of the time."""
        ((first, last),) = self._ask("min(ts), max(ts)", asked)
        begin, end = _seconds(first), _seconds(last)
        if begin is None or end is None:
            return []
        length = 13 if end - begin > 3 * 86_400 else 16 if end - begin > 7_200 else 19
        found = self._ask(f"ts[1:{length}], level, count(*)", asked, "group by all")
        rest = "0000-01-01T00:00:00"[length:]
        width = max((end - begin) / bins, 1.0)
        counts: Counter[tuple[int, str]] = Counter()
        for moment, level, count in found:
            seconds = _seconds(f"{moment}{rest}+00:00" if moment else None)
            if seconds is not None:
                counts[int(max(0.0, seconds - begin) // width), level or ""] += count
        return [
            Bar(_ts(begin + number * width), level, count)
            for (number, level), count in sorted(counts.items())
        ]

    def choices(self, asked: Filter, column: str) -> list[tuple[str, int]]:
        """Return the values of a column with how often they occur, the most frequent first.

        Raises:
            ValueError: It is not level, category, session or page.
        """
        if column not in _COLUMNS:
            raise ValueError(f"no column to choose from: {column!r}")
        return self._ask(
            f"{column}, count(*) as n",
            asked,
            f"group by all order by n desc, {column} limit {_MOST_CHOICES}",
            also=f"{column} is not null",
        )

    def groups(self, asked: Filter) -> list[ErrorGroup]:
        """Return the errors by type and place in the app, the most frequent first."""
        parts = ("$.exc_type", "$.traceback")
        kind, trace = (f"json_extract_string(raw, '{part}')" for part in parts)
        found = self._ask(
            f"{kind}, {trace}, count(*), min(ts), max(ts), list(distinct session), "
            "list(code order by ts desc) filter (code is not null), arg_max(message, ts), "
            "list(distinct proc)",
            asked,
            f"group by {kind}, {trace} order by count(*) desc limit {_MOST_ERRORS}",
            also=f"level in {ERRORS} and {_SOUND} and {kind} is not null",
        )
        merged: defaultdict[tuple[str, tuple[str, ...]], list[Any]] = defaultdict(list)
        for row in found:
            merged[row[0], frames_of(row[1] or "")].append(row[2:])
        versions = {proc: v for proc, _, _, v in self._store.ask(_BANNERS) if v} if found else {}
        groups = [_group(*key, rows, versions) for key, rows in merged.items()]
        return sorted(groups, key=lambda group: (-group.count, group.exc_type))

    def sessions(self, asked: Filter) -> list[SessionSummary]:
        """Return the sessions, the newest first; at most 1,000."""
        found = self._ask(
            f"session, min(ts), max(ts), count(*), count(*) filter (level in {ERRORS})",
            asked,
            f"group by session order by max(ts) desc limit {_MOST_CHOICES}",
            also="problem is null and session is not null",
        )
        apps = {session: (app, v) for _, session, app, v in self._store.ask(_BANNERS)}
        users = {session: user for user, session in self._signed_in()}
        summaries = []
        for session, first, last, events, errors in found:
            app, version = apps.get(session, (None, None))
            user = users.get(session)
            summaries.append(
                SessionSummary(session, first, last, events, errors, app, version, user)
            )
        return summaries

    def sessions_of_user(self, user: str) -> list[str]:
        """Return the sessions in which that pseudonym has signed in."""
        return sorted({session for name, session in self._signed_in() if name == user})

    def kinds(self, asked: Filter) -> list[tuple[Record, int]]:
        """Return an example of each kind of record with a count; a kind may come several times.

        What a kind is told by is in its category, its first words, and its phase.
        """
        found = self._ask(
            "any_value(file), any_value(place), any_value(raw), count(*)",
            asked,
            f'group by category, {_FIRST_WORDS}, contains(raw, \'"phase":"start"\'), '
            "level = 'critical' limit 5000",
            also="problem is null",
        )
        return [(self._record(file, at, raw, None), count) for file, at, raw, count in found]

    def _signed_in(self) -> list[tuple[str, str]]:
        return self._ask(
            "json_extract_string(raw, '$.user'), session",
            Filter(categories=("session",)),
            also=f"{_SOUND} and starts_with(message, 'Signed in as ')",
        )

    def _ask(self, select: str, asked: Filter, rest: str = "", also: str = "true") -> list[Any]:
        condition, values = where(asked, self._sessions, self._without_procs)
        return self._store.ask(
            f"select {select} from events where {condition} and {also} {rest}",  # noqa: S608
            values,
        )

    def _stream(self, select: str, asked: Filter, rest: str) -> Iterator[list[Any]]:
        condition, values = where(asked, self._sessions, self._without_procs)
        cursor = self._store.cursor()
        cursor.execute(f"select {select} from events where {condition} {rest}", values)  # noqa: S608
        while rows := cursor.fetchmany(_FETCHED):
            yield rows

    def _has(self, record: Record) -> bool:
        """Tell whether a record is in the scope, as who reads its line would say."""
        return self._sessions is None or record.get("session") in self._sessions

    def _record(self, file: int, at: int | None, raw: str, broken: bytes | None) -> Record:
        line = bytes(broken) if broken is not None else raw.encode() + b"\n"
        return parse_line(line, self._store.path_of(file), at or 0)

    def _places(self, found: list[Any]) -> dict[int, int]:
        """Return where lines begin whose place was not kept when their file was read at once."""
        wanted = [(rowid, file) for rowid, file, at, *_ in found if at is None]
        places: dict[int, int] = {}
        for file in {file for _, file in wanted}:
            rowids = [rowid for rowid, of in wanted if of == file]
            places |= dict(
                self._store.ask(
                    "select line, start from (select rowid as line, sum(strlen(raw) + 1) over "
                    "(rows unbounded preceding) - strlen(raw) - 1 as start from events "
                    "where file = ? and place is null) where list_contains(?::bigint[], line)",
                    [file, rowids],
                )
            )
        return {rowid: int(place) for rowid, place in places.items()}


def frames_of(traceback: str) -> tuple[str, ...]:
    """Return the app's frames in a recorded traceback, without their lines' numbers."""
    return tuple(f"{file}, {function}" for file, function in _FRAME.findall(traceback))


def _group(
    kind: str, frames: tuple[str, ...], rows: list[Any], versions: dict[str, str]
) -> ErrorGroup:
    counts, firsts, lasts, sessions, codes, messages, procs = zip(*rows, strict=True)
    newest = max(range(len(rows)), key=lambda number: lasts[number] or "")
    return ErrorGroup(
        kind,
        frames,
        sum(counts),
        min(first or "" for first in firsts),
        max(last or "" for last in lasts),
        tuple(sorted({each for some in sessions for each in some if each})),
        tuple(sorted({versions[proc] for some in procs for proc in some if proc in versions})),
        tuple(code for some in codes for code in some or ())[:_MOST_CODES],
        messages[newest] or "",
    )


def _seconds(ts: str | None) -> float | None:
    try:
        return datetime.datetime.fromisoformat(ts or "").timestamp()
    except (ValueError, OverflowError):
        return None


def _ts(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds")
