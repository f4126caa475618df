"""Small apps that import, name or lay out things as few do."""

from __future__ import annotations

from tests.init.apps import BY_FUNCTION, Case

_HOME_AND_OTHER = """
def home():
    {0}title("Home")
    {0}button("Press")

def other():
    {0}title("Other")
    {0}text_input("Name")

"""


def _navigates(imports: str, prefix: str, rest: str, lines: tuple[int, int] = (3 + 1, 1)) -> Case:
    text = f"{imports}\n{_HOME_AND_OTHER.format(prefix)}{rest}\n"
    return Case({"app.py": text}, ("other",), BY_FUNCTION, lines)


def _by_hand(imports: str, rest: str, files: dict[str, str | bytes] | None = None) -> Case:
    text = f"{imports}\n{_HOME_AND_OTHER.format('st.')}{rest}\n"
    return Case({"app.py": text, **(files or {})}, ("other",), "", (3, 0), 1)


MINE = 'import streamlit as st\n\nst.title("Mine")\n'
LIST = "navigation([home, other]).run()"

ODD = {
    "import streamlit": Case({"app.py": "import streamlit\n\nstreamlit.title('x')\n"}),
    "import streamlit.components.v1": _navigates(
        "import streamlit.components.v1", "streamlit.", f"streamlit.{LIST}"
    ),
    "from streamlit import": _navigates(
        "from streamlit import Page, button, navigation, text_input, title", "", LIST
    ),
    "from streamlit import, renamed": _navigates(
        "import streamlit as st\nfrom streamlit import Page as P, navigation as n",
        "st.",
        "n([\n    P(home),\n    P(other)\n]).run()",
        (3 + 2, 1),
    ),
    "from streamlit import *": _navigates("from streamlit import *", "", LIST),
    "from streamlit import navigation, without Page": _by_hand(
        "import streamlit as st\nfrom streamlit import navigation", LIST
    ),
    "pages +=": _navigates(
        "import streamlit as st",
        "st.",
        "pages = [home]\npages += [other]\nst.navigation(pages, position='top').run()",
    ),
    "a tuple of pages": _by_hand("import streamlit as st", "st.navigation((home, other)).run()"),
    "pages made in a loop": _by_hand(
        "import streamlit as st", "st.navigation([st.Page(p) for p in (home, other)]).run()"
    ),
    "a function diagnostics_page": _by_hand(
        "import streamlit as st",
        "def diagnostics_page():\n    st.title('Mine')\n\n"
        "st.navigation([home, other, diagnostics_page]).run()",
    ),
    "a file diagnostics_page.py": _by_hand(
        "import streamlit as st",
        "st.navigation([home, other, st.Page('diagnostics_page.py')]).run()",
        {"diagnostics_page.py": MINE},
    ),
    "import *, of a name that is ours": Case(
        {
            "app.py": "import streamlit as st\nfrom shown import *\nst.title(instrument('c'))\n",
            "shown.py": "def instrument(kind):\n    return f'a {kind}'\n",
        }
    ),
    "async": Case(
        {
            "app.py": "import asyncio\nimport streamlit as st\n\nasync def main():\n"
            "    await asyncio.sleep(0)\n    st.title('x')\n\nasyncio.run(main())\n"
        }
    ),
    "tabs, form feed, CRLF, cookie and mark": Case(
        {
            "app.py": b"\xef\xbb\xbf#!/usr/bin/env python\r\n# -*- coding: utf-8 -*-\r\n\x0c\r\n"
            b"import streamlit as st\r\n\x0c\r\nif True:\r\n\tst.title('\xc3\xa4')"
        }
    ),
    "a script with its requirements": Case(
        {"app.py": f'# /// script\n# dependencies = ["streamlit"]\n# ///\n{MINE}'}
    ),
    "import that may fail": Case(
        {
            "app.py": "import sys\ntry:\n    import streamlit as st\nexcept ImportError:\n"
            "    sys.exit('install streamlit')\nst.title('x')\n"
        }
    ),
    "a text that speaks of editing": Case(
        {"app.py": f'{MINE}st.caption("Do not edit this auto-generated table")\n'}
    ),
    "pages with pictures": Case(
        {"🏠_Home.py": MINE, "pages/1_📈_Plot.py": MINE, "pages/lib/util.py": "X = 1\n"},
        ("pages/1_📈_Plot.py",),
        "pages/2_Diagnostics.py",
        lines=(2 * 3 + 5, 0),
    ),
}
