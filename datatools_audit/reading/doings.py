"""What the app and its log did, in words, by the record of it. Nothing here raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading import wording
from datatools_audit.reading.catalogue import COMMON, kind_of
from datatools_audit.reading.frames import place, place_of_crash
from datatools_audit.reading.wording import Phrase, after, behind, clean, count, duration, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    Record = Mapping[str, object]


def frame_of(record: Record) -> str:
    """Return where in the app's code it was, as `` in pages/analyze.py line 41``."""
    return place(record.get("traceback") or record.get("stack"))


def action(
    record: Record, *, extras: str, milliseconds: float | None, told: bool = False, times: int = 1
) -> Phrase:
    """Return what an action did that has ended.

    Args:
        record: Its end.
        extras: What the app has given to it, in short.
        milliseconds: How long it took; with several equal ones in a row how long all took.
        told: Whether what it raised is told by another step.
        times: How many there were.
    """
    took, outcome = duration(milliseconds), record.get("outcome")
    in_all = " in all" if times > 1 else ""
    if outcome == "error":
        said = f"failed{_when(milliseconds, in_all)}" + ("" if told else f": {exception(record)}")
    elif outcome == "interrupted":
        said = f"was interrupted{_when(milliseconds, in_all)}"
    else:
        ended = "ok" if outcome == "ok" else "ended"
        said = f"took {took}{in_all}, {ended}" if took else ended
    return Phrase("", _name(record), f": {said}{extras}")


def open_action(record: Record, *, extras: str, alive: bool, is_cut: bool = False) -> Phrase:
    """Return what is known of an action that has a start only.

    Args:
        record: Its start.
        extras: What the app has given to it, in short.
        alive: Whether its process still runs.
        is_cut: Whether its end may lie behind what is looked at.
    """
    said = "goes on" if is_cut else "has not ended yet" if alive else "did not end"
    return Phrase("", _name(record), f": {said}{extras}")


def _when(milliseconds: float | None, in_all: str) -> str:
    """Return after how long something broke off; nothing where that is not known."""
    said = after(milliseconds)
    return said + in_all if said else " at once" if duration(milliseconds) else ""


def _name(record: Record) -> str:
    return clean(record.get("category")) or "an action"


_OUTCOMES = {"error": "failed", "interrupted": "was interrupted"}


def run(record: Record) -> Phrase:
    """Return what became of a run of the script, by its end, or by its start if it has none."""
    said = "did not end"
    if record.get("phase") == "end":
        outcome = clean(record.get("outcome"))
        said = _OUTCOMES.get(outcome, "ended")
    return Phrase(f"the run {said}", "", after(record.get("duration_ms")))


def exception(record: Record) -> str:
    """Return type and text of an exception: a foreign text."""
    kind, text = clean(record.get("exc_type"), 80), clean(record.get("exc_message"))
    return f"{kind or 'an error'}: {text}" if text else kind or "an error"


def own_extras(record: Record) -> str:
    """Return in short what an app has given besides what its kind of record has itself."""
    known = kind_of(record).fields
    return wording.extras({k: v for k, v in record.items() if k not in known and k not in COMMON})


def hung(record: Record) -> Phrase:
    """Return what was open for too long, and where it stood."""
    message = clean(record.get("message"))
    name = message.rpartition(" has been open for ")[0] or message or "something"
    took = duration(record.get("open_ms"))
    said = f" was open for {took}" if took else " was open for long"
    subject = "a run" if "run_id" in record else name
    return Phrase("the app hung:", subject, said + frame_of(record))


def failed(record: Record) -> Phrase:
    """Return an exception, where it was, and what the app says it was doing."""
    said, message = exception(record), record.get("message")
    kind, page = record.get("exc_type"), record.get("page")
    doing = ""
    if type(message) is str and type(kind) is str and kind:
        doing = clean(message.partition(f": {kind}")[0], 80)
    is_page = doing.startswith("Uncaught") or (type(page) is str and doing == f"In {page}")
    rest = "" if is_page or not doing else f" ({doing})"
    return Phrase("", said, frame_of(record) + rest + own_extras(record))


def crashed(record: Record) -> Phrase:
    """Return what a native crash was, and where."""
    name = clean(record.get("exc_type")) or behind(record, "")
    frame = place_of_crash(record.get("traceback"))
    return Phrase("the app crashed:", name or "nobody knows why", frame)


_LOGGED = {"warning": "logged a warning:", "error": "logged an error:"}
_LOGGED["critical"] = "logged a critical error:"


def logged(record: Record) -> Phrase:
    """Return what was logged through the standard library."""
    level, subject = record.get("level"), behind(record, "")
    verb = _LOGGED.get(level, "logged:") if type(level) is str else "logged:"
    if "exc_type" in record:
        subject = f"{subject}: {exception(record)}" if subject else exception(record)
    by = clean(record.get("logger"), 80)
    return Phrase(verb, subject, frame_of(record) + (f", by {by}" if by else ""))


def dropped(record: Record) -> Phrase:
    """Return how many records are missing."""
    found = whole(record.get("dropped"))
    return Phrase("records were dropped", "", "" if found is None else f": {found:,} are missing")


def outage(record: Record) -> Phrase:
    """Return for how long the log could not be written."""
    seconds = wording.number(record.get("outage_seconds"))
    took = duration(seconds * 1000) if seconds is not None else ""
    return Phrase("the log could not be written", "", f" for {took}" if took else "")


def recovered(record: Record) -> Phrase:
    """Return what a process that died has left."""
    found, lost = whole(record.get("recovered")), whole(record.get("missing"))
    said = ": it had ended without notice"
    said += f", {count(found, 'record')} recovered" if found is not None else ""
    return Phrase("the app was restarted", "", said + (f", {lost:,} lost" if lost else ""))


def unreadable(record: Record) -> Phrase:
    """Return that a line is no record."""
    is_torn = record.get("problem") == "torn"
    rest = ": a part of a record" if is_torn else ": no record"
    return Phrase("a line of the log cannot be read", "", rest)


def own(record: Record) -> Phrase:
    """Return an event of the app's own."""
    category, message = clean(record.get("category"), 80), behind(record, "")
    subject = f"{category}: {message}" if category and message else category or message
    return Phrase("", subject or "an event", own_extras(record))
