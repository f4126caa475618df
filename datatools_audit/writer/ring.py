"""The memory in which lines wait: a file without a disk, which outlives the process."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.lock import Lock
from datatools_audit.writer import ringfile
from datatools_audit.writer.filelock import own
from datatools_audit.writer.flags import flags
from datatools_audit.writer.ringfile import HEADER_BYTES, LONGEST_LINE, RECORDS_AT, SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Here, and not where it is used: a fork amid an import leaves the child a lock that nobody frees.
try:
    import _posixshmem
except ImportError:  # no Unix
    _posixshmem = None

EVERYTHING = 1 << 62
_FIRST_BYTES = 512 * 1024
_NEXT_BYTES = 1 << 20
_PAGES_AT_ONCE = 32
_POPULATE_WRITE = 23  # MADV_POPULATE_WRITE: pages as a write finds them, their bytes unchanged
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL
_ZEROS = memoryview(bytes(ringfile.HELD_BYTES))


def own_rings() -> set[Path]:
    """Return the files of this process's rings. A look at one of them would free its lock."""
    return shared("rings", set)


class Ring:
    """Bytes at positions that only grow, the last ``capacity`` of them in memory.

    Two parts: the ring itself, and behind the header a place for the batch that is being
    written. What is free is zero, so whatever is not zero waits to be written, and a copy
    that was cut short by the process's end has a zero in it, which no line has. A line
    that reaches the ring's end runs over into some slack; the next begins where it would
    have anyway.

    Args:
        capacity: Bytes for lines.
        why_off: Why nothing outlives the process, in one line.

    Attributes:
        capacity: Bytes for lines.
        memory: The mapping. Lines begin at ``RECORDS_AT``.
        ready: The position up to which there is memory. The file's space is reserved before
            it is used: a page of a mapping for which a full file system has no room kills
            the process.
        maker: The thread that is at work in ``make_ready``, or None.
        settled: How many lines the log has got.
        path: The file; None while there is none.
        why_off: Why nothing outlives the process, in one line, or None.

    Threads: ``make_ready`` from any, also from a signal handler. The rest under the
    queue's lock, or from the worker.
    """

    def __init__(self, capacity: int, why_off: str | None = "switched off") -> None:
        self.capacity = capacity
        self.memory: mmap.mmap = None  # type: ignore[assignment]
        self.ready = 0
        self.path: Path | None = None
        self.why_off = why_off
        self._total = RECORDS_AT + self.capacity + LONGEST_LINE
        self._making = Lock()
        self.maker: int | None = None
        self._held_at = HEADER_BYTES
        self.settled = 0
        self._touched = 0

    def make_ready(self, end: int) -> bool:
        """Have memory up to a position; tell whether there is, or will be in a moment."""
        with self._making:
            if self.maker is not None:  # this is a signal handler, which has interrupted the making
                return True
            self.maker = threading.get_ident()
            try:
                return self.ready >= end or self._make(end)
            finally:
                self.maker = None

    def _make(self, _end: int) -> bool:
        self.memory = mmap.mmap(-1, self._total)
        self.ready = EVERYTHING
        return True

    def place(self, start: int, data: bytes) -> None:
        """Put whole lines at a position."""
        done = 0
        while done < len(data):
            at = (start + done) % self.capacity
            # The line that reaches the ring's end goes on behind it.
            stop = data.find(b"\n", done + self.capacity - 1 - at) + 1
            part = data[done : stop or len(data)]
            self.memory[RECORDS_AT + at : RECORDS_AT + at + len(part)] = part
            done += len(part)

    def read(self, start: int, end: int) -> bytes:
        """Return what is between two positions; the first is that of a line."""
        return b"".join(self.memory[first:last] for first, last in self._spans(start, end))

    def clear(self, start: int, end: int) -> None:
        """Make zero what is between the positions of two lines."""
        for first, last in list(self._spans(start, end)):
            for at in range(first, last, len(_ZEROS)):
                size = min(last - at, len(_ZEROS))
                self.memory[at : at + size] = _ZEROS[:size]

    def _spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while start < end:
            at = RECORDS_AT + start % self.capacity
            stop = at + end - start
            wrap = RECORDS_AT + self.capacity
            if stop > wrap:
                stop = min(stop, self.memory.find(b"\n", wrap - 1) + 1)
            yield at, stop
            start += stop - at

    def first_line(self, start: int) -> bytes:
        """Return the line at a position."""
        at = RECORDS_AT + start % self.capacity
        return self.memory[at : self.memory.find(b"\n", at) + 1]

    def hold(self, batch: bytes) -> None:
        """Keep a copy of the batch that is about to be written."""
        self._held_at = HEADER_BYTES
        self.memory[HEADER_BYTES : HEADER_BYTES + len(batch)] = batch

    def settle(self, size: int, lines: int) -> None:
        """Forget the first bytes of the batch: they are written."""
        self.memory[self._held_at : self._held_at + size] = _ZEROS[:size]
        self._held_at += size
        self.settled += lines
        SETTLED.pack_into(self.memory, ringfile.SETTLED_AT, self.settled)

    def touch_some(self) -> bool:
        """Have some more pages in place before a caller needs them; tell whether some were not.

        Few at a time, since a caller waits for the GIL meanwhile.
        """
        start = self._touched
        if start >= self._total or self.ready < EVERYTHING:
            return False
        self._touched = start + _PAGES_AT_ONCE * mmap.PAGESIZE
        size = min(self._touched, self._total) - start
        try:
            self.memory.madvise(_POPULATE_WRITE, start, size)
        except (AttributeError, OSError, ValueError):  # no Linux, or one before 5.14
            _ = self.memory[start : start + size : mmap.PAGESIZE]
        return True

    @property
    def is_lost(self) -> bool:
        """Whether there was a file, and somebody has removed it."""
        return False

    def release(self) -> None:
        """Remove the file, if there is one: everything is written, or is to be forgotten."""

    def abandon(self) -> None:
        """Leave the file to a later process, or to the parent of this one."""


class FlightRing(Ring):
    """A ring in a file that outlives the process: the flight recorder.

    Made at the first line, in shared memory, by the caller: no disk is asked, and 512 KiB
    are reserved at once, the rest by the worker. Or made in a folder, by the worker.

    Args:
        proc: The process's ``proc``; names the file.
        folder: Returns the folder of the logs.
        capacity: Bytes for lines.
    """

    def __init__(self, proc: str, folder: Callable[[], Path], capacity: int) -> None:
        super().__init__(capacity, "not begun")
        self._proc = proc
        self._folder = folder
        self._handle: int | None = None
        self._reserved = 0
        self._is_over = False

    @property
    def handle(self) -> int | None:
        """The open file, at whose end a crash may be written."""
        return self._handle

    def open_in(self, place: Path) -> None:
        """Make the file in a folder on a disk, with all its space.

        Raises:
            OSError: It cannot be had.
        """
        handle = self._open(place, _open_file)
        try:
            self._reserve_up_to(EVERYTHING, handle)
        except BaseException:
            self.release()
            raise

    def _make(self, end: int) -> bool:
        if self._is_over or sys.platform != "linux":
            return False
        try:
            handle = self._handle
            if handle is None:
                handle = self._open(ringfile.SHARED_MEMORY, _open_memory)
            self._reserve_up_to(end, handle)
        except Exception as error:  # no shared memory, or no space left in it
            self.why_off = f"{type(error).__name__}: {error}"
            return False
        return True

    def _open(self, place: Path, opened: Callable[[Path], int]) -> int:
        path = place / ringfile.ring_name(self._proc)
        own_rings().add(path)  # before there is a file: a look by our own worker frees its lock
        handle = -1
        try:
            handle = opened(path)
            if own(handle) is False:
                raise OSError(errno.EAGAIN, "the ring is somebody else's", str(path))
            os.ftruncate(handle, self._total)
            self._reserved = min(RECORDS_AT + _FIRST_BYTES, self._total)
            _reserve(handle, 0, self._reserved)
            made = mmap.mmap(handle, self._total)
            head = ringfile.header(self._proc, self._folder(), self._total)
            made[ringfile.SETTLED_AT : HEADER_BYTES] = head
            made[: len(ringfile.MAGIC)] = ringfile.MAGIC
        except BaseException as error:
            own_rings().discard(path)
            with contextlib.suppress(OSError):
                if not isinstance(error, FileExistsError):
                    path.unlink()
            if handle >= 0:
                os.close(handle)
            raise
        self._handle, self.path, self.memory, self.why_off = handle, path, made, None
        self._count_ready()
        return handle

    def _reserve_up_to(self, end: int, handle: int) -> None:
        while self.ready < end:
            size = min(_NEXT_BYTES, self._total - self._reserved)
            _reserve(handle, self._reserved, size)
            self._reserved += size
            self._count_ready()

    def _count_ready(self) -> None:
        is_all = self._reserved == self._total
        self.ready = EVERYTHING if is_all else self._reserved - RECORDS_AT

    @property
    def is_lost(self) -> bool:
        """Whether there was a file, and somebody has removed it."""
        with self._making:
            return self._handle is not None and os.fstat(self._handle).st_nlink == 0

    def release(self) -> None:
        """Remove the file: everything is written, or is to be forgotten."""
        with self._making:  # else the number that more room is asked for may be another file's
            if self.path is not None:
                with contextlib.suppress(OSError):
                    self.path.unlink()
            self.abandon()

    def abandon(self) -> None:
        """Leave the file to a later process, or to the parent of this one."""
        self._is_over = True
        if self.path is not None:
            own_rings().discard(self.path)
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = None


def _open_memory(path: Path) -> int:
    # Not `open`: what a caller's thread asks here is the kernel's memory, never a disk.
    if _posixshmem is None:
        raise OSError(errno.ENOSYS, "no shared memory on this system")
    return int(_posixshmem.shm_open("/" + path.name, _NEW, 0o600))


def _open_file(path: Path) -> int:
    return os.open(path, flags(_NEW), 0o600)


def _reserve(handle: int, start: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, start, size)
        return
    os.lseek(handle, start, os.SEEK_SET)
    while size > 0:
        size -= os.write(handle, bytes(min(size, _NEXT_BYTES)))
