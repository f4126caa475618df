"""A lock is free again whatever a signal handler raises, and wherever."""

from __future__ import annotations

import random
import signal
import threading

from datatools_audit.lock import Lock

ROUNDS = 2_000


class Stop(BaseException):
    """What the handler raises."""


def test_lock_is_left_by_whatever_is_raised() -> None:
    """Raised while it is taken, held or given back, also by who has it already."""
    chance, lock, outer, armed = random.Random(1), Lock(), Lock(), False

    def stop(*_: object) -> None:
        if armed:
            raise Stop

    def work() -> None:
        while True:
            with lock:
                pass
            with outer:
                pass

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with outer:
            for _ in range(ROUNDS):
                try:
                    armed = True
                    signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 5e-5), 0.05)
                    work()
                except Stop:
                    armed = False
                assert not held_by_this_thread(lock)
                assert held_by_this_thread(outer)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not held_by_this_thread(outer)


def held_by_this_thread(lock: Lock) -> bool:
    """Tell whether another thread cannot have it."""
    got: list[bool] = []

    def attempt() -> None:
        got.append(lock.acquire(blocking=False))
        if got[0]:
            lock.release()

    other = threading.Thread(target=attempt)
    other.start()
    other.join()
    return not got[0]
