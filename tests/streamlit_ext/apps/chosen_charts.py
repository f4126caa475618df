"""Charts in which something can be selected."""

import altair as alt
import pandas as pd
import pydeck as pdk
import streamlit as st

needs = "1.54"  # before, a chart has another id each time

frame = pd.DataFrame({"x": [1, 2, 3], "y": [3, 1, 2]})
brush = alt.selection_point(name="pick")
chart = alt.Chart(frame).mark_point().encode(x="x", y="y").add_params(brush)
picked = st.altair_chart(chart, key="altair", on_select="rerun")
spec = {"mark": "bar", "encoding": {"x": {"field": "x"}, "y": {"field": "y"}}}
st.vega_lite_chart(frame, spec)
layer = pdk.Layer("ScatterplotLayer", [{"at": [7.4, 46.9]}], id="dots", get_position="at")
deck = pdk.Deck(layers=[layer], map_style=None)
spots = st.pydeck_chart(deck, key="deck", on_select="rerun")
st.write(picked, spots)
