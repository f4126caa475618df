"""Who draws the page: as it is, twice; with the recorder; with the analytics of the field."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

APPS = Path(__file__).with_name("apps")


@dataclass(frozen=True)
class Contestant:
    """One row of the table.

    Attributes:
        name: For the numbers.
        title: What the table shows.
        script: The app.
        needs: A package that may be missing.
    """

    name: str
    title: str
    script: Path
    needs: str = "streamlit"

    @property
    def is_installed(self) -> bool:
        """Whether the package that it needs is there."""
        return importlib.util.find_spec(self.needs) is not None


PLAIN, AGAIN, OURS = "plain", "again", "ours"
THEIRS = ("analytics", "analytics-file")

CONTESTANTS = (
    Contestant(PLAIN, "plain", APPS / "plain.py"),
    Contestant(AGAIN, "plain again: the noise of this figure", APPS / "plain.py"),
    Contestant("imported", "the recorder imported and not called", APPS / "imported.py"),
    Contestant(OURS, "instrument()", APPS / "instrumented.py"),
    Contestant(
        "analytics",
        "streamlit-analytics2, counts in memory",
        APPS / "analytics.py",
        "streamlit_analytics2",
    ),
    Contestant(
        "analytics-file",
        "streamlit-analytics2, events in a file",
        APPS / "analytics_file.py",
        "streamlit_analytics2",
    ),
)
