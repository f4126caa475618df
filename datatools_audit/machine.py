"""What the machine is: Python, platform and time zone, told without reading a disk."""

from __future__ import annotations

import os
import platform
import sys
import time


def machine() -> dict[str, str]:
    """Return ``python`` (version), ``platform`` and ``timezone``; no user's nor host's name."""
    return {
        "python": platform.python_version(),
        "platform": _platform(),
        "timezone": _timezone(),
    }


def _platform() -> str:
    # platform.platform() opens the interpreter's file to learn of its libc.
    if sys.platform == "win32":
        return f"Windows {'.'.join(map(str, sys.getwindowsversion()[:3]))}"
    system = os.uname()
    return f"{system.sysname} {system.release} {system.machine}"


def _timezone() -> str:
    now = time.localtime()
    offset = time.strftime("%z", now)
    return f"UTC{offset[:3]}:{offset[3:]} ({now.tm_zone})"
