"""Who speaks to another system for the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a batch.

    Attributes:
        taken: How many the other system has.
        refused: How many it will not have.
        error: Why some are refused, or why none could be sent and all are to be tried again.
        pause_seconds: How long to wait for that at least.
    """

    taken: int = 0
    refused: int = 0
    error: str | None = None
    pause_seconds: float = 0.0

    @property
    def is_to_be_tried_again(self) -> bool:
        """Whether it has failed, and is not settled by that."""
        return bool(self.error) and not (self.taken or self.refused)


class Sender(Protocol):
    """Speaks to the other system; used by one thread."""

    def prepare(self, items: Sequence[Any]) -> tuple[Sent, Any]:
        """Return what becomes of some without being sent, and what is sent for the others."""

    def send(self, prepared: Any) -> Sent:
        """Send it; may take long. Of what is neither taken nor refused it is asked again."""

    def close(self) -> None:
        """Cut a send short. Any thread."""
