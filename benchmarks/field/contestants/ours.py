"""The recorder, with its memory-mapped ring and without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path

DRAIN_SECONDS = 30.0


def start(_folder: Path) -> Started:
    """Start with the folder and the ring that the environment names."""
    from datatools_audit import flush_audit_log, log_event

    return Started({"log_event": log_event}, drain=lambda: flush_audit_log(DRAIN_SECONDS))


RECORDER_ON = Contestant(
    "ours",
    "**datatools_audit, flight recorder on**",
    "ours",
    'log_event("upload", MESSAGE, file=FILE, bytes=n, ratio=0.5)',
    start,
    imports="import datatools_audit",
    environment={"DATATOOLS_AUDIT_RECORDER": "1"},
)
RECORDER_OFF = replace(
    RECORDER_ON,
    name="ours-off",
    title="**the same, flight recorder off**",
    environment={"DATATOOLS_AUDIT_RECORDER": "0"},
)
