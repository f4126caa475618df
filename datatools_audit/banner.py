"""What the record `Session started` says of the machine, without reading a disk."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from datatools_audit._version import __version__
from datatools_audit.machine import machine
from datatools_audit.paths import shown_path

if TYPE_CHECKING:
    from pathlib import Path

PSEUDONYM = "<user-1>"


def banner(
    log_file: Path, app: tuple[str | None, str | None], *, root: str | None, identity: bool
) -> dict[str, object]:
    """Return the banner's fields.

    Args:
        log_file: Today's log.
        app: Name and version of the app; left out where unknown.
        root: The app's folder.
        identity: Whether the user's name and whole paths may stand in it.

    Returns:
        ``app`` and ``version`` of the app; ``product_version``, ``streamlit`` and
        ``python`` as versions; ``platform``; ``timezone``; ``user``, ``cwd`` and
        ``log_file``, as pseudonym and short paths unless ``identity``.
    """
    named = {"app": app[0], "version": app[1]}
    return {
        **{name: value for name, value in named.items() if value is not None},
        "product_version": __version__,
        "streamlit": getattr(sys.modules.get("streamlit"), "__version__", None),
        **machine(),
        "user": _user() if identity else PSEUDONYM,
        "cwd": _cwd(root, whole=identity),
        "log_file": shown_path(str(log_file), root=root, whole=identity),
    }


def _user() -> str | None:
    return os.environ.get("USER") or os.environ.get("USERNAME")


def _cwd(root: str | None, *, whole: bool) -> str | None:
    try:
        shown = shown_path(os.getcwd(), root=root, whole=whole)  # noqa: PTH109 -- Path.cwd() is the same
        named_so = not whole and shown.rpartition("/")[2].casefold() == (_user() or "").casefold()
        return f"…/{PSEUDONYM}" if named_so else shown
    except OSError:  # the folder is gone
        return None
