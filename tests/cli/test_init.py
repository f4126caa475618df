"""Tests of `datatools-audit init` as a command: what it asks, says, and leaves alone."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Done

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Done]

APP = "import streamlit as st\n\nst.title('One')\n"
PAGE = "import streamlit as st\n\nst.title('Two')\n"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an app in a folder, which is the current one."""
    folder = tmp_path / "shop"
    (folder / "pages").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / "pages" / "1_Two.py").write_text(PAGE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a person sit at a terminal who types that."""

    def type_(text: str) -> None:
        terminal = io.StringIO(text)
        monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys, "stdin", terminal)

    return type_


def sources(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*.py"))}


def test_init_shows_and_writes_only_after_a_yes(
    app: Path, command: Command, answers: Callable[[str], None]
) -> None:
    """Status 1 and no byte changed after a no; the diff is there in each case."""
    before = sources(app)
    dry = command("init", "--dry-run")
    assert (0, before) == (dry.status, sources(app))
    answers("n\n")
    no = command("init")
    assert (1, before) == (no.status, sources(app))
    assert "Nothing was changed." in no.out
    answers("y\n")
    yes = command("init")
    assert 0 == yes.status
    assert ["app.py", "pages/1_Two.py", "pages/2_Diagnostics.py"] == list(sources(app))
    assert all(dry.out in done.out for done in (no, yes))
    assert '+instrument(app="shop")  # added by datatools-audit init' in dry.out
    assert "--- /dev/null\n+++ b/pages/2_Diagnostics.py" in dry.out


def test_init_is_not_written_where_nobody_can_be_asked(
    app: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a script it takes --yes."""
    before = sources(app)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    done = command("init")
    assert (2, before) == (done.status, sources(app))
    assert "--yes" in done.err


def test_init_asks_which_of_several(
    app: Path, command: Command, answers: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal by number; elsewhere it names them, status 2."""
    (app / "main.py").write_text(APP)
    answers("2\n")
    asked = command("init", "--dry-run")
    assert "  1  app.py\n  2  main.py\n" in asked.out
    assert "+++ b/main.py" in asked.out
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = command("init", "--dry-run")
    assert (2, "") == (done.status, done.out)
    assert "app.py, main.py; name one" in done.err


def test_init_of_one_app_is_not_seen_in_another(tmp_path: Path, command: Command) -> None:
    """A folder `pages` would belong to both scripts, so it is not made."""
    for name in ("app.py", "main.py"):
        (tmp_path / name).write_text(APP)
    done = command("init", tmp_path / "app.py", "--yes")
    assert 1 == done.status
    assert "a folder pages would be main.py's too" in done.out
    assert not (tmp_path / "pages").exists()


def test_init_adds_the_line_to_a_new_page(app: Path, command: Command) -> None:
    """Once more it sees to pages that have come since, under the same name, and to no others."""
    assert 0 == command("init", "--app", 'My "shop"', "--yes").status
    before = sources(app)
    (app / "pages" / "3_New.py").write_text(PAGE)
    (app / "pages" / "2_Diagnostics.py").unlink()
    assert 0 == command("init", "--yes").status
    after = sources(app)
    assert 'instrument(app="My \\"shop\\"")' in after.pop("pages/3_New.py")
    del before["pages/2_Diagnostics.py"]
    assert before == after


@pytest.mark.parametrize(
    "text",
    [
        "from streamlit_ext import instrument as on\non()\n" + APP,
        "import streamlit_ext\nif True:\n    streamlit_ext.instrument()\n" + APP,
        "import common\n" + APP,
    ],
)
def test_init_leaves_an_app_that_calls_already(text: str, app: Path, command: Command) -> None:
    """Wherever its author calls it, and however."""
    (app / "common.py").write_text("from streamlit_ext import instrument\n\ninstrument()\n")
    (app / "app.py").write_text(text)
    before = sources(app)
    done = command("init", "app.py", "--yes")
    assert (0, before) == (done.status, sources(app))
    assert "calls instrument() already; nothing to do." in done.out


def test_init_leaves_pages_that_it_does_not_understand(app: Path, command: Command) -> None:
    """The others get their line, those are named, and the status is 1."""
    pages = app / "pages"
    (pages / "3_Broken.py").write_text("import streamlit as st\nst.title(\n")
    (pages / "4_Fixed.py").write_text(PAGE)
    (pages / "4_Fixed.py").chmod(0o444)
    outside = app.parent / "outside.py"
    outside.write_text(PAGE)
    (pages / "5_Link.py").symlink_to(outside)
    (pages / "6_Gone.py").symlink_to(pages / "nowhere.py")
    (pages / "7_Made.py").write_text("# AUTO-GENERATED by a tool\n" + PAGE)
    done = command("init", "--yes")
    assert 1 == done.status
    for name, why in {
        "3_Broken": "does not compile: line 2",
        "4_Fixed": "is read-only",
        "5_Link": "is a link out of the app's folder",
        "6_Gone": "cannot be read: No such file",
        "7_Made": "a program has written it",
    }.items():
        assert any(name in line and why in line for line in done.out.splitlines()), done.out
    assert PAGE == outside.read_text()
    assert "instrument" in (pages / "1_Two.py").read_text()
    assert "instrument" not in (pages / "7_Made.py").read_text()
    assert 1 == command("init", "--undo", "--yes").status
    assert (APP, PAGE) == ((app / "app.py").read_text(), (pages / "1_Two.py").read_text())


@pytest.mark.parametrize(
    ("text", "why"),
    [("import streamlit as st\nst.title(\n", "does not compile: line 2"), ("", "nothing in it")],
)
def test_init_leaves_an_entry_script_that_it_does_not_understand(
    text: str, why: str, app: Path, command: Command
) -> None:
    """Then nothing at all is changed: one line on stderr, status 2."""
    (app / "app.py").write_text(text)
    before = sources(app)
    done = command("init", "app.py", "--yes")
    assert (2, before, 1) == (done.status, sources(app), done.err.count("\n"))
    assert why in done.err


@pytest.mark.parametrize("path", ["nowhere", "note.ipynb", "empty"])
def test_init_wants_an_app(path: str, app: Path, command: Command) -> None:
    """A path that is none, a notebook, a folder without an app: status 2."""
    (app / "empty").mkdir()
    (app / "note.ipynb").write_text("{}")
    done = command("init", path)
    assert (2, 1) == (done.status, done.err.count("\n"))


def test_init_undo_leaves_what_was_edited(app: Path, command: Command) -> None:
    """It says which lines, and takes out the rest; status 1."""
    command("init", "--yes")
    script, page = app / "app.py", app / "pages" / "2_Diagnostics.py"
    edited = script.read_text().replace('app="shop"', 'app="shop", version="2"')
    script.write_text(edited)
    page.write_text(page.read_text() + "# mine\n")
    done = command("init", "--undo", "--yes")
    assert 1 == done.status
    assert "app.py, line 4: was changed since, and stays" in done.out
    assert "app.py, line 2: is still needed, and stays" in done.out
    assert "pages/2_Diagnostics.py was changed since, and stays" in done.out
    assert (edited, PAGE) == (script.read_text(), (app / "pages" / "1_Two.py").read_text())
    assert page.exists()


def test_init_says_that_nothing_was_changed_when_it_is_stopped(
    app: Path, command: Command, answers: Callable[[str], None]
) -> None:
    """Ctrl-C or Ctrl-D at the question ends a line, and leaves nobody in doubt."""
    before = sources(app)
    answers("")
    done = command("init")
    assert (130, before) == (done.status, sources(app))
    assert done.out.endswith("\nNothing was changed.\n")


def test_init_names_the_script_as_it_was_named(
    app: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands that it tells work where it was called, and with a blank in a path."""
    (app / "app.py").rename(app / "my app.py")
    monkeypatch.chdir(app.parent)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = command("init", "shop", "--yes")
    assert 'streamlit run "shop/my app.py"\n' in done.out
    monkeypatch.chdir(app / "pages")
    done = command("init", app / "my app.py", "--undo", "--yes")
    assert 0 == done.status
    done = command("init", "../my app.py", "--yes")
    assert 'streamlit run "../my app.py"\n' in done.out
    assert 'datatools-audit init "../my app.py" --undo\n' in done.out


def test_init_knows_its_page_where_the_script_was_taken_back(app: Path, command: Command) -> None:
    """A script restored from the repository gets its lines again, beside the page that stayed."""
    command("init", "--yes")
    after = sources(app)
    (app / "app.py").write_text(APP)
    done = command("init", "--yes")
    assert (0, after) == (done.status, sources(app)), done.out


def test_init_without_a_page(app: Path, command: Command) -> None:
    """For an app that shows Diagnostics in a way of its own, or not at all."""
    assert 0 == command("init", "--no-page", "--yes").status
    assert ["app.py", "pages/1_Two.py"] == list(sources(app))


def test_init_tells_what_is_left_to_do(app: Path, command: Command) -> None:
    """A list of packages is never changed, and a hidden list of pages is told."""
    (app / "requirements.txt").write_text("streamlit\n")
    (app / ".streamlit").mkdir()
    (app / ".streamlit" / "config.toml").write_text("[client]\nshowSidebarNavigation = false\n")
    done = command("init", "--yes")
    assert 0 == done.status
    assert "Note: requirements.txt does not list datatools-audit; add it there" in done.out
    assert 'hides the list of pages; link to it where you want: st.page_link("pages/2_D' in done.out
    assert "streamlit\n" == (app / "requirements.txt").read_text()


def test_init_writes_no_control_character_to_a_terminal(app: Path, command: Command) -> None:
    """Not from the source, not from a file's name."""
    (app / "app.py").write_text(APP + "x = '\x1b[2J\x07'\n")
    (app / "pages" / "3_\x1b[2J.py").write_text("import streamlit as st\nst.title(\n")
    done = command("init", "--yes")
    assert "\x1b" not in done.out + done.err
    assert "\x07" not in done.out + done.err
