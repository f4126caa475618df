"""The one time zone in which all moments of a report are shown."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with a fixed distance to UTC.

    Attributes:
        offset_seconds: The distance; east is positive.
        name: ``UTC+02:00``.
        told: Whose zone it is, in a sentence.
    """

    offset_seconds: int
    name: str
    told: str

    def day(self, ms: float | None) -> str:
        """Return the date of a moment, ``2026-05-19``; nothing of what is none."""
        return self._as(ms, "%Y-%m-%d")

    def clock(self, ms: float | None) -> str:
        """Return its clock time, ``14:02:11``."""
        return self._as(ms, "%H:%M:%S")

    def moment(self, ms: float | None) -> str:
        """Return both."""
        return f"{self.day(ms)} {self.clock(ms)}".strip()

    def span(self, first_ms: float | None, last_ms: float | None) -> str:
        """Return from when to when, the day once where it is the same."""
        if self.moment(first_ms) == self.moment(last_ms):
            return self.moment(first_ms)
        same = self.day(first_ms) == self.day(last_ms)
        return f"{self.moment(first_ms)} to {(self.clock if same else self.moment)(last_ms)}"

    def _as(self, ms: float | None, form: str) -> str:
        if ms is None:
            return ""
        try:
            moment = _EPOCH + datetime.timedelta(milliseconds=ms, seconds=self.offset_seconds)
        except OverflowError:  # the years 1 and 9999 have an edge
            return ""
        return moment.strftime(form)


_EPOCH = datetime.datetime(1970, 1, 1)


def zone(found: datetime.timezone | None, told: str = "") -> Zone:
    """Return the zone of the newest banner, UTC where there is none.

    Args:
        found: The zone.
        told: What the banner calls it, ``UTC+02:00 (CEST)``.
    """
    if found is None:
        return Zone(0, "UTC", "All times are in UTC: the log does not say where the server is.")
    offset = found.utcoffset(None)
    name = found.tzname(None) or "UTC"
    words = told if told.startswith(name) else name
    return Zone(int(offset.total_seconds()), name, f"All times are the server's, {words}.")
