"""What somebody names on a command line → files that have lines: logs, folders, bundles, a pipe."""

from __future__ import annotations

import contextlib
import glob
import gzip
import re
import shutil
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from datatools_audit.errors import ReadError
from datatools_audit.reading.reader import logs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    Watch = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]

STDIN = "-"
_NO_NAME = re.compile(r"[^\w.-]", re.ASCII)
EVENTS = "events.jsonl"
MOST_UNPACKED_BYTES = 1 << 30
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_PIECE_BYTES = 1 << 20
_GZIP_BYTES = 64 << 10
_UNPACKING = "Unpacking"
_TORN = b'\n{"ts":"\n'
_PACKED_WRONG = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class Input:
    """One file of lines.

    Attributes:
        name: What it is called to a person: as it was given, or ``standard input``.
        path: Where its lines lie, plain or ``.gz``; of a bundle or a pipe a copy that is gone
            when the inputs are closed.
        bundle: The bundle that it came from, or None.
    """

    name: str
    path: Path
    bundle: Path | None = None

    @property
    def log(self) -> str:
        """What the log is called, packed or not: ``datatools-2026-05-19``."""
        name = Path(self.name).name.removesuffix(".gz")
        return _NO_NAME.sub("_", name.removesuffix(".jsonl").removesuffix(".zip"))


def none_of_ours(found: Iterable[Input]) -> ReadError:
    """Return the error of files that have lines, and no record of ours among them."""
    names = ", ".join(each.name for each in found)
    return ReadError(f"{names}: no record of DataTools Audit in it")


@contextlib.contextmanager
def _unwatched(_size: int, _label: str) -> Iterator[Callable[[int], None]]:
    yield lambda _part: None


@contextlib.contextmanager
def inputs(
    names: Sequence[str],
    stdin: IO[bytes] | None = None,
    *,
    plain: bool = False,
    watch: Watch = _unwatched,
) -> Iterator[list[Input]]:
    """Give the files that these names stand for, in their order.

    Args:
        names: Files (``.gz`` too), bundles (``.zip``), folders (their logs, by name), patterns
            with ``*`` where the shell has left one, and ``-`` for standard input, whatever of
            these is piped.
        stdin: Read for ``-``; the process's own when None.
        plain: Whether what is packed is unpacked, so that any place in it can be gone to.
        watch: Is entered with the size of what is unpacked, bytes, and what that is called; what
            it gives is called with each part that is done.

    Raises:
        ReadError: A name stands for nothing, or for something that cannot be read; one
            sentence.
    """
    with tempfile.TemporaryDirectory(prefix="datatools-audit-") as made:
        scratch = _Scratch(Path(made), watch, plain=plain)
        found: list[Input] = []
        for name in names:
            if name == STDIN:
                found.append(scratch.piped(stdin or sys.stdin.buffer))
            else:
                found += [scratch.read(path) for path in _paths(name)]
        yield found


class _Scratch:
    """Unpacks into a folder what does not lie on the disk as lines."""

    def __init__(self, folder: Path, watch: Watch, *, plain: bool) -> None:
        self._folder = folder
        self._watch = watch
        self._plain = plain
        self._made = 0

    def _new(self, ending: str) -> Path:
        self._made += 1
        return self._folder / f"{self._made}{ending}"

    def read(self, path: Path, name: str | None = None) -> Input:
        name = name or str(path)
        with _told(name), path.open("rb") as stream:
            begins = stream.read(4)
        if begins == _ZIP:
            return Input(name, self._unpacked(path, name), path)
        if begins[:2] == _GZIP and self._plain:
            return Input(name, self._plain_copy(path, name))
        if begins[:2] == _GZIP and path.suffix != ".gz":
            link = self._new(".gz")
            link.symlink_to(path.absolute())
            return Input(name, link)
        return Input(name, path)

    def _plain_copy(self, path: Path, name: str) -> Path:
        """Unpack an archive; one that is broken ends in a torn line behind what could be had."""
        target = self._new(".jsonl")
        with (
            _told(name),
            path.open("rb") as file,
            gzip.open(file) as packed,
            target.open("wb") as unpacked,
            self._watch(path.stat().st_size, _UNPACKING) as advance,
        ):
            at = 0
            try:
                while piece := packed.read1(_GZIP_BYTES):
                    unpacked.write(piece)
                    advance(file.tell() - at)
                    at = file.tell()
            except _PACKED_WRONG:
                if not unpacked.tell():
                    raise
                unpacked.write(_TORN)
        return target

    def piped(self, stdin: IO[bytes]) -> Input:
        copy = self._new(".jsonl")
        with _told("standard input"), copy.open("wb") as target:
            shutil.copyfileobj(stdin, target, _PIECE_BYTES)
        return self.read(copy, "standard input")

    def _unpacked(self, path: Path, name: str) -> Path:
        target = self._new(".jsonl")
        try:
            with _told(name), zipfile.ZipFile(path) as archive:
                size = archive.getinfo(EVENTS).file_size
                if size > MOST_UNPACKED_BYTES:
                    raise ReadError(f"{name} has more than {MOST_UNPACKED_BYTES:,} bytes of events")
                with (
                    archive.open(EVENTS) as packed,
                    target.open("wb") as unpacked,
                    self._watch(size, _UNPACKING) as advance,
                ):
                    while piece := packed.read(_PIECE_BYTES):
                        unpacked.write(piece)
                        advance(len(piece))
        except KeyError as error:
            raise ReadError(f"{name} is no support bundle: it has no {EVENTS}") from error
        return target


@contextlib.contextmanager
def _told(name: str) -> Iterator[None]:
    """Say in one sentence what cannot be read."""
    try:
        yield
    except (*_PACKED_WRONG, RuntimeError, NotImplementedError, ValueError) as error:
        raise ReadError(f"{name} cannot be unpacked: {error}") from error
    except OSError as error:
        raise ReadError(f"{name} cannot be read: {error.strerror or error}") from error


def _paths(name: str) -> list[Path]:
    path = Path(name)
    try:
        if path.is_dir():
            return _some(logs_in(path), f"{name} has no log in it (datatools-*.jsonl)")
        if not path.exists() and glob.has_magic(name):
            found = sorted(map(Path, glob.glob(name, recursive=True)))  # noqa: PTH207 -- may be absolute
            return _some([each for each in found if each.is_file()], f"nothing matches {name}")
        if path.exists() and not path.is_file():
            raise ReadError(f"{name} is no plain file")
    except OSError as error:
        raise ReadError(f"{name} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise ReadError(f"{name!a} cannot be read: {error}") from error
    return [path]


def _some(found: list[Path], otherwise: str) -> list[Path]:
    if not found:
        raise ReadError(otherwise)
    return found
