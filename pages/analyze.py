"""What a table holds: a profile of its columns, and a calculation of one's own."""

from __future__ import annotations

import altair as alt
import streamlit as st

from datatools.dataset import DataSet
from datatools.errors import ExpressionError
from datatools.expression import evaluate, example
from datatools.profile import ColumnProfile, Profile, profile, profile_column
from datatools.summary import dates, numbers, overview
from datatools.wording import code_span, count, size
from pages._entry import enter
from streamlit_ext import audit_action, audited_page

FIRST_CHARTS = 6
COLUMNS = {
    "Column": st.column_config.TextColumn(pinned=True),
    "Missing %": st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100),
    "Examples": st.column_config.TextColumn(width="large"),
}


@audited_page(slug="analyze", title="Analyze")
def analyze() -> None:
    """Draw the profile of the loaded table, and the calculation."""
    st.title("Analyze", anchor=False)
    data: DataSet | None = st.session_state.get("dataset")
    if data is None:
        st.info("There is nothing to analyze yet: load a table first.", icon=":material/info:")
        st.page_link("pages/upload.py", label="Go to Upload", icon=":material/upload_file:")
        return
    rows, columns = data.frame.shape
    st.markdown(f"{code_span(data.name)} · {count(rows, 'row')} · {count(columns, 'column')}")
    if st.button(
        "Analyze",
        type="primary",
        icon=":material/play_arrow:",
        help="Looks at every column and every row. A million rows take a few seconds.",
    ):
        _run(data)
    revision, found = st.session_state.get("profile", ("", None))
    if revision == data.revision:
        _show(found)
    _calculation(data)


def _run(data: DataSet) -> None:
    rows, columns = data.frame.shape
    bar = st.progress(0.0, "Starting")
    with audit_action("analyze", rows=rows, columns=columns) as action:
        found = profile(data.frame, bar.progress)
        action.add(duplicates=found.duplicates, missing=found.missing)
    bar.empty()
    st.session_state["profile"] = (data.revision, found)


def _show(found: Profile) -> None:
    with st.container(horizontal=True):
        st.metric("Rows", f"{found.rows:,}", border=True)
        st.metric("Columns", f"{len(found.columns):,}", border=True)
        st.metric(
            "Duplicate rows",
            f"{found.duplicates:,}",
            border=True,
            help="Rows that repeat an earlier row in every cell.",
        )
        st.metric("Missing cells", f"{found.missing:,}", border=True)
        st.metric("In memory", size(found.memory_bytes), border=True)
    st.subheader("Columns", anchor=False)
    tables = {"All": overview(found), "Numbers": numbers(found), "Dates": dates(found)}
    filled = {name: table for name, table in tables.items() if len(table)}
    for tab, table in zip(st.tabs(list(filled)), filled.values(), strict=True):
        tab.dataframe(table, hide_index=True, column_config=COLUMNS)
    st.subheader("Distributions", anchor=False)
    names = [column.name for column in found.columns]
    telling = [column.name for column in found.columns if column.telling]
    chosen = st.multiselect(
        "Columns to draw",
        names,
        default=(telling or names)[:FIRST_CHARTS],
        help="Numbers and dates are counted by range, anything else by its most frequent values.",
    )
    drawn = [column for column in found.columns if column.name in chosen]
    for left in range(0, len(drawn), 2):
        for place, column in zip(st.columns(2), drawn[left : left + 2], strict=False):
            with place, st.container(border=True, height="stretch"):
                _draw(column)


def _draw(column: ColumnProfile) -> None:
    st.markdown(f"{code_span(column.name)} {column.kind}")
    if column.spread.empty:
        st.caption("Nothing to draw: there are no values.")
        return
    st.altair_chart(_chart(column), width="stretch")
    facts = [
        f"{count(column.unique, 'different value')}",
        f"{column.missing_percent:.1f} % missing",
    ]
    if column.statistics:
        facts.insert(0, f"mean {column.statistics['mean']:,.4g}")
    st.caption(" · ".join(facts))


def _chart(column: ColumnProfile) -> alt.Chart:
    chart = alt.Chart(column.spread, height=220)
    counts = alt.Axis(title=None, format="~s", tickCount=4)
    drawn: alt.Chart
    if column.kind not in {"number", "date"}:
        values = alt.Y("value:N", sort=None, axis=alt.Axis(title=None, labelLimit=150))
        drawn = chart.mark_bar(cornerRadiusEnd=3, size=16).encode(
            values, alt.X("count:Q", axis=counts), tooltip=["value:N", "count:Q"]
        )
        return drawn
    code = "Q" if column.kind == "number" else "T"
    drawn = chart.mark_bar(binSpacing=1).encode(
        alt.X(f"start:{code}", title=None, scale=alt.Scale(nice=False, zero=False)),
        alt.X2("end"),
        alt.Y("count:Q", axis=counts),
        alt.Y2Datum(0),
        tooltip=[f"start:{code}", f"end:{code}", "count:Q"],
    )
    return drawn


def _calculation(data: DataSet) -> None:
    st.subheader("Calculate", anchor=False)
    with st.form("calculation", border=True):
        text = st.text_input(
            "Expression",
            placeholder=example(data.frame),
            help="Arithmetic and comparisons of columns. A name that is not one plain word stands "
            "between backticks.",
        )
        if st.form_submit_button("Calculate", icon=":material/calculate:"):
            _calculate(data, text)
    revision, result = st.session_state.get("calculated", ("", None))
    if revision == data.revision:
        with st.container(border=True):
            _draw(result)


def _calculate(data: DataSet, text: str) -> None:
    st.session_state.pop("calculated", None)
    try:
        with audit_action("calculate", rows=len(data.frame)):
            result = evaluate(data.frame, text)
            # The planted fault of the tour: an expression without a column, such as `1 + 2`,
            # gives a bare number, which has no values to count, and the next line raises.
            drawn = profile_column(result.rename(text))
    except ExpressionError as error:  # what is refused has failed in the log too
        st.error(str(error), icon=":material/error:")
        return
    st.session_state["calculated"] = (data.revision, drawn)


enter(analyze)
