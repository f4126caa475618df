"""The Streamlit layer: what it adds to a rerun, and fifty visitors at once."""
