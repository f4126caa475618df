"""The hooks on each version of Streamlit: `python -m tests.compat`, or `make compat`."""
