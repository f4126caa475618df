"""Each rule finds what it is for, and nothing else."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from datatools_audit import ReadError
from datatools_audit.errors import QueryError
from datatools_audit.reading.database import Database
from datatools_audit.reading.inputs import Input
from datatools_audit.support.findings import Finding, Rule, filled, rules_of
from datatools_audit.support.known import RULES
from datatools_audit.support.summary import Summary, summarise
from tests.reading.recorded import Record, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ANN, BOB, EVE = "aaaaaaaa", "bbbbbbbb", "eeeeeeee"


def summary_of(lines: Iterable[Record | bytes], *more: Rule, is_part: bool = False) -> Summary:
    """Return the summary of a log with these records, or lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.jsonl")
        data = (each if isinstance(each, bytes) else orjson.dumps(each) for each in lines)
        path.write_bytes(b"".join(line + b"\n" for line in data))
        with Database([Input("log", path)]) as database:
            return summarise(database, is_part=is_part, more=more)


def findings_of(lines: Iterable[Record | bytes], *more: Rule, **given: Any) -> dict[str, Finding]:
    return {found.name: found for found in summary_of(lines, *more, **given).findings}


def healthy() -> list[Record]:
    """Return what nothing is wrong with: two people, a run, an action, an upload, an error."""
    record = Recording()
    return [
        banner(record, ANN),
        banner(record, BOB),
        record.run_start("11111111", session=ANN),
        record.start("build", session=ANN),
        record.end("build", session=ANN),
        record("run", "Run ended: ok", phase="end", run_id="11111111", outcome="ok", session=ANN)
        | {"duration_ms": 40.0},
        record.error(session=ANN),
        record("upload", "Uploaded a.csv", bytes=1_000, filename="a.csv", session=BOB),
        record("session", "Session ended", session=BOB),
    ]


def banner(record: Recording, session: str, **more: Any) -> Record:
    told = {"app": "Shop", "version": "2.1", "streamlit": "1.67.0", **more}
    return record("session", "Session started", session=session, **told)


def crashed() -> list[Record]:
    record = Recording()
    fields = {"exc_type": "SIGSEGV", "died_proc": "00000001"}
    return [record("error", "Crashed", level="critical", **fields)]


def out_of_memory() -> list[Record]:
    return [Recording().error(exc_type="_ArrayMemoryError")]


def killed() -> list[Record]:
    return [Recording()("audit", "Recovered", recovered=3, missing=0, died_proc="00000001")]


def hangs() -> list[Record]:
    return [Recording()("hang", "build has been open for 30 s", level="warning", open_ms=30_000)]


def without_end() -> list[Record]:
    record = Recording()
    return [record.start("build"), record.click("Go", after_seconds=61)]


def same_error() -> list[Record]:
    record = Recording()
    return [record.error(session=session) for session in (ANN, BOB, EVE)]


def after_upload() -> list[Record]:
    record = Recording()
    return [record("upload", "Uploaded a.csv", bytes=1), record.error(), record.error()]


def big_upload() -> list[Record]:
    return [Recording()("upload", "Uploaded a.csv", bytes=150_000_000)]


def upload_refused() -> list[Record]:
    return [Recording()("log", "Content too long: a.csv", level="warning")]


def disk_trouble() -> list[Record]:
    return [Recording()("audit", "Could not write", outage_seconds=12.5, error="ENOSPC")]


def dropped() -> list[Record]:
    record = Recording()
    lines = [record.click("Go", session=session) for session in (ANN, BOB, ANN, BOB)]
    note = record("audit", "Dropped", dropped=2, first_seq=2, last_seq=3)
    return [lines[0], lines[3], note]


def lost() -> list[Record]:
    return [Recording()("audit", "Lost", recovered=0, missing=4, died_proc="00000001")]


def missing() -> list[Record]:
    record = Recording()
    lines = [record.click("Go", session=(ANN, BOB)[n % 2]) for n in range(3_000)]
    return [*lines[:1_500], *lines[1_502:]]


def doubled() -> list[Record]:
    record = Recording()
    lines = [record.click("Go") for _ in range(2_000)]
    return [*lines, lines[1_200]]


def problems() -> list[Record | bytes]:
    return [Recording().click("Go"), b'{"ts":"2026', b"hello"]


def clock_jumped() -> list[Record]:
    record = Recording()
    lines = [record.click("Go") for _ in range(1_100)]
    record.seconds -= 7_200
    return lines + [record.click("Go") for _ in range(1_100)]


def disconnects() -> list[Record]:
    record = Recording()
    return [record("session", "Session disconnected") for _ in range(5)]


def slow_runs() -> list[Record]:
    record = Recording()
    ids = [f"{n:08x}" for n in range(10)]
    return [each for n in ids for each in (record.run_start(n), record.run_end(n))]


def versions() -> list[Record]:
    record = Recording()
    return [banner(record, ANN), banner(record, BOB, version="2.2")]


def streamlits() -> list[Record]:
    record = Recording()
    return [banner(record, ANN), banner(record, BOB, streamlit="1.66.0")]


def old_streamlit() -> list[Record]:
    return [banner(Recording(), ANN, streamlit="1.45.1")]


def reported() -> list[Record]:
    return [Recording()("report", "Reported a problem", support_code="R-7K3F9Q")]


MADE: dict[str, tuple[Callable[[], Iterable[Record | bytes]], str]] = {
    "crashed": (crashed, "The process crashed 1 time (SIGSEGV)."),
    "out-of-memory": (out_of_memory, "Memory ran out 1 time, in 1 session."),
    "killed": (killed, "1 process ended without notice; 3 records were recovered."),
    "hangs": (
        hangs,
        "Something was open for too long 1 time, in 1 session, for 30.0 s when it was told.",
    ),
    "no-end": (without_end, "1 run or action has no end, in 1 session."),
    "same-error-in-many-sessions": (
        same_error,
        "ValueError in pages/analyze.py, _run hit 3 sessions, 3 times.",
    ),
    "errors-after-an-upload": (after_upload, "2 of 2 errors came within a minute of an upload."),
    "big-uploads": (big_upload, "1 file is over 100 MB, the biggest has 150 MB."),
    "upload-refused": (upload_refused, "The limit of an upload was hit 1 time."),
    "disk-trouble": (disk_trouble, "The log could not be written 1 time, for 12.5 s at most."),
    "dropped-records": (dropped, "2 records were dropped, as the log itself says."),
    "lost-records": (lost, "4 records are lost of processes that died."),
    "missing-records": (
        missing,
        "2 numbers are missing between the first and the last of a process.",
    ),
    "doubled-records": (doubled, "1 record is there twice."),
    "lines-that-are-no-record": (problems, "2 lines are torn or foreign."),
    "clock-jumped": (clock_jumped, "The server's clock went back by 1 h 5"),
    "many-disconnects": (disconnects, "1 browser lost the connection 5 times."),
    "slow-runs": (slow_runs, "10 of 10 runs of the script took over 3 s, the longest 45.0 s."),
    "versions-of-the-app": (versions, "Shop ran in several versions: 2.1, 2.2."),
    "versions-of-streamlit": (
        streamlits,
        "Sessions ran on several versions of Streamlit: 1.66.0, 1.67.0.",
    ),
    "old-streamlit": (old_streamlit, "Streamlit 1.45.1 is old."),
    "reported-problems": (reported, "1 problem was reported by people, the last is R-7K3F9Q."),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_findings_each_rule_finds_what_it_is_for(rule: Rule) -> None:
    """A log that has it has the finding, in these words and with an advice."""
    make, said = MADE[rule.name]
    found = findings_of(make())
    assert said == found[rule.name].sentence[: len(said)]
    assert found[rule.name].advice
    assert "{" not in found[rule.name].sentence


def test_findings_of_a_healthy_log_are_none() -> None:
    """No rule sees what is not there."""
    assert {} == findings_of(healthy())
    assert {} == findings_of([])


def test_findings_dropped_records_are_not_missing_too() -> None:
    """What the log itself tells of is told once."""
    assert "missing-records" not in findings_of(dropped())


def test_findings_missing_numbers_of_an_extract_are_none() -> None:
    """They may be of other sessions."""
    assert "missing-records" not in findings_of(missing(), is_part=True)


def test_findings_a_clock_that_is_a_little_late_is_none() -> None:
    """Threads write a little out of order."""
    record = Recording()
    lines = [record.click("Go") for _ in range(1_100)]
    record.seconds -= 30
    assert {} == findings_of(lines + [record.click("Go") for _ in range(1_100)])


OWN = """
[[finding]]
name = "slow-import"
question = '''SELECT count(*) AS times, any_value(record->>'rows') AS rows FROM events
WHERE category = 'import' HAVING count(*) > 0'''
sentence = "An import took long {times:time:times}: {rows} rows."

[[finding]]
name = "nothing"
question = "SELECT 1 WHERE false"
sentence = "Never."
advice = "Never."
"""


def test_findings_an_app_has_rules_of_its_own(tmp_path: Path) -> None:
    """They may ask every table, `record` too; without an advice there is none."""
    path = tmp_path / "rules.toml"
    path.write_text(OWN)
    record = Recording()
    found = findings_of([record("import", rows=5)], *rules_of(path))
    expected = Finding("slow-import", "An import took long 1 time: 5 rows.", "")
    assert {"slow-import": expected} == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("finding = 1", "has to have nothing but"),
        ("other = 1\n[[finding]]", "has to have nothing but"),
        ("[[finding]]\nname = 'x'", "finding 1 needs question as a text"),
        ("[[finding]]\nname = 5", "finding 1 needs name as a text"),
        (OWN.replace("sentence", "text"), "finding 1 needs sentence"),
        (OWN.replace("advice", "code"), "finding 2 has code, which is none of"),
        ("[[finding", "cannot be read"),
        ("\x00", "cannot be read"),
    ],
)
def test_findings_wrong_rules_are_told(tmp_path: Path, text: str, said: str) -> None:
    """In one line, by the file and the number of the rule."""
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(ReadError, match=said) as raised:
        rules_of(path)
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)
    with pytest.raises(ReadError, match=r"nowhere.toml cannot be read: No such file or directory$"):
        rules_of(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "question", ["SELECT foo FROM events", "DROP TABLE counts", "FROM read_text('/etc/passwd')"]
)
def test_findings_rules_can_ask_and_no_more(question: str) -> None:
    """A rule that is none is told by its name."""
    with pytest.raises(QueryError, match=r"^rule mine: "):
        findings_of(healthy(), Rule("mine", question, "x", "y"))


def test_findings_values_cannot_act() -> None:
    """A value is text: no control, no attribute of it is reached; an unknown name stays."""
    values = {"a": "\x1b[31mred\n", "n": 1_234, "none": None, "x": 0.25}
    said = filled("{a} {n:file:files} {n} {none} {x} {b} {a.__class__} {a!r}", values)
    assert "[31mred 1,234 files 1,234 unknown 0.2 {b} {a.__class__} {a!r}" == said


def test_findings_a_clock_that_jumps_in_a_short_log_is_found() -> None:
    """Within the first thousand records, too."""
    record = Recording()
    lines = [record.click("Go") for _ in range(50)]
    record.seconds -= 3_600
    found = findings_of(lines + [record.click("Go") for _ in range(50)])
    assert found["clock-jumped"].sentence.startswith(
        "The server's clock went back by 59 min 10 s or more"
    )


def test_findings_a_question_in_an_advice_can_be_asked(tmp_path: Path) -> None:
    """What an advice has in quotes behind `sql` is an answer, not an error."""
    asked = [found[1] for rule in RULES if (found := re.search(r'sql "([^"]*)"', rule.advice))]
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in healthy()))
    with Database([Input("log", path)]) as database:
        answers = {question: database.ask(question).columns for question in asked}
    assert 2 == len(answers)
