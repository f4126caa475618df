"""Which files a widget has, as the records come, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from datatools_audit.reading.ordering import text
from datatools_audit.support.reproduce.steps import File, Widget
from datatools_audit.support.reproduce.uploads import fingerprint_in, is_of_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Record = Mapping[str, object]
    SetFiles = Callable[[tuple[File, ...]], None]


@dataclass
class Held:
    """Hears of uploads and fingerprints."""

    _files: dict[Widget, list[File]] = field(default_factory=dict)
    _widget: Widget | None = None
    _count: int = 0
    _set: SetFiles | None = None
    _known: dict[str, dict[str, object]] = field(default_factory=dict)
    _of_frames: dict[str, dict[str, object]] = field(default_factory=dict)
    _newest: list[File] = field(default_factory=list)

    def use(self, widget: Widget, record: Record, set_files: SetFiles) -> None:
        """A widget has other files now; which ones is told by the records that follow.

        Args:
            widget: The one.
            record: Its record, which says how many files it has now.
            set_files: Is given the files whenever more is known.
        """
        self._widget, self._set, self._count = widget, set_files, _count(record.get("new"))
        self._newest = []
        if widget.kind == "chat_input":  # a message takes its files along
            self._files[widget] = []
        self._tell()

    def note(self, record: Record) -> None:
        """Take a record into account that is no widget's."""
        if record.get("category") == "upload" and "upload_id" in record:
            self._hear_upload(record)
        elif told := fingerprint_in(record):
            self._hear_fingerprint(record, told)

    def known(self, file: File) -> File:
        """Return a file with all that was told of it."""
        told = self._known.get(file.id, {}) | self._of_frames.get(file.id, {})
        return replace(file, told=told)

    def _hear_upload(self, record: Record) -> None:
        size = record.get("bytes")
        file = File(
            text(record, "upload_id"),
            text(record, "filename") or "file",
            text(record, "type") or "application/octet-stream",
            size if type(size) is int and size >= 0 else 0,
        )
        if self._widget is None:
            return
        files = self._files.setdefault(self._widget, [])
        if record.get("phase") == "removed":
            files[:] = [each for each in files if each.id != file.id]
        elif record.get("phase") == "used":
            files.append(file)
            self._newest.append(file)
        self._tell()

    def _hear_fingerprint(self, record: Record, told: dict[str, object]) -> None:
        """Find the file that a fingerprint is of: of that name, of that size, the next one."""
        kept = self._of_frames if is_of_frame(told) else self._known
        free = [file for file in self._newest if file.id not in kept]
        if not is_of_frame(told):
            free = [file for file in free if file.size == record.get("bytes")]
        named = [file for file in free if file.name in record.values()]
        for file in (named or free)[:1]:
            kept[file.id] = told

    def _tell(self) -> None:
        if self._widget is not None and self._set is not None:
            files = self._files.setdefault(self._widget, [])
            self._set(tuple(files[-self._count :]) if self._count else ())


def _count(new: object) -> int:
    """Return how many files a widget has, as its record says."""
    if isinstance(new, list):
        return len(new)
    if not isinstance(new, dict):
        return 0
    name = "files" if "files" in new else "length"
    count = new.get(name, 1)
    return count if type(count) is int else 1
