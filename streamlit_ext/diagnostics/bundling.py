"""The support bundle: choose, see what will leave, take it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit._process import shared
from datatools_audit.reading.query import Filter
from datatools_audit.reading.wording import count, size
from datatools_audit.redaction.always import in_use
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.bundle import Choice, files, preview, zipped
from datatools_audit.support.environment import environment
from streamlit_ext.codes import as_code
from streamlit_ext.diagnostics.handover import record_bundle
from streamlit_ext.diagnostics.source import HAND_OVER_SECONDS, settle
from streamlit_ext.diagnostics.widgets import clock_of, draw_download, draw_table, key
from streamlit_ext.environment import environment as browser
from streamlit_ext.instrumentation import Instrumentation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.context import Session
    from datatools_audit.support.bundle import Preview
    from streamlit_ext.diagnostics.source import Source
    from streamlit_ext.diagnostics.span import Span

GROUPS = {
    "exceptions": ("Texts of errors", "Messages and tracebacks. They can quote a piece of data."),
    "logging": ("Texts of the app's logging", "What the app and its libraries have logged."),
    "labels": ("Labels and values", "Names of buttons and fields, and values where recorded."),
    "filenames": ("File names", "Of uploads and downloads."),
    "own": ("The app's own texts", "Of the events that it records itself, and what you report."),
}
LINES_PER_PAGE = 100
_OF_ALL = frozenset({"counters", "own_failures", "settings"})
_PREVIEW = "preview"
_BYTES_PAGE = "bytes_page"
OWN_PREVIEW = "own_preview"
_MOST_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody has chosen for the bundle, and may see; a preview holds for this only."""

    source: Source
    filter: Filter
    choice: Choice
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle as it was previewed: what is looked at and what is saved are the same bytes."""

    wanted: Wanted
    preview: Preview
    environment: bytes
    data: bytes
    made_at: str


def made(wanted: Wanted, extra: Callable[[], Mapping[str, object]] | None) -> Made:
    """Return the bundle, redacted. Call it in a run of a script.

    Raises:
        LogUnavailableError: See ``within``.
    """
    settle()
    found = previewed(wanted)
    sees_all = wanted.source.access.sees_all
    packed = files(found, surroundings(extra, sees_all=sees_all), note=wanted.note)
    made_at = time.strftime("%Y%m%d-%H%M%S")
    return Made(wanted, found, packed["environment.json"], zipped(packed), made_at)


def previewed(wanted: Wanted) -> Preview:
    """Return what will leave of the events. Raises ``LogUnavailableError``."""
    redactor = Redactor(in_use())
    return wanted.source.ask(
        lambda view: preview(view.lines(wanted.filter), redactor, wanted.choice, view.numbers),
        seconds=HAND_OVER_SECONDS,
    )


def surroundings(
    extra: Callable[[], Mapping[str, object]] | None, *, sees_all: bool
) -> dict[str, object]:
    """Return what the app runs on, not redacted. Call it in a run of a script.

    Who sees the own session only is not told what the process did for all.
    """
    hooks = {
        hook.name: hook.detail if hook.active else f"unavailable, {hook.detail}"
        for hook in shared("instrumentation", Instrumentation).status().values()
    }
    told = environment(extra, streamlit=st.__version__, hooks=hooks, browser=browser())
    return told if sees_all else {k: v for k, v in told.items() if k not in _OF_ALL}


def draw(
    source: Source,
    chosen: Span,
    asking: Session,
    extra: Callable[[], Mapping[str, object]] | None,
    most_bytes: int,
) -> None:
    """Draw the choices; behind a click what will leave; below it the button that takes it."""
    st.markdown(
        "A bundle is one zip: what was done, redacted, the versions that it was done with, and "
        "`report.html`, which shows both in any browser. "
        "Nothing leaves this computer until you save it and send it yourself."
    )
    wanted = _draw_choices(source, chosen, most_bytes)
    kept: Made | None = st.session_state.get(key(_PREVIEW))
    if st.button("Preview what will leave", key=key("make_preview"), icon=":material/preview:"):
        with st.spinner("Reading and redacting"):
            kept = made(wanted, extra)
        st.session_state[key(_PREVIEW)] = kept
        st.session_state.pop(key(_BYTES_PAGE), None)  # there may be fewer pages than before
    if kept is None:
        return
    if kept.wanted != wanted:
        st.info("You have chosen something else since. Preview it again.", icon=":material/sync:")
        return
    st.subheader("What will leave", anchor=False)
    _draw_preview(kept, "")
    _draw_button(kept, asking, "bundle_download")


def draw_own(source: Source, asking: Session, *, note: str = "") -> None:
    """Draw what a session's own bundle of today has, and the button that saves it.

    It is made once and kept, so that what is saved is what was shown.

    Args:
        source: The session's own records.
        asking: The session.
        note: Goes along; the code of a report.

    Raises:
        LogUnavailableError: The log cannot be read.
    """
    wanted = Wanted(source, Filter(days=source.days), Choice(), note)
    kept: Made | None = st.session_state.get(key(OWN_PREVIEW))
    if kept is None or kept.wanted != wanted:
        kept = st.session_state[key(OWN_PREVIEW)] = made(wanted, None)
    _draw_button(kept, asking, "own_bundle_download")
    with st.expander(f"What will leave: {kept.preview.events:,} records"):
        _draw_preview(kept, "own_")


def _draw_choices(source: Source, chosen: Span, most_bytes: int) -> Wanted:
    days = Filter(days=source.days, since=chosen.since, until=chosen.until)
    sessions: list[str] = []
    if source.access.sees_all:
        offered = [each.session for each in source.ask(lambda view: view.sessions(days))]
        sessions = st.multiselect(
            "Sessions", offered, key=key("bundle_sessions"), placeholder="All sessions"
        )
    if chosen.is_all:
        which = "the chosen day" if len(source.days) == 1 else "all kept days"
        st.markdown(f"All of {which}. Choose a part of it under Timeline.")
    else:
        since, until = (clock_of(end)[:8] for end in (chosen.since, chosen.until))
        st.markdown(f"From {since or 'the beginning'} to {until or 'the end'}, as under Timeline.")
    st.markdown("Take along, after redaction:")
    ticked = {
        name: st.checkbox(label, value=True, key=key(f"bundle_{name}"), help=said)
        for name, (label, said) in GROUPS.items()
    }
    code = as_code(str(st.session_state.get(key("typed_code")) or "")) or ""
    wanted = Filter(
        days=source.days, sessions=tuple(sessions), since=chosen.since, until=chosen.until
    )
    return Wanted(source, wanted, Choice(**ticked, most_bytes=most_bytes), code)


def _draw_preview(kept: Made, part: str) -> None:
    found = kept.preview
    if found.events:
        _draw_events(found)
    else:
        st.info("No record is in what you have chosen.", icon=":material/filter_alt_off:")
    if found.no_record:
        st.markdown(f"Lines that are no record of this log, left out: {found.no_record:,}.")
    if found.events:
        with st.expander("Exactly the bytes of events.jsonl"):
            _draw_bytes(found.events_jsonl, part)
    with st.expander("Exactly the bytes of environment.json"):
        st.code(kept.environment.decode(), language="json", wrap_lines=True, height=320)


def _draw_events(found: Preview) -> None:
    left = f"{count(found.events, 'record')}, {size(len(found.events_jsonl))}"
    st.markdown(f"{left}, of {count(len(found.sessions), 'session')}.")
    if found.oldest_left_out:
        st.warning(
            f"The oldest {found.oldest_left_out:,} records are left out: the bundle has a limit.",
            icon=":material/content_cut:",
        )
    rows = [{"What": f"Records: {name}", "How many": n} for name, n in found.by_category.items()]
    rows += [{"What": f"Redacted: {name}", "How many": n} for name, n in found.redactions.items()]
    rows += [{"What": f"Left out: {name}", "How many": n} for name, n in found.left_out.items()]
    draw_table(rows)
    for name, (label, _) in GROUPS.items():
        texts = list(found.texts.get(name, {}).items())
        if texts:
            with st.expander(f"{label}: {len(texts):,}"):
                draw_table({"Times": n, "Text": text} for text, n in texts[:_MOST_TEXTS])
                if len(texts) > _MOST_TEXTS:
                    st.markdown(f"The first {_MOST_TEXTS}; all of them are in the bytes below.")


def _draw_bytes(data: bytes, part: str) -> None:
    lines = data.split(b"\n")
    pages = max(1, -(-(len(lines) - 1) // LINES_PER_PAGE))
    page = 1
    if pages > 1:
        page = st.number_input(f"Page, of {pages:,}", 1, pages, key=key(part + _BYTES_PAGE))
    first = (page - 1) * LINES_PER_PAGE
    part = b"\n".join(lines[first : first + LINES_PER_PAGE]).decode()
    st.code(part, language="json", wrap_lines=True, height=320)


def _draw_button(kept: Made, asking: Session, part: str) -> None:
    found = kept.preview
    name = f"datatools-support-{kept.made_at}.zip"
    told = {
        "scope": "session" if set(found.sessions) == {asking.id} else "all",
        "filename": name,
        "since": found.since,
        "until": found.until,
        "sessions": len(found.sessions),
        "events": found.events,
    }
    draw_download(
        "Save the bundle",
        name,
        "application/zip",
        give=lambda: kept.data,
        tell=partial(record_bundle, told, asking),
        part=part,
        icon=":material/folder_zip:",
    )
