"""What will leave in a bundle: chosen, redacted and counted, before anything is packed."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from datatools_audit.support.choosing import Redaction, chosen, names_left_out, newest
from datatools_audit.support.contents import contents
from datatools_audit.support.groups import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datatools_audit.support.choosing import Line
    from datatools_audit.support.contents import Contents, InLog, Range
    from datatools_audit.support.redacting import Redacts

_WINDOW = 4  # times the limit: what is left out of a line makes it shorter


@dataclass(frozen=True, slots=True)
class Choice:
    """What may leave; see ``groups`` for what belongs to which group of texts.

    The texts of a group that may not leave become ``<left out>``, also where another text of
    the same record quotes them; file names (the 200 newest) in every record.

    Attributes:
        exceptions: The text of errors, their tracebacks, the stacks of what hangs.
        logging: What came through the standard library's ``logging``.
        labels: Labels, keys and values of widgets, titles, names of columns.
        filenames: Names of files and folders.
        own: Texts of the app's own events, and what a person reported.
        most_bytes: Most bytes of events; the oldest are left out.
    """

    exceptions: bool = True
    logging: bool = True
    labels: bool = True
    filenames: bool = True
    own: bool = True
    most_bytes: int = 10 << 20

    def groups_left_out(self) -> tuple[str, ...]:
        """Return the groups whose texts may not leave."""
        return tuple(group for group in GROUPS if not getattr(self, group))


@dataclass(frozen=True, slots=True)
class Preview:
    """What will leave, after choice and redaction.

    Attributes:
        events_jsonl: Exactly the bytes of ``events.jsonl``: lines of strict JSON.
        events: How many records these are.
        by_category: The same by category, the most frequent first.
        redactions: How often each rule has replaced something in these bytes.
        left_out: How many texts of each group are left out of these records by choice.
        oldest_left_out: Earlier lines that are left out for the limit.
        no_record: Lines that are left out because they are no record of ours, torn or foreign,
            or because the redactor has failed on them.
        ranges: What there is of each process.
        sessions: The sessions, in the order of their first record.
        since: The earliest ``ts``, or an empty text.
        until: The latest ``ts``, or an empty text.
        texts: For each group the distinct texts that leave, with how often, the most
            frequent first. A group that is left out has none.
        app: Name and version of the app as the last banner among them says; None if none does.
        choice: What was chosen.
        redactor: The one that was used. What is packed beside the events passes it too, so a
            value has the same pseudonym everywhere in the bundle.
    """

    events_jsonl: bytes = field(repr=False)
    events: int
    by_category: Mapping[str, int]
    redactions: Mapping[str, int]
    left_out: Mapping[str, int]
    oldest_left_out: int
    no_record: int
    ranges: tuple[Range, ...]
    sessions: tuple[str, ...]
    since: str
    until: str
    texts: Mapping[str, Mapping[str, int]] = field(repr=False)
    app: tuple[str | None, str | None]
    choice: Choice
    redactor: Redacts = field(repr=False, compare=False)


def preview(
    lines: Iterable[bytes],
    redactor: Redacts,
    choice: Choice | None = None,
    in_log: InLog | None = None,
) -> Preview:
    """Return what will leave of these lines.

    They are read once, front to back, and the last ones of four times ``choice.most_bytes``
    are kept meanwhile; only what may leave of these is parsed, so a long log costs no more
    than to read it.

    Args:
        lines: Of the sessions and the time that a person has chosen, the oldest first.
        redactor: One for this bundle alone.
        choice: What may leave; None for everything up to 10 MiB.
        in_log: Tells which numbers of a process, between two, the log has; so what was left
            out can be told from what is missing.

    Raises nothing itself; what reading the lines raises travels on.
    Threads: one at a time for a redactor.
    """
    choice = choice or Choice()
    most_bytes = max(choice.most_bytes, 0)
    window, before_window = newest(lines, most_bytes * _WINDOW)
    picked, no_record, before = chosen(window, choice.groups_left_out(), most_bytes)
    redaction = Redaction(redactor, names_left_out(reversed(picked)))
    kept: deque[Line] = deque()
    size = 0
    while picked:
        line = redaction.line(picked.popleft())
        if line is None:
            no_record += 1
            continue
        kept.append(line)
        size += len(line.data)
        while size > most_bytes:  # a pseudonym may be longer than what it stands for
            size -= len(kept.popleft().data)
            before += 1
    found = contents((line.data for line in kept), in_log)
    return _counted(kept, found, before_window + before, no_record, choice, redactor)


def _counted(
    lines: deque[Line],
    found: Contents,
    oldest_left_out: int,
    no_record: int,
    choice: Choice,
    redactor: Redacts,
) -> Preview:
    redactions, left_out = Counter[str](), Counter[str]()
    for line in lines:
        redactions.update(line.redactions)
        left_out.update({group: len(texts) for group, texts in line.left_out.items()})
    return Preview(
        events_jsonl=b"".join(line.data for line in lines),
        redactions=dict(redactions.most_common()),
        left_out={group: left_out[group] for group in choice.groups_left_out()},
        oldest_left_out=oldest_left_out,
        no_record=no_record,
        choice=choice,
        redactor=redactor,
        **{each.name: getattr(found, each.name) for each in fields(found)},
    )
