"""The last steps of a log, read from its end: how long it is does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from datatools_audit.cli.files import tell_problems
from datatools_audit.cli.listing import JSON, Heading, Listing
from datatools_audit.reading.index import zone_of
from datatools_audit.reading.inputs import none_of_ours
from datatools_audit.reading.lives import Lives
from datatools_audit.reading.ordering import app_of, names_app, text
from datatools_audit.reading.reader import Record
from datatools_audit.reading.steps import steps
from datatools_audit.reading.tail import last_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from datatools_audit.reading.inputs import Input
    from datatools_audit.reading.steps import Step


def newest(
    found: Sequence[Input], last: int, session: str | None, listing: Listing
) -> Iterator[str]:
    """Tell the last steps of all files together, each file read from its end.

    They have no numbers: these count from the beginning, which is not read.

    Args:
        found: The files.
        last: How many steps.
        session: Only those of this one; None for all.
        listing: How they are written.

    Raises:
        OSError, ReadError: A file cannot be read; or nothing at its end is a record.
    """
    several: list[Record] = []
    for each in found:
        several += last_records(each.path, lambda some: len(_by_time(some, session)) > last)
    whole = [record for record in several if record.problem is None]
    if several and not whole:
        raise none_of_ours(found)
    heading = None
    for whose, step in _by_time(whole, session)[-last:]:
        if heading is None or whose != heading.session:
            heading = _heading_of(whole, whose)
            yield from listing.heading(heading)
        yield from listing.steps([replace(step, number=0)], heading, traced=False)
    if heading is None and listing is not JSON:
        yield "No step is in it."
    tell_problems(len(several) - len(whole))


def _by_time(some: Sequence[Record], session: str | None) -> list[tuple[str, Step]]:
    """Return the steps of each session, all together in the order in which they began."""
    lives, by_session = Lives(), dict[str, list[Record]]()
    for record in some:
        lives.note(record)
        if record.problem is None and session in (None, text(record, "session")):
            by_session.setdefault(text(record, "session"), []).append(record)
    told = [
        (whose, step) for whose, own in by_session.items() for step in steps(own, dead=lives.dead())
    ]
    return sorted(told, key=lambda each: each[1].ts)


def _heading_of(several: Sequence[Record], session: str) -> Heading:
    own = [record for record in several if text(record, "session") == session]
    moments = [text(record, "ts") for record in own] or [""]
    banner: Mapping[str, object] = next(filter(names_app, own), {})
    zone = zone_of(text(banner, "timezone"))
    return Heading(session, app_of(banner), "", max(moments), 0, 0, zone)
