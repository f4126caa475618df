"""An order in a table; a line that was just added is empty."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="order")

ORDER = pd.DataFrame({"item": ["tea", "rice"], "count": [2, 1]}).astype({"count": "Int64"})


def lines(order: pd.DataFrame) -> list[str]:
    return [
        f"{int(count)} {item}" for item, count in zip(order["item"], order["count"], strict=True)
    ]


st.title("Order")
order = st.data_editor(ORDER, num_rows="dynamic", key="order")
st.write(lines(order))
