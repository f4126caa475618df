"""Events in memory: all of them, nothing else, and everything as it was behind it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit as audit
from datatools_audit import AuditConfig, audit_action, log_event
from datatools_audit._process import _HOLDER, shared
from datatools_audit.context import Session
from datatools_audit.recorder import recorder
from datatools_audit.redaction.rule import Redaction, Rule
from datatools_audit.testing import CapturedEvents, capture_events
from datatools_audit.testing.capture import EMPTY_AT_FIRST
from datatools_audit.watchdog import Work
from datatools_audit.writer.ring import own_rings
from streamlit_ext.instrumentation import Instrumentation
from tests.helpers import MemorySink, written_records
from tests.streamlit_ext.conftest import originals, patchable

__all__ = ["originals"]


def shop() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(app="shop", values="choices")
    st.selectbox("Country", ["AT", "DE"])
    if st.button("Break"):
        raise LookupError("broken")


def plain() -> None:
    import streamlit as st

    st.button("Press")


def state() -> dict[str, object]:
    """Return what the recorder is at this moment, and what the process knows besides."""
    known = vars(__import__(_HOLDER))
    holder = {name: dict(known[name]) for name in EMPTY_AT_FIRST if known.get(name)}
    environment = {k: v for k, v in os.environ.items() if k.startswith("DATATOOLS")}
    return {**vars(recorder), "holder": holder, "environment": environment, **patchable()}


def test_capture_has_the_record_that_the_file_would_have() -> None:
    """Every field in its order and form, secrets out of the text, a foreign value as its type."""

    def log() -> None:
        try:
            raise ValueError("password=hunter22")
        except ValueError as error:
            audit.log_exception("Reading", error, rows=3, where_from=Path("a.csv"), odd=object())

    with capture_events() as events:
        log()
    log()
    (written,) = written_records()
    assert list(written) == list(events[0])
    vary = {"ts", "session", "proc"}
    assert {k: v for k, v in written.items() if k not in vary} == {
        k: v for k, v in events[0].items() if k not in vary
    }
    assert "hunter22" not in str(events[0])


def test_capture_leaves_no_file_and_no_thread(log_folder: Path) -> None:
    """Neither a log, nor a ring in shared memory, nor the watchdog of an open action."""
    threads = threading.enumerate()
    with capture_events() as events:
        audit_action("left open").__enter__()
        log_event("test", "said")
        assert audit.flush_audit_log(0)
        folder = audit.audit_log_dir()
        assert not folder.exists()
    assert ["left open started", "said"] == events.messages()
    assert (threads, set(), False) == (threading.enumerate(), own_rings(), log_folder.exists())


def test_capture_sends_nothing_anywhere() -> None:
    """An app that exports its records does not in a test, and no thread for it begins."""
    with capture_events() as events:
        audit.configure(AuditConfig(export="otlp"))
        log_event("test", "said")
        assert (False, ["said"]) == (recorder.exporter.is_on, events.messages())


def test_capture_restores_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, counters, ids, rules, variables, hooks: as in a process without a capture."""
    monkeypatch.setenv("DATATOOLS_AUDIT_VALUES", "all")
    audit.configure(AuditConfig(hang_seconds=7))
    log_event("test", "before")
    written_records()
    disposition = signal.getsignal(signal.SIGTERM)
    before = state()
    stats = audit.audit_stats()
    with capture_events():
        audit.configure(
            AuditConfig(identity=True), redaction=Redaction(rules=(Rule("zorro", "Zorro"),))
        )
        os.environ["DATATOOLS_AUDIT_VALUES"] = os.environ["DATATOOLS_AUDIT_TRACE"] = "shape"
        AppTest.from_function(shop).run()
        audit.reset_for_tests()
        log_event("test", "inside")
    assert before == state()
    assert (stats, disposition) == (audit.audit_stats(), signal.getsignal(signal.SIGTERM))
    log_event("test", "behind")
    assert ["before", "behind"] == [record["message"] for record in written_records()]
    assert [1, 2] == [record["seq"] for record in written_records()]


def test_capture_gives_sigterm_back() -> None:
    """What a configuration in the block has taken of the interpreter is free behind it."""
    assert signal.SIG_DFL is signal.getsignal(signal.SIGTERM)
    with capture_events():
        audit.configure(AuditConfig(hang_seconds=7))
        assert signal.SIG_DFL is not signal.getsignal(signal.SIGTERM)
    assert signal.SIG_DFL is signal.getsignal(signal.SIGTERM)


def test_capture_ends_who_listens_in_it() -> None:
    """A listener of the block hears nothing behind it; one of before goes on."""
    before: list[bytes] = []
    inside: list[bytes] = []
    recorder.listen(before.append)
    with capture_events():
        recorder.listen(inside.append)
        log_event("test", "1")
    log_event("test", "2")
    assert (2, 1) == (len(before), len(inside))
    recorder.listen(inside.append)
    log_event("test", "3")
    assert (3, 2) == (len(before), len(inside))


def test_capture_is_left_alone_by_the_real_recorders_threads(log_folder: Path) -> None:
    """Its worker tends no folder, and its watchdog tells nothing, while it is set aside."""
    log_event("test", "real")
    assert audit.flush_audit_log(10)
    rings = set(own_rings())
    with capture_events() as events:
        recorder.tending.tend()
        recorder.tending.begin()
        recorder._tell_hang(Work("real", Session(), {}, 0), None)
        assert (rings, False) == (own_rings(), audit.audit_log_dir().exists())
    assert [] == list(events)


def test_capture_restores_after_an_error() -> None:
    """What the block raises travels on, and the recorder is the real one again."""

    def interrupted() -> None:
        log_event("test", "inside")
        raise KeyboardInterrupt

    before = state()
    with pytest.raises(KeyboardInterrupt), capture_events() as events:
        interrupted()
    assert (before, ["inside"]) == (state(), events.messages())


def test_capture_begins_without_what_stood_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither settings nor variables of outside count, nor is anybody on a page or in an action."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    audit.configure(AuditConfig(enabled=False))
    audit.log_page_open("outside")
    with audit_action("outside"), capture_events() as events, audit_action("inside"):
        log_event("test", "said")
    assert ["inside started", "said"] == events.messages()[:2]
    assert (None, False) == (events[0]["parent_id"], "page" in events[1])


@pytest.mark.parametrize("before", [True, False])
def test_capture_hears_its_own_app_only(*, before: bool) -> None:
    """Hooks that an earlier app has put in are out, those of an app in the block go with it."""
    if before:
        AppTest.from_function(shop).run()
        written_records()
    with capture_events() as events:
        AppTest.from_function(plain).run().button[0].click().run()
        assert [] == list(events)
        AppTest.from_function(shop).run().selectbox[0].select("DE").run()
        assert ["Changed Country"] == events.messages("widget")
    hooks = shared("instrumentation", Instrumentation)
    assert before == any(hook.active for hook in hooks.status().values())
    count = len(written_records())
    AppTest.from_function(plain).run().button[0].click().run()
    assert before == (len(written_records()) > count)


def test_capture_puts_hooks_back_that_were_taken_out() -> None:
    """An app that was heard before is heard behind a capture in which somebody uninstrumented."""
    AppTest.from_function(shop).run()
    hooks = shared("instrumentation", Instrumentation)
    status = hooks.status()
    with capture_events():
        hooks.uninstrument()
        assert status != hooks.status()
    assert status == hooks.status()
    AppTest.from_function(plain).run().button[0].click().run()
    assert "Clicked Press" in [record["message"] for record in written_records()]


def test_capture_hears_threads_and_tasks() -> None:
    """It is the process's: of a thousand events none is lost, none is there twice."""

    async def log(number: int) -> None:
        async with audit_action("task", number=number):
            await asyncio.sleep(0)

    with capture_events() as events:
        threads = [
            threading.Thread(target=lambda: [log_event("test", "x") for _ in range(250)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        async def all_of_them() -> None:
            await asyncio.gather(*map(log, range(10)))

        asyncio.run(all_of_them())
        stats = audit.audit_stats()
    assert 1000 == len(events.matching(category="test"))
    assert sorted(range(10)) == sorted(r["number"] for r in events.matching(phase="end"))
    assert set(range(1, 1021)) == {record["seq"] for record in events}
    assert (1020, 1020, 0) == (stats.queued, stats.written, stats.dropped)


def test_capture_may_be_nested() -> None:
    """The inner one hears all, and the outer one goes on behind it."""
    with capture_events() as outer:
        log_event("test", "1")
        with capture_events() as inner:
            log_event("test", "2")
        log_event("test", "3")
    assert (["1", "3"], ["2"]) == (outer.messages(), inner.messages())


def test_capture_that_ends_before_an_inner_one_hurts_nobody() -> None:
    """Two threads may capture at once: all is put back when the last has ended."""
    before = state()
    outer, inner = capture_events(), capture_events()
    first = outer.__enter__()
    second = inner.__enter__()
    outer.__exit__(None, None, None)
    log_event("test", "1")
    inner.__exit__(None, None, None)
    assert ([], ["1"], before) == (first.messages(), second.messages(), state())


def test_capture_is_not_hurt_by_an_action_of_an_earlier_one() -> None:
    """What was open in one capture ends in none, be it in this thread or in another."""
    left = audit_action("left open")
    go_on, done = threading.Event(), threading.Event()

    def work() -> None:
        with audit_action("work"):
            done.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=work)
    with capture_events() as first:
        left.__enter__()
        thread.start()
        assert done.wait(10)
    with capture_events() as second:
        go_on.set()
        thread.join()
        left.__exit__(None, None, None)
        log_event("test", "said")
    assert (["said"], 2) == (second.messages(), len(first))
    assert [] == written_records()


def test_capture_does_not_hear_an_action_begun_before_it() -> None:
    """Whose end is that of somebody else's work; nor is it lost for good who worked."""
    go_on, begun = threading.Event(), threading.Event()

    def work() -> None:
        with audit_action("work"):
            begun.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(10)
    with capture_events() as events:
        go_on.set()
        thread.join()
    assert [] == list(events)
    log_event("test", "behind")
    assert ["work started", "behind"] == [record["message"] for record in written_records()]


def test_capture_beside_a_log_that_cannot_be_written(log_folder: Path) -> None:
    """As where a machine that runs tests has no home folder: it waits for the log's own time."""
    log_folder.parent.mkdir(exist_ok=True)
    log_folder.write_text("a file in the folder's place")
    log_event("test", "before")
    with capture_events() as events:
        log_event("test", "inside")
    assert ["inside"] == events.messages()
    log_folder.unlink()
    log_event("test", "behind")
    assert audit.flush_audit_log(10)
    found = [record["message"] for record in written_records() if record["category"] == "test"]
    assert ["before", "behind"] == found


def test_capture_beside_a_disk_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs in the disk lands where it belongs, and what waits behind it too."""
    monkeypatch.setattr("datatools_audit.testing.capture._FLUSH_SECONDS", 0.05)
    sink = MemorySink()
    monkeypatch.setattr(recorder, "_sink", sink)
    audit.reset_for_tests()
    sink.block()
    log_event("test", "stuck")
    with capture_events() as events:
        log_event("test", "inside")
    sink.release()
    assert audit.flush_audit_log(10)
    written = [json.loads(line)["message"] for line in sink.lines]
    assert (["inside"], ["stuck"]) == (events.messages(), written)


def test_capture_keeps_the_worker_from_writing_elsewhere(log_folder: Path) -> None:
    """The folder of the captured app is none of the recorder's that is aside."""
    spool = recorder.writer.sink
    with capture_events(), pytest.raises(OSError, match="set the recorder aside"):
        spool.append([b'{"ts":"2026-05-19T21:22:47.123+00:00"}\n'])
    assert not log_folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("leaves", [True, False])
def test_capture_in_the_child_of_a_fork(log_folder: Path, *, leaves: bool) -> None:
    """The child's events are no file's while the capture lasts, and a process of its own behind."""
    capture = capture_events()
    events = capture.__enter__()
    pid = os.fork()
    if pid == 0:
        log_event("test", "of the child")
        if leaves:
            capture.__exit__(None, None, None)
            log_event("test", "behind")
            audit.flush_audit_log(10)
            recorder.drain()
        os._exit(0)
    os.waitpid(pid, 0)
    capture.__exit__(None, None, None)
    assert ([], leaves) == (list(events), log_folder.exists())
    found = written_records()
    assert (["behind"] if leaves else []) == [record["message"] for record in found]
    assert recorder.proc not in [record["proc"] for record in found]


def test_capture_hears_what_follows_a_reset() -> None:
    """An app's test that starts clean within is heard on."""
    with capture_events() as events:
        log_event("test", "1")
        audit.reset_for_tests()
        log_event("test", "2")
    assert ["1", "2"] == events.messages()


def test_capture_says_on_stderr_what_the_log_would(capfd: pytest.CaptureFixture[str]) -> None:
    """A setting that cannot be used is told at once."""
    with capture_events():
        os.environ["DATATOOLS_AUDIT_PROBE"] = "bogus"
        log_event("test", "said")
    assert "bogus" in capfd.readouterr().err


def test_capture_knows_all_that_the_process_knows() -> None:
    """What is shared in the process is put aside, or stands here as what may stay."""
    AppTest.from_function(shop).run()
    written_records()
    stays = {"recorder", "action", "instrumentation", "rings", "stores", "crash dump", "captures"}
    stays |= {"built-in redaction", "waiting for a key", "key lock", "recent lines"}
    stays |= {"patience", "overdue readers"}  # of folders that hang, by their path
    stays |= {"exporters"}  # asked at a fork and at the end of the process, each for itself
    found = {name for name in vars(__import__(_HOLDER)) if not name.startswith("__")}
    assert set() == found - stays - set(EMPTY_AT_FIRST)


def test_captured_events_stay_behind_the_capture() -> None:
    """What was captured can be asked for when the block is over."""
    with capture_events() as events:
        log_event("test", "said")
    assert isinstance(events, CapturedEvents)
    assert "said" == events.one()["message"]
    events.none(category="error")
