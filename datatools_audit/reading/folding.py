"""Drafts that repeat, alone or as a block of several, become one each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.reading.drafts import Draft

    Group = list[Draft]

WITHIN_SECONDS = 60.0
MOST_IN_A_BLOCK = 12
_DEEDS = frozenset({"widget", "nav", "upload", "download", "report"})


def folded(drafts: Iterable[Draft]) -> list[Group]:
    """Return the drafts in groups: those of a group are one step.

    First equal ones in a row are put together, then blocks of two that repeat, and so on up to
    blocks of twelve: of a block that is there three times each step stands for three. A block
    repeats where each of its steps is the same again, at the same depth, and no more than a
    minute lies before any of them. Each draft is in one group; the order is that of the first
    one of each group.

    A block begins with what a person did, if it has such a thing, and ends before what lies
    deeper, so that nothing is told of another step than it belongs to.
    """
    groups = [[draft] for draft in drafts]
    for length in range(1, MOST_IN_A_BLOCK + 1):
        groups = _blocks_folded(groups, length)
    return groups


def _blocks_folded(groups: list[Group], length: int) -> list[Group]:
    found: list[Group] = []
    at = 0
    while at < len(groups):
        times = _times(groups, at, length)
        if times == 1:
            found.append(groups[at])
            at += 1
            continue
        end = at + times * length
        found += [
            [draft for group in groups[place:end:length] for draft in group]
            for place in range(at, at + length)
        ]
        at = end
    return found


def _times(groups: list[Group], at: int, length: int) -> int:
    """Return how often the block there stands in a row."""
    end = at + length
    while end + length <= len(groups) and all(
        _is_again(groups[end - length + each], groups[end + each], alone=length == 1)
        for each in range(length)
    ):
        end += length
    if end == at + length or not _is_whole(groups[at : at + length]):
        return 1
    depth = groups[at][0].depth
    if end < len(groups) and groups[end][0].depth > depth:
        end -= length  # the last one has something inside that the others have not
    return (end - at) // length


def _is_whole(block: list[Group]) -> bool:
    """Tell whether a block begins where a person would say that it does."""
    first = block[0][0]
    if any(group[0].depth < first.depth for group in block):
        return False
    return first.kind.category in _DEEDS or not any(
        group[0].kind.category in _DEEDS for group in block
    )


def _is_again(one: Group, other: Group, *, alone: bool) -> bool:
    """Tell whether a group is the same once more.

    Alone, changes of one widget are the same whatever its value: what it became in the end
    is told. In a block they are not, as what comes between may depend on the value.
    """
    first, again = one[-1], other[0]
    if first.key is None or first.key != again.key or first.depth != again.depth:
        return False
    if again.gap > WITHIN_SECONDS:
        return False
    if alone:
        return True
    return len(one) == len(other) and all(
        mine.key == its.key and (mine.duration_ms is not None or mine.phrase == its.phrase)
        for mine, its in zip(one, other, strict=True)
    )
