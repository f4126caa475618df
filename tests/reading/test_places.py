"""Places come back as they were put."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.reading.places import Places

PLACES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3) | st.integers(0, 1 << 40)))


@given(PLACES, st.integers(0, 9))
def test_places_give_the_last_ones_back(added: list[tuple[int, int]], most: int) -> None:
    """In any order, of any files, however far apart; and no more than are asked for."""
    places = Places()
    for file, offset in added:
        places.add(file, offset)
    assert len(added) == len(places)
    assert added == list(places.newest(len(added)))
    assert added[max(0, len(added) - most) :] == list(places.newest(most))


def test_places_take_four_bytes_for_a_line() -> None:
    """A hundred thousand lines of a file are one run."""
    places = Places()
    for number in range(100_000):
        places.add(0, number * 200)
    assert 1 == len(places._runs)
    assert 4 == places._steps.itemsize
