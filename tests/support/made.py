"""Records as the parts of the library write them, and a bundle's files."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from datatools_audit.record.encode import encode
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.bundle import Choice, Preview, preview

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SESSION = "a1b2c3d4"
PROC = "9f3e12ab"
OTHER_PROC = "0000aaaa"
NAMES = [
    *("README.txt", "environment.json", "events.jsonl", "manifest.json", "report.html"),
    "steps.txt",
]


def moment(second: int) -> str:
    """Return the ``ts`` of a second after two o'clock."""
    return f"2026-05-19T14:{second // 60 % 60:02}:{second % 60:02}.000+00:00"


def line(
    seq: int,
    category: str,
    message: object,
    *,
    level: str = "info",
    session: str = SESSION,
    proc: str = PROC,
    page: str | None = "upload",
    fields: Mapping[str, object] | None = None,
    **extra: object,
) -> bytes:
    """Return the line of a record."""
    ts = moment(seq)
    return encode(ts, level, category, session, message, proc, seq, page, fields or {}, extra)


def session_lines() -> list[bytes]:
    """Return what a short session leaves: each kind of record that a bundle treats apart."""
    traceback = 'Traceback (most recent call last):\n  File "shop.py", line 4\nValueError: bad cell'
    action = {"action_id": "8f5ff5eb", "parent_id": None}
    failed = {"exc_type": "ValueError", "exc_message": "bad cell of anna@shop.example"}
    return [
        line(1, "session", "Session started", page=None, fields={"app": "Shop", "version": "2.1"}),
        line(2, "nav", "Opened upload", fields={"page": "upload", "title": "Upload a table"}),
        line(
            3,
            "upload",
            "Uploaded customers.csv",
            fields={"phase": "received", "filename": "customers.csv", "bytes": 24813},
        ),
        line(
            4,
            "widget",
            "Changed Your name",
            fields={
                "kind": "text_input",
                "label": "Your name",
                "key": "key-of-name",
                "new": "Anna",
            },
        ),
        line(5, "analyze", "analyze started", fields={"phase": "start", **action}),
        line(
            6,
            "analyze",
            "analyze failed: ValueError",
            level="warning",
            fields={"phase": "end", **action, "outcome": "error", "duration_ms": 12.5, **failed},
        ),
        line(
            7,
            "error",
            "Uncaught in upload: ValueError: bad cell of anna@shop.example",
            level="error",
            fields=failed | {"traceback": traceback, "support_code": "E-H8ME3S"},
        ),
        line(
            8,
            "log",
            "cannot read customers.csv for anna@shop.example",
            level="warning",
            fields={"logger": "shop", "where": "shop:15"},
        ),
        line(9, "order", "Order placed", customer="bob@shop.example", rows=3),
    ]


def previewed(lines: Iterable[bytes], **choice: Any) -> Preview:
    """Return the preview with a redactor of its own."""
    return preview(lines, Redactor(), Choice(**choice))


def records(found: Preview) -> list[dict[str, Any]]:
    """Return the records that will leave."""
    return [json.loads(each) for each in found.events_jsonl.splitlines()]


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()
