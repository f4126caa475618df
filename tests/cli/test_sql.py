"""Tests of ``sql``: what it answers, in which form, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING, cast

import duckdb
import pytest

from datatools_audit import audit_log_dir
from datatools_audit.cli import sql, tabular
from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from datatools_audit.reading.database import Database

    Command = Callable[..., Done]

HOSTILE = "=cmd|' /C calc'!A0\x1b[31m\r\nx"
ENDED_WHEN_BUSY = """
import os, signal, sys, threading
from datatools_audit.cli import main
from datatools_audit.reading import database

told = database.Database._awaited

def awaited(self, work, *given):
    if any("range(100_000_000)" in str(each) for each in given):
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    return told(self, work, *given)

database.Database._awaited = awaited
sys.exit(main())
"""
ENDED_BEFORE = ENDED_WHEN_BUSY.replace(
    "    return told(self, work, *given)",
    """
        def late(*given):
            time.sleep(1)
            return work(*given)

        return told(self, late, *given)
    return told(self, work, *given)""",
).replace("threading", "threading, time", 1)
COUNT = "SELECT count(*) AS n FROM events"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A log with a message that would act in a spreadsheet and in a terminal."""
    record = Recording()
    return written(tmp_path / "log.jsonl", [record("test", HOSTILE), record("test", "plain")])


def test_sql_shows_a_table(command: Command) -> None:
    """Numbers stand right, the heads are underlined."""
    question = "SELECT level, count(*) AS n FROM events GROUP BY ALL ORDER BY n"
    expected = "level     n\n-------  --\nerror     2\nwarning   7\ndebug    26\ninfo     35\n"
    assert Done(0, expected, "") == command("sql", question, SESSION)


def test_sql_without_a_question_tells_the_tables(command: Command) -> None:
    """Each table with its columns, and examples."""
    done = command("sql")
    assert (0, "") == (done.status, done.err)
    for said in ("events", "sessions", "steps", "errors", "actions", "problems", "seq BIGINT"):
        assert said in done.out
    assert 3 == done.out.count('datatools-audit sql "')


def test_sql_without_a_file_asks_all_kept_logs(command: Command) -> None:
    """Not today's alone."""
    audit_log_dir().mkdir(parents=True)
    record = Recording()
    for day in ("2026-05-18", "2026-05-19"):
        written(audit_log_dir() / f"datatools-{day}.jsonl", [record("test")])
    assert "n\n-\n2\n" == command("sql", COUNT).out


def test_sql_reads_a_bundle_and_a_log_together(command: Command, tmp_path: Path) -> None:
    """Whatever is named is one table."""
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("events.jsonl", SESSION.read_bytes())
    assert "n\n---\n140\n" == command("sql", COUNT, SESSION, bundle).out.replace("  n", "n")


def test_sql_json_is_an_array_of_objects(command: Command) -> None:
    """A moment is RFC 3339, a record is JSON in it, two equal names are told apart."""
    question = "SELECT ts, record, 1 AS a, 2 AS a FROM events ORDER BY seq LIMIT 2"
    done = command("sql", question, SESSION, "--format", "json")
    first, second = json.loads(done.out)
    assert ["ts", "record", "a", "a_2"] == list(first)
    assert first["record"]["ts"] == first["ts"]
    assert (1, 2) == (second["a"], second["a_2"])
    assert "[]\n" == command("sql", "FROM steps LIMIT 0", SESSION, "--format", "json").out


def test_sql_csv_has_no_cell_that_acts(command: Command, hostile: Path, tmp_path: Path) -> None:
    """A formula gets its apostrophe, a control character is visible; a file has the mark."""
    question = 'SELECT message, seq AS "=1+1" FROM events ORDER BY seq'
    done = command("sql", question, hostile, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert ["message", "'=1+1"] == rows[0]
    assert rows[1][0].startswith("'=cmd")
    assert "\x1b" not in done.out
    out = tmp_path / "rows.csv"
    assert Done(0, "", "") == command("sql", question, hostile, "-o", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbfmessage,'=1+1\r\n")


def test_sql_parquet_has_the_types(command: Command, tmp_path: Path) -> None:
    """It goes to a file only, and the file's name says that it is one."""
    out = tmp_path / "rows.parquet"
    assert Done(0, "", "") == command("sql", "SELECT ts, seq FROM events", SESSION, "-o", out)
    found = duckdb.sql(f"describe from '{out}'").fetchall()
    assert [("ts", "TIMESTAMP"), ("seq", "BIGINT")] == [row[:2] for row in found]
    done = command("sql", COUNT, SESSION, "--format", "parquet")
    assert Done(2, "", "datatools-audit: Parquet goes to a file: give it with -o\n") == done


def test_sql_table_moves_no_cursor(command: Command, hostile: Path) -> None:
    """What no screen shows is a space, in a head too."""
    question = 'SELECT message, 1 AS "\x1b[2J" FROM events'
    done = command("sql", question, hostile)
    assert 0 == done.status
    assert done.out.replace("\n", "").isprintable()


def test_sql_table_says_that_there_is_more(command: Command) -> None:
    """A table is cut at its limit, with a note; other forms are whole."""
    done = command("sql", "SELECT seq FROM events", SESSION, "--limit", "3")
    assert (5, "There are more than 3 rows") == (done.out.count("\n"), done.err[:26])
    whole = command("sql", "SELECT seq FROM events", SESSION, "--limit", "70")
    assert (72, "") == (whole.out.count("\n"), whole.err)
    as_csv = command("sql", "SELECT seq FROM events", SESSION, "--limit", "3", "--format", "csv")
    assert (71, "") == (as_csv.out.count("\n"), as_csv.err)


@pytest.mark.parametrize("width", [30, 60, 100])
def test_sql_table_fits_the_terminal(
    command: Command, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """No line is wider, and the columns without room are named."""
    monkeypatch.setattr(sql, "_terminal_width", lambda: width)
    done = command("sql", "SELECT * FROM events", SESSION)
    *lines, last = done.out.splitlines()
    assert width >= max(map(len, lines))
    assert "more columns have no room here: " in last


def test_sql_table_counts_wide_signs(command: Command, tmp_path: Path) -> None:
    """A sign of two places takes two."""
    record = Recording()
    path = written(tmp_path / "log.jsonl", [record("test", "表表"), record("test", "abcd")])
    done = command("sql", "SELECT message, seq FROM events ORDER BY seq", path)
    assert ["表表       1", "abcd       2"] == done.out.splitlines()[2:]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("SELEKT 1", "syntax error"),
        ("SELECT foo FROM events", "events has ts, level,"),
        ("SELECT foo FROM sessions", "sessions has session, began,"),
        ("FROM evnts", "the tables are: events,"),
        ("SELECT 1; SELECT 2", "one question at a time"),
        ("COPY events TO 'x'", "COPY is refused"),
        ("SELECT * FROM read_text('/etc/passwd')", "Permission Error"),
        ("SELECT '\x1b[31m", "unterminated"),
        ("SELECT error('\x1b[31mx')", "Invalid Input"),
    ],
)
def test_sql_wrong_question_is_told_in_two_lines(
    command: Command, question: str, said: str
) -> None:
    """Status 2, DuckDB's own words, and what there is where a name is none."""
    done = command("sql", question, SESSION)
    assert (2, "", True) == (done.status, done.out, said in done.err)
    assert 2 >= done.err.count("\n")
    assert done.err.replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ["nowhere.jsonl", "*.nothing", "table.csv"])
def test_sql_wrong_file_is_told_in_one_line(command: Command, tmp_path: Path, name: str) -> None:
    """As for every command."""
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    done = command("sql", COUNT, tmp_path / name)
    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))


def test_sql_writes_over_no_log(command: Command, hostile: Path) -> None:
    """The file that is read is not the one that is written."""
    before = hostile.read_bytes()
    done = command("sql", "FROM events", hostile, "--format", "json", "-o", hostile)
    assert (2, True) == (done.status, "is what is read" in done.err)
    assert before == hostile.read_bytes()


def test_sql_wrong_question_leaves_the_output_as_it_was(command: Command, tmp_path: Path) -> None:
    """What is there is written over by an answer only."""
    out = tmp_path / "rows.csv"
    out.write_text("before")
    assert 2 == command("sql", "SELECT foo FROM events", SESSION, "-o", out).status
    assert "before" == out.read_text()


def test_sql_shows_how_far_it_is(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal, when it takes longer than a moment."""
    monkeypatch.setattr(sql, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr(sql, "_EVERY_SECONDS", 0.001)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    done = command("sql", "SELECT count(*) FROM range(3_000_000) t(x), events", SESSION)
    assert (0, True) == (done.status, "Reading" in done.err)


def test_sql_that_is_ended_is_not_shown_as_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bar stays where the question was."""
    monkeypatch.setattr(sql, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr(sql, "_EVERY_SECONDS", 0.001)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    drawn = threading.Event()

    class Asked:
        def progress(self) -> float:
            drawn.set()
            return 5.0

    def ended() -> None:
        drawn.wait(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), sql.watching(cast("Database", Asked())):
        ended()
    told = capsys.readouterr().err
    assert "Reading" in told
    assert "100%" not in told


def test_tabular_fits_columns_of_any_width() -> None:
    """Widths never grow, and what has room keeps its own."""
    assert [5, 5] == tabular._fitted([5, 5], [1, 1], 12)
    assert [14, 14] == tabular._fitted([50, 50], [1, 1], 30)
    assert [5, 23] == tabular._fitted([5, 50], [1, 1], 30)
    assert [20] == tabular._fitted([50, 50], [1, 1], 20)


@pytest.mark.parametrize("when", ["amid", "before"])
def test_sql_is_ended_by_ctrl_c(when: str) -> None:
    """A question that would take hours ends at once, with the status of that signal."""
    endless = "SELECT count(*) FROM range(100_000_000) a, range(100_000_000) b WHERE a < b"
    program = ENDED_WHEN_BUSY if when == "amid" else ENDED_BEFORE
    line = [sys.executable, "-c", program, "sql", endless, str(SESSION)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (130, "", "") == (done.returncode, done.stdout, done.stderr.strip())


def test_sql_a_file_in_the_questions_place_is_told(command: Command) -> None:
    """Who forgets the question reads what is missing, not that some other file is."""
    done = command("sql", SESSION)
    said = f"datatools-audit: {SESSION} is a file; before it comes the question, in SQL\n"
    assert (2, said) == (done.status, done.err)


def test_sql_of_a_file_it_cannot_make_asks_for_the_format(command: Command, tmp_path: Path) -> None:
    """A table of text is no workbook, whatever its name says."""
    target = tmp_path / "told.xlsx"
    done = command("sql", COUNT, SESSION, "-o", target)
    assert (2, False) == (done.status, target.exists())
    assert "say by --format what" in done.err
    assert 0 == command("sql", COUNT, SESSION, "-o", target, "--format", "csv").status


def test_sql_where_it_cannot_write_names_the_file(command: Command, tmp_path: Path) -> None:
    """In words, without the number of the error."""
    target = tmp_path / "nowhere" / "told.csv"
    done = command("sql", COUNT, SESSION, "-o", target)
    assert (2, f"datatools-audit: {target}: No such file or directory\n") == (
        done.status,
        done.err,
    )
