"""Whether a bundle is what its manifest says."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import orjson

from datatools_audit.support.contents import contents
from datatools_audit.support.manifest import FORMAT, FORMAT_VERSION, described, processes

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1 << 30
_NAMES = frozenset({"README.txt", "environment.json", "events.jsonl", "manifest.json"})


def verify(data: bytes) -> list[str]:
    """Return a sentence for each thing of a bundle that does not fit its manifest.

    Args:
        data: The zip.

    It finds what was changed, lost or added since, by accident; who changes a file on purpose
    can change the manifest too. Never raises an ``Exception``. Threads: any.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if len(names) != len(set(names)):
                return ["Two files have the same name."]
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                return [f"Unpacked it has more than {MOST_BYTES:,} bytes."]
            files = {name: archive.read(name) for name in names}
    except Exception as error:  # zipfile raises many kinds, of zlib, struct and its own
        return [f"It is no zip that can be unpacked: {type(error).__name__}."]
    try:
        return list(_misfits(files))
    except Exception as error:  # it may hold anything in any place
        return [f"manifest.json is not one of a bundle: {type(error).__name__}."]


def _misfits(files: dict[str, bytes]) -> Iterator[str]:
    if "manifest.json" not in files:
        yield "manifest.json is missing."
        return
    told = orjson.loads(files["manifest.json"])
    if (told["format"], told["format_version"]) != (FORMAT, FORMAT_VERSION):
        yield "The manifest has another format."
        return
    expected = told["files"]
    for name in sorted((_NAMES | expected.keys()) - {"manifest.json"}):
        if name not in files:
            yield f"{name!a} is missing."
        elif name not in expected:
            yield f"{name!a} is not in the manifest."
        else:
            yield from _misfits_of(name, expected[name], described(files[name]))
    for name in sorted(files.keys() - expected.keys() - _NAMES):
        yield f"{name!a} does not belong to it."
    if "events.jsonl" in files:
        yield from _misfits_of_events(told, files["events.jsonl"])


def _misfits_of(name: str, told: dict[str, object], found: dict[str, object]) -> Iterator[str]:
    if told["bytes"] != found["bytes"]:
        yield f"{name} has {found['bytes']:,} bytes, not the {told['bytes']!a} of the manifest."
    elif told["sha256"] != found["sha256"]:
        yield f"{name} has another SHA-256 than the manifest says."


def _misfits_of_events(told: dict[str, Any], data: bytes) -> Iterator[str]:
    if data and not data.endswith(b"\n"):
        yield "events.jsonl ends in the middle of a line."
    try:
        found = contents(data.splitlines(keepends=True))
    except Exception:  # nested too deep, for one
        yield "events.jsonl has a line that is no record."
        return
    facts: dict[str, object] = {
        "events": found.events,
        "sessions": list(found.sessions),
        "since": found.since,
        "until": found.until,
    }
    if [*map(_numbered, told["processes"])] != [*map(_numbered, processes(found.ranges))]:
        yield "The manifest's processes are not those of events.jsonl."
    for name, fact in facts.items():
        if told[name] != fact:
            yield f"The manifest's {name} are not those of events.jsonl."


def _numbered(process: dict[str, Any]) -> tuple[object, ...]:
    """Return what of a process the events alone can tell."""
    not_here = process["missing"] + process["left_out"]
    return (*(process[name] for name in ("proc", "first", "last", "events")), not_here)
