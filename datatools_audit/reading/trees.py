"""The actions of a session as a tree: what was inside of what, how it ended, how long it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.reading import doings
from datatools_audit.reading.ordering import ordered, text
from datatools_audit.reading.steps import clock
from datatools_audit.reading.wording import clean, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    Record = Mapping[str, object]

_DEEPEST = 50


@dataclass(slots=True, eq=False)
class Node:
    """One action.

    Attributes:
        start: Its first record; its end where the start is not there.
        end: Its end; None where it has none.
        inside: The actions that began within it, in their order.
    """

    start: Record
    end: Record | None = None
    inside: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its name, outcome, duration and extras, in one line without controls."""
        last = self.end or self.start
        name = clean(text(self.start, "category")) or "an action"
        outcome = clean(last.get("outcome")) if self.end is not None else "did not end"
        if outcome == "error":
            outcome = f"error: {doings.exception(last)}"
        took = duration(last.get("duration_ms")) if self.end is not None else ""
        said = ", ".join(filter(None, [outcome or "ended", took]))
        return f"{name}: {said}{doings.own_extras(last)}"


def forest(records: Iterable[Record]) -> list[Node]:
    """Return the actions that are inside of no other, each with those inside of it.

    Args:
        records: Of one session, in any order. One that is inside of an action that is not
            there stands for itself.
    """
    nodes: dict[str, Node] = {}
    roots: list[Node] = []
    for record in ordered(records):
        name = text(record, "action_id")
        if not name or record.get("phase") not in ("start", "end"):
            continue
        if (known := nodes.get(name)) is not None:
            known.end = record if record.get("phase") == "end" else known.end
            continue
        node = nodes[name] = Node(record, record if record.get("phase") == "end" else None)
        parent = nodes.get(text(record, "parent_id"))
        (parent.inside if parent is not None else roots).append(node)
    return roots


def trees(records: Iterable[Record], zone: tzinfo | None = None) -> Iterator[str]:
    """Yield the lines of the trees: clock time, branches, the action.

    Args:
        records: Of one session.
        zone: In which the times are said; None for this machine's.
    """
    for root in forest(records):
        yield from _lines(root, "", "", zone)


def _lines(node: Node, branch: str, below: str, zone: tzinfo | None) -> Iterator[str]:
    yield f"{clock(text(node.start, 'ts'), zone):8}  {branch}{node.text}"
    if len(below) > 3 * _DEEPEST:
        return
    inside: Sequence[Node] = node.inside
    for each in inside:
        is_last = each is inside[-1]
        yield from _lines(
            each, below + ("└─ " if is_last else "├─ "), below + ("   " if is_last else "│  "), zone
        )
