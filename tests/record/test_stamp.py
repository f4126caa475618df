"""The text of a moment."""

from __future__ import annotations

import time

import pytest

from datatools_audit.record.stamp import Stamps


def stamp_text(millisecond: int) -> str:
    """Return the text of a moment by the clock."""
    return Stamps(lambda: millisecond * 1_000_000)()


@pytest.mark.parametrize(
    ("millisecond", "expected"),
    [
        (0, "1970-01-01T00:00:00.000+00:00"),
        (-1, "1969-12-31T23:59:59.999+00:00"),
        (1_779_225_767_123, "2026-05-19T21:22:47.123+00:00"),
        (1_798_761_599_999, "2026-12-31T23:59:59.999+00:00"),
        (1_709_164_800_007, "2024-02-29T00:00:00.007+00:00"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999+00:00"),
    ],
)
def test_stamp_is_rfc_3339_in_utc(millisecond: int, expected: str) -> None:
    """A moment is written in UTC with milliseconds and the offset ``+00:00``."""
    assert expected == stamp_text(millisecond)


def test_stamp_does_not_depend_on_the_local_zone() -> None:
    """The zone of the machine changes no ``ts``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "<+0545>-5:45")
        time.tzset()
        found = stamp_text(0)
    time.tzset()
    assert found == "1970-01-01T00:00:00.000+00:00"


def test_stamps_follow_theclock() -> None:
    """Each call asks the clock, backwards too, and cuts to the millisecond."""
    moments = iter([0, 999_999, 1_000_000, 1_999_999, 500, 2_000_000])
    stamps = Stamps(lambda: next(moments))
    assert [stamps()[20:23] for _ in range(6)] == ["000", "000", "001", "001", "000", "002"]


def test_stamps_sort_as_time_does() -> None:
    """Texts compare as their moments do, across days and years."""
    moments = [0, 999, 1000, 86_399_999, 86_400_000, 31_536_000_000, 1_779_225_767_123]
    texts = [stamp_text(moment) for moment in moments]
    assert sorted(texts) == texts


def test_stamps_take_the_system_clock() -> None:
    """Without a clock of its own it is the system's."""
    assert Stamps().clock is time.time_ns
    assert len(Stamps()()) == len(stamp_text(0))
