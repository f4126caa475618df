"""Every kind of widget of Streamlit, driven by what a browser sends, under each policy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import pytest
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest

from datatools_audit import audit_stats
from streamlit_ext import instrument
from streamlit_ext.policy import Values, use
from tests.helpers import written_records
from tests.streamlit_ext.browser import VERSION, arrived, put, send
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

PRELUDE = """
import datetime
import streamlit as st
from streamlit_ext import instrument
instrument(app="shop")
"""


@dataclass(frozen=True)
class Kind:
    """A widget, what a browser sends of it in two interactions, and what is recorded.

    Attributes:
        kind: The command's name in the records.
        draw: The app's line.
        sent: The two states, each by the field that it goes into.
        shape: The value before and behind the second interaction, under that policy.
        choices: The same under the next; None where it is that of ``shape``.
        all: The same under the last; None where it is that of ``choices``.
        label: Its label in the records.
        key: Its key.
        since: The Streamlit that has it, or whose AppTest can draw it.
    """

    kind: str
    draw: str
    sent: tuple[dict[str, Any], dict[str, Any]]
    shape: tuple[object, object]
    choices: tuple[object, object] | None = None
    all: tuple[object, object] | None = None
    label: str = "Label"
    key: str = "key"
    since: tuple[int, int] = (1, 45)


@dataclass(frozen=True)
class Trigger:
    """A widget that only says that something was done; see ``Kind``.

    Attributes:
        sent: The state that a browser sends with each click.
        shape: What the click carries under that policy; None for a click without a value.
        ending: The end of its id, where that is not its key.
    """

    kind: str
    draw: str
    sent: dict[str, Any]
    shape: object = None
    choices: object = None
    all: object = None
    label: str = "Label"
    key: str | None = "key"
    ending: str = ""
    since: tuple[int, int] = (1, 45)


def text(length: int) -> dict[str, Any]:
    return {"type": "str", "length": length}


def items(length: int, kind: str = "list") -> dict[str, Any]:
    return {"type": kind, "length": length}


def only(kind: str) -> dict[str, Any]:
    return {"type": kind}


def two(one: object) -> tuple[Any, Any]:
    return one, one


def selection(**parts: Any) -> dict[str, Any]:
    state = json.dumps({"selection": parts})
    return {"string_value": state, "json_value": state}


def edits(**parts: Any) -> dict[str, Any]:
    whole = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **parts}
    return {"string_value": json.dumps(whole), "json_value": json.dumps(whole)}


BOOL = ({"bool_value": True}, {"bool_value": False})
FIRST_AND_SECOND = (
    {"string_value": "Bern", "int_value": 0},
    {"string_value": "Genf", "int_value": 1},
)
FEW_AND_MORE = (
    {"string_array_value": {"data": ["Genf"]}, "int_array_value": {"data": [1]}},
    {"string_array_value": {"data": ["Bern", "Genf"]}, "int_array_value": {"data": [0, 1]}},
)
TABLE = '{"town": ["Bern", "Genf"], "size": [1, 2]}'
DAY = 86_400_000_000  # microseconds: how a slider sends a day

KINDS = [
    Kind("checkbox", "st.checkbox('Label', key='key')", BOOL, two(only("bool")), (True, False)),
    Kind("toggle", "st.toggle('Label', key='key')", BOOL, two(only("bool")), (True, False)),
    Kind(
        "radio",
        "st.radio('Label', ['Bern', 'Genf'], index=None, key='key')",
        FIRST_AND_SECOND,
        two(text(4)),
        ("Bern", "Genf"),
    ),
    Kind(
        "selectbox",
        "st.selectbox('Label', ['Bern', 'Genf'], index=None, key='key')",
        FIRST_AND_SECOND,
        two(text(4)),
        ("Bern", "Genf"),
    ),
    Kind(
        "selectbox",
        "st.selectbox('Label', ['Bern'], index=None, key='key', accept_new_options=True)",
        ({"string_value": "Bern"}, {"string_value": "Elsewhere"}),
        (text(4), text(9)),
        None,
        ("Bern", "Elsewhere"),
    ),
    Kind(
        "multiselect",
        "st.multiselect('Label', ['Bern', 'Genf'], key='key')",
        FEW_AND_MORE,
        (items(1), items(2)),
        (["Genf"], ["Bern", "Genf"]),
    ),
    Kind(
        "multiselect",
        "st.multiselect('Label', ['Bern'], key='key', accept_new_options=True)",
        ({"string_array_value": {"data": ["Bern"]}}, {"string_array_value": {"data": ["Here"]}}),
        two(items(1)),
        None,
        (["Bern"], ["Here"]),
    ),
    Kind(
        "pills",
        "st.pills('Label', ['Bern', 'Genf'], selection_mode='multi', key='key')",
        FEW_AND_MORE,
        (items(1), items(2)),
        (["Genf"], ["Bern", "Genf"]),
    ),
    Kind(
        "segmented_control",
        "st.segmented_control('Label', ['Bern', 'Genf'], key='key')",
        (
            {"string_array_value": {"data": ["Bern"]}, "int_array_value": {"data": [0]}},
            {"string_array_value": {"data": ["Genf"]}, "int_array_value": {"data": [1]}},
        ),
        two(text(4)),
        ("Bern", "Genf"),
    ),
    Kind(
        "feedback",
        "st.feedback('stars', key='key')",
        (
            {"int_value": 1, "string_value": "1", "int_array_value": {"data": [1]}},
            {"int_value": 3, "string_value": "3", "int_array_value": {"data": [3]}},
        ),
        two(only("int")),
        (1, 3),
        label="",
    ),
    Kind(
        "slider",
        "st.slider('Label', 0, 99, key='key')",
        ({"double_array_value": {"data": [5]}}, {"double_array_value": {"data": [7]}}),
        two(only("int")),
        (5, 7),
    ),
    Kind(
        "slider",
        "st.slider('Label', 0, 99, (1, 2), key='key')",
        ({"double_array_value": {"data": [1, 5]}}, {"double_array_value": {"data": [1, 7]}}),
        two(items(2, "tuple")),
        ([1, 5], [1, 7]),
    ),
    Kind(
        "slider",
        "st.slider('Label', *[datetime.date(1970, 1, day) for day in (1, 9, 5)], key='key')",
        ({"double_array_value": {"data": [DAY]}}, {"double_array_value": {"data": [2 * DAY]}}),
        two(only("date")),
        ("1970-01-02", "1970-01-03"),
    ),
    Kind(
        "select_slider",
        "st.select_slider('Label', ['Bern', 'Genf', 'Chur'], key='key')",
        (
            {"string_array_value": {"data": ["Genf"]}, "double_array_value": {"data": [1]}},
            {"string_array_value": {"data": ["Chur"]}, "double_array_value": {"data": [2]}},
        ),
        two(text(4)),
        ("Genf", "Chur"),
    ),
    Kind(
        "pagination",
        "st.pagination(9, key='key')",
        ({"int_value": 2}, {"int_value": 4}),
        two(only("int")),
        (2, 4),
        label="",
        since=(1, 58),
    ),
    Kind(
        "color_picker",
        "st.color_picker('Label', key='key')",
        ({"string_value": "#ffffff"}, {"string_value": "#00ff00"}),
        two(text(7)),
        ("#ffffff", "#00ff00"),
    ),
    Kind(
        "text_input",
        "st.text_input('Label', key='key')",
        ({"string_value": "Rosa"}, {"string_value": "Max"}),
        (text(4), text(3)),
        None,
        ("Rosa", "Max"),
    ),
    Kind(
        "text_input",
        "st.text_input('Label', key='key', type='password')",
        ({"string_value": "Rosa"}, {"string_value": "Max"}),
        two(only("password")),
    ),
    Kind(
        "text_area",
        "st.text_area('Label', key='key')",
        ({"string_value": "Rosa"}, {"string_value": "Max"}),
        (text(4), text(3)),
        None,
        ("Rosa", "Max"),
    ),
    Kind(
        "number_input",
        "st.number_input('Label', value=1, key='key')",
        ({"double_value": 5}, {"double_value": 7}),
        two(only("int")),
        None,
        (5, 7),
    ),
    Kind(
        "date_input",
        "st.date_input('Label', datetime.date(2026, 1, 1), key='key')",
        (
            {"string_array_value": {"data": ["2026/01/02"]}},
            {"string_array_value": {"data": ["2026/01/03"]}},
        ),
        two(only("date")),
        None,
        ("2026-01-02", "2026-01-03"),
    ),
    Kind(
        "date_input",
        "st.date_input('Label', [datetime.date(2026, 1, 1), datetime.date(2026, 1, 9)], key='key')",
        (
            {"string_array_value": {"data": ["2026/01/02"]}},
            {"string_array_value": {"data": ["2026/01/02", "2026/01/03"]}},
        ),
        (items(1, "tuple"), items(2, "tuple")),
        None,
        (["2026-01-02"], ["2026-01-02", "2026-01-03"]),
    ),
    Kind(
        "time_input",
        "st.time_input('Label', datetime.time(8, 0), key='key')",
        ({"string_value": "09:00"}, {"string_value": "10:30"}),
        two(only("time")),
        None,
        ("09:00:00", "10:30:00"),
    ),
    Kind(
        "datetime_input",
        "st.datetime_input('Label', datetime.datetime(2026, 1, 1, 8, 0), key='key')",
        (
            {"string_array_value": {"data": ["2026/01/02, 09:00"]}},
            {"string_array_value": {"data": ["2026/01/02, 10:30"]}},
        ),
        two(only("datetime")),
        None,
        ("2026-01-02T09:00:00", "2026-01-02T10:30:00"),
        since=(1, 54),
    ),
    Kind(
        "data_editor",
        f"st.data_editor({TABLE}, num_rows='dynamic', key='key')",
        (
            edits(edited_rows={"0": {"town": "Chur"}}),
            edits(edited_rows={"0": {"town": "Chur"}}, added_rows=[{"size": 3}], deleted_rows=[1]),
        ),
        (
            {"type": "dict", "edited_rows": 1, "added_rows": 0, "deleted_rows": 0},
            {"type": "dict", "edited_rows": 1, "added_rows": 1, "deleted_rows": 1},
        ),
        (
            {
                "type": "dict",
                "edited_rows": 1,
                "added_rows": 0,
                "deleted_rows": 0,
                "columns": ["town"],
            },
            {
                "type": "dict",
                "edited_rows": 1,
                "added_rows": 1,
                "deleted_rows": 1,
                "columns": ["size", "town"],
            },
        ),
        label="",
    ),
    Kind(
        "dataframe",
        f"st.dataframe({TABLE}, on_select='rerun', key='key',"
        " selection_mode=['multi-row', 'multi-column'])",
        (
            selection(rows=[0], columns=[], cells=[]),
            selection(rows=[0, 1], columns=["town"], cells=[]),
        ),
        (
            {"type": "dict", "rows": 1, "columns": 0, "cells": 0},
            {"type": "dict", "rows": 2, "columns": 1, "cells": 0},
        ),
        label="",
    ),
    Kind(
        "dataframe",
        f"st.dataframe({TABLE}, on_select='rerun', key='key', selection_mode='multi-cell')",
        (
            selection(rows=[], columns=[], cells=[[0, "town"]]),
            selection(rows=[], columns=[], cells=[[0, "town"], [1, "size"]]),
        ),
        (
            {"type": "dict", "rows": 0, "columns": 0, "cells": 1},
            {"type": "dict", "rows": 0, "columns": 0, "cells": 2},
        ),
        label="",
        since=(1, 54),
    ),
    Kind(
        "vega_lite_chart",
        "import altair\nmarked = altair.selection_point(name='marked')\n"
        "st.altair_chart(altair.Chart(altair.Data(values=[])).mark_point().encode(x='size:Q')"
        ".add_params(marked), on_select='rerun', key='key')",
        (selection(marked=[{"town": "Bern"}]), selection(marked=[])),
        ({"type": "dict", "selected": 1}, {"type": "dict", "selected": 0}),
        label="",
    ),
    Kind(
        "vega_lite_chart",
        "st.vega_lite_chart({'data': {'values': []}, 'mark': 'point',"
        " 'encoding': {'x': {'field': 'size', 'type': 'quantitative'}},"
        " 'params': [{'name': 'marked', 'select': 'interval'}]}, on_select='rerun', key='key')",
        (selection(marked={"size": [1, 2]}), selection(marked={})),
        ({"type": "dict", "selected": 1}, {"type": "dict", "selected": 0}),
        label="",
    ),
    Kind(
        "pydeck_chart",
        "import pydeck\nst.pydeck_chart(pydeck.Deck(layers=[pydeck.Layer('ScatterplotLayer',"
        " [], id='towns', pickable=True)]), on_select='rerun', key='key')",
        (
            selection(indices={"towns": [0]}, objects={"towns": [{"name": "Bern"}]}),
            selection(indices={"towns": [0, 1]}, objects={"towns": [{}, {}]}),
        ),
        ({"type": "dict", "indices": 1}, {"type": "dict", "indices": 2}),
        label="",
    ),
    Kind(
        "plotly_chart",
        "import plotly.graph_objects as go\n"
        "st.plotly_chart(go.Figure(), on_select='rerun', key='key')",
        (
            selection(points=[{"x": 1}], point_indices=[0], box=[], lasso=[]),
            selection(points=[{"x": 1}, {"x": 2}], point_indices=[0, 1], box=[{}], lasso=[]),
        ),
        (
            {"type": "dict", "points": 1, "point_indices": 1, "box": 0, "lasso": 0},
            {"type": "dict", "points": 2, "point_indices": 2, "box": 1, "lasso": 0},
        ),
        label="",
    ),
    Kind(
        "component",
        "import streamlit.components.v1 as components\n"
        "components.declare_component('gauge', url='http://localhost:1')(key='key')",
        ({"json_value": '{"text": "Rosa"}'}, {"json_value": '"Max"'}),
        (items(1, "dict"), text(3)),
        None,
        (items(1, "dict"), "Max"),
        label="gauge",
    ),
    Kind(
        "component",
        "import streamlit.components.v2 as components\n"
        "components.component('gauge', html='<p>')(key='key', on_text_change=lambda: None)",
        ({"json_value": '{"text": "Rosa"}'}, {"json_value": '{"text": "Max"}'}),
        two(items(1, "dict")),
        label="gauge",
        since=(1, 58),
    ),
    Kind(
        "tabs",
        "st.tabs(['Bern', 'Genf', 'Chur'], on_change='rerun', key='key')",
        ({"string_value": "Genf"}, {"string_value": "Chur"}),
        two(text(4)),
        ("Genf", "Chur"),
        label="",
        since=(1, 58),
    ),
    Kind(
        "expander",
        "st.expander('Label', on_change='rerun', key='key')",
        BOOL,
        two(only("bool")),
        (True, False),
        since=(1, 58),
    ),
    Kind(
        "popover",
        "st.popover('Label', on_change='rerun', key='key')",
        BOOL,
        two(only("bool")),
        (True, False),
        since=(1, 58),
    ),
    Kind(
        "file_uploader",
        "st.file_uploader('Label', key='key')",
        (
            {"file_uploader_state_value": arrived(("1", "a.wav"))},
            {"file_uploader_state_value": arrived(("2", "b.wav"))},
        ),
        two(only("UploadedFile")),
    ),
    Kind(
        "file_uploader",
        "st.file_uploader('Label', accept_multiple_files=True, key='key')",
        (
            {"file_uploader_state_value": arrived(("1", "a.wav"))},
            {"file_uploader_state_value": arrived(("1", "a.wav"), ("2", "b.wav"))},
        ),
        (items(1), items(2)),
        None,
        ([only("UploadedFile")], [only("UploadedFile")] * 2),
    ),
    Kind(
        "camera_input",
        "st.camera_input('Label', key='key')",
        (
            {"file_uploader_state_value": arrived(("3", "c.jpg"))},
            {"file_uploader_state_value": arrived()},
        ),
        (only("UploadedFile"), None),
    ),
    Kind(
        "audio_input",
        "st.audio_input('Label', key='key')",
        (
            {"file_uploader_state_value": arrived(("1", "a.wav"))},
            {"file_uploader_state_value": arrived(("2", "b.wav"))},
        ),
        two(only("UploadedFile")),
    ),
]


def as_parameter(kind: Kind | Trigger) -> Any:
    unheard = pytest.mark.skipif(kind.since > VERSION, reason=f"needs Streamlit {kind.since}")
    return pytest.param(kind, id=kind.kind, marks=unheard)


def import_what_draws(kind: Kind) -> None:
    """Skip the test where a chart's library is not installed."""
    for library in ("altair", "plotly", "pydeck"):
        if f"import {library}" in kind.draw:
            pytest.importorskip(library)


def put_files(manager: MemoryUploadedFileManager) -> None:
    """Bring the files of all rows; of a chat's Streamlit keeps none."""
    for file_id, name in (("1", "a.wav"), ("2", "b.wav"), ("3", "c.jpg")):
        put(manager, file_id, name, "audio/wav" if name.endswith("wav") else "image/jpeg")


@pytest.mark.filterwarnings("ignore")  # an older Streamlit calls newer libraries in old ways
@pytest.mark.parametrize("kind", [as_parameter(kind) for kind in KINDS])
def test_kind_of_widget_is_one_record_for_each_change(
    kind: Kind, server: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind, label and key; of old and new what each policy allows; the same state is none."""
    import_what_draws(kind)
    app = AppTest.from_string(PRELUDE + kind.draw).run()
    for level in get_args(Values):
        monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", level)
        use()
        for state in (*kind.sent, kind.sent[-1]):
            put_files(server)
            send(app, **{kind.key: state})
    assert not app.exception
    found = by_category(written_records(), "widget")
    assert 6 == len(found)
    told = ("message", "kind", "label", "key")
    said = {tuple(record[name] for name in told) for record in found}
    assert {(f"Changed {kind.label or kind.key}", kind.kind, kind.label, kind.key)} == said
    by_shape, by_choices, by_all = ((record["old"], record["new"]) for record in found[1::2])
    choices = kind.choices or kind.shape
    assert (kind.shape, choices, kind.all or choices) == (by_shape, by_choices, by_all)


TRIGGERS = [
    Trigger("button", "st.button('Label', key='key')", {"trigger_value": True}),
    Trigger(
        "form_submit_button",
        "with st.form('form'): st.form_submit_button('Label')",
        {"trigger_value": True},
        key="FormSubmitter:form-Label",
    ),
    Trigger(
        "link_button",
        "st.link_button('Label', 'https://streamlit.io', on_click='rerun', key='key')",
        {"trigger_value": True},
        since=(1, 58),
    ),
    Trigger(
        "menu_button",
        "st.menu_button('Label', ['Bern', 'Genf'], key='key')",
        {"string_trigger_value": {"data": "Genf"}},
        text(4),
        "Genf",
        since=(1, 58),
    ),
    Trigger(
        "chat_input",
        "st.chat_input('Label', key='key')",
        {"string_trigger_value": {"data": "Rosa"}, "chat_input_value": {"data": "Rosa"}},
        text(4),
        None,
        "Rosa",
    ),
    Trigger(
        "chat_input",
        "st.chat_input('Label', key='key', accept_file='multiple')",
        {
            "chat_input_value": {
                "data": "Rosa",
                "file_uploader_state": arrived(("1", "a.wav"), ("2", "b.wav")),
            }
        },
        {"type": "ChatInputValue", "length": 4, "files": 2},
        None,
        {"type": "ChatInputValue", "length": 4, "files": 2, "text": "Rosa"},
    ),
    Trigger(
        "chat_input",
        "st.chat_input('Label', key='key', accept_audio=True)",
        {
            "chat_input_value": {
                "data": "",
                "audio_file_info": {"file_id": "1", "name": "a.wav", "size": 2},
            }
        },
        {"type": "ChatInputValue", "length": 0, "files": 1},
        None,
        {"type": "ChatInputValue", "length": 0, "files": 1, "text": ""},
        since=(1, 54),
    ),
    Trigger(
        "dialog",
        "st.dialog('Label', on_dismiss='rerun')(lambda: None)()",
        {"trigger_value": True},
        key=None,
        ending="None",
        since=(1, 50),
    ),
    Trigger(
        "component",
        "import streamlit.components.v2 as components\n"
        "components.component('gauge', html='<p>')(key='key', on_sent_change=lambda: None)",
        {"json_trigger_value": '{"event": "sent", "value": "Rosa"}'},
        items(1),
        None,
        [items(2, "dict")],
        label="gauge",
        ending="key__events",
        since=(1, 58),
    ),
]


@pytest.mark.parametrize("kind", [as_parameter(kind) for kind in TRIGGERS])
def test_kind_of_button_is_one_record_for_each_click(
    kind: Trigger, server: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click has no old value, and a new one only where it carries one."""
    app = AppTest.from_string(PRELUDE + kind.draw).run()
    for level in get_args(Values):
        monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", level)
        use()
        for _ in range(2):
            put_files(server)
            send(app, **{kind.ending or str(kind.key): kind.sent})
        app.run()
    assert not app.exception
    found = by_category(written_records(), "widget")
    assert 6 == len(found)
    verb = "Clicked" if kind.shape is None else "Used"
    verb = "Dismissed" if kind.kind == "dialog" else verb
    told = ("message", "kind", "label", "key")
    said = {tuple(record[name] for name in told) for record in found}
    assert {(f"{verb} {kind.label}", kind.kind, kind.label, kind.key)} == said
    assert not any("old" in record for record in found)
    choices = kind.choices or kind.shape
    assert [kind.shape, choices, kind.all or choices] == [r.get("new") for r in found[::2]]


FORM = """
with st.form("form"):
    st.text_input("Name", key="name")
    st.checkbox("Agree", key="agree")
    st.slider("Age", 0, 9, key="age")
    st.form_submit_button("Send")
"""


def test_kind_of_form_tells_each_changed_field_and_the_submit() -> None:
    """A browser sends all of a form at once; what nobody has changed is no record."""
    app = AppTest.from_string(PRELUDE + FORM).run()
    sent = {
        "name": {"string_value": "Rosa"},
        "agree": {"bool_value": True},
        "age": {"double_array_value": {"data": [0]}},
    }
    submit = {"FormSubmitter:form-Send": {"trigger_value": True}}
    send(app, **sent, **submit)
    told = [record["message"] for record in by_category(written_records(), "widget")]
    assert ["Changed Agree", "Changed Name", "Clicked Send"] == sorted(map(str, told))
    send(app, **sent, **submit)
    told = [record["message"] for record in by_category(written_records(), "widget")[3:]]
    assert ["Clicked Send"] == told


class Touchy:
    """A value of an app's own that bears no question."""

    def __ne__(self, other: object) -> Any:
        return self

    def __eq__(self, other: object) -> Any:
        raise ArithmeticError

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ArithmeticError


def test_kind_of_value_that_refuses_to_be_true_or_false_is_counted() -> None:
    """As an array's or a table's; Streamlit gets the answer that it would have had."""
    instrument(app="shop")
    state, old = SessionState(), Touchy()
    state._old_state["id"] = old
    assert old is state._widget_changed("id")
    assert {"hook widgets: ArithmeticError": 1} == dict(audit_stats().internal_failures)


class Incomparable(Touchy):
    """A value that cannot be compared at all."""

    def __ne__(self, other: object) -> Any:
        raise ZeroDivisionError


def test_kind_of_value_that_refuses_to_be_compared_fails_as_without_us() -> None:
    """The exception is Streamlit's and the app's; nothing is counted as our failure."""
    instrument(app="shop")
    state = SessionState()
    state._old_state["id"] = Incomparable()
    with pytest.raises(ZeroDivisionError):
        state._widget_changed("id")
    assert {} == dict(audit_stats().internal_failures)


TOUCHY_OPTIONS = """
class Touchy(str):
    def __len__(self):
        raise ArithmeticError
    def __bool__(self):
        raise ArithmeticError
st.select_slider("Touchy", [Touchy("a"), Touchy("b")], key="touchy")
st.slider("Age", 0, 9, key="age")
st.text(type(st.session_state.touchy).__name__)
"""


def test_kind_of_option_with_methods_that_raise_is_recorded_without_them() -> None:
    """The app has its value, and nobody has asked the option's own methods for its record."""
    app = AppTest.from_string(PRELUDE + TOUCHY_OPTIONS).run()
    sent = {"string_array_value": {"data": ["b"]}, "double_array_value": {"data": [1]}}
    send(app, touchy=sent, age={"double_array_value": {"data": [3]}})
    assert (0, "Touchy") == (len(app.exception), app.text[0].value)
    assert {"Touchy", "Age"} == {
        record["label"] for record in by_category(written_records(), "widget")
    }
    assert {} == dict(audit_stats().internal_failures)
