"""What became of all that was to be exported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportStats:
    """Counters of an export: ``offered == sent + refused + dropped + waiting``.

    Attributes:
        offered: What came since the export began.
        sent: What the other system has taken.
        refused: What it will never take.
        dropped: What had to make room, the oldest first, or came after the export had failed.
        waiting: What is still to be sent.
        last_error: The last failure in one line, or None.
    """

    offered: int = 0
    sent: int = 0
    refused: int = 0
    dropped: int = 0
    waiting: int = 0
    last_error: str | None = None

    def counters(self) -> dict[str, int]:
        """Return the numbers by name; none where nothing was offered."""
        names = ("offered", "sent", "refused", "dropped", "waiting") if self.offered else ()
        return {name: getattr(self, name) for name in names}
