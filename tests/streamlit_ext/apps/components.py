"""Components of the first kind, and of the second where there are some."""

import streamlit as st
import streamlit.components.v1 as components

components.html("<p>inside</p>", height=50)
components.iframe("https://example.com", height=50)
clock = components.declare_component("clock", url="https://example.com/clock")
hour = clock(zone="UTC", key="clock", default=8)
st.write(hour)
