"""The summary says what a reader of the records would count."""

from __future__ import annotations

import statistics
from collections import Counter
from pathlib import Path

import pytest

from datatools_audit import read_events
from datatools_audit.reading.query import Filter
from datatools_audit.reading.store import Store
from tests.reading.recorded import Record, Recording
from tests.support.test_findings import ANN, BOB, healthy, summary_of

SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_summary_counts_what_the_records_say() -> None:
    """Records, levels, pages, sessions, from when to when."""
    records = list(read_events(SESSION))
    found = summary_of(lines_of(SESSION))
    facts = found.facts
    assert len(records) == facts["events"]
    assert (min(r["ts"] for r in records), max(r["ts"] for r in records)) == (
        facts["began"],
        facts["ended"],
    )
    assert Counter(r["level"] for r in records) == found.levels
    pages = Counter(r["page"] for r in records if "page" in r)
    assert pages == {page.page: page.events for page in found.pages}
    (session,) = found.sessions
    assert (70, 2, "Shop", "2.1") == (
        session.events,
        session.errors,
        session.app,
        session.version,
    )


def test_summary_groups_errors_as_the_page_does(tmp_path: Path) -> None:
    """Type, frames, count, sessions, codes, versions and message are those of the engine."""
    path = tmp_path / "datatools-2026-05-19.jsonl"
    path.write_bytes(SESSION.read_bytes())
    store = Store(tmp_path)
    store.refresh()
    expected = store.view(None).groups(Filter())
    found = summary_of(lines_of(SESSION)).errors
    assert [(g.exc_type, g.frames, g.count, g.sessions, g.codes) for g in expected] == [
        (g.exc_type, g.frames, g.count, g.sessions, g.codes) for g in found
    ]
    assert [(g.first, g.last, g.versions, g.message) for g in expected] == [
        (g.first, g.last, g.versions, g.message) for g in found
    ]


def test_summary_measures_actions_and_runs() -> None:
    """How many, how they ended, how long they took."""
    record = Recording()
    spans = [100.0, 200.0, 900.0]
    lines: list[Record] = []
    for number, span in enumerate(spans):
        ids = {"action_id": f"{number:08x}"}
        outcome = "error" if span > 500 else "ok"
        lines += [
            record.start("build", **ids),
            record.end("build", outcome, duration_ms=span, **ids),
        ]
    lines.append(record.start("build", action_id="ffffffff"))
    (work,) = summary_of(lines).works
    assert ("build", 4, 1, 0, 1) == (
        work.name,
        work.times,
        work.failed,
        work.interrupted,
        work.without_end,
    )
    assert (statistics.median(spans), 900.0) == (work.median_ms, work.longest_ms)


@pytest.mark.parametrize(
    "numbers", [[1], [1, 2, 3], [5, 9], [1023, 1024, 1025], [1, 5000, 5000], [0, 2**63 - 1]]
)
def test_summary_counts_missing_and_doubled_numbers(numbers: list[int]) -> None:
    """Between a process's first and last, wherever they lie."""
    record = Recording()
    lines = [record.click("Go", session=(ANN, BOB)[n % 2]) | {"seq": n} for n in numbers]
    facts = summary_of(lines).facts
    missing = max(numbers) - min(numbers) + 1 - len(set(numbers))
    assert (missing, len(numbers) - len(set(numbers))) == (facts["not_here"], facts["doubled"])


def test_summary_takes_odd_records(tmp_path: Path) -> None:
    """Values of other types, numbers beyond 64 bits, levels and moments of no kind."""
    record = Recording()
    lines: list[Record | bytes] = [
        record("upload", "Uploaded", bytes="many"),
        record("test", "", level="odd", page={"a": 1}),
        record("test", "") | {"ts": "soon", "seq": 1 << 63},
        record("audit", "", dropped="many", missing=-1, recovered=1.5),
        record("hang", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")),
        record("error", "", level="error", exc_type=5, traceback=["a"]),
        record("run", "", phase="end", run_id=5, duration_ms="long"),
        record("session", "Session started", app=["x"], version=2, streamlit="new"),
        b"",
        b"\xff",
    ]
    found = summary_of(lines)
    assert (8, 1) == (found.facts["events"], found.facts["problems"])
    assert "other" in found.levels


def test_summary_of_nothing_is_empty() -> None:
    """No record, no moment, nothing found."""
    found = summary_of([])
    assert (0, None, None) == tuple(found.facts[name] for name in ("events", "began", "ended"))
    assert ((), (), ()) == (found.pages, found.errors, found.findings)


def test_summary_names_the_apps() -> None:
    """By version, with how many sessions."""
    (app,) = summary_of(healthy()).apps
    assert ("Shop", "2.1", "1.67.0", 2) == (app.app, app.version, app.streamlit, app.sessions)


def test_summary_tells_errors_without_a_type() -> None:
    """What an app or a library logs as an error stands there by its category."""
    record = Recording()
    log = [
        record("order", "No stock", level="error"),
        record("log", "db gone", level="error"),
        record("order", "No truck", level="critical"),
        record.error(),
    ]
    found = [(each.exc_type, each.count, each.message) for each in summary_of(log).errors]
    assert ("order", 2, "No truck") == found[0]
    assert {("log", 1, "db gone"), ("ValueError", 1, log[3]["message"])} == set(found[1:])
