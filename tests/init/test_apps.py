"""Apps of many styles: put in, run, put in once more, taken out."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.cli.conftest import Done, command
from tests.helpers import written_records
from tests.init.apps import APPS, Case
from tests.init.odd_apps import ODD
from tests.streamlit_ext.conftest import by_category, originals
from tests.streamlit_ext.watched import scene, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["command", "originals"]
_HASH = re.compile("[0-9a-f]{32}")


@pytest.fixture(autouse=True)
def fresh_modules() -> Iterator[None]:
    """The modules of one app are not those of the next."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name in ("views", "nav", "shown"):
            del sys.modules[name]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, and every folder."""
    found = [p for p in sorted(folder.rglob("*")) if "__pycache__" not in p.parts]
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else b"" for p in found}


def opened(script: Path, page: str) -> AppTest:
    """Open a page by its file, or by its address in a navigation."""
    app = AppTest.from_file(str(script)).run()
    if not page:
        return app
    if page.endswith(".py"):
        app.switch_page(page)
    else:
        app._page_hash = calc_hash(page)
    return app.run()


def drawn(script: Path, case: Case) -> list[tuple[str, ...]]:
    """Return what each page of an app draws, and the state of its widgets.

    Streamlit's own hashes are left out: the one script of an app is called otherwise when it
    becomes the first of several pages.
    """
    for name in ("views", "nav", "shown"):
        sys.modules.pop(name, None)
    with watching():
        scenes = []
        for page in ("", *case.pages):
            app = opened(script, page)
            assert not app.exception, app.exception
            scenes.append(scene(app))
        deltas = [tuple(text for text in s.text if "delta {" in text) for s in scenes]
        assert all(deltas)
        told = [*deltas, *(s.state for s in scenes)]
        return [tuple(_HASH.sub("", text) for text in texts) for texts in told]


def counted(diff: str) -> tuple[int, int]:
    """Return how many lines a diff adds, and takes away."""
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---"))]
    return sum(x.startswith("+") for x in lines), sum(x.startswith("-") for x in lines)


@pytest.mark.parametrize("style", [*APPS, *ODD])
def test_init_adds_runs_and_comes_out_again(
    style: str, tmp_path: Path, command: Callable[..., Done]
) -> None:
    """Each app draws what it drew, is recorded, shows Diagnostics; in the end it is itself."""
    case = {**APPS, **ODD}[style]
    folder = tmp_path / "shop"
    script = case.write(folder)
    before, plain = tree(folder), drawn(script, case)
    assert [] == written_records()

    first = command("init", folder, "--yes")
    assert case.status == first.status, first.out + first.err
    assert case.lines == counted(first.out)
    assert "scope=" not in first.out
    after = tree(folder)
    assert before != after
    assert plain == drawn(script, case)
    assert by_category(written_records(), "session")
    if case.diagnostics:
        app = opened(script, case.diagnostics)
        assert (["Diagnostics"], 0) == ([each.value for each in app.title], len(app.exception))
        pages = [record["page"] for record in by_category(written_records(), "nav")]
        assert 1 == sum("diagnostics" in page.lower() for page in pages), pages

    again = command("init", folder, "--yes")
    assert (0, after) == (again.status, tree(folder)), again.out
    assert "already" in again.out

    out = command("init", folder, "--undo", "--yes")
    assert (0, before) == (out.status, tree(folder)), out.out + out.err
    once_more = command("init", folder, "--undo", "--yes")
    assert (0, before) == (once_more.status, tree(folder))
    assert "nothing of `datatools-audit init`" in once_more.out
