"""What is put into a source comes out of it again, byte for byte, whatever the source is."""

from __future__ import annotations

import ast
import builtins
import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from datatools_audit.init import placing
from datatools_audit.init.editing import added, removed
from datatools_audit.init.lines import MARK
from datatools_audit.init.source import NotUnderstoodError, parsed

PIECES = [
    '"""A docstring."""',
    '"""Two\nlines."""',
    "from __future__ import annotations",
    "import os",
    "import sys, json",
    "import streamlit as st",
    "import streamlit as st; import os",
    "import streamlit as st; st.title('x')",
    "import os;",
    "import \\\n  os",
    "from os import (\n    path,  # a comment\n    sep\n)",
    "try:\n    import yaml\nexcept ImportError:\n    yaml = None",
    "if TYPE_CHECKING:\n    from os import PathLike",
    "sys.path.append('.')",
    "os.environ['A'] = 'b'",
    "x = 1",
    "x = st.button('x')",
    "st.set_page_config(layout='wide')",
    "st.title('x')",
    "# a comment",
    "#",
    "",
    "   ",
    "\t",
    "\x0c",
    "'''a text\n# added by nobody\n'''",
    "def f(): return st.text('in f')",
    "@st.cache_data\ndef g():\n\treturn 1",
    "f()",
    "if True:\n    st.text('if')",
    "with st.sidebar:\n    st.text('with')",
    "class C:\n    '''x'''\n    y = st.text('class')",
    "instrument = 3",
    "lambda instrument: 0",
    "é = 'ö📈'",
    "print('''\\\n''')",
    "x = '\\d'",
    "import os \\\n",
]
PAGES = """st.navigation({open}
{indent}home,{gap}# one
{indent}other{comma}{gap}{comment}
{close}).run()"""

newlines = st.sampled_from(["\n", "\r\n", "\r"])
heads = st.sampled_from(["", "# -*- coding: utf-8 -*-\n", "#!/usr/bin/python\n# coding: utf-8\n"])


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """Return a source of pieces, in any order, with any newlines, or nearly so."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
    text = draw(heads) + "".join(piece + "\n" for piece in pieces)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    lines = text.split("\n")
    mixed = draw(st.booleans())
    joint = draw(newlines)
    text = lines[0] + "".join((draw(newlines) if mixed else joint) + line for line in lines[1:])
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@pytest.mark.filterwarnings("ignore:.*invalid escape")
@given(sources(), st.text(st.characters(categories=["L", "P", "S", "N"]), min_size=1))
@settings(max_examples=1500)
@example(b"from __future__ import annotations; import os; st.title('x')", "x")
@example(b"'''doc'''; import streamlit as st", "x")
@example(b"import os \\\n\nst.title('x')", "x")
@example(b"import os", 'a "quoted" \\ name')
def test_editing_is_undone_byte_for_byte(data: bytes, app: str) -> None:
    """Whatever is understood comes out as it was; what is not is left, and said to be."""
    try:
        new = added(data, app).data
    except NotUnderstoodError:
        return
    assert data == removed(new).data
    assert new != data
    (call,) = [
        node
        for node in ast.walk(ast.parse(new))
        if isinstance(node, ast.Call) and "instrument" in ast.dump(node.func)
    ]
    assert isinstance(call.keywords[0].value, ast.Constant)
    assert app == call.keywords[0].value.value


@pytest.mark.filterwarnings("ignore:invalid escape")
@given(sources(), st.integers(0), st.sampled_from(["# mine", "mine = 1", "", "  # ours"]))
@settings(max_examples=500)
def test_editing_is_undone_where_other_lines_have_changed(data: bytes, at: int, line: str) -> None:
    """What somebody writes before, behind, or above ours stays, byte for byte, and no more."""
    try:
        new = added(data, "x").data
    except NotUnderstoodError:
        return
    before, after = data.splitlines(keepends=True), new.splitlines(keepends=True)
    ours = next(place for place, each in enumerate(after) if MARK.encode() in each)
    assume(after[ours + 3 :] == before[ours:])
    place = at % (len(before) + 1)
    mine = line.encode() + b"\n"
    assume(place == 0 or before[place - 1].endswith((b"\n", b"\r")))
    assume(place < len(before) or not before or before[-1].endswith((b"\n", b"\r")))
    expected = b"".join([*before[:place], mine, *before[place:]])
    there = place if place <= ours else place + 3
    changed = b"".join([*after[:there], mine, *after[there:]])
    with contextlib.suppress(NotUnderstoodError):
        assert expected == removed(changed).data


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@settings(max_examples=500)
def test_editing_takes_any_bytes(data: bytes) -> None:
    """No file makes it fail in another way than by saying so."""
    for edit in (lambda: added(data, "x").data, lambda: removed(data).data):
        with contextlib.suppress(NotUnderstoodError):
            edit()


@pytest.mark.filterwarnings("ignore:.*invalid escape")
@given(sources())
@settings(max_examples=500)
def test_editing_calls_before_anything_is_drawn(data: bytes) -> None:
    """The call comes before the first command of Streamlit that runs, and what runs is the same."""
    try:
        new = added(data, "x").data
    except NotUnderstoodError:
        assume(False)  # noqa: FBT003 - Hypothesis takes it so
    before, after = run(data), run(new)
    assert before == [told for told in after if told != "instrument"]
    assert after.index("instrument") == 0


def run(data: bytes) -> list[str]:
    """Run a source, and return what it calls of Streamlit's and of ours, in order."""
    told: list[str] = []

    class Anything(SimpleNamespace):
        def __getattr__(self, name: str) -> Any:
            return Anything(said=name)

        def __call__(self, *given: object, **more: object) -> Any:
            told.append(self.said)
            return given[0] if given and callable(given[0]) else self

        def __enter__(self) -> None:
            told.append(self.said)

        def __exit__(self, *_: object) -> None: ...

    def fake(name: str, *given: Any, **more: Any) -> Any:
        if name in ("streamlit", "streamlit_ext"):
            return Anything(said=name)
        return SimpleNamespace() if name == "yaml" else builtins.__import__(name, *given, **more)

    names = {"__import__": fake, "print": lambda *_: None, "__build_class__": __build_class__}
    try:
        exec(
            compile(data, "<source>", "exec", dont_inherit=True),
            {"__builtins__": {**vars(builtins), **names}, "__name__": "x", "TYPE_CHECKING": False},
        )
    except (NameError, TypeError) as error:
        told.append(type(error).__name__)
    return told


@given(
    st.sampled_from(["[]", "{}"]),
    st.sampled_from(["    ", "\t", "  "]),
    st.sampled_from(["", ",", " ,"]),
    st.sampled_from(["", " ", "  "]),
    st.sampled_from(["", "# two", "# ]", "\n", "\n    # three"]),
    newlines,
    st.sampled_from(["lines", "one line"]),
)
def test_editing_of_pages_is_undone(
    kind: str, indent: str, comma: str, gap: str, comment: str, newline: str, form: str
) -> None:
    """However a list of pages is written, ours is the last in it, and comes out again."""
    pages = PAGES.format(
        open=kind[0], close=kind[1], indent=indent, comma=comma, gap=gap, comment=comment
    )
    if kind == "{}":
        pages = pages.replace("home,", "'A': [home],").replace("other", "'B': [home, other]")
    if form == "one line":
        pages = "".join(line.partition("#")[0] for line in pages.splitlines())
    data = f"import streamlit as st\nhome = other = 1\n{pages}\n".replace("\n", newline).encode()
    edited = added(data, "x", page=True)
    assert data == removed(edited.data).data
    (call,) = [
        node
        for node in ast.walk(ast.parse(edited.data))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "navigation"
    ]
    last = ast.unparse(call.args[0])[-100:]
    assert (b"diagnostics_page" in edited.data) is not bool(edited.by_hand)
    if not edited.by_hand:
        assert "st.Page(diagnostics_page, title='Diagnostics')" in last


OURS = """import streamlit as st
from streamlit_ext import diagnostics_page, instrument  # added by datatools-audit init

instrument(app="x")  # added by datatools-audit init
st.navigation([home, st.Page(diagnostics_page, title="Diagnostics")]).run()
"""


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ('(app="x")', '(app="x", version="1")', ["line 2", "line 4"]),
        ('title="Diagnostics"', 'title="Help"', ["line 2"]),
        ("st.navigation", "diagnostics_page()\nst.navigation", ["line 2"]),
        ("[home, ", "[", ["line 2", "line 5"]),
        (
            "diagnostics_page, instrument  #",
            "instrument, diagnostics_page  #",
            ["line 2", "line 4"],
        ),
    ],
)
def test_editing_leaves_what_was_changed(old: str, new: str, left: list[str]) -> None:
    """A line that somebody has changed stays, with what it needs, and is told."""
    assert old in OURS
    data = OURS.replace(old, new).encode()
    edited = removed(data)
    assert left == [each.partition(":")[0] for each in edited.by_hand]
    kept = edited.data.decode().splitlines()
    names = {n.id for n in ast.walk(ast.parse(edited.data)) if isinstance(n, ast.Name)}
    needed = names & {"instrument", "diagnostics_page"}
    assert all(any(name in line and "import" in line for line in kept) for name in needed)


def test_editing_takes_the_rest_where_lines_were_moved() -> None:
    """Sorted and formatted by a program, our lines are still ours."""
    data = OURS.replace("import streamlit as st\n", "").replace(
        "\n\ninstrument", "\n\n\nimport streamlit as st\n\ninstrument"
    )
    data = data.replace("[home, ", "[\n    home,\n    ").replace('s")]', 's"),\n]')
    edited = removed(data.encode())
    assert not edited.by_hand
    expected = "\n\n\nimport streamlit as st\n\nst.navigation([\n    home,\n]).run()\n"
    assert expected.lstrip("\n") == edited.data.decode().lstrip("\n")


def test_editing_takes_out_what_a_program_has_formatted() -> None:
    """In lines that are too long for it, and in its quotes."""
    data = (
        OURS.replace("import diagnostics_page, instrument  #", "import (  #")
        .replace("init\n\n", "init\n    diagnostics_page,\n    instrument,\n)\n\n")
        .replace('"x"', "'x'")
        .replace('st.Page(diagnostics_page, title="D', "st.Page(\n    diagnostics_page, title='D")
        .replace('s")', "s'\n)")
    )
    edited = removed(data.encode())
    assert not edited.by_hand
    assert b"import streamlit as st\nst.navigation([home]).run()\n" == edited.data


@pytest.mark.parametrize("comment", ["  # mine", ""])
def test_editing_leaves_a_comment_that_is_not_ours(comment: str) -> None:
    """What somebody has written beside our line is theirs."""
    data = OURS.replace("[home, ", "[\n    home,\n    ").replace('s")', f's"{comment}\n    )')
    data = data.replace('(app="x")  #', f'(\n    app="x",{comment}\n)  #')
    assert bool(comment) is bool(removed(data.encode()).by_hand)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"import streamlit as st\ndef f(:\n", "does not compile: line 2"),
        (b"import streamlit\nreturn 3\n", "does not compile: line 2"),
        (b"import streamlit\0as st\n", "null bytes"),
        (b"# coding: nope\nimport streamlit\n", "encoding"),
        (b"import streamlit # \xe9\n", "encoding"),
        (b"# coding: utf-7\nimport streamlit\nx = '+AGE-'\n", "not the same once it was read"),
        (b"", "nothing in it that runs"),
        (b'"""Only a docstring."""\n', "nothing in it that runs"),
        (b"# Generated by a tool. DO NOT EDIT.\nimport streamlit\n", "a program has written it"),
        (b"'''Auto-generated.'''\nimport streamlit\n", "a program has written it"),
        (b"import streamlit  # added by datatools-audit init\n", "has lines that say"),
        (b"instrument = audit_instrument = 1\n", "uses the name instrument"),
        (b"'''d'''; x = 1\n", "line of its docstring"),
        (b"from __future__ import annotations; x = 1\n", "not understood"),
    ],
)
def test_editing_leaves_what_it_does_not_understand(data: bytes, why: str) -> None:
    """And says what it is about the source."""
    with pytest.raises(NotUnderstoodError, match=why):
        added(data, "x")


def test_editing_looks_at_each_statement_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source of thousands of constants is read in no time."""
    seen: list[ast.stmt] = []
    look = placing._is_quiet
    monkeypatch.setattr(placing, "_is_quiet", lambda each, q: seen.append(each) or look(each, q))
    text = "import streamlit as st\n" + "X = 1\n" * 100 + "st.title('x')\n"
    placing.line_before(parsed(text.encode()))
    assert 102 == len(seen)


def test_editing_never_asks_for_every_visitors_records() -> None:
    """What goes in has no scope."""
    for page in (False, True):
        new = added(b"import streamlit as st\nst.navigation([a, b]).run()\n", "x", page=page).data
        assert b"scope" not in new
        assert MARK.encode() in new
