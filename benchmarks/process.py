"""A whole process, measured: how long it took, how much memory, and what it said."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took, seconds and megabytes at most, and what it said."""

    seconds: float
    megabytes: float
    said: str


def taken(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> Taken:
    """Run a command in a folder to its end, which has to be a good one.

    Args:
        command: Where it is a pipe of several, the memory is that of the biggest.
        environment: Variables besides those there are.
        folder: Where it runs; here when None.
    """
    with tempfile.TemporaryFile() as told:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read()
    ended = f"{command[:3]} ended with {process.returncode}: {said[-500:]!r}"
    assert process.returncode == 0, ended
    return Taken(seconds, usage.ru_maxrss / 1024, said.decode("utf-8", "replace"))
