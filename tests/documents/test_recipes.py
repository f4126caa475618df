"""The code in the documents records, and shows, what they say that it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from datatools_audit import read_events
from datatools_audit.cli import main
from tests.documents.blocks import blocks
from tests.documents.running import ROOT

pytest_plugins = ["pytester"]

TESTING = ROOT / "docs" / "testing.md"
LOGGERS = ROOT / "docs" / "loggers.md"


@pytest.fixture
def project(pytester: pytest.Pytester) -> list[str]:
    """Put each file of docs/testing.md into a folder; give their names."""
    files = [block for block in blocks(TESTING) if block.said == "file"]
    for block in files:
        (pytester.path / str(block.of)).write_text(block.code)
    return [str(block.of) for block in files]


def test_testing_every_file_passes(
    project: list[str], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app, its tests for pytest and the one for unittest; and no test writes into the log."""
    assert ["app.py", "test_app.py", "conftest.py", "test_orders.py"] == project
    pytester.makepyfile(
        test_without="""
        import pytest
        from datatools_audit import log_event

        @pytest.fixture(scope="module")
        def wide():
            log_event("test", "in a fixture")

        def test_that_does_not_ask_for_it(wide):
            log_event("test", "said")
        """
    )
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(pytester.path / "log"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=5)
    assert not (pytester.path / "log").exists()


def test_testing_unittest_runs_by_itself(project: list[str], tmp_path: Path) -> None:
    """Without pytest, and no log is written."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "unittest", "test_orders"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATATOOLS_AUDIT_DIR": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, False) == (done.returncode, (tmp_path / "none").exists()), done.stderr


def test_testing_a_failure_reads_as_shown(pytester: pytest.Pytester) -> None:
    """The text of a failed check is that of the document."""
    pytester.makepyfile(
        """
        from datatools_audit import log_event

        def test_load(audit_events):
            log_event("load", "Loaded orders.csv", filename="orders.csv", rows=3)
            audit_events.one(category="load", filename="customers.csv")
        """
    )
    told = pytester.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    (shown,) = [block.code for block in blocks(TESTING) if block.language == "text"]
    lines = [line.removeprefix("E").strip() for line in told.splitlines()]
    expected = [line.strip() for line in shown.splitlines()]
    at = lines.index(f"AssertionError: {expected[0]}")
    assert expected[1:] == lines[at + 1 : at + len(expected)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, [("warning", "shop", "Only 3 left", {"article": "A-7"})]),
        (
            1,
            [
                (
                    "warning",
                    "structlog",
                    "Few left",
                    {"request": "r-1", "article": "A-7", "count": 3},
                )
            ],
        ),
        (
            2,
            [
                ("warning", "shop", "Few left", {"article": "A-7"}),
                ("warning", "library", "Slow", {}),
            ],
        ),
        (3, [("warning", "__main__", "Only 3 left", {"request": "r-1", "article": "A-7"})]),
        (4, []),
    ],
)
def test_loggers_every_block_runs(
    tmp_path: Path, number: int, expected: list[tuple[str, str, str, dict[str, object]]]
) -> None:
    """As a program of its own, warnings as errors: each line is one event with what was bound."""
    programs = [block.code for block in blocks(LOGGERS)]
    assert 5 == len(programs)
    program = tmp_path / "program.py"
    program.write_text(programs[number])
    (tmp_path / "logs").mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATATOOLS_AUDIT_DIR": str(tmp_path / "logs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    found = list(read_events(tmp_path / "logs"))
    assert [each[:3] for each in expected] == [
        (event["level"], event["logger"], event["message"]) for event in found
    ]
    for event, each in zip(found, expected, strict=True):
        assert each[3].items() <= event.items()


def test_testing_names_every_question() -> None:
    """What can be asked of captured events stands in the table."""
    from datatools_audit.testing import CapturedEvents

    told = re.findall(r"^\| `(\w+)\(", TESTING.read_text(), re.MULTILINE)
    public = [name for name in vars(CapturedEvents) if not name.startswith("_")]
    assert sorted(public) == sorted(told)


def test_existing_the_difference_is_as_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/guides/existing.md shows what `datatools-audit init` shows of its app."""
    app, _, difference, _ = blocks(ROOT / "docs" / "guides" / "existing.md")
    (tmp_path / str(app.of)).write_text(app.code)
    monkeypatch.chdir(tmp_path)
    assert 0 == main(["init", "--dry-run"])
    assert difference.code == capsys.readouterr().out
