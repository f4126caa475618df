"""What a person does at a widget is one record, with of its value what the policy allows."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit
from streamlit_ext import instrument
from streamlit_ext.elements import Element
from streamlit_ext.policy import use
from streamlit_ext.values import shape, shown
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit_ext.policy import Values


def app_with_widgets() -> None:
    import datetime

    import streamlit as st

    from streamlit_ext import instrument

    instrument(app="shop")
    st.button("Go", key="go")
    st.checkbox("Agree", key="agree")
    st.toggle("Dark", key="dark")
    st.radio("Size", ["S", "M"], key="size")
    st.selectbox("Town", ["Bern", "Genf"], key="town")
    st.selectbox("Open", ["a", "b"], key="open", accept_new_options=True)
    st.multiselect("Colours", ["red", "blue"], key="colours")
    st.slider("Age", 0, 99, 5, key="age")
    st.select_slider("Grade", ["low", "high"], key="grade")
    st.color_picker("Colour", "#000000", key="colour")
    st.text_input("Name", key="name")
    st.text_input("Secret", key="secret", type="password")
    st.text_area("Story", key="story")
    st.number_input("Count", key="count", value=1)
    st.date_input("Day", datetime.date(2026, 1, 1), key="day")
    st.time_input("Hour", datetime.time(8, 0), key="hour")
    st.chat_input("Say", key="say")
    with st.form("form"):
        st.text_input("In a form", key="inside")
        st.form_submit_button("Send")


def click(app: AppTest) -> Any:
    return app.button(key="go").click()


STR = {"type": "str", "length": 4}
INT = {"type": "int"}
BOOL = {"type": "bool"}

# kind, label, key, what is done, what is recorded under shape, choices and all
CHANGES: list[tuple[str, str, str, Callable[[AppTest], Any], object, object, object]] = [
    ("checkbox", "Agree", "agree", lambda a: a.checkbox(key="agree").check(), BOOL, True, True),
    ("toggle", "Dark", "dark", lambda a: a.toggle(key="dark").set_value(True), BOOL, True, True),
    (
        "radio",
        "Size",
        "size",
        lambda a: a.radio(key="size").set_value("M"),
        {"type": "str", "length": 1},
        "M",
        "M",
    ),
    (
        "selectbox",
        "Town",
        "town",
        lambda a: a.selectbox(key="town").set_value("Genf"),
        STR,
        "Genf",
        "Genf",
    ),
    (
        "multiselect",
        "Colours",
        "colours",
        lambda a: a.multiselect(key="colours").set_value(["red", "blue"]),
        {"type": "list", "length": 2},
        ["red", "blue"],
        ["red", "blue"],
    ),
    ("slider", "Age", "age", lambda a: a.slider(key="age").set_value(7), INT, 7, 7),
    (
        "select_slider",
        "Grade",
        "grade",
        lambda a: a.select_slider(key="grade").set_value("high"),
        STR,
        "high",
        "high",
    ),
    (
        "color_picker",
        "Colour",
        "colour",
        lambda a: a.color_picker(key="colour").set_value("#ffffff"),
        {"type": "str", "length": 7},
        "#ffffff",
        "#ffffff",
    ),
    (
        "text_input",
        "Name",
        "name",
        lambda a: a.text_input(key="name").set_value("Rosa"),
        STR,
        STR,
        "Rosa",
    ),
    (
        "text_input",
        "Secret",
        "secret",
        lambda a: a.text_input(key="secret").set_value("hush"),
        {"type": "password"},
        {"type": "password"},
        {"type": "password"},
    ),
    (
        "text_area",
        "Story",
        "story",
        lambda a: a.text_area(key="story").set_value("Long"),
        STR,
        STR,
        "Long",
    ),
    (
        "number_input",
        "Count",
        "count",
        lambda a: a.number_input(key="count").set_value(5),
        INT,
        INT,
        5,
    ),
]


def widgets() -> list[dict[str, Any]]:
    return by_category(written_records(), "widget")


@pytest.mark.parametrize(
    ("kind", "label", "key", "do", "by_shape", "by_choices", "by_all"),
    CHANGES,
    ids=[change[2] for change in CHANGES],
)
@pytest.mark.parametrize("level", ["shape", "choices", "all"])
def test_widget_change_is_one_record(
    level: Values,
    kind: str,
    label: str,
    key: str,
    do: Callable[[AppTest], Any],
    by_shape: object,
    by_choices: object,
    by_all: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Kind, label, key, and of the value what the policy allows; a plain rerun is none."""
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", level)
    app = AppTest.from_function(app_with_widgets).run()
    do(app).run()
    app.run()
    assert not app.exception
    (found,) = widgets()
    allowed = {"shape": by_shape, "choices": by_choices, "all": by_all}[level]
    assert (f"Changed {label}", kind, label, key, allowed) == (
        found["message"],
        found["kind"],
        found["label"],
        found["key"],
        found["new"],
    )


def test_widget_click_is_one_record_without_a_value() -> None:
    """A button has no value; two clicks are two records."""
    app = AppTest.from_function(app_with_widgets).run()
    click(app).run()
    click(app).run()
    app.run()
    found = widgets()
    assert [("Clicked Go", "button", "go")] * 2 == [
        (r["message"], r["kind"], r["key"]) for r in found
    ]
    assert not any("new" in r or "old" in r for r in found)


def test_widget_typed_text_never_reaches_the_log_by_default() -> None:
    """Whatever is typed anywhere, the log has its length at most."""
    app = AppTest.from_function(app_with_widgets).run()
    app.text_input(key="name").set_value("top-secret-name").run()
    app.text_area(key="story").set_value("top-secret-story").run()
    app.chat_input(key="say").set_value("top-secret-chat").run()
    app.text_input(key="secret").set_value("top-secret-password").run()
    assert 4 == len(widgets())
    assert "top-secret" not in datatools_audit.audit_log_path().read_text()


def test_widget_that_takes_other_options_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the app has not offered was typed, so `choices` does not record it."""
    box = Element("selectbox", "Open", takes_other=True)
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "choices")
    use()
    assert STR == shown("abcd", box)
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "all")
    use()
    assert "abcd" == shown("abcd", box)


def test_widget_of_a_form_and_its_button_are_two_records() -> None:
    """The changed field and the submit, each once."""
    app = AppTest.from_function(app_with_widgets).run()
    app.text_input(key="inside").set_value("abcd")
    app.button[1].click().run()
    found = widgets()
    assert [("Changed In a form", "text_input"), ("Clicked Send", "form_submit_button")] == sorted(
        (r["message"], r["kind"]) for r in found
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("abc", {"type": "str", "length": 3}),
        (7, {"type": "int"}),
        (True, {"type": "bool"}),
        ([1, 2], {"type": "list", "length": 2}),
        ({"selection": {"rows": [1, 2], "columns": []}}, {"type": "dict", "rows": 2, "columns": 0}),
        (
            {"edited_rows": {0: {"a": "secret"}}, "added_rows": [{}], "deleted_rows": []},
            {"type": "dict", "edited_rows": 1, "added_rows": 1, "deleted_rows": 0},
        ),
        ({"a": 1}, {"type": "dict", "length": 1}),
        (object(), {"type": "object"}),
    ],
)
def test_shape_is_type_and_size(value: object, expected: object) -> None:
    """Of numbers the type only; of selections and edits how many."""
    assert expected == shape(value)


@pytest.mark.parametrize("where", ["code", "environment"])
def test_values_that_are_none_are_said_once(
    where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake is one line on stderr, the app goes on, and the default is used."""
    if where == "environment":
        monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "some")
    for _ in range(2):
        instrument(values="some" if where == "code" else "all")  # type: ignore[arg-type]
    assert 1 == capsys.readouterr().err.count("values='some' cannot be used")
    assert STR == shown("Rosa", Element("text_input", "Name"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.date(2026, 1, 2), datetime.date(2026, 1, 2)),
        ((datetime.date(2026, 1, 2), datetime.date(2026, 1, 3)), None),
        (["a", {"b": 1}], ["a", {"type": "dict", "length": 1}]),
        ([0] * 101, {"type": "list", "length": 101}),
        (object(), {"type": "object"}),
        (None, None),
    ],
)
def test_values_all_are_plain_and_bounded(
    value: object, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dates stay, long lists and what an app made itself are type and size all the same."""
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "all")
    use()
    wanted = list(value) if isinstance(value, tuple) else expected
    assert wanted == shown(value, Element("date_input", "Day"))


def app_that_hides_later() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(values="all")
    hidden = st.checkbox("Hide", key="hide")
    st.text_input("Word", key="word", type="password" if hidden else "default")


def test_widget_that_becomes_a_password_field_is_one() -> None:
    """The same key and label: what was typed before may be recorded, what comes then not."""
    app = AppTest.from_function(app_that_hides_later).run()
    app.text_input(key="word").set_value("open-word").run()
    app.checkbox(key="hide").check().run()
    app.text_input(key="word").set_value("hidden-word").run()
    found = [record for record in widgets() if record["key"] == "word"]
    assert ["open-word", {"type": "password"}] == [record["new"] for record in found]
    assert {"type": "password"} == found[1]["old"]
    assert "hidden-word" not in datatools_audit.audit_log_path().read_text()
