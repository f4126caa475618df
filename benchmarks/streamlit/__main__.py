"""`python -m benchmarks.streamlit`: what the Streamlit layer costs, and whether it mixes up."""

from __future__ import annotations

import sys

from benchmarks.streamlit.command import main

if __name__ == "__main__":
    sys.exit(main())
