"""An app does the same with `instrument()` as without it."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.testing.v1 import AppTest

from datatools_audit import audit_stats
from streamlit_ext import instrument
from streamlit_ext._patch import observers
from streamlit_ext.hooks import HOOKS
from tests.streamlit_ext.conftest import patchable
from tests.streamlit_ext.person import story
from tests.streamlit_ext.watched import APPS_FOLDER as FOLDER
from tests.streamlit_ext.watched import differences, skip_before, skip_where_too_old, watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit_ext.values import Values
    from tests.streamlit_ext.watched import Scene

APPS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
LEVELS: tuple[Values, ...] = ("shape", "choices", "all")

KNOWN = {
    "compared_options": "the truth of a comparison is asked twice",
    "asked_errors": "the text of an error is asked once more, for its record",
}
"""Apps that are not the same, and why."""

RAISED = {
    "breaking": {
        "ExceptionGroup",
        "KeyError",
        "OSError",
        "RecursionError",
        "TypeError",
        "ValueError",
        "streamlit.errors.StreamlitDuplicateElementId",
        "streamlit.errors.StreamlitDuplicateElementKey",
    },
    "breaking_page": {"RuntimeError"},
}
"""What these apps raise, as Streamlit shows it: an app that is to break does."""

SERVED = {
    "sessions",
    "connections",
    "disconnections",
    "removals",
    "downloads",
    "deferred downloads",
    "threads",
}
"""Hooks that no AppTest reaches."""

UNUSED = {
    "App": "serves an app, is no command in one",
    "dg": "a property that Streamlit uses itself",
}
"""Public names that no app uses, and why."""


def known(app: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(reason=KNOWN[app], strict=True, raises=AssertionError)


def told(app: str, first: Callable[[], object] | None = None) -> list[Scene]:
    with watching(first):
        return story(AppTest.from_file(str(FOLDER / f"{app}.py")))


@cache
def plain(app: str) -> list[Scene]:
    """Return the story of the app as it is without us."""
    return told(app)


def exceptions(scenes: list[Scene]) -> set[str]:
    """Return the types of all exceptions that were shown."""
    shown = re.compile(r'exception {\s*type: "([^"]*)"')
    return {kind for each in scenes for text in each.text for kind in shown.findall(text)}


@pytest.mark.parametrize("app", APPS)
def test_app_is_the_same_twice(app: str) -> None:
    """Two plain stories are equal in all that is compared: nothing has to be left out."""
    skip_where_too_old(app)
    assert [] == differences(plain(app), told(app))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "app", [pytest.param(app, marks=[known(app)] if app in KNOWN else []) for app in APPS]
)
def test_app_is_the_same_instrumented(app: str, level: Values) -> None:
    """Messages, ids, state, values and errors of each run, after each widget was used."""
    skip_where_too_old(app)
    assert [] == differences(plain(app), told(app, lambda: instrument(values=level)))


@pytest.mark.parametrize("app", RAISED)
def test_app_that_breaks_shows_each_of_its_errors(app: str) -> None:
    """Through our hooks too nothing is swallowed."""
    skip_where_too_old(app)
    assert RAISED[app] <= exceptions(told(app, instrument))


@pytest.mark.parametrize(
    ("hook", "app"),
    [
        ("elements", "layout"),
        ("widgets", "forms"),
        ("errors", "breaking"),
        ("uploads", "files"),
        ("pages", "pages"),
        ("page files", "pages"),
        ("containers", "layout"),
        ("runs", "forms"),
    ],
)
def test_app_is_the_same_where_our_observer_fails(hook: str, app: str) -> None:
    """What fails in ours is counted, and nothing of it is seen."""
    skip_before("1.56" if hook == "uploads" else "1.45")  # before, AppTest sends no file

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    def first() -> None:
        instrument()
        observers()[hook] = broken

    assert [] == differences(plain(app), told(app, first))
    assert 0 < dict(audit_stats().internal_failures)[f"hook {hook}: ZeroDivisionError"]


def test_session_ends_where_our_observer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one hook that no AppTest reaches; its failure is counted as well."""
    instrument()
    monkeypatch.setitem(observers(), "sessions", lambda *_: 1 / 0)
    ended = SimpleNamespace(id="gone", _state=AppSessionState.SHUTDOWN_REQUESTED)
    AppSession.shutdown(ended)  # type: ignore[arg-type]
    assert {"hook sessions: ZeroDivisionError": 1} == dict(audit_stats().internal_failures)


def test_each_hook_is_broken_in_a_test() -> None:
    """A new hook gets its line above, unless only a server reaches it."""
    (mark,) = (
        mark
        for mark in test_app_is_the_same_where_our_observer_fails.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )
    assert set(HOOKS) == {hook for hook, _ in mark.args[1]} | SERVED


def test_app_is_plain_again_after_uninstrument(originals: dict[str, object]) -> None:
    """An app that was instrumented and is not any more has the names of Streamlit itself."""
    told("layout", instrument)
    assert originals == patchable()
    assert [] == differences(plain("layout"), told("layout"))


def test_difference_is_found() -> None:
    """What a test here compares can be different: another first line, another story."""
    found = differences(plain("memory"), told("memory", lambda: st.text("of ours")))
    assert any("sent 0" in line and "of ours" in line for line in found)
    state = differences(plain("memory"), told("memory", lambda: st.session_state.update(ours=1)))
    assert any("ours = 1" in line for line in state)


def used(tree: ast.AST, names: set[str]) -> set[str]:
    """Return the attributes that a source asks of these names."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
    }


def public(owner: object) -> set[str]:
    return {
        name
        for name in dir(owner)
        if not name.startswith("_") and not inspect.ismodule(getattr(owner, name))
    }


def test_apps_use_every_public_command() -> None:
    """Each name of `st`, of a container and of `st.column_config`, but for the exceptions."""
    skip_before("1.67")  # the apps do without what is gone by now
    trees = [ast.parse((FOLDER / f"{app}.py").read_text()) for app in APPS]
    everywhere = {
        node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    asked_of_st = set().union(*(used(tree, {"st"}) for tree in trees))
    asked_of_columns = set().union(*(used(tree, {"cc"}) for tree in trees))
    missing = (
        (public(st) - asked_of_st)
        | (public(DeltaGenerator) - everywhere)
        | (set(st.column_config.__all__) - asked_of_columns)
    )
    assert set(UNUSED) & (public(st) | public(DeltaGenerator)) == missing
