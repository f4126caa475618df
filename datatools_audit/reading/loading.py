"""From the lines of a file to the rows of a table, at the speed of DuckDB where it goes.

A line in the recorder's own form is taken apart by DuckDB. Any other is asked of
``parse_line``, so that what is a record, and whose, is the same for every reader.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from datatools_audit.reading.form import FORM
from datatools_audit.reading.reader import LONGEST_LINE_BYTES, Record, parse_line, skip_line
from datatools_audit.record import strict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TABLE = """
create table events (
    file integer, day varchar, place bigint, problem varchar, ts varchar, level varchar,
    category varchar, session varchar, message varchar, proc varchar, seq bigint,
    page varchar, code varchar, raw varchar, broken blob
)
"""
"""The rows of the lines.

``raw`` is the line as the recorder would write it, so always JSON, with each name once; of a
line that is no record a text of what it says. Where that is not the line byte for byte,
``broken`` is. ``place`` is null where the file was read at once, and its rows are in order.
"""
_CHUNK_BYTES = 8 << 20
_LOOK_BYTES = 1 << 20
_PIECE_BYTES = 64 << 10
_BATCH = 2_000
_MOST_SETTLED = 20_000
_NAMES = ("ts", "level", "category", "session", "message", "proc", "seq", "page", "support_code")
_COLUMNS = (*"problem ts level category session message proc seq page code raw broken".split(),)
_PARTS = "json_extract_string(raw, [" + ", ".join(f"'$.{name}'" for name in _NAMES) + "])"
_FITS = f"(strlen(raw) < {LONGEST_LINE_BYTES} and regexp_full_match(raw, '{FORM}'))"
_INSERT = """
insert into events
select ?, ?, place, null, h[1], h[2], h[3], h[4], h[5], h[6], try_cast(h[7] as bigint), h[8], h[9],
       raw, null
from """
_WHOLE_FILE = """(select raw, null::bigint as place from read_csv(
    ?, columns = {'raw': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, strict_mode = false, new_line = '\\n', max_line_size = 2000000))"""
_CHUNK = """(select raw, ?::bigint + sum(strlen(raw) + 1) over (rows unbounded preceding)
    - strlen(raw) - 1 as place from (select unnest(string_split(?, chr(10))) as raw))"""

_INSERT_FILE = f"""
{_INSERT} (select *, case when {_FITS} then {_PARTS} end as h from {_WHOLE_FILE})
"""  # noqa: S608 -- made of constants
_INSERT_CHUNK = f"""
{_INSERT} (select *, {_PARTS} as h from {_CHUNK} where {_FITS})
"""  # noqa: S608 -- made of constants
_REST_OF_CHUNK = f"select raw, place from {_CHUNK} where not {_FITS}"  # noqa: S608
_DELETE = "delete from events where file = ?"
_GIVEN = ", ".join(f"unnest(?) as {name}" for name in ("row", *_COLUMNS))
_UPDATE = f"""
update events set {", ".join(f"{name} = given.{name}" for name in _COLUMNS)}
from (select {_GIVEN}) as given where events.rowid = given.row
"""  # noqa: S608 -- made of constants
_INSERT_ODD = f"""
insert into events (file, day, place, {", ".join(_COLUMNS)})
select ?, ?, row, {", ".join(_COLUMNS)} from (select {_GIVEN})
"""  # noqa: S608 -- made of constants
_LOOKS = 3
_NOTHING: Mapping[int, bytes] = MappingProxyType({})


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
        self._is_amid_line = False

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
            is_other = not self._goes_on(identity, plain, status.st_size)
            if is_packed or is_other:
                self.forget(cursor)
                self._identity = identity
            if is_packed:
                plain.seek(0)
                self._read_packed(cursor, plain)
                self.at = status.st_size
                return True
            return self._load_on(cursor, plain, status.st_size) or is_other

    def _load_on(self, cursor: Any, plain: BinaryIO, size: int) -> bool:
        """Read what is new, and a moment later the rest of a line that is being written."""
        has_changed = False
        for _ in range(_LOOKS):
            if size <= self.at + len(self._tail):
                break
            self._drop_tail(cursor)
            if self.at or not self._load_whole(cursor, size, plain):
                plain.seek(self.at)
                self._read(cursor, plain, size)
            self._end = _before(plain, self.at)
            has_changed = True
            if not self._tail:
                break
            size = os.fstat(plain.fileno()).st_size
        return has_changed

    def forget(self, cursor: Any) -> None:
        """Take the file's rows out of the table."""
        cursor.execute(_DELETE, [self.file])
        self.at, self._tail, self._end, self._identity = 0, b"", b"", None
        self._is_amid_line = False

    def _goes_on(self, identity: tuple[int, int], plain: BinaryIO, size: int) -> bool:
        """Tell whether it is the file that was read, with more or nothing behind what was read."""
        is_same = identity == self._identity and size >= self.at + len(self._tail)
        return is_same and _before(plain, self.at) == self._end

    def _load_whole(self, cursor: Any, size: int, plain: BinaryIO) -> bool:
        """Have DuckDB read the file by itself; tell whether it has every byte of it.

        It splits at some signs that end no line for us, and skips others: then the sum is not
        the file's size, and the file is read in pieces. A carriage return leaves no trace in the
        sum.
        """
        import duckdb

        if _has_carriage_return(plain, size):
            return False
        try:
            cursor.execute(_INSERT_FILE, [self.file, self.day, str(self.path)])
        except duckdb.Error:
            cursor.execute("rollback")
            cursor.execute("begin")
            cursor.execute(_DELETE, [self.file])
            return False
        blank, total = cursor.execute(
            "select count(*) filter (regexp_full_match(coalesce(raw, ''), '[\\s\\x0b]*')), "
            "coalesce(sum(strlen(raw) + 1), 0) from events where file = ?",
            [self.file],
        ).fetchone()
        has_tail = total and _at(plain, 1, total - 1) != b"\n"
        is_whole = not blank and size <= total - has_tail <= os.fstat(plain.fileno()).st_size
        tail = self._take_last(cursor) if is_whole and has_tail else b""
        if not (is_whole and self._settle(cursor)):
            cursor.execute(_DELETE, [self.file])
            return False
        self.at = total - has_tail - len(tail)
        if tail:
            self._keep_tail(cursor, tail)
        return True

    def _take_last(self, cursor: Any) -> bytes:
        """Take the last line out of the table: it has no end yet."""
        rowid, raw = cursor.execute(
            "select rowid, raw from events where file = ? order by rowid desc limit 1", [self.file]
        ).fetchone()
        cursor.execute("delete from events where rowid = ?", [rowid])
        return bytes(raw.encode())

    def _read(self, cursor: Any, stream: Any, end: float) -> None:
        """Read on in pieces of whole lines, to the end that it has now: it may grow meanwhile."""
        place = 0 if self.path.suffix == ".gz" else self.at
        rest = b""
        if self._is_amid_line:  # one that is too long, and told
            skipped, ended = skip_line(stream)
            place += skipped
            self._is_amid_line = not ended
        while chunk := stream.read(min(_CHUNK_BYTES, max(0, end - place - len(rest)))):
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            if cut:
                self._add(cursor, data[:cut], place)
                place += cut
            if len(rest) > LONGEST_LINE_BYTES:
                skipped, ended = skip_line(stream)
                self._is_amid_line = not ended
                self._add_odd(cursor, [(rest[: LONGEST_LINE_BYTES + 1], place)])
                place += len(rest) + skipped
                rest = b""
            self.at = place
        self.at = place
        if rest:
            self._keep_tail(cursor, rest)

    def _read_packed(self, cursor: Any, plain: Any) -> None:
        """Read a whole archive; of one that is broken what is before the break."""
        try:
            with gzip.open(plain) as stream:
                self._read(cursor, _Unpacked(stream), math.inf)
        except (OSError, EOFError, zlib.error) as error:
            self._add_odd(cursor, [(f"cannot be unpacked on: {error}".encode(), self.at)])

    def _add(self, cursor: Any, data: bytes, at: int) -> None:
        """Add whole lines that begin at that place."""
        no_text = _NOTHING
        try:
            text = data[:-1].decode()
        except UnicodeDecodeError:
            text, no_text = _without_broken(data, at)
        inserted = cursor.execute(_INSERT_CHUNK, [self.file, self.day, at, text]).fetchone()
        if inserted[0] < data.count(b"\n"):
            rest = cursor.execute(_REST_OF_CHUNK, [at, text]).fetchall()
            lines = [(no_text.get(place) or raw.encode() + b"\n", place) for raw, place in rest]
            self._add_odd(cursor, lines)

    def _add_odd(self, cursor: Any, lines: Sequence[tuple[bytes, int]]) -> None:
        """Add lines with their places that are not in our form; a line of nothing is none."""
        for start in range(0, len(lines), _BATCH):
            some = lines[start : start + _BATCH]
            rows = [(place, *self._row(raw, place)) for raw, place in some if raw.strip()]
            if rows:
                values = [self.file, self.day, *map(list, zip(*rows, strict=True))]
                cursor.execute(_INSERT_ODD, values)

    def _settle(self, cursor: Any) -> bool:
        """Ask of each row that is not in our form what it is; tell whether they are few enough."""
        odd = "from events where file = ? and proc is null and problem is null and rowid >= ?"
        (count,) = cursor.execute(f"select count(*) {odd}", [self.file, 0]).fetchone()
        if count > _MOST_SETTLED:
            return False
        first = 0
        while count > 0:
            sql = f"select rowid, raw {odd} order by rowid limit {_BATCH}"
            found = cursor.execute(sql, [self.file, first]).fetchall()
            # A file with a mark before its first line is read in pieces, so none of these is it.
            rows = [(row, *self._row(raw.encode() + b"\n", 1)) for row, raw in found]
            cursor.execute(_UPDATE, list(map(list, zip(*rows, strict=True))))
            first = found[-1][0] + 1
            count -= len(found)
        return True

    def _row(self, raw: bytes, at: int) -> tuple[object, ...]:
        """Return the values of ``_COLUMNS`` for a line."""
        record = parse_line(raw, self.path, at)
        seq = record.get("seq")
        if isinstance(seq, int) and not -(1 << 63) <= seq < 1 << 63:
            seq = None
        texts = [_text(record.get(name)) for name in _NAMES[:6]]
        told = _written(record)
        is_exact = record.problem is None and told.encode() + b"\n" == raw
        return (
            *(record.problem, *texts, seq, *(_text(record.get(name)) for name in _NAMES[7:])),
            *(told, None if is_exact else raw if record.problem else record.raw),
        )

    def _keep_tail(self, cursor: Any, tail: bytes) -> None:
        """Show what stands behind the last line's end, until it is a whole line."""
        self._tail = tail
        self._add_odd(cursor, [(tail, self.at)])

    def _drop_tail(self, cursor: Any) -> None:
        if self._tail:
            cursor.execute("delete from events where file = ? and place = ?", [self.file, self.at])
            self._tail = b""


class _Unpacked:
    """What an archive gives piece by piece; of one that is broken all that is before the break."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream

    def read(self, size: float) -> bytes:
        """Return some of it. Raises what is wrong once nothing is left before it."""
        pieces: list[bytes] = []
        left = min(size, _CHUNK_BYTES)
        while left > 0:
            try:
                piece = self._stream.read1(int(min(left, _PIECE_BYTES)))
            except (OSError, EOFError, zlib.error):
                if pieces:
                    break
                raise
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def readline(self, most: int) -> bytes:
        """Return the rest of a line."""
        return self._stream.readline(most)


def _at(plain: BinaryIO, size: int, at: int) -> bytes:
    """Return bytes from a place; whoever reads on has to seek. Windows has no ``pread``."""
    plain.seek(at)
    return plain.read(size)


def _before(plain: BinaryIO, at: int) -> bytes:
    """Return the bytes just before a place: a file that was written anew has others there."""
    start = max(0, at - 256)
    return _at(plain, at - start, start)


def _has_carriage_return(plain: BinaryIO, size: int) -> bool:
    return any(b"\r" in _at(plain, _LOOK_BYTES, at) for at in range(0, size, _LOOK_BYTES))


def _without_broken(data: bytes, at: int) -> tuple[str, dict[int, bytes]]:
    """Return whole lines as text, and apart by its place each line that is none.

    Where one was stands a line of its length, so that all others keep their places.
    """
    texts: list[str] = []
    broken: dict[int, bytes] = {}
    for line, place in _placed(data, at):
        try:
            texts.append(line[:-1].decode())
        except UnicodeDecodeError:
            broken[place] = line
            texts.append("?" * (len(line) - 1))
    return "\n".join(texts), broken


def _placed(data: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    for line in data[:-1].split(b"\n"):
        yield line + b"\n", at
        at += len(line) + 1


def _written(record: Record) -> str:
    """Return a record as the recorder would write it; of what is none its text, as JSON."""
    text = record.raw.decode("utf-8", "replace").rstrip("\n").replace("\0", "�")
    try:
        return strict.escaped(strict.dumps(text if record.problem else dict(record))).decode()
    except orjson.JSONEncodeError:  # deeper than it writes, though not deeper than it reads
        return text


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "�")
    return None
