"""Pictures, sounds and films."""

import io

import streamlit as st
from PIL import Image

picture = io.BytesIO()
Image.new("RGB", (4, 4), "red").save(picture, "png")
st.image(picture.getvalue(), caption="red", width=50)
st.audio(b"RIFF", format="audio/wav")
st.video("https://example.com/film.mp4", start_time=3)
