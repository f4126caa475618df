"""The state of the log as a person reads it."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from datatools_audit import AuditStats


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the log in one word and one sentence.

    Attributes:
        state: ``healthy``, ``degraded``, ``reduced`` or ``off``.
        sentence: What it means and what to do.
    """

    state: str
    sentence: str


def health(stats: AuditStats, *, sees_all: bool = True, is_written: bool = True) -> Health:
    """Return the recorder's state as a person reads it.

    Args:
        stats: The recorder's counters.
        sees_all: Whether the person may know how many records of everybody were lost.
        is_written: Whether the disk has taken what was recorded a moment ago.
    """
    if not (stats.enabled and recorder.is_recording):
        by = "by DATATOOLS_AUDIT_ENABLED=0" if _is_forced_off() else "by the app's settings"
        return Health("off", f"Recording is switched off {by}, so nothing new appears here.")
    if not recorder.records("no-events"):
        return Health(
            "reduced", "DATATOOLS_AUDIT_PROBE has most events left out: only sessions and pages."
        )
    if stats.failing_since is not None:
        return Health(
            "degraded",
            "The log cannot be written now. What happens is kept in memory and written when "
            "the disk is back. Check that the disk has space and the folder may be written.",
        )
    if not is_written:
        return Health(
            "degraded",
            "The disk does not take what is recorded just now. It is kept in memory until it does. "
            "If the folder lies on a network drive, check the connection.",
        )
    if stats.dropped:
        return Health(
            "degraded",
            f"{stats.dropped if sees_all else 'Some'} records were lost, because the log could "
            "not keep up or could not be written. The log itself says which are missing.",
        )
    return Health("healthy", "What happens in the app is being recorded.")


def _is_forced_off() -> bool:
    return os.environ.get("DATATOOLS_AUDIT_ENABLED") == "0"


def counters(stats: AuditStats) -> dict[str, str]:
    """Return the recorder's counters, each as a text."""
    reasons = ", ".join(f"{name}: {count}" for name, count in stats.dropped_reasons.items())
    own = ", ".join(f"{name} ({count})" for name, count in stats.internal_failures.items())
    rows = {
        "Queued": f"{stats.queued:,}",
        "Written": f"{stats.written:,}",
        "Waiting": f"{stats.queue_depth:,}",
        "Dropped": f"{stats.dropped:,} {f'({reasons})' if reasons else ''}".strip(),
        "Failed writes": f"{stats.failed_writes:,}",
        "Last error": stats.last_error or "none",
        "Last write": last_write(stats),
        "Flight recorder": stats.flight_recorder,
        "Recovered of dead processes": f"{stats.recovered:,}",
        "Writer": "running" if stats.writer_alive else "not running",
        "Own failures": own or "none",
    }
    if stats.export_offered:
        rows["Exported"] = (
            f"{stats.exported:,} of {stats.export_offered:,}; refused {stats.export_refused:,}, "
            f"dropped {stats.export_dropped:,}, waiting {stats.export_waiting:,}; "
            f"last error: {stats.export_error or 'none'}"
        )
    return rows


def last_write(stats: AuditStats) -> str:
    """Return the clock time of the last write, in the server's zone."""
    if stats.last_write is None:
        return "none yet"
    moment = datetime.datetime.fromtimestamp(stats.last_write)
    is_today = moment.date() == datetime.datetime.fromtimestamp(recorder.now()).date()
    return moment.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")
