"""Tests of ``summary``: what is in a log, in words."""

from __future__ import annotations

import gzip
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from datatools_audit.cli import sql
from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Done]
FOREIGN = "\x1b[31m<b>[x](y)\n# |"


def test_summary_tells_each_part(command: Command) -> None:
    """What is there, pages, errors, sessions, actions, and the findings last."""
    done = command("summary", SESSION)
    assert (0, "") == (done.status, done.err)
    headings = [line for line in done.out.splitlines() if line and not line.startswith(" ")]
    assert [
        "What is there",
        "Pages",
        "Errors",
        "Sessions, those with the most errors first",
        "Actions and runs, the slowest first",
        "Findings",
    ] == headings
    assert "  70 records (35 info, 26 debug, 7 warning, 2 error)\n" in done.out
    assert "  Shop 2.1 on Streamlit 1.67.0: 1 session\n" in done.out
    assert "  ValueError in shop.py, reading, 2 times, 1 session, as E-RNH4BM, E-H8ME3S" in done.out
    assert "  2 of 2 errors came within a minute of an upload." in done.out


def test_summary_json_has_all_of_it(command: Command) -> None:
    """One object, with every part."""
    told = json.loads(command("summary", SESSION, "--json").out)
    assert (70, "ValueError") == (told["facts"]["events"], told["errors"][0]["exc_type"])
    assert "errors-after-an-upload" == told["findings"][0]["name"]


def test_summary_shows_ten_and_says_how_many_more(command: Command, tmp_path: Path) -> None:
    """A long list is cut; JSON has the rest."""
    record = Recording()
    log = [record.click("Go", page=f"page {n}") for n in range(12)]
    path = written(tmp_path / "log.jsonl", log)
    done = command("summary", path)
    assert (10, True) == (done.out.count("  page "), "… and 2 more; --json has them" in done.out)
    assert 12 == len(json.loads(command("summary", path, "--json").out)["pages"])


def test_summary_has_nothing_foreign_that_acts(command: Command, tmp_path: Path) -> None:
    """No control reaches a terminal, no mark of Markdown a ticket."""
    record = Recording()
    log = [
        record("session", FOREIGN, session=FOREIGN, app=FOREIGN, version=FOREIGN),
        record.error(FOREIGN, page=FOREIGN, exc_type=FOREIGN, support_code=FOREIGN),
        record.start(FOREIGN),
        record("hang", FOREIGN, page=FOREIGN, open_ms=5.0),
        record("test", FOREIGN, level=FOREIGN),
    ]
    path = written(tmp_path / "log.jsonl", log)
    for form in ("--json", None, "--markdown"):
        done = command("summary", path, *filter(None, [form]))
        assert (0, "") == (done.status, done.err)
        assert done.out.replace("\n", "").isprintable()
    assert "<b>" not in done.out.replace("\\<b\\>", "")
    assert "[x]" not in done.out


def test_summary_heeds_rules_of_the_app(command: Command, tmp_path: Path) -> None:
    """A file of rules adds findings; a wrong one is told in one line."""
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[finding]]\nname = "many"\nsentence = "{n:record:records} is much."\n'
        'question = "SELECT count(*) AS n FROM events"\nadvice = "Do less."\n'
    )
    done = command("summary", SESSION, "--rules", rules)
    assert "  70 records is much. Do less.\n" in done.out
    rules.write_text("[[finding]]")
    done = command("summary", SESSION, "--rules", rules)
    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))


def test_summary_of_a_bundle_calls_no_number_missing(command: Command, tmp_path: Path) -> None:
    """What is not in a part may be of others."""
    record = Recording()
    log = [record.click("Go", session=("00000001", "00000002")[n % 2]) for n in range(9)]
    path = written(tmp_path / "log.jsonl", log[:3] + log[4:])
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(path, "events.jsonl")
    assert "1 number is missing between" in command("summary", path).out
    out = command("summary", bundle).out
    assert "1 number is missing (of other sessions, of another time, or lost)" in out
    assert "1 number is missing between" not in out


def test_summary_of_a_bundle_knows_what_was_left_out(command: Command, tmp_path: Path) -> None:
    """Its manifest tells what was left out by choice from what is missing, as `verify` does."""
    record = Recording()
    log = [record.click("Go", session=("00000001", "00000002")[n % 2]) for n in range(20)]
    for name, kept in (("whole", log), ("lost", log[:5] + log[8:])):
        path, made = written(tmp_path / name, kept), tmp_path / f"{name}.zip"
        command("bundle", path, "-o", made, "--session", "00000001")
    whole = command("summary", tmp_path / "whole.zip").out
    assert "  nothing is missing between the first and the last\n" in whole
    lost = command("summary", tmp_path / "lost.zip").out
    assert "  3 numbers are missing\n" in lost
    assert "  3 numbers are missing between the first and the last of a process." in lost
    both = command("summary", tmp_path / "lost.zip", tmp_path / "whole.zip").out
    assert "(of other sessions, of another time, or lost)" in both


@pytest.mark.parametrize("arguments", [["--json", "--markdown"], ["nowhere.jsonl"]])
def test_summary_wrong_use_is_told_in_one_line(command: Command, arguments: list[str]) -> None:
    """As for every command."""
    done = command("summary", *arguments)
    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))


def test_summary_shows_how_far_it_is(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, when it takes longer than a moment."""
    monkeypatch.setattr(sql, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    done = command("summary", SESSION)
    assert (0, True) == (done.status, "Reading" in done.err)


@pytest.mark.parametrize("asked", [["summary"], ["sql", "FROM events"]])
def test_summary_of_a_broken_archive_says_what_can_be_done(
    command: Command, tmp_path: Path, asked: list[str]
) -> None:
    """One line that names the file and the way to what is before the break, which works."""
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(SESSION.read_bytes())[:-400])
    done = command(*asked, path)
    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))
    assert f"{path}; what is before the break is read by: gzip -cd FILE |" in done.err
