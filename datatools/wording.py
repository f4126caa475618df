"""Numbers and foreign names as a person reads them."""

from __future__ import annotations

import re


def size(count_bytes: float) -> str:
    """Say a number of bytes, in units of 1000.

    >>> size(24_813)
    '24.8 kB'
    """
    if count_bytes < 1000:
        return f"{count_bytes:.0f} bytes"
    for unit in ("kB", "MB"):
        count_bytes /= 1000
        if count_bytes < 999.95:
            return f"{count_bytes:.1f} {unit}"
    return f"{count_bytes / 1000:.1f} GB"


def count(number: int, noun: str) -> str:
    """Say how many, with the noun's plural.

    >>> count(1204, "row")
    '1,204 rows'
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def code_span(text: str, *, limit: int = 60) -> str:
    """Make Markdown that shows `text` as it is, whatever it holds.

    Backslashes are not enough: Streamlit replaces emoji and icon codes after they are gone.
    Code is left alone but for `:material/` (seen in Streamlit 1.67), which gets an invisible
    joiner. The fence is longer than any inside.
    """
    line = " ".join(text.split()).replace(":material/", ":material\u2060/") or " "
    shown = line if len(line) <= limit else line[: limit - 1] + "…"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"{fence}{shown}{fence}"
