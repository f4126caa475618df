"""What is in the file: every kind of record, why it is there, how to turn it off."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit.reading.catalogue import CATALOGUE, kind_of
from datatools_audit.reading.query import Filter
from streamlit_ext.diagnostics.widgets import draw_table

if TYPE_CHECKING:
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
            "How to turn it off": kind.off,
        }
        for kind in CATALOGUE
    )
    for kind in CATALOGUE:
        with st.expander(f"{kind.title}: its fields"):
            draw_table({"Field": name, "Meaning": said} for name, said in kind.fields.items())
