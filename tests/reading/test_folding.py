"""What repeats becomes one, alone or as a block, and nothing is lost by it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.reading.catalogue import BY_NAME
from datatools_audit.reading.drafts import Draft
from datatools_audit.reading.folding import folded
from datatools_audit.reading.steps import steps
from datatools_audit.reading.wording import Phrase
from tests.reading.recorded import Record, Recording, lines, told

if TYPE_CHECKING:
    from collections.abc import Callable


def failure(record: Recording, number: int, **more: Any) -> list[Record]:
    """Return what a press leaves that fails."""
    own = {"action_id": f"a{number}"}
    return [
        record.click("Calculate", **more),
        record.start("calculate", **own),
        record.end("calculate", "error", level="warning", **own),
        record.error(support_code=f"E-AAAAA{number}"),
    ]


def repeated(
    times: int, one: Callable[[Recording, int], list[Record]] = failure
) -> list[list[Record]]:
    """Return the records of something that is done so often, one after the other."""
    record = Recording()
    return [one(record, number) for number in range(times)]


def flat(blocks: list[list[Record]]) -> list[Record]:
    return list(itertools.chain.from_iterable(blocks))


def test_folding_of_a_block() -> None:
    """Each step of it stands for all of its kind, with every record, code and duration."""
    blocks = repeated(3)
    found = steps(flat(blocks))
    assert [
        "pressed Calculate ×3",  # noqa: RUF001
        "calculate ×3: failed after 6.3 s in all",  # noqa: RUF001
        "  ValueError: no ×3 in pages/analyze.py line 41",  # noqa: RUF001
    ] == lines(found)
    assert [1, 2, 3] == [step.number for step in found]
    assert ["E-AAAAA0", "E-AAAAA1", "E-AAAAA2"] == list(found[2].codes)
    assert ("E-AAAAA2", 6301.2) == (found[2].code, found[1].duration_ms)
    assert [[blocks[0][0], blocks[1][0], blocks[2][0]], 6, 3] == [
        list(found[0].records),
        *(len(step.records) for step in found[1:]),
    ]


def test_folding_of_nested_blocks() -> None:
    """An action with the same inside five times is told once, whatever each took."""

    def one(record: Recording, number: int) -> list[Record]:
        outer, inner = f"o{number}", f"i{number}"
        return [
            record.start("outer", action_id=outer),
            record.start("inner", outer, action_id=inner),
            record("note", "inside"),
            record.end("inner", action_id=inner, duration_ms=100.0 * number),
            record.end("outer", action_id=outer, duration_ms=1000.0 + number),
        ]

    assert [
        "outer ×5: took 5.0 s in all, ok",  # noqa: RUF001
        "  inner ×5: took 1.0 s in all, ok",  # noqa: RUF001
        "    note: inside ×5",  # noqa: RUF001
    ] == told(*flat(repeated(5, one)))


def test_folding_stops_at_a_pause() -> None:
    """What comes more than a minute later is told anew, wherever in the block it waits."""
    record = Recording()
    blocks = [failure(record, 0), failure(record, 1, after_seconds=61)]
    assert 6 == len(steps(flat(blocks)))
    blocks.append(failure(record, 2, after_seconds=60))
    assert [1, 1, 1, 2, 2, 2] == [step.times for step in steps(flat(blocks))]


def test_folding_begins_with_what_a_person_did() -> None:
    """A failure stays with the press that led to it."""
    record = Recording()
    records = [record.click("Other"), *failure(record, 0)[1:], *flat(repeated(2))]
    records = [*records[:4], *failure(record, 1), *failure(record, 2)]
    assert ["pressed Other", "pressed Calculate ×2"] == [  # noqa: RUF001
        line for line in told(*records) if line.startswith("pressed")
    ]
    assert [1, 1, 1, 2, 2, 2] == [step.times for step in steps(records)]


def test_folding_leaves_what_lies_deeper_with_its_own() -> None:
    """A block that has more inside than those before is told by itself."""
    record = Recording()
    records = flat([failure(record, number) for number in range(2)])
    records += failure(record, 2)[:3]
    more = [record.start("more", action_id="m"), record("note", "x"), record.end("more")]
    ends = [step.times for step in steps([*records, record.error("other"), *more])]
    assert [2, 2, 2, 1] == ends[:4]
    once = [record.start("a", action_id="1"), record.end("a", action_id="1")]
    again = [record.start("a", action_id="2"), record("note", "in"), record.end("a", action_id="2")]
    assert [1, 1, 1] == [step.times for step in steps([*once, *again])]


def test_folding_keeps_what_was_set_in_between() -> None:
    """Where values are recorded a block with another value is another one."""
    record = Recording()
    records = []
    for value in range(3):
        records += [record.change("Size", value, value + 1), record.click("Go")]
    assert 6 == len(steps(records))
    shape = {"type": "int"}
    records = []
    for _ in range(3):
        records += [record.change("Size", shape, shape), record.click("Go")]
    assert ["moved Size ×3", "pressed Go ×3"] == told(*records)  # noqa: RUF001


def test_folding_of_a_connection_that_comes_and_goes() -> None:
    """How long it was away is summed."""
    record = Recording()
    records = []
    for away in (3000, 4000):
        records.append(record("session", "Session disconnected"))
        records.append(record("session", "Session resumed", away_ms=away))
    assert ["the connection was lost ×2", "the connection came back ×2 after 7.0 s in all"] == told(  # noqa: RUF001
        *records
    )


def test_folding_is_of_twelve_steps_at_most() -> None:
    """A longer block stays as it is."""
    record = Recording()
    for length, expected in ((12, 12), (13, 26)):
        names = [str(number) for number in range(length)] * 2
        assert expected == len(steps([record.click(name) for name in names]))


DRAFTS = st.lists(
    st.tuples(
        st.sampled_from(["widget", "error", "log"]),
        st.sampled_from("abc"),
        st.integers(0, 2),
        st.sampled_from([0.0, 1.0, 61.0]),
        st.sampled_from([None, 5.0]),
    ),
    max_size=40,
)


@given(DRAFTS | st.builds(lambda some, times: some * times, DRAFTS, st.integers(2, 4)))
def test_folding_loses_nothing(given_drafts: list[Any]) -> None:
    """Each draft is in one group, with its equals, in order, and none before its time."""
    drafts = [
        Draft(order, BY_NAME[name], "", gap, depth, [], Phrase(word), (name, word), took)
        for order, (name, word, depth, gap, took) in enumerate(given_drafts)
    ]
    groups = folded(drafts)
    assert list(range(len(drafts))) == sorted(draft.order for group in groups for draft in group)
    firsts = [group[0].order for group in groups]
    assert firsts == sorted(firsts)
    for group in groups:
        assert [draft.order for draft in group] == sorted(draft.order for draft in group)
        assert 1 == len({(draft.key, draft.depth) for draft in group})
        assert all(draft.gap <= 60 for draft in group[1:])


@given(st.lists(st.sampled_from("abcdefghijkl"), min_size=1, unique=True), st.integers(2, 5))
def test_folding_of_any_block(names: list[str], times: int) -> None:
    """However long it is, up to twelve, and however often it is there, it is told once."""
    record = Recording()
    found = steps([record.click(name) for name in names * times])
    assert [(f"pressed {name} ×{times}", times) for name in names] == [  # noqa: RUF001
        (step.text, step.times) for step in found
    ]
