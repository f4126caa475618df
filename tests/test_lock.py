"""A lock is free again whatever a signal handler raises, and wherever."""

from __future__ import annotations

import threading

from datatools_audit.export.outbox import Outbox
from datatools_audit.lock import Lock
from tests.helpers import LIMIT, interruptions

ROUNDS = 2_000


def is_free(lock: Lock) -> bool:
    """Tell whether another thread can have it."""
    got: list[bool] = []

    def attempt() -> None:
        got.append(lock.acquire(blocking=False))
        if got[0]:
            lock.release()

    other = threading.Thread(target=attempt)
    other.start()
    other.join(LIMIT)
    return got[0]


def test_lock_is_left_by_whatever_is_raised() -> None:
    """Raised while it is taken, held or given back; who had it before has it still."""
    lock, outer = Lock(), Lock()

    def work() -> None:
        with lock:
            pass
        with outer:
            pass

    with outer:
        for _ in interruptions(work, ROUNDS):
            assert is_free(lock)
            assert not is_free(outer)
    assert is_free(outer)


def test_lock_of_the_export_is_left_too() -> None:
    """Ctrl-C amid a look at the counters keeps nothing from being offered."""
    outbox = Outbox[bytes](lambda: None, 10, 1_000, lambda *_: None)  # type: ignore[arg-type, return-value]
    for _ in interruptions(outbox.stats, ROUNDS):
        assert is_free(outbox._lock)
