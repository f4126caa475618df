"""Where a table gets cleaner: one step at a time, with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from datatools import cleaning
from datatools.dataset import DataSet
from datatools.errors import StepError
from datatools.filling import fill_missing, methods_for
from datatools.wording import code_span, count
from datatools.writing import MIME, download_name, written
from pages._entry import enter
from streamlit_ext import audit_action, audited_page

T = TypeVar("T")
Change = Callable[[pd.DataFrame], pd.DataFrame]
PREVIEW_ROWS = 20
PREVIEW_COLUMNS = 100


@audited_page(slug="clean", title="Clean")
def clean() -> None:
    """Draw the choice of a step, the steps applied, and the way out."""
    st.title("Clean", anchor=False)
    data: DataSet | None = st.session_state.get("dataset")
    if data is None:
        st.info("There is nothing to clean yet: load a table first.", icon=":material/info:")
        st.page_link("pages/upload.py", label="Go to Upload", icon=":material/upload_file:")
        return
    rows, columns = data.frame.shape
    st.markdown(f"{code_span(data.name)} · {count(rows, 'row')} · {count(columns, 'column')}")
    if note := st.session_state.pop("cleaned", None):
        st.toast(note, icon=":material/check_circle:")
    work, outcome = st.columns([3, 2])
    with work, st.container(border=True, height="stretch"):
        step = st.selectbox(
            "Step", list(STEPS), help="Nothing changes before you press Apply; steps can be undone."
        )
        STEPS[step](data)
    with outcome, st.container(border=True, height="stretch"):
        _applied(data)
        _download(data)
    st.dataframe(data.frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS], height=280)
    st.caption(f"The first {count(min(rows, PREVIEW_ROWS), 'row')}, as they are now.")


def _duplicates(data: DataSet) -> None:
    found = _counted(data, "duplicates", cleaning.count_duplicates)
    rows = len(data.frame)
    st.markdown("Keep the first of rows that are equal in every cell.")
    _effect("Rows", rows, rows - found)
    title = f"Dropped {count(found, 'duplicate row')}"
    _apply(data, "drop duplicates", title, cleaning.drop_duplicates, idle=not found)


def _whitespace(data: DataSet) -> None:
    found = _counted(data, "whitespace", cleaning.count_untrimmed)
    st.markdown("Cut spaces, tabs and line ends from both ends of every text.")
    _effect("Cells to trim", found, 0)
    title = f"Trimmed {count(found, 'cell')}"
    _apply(data, "trim whitespace", title, cleaning.trim_whitespace, idle=not found)


def _missing(data: DataSet) -> None:
    lacking = _counted(data, "missing", cleaning.count_missing)
    if not lacking:
        st.success("No column has missing values.", icon=":material/check_circle:")
        return
    name = st.selectbox("Column", list(lacking), help="Only columns with missing values.")
    column = data.frame[name]
    method = st.selectbox("Fill with", methods_for(column))
    value = st.text_input("Value") if method == "value" else ""
    left = cleaning.leading_missing(column) if method == "previous" else 0
    _effect("Missing", lacking[name], left)
    title = f"Filled {name} with {method}"
    _apply(data, "fill missing", title, lambda frame: fill_missing(frame, name, method, value))


def _rename(data: DataSet) -> None:
    old = st.selectbox("Column", list(data.frame.columns))
    new = st.text_input("New name", key=f"name-{data.revision}")
    title = f"Renamed {old} to {new}"
    _apply(data, "rename column", title, lambda frame: cleaning.rename_column(frame, old, new))


def _drop(data: DataSet) -> None:
    names = st.multiselect("Columns", list(data.frame.columns), key=f"drop-{data.revision}")
    columns = len(data.frame.columns)
    _effect("Columns", columns, columns - len(names))
    title = f"Dropped {count(len(names), 'column')}"
    _apply(data, "drop columns", title, lambda frame: cleaning.drop_columns(frame, names))


STEPS: dict[str, Callable[[DataSet], None]] = {
    "Drop duplicate rows": _duplicates,
    "Trim whitespace": _whitespace,
    "Fill missing values": _missing,
    "Rename a column": _rename,
    "Drop columns": _drop,
}


def _counted(data: DataSet, what: str, counting: Callable[[pd.DataFrame], T]) -> T:
    """Count once for each state of the table: millions of rows take seconds."""
    key = (data.revision, what)
    counted: tuple[object, T] | None = st.session_state.get("counted")
    if counted is None or counted[0] != key:
        with st.spinner("Counting"):
            counted = (key, counting(data.frame))
        st.session_state["counted"] = counted
    return counted[1]


def _effect(label: str, before: int, after: int) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric(f"{label} before", f"{before:,}", width="content")
        st.metric(f"{label} after", f"{after:,}", width="content")


def _apply(data: DataSet, step: str, title: str, change: Change, *, idle: bool = False) -> None:
    if not st.button("Apply", type="primary", icon=":material/check:", disabled=idle):
        return
    try:
        with st.spinner("Applying"), audit_action("clean", step=step) as action:
            frame = change(data.frame)
            action.add(rows_before=len(data.frame), rows=len(frame), columns=len(frame.columns))
    except StepError as error:  # what is refused has failed in the log too
        st.error(str(error), icon=":material/error:")
        return
    st.session_state["dataset"] = data.after(title, frame)
    st.session_state["cleaned"] = f"Done: {step}"
    st.rerun()


def _undo(data: DataSet) -> None:
    with audit_action("clean", step="undo"):
        st.session_state["dataset"] = data.undone()


def _applied(data: DataSet) -> None:
    st.subheader("Steps applied", anchor=False)
    if not data.steps:
        st.caption("None yet.")
    for number, step in enumerate(data.steps, start=1):
        st.text(f"{number}. {step}")
    st.button(
        "Undo last step",
        icon=":material/undo:",
        on_click=_undo,
        args=(data,),
        disabled=not data.past,
        help="The last five steps can be undone.",
    )


def _download(data: DataSet) -> None:
    st.subheader("Take it away", anchor=False)
    form = st.radio("Format", list(MIME), horizontal=True)
    st.download_button(
        "Download",
        data=lambda: written(data.frame, form),
        file_name=download_name(data.name, form),
        mime=MIME[form],
        icon=":material/download:",
        on_click="ignore",
        help="The file is made when you press the button.",
    )


enter(clean)
