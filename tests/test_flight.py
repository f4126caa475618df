"""The flight recorder finds a place for its ring, keeps it, and says why where it cannot."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from datatools_audit import AuditConfig, audit_stats, configure, flush_audit_log, log_event
from datatools_audit.recorder import recorder
from datatools_audit.writer import ring as ring_module
from datatools_audit.writer import ringfile
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Give a function after which only so many bytes can be had; it counts the refusals."""

    def refuse(most: int, *, on_disk: bool) -> list[int]:
        real, refused = ring_module._reserve, []

        def reserve(handle: int, start: int, size: int) -> None:
            in_memory = Path(f"/proc/self/fd/{handle}").readlink().parent == ringfile.SHARED_MEMORY
            if (in_memory or on_disk) and start + size > most:
                refused.append(size)
                raise FULL
            real(handle, start, size)

        monkeypatch.setattr(ring_module, "_reserve", reserve)
        return refused

    return refuse


def ring_of_now() -> Any:
    return recorder.writer.queue.ring


def log_and_flush(*numbers: int) -> None:
    for n in numbers:
        log_event("test", "m", n=n)
    assert flush_audit_log(LIMIT)


def logged() -> list[object]:
    return [r["n"] for r in written_records() if r["category"] == "test"]


def test_flight_recorder_lies_in_shared_memory(log_folder: Path) -> None:
    """At the first event, and as long as the process lives."""
    log_and_flush(1)
    path = ring_of_now().path
    assert (ringfile.SHARED_MEMORY, True, "on") == (
        path.parent,
        path.exists(),
        audit_stats().flight_recorder,
    )


@pytest.mark.parametrize("most", [0, 2 << 20], ids=["none", "a part"])
def test_flight_recorder_without_room_in_memory_lies_in_the_temporary_folder(
    most: int, no_room: Callable[..., list[int]], temporary: Path, log_folder: Path
) -> None:
    """Also where there is room for a part of the ring only; no line is lost on the way."""
    refused = no_room(most, on_disk=False)
    log_and_flush(1, 2)
    ring = ring_of_now()
    assert refused
    assert (ringfile.own_folder(), "on") == (ring.path.parent, audit_stats().flight_recorder)
    assert temporary in ring.path.parents
    assert [1, 2] == logged()
    opened = [p for p in ringfile.find(ringfile.SHARED_MEMORY) if recorder.proc in p.name]
    assert [] == opened


@pytest.mark.parametrize("most", [0, 2 << 20], ids=["none", "a part"])
def test_flight_recorder_without_room_anywhere_is_off_and_says_why(
    most: int, no_room: Callable[..., list[int]], log_folder: Path
) -> None:
    """The lines lie in plain memory, and none is lost."""
    refused = no_room(most, on_disk=True)
    log_and_flush(1, 2)
    assert refused
    assert (None, f"OSError: {FULL}") == (ring_of_now().path, audit_stats().flight_recorder)
    assert [1, 2] == logged()


def test_flight_recorder_whose_ring_is_removed_makes_another(log_folder: Path) -> None:
    """The worker sees it with the next batch: what comes then outlives the process again."""
    log_and_flush(1)
    first = ring_of_now().path
    first.unlink()
    log_and_flush(2)
    log_and_flush(3)
    second = ring_of_now().path
    assert (True, True, "on") == (
        second != first,
        second.exists(),
        audit_stats().flight_recorder,
    )
    assert [1, 2, 3] == logged()


def test_flight_recorder_switched_off_and_on_again(log_folder: Path) -> None:
    """`configure` moves what waits from one place to the other."""
    configure(AuditConfig(flight_recorder=False))
    log_and_flush(1)
    assert (None, "switched off") == (ring_of_now().path, audit_stats().flight_recorder)
    configure(AuditConfig(flight_recorder=True))
    log_and_flush(2)
    path = ring_of_now().path
    assert (True, "on") == (path.exists(), audit_stats().flight_recorder)
    configure(AuditConfig(flight_recorder=False))
    log_and_flush(3)
    assert (False, "switched off") == (path.exists(), audit_stats().flight_recorder)
    assert [1, 2, 3] == logged()


@pytest.mark.parametrize("room", ["enough", "none in memory"])
def test_flight_recorder_switched_off_while_the_worker_prepares_it_stays_off(
    room: str,
    no_room: Callable[..., list[int]],
    log_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last word is `configure`'s, whatever the worker has just found."""
    if room != "enough":
        no_room(0, on_disk=False)
    make_ready, acts = ring_module.FlightRing.make_ready, [AuditConfig(flight_recorder=False)]

    def amid_which_it_is_switched_off(ring: ring_module.FlightRing, end: int) -> bool:
        if end == ring_module.EVERYTHING and acts:
            configure(acts.pop())
        return make_ready(ring, end)

    monkeypatch.setattr(ring_module.FlightRing, "make_ready", amid_which_it_is_switched_off)
    log_and_flush(1, 2)
    assert [] == acts
    log_and_flush(3)
    assert (None, "switched off") == (ring_of_now().path, audit_stats().flight_recorder)
    places = [ringfile.SHARED_MEMORY, ringfile.own_folder()]
    left = [each for place in places for each in ringfile.find(place) if recorder.proc in each.name]
    assert [] == left
    assert [1, 2, 3] == logged()
