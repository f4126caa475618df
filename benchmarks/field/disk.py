"""A disk that hangs, the same for every contestant.

A file that a kernel really blocks on (a FIFO that nobody reads) is not open to all: a log may
rightly refuse anything but a plain file. So the calls themselves are replaced in the child,
before the contestant is set up, and for its folder only: ``open`` in ``builtins``, ``io`` and
``os``, and below them ``os.write`` with its kin and the ``write`` of the raw file under each
buffered and text file, which is where all contestants come down to the disk. Whoever calls
waits without the GIL, as in a real ``write``, and never comes back; only killing helps. Each
call that is caught is counted, and a row without one says so. What this cannot catch is a
write from C++ that goes around Python's files; none here makes one.
"""

from __future__ import annotations

import builtins
import io
import os
import threading
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

_WRITES = ("write", "writev", "pwrite", "pwritev")


class HungDisk:
    """Stands between a folder and everybody who opens or writes a file in it.

    Args:
        folder: The folder that hangs.
        call: Which of the two hangs; the other one works.
        caught: Counts the calls that hang.
    """

    def __init__(self, folder: Path, call: Literal["open", "write"], caught: memoryview) -> None:
        self._folder = os.path.realpath(folder) + os.sep
        self._call = call
        self._caught = caught
        self._handles: set[int] = set()
        self._os_open, self._io_open = os.open, io.open

    def hang(self) -> None:
        """Put it in place; there is no way back in this process."""
        os.open = self._opened
        io.open = builtins.open = self._opened_file  # type: ignore[assignment]
        for name in _WRITES:
            if hasattr(os, name):
                setattr(os, name, self._guarded(getattr(os, name)))

    def wait(self) -> None:
        """Count the call and wait for ever."""
        self._caught[0] += 1
        threading.Event().wait()

    def _is_inside(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.realpath(os.fsdecode(path)).startswith(self._folder)

    def _opened(self, path: Any, *args: Any, **kwargs: Any) -> int:
        inside = self._is_inside(path)
        if inside and self._call == "open":
            self.wait()
        handle = self._os_open(path, *args, **kwargs)
        (self._handles.add if inside else self._handles.discard)(handle)
        return handle

    def _guarded(self, write: Any) -> Any:
        def guarded(handle: int, *args: Any) -> Any:
            if self._call == "write" and handle in self._handles:
                self.wait()
            return write(handle, *args)

        return guarded

    def _opened_file(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if not self._is_inside(file):
            return self._io_open(file, mode, *args, **kwargs)
        if self._call == "open":
            self.wait()
        if not set(mode) & set("wax"):
            return self._io_open(file, mode, *args, **kwargs)
        return self._hung_file(file, mode, *args, **kwargs)

    def _hung_file(
        self,
        file: Any,
        mode: str,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        **_rare: Any,
    ) -> Any:
        """Build what `open` would, upon a raw file whose writes hang."""
        raw = _HungRaw(file, mode.replace("b", "").replace("t", ""))
        raw.disk = self
        if buffering == 0:
            return raw
        buffer = io.BufferedWriter(raw)
        if "b" in mode:
            return buffer
        return io.TextIOWrapper(buffer, encoding or "utf-8", errors, newline, buffering == 1)


class _HungRaw(io.FileIO):
    disk: HungDisk

    def write(self, _data: Any, /) -> int:
        self.disk.wait()
        return 0
