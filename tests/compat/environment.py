"""An environment of its own for each version of Streamlit, kept in `.compat/`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import dev

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = "newest"
VERSIONS = ("1.45", "1.50", "1.54", "1.58", "1.62", NEWEST)
"""From the oldest that we allow: those whose hooks have different places, and some between."""

FOLDER = dev.ROOT / ".compat"
# What the tests of the hooks import; pandas in whatever version that Streamlit allows.
_BESIDE = ("click", "duckdb", "hypothesis", "orjson", "pandas", "pytest")


class NoEnvironmentError(Exception):
    """An environment could not be made."""


def environment(version: str) -> Path:
    """Return the Python of an environment with that Streamlit, made unless it is there.

    The newest is asked for each time; without a network the one at hand serves.

    Raises:
        NoEnvironmentError: With a sentence on why.
    """
    folder = FOLDER / version
    stamp = folder / "installed"
    streamlit = "streamlit" if version == NEWEST else f"streamlit=={version}.*"
    packages = [streamlit, *_BESIDE]
    wanted = f"{sys.version_info[:2]} {' '.join(packages)}"
    if not (stamp.exists() and stamp.read_text() == wanted and dev.runs(folder)):
        shutil.rmtree(folder, ignore_errors=True)
        _install(folder, packages)
        stamp.write_text(wanted)
    elif version == NEWEST:
        try:
            _install(folder, ["--upgrade", streamlit])
        except NoEnvironmentError:
            print("Whether there is a newer one could not be asked; this is the one at hand.")
    return dev.python_of(folder)


def _install(folder: Path, packages: list[str]) -> None:
    try:
        dev.install(folder, packages)
    except SystemExit as failed:
        raise NoEnvironmentError(str(failed)) from None
