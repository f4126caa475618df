"""Where a person starts: what the app does, and the next step."""

from __future__ import annotations

import streamlit as st

from datatools.dataset import DataSet
from datatools.wording import code_span, count
from pages._entry import enter
from streamlit_ext import audited_page

WAY = (
    ("Upload", "upload_file", "CSV, TSV, Excel, Parquet or JSON Lines; or a table to try."),
    ("Analyze", "query_stats", "What the columns hold, what is missing, what repeats."),
    ("Clean", "cleaning_services", "Drop, trim, fill, rename; undo it; take it away."),
)


@audited_page(slug="home", title="Home")
def home() -> None:
    """Draw the three steps, and say what is recorded."""
    st.title("DataTools", anchor=False)
    st.markdown("Look at a table, find what is wrong with it, clean it.")
    _where_you_are(st.session_state.get("dataset"))
    for column, (name, icon, text) in zip(st.columns(len(WAY)), WAY, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.subheader(f":material/{icon}: {name}", anchor=False)
            st.markdown(text)
            page = f"pages/{name.lower()}.py"
            st.page_link(page, label=f"Go to {name}", icon=":material/arrow_forward:")
    st.space("small")
    st.caption(
        ":material/shield: The app keeps a log of what is done, such as pages, buttons and errors, "
        "on the computer it runs on. What is in your tables is never written to it."
    )
    st.page_link(
        "pages/diagnostics.py", label="See what is recorded", icon=":material/monitor_heart:"
    )


def _where_you_are(data: DataSet | None) -> None:
    if data is None:
        st.info("Nothing is loaded yet. Begin with Upload.", icon=":material/info:")
        return
    rows, columns = data.frame.shape
    st.success(
        f"Loaded: {code_span(data.name)}, {count(rows, 'row')}, {count(columns, 'column')}.",
        icon=":material/check_circle:",
    )


enter(home)
