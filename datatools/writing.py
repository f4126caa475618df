"""A data set as a file to take away."""

from __future__ import annotations

import io
import re
from pathlib import PurePath
from typing import Literal

import pandas as pd

Format = Literal["CSV", "Parquet"]

MIME: dict[Format, str] = {"CSV": "text/csv", "Parquet": "application/vnd.apache.parquet"}


def written(frame: pd.DataFrame, form: Format) -> bytes:
    """Write the table: CSV as UTF-8 with a header, or Parquet."""
    buffer = io.BytesIO()
    if form == "CSV":
        frame.to_csv(buffer, index=False)
    else:
        frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def download_name(name: str, form: Format) -> str:
    """Make a harmless file name from that of the source.

    >>> download_name("My data.xlsx", "CSV")
    'My-data-cleaned.csv'
    """
    stem = re.sub(r"[^\w-]+", "-", PurePath(name).stem).strip("-_")[:80] or "data"
    return f"{stem}-cleaned.{form.lower()}"
