"""What the writer has done so far, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AuditStats:
    """Counters of the recorder since the process, or the last reset, began.

    Attributes:
        enabled: Whether anything is recorded.
        queued: Records accepted.
        written: Records handed to the operating system.
        dropped: Records lost, for whatever reason.
        dropped_reasons: The same by reason: ``full`` (the queue), ``unencodable``.
        failed_writes: Attempts that the disk refused.
        queue_depth: Records waiting, the batch being written included.
        queue_bytes: Bytes waiting, likewise.
        written_bytes: Bytes handed to the operating system.
        last_error: The last refusal in one line, or None; stays after the disk is back.
        last_write: When something was last written, seconds since the epoch, or None.
        failing_since: When the present outage began, or None when there is none.
        writer_alive: Whether the worker's thread runs.
        recovered: Records of dead processes that this one has written.
        flight_recorder: ``on``, or in one line why nothing outlives the process: ``not begun``,
            ``switched off``, an error.
        redacted: Secrets taken out of free text before it was recorded, by rule; about right
            where several threads do so at once.
        internal_failures: Failures of our own bookkeeping by place and type; each left
            the app untouched.
        export_offered: Records that were to go to another system, where the settings name one:
            the sum of the next four.
        exported: Records that it has taken.
        export_refused: Records that it will never take.
        export_dropped: Records that had to make room in the outbox, or for which nothing can be
            sent at all.
        export_waiting: Records that are still to be sent.
        export_error: The last failure of the export in one line, or None; stays.
        export_spans: The same five of the actions' spans: ``offered``, ``sent``, ``refused``,
            ``dropped``, ``waiting``; empty where there are none.
    """

    enabled: bool
    queued: int
    written: int
    dropped: int
    dropped_reasons: Mapping[str, int]
    failed_writes: int
    queue_depth: int
    queue_bytes: int
    written_bytes: int
    last_error: str | None
    last_write: float | None
    failing_since: float | None
    writer_alive: bool
    recovered: int = 0
    flight_recorder: str = "not begun"
    redacted: Mapping[str, int] = field(default_factory=dict)
    internal_failures: Mapping[str, int] = field(default_factory=dict)
    export_offered: int = 0
    exported: int = 0
    export_refused: int = 0
    export_dropped: int = 0
    export_waiting: int = 0
    export_error: str | None = None
    export_spans: Mapping[str, int] = field(default_factory=dict)
