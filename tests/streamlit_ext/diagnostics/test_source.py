"""What a visitor's view of the log has, from real files."""

from __future__ import annotations

import gzip
import threading
from typing import TYPE_CHECKING

import pytest

from datatools_audit import (
    audit_log_path,
    flush_audit_log,
    log_event,
    log_exception,
    reset_for_tests,
)
from datatools_audit._process import shared
from datatools_audit.context import Session
from datatools_audit.reading.query import Filter
from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import local_day
from streamlit_ext.diagnostics import handover
from streamlit_ext.diagnostics.access import Access
from streamlit_ext.diagnostics.source import (
    LogUnavailableError,
    Source,
    kept_days,
    settle,
    within,
)
from tests.helpers import written_records

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit import Record

BANNER = (
    b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"session",'
    b'"session":"a1b2c3d4","message":"Session started","proc":"0000aaaa",'
    b'"seq":1,"app":"bank"}\n'
)


def log_as(session: Session, message: str, **extra: object) -> None:
    recorder.emit("info", "test", message, {}, extra, session)


def today() -> str:
    return local_day(recorder.now())


def source(own: Session | None = None, *, every_app: bool = False) -> Source:
    """Return what sees that session, or everything, with what was logged just now in it."""
    settle()
    access = Access("00000000", sees_all=True) if own is None else Access(own.id)
    return Source(access, (today(),), every_app=every_app)


def records(of: Source) -> list[Record]:
    return of.ask(lambda view: view.rows(Filter(days=of.days)))


def messages(of: Source) -> list[object]:
    return [record["message"] for record in records(of)]


def hand_over(of: Source, asking: Session) -> bytes:
    """Hand over the log as the button does."""
    handover.record_hand_over(of, asking)
    return handover.log_bytes(of)


def append(data: bytes) -> None:
    written_records()
    with audit_log_path().open("ab") as file:
        file.write(data)


def test_source_of_an_empty_log_is_empty(log_folder: Path) -> None:
    """Where there is no file yet the view is empty, and nothing is made."""
    totals = source().ask(lambda view: view.totals(Filter()))
    assert (0, 0, 0) == (totals.events, totals.errors, totals.problems)
    assert [] == kept_days()
    assert not log_folder.exists()


def test_source_shows_newest_first_and_counts() -> None:
    """Records come newest first; errors are counted by level; what was logged just now is in."""
    log_event("test", "one")
    log_exception("two", ValueError("x"))
    totals = source().ask(lambda view: view.totals(Filter(days=(today(),))))
    assert {"two: ValueError: x", "one"} == set(messages(source()))
    assert (2, 1) == (totals.events, totals.errors)
    assert [today()] == kept_days()


def test_source_of_a_session_is_that_session() -> None:
    """A session's view has its own records only, whatever others write into theirs."""
    mine, other = Session(), Session()
    log_as(mine, "mine")
    log_as(other, "other", note=f'"session":"{mine.id}"', nested={"session": mine.id})
    assert ["mine"] == messages(source(mine))


def test_source_of_a_signed_in_visitor_has_earlier_sessions() -> None:
    """Sessions that the same pseudonym has signed in to are theirs; no other pseudonym's are."""
    before, now, other = Session(), Session(), Session()
    for session, user in ((before, "aaaaaaaaaaaa"), (now, "aaaaaaaaaaaa"), (other, "bbbbbbbbbbbb")):
        fields = {"user": user}
        recorder.emit("info", "session", f"Signed in as {user}", fields, {}, session)
        log_as(session, f"by {user} in {session.id}")
    log_as(other, "Signed in as aaaaaaaaaaaa", user="aaaaaaaaaaaa")
    settle()
    seen = Source(Access(now.id), (today(),), "aaaaaaaaaaaa")
    assert {before.id, now.id} == {record["session"] for record in records(seen)}


def test_source_torn_last_line_is_a_row() -> None:
    """Half a line at the end is counted and shown, and takes nothing with it."""
    log_event("test", "whole")
    append(b'{"ts":"2026-05-19T21:2')
    assert {None, "torn"} == {record.problem for record in records(source())}


def test_source_reads_while_being_written() -> None:
    """Reading at any moment gives whole records only."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            log_event("test", "busy", filler="x" * 2000)
            flush_audit_log(1)

    thread = threading.Thread(target=write)
    thread.start()
    chosen = Filter(days=(today(),))
    try:
        totals = [source().ask(lambda view: view.totals(chosen)) for _ in range(20)]
    finally:
        stop.set()
        thread.join()
    assert [0] * 20 == [each.problems for each in totals]
    assert totals[0].events < totals[-1].events


def test_source_leaves_other_apps_out() -> None:
    """Another app's process in the same folder is named, and shown when asked for."""
    recorder.app = ("shop", None)
    log_event("test", "ours")
    append(BANNER)
    assert ["ours"] == messages(source())
    assert ["bank"] == source().others()
    assert [] == source(Session()).others()
    assert {"ours", "Session started"} == set(messages(source(every_app=True)))


def test_hand_over_of_all_is_the_file() -> None:
    """The whole log's bytes are the file's, the record of the hand-over included."""
    log_event("test", "x")
    data = hand_over(source(), Session())
    assert audit_log_path().read_bytes() == data
    assert b"Handed over the log" in data.splitlines()[-1]
    assert audit_log_path().name == handover.file_name(source())


def test_hand_over_of_a_session_is_its_own_lines() -> None:
    """An extract holds the session's lines byte for byte and no other line."""
    mine, other = Session(), Session()
    log_as(mine, "mine é", odd=[1.50, {"b": 1, "a": 2}])
    log_as(other, "other")
    data = hand_over(source(mine), mine)
    lines = audit_log_path().read_bytes().splitlines(keepends=True)
    assert b"".join([lines[0], lines[2]]) == data
    assert handover.file_name(source(mine)).endswith(f".extract-{mine.id}.jsonl")


def test_hand_over_leaves_out_half_a_line() -> None:
    """A torn line belongs to nobody's extract."""
    mine = Session()
    log_as(mine, "mine")
    append(b'{"ts":"x","session":"' + mine.id.encode())
    data = hand_over(source(mine), mine)
    assert [mine.id.encode() in line for line in data.splitlines()] == [True, True]
    assert b'{"ts":"x"' not in data


def test_hand_over_keeps_half_a_line_of_a_packed_day_by_itself() -> None:
    """What came late stands behind it on a line of its own, as in any log."""
    log_event("test", "x")
    append(b'{"ts":"x"')
    path = audit_log_path()
    path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.write_bytes(b'{"late":1}\n')
    assert [b'{"ts":"x"', b'{"late":1}'] == handover.log_bytes(source()).splitlines()[-2:]


def test_hand_over_of_nothing_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where recording is off and no file exists the hand-over is empty, not an error."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    reset_for_tests()
    assert b"" == hand_over(source(), Session())


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_hand_over_refuses_what_is_no_plain_file(
    log_folder: Path, tmp_path: Path, kind: str
) -> None:
    """What stands in the log's place and is none is neither read nor handed over."""
    log_folder.mkdir()
    secret = tmp_path / "secret"
    secret.write_text("of somebody else")
    if kind == "folder":
        audit_log_path().mkdir()
    else:
        audit_log_path().symlink_to(secret)
    with pytest.raises(LogUnavailableError, match="no plain file"):
        handover.log_bytes(source())


def test_within_gives_up_on_a_hung_disk() -> None:
    """A folder that does not answer is told in one sentence, and only one thread waits for it."""
    gate = threading.Event()
    for _ in range(5):
        with pytest.raises(LogUnavailableError, match="does not answer"):
            within(0.01, gate.wait)
    (waiting,) = [t for t in threading.enumerate() if t.name == "datatools-audit-reader"]
    gate.set()
    waiting.join(30)
    assert 1 == within(30, lambda: 1)


def test_settle_waits_for_a_disk_that_takes_nothing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first drawing waits for it, the next ones do not, until it takes something again."""
    waited: list[float] = []
    answers = iter([False, False, True, False])

    def flush(seconds: float) -> bool:
        waited.append(seconds)
        return next(answers)

    monkeypatch.setattr("streamlit_ext.diagnostics.source.flush_audit_log", flush)
    shared("patience", dict).clear()
    assert [False, False, True, False] == [settle() for _ in range(4)]
    shared("patience", dict).clear()
    assert [1.0, 0.05, 0.05, 1.0] == waited
