"""What is in the file: every kind of record, why it is there, how to turn it off."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit.reading.catalogue import CATALOGUE, COMMON, OFF, kind_of
from datatools_audit.reading.query import Filter
from streamlit_ext.diagnostics.widgets import draw_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit_ext.diagnostics.source import Source


def draw(source: Source) -> None:
    """Draw the catalogue with a count of each kind."""
    chosen = Filter(days=source.days)
    counts: Counter[str] = Counter()
    for record, count in source.ask(lambda view: view.kinds(chosen)):
        counts[kind_of(record).name] += count
    st.markdown(
        "Each record is one line of JSON. What somebody types and what is in a file is not "
        "recorded, unless the app says so; the text of an error can quote a piece of it."
    )
    draw_table(
        {
            "Kind": kind.title,
            "Now": f"{counts[kind.name]:,}",
            "Why it is there": kind.why,
            "How to turn it off": _bare(kind.off),
        }
        for kind in CATALOGUE
    )
    st.markdown(OFF)
    _draw_fields("Fields of every record", COMMON)
    for kind in CATALOGUE:
        if kind.fields:
            _draw_fields(f"Fields of: {kind.title}", kind.fields)


def _draw_fields(title: str, fields: Mapping[str, str]) -> None:
    with st.expander(title):
        draw_table({"Field": name, "Meaning": _bare(said)} for name, said in fields.items())


def _bare(said: str) -> str:
    """Return our own Markdown as plain text: a table shows it as it is."""
    return said.replace("`", "")
