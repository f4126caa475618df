"""What the app runs on: versions, platform, settings, counters, and what the app adds."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from datatools_audit._version import __version__
from datatools_audit.guard import count_failure
from datatools_audit.machine import machine
from datatools_audit.record.coerce import coerce
from datatools_audit.record.text import exception_text, type_name
from datatools_audit.state import state

if TYPE_CHECKING:
    from collections.abc import Callable

EXTRA_BYTES = 64 * 1024
_PACKAGES = ("orjson", "streamlit", "pandas", "polars", "pyarrow", "numpy", "duckdb", "altair")


def environment(
    extra: Callable[[], Mapping[str, object]] | None = None, **more: object
) -> dict[str, object]:
    """Return what the app runs on.

    Args:
        extra: The app's own part, asked once. What it raises, or what is no mapping, is told
            in its place and nowhere else; a value is taken as a record takes it.
        more: Further parts by name, as Streamlit's. A name of ours is replaced by it.

    Returns:
        ``app`` and ``version`` of the app; ``product_version``; ``python``, ``platform`` and
        ``timezone``; ``packages``: versions of those that are loaded; ``settings``,
        ``counters`` and ``own_failures`` of this process's recorder; ``more``; and where it
        was asked for ``extra``. Any JSON value, not redacted: ``pack`` does that.

    Reads no disk. Never raises an ``Exception``. Threads: any.
    """
    of_recorder = state()
    told: dict[str, object] = {
        "app": of_recorder.pop("app"),
        "version": of_recorder.pop("version"),
        "product_version": __version__,
        **machine(),
        "packages": _packages(),
        **of_recorder,
    }
    told |= {name: coerce(value, EXTRA_BYTES)[0] for name, value in more.items()}
    return told if extra is None else told | {"extra": _asked(extra)}


def environment_outside() -> dict[str, object]:
    """Return what can be told of an app by a process that is not its own.

    Returns:
        As ``environment`` does, with ``packages`` as they are installed here. Settings and
        counters are left out: this process's recorder is not the app's, and would tell of a log
        that nobody writes. So are ``app`` and ``version``.

    Never raises an ``Exception``. Threads: any.
    """
    return {"product_version": __version__, **machine(), "packages": _installed()}


def _installed() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def _asked(extra: Callable[[], Mapping[str, object]]) -> object:
    try:
        given = extra()
        found = dict(given) if isinstance(given, Mapping) else None
    except Exception as error:
        count_failure("environment extra", type(error))
        return {"failed": f"{type_name(error)}: {exception_text(error)}"}
    if found is None:
        return {"failed": f"it returned {type_name(given)}, no mapping"}
    told, was_cut = coerce(found, EXTRA_BYTES)
    return {"told": told, "truncated": True} if was_cut else told


def _packages() -> dict[str, str]:
    """Return the versions of packages that somebody has imported; imports none."""
    found = {name: getattr(sys.modules.get(name), "__version__", None) for name in _PACKAGES}
    return {name: version for name, version in found.items() if isinstance(version, str)}
