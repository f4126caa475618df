"""At a glance: is the log well, how much is in it, what has gone wrong, what is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit import audit_log_path, audit_stats
from datatools_audit._process import shared
from datatools_audit.reading.query import Filter
from streamlit_ext.diagnostics.health import counters, health, last_write, size_text
from streamlit_ext.diagnostics.widgets import clock_of, draw_table, key, plain
from streamlit_ext.instrumentation import Instrumentation

if TYPE_CHECKING:
    from datatools_audit.reading.query import ErrorGroup, Totals
    from datatools_audit.reading.view import View
    from streamlit_ext.diagnostics.source import Source

_BADGES = {
    "healthy": (":material/check_circle:", st.success),
    "degraded": (":material/warning:", st.warning),
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
        chosen = Filter(days=source.days)
        own = Filter(days=source.days, sessions=(source.access.own,))
        codes = [code for group in view.groups(own) for code in group.codes]
        size = path.stat().st_size if source.access.sees_all and path.is_file() else None
        return Glance(view.totals(chosen), view.groups(chosen), codes, size)

    return source.ask(work)


def draw_glance(glance: Glance, source: Source, *, is_written: bool = True) -> None:
    """Draw the log's health and its numbers.

    Args:
        glance: What was read.
        source: Where from.
        is_written: Whether the disk has taken what was recorded before.
    """
    stats = audit_stats()
    sees_all = source.access.sees_all
    found = health(stats, sees_all=sees_all, is_written=is_written)
    icon, draw = _BADGES[found.state]
    heard = f" {_hooks_said()}" if sees_all else ""
    draw(f"**{found.state.capitalize()}.** {found.sentence}{heard}", icon=icon)
    whose = "" if sees_all else " in your session"
    numbers = {
        f"Events{whose}": f"{glance.totals.events:,}",
        f"Errors{whose}": f"{glance.totals.errors:,}",
    }
    if sees_all:
        numbers["Waiting to be written"] = f"{stats.queue_depth:,}"
        numbers["Lost"] = f"{stats.dropped:,}"
        numbers["Last write"] = last_write(stats)
        numbers["Size of today's log"] = size_text(glance.size_bytes or 0)
    per_row = 3 if sees_all else 2
    names = list(numbers)
    for first in range(0, len(names), per_row):
        row = names[first : first + per_row]
        for column, name in zip(st.columns(per_row), row, strict=False):
            column.metric(name, numbers[name], border=True)
    if glance.totals.problems:
        st.warning(
            f"{glance.totals.problems:,} lines are no whole records: a process was stopped while "
            "it wrote, or somebody else wrote to the file. They are in the table under the "
            "category audit.",
            icon=":material/content_cut:",
        )
    if glance.codes:
        st.markdown("Support codes of your session. Read one out, and support finds the error:")
        st.code("  ".join(glance.codes), language=None)


def draw_errors(glance: Glance, source: Source) -> None:
    """Draw the errors by type and place, and ask who has reloaded a broken page for the code."""
    if not glance.groups:
        st.info("No error has been recorded.", icon=":material/sentiment_satisfied:")
    else:
        draw_table(map(group_row, glance.groups[:_MOST_GROUPS]))
        if len(glance.groups) > _MOST_GROUPS:
            st.markdown(f"The {_MOST_GROUPS} most frequent of {len(glance.groups):,}.")
    _draw_reload(source)


def group_row(group: ErrorGroup) -> dict[str, str]:
    """Return a group of errors as a row of the table."""
    return {
        "Times": f"{group.count:,}",
        "Error": group.exc_type,
        "In": " → ".join(group.frames[-2:]),
        "Newest message": group.message,
        "Codes": " ".join(group.codes),
        "First": clock_of(group.first),
        "Last": clock_of(group.last),
        "Sessions": f"{len(group.sessions):,}",
        "Version": ", ".join(group.versions),
    }


def draw_about() -> None:
    """Draw what the log is about itself: its file, its counters, what is heard."""
    path = audit_log_path()
    st.markdown("Today's file. Copy the folder's path into your file manager to open it:")
    st.code(str(path.parent), language=None, wrap_lines=True)
    st.markdown(f"The file is called {plain(path.name)}.")
    with st.expander("Counters of this process", icon=":material/speed:"):
        rows = counters(audit_stats())
        draw_table({"What": what, "State": said} for what, said in rows.items())
    _draw_hooks()


def _hooks_said() -> str:
    hooks = shared("instrumentation", Instrumentation).status().values()
    if not hooks:
        return "Only what the app itself records is here: it has not called instrument()."
    active = sum(hook.active for hook in hooks)
    return f"{active} of {len(hooks)} hooks hear."


def _draw_hooks() -> None:
    hooks = shared("instrumentation", Instrumentation).status().values()
    if not hooks:
        return
    active = sum(hook.active for hook in hooks)
    with st.expander(
        f"{active} of {len(hooks)} hooks hear",
        icon=":material/hearing:",
        expanded=active < len(hooks),
    ):
        draw_table(
            {
                "Hook": hook.name,
                "State": "active" if hook.active else "unavailable",
                "Where, or why not": hook.detail,
            }
            for hook in hooks
        )


def _draw_reload(source: Source) -> None:
    with st.expander("Did you reload the page after an error?", icon=":material/refresh:"):
        said = (
            "Your earlier sessions are shown here too, because you have signed in."
            if source.user is not None
            else "A reload begins a new session, and what happened before is not shown here."
        )
        st.markdown(
            f"{said} If the error box showed a support code, type it here: it goes into your "
            "report and into the bundle, and whoever helps you finds the error by it."
        )
        st.text_input("Support code", key=key("typed_code"), placeholder="E-7K3F9Q", max_chars=12)
