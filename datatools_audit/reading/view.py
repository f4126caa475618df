"""What one visitor may ask of the logs, and the answers: every question carries the scope."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.catalogue import CATALOGUE
from datatools_audit.reading.query import (
    Bar,
    ErrorGroup,
    Filter,
    SessionSummary,
    Totals,
    Where,
    frames,
    group_of,
    where,
)
from datatools_audit.reading.reader import Record, parse_line
from datatools_audit.record.levels import ERRORS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.reading.numbers import Span
    from datatools_audit.reading.store import Store

_COLUMNS = {"level", "category", "session", "page"}
_ORDERS = {"ts", "level", "category", "session", "page", "message"}
_RANK = f"list_position({list(LEVELS)}, level)"
_MOST_CHOICES = 1_000
_MOST_GROUPS = 1_000
_MOST_KINDS = 1_000
_MOST_CODES = 5
_FEW_HITS = 5_000
_TYPE = "json_extract_string(raw, '$.exc_type')"
_FRAMES = frames("json_extract_string(raw, '$.traceback')")
_PHRASES = sorted({phrase for kind in CATALOGUE for phrase in kind.begins}, reverse=True)
_BEGINS = f"^(?:{'|'.join(map(re.escape, _PHRASES))})".replace("'", "''")
# Nearly all moments are written alike; what is none must not hide the others from the chart.
_IS_MOMENT = "try_cast(ts[1:19] as timestamp) is not null"


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
        first = _RANK if order_by == "level" else order_by
        names = [first] if order_by == "ts" else [first, "ts"]
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
            "file, place, raw, broken, problem",
            asked,
            "order by day, file, place nulls first, rowid",
        ):
            for file, at, raw, broken, problem in rows:
                line = broken if broken is not None else raw.encode() + b"\n"
                if problem is None and (
                    self._sessions is None or self._has(self._record(file, at, raw, broken))
                ):
                    yield bytes(line)

    def numbers(self, proc: str, first: int, last: int) -> list[Span]:
        """Return the ranges of a process's ``seq`` that the logs have, whosever they are.

        Numbers and nothing else: so what others did can be told from what is lost.
        """
        return self._store.numbers(proc, first, last)

    def histogram(self, asked: Filter, *, bins: int = 96) -> list[Bar]:
        """Return how many there are by level in equal parts of the time."""
        begin, end = self._span(asked, "problem is null")
        if begin is None or end is None:
            begin, end = self._span(asked, _IS_MOMENT)
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
            Bar(_ts(begin + number * width), level, count, _ts(begin + (number + 1) * width))
            for (number, level), count in sorted(counts.items())
        ]

    def _span(self, asked: Filter, also: str) -> tuple[float | None, float | None]:
        ((first, last),) = self._ask("min(ts), max(ts)", asked, also=also)
        return _seconds(first), _seconds(last)

    def choices(self, asked: Filter, column: str) -> list[tuple[str, int]]:
        """Return the values of a column with how often they occur, the most frequent first.

        Raises:
            ValueError: It is not level, category, session or page.
        """
        if column not in _COLUMNS:
            raise ValueError(f"no column to choose from: {column!r}")
        found = self._ask(
            f"{column}, count(*) as n",
            asked,
            f"group by all order by n desc, {column} limit {_MOST_CHOICES}",
            also=f"{column} is not null",
        )
        return list(found)

    def groups(self, asked: Filter) -> list[ErrorGroup]:
        """Return the errors by type and place in the app, the most frequent first."""
        found = self._ask(
            f"{_TYPE}, {_FRAMES}, count(*), min(ts), max(ts), list(distinct session), "
            f"list(code order by ts desc, seq desc) filter (code is not null)[:{_MOST_CODES}], "
            "arg_max(message, ts), list(distinct proc)",
            asked,
            f"group by {_TYPE}, {_FRAMES} order by count(*) desc limit {_MOST_GROUPS}",
            also=f"problem is null and level in {ERRORS} and {_TYPE} is not null",
        )
        versions = {proc: v for proc, _, _, v in self._store.banners() if v} if found else {}
        groups = [_group(row, versions) for row in found]
        return sorted(groups, key=lambda group: (-group.count, group.exc_type, group.frames))

    def sessions(self, asked: Filter) -> list[SessionSummary]:
        """Return the sessions, the newest first; at most 1,000."""
        found = self._ask(
            f"session, min(ts), max(ts), count(*), count(*) filter (level in {ERRORS})",
            asked,
            f"group by session order by max(ts) desc limit {_MOST_CHOICES}",
            also="problem is null and session is not null",
        )
        apps = {session: (app, v) for _, session, app, v in self._store.banners()}
        return [SessionSummary(*row, *apps.get(row[0], (None, None))) for row in found]

    def sessions_of_user(self, user: str) -> list[str]:
        """Return the sessions in which that pseudonym has signed in."""
        signed_in = self._ask(
            "json_extract_string(raw, '$.user'), session",
            Filter(categories=("session",)),
            also="problem is null and starts_with(message, 'Signed in as ')",
        )
        return sorted({session for name, session in signed_in if name == user})

    def kinds(self, asked: Filter) -> list[tuple[Record, int]]:
        """Return an example of each kind of record with a count.

        What the catalogue tells a kind by is the same in all that are counted together, so a
        kind may come several times.
        """
        found = self._ask(
            "any_value({'file': file, 'place': place, 'raw': raw, 'broken': broken}), count(*)",
            asked,
            f"group by category, regexp_extract(message, '{_BEGINS}'), level, json_keys(raw), "
            """contains(raw, '"phase":"start"') """
            f"order by count(*) desc limit {_MOST_KINDS}",
            also="problem is null",
        )
        return [(self._record(**place_of), count) for place_of, count in found]

    def _ask(self, select: str, asked: Filter, rest: str = "", also: str = "true") -> list[Any]:
        condition, values = self._where(asked)
        return self._store.ask(
            f"select {select} from events where {condition} and {also} {rest}",  # noqa: S608
            values,
        )

    def _stream(self, select: str, asked: Filter, rest: str) -> Iterator[list[Any]]:
        condition, values = where(asked, self._sessions, self._without_procs)
        sql = f"select {select} from events where {condition} {rest}"  # noqa: S608
        yield from self._store.stream(sql, values)

    def _where(self, asked: Filter) -> Where:
        """Return the condition; a text that stands in few lines is looked for once only."""
        if asked.text:
            condition, values = where(Filter(days=asked.days, text=asked.text), None, ())
            hits = self._store.ask(
                f"select rowid from events where {condition} limit {_FEW_HITS}",  # noqa: S608
                values,
            )
            if len(hits) < _FEW_HITS:
                rest = replace(asked, text="")
                condition, values = where(rest, self._sessions, self._without_procs)
                rowids = [rowid for (rowid,) in hits]
                return f"{condition} and rowid in (select unnest(?::bigint[]))", [*values, rowids]
        return where(asked, self._sessions, self._without_procs)

    def _has(self, record: Record) -> bool:
        """Tell whether a record is in the scope, as who reads its line would say."""
        return self._sessions is None or record.get("session") in self._sessions

    def _record(self, file: int, place: int | None, raw: str, broken: bytes | None) -> Record:
        line = bytes(broken) if broken is not None else raw.encode() + b"\n"
        return parse_line(line, self._store.path_of(file), place or 0)

    def _places(self, found: list[Any]) -> dict[int, int]:
        """Return where lines begin whose place was not kept when their file was read at once."""
        wanted = [(rowid, file) for rowid, file, at, *_ in found if at is None]
        places: dict[int, int] = {}
        for file in {file for _, file in wanted}:
            rowids = [rowid for rowid, of in wanted if of == file]
            places |= dict(
                self._store.ask(
                    "select line, stop - size from (select line, size, sum(size) over "
                    "(rows unbounded preceding) as stop from (select rowid as line, "
                    "coalesce(octet_length(broken), strlen(raw) + 1) as size from events "
                    "where file = ? and place is null)) where list_contains(?::bigint[], line)",
                    [file, rowids],
                )
            )
        return {rowid: int(place) for rowid, place in places.items()}


def _group(found: tuple[Any, ...], known: dict[str, str]) -> ErrorGroup:
    *head, sessions, codes, message, procs = found
    versions = {known[proc] for proc in procs if proc in known}
    return group_of((*head, sorted(sessions), sorted(versions), codes, message))


def _seconds(ts: str | None) -> float | None:
    try:
        return datetime.datetime.fromisoformat(ts or "").timestamp()
    except (ValueError, OverflowError):
        return None


def _ts(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds")
