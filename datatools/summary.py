"""A profile as small tables to show, one row for each column."""

from __future__ import annotations

import pandas as pd

from datatools.profile import Profile


def overview(found: Profile) -> pd.DataFrame:
    """Return what can be said of every column."""
    return pd.DataFrame(
        {
            "Column": [column.name for column in found.columns],
            "Kind": [column.kind for column in found.columns],
            "Missing": [column.missing for column in found.columns],
            "Missing %": [column.missing_percent for column in found.columns],
            "Unique": [column.unique for column in found.columns],
            "Examples": [", ".join(column.examples) for column in found.columns],
        }
    )


def numbers(found: Profile) -> pd.DataFrame:
    """Return the figures of the number columns; empty when there are none."""
    return pd.DataFrame(
        [
            {"Column": column.name}
            | {name.capitalize(): figure for name, figure in column.statistics.items()}
            for column in found.columns
            if column.statistics
        ]
    )


def dates(found: Profile) -> pd.DataFrame:
    """Return the first and last point of the date columns; empty when there are none.

    As text: columns may differ in time zone.
    """
    return pd.DataFrame(
        [
            {"Column": column.name, "Earliest": str(column.span[0]), "Latest": str(column.span[1])}
            for column in found.columns
            if column.span
        ]
    )
