"""Where a report's records come from, and what a support bundle says of itself."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from datatools_audit.reading.wording import clean
from datatools_audit.support.manifest import missing_of
from datatools_audit.support.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit.support.completeness import Missing

_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where records come from.

    Attributes:
        name: What it is called: the file's name.
        is_bundle: Whether it is a support bundle.
        redactions: How often each rule has replaced something before it came here; None where
            nothing was redacted.
        note: What the sender says to it.
        environment: What the app ran on; empty where that is not told.
        missing: How many records of each process are missing as the bundle says, and the first
            ranges; None where it does not say.
        misfits: What of it does not fit its manifest, in sentences.
    """

    name: str
    is_bundle: bool = False
    redactions: Mapping[str, int] | None = None
    note: str = ""
    environment: Mapping[str, object] = field(default_factory=dict)
    missing: Mapping[str, Missing] | None = None
    misfits: tuple[str, ...] = ()


def of_bundle(name: str, path: Path) -> Origin:
    """Return what a bundle says of itself, as far as it fits its manifest.

    Raises:
        OSError: It cannot be read.
    """
    misfits = verify(path.read_bytes())
    manifest, environment = _told(path, "manifest.json"), _told(path, "environment.json")
    note, counted = manifest.get("note"), manifest.get("redactions")
    rules = counted if isinstance(counted, Mapping) else {}
    return Origin(
        name,
        is_bundle=True,
        redactions={clean(k, 40): n for k, n in rules.items() if type(n) is int},
        note=note if isinstance(note, str) else "",
        environment=environment,
        missing=None if misfits else missing_of(manifest),
        misfits=tuple(misfits),
    )


def _told(path: Path, name: str) -> dict[str, Any]:
    # The file may be anything; what is wrong with it is what ``verify`` tells.
    with contextlib.suppress(Exception), zipfile.ZipFile(path) as archive:
        if archive.getinfo(name).file_size <= _MOST_BYTES:
            found = orjson.loads(archive.read(name))
            return found if isinstance(found, dict) else {}
    return {}
