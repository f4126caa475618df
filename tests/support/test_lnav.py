"""The format for lnav: our fields, and lnav takes it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

import datatools_audit
from datatools_audit import read_events
from datatools_audit.reading.catalogue import CATALOGUE

FORMAT = Path(datatools_audit.__file__).parent / "support" / "lnav" / "datatools_audit.json"
SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"
needs_lnav = pytest.mark.skipif(shutil.which("lnav") is None, reason="lnav is not installed")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A folder of settings with our format."""
    folder = tmp_path / "settings" / "formats" / "datatools_audit"
    folder.mkdir(parents=True)
    shutil.copy(FORMAT, folder)
    return tmp_path / "settings"


def lnav(settings: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["lnav", "-n", "-I", str(settings), *arguments, str(SESSION)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"HOME": str(settings)},
    )


def test_lnav_format_has_fields_that_exist() -> None:
    """Each value of it is a field of a record; each sample is one."""
    told = json.loads(FORMAT.read_text())["datatools_audit"]
    fields = {field for kind in CATALOGUE for field in kind.fields}
    head = {"ts", "level", "category", "session", "message", "proc", "seq", "page"}
    assert set() == told["value"].keys() - fields - head
    for sample in told["sample"]:
        assert head <= json.loads(sample["line"]).keys()


@needs_lnav
def test_lnav_takes_the_format_without_a_warning(settings: Path) -> None:
    """Its own check of formats and samples has nothing to say."""
    done = lnav(settings, "-W", "-q")
    assert (0, "") == (done.returncode, done.stderr)
    assert "warning" not in done.stdout.replace("level", "")


@needs_lnav
def test_lnav_counts_what_read_events_counts(settings: Path) -> None:
    """The records are a table, with categories and levels as they are."""
    question = ";select category, log_level, count(*) from datatools_audit group by 1, 2"
    done = lnav(settings, "-q", "-c", question, "-c", ":write-csv-to -")
    rows = list(csv.reader(io.StringIO(done.stdout)))[1:]
    expected = Counter((r["category"], r["level"]) for r in read_events(SESSION))
    assert expected == {(category, level): int(count) for category, level, count in rows}


@needs_lnav
def test_lnav_shows_a_line_for_each_record(settings: Path) -> None:
    """The moment, the level, the session, the category, the message; and a traceback below."""
    out = lnav(settings).stdout.replace("+00:00", "")  # lnav 0.12 tells the offset too
    assert "2026-05-19T14:02:15.420 info     e44e4dae upload   Uploaded prices.csv  report" in out
    assert "  traceback: Traceback (most recent call last):" in out
