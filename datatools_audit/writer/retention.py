"""Which logs may stay: decided by a pure function, carried out by a small one."""

from __future__ import annotations

import datetime
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.writer.spool import local_day, log_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

DAY_SECONDS = 86_400
_NAME = re.compile(r"datatools-.*\.jsonl(\.gz)?", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log as the sweep sees it.

    Attributes:
        name: The file's name in the folder.
        size: Bytes.
        modified: Its mtime, seconds since the epoch.
        changed: Its ctime, likewise: nobody can set it, so it tells what the clock has said.
    """

    name: str
    size: int
    modified: float
    changed: float = 0.0

    @property
    def day(self) -> datetime.date | None:
        """The date in the name, or None."""
        found = _DATE.search(self.name)
        try:
            return datetime.date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None

    def last_day(self) -> datetime.date:
        """The last day on which anything can have happened to it."""
        modified = datetime.date.fromisoformat(local_day(self.modified))
        return max(modified, self.day or modified)


def plan(
    files: Iterable[LogFile], now: float, *, keep_days: int = 7, folder_bytes: int = 1 << 30
) -> tuple[str, ...]:
    """Return the names of the files that have to go, oldest first.

    A file goes when the date in its name, if it has one, and its mtime are both more than
    ``keep_days`` ago; then, oldest first, whatever exceeds ``folder_bytes`` in all. Never
    today's.

    After more than ``keep_days`` in which nothing was written, the clock may have jumped:
    age then counts from the last day before, and from today only tomorrow.

    Args:
        files: The folder's logs.
        now: Seconds since the epoch.
        keep_days: Days.
        folder_bytes: Bytes.
    """
    files = list(files)
    today = datetime.date.fromisoformat(local_day(now))
    others = [f for f in files if not f.name.startswith(log_name(str(today)))]
    if not others:
        return ()
    newest = max(f.last_day() for f in others)
    seen = max((f.changed for f in others if f.changed <= now), default=0.0)
    newest = max(newest, datetime.date.fromisoformat(local_day(seen)))
    reference = today if (today - newest).days <= keep_days else newest
    limit = datetime.timedelta(days=keep_days)
    oldest_first = sorted(others, key=lambda f: (f.day or f.last_day(), f.last_day(), f.name))
    gone = [f for f in oldest_first if reference - f.last_day() > limit]
    excess = sum(f.size for f in files if f not in gone) - folder_bytes
    for file in oldest_first:
        if excess <= 0:
            break
        if file not in gone:
            gone.append(file)
            excess -= file.size
    return tuple(f.name for f in gone)


def list_logs(folder: Path) -> Sequence[LogFile]:
    """Return the folder's logs: plain files of the pattern, links and folders left out.

    Raises:
        OSError: The folder cannot be read.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not _NAME.fullmatch(entry.name):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(status.st_mode):
                found.append(LogFile(entry.name, status.st_size, status.st_mtime, status.st_ctime))
    return found


def sweep(folder: Path, now: float, *, keep_days: int, folder_bytes: int) -> tuple[str, ...]:
    """Apply the plan to the folder; return the names that are gone.

    Raises:
        OSError: The folder cannot be read. A file that cannot be removed stays.
    """
    gone = []
    for name in plan(list_logs(folder), now, keep_days=keep_days, folder_bytes=folder_bytes):
        try:
            (folder / name).unlink()
        except OSError:
            continue
        gone.append(name)
    return tuple(gone)
