"""Where a person starts."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from datatools.loading import load_sample

APP = Path(__file__).parents[2] / "app.py"


def opened(**state):
    app = AppTest.from_file(APP)
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def test_home_says_where_to_begin():
    """Without a table the first step is named."""
    app = opened()
    assert not app.exception
    assert [info.value for info in app.info] == ["Nothing is loaded yet. Begin with Upload."]


def test_home_says_what_is_loaded():
    """With a table its name and size are told."""
    app = opened(dataset=load_sample())
    assert [told.value for told in app.success] == ["Loaded: `penguins.csv`, 344 rows, 17 columns."]
