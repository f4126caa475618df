"""Tests of the numbers of records, kept as ranges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from datatools_audit.reading.numbers import Numbers, size, without

numbers = some.lists(some.integers(1, 60), min_size=1)


def expand(spans: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


@given(numbers)
def test_numbers_in_any_order_are_those_of_a_set(added: list[int]) -> None:
    """Gaps, doubles and ends are what a plain set has."""
    found = Numbers()
    for number in added:
        found.add(number)
    whole = set(added)
    assert (min(whole), max(whole)) == found.span
    assert set(range(min(whole), max(whole) + 1)) - whole == expand(found.gaps())
    assert (len(added), len(added) - len(whole)) == (found.count, found.doubled)


spans = some.lists(
    some.tuples(some.integers(1, 60), some.integers(0, 9)).map(lambda s: (s[0], sum(s)))
)


@given(numbers, spans)
def test_numbers_without_others(added: list[int], taken: list[tuple[int, int]]) -> None:
    """What is left of the gaps is what neither is there nor told."""
    found = Numbers()
    for number in added:
        found.add(number)
    left = without(found.gaps(), taken)
    assert expand(found.gaps()) - expand(taken) == expand(left)
    assert len(expand(left)) == size(left)
