"""What the app has recorded, and how to hand it to support."""

from pages._entry import enter
from streamlit_ext import diagnostics_page

enter(lambda: diagnostics_page(scope="all"))
