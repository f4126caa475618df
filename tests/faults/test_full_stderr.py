"""A stderr that nobody reads: a pipe that is full, into which a write would wait for ever."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from datatools_audit import audit_stats, flush_audit_log, log_event
from datatools_audit.recorder import recorder
from datatools_audit.stderr import say
from tests.faults.helpers import quick_pauses, records_in
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def full_stderr() -> Iterator[int]:
    """Put a full pipe in stderr's place; give the end from which it can be read.

    No fixture: pytest puts its own stderr in place between a fixture and its test.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writer, b"x" * 4096):
            pass
    os.set_blocking(writer, True)
    stream = open(writer, "w", buffering=1, encoding="utf-8")  # noqa: PTH123, SIM115 -- no path
    with stream, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        yield reader
        assert sys.stderr is stream
    os.close(reader)


def test_full_stderr_holds_nobody(monkeypatch: pytest.MonkeyPatch, log_folder: Path) -> None:
    """An outage that cannot be told ends all the same, and loses nothing."""
    quick_pauses(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(log_folder))
    log_folder.parent.mkdir(parents=True, exist_ok=True)
    log_folder.touch()
    with full_stderr() as told:
        log_event("test", "m", n=1)
        assert not flush_audit_log(0.2)
        assert audit_stats().failed_writes > 0
        log_folder.unlink()
        assert flush_audit_log(LIMIT)
        assert b"[audit]" not in os.read(told, 1 << 20)
    assert [1] == [r["n"] for r in records_in(log_folder) if r["category"] == "test"]


def test_full_stderr_holds_no_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is lost at the end is not told where it would hold the process up."""
    monkeypatch.setattr(recorder.writer, "finish", lambda _seconds: False)
    with full_stderr() as told:
        assert not recorder.drain()
        assert b"[audit]" not in os.read(told, 1 << 20)


def test_stderr_that_is_read_again_is_told_again() -> None:
    """Each line looks anew; a long one is cut to what a pipe takes whole."""
    with full_stderr() as told:
        say("unheard")
        os.read(told, 1 << 20)
        say("ü" * 5_000)
        assert f"[audit] {'ü' * 1_000}\n" == os.read(told, 1 << 20).decode()
