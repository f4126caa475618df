"""Tests of ``reproduce``: a test is written, or one line says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Done]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return an app's script; what is in it is nobody's business here."""
    script = tmp_path / "shop" / "app.py"
    script.parent.mkdir()
    script.write_text("import streamlit as st\n")
    return script


def two_sessions(path: Path) -> Path:
    """Write a log of two sessions with an error each, and one with a report."""
    record = Recording()
    one, other, third = ({"session": f"0000000{n}"} for n in range(3))
    return written(
        path,
        [
            record.click("Old", **one),
            record.error(support_code="E-AAAAAA", **one),
            record.click("New", **other),
            record.error(support_code="E-BBBBBB", **other),
            record.click("Odd", **third),
            record("report", "Reported a problem", support_code="R-CCCCCC", **third),
            record.error("handled", **third),
        ],
    )


def test_reproduce_writes_a_test_and_says_of_what(
    command: Command, app: Path, tmp_path: Path
) -> None:
    """The path on stdout, the rest on stderr; the app is found from the test's folder."""
    output = tmp_path / "tests" / "test_it.py"
    output.parent.mkdir()
    done = command("reproduce", SESSION, "--app", app, "-o", output)
    assert (0, f"{output}\n") == (done.status, done.out)
    assert done.err.startswith("Session e44e4dae, up to ValueError in ")
    assert "APP = (Path(__file__).parent / '../shop/app.py').resolve()" in output.read_text("utf-8")


def test_reproduce_takes_the_newest_error_that_nobody_caught(
    command: Command, app: Path, tmp_path: Path
) -> None:
    """Of several sessions, and it says which."""
    done = command("reproduce", two_sessions(tmp_path / "l.jsonl"), "--app", app, "-o", "-")
    assert "person.click('button', 'New', None)" in done.out
    assert "Session 00000001, up to ValueError in _run (E-BBBBBB): 2 steps.\n" == done.err


@pytest.mark.parametrize(
    ("options", "label"),
    [
        (("--until", "e-aaaaaa"), "Old"),
        (("--session", "00000000"), "Old"),
        (("--until", "R-CCCCCC"), "Odd"),
    ],
)
def test_reproduce_takes_what_is_asked_for(
    command: Command, app: Path, tmp_path: Path, options: tuple[str, ...], label: str
) -> None:
    """A session, or that of a code."""
    log = two_sessions(tmp_path / "l.jsonl")
    done = command("reproduce", log, "--app", app, "-o", "-", *options)
    assert 0 == done.status
    assert f"person.click('button', '{label}', None)" in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--session", "ffffffff"),
            "there is no session 'ffffffff'; the newest are 00000000, 00000001, 00000002",
        ),
        (("--until", "E-000000"), "no record has the support code 'E-000000'"),
        (
            ("--session", "00000000", "--until", "E-BBBBBB"),
            "no record of the session has the support code 'E-BBBBBB'",
        ),
        (("--app", "missing.py"), "there is no app 'missing.py'; --app takes its entry script"),
    ],
)
def test_reproduce_says_what_is_not_there(
    command: Command, app: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    """In one line, with the status of what cannot be done."""
    log = two_sessions(tmp_path / "l.jsonl")
    done = command("reproduce", log, "--app", app, "-o", "-", *options)
    assert Done(2, "", f"datatools-audit: {said}\n") == done


def test_reproduce_without_an_error_says_so(command: Command, app: Path, tmp_path: Path) -> None:
    """There is nothing that a test could lead to."""
    log = written(tmp_path / "l.jsonl", [Recording().click("A")])
    done = command("reproduce", log, "--app", app, "-o", "-")
    said = "there is no error in it; --until takes the code of a report too"
    assert Done(2, "", f"datatools-audit: {said}\n") == done


def test_reproduce_needs_to_know_the_app(command: Command) -> None:
    """A wrong use is one line."""
    done = command("reproduce", SESSION)
    assert (2, "datatools-audit: Missing option '--app'.\n") == (done.status, done.err)


def test_reproduce_writes_over_nothing(command: Command, app: Path, tmp_path: Path) -> None:
    """A file that is there stays, unless --force says otherwise."""
    output = tmp_path / "test_it.py"
    output.write_text("mine")
    done = command("reproduce", SESSION, "--app", app, "-o", output)
    assert (2, "mine") == (done.status, output.read_text())
    assert f"{output} is there already; choose another name with -o, or --force" in done.err
    assert 0 == command("reproduce", SESSION, "--app", app, "-o", output, "--force").status
    assert "def test_session_e44e4dae" in output.read_text("utf-8")


def test_reproduce_into_a_folder_that_is_not_there(
    command: Command, app: Path, tmp_path: Path
) -> None:
    """One line says what the system says."""
    done = command("reproduce", SESSION, "--app", app, "-o", tmp_path / "no" / "test_it.py")
    assert 2 == done.status
    assert "cannot be written: No such file or directory" in done.err


def test_reproduce_from_a_bundle(command: Command, app: Path, tmp_path: Path) -> None:
    """What support is sent makes the same steps as the log that it was made of."""
    bundle = tmp_path / "mine.zip"
    assert 0 == command("bundle", SESSION, "-o", bundle).status
    tests = [command("reproduce", each, "--app", app, "-o", "-") for each in (SESSION, bundle)]
    steps = [[line for line in done.out.splitlines() if "person." in line] for done in tests]
    assert steps[0] == steps[1]
