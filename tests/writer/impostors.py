"""What lies where rings lie and is none: nobody may open, empty or remove it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from datatools_audit.writer.ringfile import HEADER_BYTES, MAGIC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_JSON_AT = 16


def _link(path: Path, good: bytes) -> None:
    target = path.with_name("target")
    target.write_bytes(good)
    path.symlink_to(target)


def _cut(path: Path, good: bytes) -> None:
    """Leave out what is behind the header's last letter, so that all of its JSON is there."""
    path.write_bytes(good[:HEADER_BYTES].rstrip(b"\0"))


def _begun_by(magic: bytes) -> Callable[[Path, bytes], None]:
    def write(path: Path, good: bytes) -> None:
        path.write_bytes(magic + good[len(MAGIC) :])

    return write


def _told(text: bytes) -> Callable[[Path, bytes], None]:
    def write(path: Path, good: bytes) -> None:
        head = good[:_JSON_AT] + text
        path.write_bytes(head.ljust(HEADER_BYTES, b"\0") + good[HEADER_BYTES:])

    return write


def _changed(**about: object) -> Callable[[Path, bytes], None]:
    """Change the header's fields; None leaves a field out."""

    def write(path: Path, good: bytes) -> None:
        told = json.loads(good[_JSON_AT:HEADER_BYTES].rstrip(b"\0")) | about
        kept = {name: value for name, value in told.items() if value is not None}
        _told(json.dumps(kept).encode())(path, good)

    return write


# Each is a good ring but for what it is called by.
IMPOSTORS: dict[str, Callable[[Path, bytes], None]] = {
    "link": _link,
    "dangling link": lambda path, _: path.symlink_to(path.with_name("nowhere")),
    "folder": lambda path, _: path.mkdir(),
    "fifo": lambda path, _: os.mkfifo(path),
    "empty": lambda path, _: path.touch(),
    "too short": _cut,
    "not ready": _begun_by(bytes(len(MAGIC))),
    "of another form": _begun_by(b"DTARING2"),
    "no text": _told(b"\xff\xfe"),
    "no JSON": _told(b"{'proc': 1}"),
    "half a JSON": _told(b'{"proc":"0a1b2c3d","pid":1,"star'),
    "deep JSON": _told(b'{"a":' * 600),
    "list": _told(b"[]"),
    "number": _told(b"5"),
    "null": _told(b"null"),
    "nothing told": _told(b""),
    "without proc": _changed(proc=None),
    "without pid": _changed(pid=None),
    "without start": _changed(started=None),
    "without folder": _changed(folder=None),
    "without total": _changed(total=None),
    "pid a word": _changed(pid="one"),
    "folder a number": _changed(folder=5),
    "total a list": _changed(total=[]),
}
