"""Small apps of many styles, as people write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """An app.

    Attributes:
        files: Its sources by their names; the first is its entry script.
        pages: The pages to look at besides the first, by their file or their address.
        diagnostics: Where the Diagnostics page is to be found; empty where it is added by hand.
        lines: How many lines of its files the diff adds, and takes away.
        status: The command's.
    """

    files: dict[str, str | bytes]
    pages: tuple[str, ...] = ()
    diagnostics: str = "pages/Diagnostics.py"
    lines: tuple[int, int] = (3 + 5, 0)
    status: int = 0
    entry: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entry", next(iter(self.files)))

    def write(self, folder: Path) -> Path:
        """Write it; return its entry script."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder / self.entry


BY_FUNCTION = "diagnostics_page"
"""The address of our page in a navigation."""

SINGLE = """import streamlit as st

st.title("One")
if st.button("Go"):
    st.write("gone")
"""

GUARDED = '''#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""A module with a main function."""

from __future__ import annotations

import os
import sys

sys.path.append(os.path.dirname(__file__))

import streamlit as st  # noqa: E402


@st.cache_data
def numbers() -> list[int]:
    return [1, 2, 3]


def main() -> None:
    st.set_page_config(page_title="Numbers")
    st.write(numbers())


if __name__ == "__main__":
    main()
'''

MAGIC = '''"""Drawn by Streamlit's magic."""
import streamlit as st; st.set_page_config("Magic", layout="wide")
"a text"
x = 3
x
from datetime import date
date(2026, 1, 2)
'''

TAKEN = """import streamlit as st
from streamlit import title


def instrument(kind):
    return f"a {kind}"


title(instrument("violin"))
st.caption("has a function of that name")
"""

NO_IMPORT_FIRST = """# License: yours
# no docstring here

TITLE = "Late"  # not quiet: names are made

def draw():
    import streamlit as st
    st.title(TITLE)

draw()
"""

HOME = 'import streamlit as st\n\nst.title("Home")\nst.page_link("pages/1_Upload.py")\n'
UPLOAD = 'import streamlit as st\n\nst.title("Upload")\nst.text_input("Name")\n'
ANALYZE = '"""Analyze."""\n\nfrom streamlit import *\n\ntitle("Analyze")\nmetric("n", 3)\n'

INLINE = """import streamlit as st


def home():
    st.title("Home")


def other():
    st.title("Other")
    st.button("Press")


pg = st.navigation([st.Page(home), st.Page(other)])
st.set_page_config(page_title="Inline", page_icon=":material/home:")
pg.run()
"""

LINES = """import streamlit

def home():
    streamlit.title("Home")

def other():
    streamlit.title("Other")

streamlit.navigation(
    pages=[
        home,  # the first
        streamlit.Page(other, title="Other")  # the last, without a comma
    ],
    position="top",
).run()
"""

FILES = """import streamlit as st

st.navigation([st.Page("pages/home.py"), "pages/other.py"]).run()
"""
PAGE = 'import streamlit as st\n\nst.title("A page")\nst.button("Press")\n'

SECTIONS = """import streamlit as st

st.logo("https://example.org/x.png") if False else None

def home():
    st.title("Home")

def other():
    st.title("Other")

pages = {
    "": [st.Page(home, default=True)],
    "Work": [
        st.Page(other),
    ],
}
if st.session_state.get("admin"):
    pages["Admin"] = [st.Page(home, url_path="admin")]

st.navigation(pages).run()
"""

SUPPORT = """import streamlit as st

def home():
    st.title("Home")

def other():
    st.title("Help")

def main():
    page = st.navigation({"Work": [home], "Support": [other]}, position="hidden")
    page.run()

main()
"""

GATE = """import streamlit as st

def login():
    st.title("Sign in")
    if st.button("Enter"):
        st.session_state.entered = True
        st.rerun()

def home():
    st.title("Home")

def other():
    st.title("Other")

if st.session_state.get("entered", True):
    pg = st.navigation([home, other])
else:
    pg = st.navigation([login])
pg.run()
"""

ELSEWHERE = """import streamlit as st
import views

st.navigation(views.pages()).run()
"""
VIEWS = """import streamlit as st

def home():
    st.title("Home")

def pages():
    return [st.Page(home), st.Page(other)]

def other():
    st.title("Other")
"""

IN_A_MODULE = 'from nav import show\n\nshow("Shop")\n'
NAV = """import streamlit as st

def home():
    st.title("Home")

def show(title):
    st.set_page_config(page_title=title)
    st.navigation([home, st.Page(home, url_path="other")]).run()
"""


def crlf(text: str) -> bytes:
    """Return a text as Windows' editors write it: a mark, CRLF, no newline at the end."""
    return b"\xef\xbb\xbf" + text.rstrip("\n").replace("\n", "\r\n").encode()


APPS = {
    "one script": Case({"app.py": SINGLE}),
    "one script, main()": Case({"main.py": GUARDED}),
    "one script, magic and semicolons": Case({"streamlit_app.py": MAGIC}),
    "one script, CRLF and BOM": Case({"app.py": crlf(SINGLE)}),
    "one script, ends in an import": Case(
        {
            "app.py": b"import streamlit as st\nimport shown",
            "shown.py": "import streamlit as st\nst.text('shown')\n",
        },
        lines=(4 + 5, 1),
    ),
    "one script, Latin-1": Case(
        {
            "app.py": "# coding: latin-1\nimport streamlit as st\n\nst.title('Größe')\n"
            "st.set_page_config(page_title='Größe')\n".encode("latin-1")
        }
    ),
    "one script, name taken": Case({"app.py": TAKEN}),
    "one script, no import": Case({"app.py": NO_IMPORT_FIRST}),
    "pages/, numbered": Case(
        {"Home.py": HOME, "pages/1_Upload.py": UPLOAD, "pages/2_Analyze.py": ANALYZE},
        ("pages/1_Upload.py", "pages/2_Analyze.py"),
        "pages/3_Diagnostics.py",
        lines=(3 * 3 + 5, 0),
    ),
    "pages/, plain, CRLF": Case(
        {"app.py": crlf(SINGLE), "pages/upload.py": UPLOAD, "pages/__init__.py": ""},
        ("pages/upload.py",),
        "pages/diagnostics.py",
        lines=(2 * 3 + 5, 0),
    ),
    "navigation, one line": Case({"app.py": INLINE}, ("other",), BY_FUNCTION, (3 + 1, 1)),
    "navigation, list": Case({"app.py": LINES}, ("other",), BY_FUNCTION, (3 + 2, 1)),
    "navigation, sections": Case({"app.py": SECTIONS}, ("other",), BY_FUNCTION, (3 + 1, 0)),
    "navigation, hidden, in main()": Case({"app.py": SUPPORT}, ("other",), BY_FUNCTION, (4, 1), 1),
    "navigation, sign-in": Case({"app.py": GATE}, ("other",), BY_FUNCTION, (4, 1)),
    "navigation, files in pages/": Case(
        {"app.py": FILES, "pages/home.py": PAGE, "pages/other.py": PAGE},
        ("other",),
        BY_FUNCTION,
        (3 * 3 + 1, 1),
    ),
    "navigation, pages elsewhere": Case(
        {"app.py": ELSEWHERE, "views.py": VIEWS}, ("other",), "", (3, 0), 1
    ),
    "navigation, in a module": Case({"app.py": IN_A_MODULE, "nav.py": NAV}, (), "", (3, 0), 1),
}
