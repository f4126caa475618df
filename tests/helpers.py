"""Small stand-ins and shortcuts that several tests share."""

from __future__ import annotations

import json
import random
import signal
import threading
from typing import TYPE_CHECKING

import datatools_audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LIMIT = 120
"""Seconds after which a test takes what it waits for to hang; a busy machine needs some."""


def written_records() -> list[dict[str, object]]:
    """Flush, and return the records of today's log, each line parsed as strict JSON."""
    assert datatools_audit.flush_audit_log(LIMIT)
    path = datatools_audit.audit_log_path()
    if not path.exists():
        return []
    return [strict_json(line) for line in path.read_bytes().splitlines(keepends=True)]


def strict_json(line: bytes) -> dict[str, object]:
    """Parse a line as JSON without Python's own NaN and infinities."""

    def refuse(constant: str) -> object:
        raise ValueError(f"{constant} is not JSON")

    assert line.endswith(b"\n")
    parsed = json.loads(line.decode("utf-8"), parse_constant=refuse)
    assert isinstance(parsed, dict)
    return parsed


class MemorySink:
    """A sink that keeps lines, fails when told to and blocks until released."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.errors: list[BaseException] = []
        self.calls = 0
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def block(self) -> None:
        """Let the next append wait for ``release``."""
        self.entered.clear()
        self.gate.clear()

    def release(self) -> None:
        """Let a waiting append go on."""
        self.gate.set()

    def close(self) -> None:
        """Nothing is left to close."""

    def append(self, lines: Sequence[bytes]) -> int:
        self.calls += 1
        taken = list(lines)
        self.entered.set()
        assert self.gate.wait(30)
        if self.errors:
            raise self.errors.pop(0)
        self.lines += taken
        return len(taken)


class Interruption(BaseException):
    """What a signal handler raises, as Ctrl-C does."""


def interruptions(work: Callable[[], object], rounds: int) -> Iterator[None]:
    """Do work again and again; yield behind each time that a signal handler has raised amid it."""
    chance, armed = random.Random(1), False

    def stop(*_: object) -> None:
        if armed:
            raise Interruption

    before = signal.signal(signal.SIGALRM, stop)
    try:
        for _ in range(rounds):
            try:
                armed = True
                # Again later: Python drops what is raised within a weak reference's callback.
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 5e-5), 0.05)
                while True:
                    work()
            except Interruption:
                armed = False
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
