"""Stream records back from a log; what is no record is reported in its place."""

from __future__ import annotations

import codecs
import gzip
import math
import os
import stat
import time
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

import orjson

from datatools_audit.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Problem = Literal["torn", "foreign"]

LONGEST_LINE_BYTES = 1 << 20
_TEXTS = ("ts", "level", "category", "session", "message", "proc")
_BEGINS = b'{"ts":"'


class Record(dict[str, object]):
    """One line of a log as a mapping.

    A line that is no record is one too, of category ``audit`` and level ``warning``, with
    ``problem`` and the ``line`` as far as it is text: whoever lists records lists it.

    Attributes:
        raw: The line's bytes with its newline; of an overlong line its beginning.
        source: The file.
        offset: Where in the file the line begins, bytes (of a ``.gz`` unpacked).
        problem: None; ``torn`` for a part of a record; ``foreign`` for anything else.
    """

    __slots__ = ("offset", "problem", "raw", "source")

    def __init__(
        self,
        values: dict[str, object],
        raw: bytes,
        source: Path,
        offset: int,
        problem: Problem | None = None,
    ) -> None:
        super().__init__(values)
        self.raw = raw
        self.source = source
        self.offset = offset
        self.problem = problem


def read_events(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    containing: bytes = b"",
) -> Iterator[Record]:
    """Stream the records of one log or several, in the order of the lines.

    Memory stays flat, also on a log without a line's end. An empty line is skipped.

    Args:
        paths: A file (``.gz`` too), a folder (its ``datatools-*.jsonl`` and ``.gz``, by
            day), or several of them.
        containing: Lines without these bytes are passed over unread, which is some ten
            times as fast. A first sieve: the bytes may stand anywhere in a line.

    Raises:
        ReadError: A file is missing, unreadable or no plain file.
    """
    for path in _files(paths):
        with _open(path) as stream:
            yield from _records(stream, path, containing)


def records_in(data: bytes, source: Path) -> Iterator[Record]:
    """Yield the records of lines that are in memory; ``source`` is what they are called."""
    offset = 0
    for raw in data.splitlines(keepends=True):
        yield parse_line(raw, source, offset)
        offset += len(raw)


def parse_line(raw: bytes, source: Path, offset: int) -> Record:
    """Return the record of one line; see ``Record``. Never raises.

    The mark that an editor puts before a text is no part of its first line.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8) if not offset else raw
    if len(raw) > LONGEST_LINE_BYTES:
        return _bad(raw[:LONGEST_LINE_BYTES], source, offset, "foreign")
    try:
        values = orjson.loads(raw)
    except orjson.JSONDecodeError:
        torn = raw.startswith(_BEGINS) or _BEGINS.startswith(raw.rstrip(b"\r\n"))
        return _bad(raw, source, offset, "torn" if torn else "foreign")
    if not isinstance(values, dict) or not _is_record(values):
        return _bad(raw, source, offset, "foreign")
    return Record(values, raw, source, offset)


def _is_record(values: dict[str, object]) -> bool:
    texts = all(isinstance(values.get(name), str) for name in _TEXTS)
    return texts and type(values.get("seq")) is int


def _files(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    for path in map(Path, several):
        if os.path.isdir(path):  # noqa: PTH112 -- Path.is_dir() raises for a name too long
            yield from logs_in(path)
        else:
            yield path


def logs_in(folder: Path) -> list[Path]:
    """Return the logs in a folder by name, so by day; of a day what is packed comes first."""
    logs = [*folder.glob("datatools-*.jsonl.gz"), *folder.glob("datatools-*.jsonl")]
    plain = [log for log in logs if log.is_file() and not log.is_symlink()]
    return sorted(plain, key=lambda log: (log.name.removesuffix(".gz"), log.suffix != ".gz"))


def _open(path: Path) -> IO[bytes]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError(f"{path} is no plain file")
        return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise ReadError(f"{path} cannot be read: {error}") from error


def _records(stream: IO[bytes], source: Path, containing: bytes) -> Iterator[Record]:
    offset = 0
    end = _size(stream, source)
    try:
        while offset < end and (raw := stream.readline(LONGEST_LINE_BYTES)):
            if not raw.endswith(b"\n") and len(raw) < LONGEST_LINE_BYTES:
                raw += _rest_of_line(stream, LONGEST_LINE_BYTES - len(raw))
            size = len(raw)
            if size == LONGEST_LINE_BYTES and not raw.endswith(b"\n"):
                size += skip_line(stream)[0]
                yield _bad(raw, source, offset, "foreign")
            elif containing in raw and raw.strip():
                yield parse_line(raw, source, offset)
            offset += size
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{source} cannot be read on: {error}") from error


def _size(stream: IO[bytes], source: Path) -> float:
    """Return how far to read: a log that grows faster than it is read has an end too."""
    return math.inf if source.suffix == ".gz" else os.fstat(stream.fileno()).st_size


def _rest_of_line(stream: IO[bytes], most: int) -> bytes:
    """Give a line that is being written at this moment the time to be finished."""
    for _ in range(3):
        rest = stream.readline(most)
        if rest:
            return rest
        time.sleep(0.001)
    return b""


def skip_line(stream: IO[bytes]) -> tuple[int, bool]:
    """Read on to the end of a line, or of the file.

    Returns:
        How many bytes that were, and whether the line has ended.
    """
    skipped = 0
    while raw := stream.readline(LONGEST_LINE_BYTES):
        skipped += len(raw)
        if raw.endswith(b"\n"):
            return skipped, True
    return skipped, False


def _bad(raw: bytes, source: Path, offset: int, problem: Problem) -> Record:
    said = "A part of a record" if problem == "torn" else "No record"
    values: dict[str, object] = {
        "level": "warning",
        "category": "audit",
        "message": f"{said} at byte {offset} of {source.name}",
        "problem": problem,
        "line": raw[:200].decode("utf-8", "replace").rstrip("\n"),
    }
    return Record(values, raw, source, offset, problem)
