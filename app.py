"""DataTools: look at a table, find what is wrong with it, clean it.

Run it with `streamlit run app.py`.
"""

import streamlit as st

from streamlit_ext import instrument, report_problem

instrument(app="DataTools", version="0.1.0")

st.session_state["entered"] = True  # see pages/_entry.py

st.set_page_config(page_title="DataTools", page_icon=":material/table_chart:", layout="wide")

page = st.navigation(
    {
        "": [
            st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
        ],
        "Your data": [
            st.Page("pages/upload.py", title="Upload", icon=":material/upload_file:"),
            st.Page("pages/analyze.py", title="Analyze", icon=":material/query_stats:"),
            st.Page("pages/clean.py", title="Clean", icon=":material/cleaning_services:"),
        ],
        "Support": [
            st.Page("pages/diagnostics.py", title="Diagnostics", icon=":material/monitor_heart:"),
        ],
    }
)
try:
    page.run()
except Exception:
    st.error(
        "Something went wrong here. Your table is still loaded, and what happened is recorded: "
        "open Diagnostics and send the log to whoever helps you.",
        icon=":material/error:",
    )
    st.page_link("pages/diagnostics.py", label="Open Diagnostics", icon=":material/monitor_heart:")
    report_problem()
    raise
