"""Tests of the plan: which steps the records of a session become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.errors import ReadError
from datatools_audit.support.reproduce.ending import ending, function_of
from datatools_audit.support.reproduce.plan import plan
from datatools_audit.support.reproduce.steps import (
    Change,
    Click,
    Edit,
    Miss,
    Open,
    Rerun,
    Say,
    Upload,
)
from tests.reading.recorded import TRACEBACK, Recording

if TYPE_CHECKING:
    from datatools_audit.support.reproduce.steps import File

BEGINS = "Traceback (most recent call last):\n"
Records = list[dict[str, object]]


class Session(Recording):
    """Records as instrument() makes them, run by run."""

    def run(self, *inside: dict[str, object], outcome: str = "ok", **more: Any) -> Records:
        """Return a run with what happened in it; its number is the next one."""
        run_id = f"run {self.seconds}"
        return [self.run_start(run_id, **more), *inside, self.run_end(run_id, outcome)]

    def opened(self, page: str, **more: Any) -> dict[str, object]:
        return self("nav", f"Opened {page}", page=page, **more)

    def upload(self, phase: str, name: str, size: int = 20) -> dict[str, object]:
        fields = {"phase": phase, "upload_id": f"id {name}", "filename": name, "bytes": size}
        return self("upload", f"{phase} {name}", **fields, type="text/csv")

    def given(self, new: object, kind: str = "file_uploader") -> dict[str, object]:
        return self.change("File", None, new, kind=kind)


def short(records: Records, code: str = "") -> list[str]:
    """Return the steps in a few words each."""
    return [_short(step) for step in plan(records, "a1b2c3d4", code).steps]


def _short(step: object) -> str:
    match step:
        case Open(page=page):
            return f"open {page}".strip()
        case Rerun(is_fragment=is_fragment, is_bare=is_bare):
            return "rerun" + " fragment" * is_fragment + " bare" * is_bare
        case Change(widget=widget, value=value):
            return f"{widget.name}={value.source}"
        case Click(widget=widget):
            return f"click {widget.name}"
        case Upload(files=files) | Say(files=files):
            return f"files {' '.join(file.name for file in files)}".strip()
        case Edit(counts=counts):
            return f"edit {dict(counts)}"
        case Miss(what=what, why=why):
            return f"not {what}: {why}"
    raise AssertionError(step)


def numbered(records: Records) -> Records:
    """Return the records in the order given: arguments are made before what they are put into."""
    return [{**record, "seq": seq, "ts": f"2026-05-19T14:02:{seq:02}.000+00:00"}
            for seq, record in enumerate(records, 1)]  # fmt: skip


def test_plan_of_a_form_runs_the_app_once() -> None:
    """What reaches the app in one run is done before one run of the test."""
    s = Session()
    log = [*s.run(), *s.run(s.change("A", 1, 2), s.change("B", 1, 3), s.click("Send"), s.error())]
    assert ["open", "A=2", "B=3", "click Send", "rerun"] == short(numbered(log))


def test_plan_without_runs_goes_by_the_time() -> None:
    """Where a bundle has no records of runs, what lies close is one run."""
    s = Session()
    log = [
        s.change("A", 1, 2),
        s.change("B", 1, 3, after_seconds=0.001),
        s.click("Send", after_seconds=0.001),
        s.click("More"),
        s.error(after_seconds=0.01),
    ]
    assert ["open", "A=2", "B=3", "click Send", "rerun", "click More", "rerun"] == short(log)


def test_plan_opens_pages_in_their_order() -> None:
    """A page is opened by itself, or behind the click from which the app went there."""
    s = Session()
    log = [
        *s.run(s.opened("home")),
        *s.run(s.click("Go"), outcome="interrupted"),
        *s.run(s.opened("shop")),
        *s.run(s.opened("cart"), s.error()),
    ]
    steps = ["open home", "click Go", "rerun", "open shop", "open cart"]
    assert steps == short(numbered(log))


def test_plan_takes_an_authors_name_of_a_page_for_the_same_page() -> None:
    """Two names in one run are one page, and the first is the one in its address."""
    s = Session()
    log = [*s.run(s.opened("upload_page"), s.opened("Upload")), *s.run(s.click("B"), s.error())]
    assert ["open upload_page", "click B", "rerun"] == short(numbered(log))


def test_plan_runs_again_where_nothing_tells_why() -> None:
    """A run that came from the person, not from the app and not by a clock, is done too."""
    s = Session()
    log = [*s.run(), *s.run(), *s.run(outcome="interrupted"), *s.run(), *s.run(fragments=1)]
    log += s.run(s.click("B"), s.error(), fragments=1)
    steps = ["open", "rerun bare", "rerun bare", "click B", "rerun fragment"]
    assert steps == short(numbered(log))


def test_plan_ends_with_the_record() -> None:
    """What came behind the error is no step; what the error's run did is."""
    s = Session()
    log = [*s.run(), *s.run(s.click("A"), s.error(support_code="E-1")), *s.run(s.click("B"))]
    log += s.run(s.click("C"), s.error(support_code="E-2"))
    told = numbered(log)
    assert ["open", "click A", "rerun"] == short(told, "E-1")
    assert "click C" in short(told)


def test_plan_keeps_the_files_that_a_widget_has() -> None:
    """A second file comes to the first; one that is removed is gone; the record says how many."""
    s = Session()
    two = {"type": "list", "length": 2}
    log = [
        *s.run(),
        s.upload("received", "a.csv"),
        *s.run(s.given({"type": "list", "length": 1}), s.upload("used", "a.csv")),
        *s.run(s.given(two), s.upload("used", "b.csv")),
        *s.run(s.given(two), s.upload("removed", "a.csv"), s.upload("used", "c.csv"), s.error()),
    ]
    files = ["files a.csv", "files a.csv b.csv", "files b.csv c.csv"]
    assert files == [step for step in short(numbered(log)) if step.startswith("files")]


def test_plan_empties_an_uploader() -> None:
    """No value is no file."""
    s = Session()
    log = [*s.run(), *s.run(s.given({"type": "UploadedFile"}), s.upload("used", "a.csv"))]
    log += s.run(s.given(None), s.upload("removed", "a.csv"), s.error())
    assert ["files a.csv", "rerun", "files", "rerun"] == short(numbered(log))[1:]


def told_of(records: Records) -> list[dict[str, object]]:
    files: list[File] = []
    for step in plan(records, "a1b2c3d4").steps:
        files = list(step.files) if isinstance(step, Upload) else files
    return [file.told for file in files]


def test_plan_finds_the_fingerprint_of_each_file() -> None:
    """By its name, by its size, else in their order; one of a frame besides one of the file."""
    s = Session()
    shape = {"columns": 1, "null_shares": [0.0]}
    log = [
        *s.run(),
        *s.run(
            s.given({"type": "list", "length": 2}),
            s.upload("used", "a.csv", 10),
            s.upload("used", "b.csv", 20),
            s("read", "Got it", bytes=20, format="text", encoding="utf-8"),
            s("read", "Read b.csv", name="b.csv", rows=2, dtypes=["Int64"], **shape),
            s("read", "Read it", rows=1, dtypes=["String"], **shape),
            s.error(),
        ),
    ]
    one, other = told_of(numbered(log))
    assert (1, ["String"], None) == (one["rows"], one["dtypes"], one.get("encoding"))
    assert (2, ["Int64"], "utf-8") == (other["rows"], other["dtypes"], other["encoding"])


def test_plan_finds_a_fingerprint_behind_the_error() -> None:
    """An app may describe its file in a handler."""
    s = Session()
    log = [
        *s.run(),
        *s.run(s.given({"type": "UploadedFile"}), s.upload("used", "a.csv", 10), s.error()),
        s("read", "It was", bytes=10, format="text"),
    ]
    assert [{"format": "text"}] == told_of(numbered(log))


def test_plan_names_what_a_test_cannot_do() -> None:
    """With the reason; the run that it brought about is not run for it."""
    s = Session()
    tabs = s.change("Overview", "A", "B", kind="tabs")
    points = s.change("Chart", None, {"type": "dict", "points": 3}, kind="plotly_chart")
    taken = s("download", "Downloaded a.csv", kind="download_button", label="L", filename="a.csv")
    log = [*s.run(), *s.run(tabs), *s.run(points), taken, *s.run(s.click("B"), s.error())]
    assert [
        "open",
        "not used tabs Overview: AppTest cannot open a tab",
        "not used plotly_chart Chart: which of its points were selected is never recorded",
        "not downloaded a.csv: its button does not run the app",
        "click B",
        "rerun",
    ] == short(numbered(log))


def test_plan_clicks_a_download_that_runs_the_app() -> None:
    """Its record stands within a run."""
    s = Session()
    taken = s("download", "Downloaded a.csv", kind="download_button", label="L", filename="a.csv")
    log = [*s.run(), *s.run(taken), *s.run(s.click("B"), s.error())]
    assert ["open", "click L", "rerun", "click B", "rerun"] == short(numbered(log))


def test_plan_tells_edits_chats_and_selections() -> None:
    """Each becomes a step of its own."""
    s = Session()
    edit = s.change("", None, {"type": "dict", "added_rows": 1}, kind="data_editor", key="e")
    rows = s.change("", None, {"type": "dict", "rows": 2}, kind="dataframe", key="d")
    said = s("widget", "Used Say", kind="chat_input", label="Say", key=None, new="Hello")
    log = [*s.run(), *s.run(edit), *s.run(rows), *s.run(said, s.error())]
    steps = ["edit {'added_rows': 1}", "rerun", "edit {'rows': 2}", "rerun", "files", "rerun"]
    assert steps == short(numbered(log))[1:]


def test_plan_says_what_a_bundle_has_left_out() -> None:
    """A widget without its label is found by its kind, and that is marked."""
    s = Session()
    log = [*s.run(), *s.run(s.click("<left out>", key="<left out>"), s.error())]
    click = plan(numbered(log), "a1b2c3d4").steps[1]
    assert isinstance(click, Click)
    assert ("", None, True) == (click.widget.label, click.widget.key, click.widget.is_unnamed)


def test_plan_knows_app_and_browser() -> None:
    """What an app may ask of its browser is on record."""
    s = Session()
    banner = s("session", "Session started", app="Shop", version="2.1", streamlit="1.67.0",
               python="3.11.7", locale="de-CH", browser_timezone="Europe/Zurich",
               theme="odd", timezone="UTC+02:00 (CEST)")  # fmt: skip
    found = plan([banner, s.error()], "a1b2c3d4")
    browser = (("locale", "de-CH"), ("timezone", "Europe/Zurich"))
    assert ("Shop 2.1", "Streamlit 1.67.0, Python 3.11.7", browser) == (
        found.app,
        found.versions,
        found.browser,
    )


def test_ending_is_the_newest_error_that_nobody_caught() -> None:
    """One that the app has handled only where there is no other."""
    s = Session()
    log = [s.error("a", support_code="E-1"), s.error("b", support_code="E-2"), s.error("c")]
    assert "E-2" == ending(log)[1].code
    assert "the app handled this error itself" == ending(log[2:])[1].unseen


@pytest.mark.parametrize("where", ["In download Take it", "Cannot compile"])
def test_ending_says_what_a_test_cannot_see(where: str) -> None:
    """AppTest does not ask for files that are made when they are asked for, for one."""
    s = Session()
    record = {**s.error(support_code="E-1"), "message": f"{where}: ValueError: no"}
    assert "AppTest does not" in ending([record])[1].unseen


def test_ending_may_be_in_a_thread() -> None:
    """A test hears of it by itself; not of one that the app has handled there."""
    s = Session()
    message = "In thread w: ValueError: no"
    uncaught = {**s.error(support_code="E-1"), "message": message}
    assert (True, False) == (
        ending([uncaught])[1].is_in_thread,
        ending([{**s.error(), "message": message}])[1].is_in_thread,
    )


def test_ending_may_be_a_report() -> None:
    """It has no error; the person's own assertion has to say what was wrong."""
    s = Session()
    log = [s.click("A"), s("report", "Reported a problem R-1", support_code="R-1")]
    _, end = ending(log, "R-1")
    assert ("R-1", "", "") == (end.code, end.error, end.unseen)


def test_ending_that_is_not_there_is_said() -> None:
    """In one sentence."""
    s = Session()
    with pytest.raises(ReadError, match="no record of the session has the support code 'E-9'"):
        ending([s.error()], "E-9")
    with pytest.raises(ReadError, match="there is no error in the session"):
        ending([s.click("A")])


@pytest.mark.parametrize(
    ("traceback", "function"),
    [
        (TRACEBACK, "_run"),
        ("", ""),
        (f'{BEGINS}  File "a.py", line 1, in <module>', "<module>"),
        (f'{BEGINS}  File "a.py", line 1, in f\n  File "p.pyx", line 3, in g\n', "f"),
        (f'{BEGINS}  File "a.py", line 1, in A.b.<locals>.c\n', "c"),
        (
            f'{BEGINS}  File "a.py", line 1, in f\n  File "a.py", line 1, in f.<locals>.<lambda>\n',
            "f",
        ),
        (
            f'{BEGINS}  File "a.py", line 1, in why\n\n{BEGINS}  File "a.py", line 1, in effect\n',
            "effect",
        ),
    ],
)
def test_ending_knows_the_apps_innermost_function(traceback: str, function: str) -> None:
    """Of the exception itself, not of its cause; compiled libraries are not the app."""
    assert function == function_of(traceback)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["ts", "category", "phase", "kind", "label", "key", "old", "new", "page", "title", "type"]
FIELDS += ["upload_id", "filename", "bytes", "format", "dtypes", "rows", "support_code", "outcome"]
FIELDS += ["app", "theme", "timezone", "message", "exc_type", "traceback", "truncated", "fragments"]
CATEGORIES = st.sampled_from(["widget", "nav", "run", "upload", "download", "session", "error"])
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(FIELDS), JSON).flatmap(
        lambda record: CATEGORIES.map(lambda category: {**record, "category": category})
    ),
    max_size=8,
)


@given(RECORDS)
def test_plan_of_any_records_is_a_plan(records: Records) -> None:
    """Whatever stands in a log, nothing is raised but that there is no error."""
    s = Session()
    assert plan([*records, s.error(support_code="E-1")], "a1b2c3d4").end.code
