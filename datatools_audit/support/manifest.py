"""The manifest of a bundle: what each file must be, what was taken out, what is missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from datatools_audit._version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.support.completeness import Missing
    from datatools_audit.support.contents import Range
    from datatools_audit.support.preview import Preview

FORMAT = "datatools-audit bundle"
FORMAT_VERSION = 1


def manifest(
    preview: Preview,
    files: Mapping[str, bytes],
    *,
    made_at: str,
    app: tuple[object, object],
    note: str,
    redactions: Mapping[str, int],
) -> dict[str, object]:
    """Return the manifest.

    Args:
        preview: What is in ``events.jsonl``.
        files: The other files by name.
        made_at: RFC 3339, UTC.
        app: Its name and version.
        note: The sender's, redacted.
        redactions: By rule, of the whole bundle.

    Returns:
        ``format``, ``format_version``, ``made_at``, ``app``, ``version`` (of the app),
        ``product_version``, ``note``; ``files`` (``bytes`` and ``sha256`` of each);
        ``events``, ``sessions``, ``since``, ``until``; ``processes`` (see ``processes``);
        ``redactions`` by rule; ``left_out``: ``by_choice`` (texts, by group that was ticked
        off), ``oldest`` and ``no_record`` (lines).
    """
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "made_at": made_at,
        "app": app[0],
        "version": app[1],
        "product_version": __version__,
        "note": note,
        "files": {name: described(data) for name, data in sorted(files.items())},
        "events": preview.events,
        "sessions": list(preview.sessions),
        "since": preview.since,
        "until": preview.until,
        "processes": processes(preview.ranges),
        "redactions": dict(redactions),
        "left_out": {
            "by_choice": dict(preview.left_out),
            "oldest": preview.oldest_left_out,
            "no_record": preview.no_record,
        },
    }


def described(data: bytes) -> dict[str, object]:
    """Return what the manifest says of a file."""
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def processes(ranges: tuple[Range, ...]) -> list[dict[str, object]]:
    """Return what there is of each process.

    Returns:
        For each ``proc``, ``first`` and ``last`` ``seq``, ``events``; ``missing`` and ``gaps``:
        how many numbers between are in no log, and the first 100 ranges of them; ``left_out``
        and ``left_out_ranges``: likewise of those that the log has and the bundle not.
    """
    return [
        {
            "proc": each.proc,
            "first": each.first,
            "last": each.last,
            "events": each.events,
            "missing": each.missing,
            "gaps": [list(gap) for gap in each.gaps],
            "left_out": each.left_out,
            "left_out_ranges": [list(gap) for gap in each.left_out_ranges],
        }
        for each in ranges
    ]


def missing_of(manifest: Mapping[str, Any]) -> dict[str, Missing]:
    """Return what a manifest that fits its bundle says is missing of each process."""
    return {
        told["proc"]: (told["missing"], [(first, last) for first, last in told["gaps"]])
        for told in manifest["processes"]
    }
