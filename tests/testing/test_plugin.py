"""The plugin: the fixture in other people's runs of pytest, and nothing where it is not wanted."""

from __future__ import annotations

import runpy
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]

APP = """
import streamlit as st
from streamlit_ext import instrument

instrument(app="shop")
name = st.text_input("Name", key="name")
if st.button("Save"):
    st.write(name)
if st.button("Break"):
    raise LookupError("broken")
"""

TESTS = """
import threading
from streamlit.testing.v1 import AppTest
from datatools_audit import audit_action, log_event

def run():
    return AppTest.from_file("app.py").run()

def test_logs_a_click_and_no_error(audit_events):
    run().button[0].click().run()
    audit_events.one(category="widget", label="Save")
    audit_events.none(category="error")

def test_sees_nothing_of_an_earlier_test(audit_events):
    assert [] == list(audit_events)
    audit_action("left open").__enter__()

def test_is_not_hurt_by_an_open_action(audit_events):
    log_event("test", "said")
    assert ["said"] == audit_events.messages()
    audit_events.none(parent_id=...)

def test_hears_threads(audit_events):
    thread = threading.Thread(target=lambda: log_event("test", "from a thread"))
    thread.start()
    thread.join()
    assert ["from a thread"] == audit_events.messages("test")

async def work():
    async with audit_action("work"):
        log_event("test", "in it")

def test_hears_tasks(audit_events):
    import asyncio
    asyncio.run(work())
    assert ["work started", "in it", "work finished"] == audit_events.messages()
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Give a project with an app and its tests."""
    pytester.makepyfile(app=APP, test_app=TESTS)
    return pytester


def test_fixture_in_a_run_of_its_own(project: pytest.Pytester) -> None:
    """Each of the tests of an app passes, in any order."""
    options = ("-p", "no:cacheprovider")
    project.runpytest_subprocess(*options).assert_outcomes(passed=5)


def test_fixture_under_xdist(project: pytest.Pytester) -> None:
    """Each worker is a process, and has the plugin too."""
    project.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2").assert_outcomes(passed=5)


def test_fixture_in_a_nested_run(project: pytest.Pytester, audit_events: list[object]) -> None:
    """A run in this very process hears its own, and this test goes on behind it."""
    project.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=5)
    assert [] == list(audit_events)


def test_fixture_is_gone_where_the_plugin_is_switched_off(project: pytest.Pytester) -> None:
    """``-p no:datatools_audit``: there is no such fixture, and nothing of ours is loaded."""
    project.makeconftest(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    print([n for n in sys.modules if n.startswith('pytest_datatools')])"
    )
    result = project.runpytest_subprocess("-p", "no:datatools_audit", "-s")
    result.assert_outcomes(errors=5)
    result.stdout.fnmatch_lines(["*fixture 'audit_events' not found*", "[[][]]"])


def test_plugin_loads_nothing_until_the_fixture_is_asked_for(pytester: pytest.Pytester) -> None:
    """A project that has the package and does not use the fixture pays for one small module."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded():
            assert "pytest_datatools_audit" in sys.modules
            heavy = {"datatools_audit", "streamlit_ext", "streamlit", "orjson", "duckdb"}
            assert set() == heavy & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_plugin_loads_in_an_old_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run of a project that has the package imports it, and may have pytest 7.0."""

    def hookimpl(*, hookwrapper: bool = False, tryfirst: bool = False) -> Callable[[Any], Any]:
        return lambda function: function

    monkeypatch.setattr(pytest, "hookimpl", hookimpl)
    assert "pytest_runtest_makereport" in runpy.run_path(str(ROOT / "pytest_datatools_audit.py"))


def test_failure_shows_the_line_of_the_test_and_what_was_recorded(
    project: pytest.Pytester,
) -> None:
    """Not our own lines; and below it all events, also where an assert or a fixture has failed."""
    project.makepyfile(
        test_app="""
        import pytest
        from datatools_audit import log_event

        def test_asks(audit_events):
            log_event("upload", "Uploaded b.csv", filename="b.csv")
            audit_events.one(category="upload", filename="a.csv")

        def test_asserts(audit_events):
            log_event("upload", "Uploaded c.csv")
            assert False

        @pytest.fixture
        def app():
            log_event("upload", "Uploaded d.csv")
            assert False

        def test_cannot_begin(app, audit_events):
            pass
        """
    )
    result = project.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=2, errors=1)
    result.stdout.fnmatch_lines(["*Recorded audit events*", "*Uploaded d.csv*"])
    result.stdout.fnmatch_lines(
        [
            ">*audit_events.one(category=*",
            "E * no events with category='upload', filename='a.csv', expected one",
            "E * nearest is 0, which has filename='b.csv'",
            "test_app.py:6: AssertionError",
            "*Recorded audit events*",
            "*Uploaded b.csv*",
            "*Recorded audit events*",
            "*Uploaded c.csv*",
        ]
    )


def test_fixture_gives_back_the_variables_of_outside(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that the test has set by ``monkeypatch``, in whatever order both were asked."""
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "all")
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    pytester.makepyfile(
        """
        import os
        import pytest
        from datatools_audit import log_event

        @pytest.mark.parametrize("turn", [1, 2])
        def test_sets(audit_events, monkeypatch, turn):
            assert "DATATOOLS_AUDIT_VALUES" not in os.environ
            log_event("test", "said")
            audit_events.one()
            monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "choices")

        def test_they_are_back():
            found = os.environ["DATATOOLS_AUDIT_VALUES"], os.environ["DATATOOLS_AUDIT_ENABLED"]
            assert ("all", "0") == found
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_fixture_begins_before_every_other_of_the_test(pytester: pytest.Pytester) -> None:
    """What runs the app may be asked for first, in a fixture, by a class, by a project's own."""
    pytester.makepyfile(app=APP)
    pytester.makeconftest(
        """
        import pytest
        from streamlit.testing.v1 import AppTest

        @pytest.fixture
        def app():
            return AppTest.from_file("app.py").run()

        @pytest.fixture
        def audit_events(app, audit_events):
            return audit_events
        """
    )
    pytester.makepyfile(
        """
        import unittest
        import pytest
        from datatools_audit import log_event

        @pytest.fixture(scope="module")
        def wide():
            log_event("test", "of no test")

        @pytest.fixture(autouse=True)
        def ours():
            yield
            log_event("test", "the last")

        def test_app_first(wide, monkeypatch, app, audit_events):
            app.button[0].click().run()
            audit_events.one(category="session")
            audit_events.one(category="widget", label="Save")
            audit_events.none(category="test")

        @pytest.mark.usefixtures("audit_events")
        class OrdersTest(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _events(self, app, audit_events):
                self.app, self.events = app, audit_events

            def setUp(self):
                log_event("test", "set up")

            def test_in_a_class(self):
                self.app.button[0].click().run()
                self.events.one(category="widget", label="Save")
                self.events.one(message="set up")
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_plugin_works_from_the_wheel(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """The built wheel brings module and entry point, and a run with warnings as errors is quiet."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    pytester.makepyfile(
        """
        import datatools_audit

        def test_is_the_wheel(audit_events):
            datatools_audit.log_event("test", "said")
            audit_events.one(message="said")
            print(datatools_audit.__file__)
        """
    )
    environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-sq", "-W", "error", "-p", "no:cacheprovider"],
        cwd=pytester.path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    assert ("1 passed" in told, str(tmp_path / "site") in told) == (True, True), told
