"""The table a person works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import uuid4

import pandas as pd

UNDO_DEPTH = 5
"""Tables kept for undoing. A step copies only the columns it touches, dropping rows all."""


@dataclass(frozen=True)
class DataSet:
    """A table, where it came from and what was done to it.

    Args:
        name: The file's name as given. Hostile: show it as plain text only.
        frame: The table. Never changed in place.
        source_bytes: Size of the file.
        notes: What had to be decided while reading, one sentence each.
        steps: Titles of the cleaning steps applied, oldest first.
        past: The tables before the last steps, oldest first, at most `UNDO_DEPTH`.
        revision: Another one for every other table; key of whatever is computed from it.
    """

    name: str
    frame: pd.DataFrame
    source_bytes: int
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    past: tuple[pd.DataFrame, ...] = ()
    revision: str = field(default_factory=lambda: uuid4().hex)

    def after(self, step: str, frame: pd.DataFrame) -> DataSet:
        """Return the data set with `frame` in place, `step` noted, and a way back."""
        return replace(
            self,
            frame=frame,
            steps=(*self.steps, step),
            past=(*self.past, self.frame)[-UNDO_DEPTH:],
            revision=uuid4().hex,
        )

    def undone(self) -> DataSet:
        """Return the data set before its last step, or itself when there is no way back."""
        if not self.past:
            return self
        return replace(
            self,
            frame=self.past[-1],
            steps=self.steps[:-1],
            past=self.past[:-1],
            revision=uuid4().hex,
        )
