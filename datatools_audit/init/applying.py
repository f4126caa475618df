"""Brings changes of files to the disk: each whole or not at all, and all or none of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Change:
    """A file that becomes another.

    Attributes:
        path: Where it lies, links resolved.
        before: Its bytes; None where there is none yet.
        after: Its bytes from then on; None where it goes.
        with_folder: Whether its folder is made for it, or goes with it if it is empty then.
    """

    path: Path
    before: bytes | None
    after: bytes | None
    with_folder: bool = False


def refusal(path: Path) -> str | None:
    """Return why a file is not written to, as the end of a sentence; None if it may be."""
    told = path.lstat()
    if not stat.S_ISREG(told.st_mode):
        return "is no plain file"
    if not told.st_mode & 0o222 or not os.access(path, os.W_OK):
        return "is read-only"
    if told.st_nlink > 1:
        return "has another name too, a hard link"
    return None


def apply(changes: Sequence[Change]) -> None:
    """Write the changes; where one fails, those before it are taken back.

    Raises:
        AuditError: A file is not what it was any more, or cannot be written. Nothing has changed.
    """
    staged: list[Path | None] = []
    done: list[Change] = []
    try:
        for change in changes:
            if _read(change.path) != change.before:
                raise AuditError(f"{change.path} has changed meanwhile; nothing was written")
        staged.extend(map(_staged, changes))  # those before one that fails are in it
        for change, temporary in zip(changes, staged, strict=True):
            _put(change, temporary)
            done.append(change)
    except BaseException as error:  # Ctrl-C too
        _take_back(done)
        if not isinstance(error, OSError):
            raise
        where = error.filename or "the app"
        raise AuditError(
            f"{where} cannot be written: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        for change, temporary in zip(changes, staged, strict=False):
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            if change.with_folder:
                _drop_folder(change)


def _take_back(done: Sequence[Change]) -> None:
    for change in reversed(done):
        back = Change(change.path, change.after, change.before, with_folder=change.with_folder)
        _put(back, _staged(back))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _staged(change: Change) -> Path | None:
    """Write the new bytes beside the file, with its mode and owner."""
    if change.after is None:
        return None
    if change.with_folder:
        change.path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=change.path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(change.after)
            target.flush()
            os.fsync(target.fileno())
        if change.before is None:
            temporary.chmod(0o666 & ~_umask())
        else:
            _like(temporary, change.path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _like(temporary: Path, path: Path) -> None:
    told = path.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only root may give a file away
            os.chown(temporary, told.st_uid, told.st_gid)
    shutil.copystat(path, temporary)
    os.utime(temporary)  # Streamlit looks at the time to see that it has changed


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _put(change: Change, temporary: Path | None) -> None:
    if temporary is not None:
        temporary.replace(change.path)
        return
    change.path.unlink()
    if change.with_folder:
        _drop_folder(change)


def _drop_folder(change: Change) -> None:
    """Remove a folder that is empty; one that has something in it stays."""
    with contextlib.suppress(OSError):
        change.path.parent.rmdir()
