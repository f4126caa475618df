"""Tests of what drives an app in a test: every kind of widget, pages, fragments, dialogs."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit.support.reproduce.files import plain_file
from datatools_audit.support.reproduce.likely import NotRecorded
from datatools_audit.support.reproduce.person import Person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = "import datetime\nimport pandas as pd\nimport streamlit as st\n"
DAY = datetime.date(2026, 1, 2)
TOWNS = "['Bern', 'Genf', 'Chur']"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Person]:
    """Give a person at an app of these lines, whose first run is over."""

    def opened(lines: str) -> Person:
        person = Person(AppTest.from_string(HEAD + lines), monkeypatch)
        person.open()
        assert not person.at.exception
        return person

    return opened


KINDS: list[tuple[str, str, Any, Any]] = [
    ("checkbox", "st.checkbox('L', key='k')", True, NotRecorded("bool")),
    ("toggle", "st.toggle('L', key='k')", True, NotRecorded("bool")),
    ("radio", f"st.radio('L', {TOWNS}, key='k')", "Genf", NotRecorded("str", 4)),
    ("selectbox", f"st.selectbox('L', {TOWNS}, key='k')", "Chur", NotRecorded("str", 4)),
    ("selectbox", "st.selectbox('L', [1, 2, 3], key='k')", 3, NotRecorded("int")),
    (
        "selectbox",
        f"st.selectbox('L', {TOWNS}, format_func=lambda t: t + '!', key='k')",
        "Chur",
        NotRecorded("str", 4),
    ),
    ("multiselect", f"st.multiselect('L', {TOWNS}, key='k')", ["Chur"], NotRecorded("list", 2)),
    ("pills", f"st.pills('L', {TOWNS}, key='k')", "Genf", NotRecorded("str", 4)),
    ("segmented_control", f"st.segmented_control('L', {TOWNS}, key='k')", "Genf", None),
    ("feedback", "st.feedback('stars', key='k')", 3, NotRecorded("int")),
    ("slider", "st.slider('L', 0, 9, 5, key='k')", 7, NotRecorded("int")),
    ("slider", "st.slider('L', 0, 9, (1, 9), key='k')", [2, 3], NotRecorded("tuple", 2)),
    ("select_slider", f"st.select_slider('L', {TOWNS}, key='k')", "Chur", NotRecorded("str", 4)),
    ("pagination", "st.pagination(9, key='k')", 4, NotRecorded("int")),
    ("color_picker", "st.color_picker('L', key='k')", "#00ff00", "#111111"),
    ("text_input", "st.text_input('L', key='k')", "Rosa", "xxxx"),
    ("text_area", "st.text_area('L', key='k')", "Rosa", "xxxx"),
    ("number_input", "st.number_input('L', value=1, key='k')", 5, NotRecorded("int")),
    ("number_input", "st.number_input('L', value=1.5, key='k')", 2.5, NotRecorded("float")),
    ("date_input", "st.date_input('L', datetime.date(2026, 1, 1), key='k')", DAY, None),
    (
        "date_input",
        "st.date_input('L', [datetime.date(2026, 1, 1), datetime.date(2026, 1, 9)], key='k')",
        [DAY],
        NotRecorded("tuple", 1),
    ),
    ("time_input", "st.time_input('L', datetime.time(8), key='k')", datetime.time(9), None),
    (
        "datetime_input",
        "st.datetime_input('L', datetime.datetime(2026, 1, 1, 8), key='k')",
        datetime.datetime(2026, 1, 2, 9),
        NotRecorded("datetime"),
    ),
]


def plain(value: Any) -> Any:
    """Return a value with its tuples as lists, as a record has them."""
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("kind", "draw", "value", "_"), KINDS)
def test_person_gives_a_widget_its_recorded_value(
    kind: str, draw: str, value: Any, _: Any, at: Callable[[str], Person]
) -> None:
    """By its key, and by its label where the key is another one."""
    for key in ("k", "one of yesterday"):
        person = at(draw)
        label = "" if kind in ("feedback", "pagination") else "L"
        person.change(kind, label, key if label else "k", value)
        person.rerun()
        assert not person.at.exception
        assert plain(value) == plain(person.at.session_state["k"])


@pytest.mark.parametrize(("kind", "draw", "_", "shape"), KINDS)
def test_person_gives_another_value_where_none_is_recorded(
    kind: str, draw: str, _: Any, shape: Any, at: Callable[[str], Person]
) -> None:
    """One that the widget takes, and that it does not have already."""
    person = at(draw)
    before = person.at.session_state["k"]
    likely = NotRecorded({"date_input": "date"}.get(kind, "time")) if shape is None else shape
    person.change(kind, "L", "k", likely if kind != "segmented_control" else "Bern")
    person.rerun()
    assert not person.at.exception
    assert before != person.at.session_state["k"]


def test_person_chooses_so_many_of_several(at: Callable[[str], Person]) -> None:
    """As many as there were: some of those chosen, or others besides them."""
    for count, expected in ((0, []), (1, ["Bern"]), (2, ["Bern", "Chur"]), (3, 3)):
        person = at(f"st.multiselect('L', {TOWNS}, default=['Bern', 'Genf'], key='k')")
        person.change("multiselect", "L", "k", NotRecorded("list", count))
        person.rerun()
        found = person.at.session_state["k"]
        assert expected == (len(found) if isinstance(expected, int) else found)


def test_person_types_an_option_of_their_own(at: Callable[[str], Person]) -> None:
    """A selectbox may take what it has not offered."""
    person = at("st.selectbox('L', ['Bern'], accept_new_options=True, key='k')")
    person.change("selectbox", "L", "k", "Elsewhere")
    person.rerun()
    assert "Elsewhere" == person.at.session_state["k"]


def test_person_fills_in_a_form_and_sends_it(at: Callable[[str], Person]) -> None:
    """What stands in a form counts with its button."""
    person = at(
        "with st.form('f'):\n    a = st.selectbox('A', ['x', 'y'])\n"
        "    if st.form_submit_button('Send'): st.text(a)\n"
    )
    person.change("selectbox", "A", None, "y")
    person.click("form_submit_button", "Send", "FormSubmitter:f-Send")
    person.rerun()
    assert ["y"] == [each.value for each in person.at.text]


@pytest.mark.parametrize(
    ("kind", "draw", "choice"),
    [
        ("button", "st.button('L')", None),
        ("download_button", "st.download_button('L', 'x', 'x.txt')", None),
        ("menu_button", "st.menu_button('L', ['Bern', 'Genf'])", "Genf"),
        ("menu_button", "st.menu_button('L', ['Bern', 'Genf'])", NotRecorded("str", 4)),
        ("link_button", "st.link_button('L', 'https://streamlit.io', on_click='rerun')", None),
    ],
)
def test_person_clicks_every_kind_of_button(
    kind: str, draw: str, choice: Any, at: Callable[[str], Person]
) -> None:
    """The app hears of the click once."""
    person = at(f"if {draw}: st.text('clicked')")
    person.click(kind, "L", None, choice)
    person.rerun()
    assert 1 == len(person.at.text)
    person.rerun()
    assert 0 == len(person.at.text)


def test_person_dismisses_a_dialog(at: Callable[[str], Person]) -> None:
    """The app hears of that where it has asked to."""
    person = at(
        "@st.dialog('D', on_dismiss=lambda: st.session_state.update(gone=True))\n"
        "def d(): st.button('in it')\n"
        "if st.button('Open'): d()\n"
    )
    person.click("button", "Open", None)
    person.rerun()
    person.click("dialog", "D", None)
    person.rerun()
    assert person.at.session_state["gone"]


def test_person_stays_in_a_dialog(at: Callable[[str], Person]) -> None:
    """A run of its fragment alone keeps what was drawn before, and then what stands around it."""
    person = at(
        "st.session_state.setdefault('runs', 0)\nst.session_state.runs += 1\n"
        "@st.dialog('D')\ndef d():\n"
        "    place = st.selectbox('Where', ['a', 'b'])\n"
        "    if st.button('Go'): st.session_state.went = place\n"
        "if st.button('Open'): d()\n"
    )
    person.click("button", "Open", None)
    person.rerun()
    person.change("selectbox", "Where", None, "b")
    person.rerun(fragment=True)
    person.click("button", "Go", None)
    person.rerun(fragment=True)
    assert ("b", 2) == (person.at.session_state["went"], person.at.session_state["runs"])
    person.click("button", "Open", None)
    person.rerun()
    assert 3 == person.at.session_state["runs"]


def test_person_sees_the_whole_app_where_a_fragment_runs_it(at: Callable[[str], Person]) -> None:
    """What stood around the fragment and is drawn no more is gone."""
    person = at(
        "@st.fragment\ndef f():\n"
        "    if st.button('Go'):\n        st.session_state.gone = True\n        st.rerun()\n"
        "f()\nif 'gone' not in st.session_state: st.text('around')\n"
    )
    person.click("button", "Go", None)
    person.rerun(fragment=True)
    assert [] == list(person.at.text)


def test_person_sees_a_fragment_fail_and_get_over_it(at: Callable[[str], Person]) -> None:
    """What a fragment drew is gone when it runs again; what the rest drew stays."""
    person = at(
        "@st.fragment\ndef f():\n    n = st.slider('N', 0, 9, 5)\n    st.text(str(9 // n))\n"
        "st.text('around')\nf()\n"
    )
    for value, failures in ((0, 1), (3, 0)):
        person.change("slider", "N", None, value)
        person.rerun(fragment=True)
        assert failures == len(person.at.exception)
    assert ["around", "3"] == [each.value for each in person.at.text]


def test_person_uploads_and_takes_away(at: Callable[[str], Person]) -> None:
    """One file, several, none."""
    one = plain_file("a.csv", "text/csv", 50)
    person = at(
        "f = st.file_uploader('F')\nst.text(f.name if f else 'none')\n"
        "g = st.file_uploader('G', accept_multiple_files=True)\nst.text(len(g))\n"
    )
    person.upload("file_uploader", "F", None, one)
    person.upload("file_uploader", "G", None, one, one)
    person.rerun()
    assert ["a.csv", "2"] == [each.value for each in person.at.text]
    person.upload("file_uploader", "F", None)
    person.upload("file_uploader", "G", None, one)
    person.rerun()
    assert ["none", "1"] == [each.value for each in person.at.text]


def test_person_takes_a_picture_and_records_a_sound(at: Callable[[str], Person]) -> None:
    """Of both there is something that the app can read."""
    person = at("st.camera_input('C', key='c')\nst.audio_input('A', key='a')")
    person.upload("camera_input", "C", "c", plain_file("c.jpg", "image/jpeg", 5_000))
    person.upload("audio_input", "A", "a", plain_file("a.wav", "audio/wav", 5_000))
    person.rerun()
    assert not person.at.exception
    assert ["c.jpg", "a.wav"] == [person.at.session_state[key].name for key in ("c", "a")]


def test_person_chats_with_files(at: Callable[[str], Person]) -> None:
    """A message goes once, with what is attached to it."""
    person = at(
        "if m := st.chat_input('Say', accept_file='multiple'): st.text(m.text + m.files[0].name)"
    )
    person.say("Say", None, "Look", plain_file("a.txt", "text/plain", 5))
    person.rerun()
    assert ["Looka.txt"] == [each.value for each in person.at.text]
    person.rerun()
    assert [] == list(person.at.text)


def test_person_edits_a_table(at: Callable[[str], Person]) -> None:
    """So many rows as were edited, added and deleted; what was typed is a guess."""
    person = at(
        "d = st.data_editor(pd.DataFrame({'n': [1, 2], 't': ['a', 'b']}), num_rows='dynamic',"
        " key='d')\nst.text(str(d['t'].fillna('-').tolist()))"
    )
    person.edit("", "d", edited=1, added=1, deleted=1, columns=("t",))
    person.rerun()
    assert ["['x', '-']"] == [each.value for each in person.at.text]


def test_person_selects_rows(at: Callable[[str], Person]) -> None:
    """So many as were selected, the first ones."""
    person = at(
        "s = st.dataframe(pd.DataFrame({'n': [1, 2]}), on_select='rerun', key='d')\n"
        "st.text(str(s.selection.rows))"
    )
    person.select("", "d", rows=2)
    person.rerun()
    assert ["[0, 1]"] == [each.value for each in person.at.text]


def test_person_says_which_widget_is_missing(at: Callable[[str], Person]) -> None:
    """A widget that is not there is named, with those that are."""
    person = at("st.selectbox('Town', ['Bern'])")
    with pytest.raises(AssertionError, match=r"no selectbox 'Country' .* there is: 'Town'"):
        person.change("selectbox", "Country", None, "x")
    with pytest.raises(AssertionError, match="no dialog 'D' is on the page"):
        person.click("dialog", "D", None)


PAGES = """
def home(): st.text("home"); st.button("x", on_click=lambda: None)
def about(): st.text("about " + str(st.session_state.get("k")))
st.sidebar.selectbox("Everywhere", ["a", "b"], key="k")
st.navigation([st.Page(home, title="Start"), st.Page(about, title="Über")]).run()
"""


def test_person_opens_pages_that_are_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their name in the address or their title; what the entry script drew keeps its value."""
    person = Person(AppTest.from_string(HEAD + PAGES), monkeypatch)
    person.open("home", "Start")
    person.change("selectbox", "Everywhere", "k", "b")
    person.rerun()
    person.open("about", "Über")
    assert ["about b"] == [each.value for each in person.at.text]
    person.open("home", "Start")
    assert ["home"] == [each.value for each in person.at.text]


def test_person_comes_by_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default page does not run before the page that somebody came to."""
    lines = PAGES.replace('st.text("home")', "1 / 0")
    person = Person(AppTest.from_string(HEAD + lines), monkeypatch)
    person.open("about", "Über")
    assert ["about a"] == [each.value for each in person.at.text]


def test_person_says_which_page_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be told is named, with those that there are."""
    person = Person(AppTest.from_string(HEAD + PAGES), monkeypatch)
    person.open("home", "Start")
    with pytest.raises(AssertionError, match=r"no page 'report': the app has \['Start', 'about'\]"):
        person.open("report")


def test_person_follows_the_app_to_a_page_of_another_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the app goes by itself, the page that it is on is the one on record."""
    lines = PAGES.replace("on_click=lambda: None)", "key='b') and st.switch_page(second)")
    lines = lines.replace(
        "st.navigation([st.Page(home",
        "second = st.Page(about, title='Über')\nst.navigation([st.Page(home",
    ).replace('st.Page(about, title="Über")', "second")
    person = Person(AppTest.from_string(HEAD + lines), monkeypatch)
    person.open("home", "Start")
    person.click("button", "x", "b")
    person.rerun()
    person.open("the author's name")
    assert ["about a"] == [each.value for each in person.at.text]


def test_person_opens_files_of_a_pages_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The entry script is a page of its own there."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "shop.py").write_text("import streamlit as st\nst.text('shop')")
    (tmp_path / "pages" / "1_cart.py").write_text("import streamlit as st\nst.text('cart')")
    person = Person(AppTest.from_file(tmp_path / "shop.py"), monkeypatch)
    for page, text in (("shop", "shop"), ("cart", "cart"), ("shop", "shop")):
        person.open(page)
        assert [text] == [each.value for each in person.at.text]


FAILS = "def f(): return [1 / n for n in [0]]\nif st.button('B'): f()"


def test_person_compares_with_the_record(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The type and the app's own function; what stands in a comprehension is the function's."""
    (tmp_path / "app.py").write_text(HEAD + FAILS)
    person = Person(AppTest.from_file(tmp_path / "app.py"), monkeypatch)
    person.open()
    person.compare("ZeroDivisionError", "f")
    person.click("button", "B", None)
    person.rerun()
    person.compare("ZeroDivisionError", "f")
    person.compare("ZeroDivisionError", "")
    person.compare("ZeroDivisionError", "g")
    told = capsys.readouterr().out.splitlines()
    assert [
        "no error; on record is ZeroDivisionError in f",
        "same error: ZeroDivisionError in f",
        "same error: ZeroDivisionError",
        "another error: ZeroDivisionError in f; on record is ZeroDivisionError in g",
    ] == told


def test_person_hears_of_threads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an app's own thread has raised is compared too."""
    lines = "import threading\ndef f(): 1 / 0\nthreading.Thread(target=f).start()\n"
    (tmp_path / "app.py").write_text(lines)
    person = Person(AppTest.from_file(tmp_path / "app.py"), monkeypatch)
    person.open()
    person.wait_for_threads()
    person.compare("ZeroDivisionError", "f")
    assert "same error: ZeroDivisionError in f\n" == capsys.readouterr().out
    assert [ZeroDivisionError] == [type(each) for each in person.thread_errors]


def test_person_needs_the_private_names_of_apptest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Streamlit that has not got one of them is told by its name."""
    at = AppTest.from_string("1")
    del at._registered_pages
    with pytest.raises(AssertionError, match=r"Streamlit 1.67; no \['_registered_pages'\] here"):
        Person(at, monkeypatch)
