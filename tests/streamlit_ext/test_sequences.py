"""Whatever a person does in whatever order: the app does the same, and the log says just that."""

from __future__ import annotations

import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from streamlit_ext import instrument
from tests.faults.helpers import rounds
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category
from tests.streamlit_ext.watched import (
    APPS_FOLDER,
    Scene,
    differences,
    scene,
    skip_before,
    skip_where_too_old,
    watching,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit_ext.values import Values

APP = APPS_FOLDER / "everything.py"
CLICK = "click"
RERUN = "rerun"
TEXTS = ["", "a", "other words"]
VALUES: dict[str, list[Any]] = {
    "agree": [False, True],
    "dark": [False, True],
    "size": ["S", "M", "L"],
    "town": ["Bern", "Genf"],
    "colours": [[], ["red"], ["red", "blue"]],
    "age": [0, 5, 9],
    "grade": ["low", "high"],
    "colour": ["#000000", "#123456"],
    "name": TEXTS,
    "secret": TEXTS,
    "count": [0, 1, 9],
    "day": [datetime.date(2026, 1, 1), datetime.date(2026, 3, 4)],
    "hour": [datetime.time(8, 0), datetime.time(9, 30)],
    "say": TEXTS[1:],
    "go": [CLICK],
    "leave": [CLICK],
    "back": [CLICK],
    "break": [CLICK],
}
"""What is done at which widget, by its key."""

SEND = "FormSubmitter:form-Send"

single = some.sampled_from([(key, value) for key in VALUES for value in VALUES[key]])
form = some.tuples(
    some.just("form"),
    some.fixed_dictionaries(
        {}, optional={"story": some.sampled_from(TEXTS), "sure": some.booleans()}
    ),
)
steps = some.lists(some.one_of(single, single, form, some.just((RERUN, None))), max_size=8)


def find(app: AppTest, key: str) -> Any:
    """Return the widget of that key, or None where this page has none."""
    return next((node for node in app if getattr(node, "key", None) == key), None)


def put(widget: Any, value: object) -> bool:
    """Set a widget; tell whether it changes by that."""
    before = widget.value
    widget.set_value(value)
    return bool(before != value)


def do(app: AppTest, what: str, value: Any) -> list[str]:
    """Do one thing and run the app; return the keys of the widgets that hear of it."""
    heard: list[str] = []
    submit = next((button for button in app.button if button.label == "Send"), None)
    if what == "form" and submit is not None:
        heard = [key for key in value if put(find(app, key), value[key])]
        submit.click()
        heard.append(SEND)
    elif what in VALUES and (widget := find(app, what)) is not None:
        if value == CLICK:
            widget.click()
            heard = [what]
        elif put(widget, value):
            heard = [what]
    app.run()
    return heard


def play(
    steps: list[tuple[str, Any]], first: Callable[[], object] | None = None
) -> tuple[list[Scene], list[list[str]]]:
    """Do these things; return what each run has done, and the keys that it is to record."""
    with watching(first):
        app = AppTest.from_file(str(APP)).run()
        scenes = [scene(app)]
        heard: list[list[str]] = [[]]
        for what, value in steps:
            heard.append(do(app, what, value))
            scenes.append(scene(app))
    return scenes, heard


def recorded() -> list[str]:
    """Return the keys of the records on widgets, in their order."""
    return [str(record["key"]) for record in by_category(written_records(), "widget")]


def by_run(keys: list[str], heard: list[list[str]]) -> list[list[str]]:
    """Cut the keys into as many a run as were to be heard; within a run any order is right."""
    rest = iter(keys)
    return [sorted(islice(rest, len(run))) for run in heard] + [list(rest)]


@pytest.mark.parametrize("level", ["shape", "all"])
@settings(max_examples=rounds(25, 400))
@given(steps=steps)
def test_sequence_is_the_same_and_recorded_once_each(
    level: Values, steps: list[tuple[str, Any]]
) -> None:
    """Equal after each step; one record for each real interaction, none for a rerun."""
    skip_where_too_old("everything")
    plain, expected = play(steps)
    before = len(recorded())
    instrumented, heard = play(steps, lambda: instrument(values=level))
    assert [] == differences(plain, instrumented)
    assert expected == heard
    assert [*map(sorted, expected), []] == by_run(recorded()[before:], expected)


def test_sequence_that_was_thought_of() -> None:
    """Each kind of step once, so that none of them is an empty one."""
    skip_before("1.67")  # its AppTest stays on the page after an error
    steps = [
        ("agree", True),
        ("agree", True),
        (RERUN, None),
        ("form", {"story": "long", "sure": True}),
        ("leave", CLICK),
        ("say", "hello"),
        ("break", CLICK),
        (RERUN, None),
        ("back", CLICK),
        ("name", "Rosa"),
    ]
    _, heard = play(steps, instrument)
    expected = [
        ["agree"],
        [],
        [],
        [SEND, "story", "sure"],
        ["leave"],
        ["say"],
        ["break"],
        [],
        ["back"],
        ["name"],
    ]
    assert [[], *expected] == [sorted(run) for run in heard]
    assert [[], *expected, []] == by_run(recorded(), heard)
