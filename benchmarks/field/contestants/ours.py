"""The recorder, with its memory-mapped ring and without.

What the environment asks for is checked at the end, so that neither row can be the other one.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path

DRAIN_SECONDS = 30.0
VARIABLE = "DATATOOLS_AUDIT_FLIGHT_RECORDER"


def start(_folder: Path) -> Started:
    """Start with the folder and the ring that the environment names."""
    from datatools_audit import audit_stats, flush_audit_log, log_event

    def close() -> None:
        is_on = audit_stats().flight_recorder == "on"
        if is_on != (os.environ[VARIABLE] == "1"):
            raise RuntimeError(f"the flight recorder is {'on' if is_on else 'off'}")

    names = {"log_event": log_event}
    return Started(names, drain=lambda: flush_audit_log(DRAIN_SECONDS), close=close)


RECORDER_ON = Contestant(
    "ours",
    "**datatools_audit, flight recorder on**",
    "ours",
    'log_event("upload", MESSAGE, file=FILE, bytes=n, ratio=0.5)',
    start,
    imports="import datatools_audit",
    environment={VARIABLE: "1"},
)
RECORDER_OFF = replace(
    RECORDER_ON,
    name="ours-off",
    title="**the same, flight recorder off**",
    environment={VARIABLE: "0"},
)
