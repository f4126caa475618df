"""The parts of a summary, each a row of what it counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class App:
    """An app with its version and Streamlit's, as the banners say, and how many sessions."""

    app: str
    version: str | None
    streamlit: str | None
    sessions: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page: how many records, sessions and errors."""

    page: str
    events: int
    sessions: int
    errors: int


@dataclass(frozen=True, slots=True)
class Work:
    """The actions of one name, or the runs of the script.

    Attributes:
        name: Its category.
        times: How many.
        failed: How many of them with the outcome ``error``.
        interrupted: With ``interrupted``.
        without_end: That have no end in the log.
        median_ms: How long they took, milliseconds; None where no end says so.
        p95_ms: Only one in twenty took longer.
        longest_ms: The longest.
    """

    name: str
    times: int
    failed: int
    interrupted: int
    without_end: int
    median_ms: float | None
    p95_ms: float | None
    longest_ms: float | None


@dataclass(frozen=True, slots=True)
class Hang:
    """What was open for too long: when it was told, whose, where, its words, milliseconds."""

    ts: str
    session: str
    page: str | None
    message: str
    open_ms: float | None
