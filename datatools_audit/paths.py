"""Where the logs lie, and how a path looks in a record."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path, PurePath

ENV_DIR = "DATATOOLS_AUDIT_DIR"
_ASKED = (ENV_DIR, "HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "TMPDIR", "USERNAME")
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\\w")
_SEPARATORS = re.compile(r"[\\/]{1,8}")
_FOLDER_ENDS = r"(?![\w-]|\.\w)"


def log_dir(configured: Path | None = None) -> tuple[Path, bool]:
    """Return the folder of the logs, and whether it is the stand-in for a home folder.

    The environment is asked at each call and wins over what is configured. Touches no
    disk.
    """
    return _log_dir(configured, tuple(map(os.environ.get, _ASKED)))


@lru_cache(maxsize=16)  # asked for by each batch and at each call of the app's
def _log_dir(configured: Path | None, _asked: tuple[str | None, ...]) -> tuple[Path, bool]:
    override = os.environ.get(ENV_DIR, "")
    if override:
        return Path(from_home(override)), False
    return (configured, False) if configured is not None else default_dir()


def from_home(path: str) -> str:
    """Return the path with a leading ``~`` replaced by the home folder, asking no database."""
    home = home_dir()
    return home + path[1:] if home and path[:2] in ("~", "~/", "~\\") else path


def default_dir() -> tuple[Path, bool]:
    """Return the folder used when none is configured, and whether it is the stand-in.

    The home folder is the environment's word for it. Asking the user database could read
    a disk or a directory server, and this is called where nothing may block.
    """
    home = home_dir()
    if home is not None:
        return Path(home, ".datatools", "logs"), False
    base = os.environ.get("TMPDIR", "")
    if not PurePath(base).is_absolute():
        base = shared_temporary_folder()
    uid = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(base, f"datatools-logs-{uid}"), True


def shared_temporary_folder() -> str:
    """Return the folder for temporary files that all users share."""
    if os.name == "posix":
        return "/tmp"  # noqa: S108 -- whoever uses it makes a folder of its own and checks it
    import tempfile  # costs 3 ms and is not needed elsewhere

    return tempfile.gettempdir()


def home_dir() -> str | None:
    """Return the home folder as the environment tells it, or None where it does not."""
    variable = "USERPROFILE" if os.name == "nt" else "HOME"
    if not PurePath(os.environ.get(variable, "")).is_absolute():
        return None
    try:
        return str(Path.home())
    except (RuntimeError, OSError, KeyError):
        return None


def shown_path(path: str, *, root: str | None = None, whole: bool = False) -> str:
    """Return a path as a record may carry it: from ``~`` or the app's folder on.

    Args:
        path: As the system or a code object has it. Names such as ``<string>`` stay.
        root: The app's folder; what lies in it is shown from there on.
        whole: Whether the path may stay as it is.

    A path outside both keeps its last part only: a folder may be called like a person.
    """
    if whole or (path.startswith("<") and path.endswith(">")):
        return path
    pure = PurePath(os.path.normpath(path) if path else path)
    home = home_dir()
    if root and PurePath(root).parent != PurePath(root) and pure.is_relative_to(root):
        return pure.relative_to(root).as_posix()
    if home and home != "/" and pure.is_relative_to(home):
        return PurePath("~", pure.relative_to(home)).as_posix()
    return pure.name if not pure.is_absolute() or len(pure.parts) < 2 else f"…/{pure.name}"


def without_home(text: str) -> str:
    r"""Return a text with the home folder in it written as ``~``.

    One of Windows in any of its ways: ``C:\Users\ann``, ``c:\\users\\ann``, ``C:/Users/ann``.
    """
    home = home_dir()
    if not home or len(home) < 2:
        return text
    if not is_of_windows(home) and home not in text:
        return text
    return _mention(home).sub("~", text)


@lru_cache(maxsize=4)
def _mention(home: str) -> re.Pattern[str]:
    return re.compile(mention_of(home), re.IGNORECASE if is_of_windows(home) else 0)


def mention_of(folder: str) -> str:
    """Return a pattern of a folder as texts have it; one of Windows with any separators."""
    if not is_of_windows(folder):
        return re.escape(folder) + _FOLDER_ENDS
    parts = map(re.escape, _SEPARATORS.split(folder))
    return r"(?:\\{1,8}|/{1,2})".join(parts) + _FOLDER_ENDS


def is_of_windows(path: str) -> bool:
    """Tell whether a path is whole and one of Windows: it begins with a drive or a server."""
    return _WINDOWS.match(path) is not None
