"""Logs that can be asked in SQL and do nothing else: DuckDB over their files, locked up.

What is asked can read these files only; it writes nothing, loads nothing, sets nothing.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from datatools_audit.errors import QueryError, ReadError
from datatools_audit.reading import counting, tables
from datatools_audit.reading.inputs import none_of_ours
from datatools_audit.reading.locked import locked, plain_paths
from datatools_audit.reading.reader import read_events
from datatools_audit.reading.refusals import is_named, is_unknown_name, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from datatools_audit.reading.inputs import Input

MEMORY_LIMIT_MB = 1024
_FETCHED = 2_000
_AGAIN_SECONDS = 0.05
_ASKS = frozenset({"SELECT", "MULTI"})  # MULTI is a PIVOT, which looks for its columns first


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question finds.

    Attributes:
        columns: Their names, as asked for: two may be the same.
        types: Those of DuckDB: ``VARCHAR``, ``TIMESTAMP`` (UTC), ``JSON``, …
        rows: Each a tuple of Python values; read once. Raises ``QueryError`` where the question
            fails amid them.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class DayOfLog:
    """The records of one log on one day, as Parquet.

    Attributes:
        log: See ``Input.log``.
        day: ``YYYY-MM-DD`` in UTC, or ``undated``.
        path: The file.
        events: How many records it has.
    """

    log: str
    day: str
    path: Path
    events: int


class Database:
    """Files of a log as tables; see ``tables``. A context manager.

    Args:
        found: The files; of none the tables are empty.
        memory_limit_mb: What DuckDB may use, megabytes; beyond it a temporary folder serves.
        ordered: Whether rows come in the order of the lines where a question names no other.

    Raises:
        ReadError: There are lines, and none is a record.

    Threads: one at a time; ``progress`` any.
    """

    def __init__(
        self,
        found: Sequence[Input],
        memory_limit_mb: int = MEMORY_LIMIT_MB,
        *,
        ordered: bool = True,
    ) -> None:
        self._found = list(found)
        self._memory_limit_mb = memory_limit_mb
        self._folder = Path(tempfile.mkdtemp(prefix="datatools-audit-"))  # for this user only
        self._made = self._folder / "out" / "rows.parquet"
        self._paths = plain_paths(self._folder, [each.path for each in self._found])
        self._has_problems = False
        self._worker = ThreadPoolExecutor(1)
        try:
            self._connection = locked(
                self._paths, self._folder, self._memory_limit_mb, ordered=ordered
            )
            self._connection.execute(f"create view lines as {tables.lines(self._paths)}")
            self._have_events(tables.events)
            for name in tables.VIEWS:
                self._connection.execute(f"create view {name} as {tables.view(name)}")
            self._refuse_what_is_no_log()
        except BaseException:
            self._worker.shutdown()
            self._remove()
            raise

    def __enter__(self) -> Database:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Free what it holds."""
        self._worker.shutdown()
        self._connection.close()
        self._remove()

    def ask(self, question: str) -> Answer:
        """Return what a question finds, which reads and is one.

        Raises:
            QueryError: It cannot be asked, or fails.
            ReadError: A file cannot be read to its end.
        """
        cursor = self._asked(question, lambda q: self._awaited(self._connection.execute, q))
        columns = tuple(each[0] for each in cursor.description)
        types = tuple(str(each[1]) for each in cursor.description)
        return Answer(columns, types, self._rows(cursor, question))

    def write_parquet(self, question: str, target: Path) -> None:
        """Write what a question finds as a Parquet file, in place of what is there.

        Raises:
            OSError: It cannot be written.
            QueryError: See ``ask``.
            ReadError: See ``ask``.
        """

        def write(question: str) -> None:
            self._connection.sql(question).write_parquet(str(self._made))

        self._asked(question, lambda q: self._awaited(write, q))
        shutil.copyfile(self._made, target)

    def write_days(self) -> list[DayOfLog]:
        """Write every record as Parquet, a file for each log and day.

        Returns:
            What was written, by log and day; the files are gone when this is closed.

        Raises:
            QueryError: See ``run``.
            ReadError: See ``run``.
        """
        logs: dict[str, list[str]] = {}
        for each, path in zip(self._found, self._paths, strict=False):
            logs.setdefault(each.log, []).append(path)
        written: list[DayOfLog] = []
        for log, paths in logs.items():
            for (day,) in sorted(self.run(tables.days(paths))):
                target = self._made.with_name(f"{len(written)}.parquet")
                ((events,),) = self.run(tables.write_day(paths, day, str(target)))
                written.append(DayOfLog(log, day, target, events))
        return written

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Do what our own statement says; return what it finds.

        Raises:
            QueryError: It fails, as where the memory does not do.
            ReadError: See ``ask``.
        """
        try:
            found: list[tuple[Any, ...]] = self._awaited(
                lambda: self._connection.execute(statement).fetchall()
            )
        except duckdb.Error as error:
            raise self._told(error, statement) from error
        return found

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of one of ``tables.SAID`` with their types."""
        if table == "problems":
            return dict(tables.PROBLEMS)
        described = self._connection.execute(f"describe {table}").fetchall()
        found = {name: kind for name, kind, *_ in described}
        return found | {"record": "JSON"} if table == "events" else found

    def progress(self) -> float:
        """Return how far the question of this moment has come, percent; below 0 if unknown."""
        try:
            return float(self._connection.query_progress())
        except (AttributeError, duckdb.Error):
            return -1.0

    def _have_events(self, query: Callable[[Sequence[str]], str]) -> None:
        """Have ``events`` be what a query of the files finds."""
        self._has_record = query is tables.whole_events
        self._connection.execute(f"create or replace view events as {query(self._paths)}")

    def _refuse_what_is_no_log(self) -> None:
        if any(_begins_with_record(each.path) for each in self._found):
            return  # the usual case, without a start of DuckDB's reader
        if self.run("select 1 from events limit 1"):
            return
        for each in self._found:
            if next(read_events(each.path), None) is not None:
                raise none_of_ours(self._found)

    def _asked(self, question: str, ask: Callable[[str], Any]) -> Any:
        """Have a question asked, once more where it names what had to be made first."""
        try:
            kinds = [each.type.name for each in self._connection.extract_statements(question)]
        except duckdb.Error as error:
            raise self._told(error, question) from error
        if len(kinds) != 1:
            raise QueryError("one question at a time: a single SELECT")
        if kinds[0] not in _ASKS:
            raise QueryError(f"{kinds[0]} is refused: the log can be asked, by SELECT, and no more")
        is_count = kinds[0] == "SELECT" and counting.is_asked(self._connection, question)
        self._have_events(counting.counted if is_count else tables.events)
        while True:
            try:
                return ask(question)
            except duckdb.Error as error:
                if not self._made_what_is_missing(error, question):
                    raise self._told(error, question) from error

    def _made_what_is_missing(self, error: Exception, question: str) -> bool:
        """Have what a question needs that is there only when it is named; tell whether it was."""
        is_column = isinstance(error, duckdb.BinderException)
        if is_column and is_named("record", question) and not self._has_record:
            self._have_events(tables.whole_events)
            return True
        is_table = isinstance(error, duckdb.CatalogException)
        if is_table and is_named("problems", question) and not self._has_problems:
            self._read_problems()
            self._has_problems = True
            return True
        return False

    def _read_problems(self) -> None:
        columns = ", ".join(f"{name} {kind}" for name, kind in tables.PROBLEMS.items())
        self._connection.execute(f"create table problems ({columns})")
        rows = (
            (each.name, record.offset, record.problem, record["line"])
            for each in self._found
            for record in read_events(each.path)
            if record.problem is not None
        )
        while some := list(itertools.islice(rows, _FETCHED)):
            values = [list(column) for column in zip(*some, strict=True)]
            self._connection.execute(
                "insert into problems select unnest(?), unnest(?), unnest(?), unnest(?)", values
            )

    def _awaited(self, work: Callable[..., Any], *given: object) -> Any:
        """Have DuckDB work beside, so that a person can end it: it hears no Ctrl-C by itself."""
        future = self._worker.submit(work, *given)
        try:
            return future.result()
        except KeyboardInterrupt:
            while wait([future], _AGAIN_SECONDS).not_done:
                self._connection.interrupt()  # which is forgotten where the work has not begun
            raise

    def _rows(self, cursor: Any, question: str) -> Iterator[tuple[Any, ...]]:
        try:
            while rows := self._awaited(cursor.fetchmany, _FETCHED):
                yield from rows
        except duckdb.Error as error:
            raise self._told(error, question) from error

    def _told(self, error: duckdb.Error, question: str) -> ReadError | QueryError:
        paths = (each.name for each in self._found)
        told = refusal(error, dict(zip(self._paths, paths, strict=False)), self._memory_limit_mb)
        if is_unknown_name(error):
            return QueryError(f"{told}\n{self._hint(question)}")
        return told

    def _hint(self, question: str) -> str:
        """Return what there is, where a name is none: the columns of the tables asked."""
        asked = [name for name in tables.SAID if is_named(name, question)]
        if not asked:
            return f"the tables are: {', '.join(tables.SAID)}"
        return "; ".join(f"{name} has {', '.join(self.columns(name))}" for name in asked)

    def _remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _begins_with_record(path: Path) -> bool:
    try:
        first = next(read_events(path), None)
    except ReadError:
        return False  # DuckDB will say so, with the name that the person knows
    return first is not None and first.problem is None
