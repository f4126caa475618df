"""The demo app instruments itself; each test here takes that back."""

from tests.streamlit_ext.conftest import originals

__all__ = ["originals"]
