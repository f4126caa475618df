"""Runs of the script: their start, their end, and those that do not end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from datatools_audit._process import shared
from datatools_audit.context import new_id
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from datatools_audit.watchdog import Work
from streamlit_ext._compat import drawn_fragments, present_runner
from streamlit_ext._patch import observers
from streamlit_ext.hooks.pages import hear_present_page
from streamlit_ext.page import record_once
from streamlit_ext.session import enter_run, leave_run, runs_of_threads

HOOK = "runs"
_TICKS = "ticks"
_OUTCOMES = {
    "SCRIPT_STOPPED_WITH_SUCCESS": "ok",
    "FRAGMENT_STOPPED_WITH_SUCCESS": "ok",
    "SCRIPT_STOPPED_FOR_RERUN": "interrupted",
    "SCRIPT_STOPPED_WITH_COMPILE_ERROR": "error",
    "SHUTDOWN": "interrupted",
}


@dataclass(slots=True)
class Run:
    """One run of a script or of fragments of it.

    Attributes:
        work: What the watchdog looks after; it has the session.
        is_told: Whether its start is on record.
        failed: Whether an exception has left the app's code.
    """

    work: Work
    is_told: bool = False
    failed: bool = False


def hear_runner(_none: None, runner: Any, *_: Any, **__: Any) -> None:
    """Listen to a new runner of scripts."""
    runner.on_event.connect(_hear_event, weak=False)


def hear_present_runner() -> None:
    """Listen to the runner of this very thread, which was there before its hook."""
    runner = present_runner()
    if runner is not None and threading.get_ident() not in _runs():
        runner.on_event.connect(_hear_event, weak=False)
        _begin([])


def tell_start() -> None:
    """Have the start of this thread's run on record: somebody has done something in it."""
    run = _runs().get(threading.get_ident())
    if run is not None:
        run.work.session.memory.pop(_TICKS, None)
        _tell_start(run)


def hush_fragments() -> None:
    """Have the fragments that this run has drawn so far rerun without a record.

    They are ours: what somebody looks at on the Diagnostics page is not recorded.
    """
    run = _runs().get(threading.get_ident())
    if run is not None:
        ticks: set[str] = run.work.session.memory.setdefault(_TICKS, set())
        ticks.update(drawn_fragments())


def mark_failed() -> None:
    """Remember of this thread's run that an exception has left the app's code."""
    run = _runs().get(threading.get_ident())
    if run is not None:
        run.failed = True


def forget_runs() -> None:
    """Nothing is told of the runs that are under way: nobody will hear their end."""
    for run in list(_runs().values()):
        recorder.watchdog.close(run.work)
    _runs().clear()
    runs_of_threads.clear()


def _hear_event(_sender: object, event: Any = None, **told: Any) -> None:
    """Take one of the runner's events, on the script's thread; most are about elements."""
    if "forward_msg" in told or HOOK not in observers():
        return
    with guard("hook runs"):
        if event.name == "SCRIPT_STARTED":
            _begin(told.get("fragment_ids_this_run") or [])
        elif event.name in _OUTCOMES:
            if isinstance(told.get("exception"), Exception):
                record_once("Cannot compile", told["exception"])
            _end(_OUTCOMES[event.name])


def _runs() -> dict[int, Run]:
    return shared("runs", dict[int, Run])


def _begin(fragments: list[str]) -> None:
    session = enter_run()
    if session is None or session.muted or not recorder.records("no-events"):
        return
    ids: dict[str, object] = {"run_id": new_id()}
    if fragments:
        ids["fragments"] = len(fragments)
    run = Run(Work("A run", session, ids, recorder.config.hang_seconds))
    _runs()[threading.get_ident()] = run
    recorder.watchdog.open(run.work)
    ticks: set[str] = session.memory.setdefault(_TICKS, set())
    if fragments and ticks.issuperset(fragments):
        return  # the same fragment once more and nobody has done anything, as by `run_every`
    if fragments:
        ticks.update(fragments)
    else:
        ticks.clear()
    _tell_start(run)


def _tell_start(run: Run) -> None:
    if not run.is_told:
        run.is_told = True
        fields = {"phase": "start", **run.work.ids}
        recorder.emit("debug", "run", "Run started", fields, {}, run.work.session)


def _end(outcome: str) -> None:
    leave_run()
    run = _runs().pop(threading.get_ident(), None)
    if run is None:
        return
    recorder.watchdog.close(run.work)
    hear_present_page(is_over=True)
    if not run.is_told and not run.work.told:
        return
    if run.failed:
        outcome = "error"
    duration_ms = round((time.monotonic() - run.work.began) * 1000, 3)
    fields = {"phase": "end", **run.work.ids, "outcome": outcome, "duration_ms": duration_ms}
    level = "info" if run.work.told else "debug"
    recorder.emit(level, "run", f"Run ended: {outcome}", fields, {}, run.work.session)
