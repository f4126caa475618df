"""DataTools: look at a table, find what is wrong with it, clean it.

Run it with `streamlit run app.py`.
"""

import streamlit as st

from streamlit_ext import instrument

instrument(app="DataTools", version="0.1.0")

st.session_state["entered"] = True  # see pages/_entry.py

st.set_page_config(page_title="DataTools", page_icon=":material/table_chart:", layout="wide")

st.navigation(
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
).run()
