"""From the lines of a file to the rows of a table, at the speed of DuckDB where it goes.

A line that is plainly one of ours is taken apart by DuckDB. Any other is asked of
``parse_line``, so that what is a record is the same for every reader.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.reader import (
    LONGEST_LINE_BYTES,
    parse_line,
    skip_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = """
create table events (
    file integer, day varchar, place bigint, problem varchar, ts varchar, level varchar,
    category varchar, session varchar, message varchar, proc varchar, seq bigint,
    page varchar, code varchar, raw varchar, broken blob
)
"""
_CHUNK_BYTES = 4 << 20
_LOOK = re.compile(rb"[\r\0]|(?:\A|\n)\s*\n")  # what ends no line for us, and lines of nothing
_NAMES = ("ts", "level", "category", "session", "message", "proc", "seq", "page", "support_code")
_COLUMNS = "problem, ts, level, category, session, message, proc, seq, page, code"
_HEAD = (
    r'^\{"ts":"[^"\\]*","level":"[^"\\]*","category":"[^"\\]*","session":"[^"\\]*",'
    r'"message":"(?:[^"\\]|\\.)*","proc":"[^"\\]*","seq":\d{1,18}[,}]'
)
# `\u` may stand for half a character, which JSON has no form for.
_PLAIN = (
    f"strlen(raw) < {LONGEST_LINE_BYTES} and json_valid(raw) and not contains(raw, '\\u') "
    f"and regexp_matches(raw, '{_HEAD}')"
)
_PARTS = "json_extract_string(raw, [" + ", ".join(f"'$.{name}'" for name in _NAMES) + "])"
_INSERT = f"""
insert into events
select ?, ?, place, null, h[1], h[2], h[3], h[4], h[5], h[6], try_cast(h[7] as bigint), h[8], h[9],
       raw, null
from (select raw, place, case when {_PLAIN} then {_PARTS} end as h from {{lines}})
"""  # noqa: S608 -- made of constants
_WHOLE_FILE = """(select raw, null::bigint as place from read_csv(
    ?, columns = {'raw': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, strict_mode = false, new_line = '\\n', max_line_size = 2000000))"""
_CHUNK = """(select raw, ?::bigint + sum(strlen(raw) + 1) over (rows unbounded preceding)
    - strlen(raw) - 1 as place from (select unnest(string_split(?, chr(10))) as raw))"""


class Loader:
    """Puts what is new of one file into the table.

    Args:
        file: The number by which the table knows it.
        day: Its local date.
        path: Where it lies.

    Attributes:
        at: How far it has been read, bytes.

    Threads: one at a time.
    """

    def __init__(self, file: int, day: str, path: Path) -> None:
        self.file = file
        self.day = day
        self.path = path
        self.at = 0
        self._tail = b""
        self._identity: tuple[int, int] | None = None
        self._end = b""

    def load(self, cursor: Any) -> bool:
        """Read what was appended, if anything; all where the file is another one than before.

        Returns:
            Whether the table has changed.

        Raises:
            OSError: The file cannot be read.
        """
        is_packed = self.path.suffix == ".gz"
        with self.path.open("rb") as plain:
            status = os.fstat(plain.fileno())
            identity = status.st_dev, status.st_ino
            if is_packed and (identity, status.st_size) == (self._identity, self.at):
                return False
            is_other = not self._goes_on(identity, plain.fileno(), status.st_size)
            if is_packed or is_other:
                self.forget(cursor)
                self._identity = identity
            if is_packed:
                self._read_packed(cursor, plain)
                self.at = status.st_size
                return True
            if status.st_size > self.at + len(self._tail):
                self._drop_tail(cursor)
                if self.at or not self._load_whole(cursor, status.st_size, plain.fileno()):
                    plain.seek(self.at)
                    self._read(cursor, plain)
                self._end = _before(plain.fileno(), self.at)
                return True
        return is_other

    def forget(self, cursor: Any) -> None:
        """Take the file's rows out of the table."""
        cursor.execute("delete from events where file = ?", [self.file])
        self.at, self._tail, self._end, self._identity = 0, b"", b"", None

    def _goes_on(self, identity: tuple[int, int], handle: int, size: int) -> bool:
        """Tell whether it is the file that was read, with more or nothing behind what was read."""
        is_same = identity == self._identity and size >= self.at + len(self._tail)
        return is_same and _before(handle, self.at) == self._end

    def _load_whole(self, cursor: Any, size: int, handle: int) -> bool:
        """Have DuckDB read the file by itself; tell whether it has every byte of it.

        It splits at some signs that end no line for us, and skips others: then the sum is not
        the file's size, and the file is read in pieces.
        """
        import duckdb

        try:
            cursor.execute(
                _INSERT.replace("{lines}", _WHOLE_FILE), [self.file, self.day, str(self.path)]
            )
        except duckdb.Error:
            cursor.execute("rollback")
            cursor.execute("begin")
            cursor.execute("delete from events where file = ?", [self.file])
            return False
        blank, total = cursor.execute(
            "select count(*) filter (regexp_full_match(coalesce(raw, ''), '[\\s\\x0b]*')), "
            "coalesce(sum(strlen(raw) + 1), 0) from events where file = ?",
            [self.file],
        ).fetchone()
        whole = total - 1 if total and os.pread(handle, 1, total - 1) != b"\n" else total
        if blank or whole < size or whole > os.fstat(handle).st_size:
            cursor.execute("delete from events where file = ?", [self.file])
            return False
        if whole < total:  # the last line has no end
            (rowid, raw) = cursor.execute(
                "select rowid, raw from events where file = ? order by rowid desc limit 1",
                [self.file],
            ).fetchone()
            cursor.execute("delete from events where rowid = ?", [rowid])
            self.at = total - len(raw.encode()) - 1
            self._keep_tail(cursor, raw.encode())
        else:
            self.at = total
        self._settle(cursor, 0)
        return True

    def _read(self, cursor: Any, stream: Any) -> None:
        """Read on in pieces of whole lines."""
        place = 0 if self.path.suffix == ".gz" else self.at
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            if cut:
                self._add(cursor, data[:cut], place)
                place += cut
            if len(rest) > LONGEST_LINE_BYTES:
                size = len(rest) + skip_line(stream)
                self._add_odd(cursor, [(rest[: LONGEST_LINE_BYTES + 1], place)])
                place += size
                rest = b""
        self.at = place
        if rest:
            self._keep_tail(cursor, rest)

    def _read_packed(self, cursor: Any, plain: Any) -> None:
        """Read a whole archive; of one that is broken what is before the break."""
        try:
            with gzip.open(plain) as stream:
                self._read(cursor, stream)
        except (OSError, EOFError, zlib.error) as error:
            self._add_odd(cursor, [(f"cannot be unpacked on: {error}".encode(), 0)])

    def _add(self, cursor: Any, data: bytes, at: int) -> None:
        """Add whole lines that begin at that place."""
        text = _clean_text(data)
        if text is None:
            self._add_odd(cursor, list(_placed(data, at)))
            return
        (before,) = cursor.execute("select coalesce(max(rowid), -1) from events").fetchone()
        lines = _INSERT.replace("{lines}", _CHUNK)
        cursor.execute(lines, [self.file, self.day, at, text])
        self._settle(cursor, before + 1)

    def _settle(self, cursor: Any, first: int) -> None:
        """Ask of each row that DuckDB has not taken apart what it is."""
        found = cursor.execute(
            "select rowid, raw, place from events where rowid >= ? and file = ? and seq is null "
            "and problem is null",
            [first, self.file],
        ).fetchall()
        if not found:
            return
        rows = [self._row(raw.encode() + b"\n", at or 0) for _, raw, at in found]
        rowids = [rowid for rowid, _, _ in found]
        sets = ", ".join(f"{name} = given.{name}" for name in _COLUMNS.split(", "))
        lists = ", ".join(f"unnest(?) as {name}" for name in ("row", *_COLUMNS.split(", ")))
        cursor.execute(
            f"update events set {sets} from (select {lists}) as given "  # noqa: S608
            "where events.rowid = given.row",
            [rowids, *map(list, zip(*rows, strict=True))],
        )

    def _add_odd(self, cursor: Any, lines: Sequence[tuple[bytes, int]]) -> None:
        for raw, at in lines:
            if not raw.strip():
                continue
            text = raw.rstrip(b"\n").decode("utf-8", "replace").replace("\0", "�")
            is_exact = raw == text.encode() + b"\n"
            row = self._row(raw, at)
            cursor.execute(
                f"insert into events (file, day, place, {_COLUMNS}, raw, broken) "  # noqa: S608
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [self.file, self.day, at, *row, text, None if is_exact else raw],
            )

    def _row(self, raw: bytes, at: int) -> tuple[object, ...]:
        record = parse_line(raw, self.path, at)
        seq = record.get("seq")
        if isinstance(seq, int) and not -(1 << 63) <= seq < 1 << 63:
            seq = None
        texts = [_text(record.get(name)) for name in _NAMES[:6]]
        return (record.problem, *texts, seq, *(_text(record.get(name)) for name in _NAMES[7:]))

    def _keep_tail(self, cursor: Any, tail: bytes) -> None:
        """Show what stands behind the last line's end, until it is a whole line."""
        self._tail = tail
        self._add_odd(cursor, [(tail, self.at)])

    def _drop_tail(self, cursor: Any) -> None:
        if self._tail:
            cursor.execute("delete from events where file = ? and place = ?", [self.file, self.at])
            self._tail = b""


def _before(handle: int, at: int) -> bytes:
    """Return the bytes just before a place: a file that was written anew has others there."""
    start = max(0, at - 256)
    return os.pread(handle, at - start, start)


def _clean_text(data: bytes) -> str | None:
    """Return whole lines as text without the last end; None where a line needs a closer look."""
    if _LOOK.search(data):
        return None
    try:
        return data[:-1].decode()
    except UnicodeDecodeError:
        return None


def _placed(data: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    for line in data[:-1].split(b"\n"):
        yield line + b"\n", at
        at += len(line) + 1


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "�")
    return None
