"""A contestant: how to set it up, its call, and how it is told to finish."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MEASUREMENTS = ("burst", "paced", "sustained", "four", "open", "write", "wake", "imports")


def nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Started:
    """A contestant that has been set up.

    Attributes:
        names: What its statement uses.
        drain: Returns when every event so far is in the file; it takes events afterwards.
        close: What its documentation has an app do before it ends.
    """

    names: Mapping[str, object]
    drain: Callable[[], object] = nothing
    close: Callable[[], object] = nothing


@dataclass(frozen=True)
class Contestant:
    """One row of the table.

    Attributes:
        name: What ``--only`` takes.
        title: What the table shows.
        kind: A ``floor`` is what no recorder can be faster than.
        statement: Records the event once; see ``event``.
        start: Sets it up in this process; takes the folder to write into.
        needs: Packages that may be missing.
        imports: A statement that imports it.
        environment: Variables for its processes.
        measurements: Those that say something about it.
    """

    name: str
    title: str
    kind: Literal["floor", "ours", "library"]
    statement: str
    start: Callable[[Path], Started]
    needs: tuple[str, ...] = ()
    imports: str = "pass"
    environment: Mapping[str, str] = field(default_factory=dict)
    measurements: tuple[str, ...] = MEASUREMENTS

    @property
    def is_installed(self) -> bool:
        """Whether every package that it needs is there."""
        try:
            return all(importlib.util.find_spec(package) is not None for package in self.needs)
        except ModuleNotFoundError:  # the package above it
            return False
