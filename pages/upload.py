"""Where a table comes in: a file, or the sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from datatools.dataset import DataSet
from datatools.errors import UnreadableError
from datatools.loading import KINDS, load, load_sample, sheets
from datatools.progress import Progress
from datatools.wording import code_span, count, size
from datatools_audit import log_exception
from pages._entry import enter
from streamlit_ext import audit_action, audited_page

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

PREVIEW_ROWS = 100
PREVIEW_COLUMNS = 100


@audited_page(slug="upload", title="Upload")
def upload() -> None:
    """Draw the choice of a file, then what is loaded."""
    st.title("Upload", anchor=False)
    st.caption("The table is held in memory for this visit; the app writes it nowhere.")
    file = st.file_uploader(
        "Choose a file",
        type=list(KINDS),
        key=f"file-{st.session_state.get('uploads', 0)}",
        help="CSV and text files may use commas, semicolons, tabs or bars, in any usual encoding.",
    )
    if st.button(
        "Try with sample data",
        icon=":material/science:",
        help="344 penguins of the Palmer Archipelago, with missing values as they were noted.",
    ):
        _read(load_sample)
    if file is not None:
        _take(file)
    if problem := st.session_state.get("upload_problem"):
        st.error(problem, icon=":material/error:")
    data: DataSet | None = st.session_state.get("dataset")
    if data is None:
        st.info("Nothing is loaded yet.", icon=":material/info:")
    else:
        _show(data)


def _take(file: UploadedFile) -> None:
    """Read a file that was not tried before, the sheet of a workbook being chosen."""
    known, names = st.session_state.get("upload_sheets", (None, []))
    if known != file.file_id:
        try:
            names = sheets(file.name, file)
        except UnreadableError:
            names = []  # reading it will say why
        st.session_state["upload_sheets"] = (file.file_id, names)
    sheet = None
    if len(names) > 1:
        sheet = st.selectbox("Sheet", names, help="One sheet is loaded at a time.")
    if st.session_state.get("upload_tried") != (file.file_id, sheet):
        _read(lambda progress: load(file.name, file, sheet=sheet, progress=progress))
        st.session_state["upload_tried"] = (file.file_id, sheet)


def _read(reading: Callable[[Progress], DataSet]) -> None:
    """Read with a progress bar; what was loaded before stays when this fails."""
    bar = st.progress(0.0, "Starting")
    try:
        with audit_action("load") as action:
            data = reading(bar.progress)
            rows, columns = data.frame.shape
            action.add(rows=rows, columns=columns, bytes=data.source_bytes)
    except UnreadableError as error:
        log_exception("Reading the upload", error)
        kept = " What was loaded before is still here." if "dataset" in st.session_state else ""
        st.session_state["upload_problem"] = f"{error}{kept}"
    else:
        st.session_state["dataset"] = data
        st.session_state.pop("upload_problem", None)
    bar.empty()


def _remove() -> None:
    """Forget the table, and empty the uploader by giving it another key."""
    for key in ("dataset", "profile", "calculated", "upload_problem", "upload_tried"):
        st.session_state.pop(key, None)
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1


def _show(data: DataSet) -> None:
    rows, columns = data.frame.shape
    with st.container(border=True):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(f":material/check_circle: Loaded {code_span(data.name)}", width="content")
            st.button(
                "Remove",
                icon=":material/delete:",
                on_click=_remove,
                help="Forget this table, with all steps of cleaning.",
            )
        with st.container(horizontal=True, gap="large"):
            st.metric("Rows", f"{rows:,}", width="content")
            st.metric("Columns", f"{columns:,}", width="content")
            st.metric("File size", size(data.source_bytes), width="content")
        for note in data.notes:
            st.caption(f":material/lightbulb: {note}")
        if data.steps:
            st.caption(f":material/cleaning_services: {count(len(data.steps), 'step')} of cleaning")
        st.dataframe(data.frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS], height=320)
        if rows > PREVIEW_ROWS or columns > PREVIEW_COLUMNS:
            st.caption(
                f"The first {count(min(rows, PREVIEW_ROWS), 'row')} "
                f"and {count(min(columns, PREVIEW_COLUMNS), 'column')}."
            )
        with st.container(horizontal=True):
            st.page_link("pages/analyze.py", label="Analyze it", icon=":material/query_stats:")
            st.page_link("pages/clean.py", label="Clean it", icon=":material/cleaning_services:")


enter(upload)
