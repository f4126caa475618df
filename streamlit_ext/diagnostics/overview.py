"""At a glance: is the log well, how much is in it, what has gone wrong, what is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit import audit_log_path, audit_stats
from datatools_audit._process import shared
from datatools_audit.reading.query import Filter
from datatools_audit.reading.wording import count, size
from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import local_day
from streamlit_ext.diagnostics.health import counters, health, last_write
from streamlit_ext.diagnostics.widgets import clock_of, draw_table, plain, zone
from streamlit_ext.instrumentation import Instrumentation

if TYPE_CHECKING:
    from datatools_audit import AuditStats
    from datatools_audit.reading.query import ErrorGroup, Totals
    from datatools_audit.reading.view import View
    from streamlit_ext.diagnostics.access import Access
    from streamlit_ext.diagnostics.source import Source

_BADGES = {
    "healthy": (":material/check_circle:", st.success),
    "degraded": (":material/warning:", st.warning),
    "reduced": (":material/filter_alt:", st.info),
    "off": (":material/pause_circle:", st.info),
}
_MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class Glance:
    """What there is to see at a glance.

    Attributes:
        totals: Of the days looked at.
        groups: The errors, by type and place.
        codes: Support codes of the visitor's own session, the newest first.
        size_bytes: The size of today's file; None where the visitor does not see it.
    """

    totals: Totals
    groups: list[ErrorGroup]
    codes: list[str]
    size_bytes: int | None


def read(source: Source) -> Glance:
    """Read it. Raises ``LogUnavailableError``."""
    path = audit_log_path()

    def work(view: View) -> Glance:
        chosen = Filter(days=source.days, without=("debug",))
        own = Filter(days=source.days, sessions=(source.access.own,))
        codes = [code for group in view.groups(own) for code in group.codes]
        size = path.stat().st_size if source.access.sees_all and path.is_file() else None
        return Glance(view.totals(chosen), view.groups(chosen), codes, size)

    return source.ask(work)


def draw_health(access: Access, *, is_written: bool) -> None:
    """Draw whether the log is well, also where it cannot be read.

    Args:
        access: What the visitor may see.
        is_written: Whether the disk has taken what was recorded before.
    """
    stats = audit_stats()
    found = health(stats, sees_all=access.sees_all, is_written=is_written)
    icon, draw = _BADGES[found.state]
    heard = f" {_hooks_said()}" if access.sees_all and found.state != "off" else ""
    draw(f"**{found.state.capitalize()}.** {found.sentence}{heard}", icon=icon)
    if access.sees_all and stats.failing_since is not None:
        waiting = count(stats.queue_depth, "record waits", "records wait")
        st.text(f"{waiting} in memory. {stats.last_error or ''}")
    if access.sees_all:
        _draw_details(stats, is_open=found.state == "degraded" or not _all_hear())


def draw_glance(glance: Glance, source: Source) -> None:
    """Draw the log's numbers."""
    stats = audit_stats()
    sees_all = source.access.sees_all
    when = "today" if source.days == (local_day(recorder.now()),) else "in these days"
    when = when if len(source.days) != 1 or when == "today" else f"on {source.days[0]}"
    numbers = {
        f"Events {when}": f"{glance.totals.events:,}",
        f"Errors {when}": f"{glance.totals.errors:,}",
    }
    if sees_all:
        numbers["Yet to be written"] = f"{stats.queue_depth:,}"
        numbers["Lost"] = f"{stats.dropped:,}"
        numbers["Last write"] = last_write(stats)
        numbers["Size of today's log"] = size(glance.size_bytes or 0)
    for column, (name, value) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(name, value)
    if glance.totals.problems:
        st.warning(
            f"{count(glance.totals.problems, 'line is', 'lines are')} no whole record: a process "
            "was stopped while it wrote, or somebody else wrote to the file. See the table, "
            "category audit.",
            icon=":material/content_cut:",
        )
    if glance.codes:
        st.markdown("Support codes of your session. Read one out, and support finds the error:")
        st.code("  ".join(glance.codes), language=None)


def draw_errors(glance: Glance, source: Source) -> None:
    """Draw the errors by type and place."""
    if not glance.groups:
        st.info("No error has been recorded.", icon=":material/sentiment_satisfied:")
        return
    dated = source.days != (local_day(recorder.now()),)
    draw_table(group_row(group, dated=dated) for group in glance.groups[:_MOST_GROUPS])
    if len(glance.groups) > _MOST_GROUPS:
        st.markdown(f"The {_MOST_GROUPS} most frequent of {len(glance.groups):,}.")
    st.markdown("Type a code above to see what led to its error.")


def group_row(group: ErrorGroup, *, dated: bool = False) -> dict[str, str]:
    """Return a group of errors as a row of the table."""
    first, last = (clock_of(ts, dated=dated).partition(".")[0] for ts in (group.first, group.last))
    return {
        "Times": f"{group.count:,}",
        "Error": group.exc_type,
        "Last": last,
        "Codes": " ".join(group.codes),
        "In": " → ".join(group.frames[-2:]),
        "Newest message": group.message,
        "First": first,
        "Sessions": f"{len(group.sessions):,}",
        "Version": ", ".join(group.versions),
    }


def _draw_details(stats: AuditStats, *, is_open: bool) -> None:
    """Draw what the log is about itself: its file, its counters, what is heard."""
    path = audit_log_path()
    with st.expander("Where the log lies, its counters, what is heard", expanded=is_open):
        st.markdown("Copy the folder's path into your file manager to open it:")
        st.code(str(path.parent), language=None, wrap_lines=True)
        st.markdown(f"Today's file is called {plain(path.name)}. Times are those of {zone()}.")
        rows = counters(stats)
        draw_table({"What": what, "State": said} for what, said in rows.items())
        draw_table(
            {
                "Hook": hook.name,
                "State": "active" if hook.active else "unavailable",
                "Where, or why not": hook.detail,
            }
            for hook in shared("instrumentation", Instrumentation).status().values()
        )


def _all_hear() -> bool:
    return all(h.active for h in shared("instrumentation", Instrumentation).status().values())


def _hooks_said() -> str:
    hooks = shared("instrumentation", Instrumentation).status().values()
    if not hooks:
        return "Only what the app itself records is here: it has not called instrument()."
    active = sum(hook.active for hook in hooks)
    return f"{active} of {len(hooks)} hooks hear."
