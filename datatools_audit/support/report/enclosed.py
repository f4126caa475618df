"""The report that lies in a support bundle: made of exactly what the bundle has, redacted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.reading.reader import records_in
from datatools_audit.support.completeness import Completeness
from datatools_audit.support.report.gathering import Gathering
from datatools_audit.support.report.making import report
from datatools_audit.support.report.origins import Origin
from datatools_audit.support.report.rendering import rendered
from datatools_audit.support.report.shown import ms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.support.preview import Preview

_EVENTS = Path("events.jsonl")


def enclosed(
    preview: Preview,
    environment: Mapping[str, object],
    *,
    note: str,
    redactions: Mapping[str, int],
    made_at: str,
) -> bytes:
    """Return the page. The same arguments make the same bytes.

    Args:
        preview: What is in ``events.jsonl``.
        environment: What is in ``environment.json``.
        note: The sender's, redacted.
        redactions: By rule, of the whole bundle.
        made_at: RFC 3339, UTC.

    Never raises because of what was recorded.
    """
    missing = {each.proc: (each.missing, list(each.gaps)) for each in preview.ranges}
    completeness, gathered = Completeness(missing=missing), Gathering()
    gathered.take(records_in(preview.events_jsonl, _EVENTS), completeness)
    origin = Origin(
        _EVENTS.name, is_bundle=True, redactions=redactions, note=note, environment=environment
    )
    made = report(gathered, [(origin, completeness)], made_at=ms_of(made_at) or 0)
    return rendered(made).encode()
