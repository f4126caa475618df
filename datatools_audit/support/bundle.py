"""The support bundle: one zip that a person can hand over.

``preview`` says what will leave, ``pack`` makes the zip of it. The files in it are always
``README.txt``, ``environment.json``, ``events.jsonl``, ``report.html``, ``steps.txt`` and
``manifest.json``; no name in it is taken from what was recorded.
"""

from __future__ import annotations

import io
import time
import zipfile
from functools import partial
from typing import TYPE_CHECKING, cast

import orjson

from datatools_audit.record import strict
from datatools_audit.record.coerce import coerce
from datatools_audit.record.stamp import Stamps
from datatools_audit.record.text import cut_text
from datatools_audit.support.contents import Range
from datatools_audit.support.manifest import manifest
from datatools_audit.support.preview import Choice, Preview, preview
from datatools_audit.support.readme import readme
from datatools_audit.support.redacting import Redacts, counted_since, mapped
from datatools_audit.support.steplist import step_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.record.stamp import Clock

__all__ = ["Choice", "Preview", "Range", "Redacts", "files", "pack", "preview", "zipped"]

ENVIRONMENT_BYTES = 256 * 1024
NOTE_BYTES = 8 * 1024
FAILED = "<left out: a redaction rule failed>"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_PLAIN_FILE = 0o100600 << 16
_UNIX = 3
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def pack(
    preview: Preview,
    environment: Mapping[str, object],
    *,
    note: str = "",
    clock: Clock = time.time_ns,
) -> bytes:
    """Return the zip. The same arguments at the same moment make the same bytes.

    Args:
        preview: What may leave of the events.
        environment: What ``environment()`` tells, or any mapping; it is bounded to 256 KiB.
        note: What the sender says to it, up to 8 KiB; it stands in ``manifest.json``, its
            beginning in ``README.txt`` too.
        clock: Tells when it is made.

    Environment and note pass the preview's redactor here, and nowhere before, so that nothing
    can be packed that has not; where it fails a note stands in the text's place. Never raises
    because of what was recorded.
    Threads: one at a time for a preview.
    """
    return zipped(files(preview, environment, note=note, clock=clock))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of a bundle's files, as ``files`` gives them; the same makes the same."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def files(
    preview: Preview,
    environment: Mapping[str, object],
    *,
    note: str = "",
    clock: Clock = time.time_ns,
) -> dict[str, bytes]:
    """Return the files of the bundle by name, as they are packed; see ``pack``."""
    from datatools_audit.support.report.enclosed import enclosed

    redactor = preview.redactor
    before = dict(redactor.counts)
    told = _redacted(dict(environment), redactor)
    said = _text(cut_text(note, NOTE_BYTES)[0], redactor)
    redactions = counted_since(before, redactor)
    both = {
        rule: preview.redactions.get(rule, 0) + redactions.get(rule, 0)
        for rule in sorted(preview.redactions.keys() | redactions.keys())
    }
    app = (told["app"], told.get("version")) if isinstance(told.get("app"), str) else preview.app
    made_at = Stamps(clock)()
    found = {
        "README.txt": readme(preview, both, app=app, note=said).encode(),
        "environment.json": _json(told),
        "events.jsonl": preview.events_jsonl,
        "report.html": enclosed(preview, told, note=said, redactions=both, made_at=made_at),
        "steps.txt": step_list(preview.events_jsonl).encode(),
    }
    of_all = manifest(preview, found, made_at=made_at, app=app, note=said, redactions=both)
    return found | {"manifest.json": _json(of_all)}


def _redacted(environment: dict[str, object], redactor: Redacts) -> dict[str, object]:
    plain, was_cut = coerce(environment, ENVIRONMENT_BYTES)
    redact = partial(_text, redactor=redactor)
    told = cast("dict[str, object]", mapped(_values(plain, redactor), str, redact))
    return told | {"truncated": True} if was_cut else told


def _values(plain: object, redactor: Redacts) -> object:
    """Return it with its texts redacted, with heed to the names of their fields."""
    try:
        return redactor.record({"environment": plain})["environment"]
    except Exception:  # what is not redacted does not leave
        return mapped(plain, partial(_text, redactor=redactor), str)


def _text(text: str, redactor: Redacts) -> str:
    try:
        return redactor.text(text)
    except Exception:  # what is not redacted does not leave
        return FAILED


def _json(value: object) -> bytes:
    return strict.escaped(strict.dumps(value, None, _READABLE))
