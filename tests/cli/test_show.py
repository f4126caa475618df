"""Tests of ``show``: a log as steps, in every form."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from datatools_audit.cli import files
from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Done]


def test_show_tells_a_session_in_plain_words(command: Command) -> None:
    """Each session has a heading with app, day, times and counts, then its numbered steps."""
    done = command("show", SESSION)
    head, *steps = done.out.splitlines()
    assert head == (
        "Session e44e4dae  Shop 2.1, 2026-05-19 14:02:03 to 14:08:30 UTC, 70 events, 2 errors"
    )
    assert "   3  14:02:11  pressed Make a report" in steps
    assert (0, "") == (done.status, done.err)


def test_show_says_times_of_the_apps_machine(command: Command, tmp_path: Path) -> None:
    """The banner tells the zone, whatever zone the reader is in."""
    record = Recording()
    log = [record("session", "Session started", app="Shop", timezone="UTC+05:30 (IST)")]
    done = command("show", written(tmp_path / "log.jsonl", log))
    assert "19:32:12 to 19:32:12 UTC+05:30" in done.out


def test_show_errors_have_their_traceback(command: Command) -> None:
    """With --errors there is nothing else, and each is open."""
    done = command("show", SESSION, "--errors")
    assert 1 == done.out.count("Traceback (most recent call last):")  # of two equal ones
    assert "pressed" not in done.out


def test_show_around_a_code_is_what_led_to_it(command: Command, tmp_path: Path) -> None:
    """The steps before the error of a code, that one with its traceback, and a few behind."""
    record = Recording()
    log = [record.click(f"before {n}") for n in range(30)]
    log.append(record.error(support_code="E-7K3F9Q"))
    log += [record.click(f"behind {n}") for n in range(10)]
    done = command("show", written(tmp_path / "log.jsonl", log), "--around", "e-7k3f9q")
    assert 20 == done.out.count("pressed before")
    assert 5 == done.out.count("pressed behind")
    assert 1 == done.out.count("Traceback")


def test_show_around_an_unknown_code_says_so(command: Command) -> None:
    """One line, and the status of what cannot be done."""
    done = command("show", SESSION, "--around", "E-000000")
    assert (2, "", "datatools-audit: no record has the support code 'E-000000'\n") == (
        done.status,
        done.out,
        done.err,
    )


def test_show_last_are_those_of_all_sessions(command: Command, tmp_path: Path) -> None:
    """The last steps, whoever took them, under the heading of each."""
    record = Recording()
    log = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(100)]
    done = command("show", written(tmp_path / "log.jsonl", log), "--last", "3")
    told = [line.split("  ")[-1] for line in done.out.splitlines() if "pressed" in line]
    assert ["pressed Do 97", "pressed Do 98", "pressed Do 99"] == told
    assert 3 == done.out.count("Session 0000000")


def test_show_last_of_an_archive_are_those_of_its_log(command: Command, tmp_path: Path) -> None:
    """What is packed is unpacked and read from its end."""
    packed = tmp_path / "log.jsonl.gz"
    packed.write_bytes(gzip.compress(SESSION.read_bytes()))
    assert command("show", SESSION, "--last", 5).out == command("show", packed, "--last", 5).out


def test_show_last_of_one_session(command: Command, tmp_path: Path) -> None:
    """With --session only its steps count."""
    record = Recording()
    log = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(100)]
    path = written(tmp_path / "log.jsonl", log)
    done = command("show", path, "--last", "2", "--session", "00000000")
    told = [line.split("  ")[-1] for line in done.out.splitlines() if "pressed" in line]
    assert ["pressed Do 96", "pressed Do 98"] == told


def test_show_last_reads_back_as_far_as_it_needs(command: Command, tmp_path: Path) -> None:
    """What is asked for may begin before the piece that is read first."""
    record = Recording()
    log = [record.click(f"wanted {n}", session="00000001") for n in range(5)]
    log += [record.click(f"Do {n}") for n in range(4_000)]
    path = written(tmp_path / "log.jsonl", log)
    assert path.stat().st_size > 512 << 10
    done = command("show", path, "--last", "5", "--session", "00000001")
    assert 5 == done.out.count("pressed wanted")


def test_show_tree_has_outcome_and_duration(command: Command) -> None:
    """Actions stand inside of each other."""
    done = command("show", SESSION, "--tree")
    assert "build: error: ValueError: the threshold is above every price, 2.1 s" in done.out
    assert "├─ read: ok, 0.4 s" in done.out
    assert "└─ check: error" in done.out


def test_show_json_is_a_line_for_each_step(command: Command) -> None:
    """Whatever wants to go on with it gets numbers, words and traceback."""
    done = command("show", SESSION, "--json")
    told = [json.loads(line) for line in done.out.splitlines()]
    assert list(range(1, len(told) + 1)) == [step["number"] for step in told]
    assert {"e44e4dae"} == {step["session"] for step in told}
    assert [2] == [step["times"] for step in told if "Traceback" in step["traceback"]]


def test_show_markdown_shows_foreign_text_as_it_is(command: Command, tmp_path: Path) -> None:
    """Neither a label nor a traceback acts in a ticket."""
    record = Recording()
    evil = "**b** [l](javascript:x) <img src=x> `c`"
    log = [record.click(evil), record.error("```\n# head", traceback="```\n# head")]
    done = command("show", written(tmp_path / "log.jsonl", log), "--markdown", "--errors")
    assert "````text" in done.out
    whole = command("show", tmp_path / "log.jsonl", "--markdown").out
    assert r"\*\*b\*\* \[l\]\(javascript:x\) \<img src=x\> \`c\`" in whole


def test_show_no_controls_reach_the_terminal(command: Command, tmp_path: Path) -> None:
    """What a label holds cannot move a cursor, nor colour anything where there is no terminal."""
    record = Recording()
    log = [record.click("\x1b[31mred\x07\u202e"), record.error("\x1b]0;title\x07")]
    done = command("show", written(tmp_path / "log.jsonl", log), "--errors")
    whole = done.out + command("show", tmp_path / "log.jsonl").out
    assert not {"\x1b", "\x07", "\u202e"} & set(whole)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.jsonl", "cannot be read: No such file or directory"),
        ("picture.png", "no record of DataTools Audit in it"),
        ("broken.zip", "cannot be unpacked"),
        ("other.zip", "is no support bundle: it has no events.jsonl"),
        ("empty", "has no log in it (datatools-*.jsonl)"),
        ("nothing*.jsonl", "nothing matches"),
        ("cut.jsonl.gz", "cannot be"),
    ],
)
def test_show_wrong_file_is_one_line(
    command: Command, tmp_path: Path, name: str, said: str
) -> None:
    """Whatever is given, the answer is a sentence and the status 2."""
    import zipfile

    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(SESSION.read_bytes())[:12])
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    (tmp_path / "empty").mkdir()
    done = command("show", tmp_path / name)
    assert 2 == done.status
    assert said in done.err
    assert 1 == done.err.count("\n")


def test_show_unknown_session_names_those_there_are(command: Command) -> None:
    """Who mistypes an id sees the right ones."""
    done = command("show", SESSION, "--session", "ffffffff")
    assert (2, "datatools-audit: there is no session 'ffffffff'; the newest are e44e4dae\n") == (
        done.status,
        done.err,
    )


def test_show_two_forms_at_once_are_refused(command: Command) -> None:
    """A wrong use is status 2 and says which."""
    done = command("show", SESSION, "--json", "--tree")
    assert (2, "datatools-audit: choose one of --json, --markdown and --tree\n") == (
        done.status,
        done.err,
    )


def test_show_empty_log(command: Command, tmp_path: Path) -> None:
    """A log with nothing in it is no fault."""
    (tmp_path / "log.jsonl").touch()
    assert Done(0, "No step is in it.\n", "") == command("show", tmp_path / "log.jsonl")
    assert Done(0, "No step is in it.\n", "") == command("show", tmp_path / "log.jsonl", "--last=3")


def test_show_says_which_lines_it_could_not_read(command: Command, tmp_path: Path) -> None:
    """Torn and foreign lines are counted beside the steps, not passed over in silence."""
    (tmp_path / "log.jsonl").write_bytes(SESSION.read_bytes() + b'{"ts":"2026\nhello\n')
    done = command("show", tmp_path / "log.jsonl")
    assert "2 lines are no whole records; see `verify`.\n" == done.err


@pytest.mark.parametrize("option", ["--errors", "--tree", "--json"])
def test_show_into_a_file_shows_how_far_it_is(
    command: Command, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """Reading is half of it; where the steps go to the terminal, they show it themselves."""
    monkeypatch.setattr(files, "_QUIET_SECONDS", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    done = command("show", SESSION, option)
    assert "Telling" in done.err
    assert "Telling" not in done.out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "Telling" not in command("show", SESSION, option).err


def test_show_into_a_pipe_draws_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no terminal gets no bar."""
    monkeypatch.setattr(files, "_QUIET_SECONDS", -1.0)
    assert "" == command("show", SESSION).err


def test_show_folded_errors_have_every_code(command: Command, tmp_path: Path) -> None:
    """Whoever was told the first of several equal errors' codes finds it, in every form."""
    record = Recording()
    codes = ["E-000001", "E-000002", "E-000003"]
    path = written(tmp_path / "log.jsonl", [record.error(support_code=code) for code in codes])
    assert "  E-000001  E-000002  E-000003\n" in command("show", path).out
    assert " `E-000001` `E-000002` `E-000003`\n" in command("show", path, "--markdown").out
    assert codes == json.loads(command("show", path, "--json").out)["codes"]


def test_show_errors_are_all_that_went_wrong(command: Command, tmp_path: Path) -> None:
    """A hang in a session without an error, a report, and what the app calls an error itself."""
    record = Recording()
    log = [
        record.click("Go"),
        record("hang", "Go has been open for 30 s", level="warning", open_ms=3e4, stack="a stack"),
        record("report", "Reported a problem", support_code="R-ABCDEF", session="00000002"),
        record("mine", "it broke", level="error", session="00000003"),
        record.click("Go", session="00000004"),
    ]
    out = command("show", written(tmp_path / "log.jsonl", log), "--errors").out
    assert (3, 1) == (out.count("Session "), out.count("  a stack\n"))
    assert ("R-ABCDEF" in out, "mine: it broke" in out, "pressed" in out) == (True, True, False)


def test_show_last_errors_are_those_of_all_sessions(command: Command, tmp_path: Path) -> None:
    """As without --errors: so many of all together, each under its session, with their numbers."""
    record = Recording()
    log = [record.error(f"no {n}", session=f"0000000{n % 2}") for n in range(9)]
    path = written(tmp_path / "log.jsonl", log)
    out = command("show", path, "--errors", "--last", "2").out
    assert 2 == out.count("Traceback") == out.count("Session ")
    assert "   4  14:02:19  ValueError: no 7" in out
    assert "   5  14:02:20  ValueError: no 8" in out


def test_show_last_of_a_log_that_ends_torn(command: Command, tmp_path: Path) -> None:
    """As a crash leaves it: the line is counted, and the step before it told."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(SESSION.read_bytes() + b'{"ts":"2026-05-19T14')
    done = command("show", path, "--last", "1")
    assert (0, "1 line is no whole record; see `verify`.\n") == (done.status, done.err)
    assert done.out.endswith("      14:08:30  the session ended\n")


def test_show_last_says_no_more_than_it_has_read(command: Command, tmp_path: Path) -> None:
    """Neither a session's beginning nor the number of a step is known at a log's end."""
    record = Recording()
    log = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(9)]
    path = written(tmp_path / "log.jsonl", log)
    head, step = command("show", path, "--last", "1").out.splitlines()
    assert "Session 00000000  until 2026-05-19 14:02:20 UTC" == head
    assert "      14:02:20  pressed Do 8" == step
    assert None is json.loads(command("show", path, "--last", "1", "--json").out)["number"]
    assert "- `14:02:20` pressed Do 8\n" in command("show", path, "--last", "1", "--markdown").out


def test_show_a_sessions_id_cannot_act(command: Command, tmp_path: Path) -> None:
    """It is as foreign as any other text, also in an error's sentence."""
    log = [Recording().click("Go", session="\x1b[31m`x`\u009b")]
    path = written(tmp_path / "log.jsonl", log)
    for form in ([], ["--markdown"], ["--json"], ["--last=1"], ["--tree"], ["--session=other"]):
        done = command("show", path, *form)
        assert not {"\x1b", "\u009b"} & set(done.out + done.err)
    assert "### Session `[31m x `\n" in command("show", path, "--markdown").out


@pytest.mark.parametrize(
    "both", [("--tree", "--errors"), ("--around=E-1", "--last=3"), ("--around=E-1", "--errors")]
)
def test_show_refuses_what_it_would_not_heed(command: Command, both: tuple[str, str]) -> None:
    """No option is passed over in silence."""
    done = command("show", SESSION, *both)
    assert (2, "", True) == (done.status, done.out, "choose one of --tree, --around" in done.err)


@pytest.mark.parametrize("form", [[], ["--tree"], ["--errors"], ["--last=3"]])
def test_show_says_in_each_form_what_it_could_not_read(
    command: Command, tmp_path: Path, form: list[str]
) -> None:
    """The lines that are no record are counted whatever is shown."""
    (tmp_path / "log.jsonl").write_bytes(SESSION.read_bytes() + b"hello\n\xff\n")
    done = command("show", tmp_path / "log.jsonl", *form)
    assert "2 lines are no whole records; see `verify`.\n" == done.err


def test_show_says_what_of_a_long_session_it_does_not_tell(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it take the last step for an error that lies before those it has read."""
    monkeypatch.setattr("datatools_audit.reading.index.MOST_RECORDS", 5)
    record = Recording()
    log = [record.error(support_code="E-7K3F9Q"), *(record.click(f"Do {n}") for n in range(7))]
    path = written(tmp_path / "log.jsonl", log)
    done = command("show", path)
    said = "Session a1b2c3d4: the oldest 3 records are not told, nor numbered.\n"
    assert (5, said) == (done.out.count("pressed"), done.err)
    done = command("show", path, "--around", "E-7K3F9Q")
    assert (2, "") == (done.status, done.out)
    assert "'E-7K3F9Q' is among the oldest records of its session" in done.err
