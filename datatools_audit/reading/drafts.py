"""A step in the making, and what has been heard of its session so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from datatools_audit.reading.catalogue import Kind
    from datatools_audit.reading.wording import Phrase

    Record = Mapping[str, object]


@dataclass(slots=True, eq=False)
class Draft:
    """A step in the making.

    Attributes:
        order: Its place among all records.
        kind: What it is.
        ts: When, as the record says it.
        gap: Seconds since what happened before.
        depth: How many actions it is inside of.
        records: What it is made of.
        phrase: What it says.
        key: Equal ones in a row are one step; None for never.
        duration_ms: How long it took, if anything.
        level: How bad it is.
        raised: Of an error or a failed action, what was raised.
        is_silent: Whether another step has taken its records, and it is not shown.
        error_is_told: Of a failed action, whether another step says what it raised.
    """

    order: int
    kind: Kind
    ts: str
    gap: float
    depth: int
    records: list[Record]
    phrase: Phrase
    key: Hashable = None
    duration_ms: float | None = None
    level: str = "info"
    raised: tuple[str, str] | None = None
    is_silent: bool = False
    error_is_told: bool = False


@dataclass(slots=True, eq=False)
class SessionSoFar:
    """What has been heard of one session so far."""

    open: dict[str, Draft] = field(default_factory=dict)
    unended: list[str] = field(default_factory=list)
    runs: dict[str, tuple[int, Record]] = field(default_factory=dict)
    failed: dict[tuple[str, str], list[Draft]] = field(default_factory=dict)
    raised: dict[tuple[str, str], int] = field(default_factory=dict)
    uploads: dict[str, Draft] = field(default_factory=dict)
    last: Draft | None = None
    lost: Draft | None = None
    last_error: int = -1
    interrupted: tuple[int, Record] | None = None
    is_over: bool = False
