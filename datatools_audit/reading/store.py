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
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from datatools_audit.errors import ReadError
from datatools_audit.reading.loading import TABLE, Loader
from datatools_audit.reading.view import View

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from datatools_audit.reading.numbers import Span

_LOG = re.compile(r"datatools-(\d{4}-\d{2}-\d{2})\.jsonl(\.gz)?", re.ASCII)
_FETCHED = 10_000
_MOST_ANSWERS = 64
_MOST_KEPT_ROWS = 5_000

_APP = "json_extract_string(raw, '$.app')"
_BANNERS = f"""
select proc, session, {_APP}, json_extract_string(raw, '$.version') from events
where category = 'session' and problem is null and {_APP} is not null
order by ts
"""  # noqa: S608 -- made of constants

_RANGES = """
select min(seq), max(seq) from (
    select seq, seq - row_number() over (order by seq) as island
    from (select distinct seq from events where proc = ? and seq between ? and ?)
) group by island order by 1
"""


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
        self._connecting = threading.Lock()
        self._answering = threading.Lock()
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
            if gone:
                self._forget_answers()
            for name, (day, path) in sorted(logs.items()):
                if not days or day in days:
                    self._load(cursor, name, day, path)

    def apps(self) -> dict[str, str]:
        """Return the app's name of each process that has told it."""
        return {proc: app for proc, _, app, _ in self.banners()}

    def banners(self) -> list[tuple[str, str, str, str | None]]:
        """Return what the banners say: process, session, app and its version, oldest first."""
        return list(self.ask(_BANNERS))

    def numbers(self, proc: str, first: int, last: int) -> list[Span]:
        """Return the ranges of a process's ``seq`` between two that are in the logs."""
        found: list[Span] = self.ask(_RANGES, [proc, first, last])
        return found

    def view(
        self, sessions: Collection[str] | None, *, without_procs: Collection[str] = ()
    ) -> View:
        """Return what may be asked by whom these sessions belong to; of None, everybody's."""
        scope = None if sessions is None else frozenset(sessions)
        return View(self, scope, frozenset(without_procs))

    def ask(self, sql: str, values: Collection[object] = ()) -> list[Any]:
        """Return the rows that a query finds; asked again of the same log, from memory."""
        asked = sql, repr(values)
        with self._answering:
            state, rows = self._state, self._answers.get(asked)
        if rows is not None:
            return rows
        rows = [row for some in self.stream(sql, values) for row in some]
        with self._answering:
            if state == self._state and len(rows) <= _MOST_KEPT_ROWS:
                self._answers[asked] = rows
                while len(self._answers) > _MOST_ANSWERS:
                    self._answers.popitem(last=False)
        return rows

    def stream(self, sql: str, values: Collection[object] = ()) -> Iterator[list[Any]]:
        """Yield the rows that a query finds, some at a time."""
        import duckdb

        cursor = self.cursor()
        try:
            cursor.execute(sql, list(values))
            while rows := cursor.fetchmany(_FETCHED):
                yield rows
        except duckdb.Error as error:
            raise _told(error) from error

    def cursor(self) -> Any:
        """Return a way to DuckDB of the caller's own."""
        with self._connecting:
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
            if named and _is_day(named[1]) and path.is_file() and not path.is_symlink():
                found[path.name] = named[1], path
        return found

    def _forget_answers(self) -> None:
        with self._answering:
            self._state += 1
            self._answers.clear()

    def _load(self, cursor: Any, name: str, day: str, path: Path) -> None:
        import duckdb

        loader = self._loaders.get(name)
        if loader is None:
            self._files.append(path)
            loader = self._loaders[name] = Loader(len(self._files) - 1, day, path)
        try:
            cursor.execute("begin")
            has_changed = loader.load(cursor)
            cursor.execute("commit")
            if has_changed:
                self._forget_answers()
        except Exception as error:
            cursor.execute("rollback")
            del self._loaders[name]  # read anew next time, under another number
            cursor.execute("delete from events where file = ?", [loader.file])
            self._forget_answers()
            if isinstance(error, duckdb.Error):
                raise _told(error) from error
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise ReadError(f"{path.name} cannot be read: {error}") from error
            if not isinstance(error, OSError):
                raise


def _is_day(text: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _told(error: Exception) -> ReadError:
    said = str(error).partition("\n")[0]
    if "memory" in said.lower():
        return ReadError(
            "The log is too big to be looked at here; choose a single day, or download it"
        )
    return ReadError(f"The log cannot be asked: {said}")
