"""Tests of ``report``: a page that lies where it was asked for, and replaces nothing else."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit.cli import report as module
from datatools_audit.support.report.gathering import Gathering
from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording
from tests.support.report.pages import Page, told

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Done]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def page_of(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def test_report_lies_here_and_its_path_is_printed(command: Command, tmp_path: Path) -> None:
    """Without -o it is report.html in this folder; the rest is said on stderr."""
    done = command("report", SESSION)
    path = tmp_path / "report.html"
    assert (0, f"{path}\n") == (done.status, done.out)
    assert done.err.startswith("24 steps of 1 session, ")
    assert "Nothing in it was redacted: see --redact" in done.err
    assert "What happened in Shop 2.1" in page_of(path).text
    assert 24 == len(told(page_of(path)))
    assert [path] == list(tmp_path.iterdir())


def test_report_goes_to_standard_output(command: Command) -> None:
    """With `-o -` there is the page and nothing else, and no file."""
    done = command("report", SESSION, "-o", "-", "--title", "Ticket <4711>")
    assert (0, "") == (done.status, done.err)
    assert done.out.startswith("<!doctype html>")
    assert "Ticket <4711>" in Page(done.out).text
    assert not Path("report.html").exists()


def test_report_takes_the_place_of_a_report_only(command: Command, tmp_path: Path) -> None:
    """Another file stays as it is, unless --force says otherwise."""
    mine = tmp_path / "notes.html"
    mine.write_text("my notes")
    done = command("report", SESSION, "-o", mine)
    assert 2 == done.status
    assert "is there and no report; another name with -o, or --force" in done.err
    assert "my notes" == mine.read_text()
    assert 0 == command("report", SESSION, "-o", mine, "--force").status
    assert 0 == command("report", SESSION, "-o", mine, "--title", "again").status
    assert "again" in page_of(mine).text


def test_report_refuses_what_is_no_file(command: Command, tmp_path: Path) -> None:
    """A folder, a pipe or a place that is not there is one line."""
    for output in (tmp_path, "/dev/null", tmp_path / "none" / "r.html"):
        done = command("report", SESSION, "-o", output)
        assert (2, "", 1) == (done.status, done.out, done.err.count("\n")), output


def test_report_that_fails_leaves_what_was_there(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written beside its place and put there whole."""
    assert 0 == command("report", SESSION).status
    before = Path("report.html").read_bytes()

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    done = command("report", SESSION, "--title", "new")
    assert (2, "datatools-audit: report.html cannot be written: No space left on device\n") == (
        done.status,
        done.err,
    )
    assert before == Path("report.html").read_bytes()
    assert ["report.html"] == [each.name for each in tmp_path.iterdir()]


def test_report_of_one_session(command: Command, tmp_path: Path) -> None:
    """With --session only its steps are told; one that is not there is one line."""
    record = Recording()
    clicks = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(4)]
    log = written(tmp_path / "log.jsonl", clicks)
    assert 0 == command("report", log, "--session", "00000001").status
    page = page_of(tmp_path / "report.html")
    assert ["pressed Do 1", "pressed Do 3"] == told(page)
    assert "Only session 00000001 was asked for." in page.text
    done = command("report", log, "--session", "b1b2c3d4")
    assert "there is no session 'b1b2c3d4'; see `show`" in done.err
    assert 2 == done.status


def test_report_is_redacted_only_where_asked(command: Command, tmp_path: Path) -> None:
    """A log is shown as it is, and redacted with --redact; the report says which."""
    log = written(tmp_path / "log.jsonl", [Recording().click("ann@example.org")])
    assert 0 == command("report", log).status
    assert ["pressed ann@example.org"] == told(page_of(tmp_path / "report.html"))
    done = command("report", log, "--redact")
    page = page_of(tmp_path / "report.html")
    assert ["pressed <email-1>"] == told(page)
    assert "Redacted for this report: email" in page.text
    assert "Nothing in it was redacted" not in done.err


def test_report_of_a_bundle_tells_what_the_bundle_does(command: Command, tmp_path: Path) -> None:
    """The sender's note, the environment, what was redacted, and that nothing is missing."""
    record = Recording()
    log = written(tmp_path / "log.jsonl", [record.click("ann@example.org"), record.error()])
    made = tmp_path / "made.zip"
    assert 0 == command("bundle", log, "-o", made, "--note", "it was red").status
    done = command("report", made)
    page = page_of(tmp_path / "report.html")
    assert "it was red says the sender of made.zip" in page.text
    assert "From made.zip, redacted when the bundle was made: email 2" in page.text
    assert "made_by command" in page.text
    assert "Nothing: every record between the first and the last is here." in page.text
    assert "Nothing in it was redacted" not in done.err
    with zipfile.ZipFile(made) as archive:
        inner = Page(archive.read("report.html").decode())
    assert told(inner) == told(page)
    assert "pressed <email-1>" == told(page)[0]


def test_report_of_a_changed_bundle_says_so(command: Command, tmp_path: Path) -> None:
    """What does not fit the manifest is told, and the rest is shown."""
    log = written(tmp_path / "log.jsonl", [Recording().click("Go")])
    made, changed = tmp_path / "made.zip", tmp_path / "changed.zip"
    assert 0 == command("bundle", log, "-o", made).status
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(changed, "w") as target:
        for name in archive.namelist():
            data = archive.read(name)
            target.writestr(name, data.replace(b"Go", b"No") if name == "events.jsonl" else data)
    assert 0 == command("report", changed).status
    page = page_of(tmp_path / "report.html")
    assert "Not everything is here." in page.text
    assert "events.jsonl has another SHA-256 than the manifest says." in page.text
    assert ["pressed No"] == told(page)


def test_report_of_several_files_begins_with_the_oldest(command: Command, tmp_path: Path) -> None:
    """Whatever order they are given in, steps and gaps are those of one log."""
    record = Recording()
    first = written(tmp_path / "b.jsonl", [record.click("one"), record.click("two")])
    second = written(tmp_path / "a.jsonl", [record.click("three", session="b1b2c3d4")])
    assert 0 == command("report", second, first).status
    page = page_of(tmp_path / "report.html")
    assert "Nothing: every record between the first and the last is here." in page.text
    assert {"pressed one", "pressed two", "pressed three"} == set(told(page))
    assert "From b.jsonl, a.jsonl, a log as it was recorded" in page.text


def test_report_says_what_it_tells_no_more(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a log over the limit the newest are told, and all are counted."""
    monkeypatch.setattr(module, "Gathering", partial(Gathering, most_records=3))
    record = Recording()
    log = written(tmp_path / "log.jsonl", [record.click(f"Do {n}") for n in range(1_200)])
    done = command("report", log)
    assert "It tells of the newest 3 of 1,200 records, and counts all." in done.err
    page = page_of(tmp_path / "report.html")
    assert "Told step by step are the newest 3 of 1,200 events." in page.text
    assert 3 == len(told(page))


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x00\xff" * 99])
def test_report_of_no_log_is_one_line(command: Command, tmp_path: Path, content: bytes) -> None:
    """What has no record in it is said, and no page is made; an empty log is one of nothing."""
    path = tmp_path / "odd.jsonl"
    path.write_bytes(content)
    done = command("report", path)
    assert (2 if content else 0) == done.status
    assert (not content) == (tmp_path / "report.html").exists()
    assert "Traceback" not in done.err
