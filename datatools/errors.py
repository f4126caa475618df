"""What the data work raises when the person has to do something else."""

from __future__ import annotations


class DataToolsError(Exception):
    """Its text is one sentence for the person: what is wrong and what to do.

    It never holds a cell's value, so that it may be logged.
    """


class UnreadableError(DataToolsError):
    """A file that cannot become a table."""


class StepError(DataToolsError):
    """A cleaning step that cannot be applied to this table."""


class ExpressionError(DataToolsError):
    """A calculation that is refused or makes no sense for this table."""
