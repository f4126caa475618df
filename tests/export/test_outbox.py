"""What waits is sent as the other side has it, and what is said of it is said seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from datatools_audit.export.outage import QUIET_SECONDS, Outage
from datatools_audit.export.outbox import Outbox
from datatools_audit.export.sender import Sent
from tests.export.receiver import until

if TYPE_CHECKING:
    from collections.abc import Sequence


class Answering:
    """A sender that answers what it is given to answer, and then takes all."""

    def __init__(self, *answers: Sent) -> None:
        self.answers = list(answers)

    def prepare(self, items: Sequence[Any]) -> tuple[Sent, Any]:
        return Sent(), items

    def send(self, prepared: Any) -> Sent:
        return self.answers.pop(0) if self.answers else Sent(taken=len(prepared))

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("asked", "pauses"), [(0.0, [0.5, 1.0, 2.0]), (1.5, [1.5, 1.5, 2.0]), (60.0, [60.0] * 3)]
)
def test_outbox_pause_grows_whatever_is_asked(
    asked: float, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Retry-After: 0` is no leave to ask without end."""
    paused: list[float] = []

    def pause(_self: object, seconds: float, *, was_hurried: bool) -> bool:
        paused.append(seconds)
        return was_hurried

    monkeypatch.setattr(Outbox, "_pause", pause)
    sender = Answering(*[Sent(error="busy", pause_seconds=asked)] * 3)
    outbox = Outbox[bytes](lambda: sender, 10, 1_000, lambda _level, _sentence: None)
    outbox.begin()
    outbox.offer([b"one"])
    until(lambda: outbox.stats().sent == 1)
    outbox.close(5)
    assert pauses == paused


def test_outage_is_told_with_its_end() -> None:
    """How long it was; what is neither an error nor taken ends nothing."""
    told: list[tuple[str, str]] = []
    now = [10.0]
    outage = Outage(
        "records", lambda level, sentence: told.append((level, sentence)), lambda: now[0]
    )
    for sent in (Sent(error="HTTP 503"), Sent(error="HTTP 503"), Sent()):
        outage.heed(sent)
    now[0] += 7
    for sent in (Sent(taken=3), Sent(taken=3)):
        outage.heed(sent)
    assert [
        ("warning", "records cannot be exported: HTTP 503"),
        ("info", "records are exported again after 7.0 s"),
    ] == told


def test_outage_every_other_time_is_told_seldom() -> None:
    """What is told is sent, too: it must not make the next failure that is to be told."""
    told: list[str] = []
    now = [0.0]
    outage = Outage("records", lambda _level, sentence: told.append(sentence), lambda: now[0])
    for _ in range(100):
        outage.heed(Sent(refused=1, error="HTTP 404"))
        now[0] += QUIET_SECONDS / 1_000
        outage.heed(Sent(taken=1))
    assert 2 == len(told)
    outage.heed(Sent(refused=1, error="HTTP 404"))
    now[0] += QUIET_SECONDS
    outage.heed(Sent(refused=1, error="HTTP 404"))
    outage.heed(Sent(taken=1))
    assert ["records are exported again after 300.0 s"] == told[3:]
