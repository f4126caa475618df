"""The log's bytes as they are handed over, and the record of it."""

from __future__ import annotations

import gzip
import os
import stat
from typing import TYPE_CHECKING

from datatools_audit import audit_log_dir, audit_log_path, flush_audit_log
from datatools_audit.reading.query import Filter
from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import log_name
from streamlit_ext.diagnostics.source import HAND_OVER_SECONDS, within

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from datatools_audit.context import Session
    from streamlit_ext.diagnostics.source import Source

FLUSH_SECONDS = 5.0


def file_name(source: Source) -> str:
    """Return the name of what is handed over: the log's own, or that of a session's extract."""
    path = audit_log_path()
    name = log_name(source.days[0]) if len(source.days) == 1 else path.name
    if source.access.sees_all:
        return name
    return f"{name.removesuffix('.jsonl')}.extract-{source.access.own}.jsonl"


def record_hand_over(source: Source, asking: Session) -> None:
    """Record that the log, or a session's extract of it, was handed over."""
    scope = "all" if source.access.sees_all else "session"
    _record("Handed over the log", {"scope": scope, "filename": file_name(source)}, asking)


def record_rows(count: int, filename: str, asking: Session) -> None:
    """Record that rows of the table were handed over."""
    _record("Handed over rows of the log", {"filename": filename, "events": count}, asking)


def record_bundle(fields: Mapping[str, object], asking: Session) -> None:
    """Record that a support bundle was handed over: what of the log was in it."""
    _record("Handed over a support bundle", fields, asking)


def _record(message: str, fields: Mapping[str, object], asking: Session) -> None:
    if recorder.records("no-events"):
        recorder.emit("info", "download", message, fields, {}, asking)


def log_bytes(source: Source) -> bytes:
    """Return the file's bytes, or the visitor's own lines out of it, byte for byte.

    Raises:
        LogUnavailableError: See ``within``.
    """
    flush_audit_log(FLUSH_SECONDS)
    if source.access.sees_all:
        name = file_name(source)
        return within(HAND_OVER_SECONDS, lambda: _whole(audit_log_dir() / name))
    wanted = Filter(days=source.days[:1], sessions=(source.access.own,))
    return source.ask(lambda view: b"".join(view.lines(wanted)), seconds=HAND_OVER_SECONDS)


def _whole(path: Path) -> bytes:
    """Return a day's bytes: what is packed of it, unpacked, and behind it what is not."""
    packed = path.with_name(path.name + ".gz")
    if is_plain_file(packed):
        with gzip.open(packed) as stream:
            before, behind = stream.read(), _plain(path)
        is_cut = behind and not before.endswith(b"\n")
        return before + b"\n" * bool(is_cut) + behind
    return _plain(path)


def is_plain_file(path: Path) -> bool:
    """Tell whether there is a plain file, and no link to one."""
    return os.path.lexists(path) and stat.S_ISREG(path.lstat().st_mode)


def _plain(path: Path) -> bytes:
    if not os.path.lexists(path):
        return b""
    if not is_plain_file(path):
        raise OSError("in its place is something that is no plain file")
    return path.read_bytes()
