"""A secret of this installation, for pseudonyms; it stays on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import TYPE_CHECKING

from datatools_audit.writer.spool import make_folder

if TYPE_CHECKING:
    from pathlib import Path

NAME = "pseudonym.key"
_BYTES = 32


def installation_key(folder: Path, *, owned: bool) -> bytes:
    """Return the key beside the logs of that folder, made at the first call.

    Args:
        folder: Of the logs.
        owned: Whether it has to be this user's own; see ``make_folder``.

    It is never in a log nor in what is handed over. Several processes have the same one.
    Reads the disk, which may hang: not for a thread that anybody waits for.

    Raises:
        OSError: The folder cannot be written, or something else stands in the key's place.
    """
    path = folder / NAME
    try:
        return _read(path)
    except FileNotFoundError:
        make_folder(folder, owned=owned)
    draft = folder / f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            os.write(handle, secrets.token_bytes(_BYTES))
        finally:
            os.close(handle)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all; the first one wins
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    try:
        is_plain = stat.S_ISREG(os.fstat(handle).st_mode)
        key = os.read(handle, _BYTES + 1) if is_plain else b""
    finally:
        os.close(handle)
    if len(key) != _BYTES:
        raise OSError(f"{path.name} is no key")
    return key
