"""Tests of the writer: what stands in a log cannot act in the test that is made of it."""

from __future__ import annotations

import ast
import datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datatools_audit.support.reproduce.steps import (
    Change,
    Click,
    Edit,
    End,
    File,
    Miss,
    Open,
    Plan,
    Rerun,
    Say,
    Upload,
    Widget,
)
from datatools_audit.support.reproduce.values import Value, value_of
from datatools_audit.support.reproduce.writer import source

TS = "2026-05-19T14:02:11.000+00:00"
EVIL = [
    '"); import os; os.system("x"); ("',
    "'\nimport os\n'",
    '"""\nimport os\n"""',
    "\\",
    "\\'",
    "# FILL IN: \r import os",
    "\u2028import os",
    "\x0cimport os",
    "{__import__('os')}",
    "\ud800",
    "-*- coding: latin-1 -*-",
]


def written(*steps: Any, **more: Any) -> str:
    fields: dict[str, Any] = {
        "session": "a1b2c3d4",
        "app": "Shop 2.1",
        "versions": "",
        "browser": (),
    }
    end = more.pop("end", End(TS, "E-1", "KeyError", "load", "Uncaught: KeyError: 'a'"))
    script = more.pop("script", "app.py")
    plan = Plan(**{**fields, **more}, zone=datetime.UTC, steps=steps, end=end)
    return source(plan, script, is_relative=True)


def test_function(text: str) -> ast.FunctionDef:
    """Return the test in a source; there is one."""
    found = [each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)]
    (test,) = [each for each in found if each.name.startswith("test_")]
    return test


test_function.__test__ = False  # type: ignore[attr-defined]


def test_writer_writes_a_test_to_be_read() -> None:
    """Steps are numbered and have their time; what is missing is marked where it is."""
    town = Widget("selectbox", "Town", None)
    text = written(
        Open(TS, "home", "Start"),
        Change(TS, town, value_of("selectbox", {"type": "str", "length": 4})),
        Rerun(TS),
        Miss(TS, "used tabs Overview", "AppTest cannot open a tab"),
        Click(TS, Widget("button", "Go", "go")),
        Rerun(TS, is_fragment=True),
    )
    assert ast.unparse(test_function(text)) in ast.unparse(ast.parse(text))
    begins = text.index("def test_")
    assert text[begins : text.index("\n\n\n", begins)] == (
        "def test_session_a1b2c3d4(person):\n"
        "    # 1. 14:02:11 opened the page “home”\n"
        "    person.open('home', 'Start')\n"
        "\n"
        "    # 2. 14:02:11 changed selectbox “Town”\n"
        "    person.change('selectbox', 'Town', None, NotRecorded('str', 4))"
        "  # FILL IN: the option was not recorded, only its length: 4\n"
        "    person.rerun()\n"
        "\n"
        "    # NOT DONE 14:02:11 used tabs Overview: AppTest cannot open a tab\n"
        "\n"
        "    # 3. 14:02:11 pressed “Go”\n"
        "    person.click('button', 'Go', 'go')\n"
        "    person.rerun(fragment=True)\n"
        "\n"
        "    # 14:02:11 E-1 Uncaught: KeyError: 'a'\n"
        "    person.compare('KeyError', 'load')\n"
        "    assert not person.at.exception"
    )


def test_writer_is_the_same_each_time() -> None:
    """The same log makes the same bytes."""
    steps = [Open(TS), Rerun(TS)]
    assert written(*steps) == written(*steps)


def test_writer_needs_nothing_of_ours() -> None:
    """The test runs where only pytest, Streamlit and the app are installed."""
    file = File("1", "a.csv", "text/csv", 5)
    text = written(Open(TS), Upload(TS, Widget("file_uploader", "F", None), (file,)), Rerun(TS))
    tree = ast.parse(text)
    names = {
        name.split(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
        for name in ([each.module or ""] if isinstance(each, ast.ImportFrom) else
                     [alias.name for alias in each.names])
    }  # fmt: skip
    assert "datatools_audit" not in names
    assert {"pytest", "streamlit"} <= names
    assert "def table_file" in text
    assert "def table_file" not in written(Open(TS))


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (End(TS, "R-1", "", "", "Reported a problem R-1"), "YOUR OWN ASSERTION"),
        (
            End(TS, "", "ValueError", "f", "Reading", "the app handled this error itself"),
            "# This test cannot see the error: the app handled this error itself.",
        ),
    ],
)
def test_writer_leaves_a_place_for_an_assertion(end: End, said: str) -> None:
    """Where there is no error to be seen the person says what should be; until then it skips."""
    text = written(Open(TS), end=end)
    assert said in text
    assert "pytest.skip" in ast.unparse(test_function(text))
    assert "person.compare(" not in ast.unparse(test_function(text))


def calls(text: str) -> list[tuple[str, list[Any]]]:
    """Return the calls of a test with their literals; anything else in it is a failure."""
    found: list[tuple[str, list[Any]]] = []
    for each in test_function(text).body:
        if isinstance(each, ast.Assert):
            assert "assert not person.at.exception" == ast.unparse(each)
            continue
        assert isinstance(each, ast.Expr)
        assert isinstance(each.value, ast.Call)
        name = ast.unparse(each.value.func)
        given_ = [*each.value.args, *(keyword.value for keyword in each.value.keywords)]
        found.append((name, [_literal(one) for one in given_]))
    return found


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):
        assert ast.unparse(node.func) in ("plain_file", "table_file")
        return [_literal(each) for each in node.args]
    return ast.literal_eval(node)


@given(st.sampled_from(EVIL) | st.text(), st.sampled_from(EVIL) | st.text())
@example("x" * 5000, "")
def test_writer_lets_nothing_foreign_act(one: str, other: str) -> None:
    """Labels, keys, values, names of files and pages arrive as they are, and do nothing."""
    widget = Widget("text_input", one, other)
    file = File(one, one, other, 5)
    text = written(
        Open(TS, one, other),
        Change(one, widget, Value(repr(other), one)),
        Click(TS, widget, Value(repr(one))),
        Edit(TS, widget, (("added_rows", 1),), (one, other)),
        Upload(TS, widget, (file,)),
        Say(TS, widget, Value(repr(one)), (file,)),
        Miss(TS, one, "no"),
        Rerun(other),
        end=End(one, other, one or "E", other, f"{one}{other}"),
        session=one,
        app=other,
        versions=one,
        browser=(("locale", one),),
        script=other,
    )
    names = [one, other] if other else [one]
    assert [
        ("person.open", names if one else ([one, other] if other else [])),
        ("person.change", ["text_input", one, other, other]),
        ("person.click", ["text_input", one, other, one]),
        ("person.edit", [one, other, 1, (one, other)]),
        ("person.upload", ["text_input", one, other, [one, other, 5]]),
        ("person.say", [one, other, one, [one, other, 5]]),
        ("person.rerun", []),
        ("person.compare", [one or "E", other]),
    ] == calls(text)
    compile(text.encode("utf-8"), "test_repro.py", "exec")
