"""What a person did, in words, by the record of it. Nothing here raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.changes import changed
from datatools_audit.reading.wording import Phrase, behind, clean, count, size, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    Record = Mapping[str, object]


def session_started(record: Record) -> Phrase:
    """Return which app it was, on what."""
    app = " ".join(filter(None, [clean(record.get("app"), 80), clean(record.get("version"), 40)]))
    said = [
        f"{name} {clean(record.get(field), 40)}"
        for name, field in (("Streamlit", "streamlit"), ("Python", "python"))
        if type(record.get(field)) is str
    ]
    if type(record.get("browser")) is str:
        said.append(clean(record.get("browser"), 40))
    rest = (", " if app and said else "") + ", ".join(said)
    return Phrase("the session started" + (":" if app or said else ""), app, rest)


def signed_in(record: Record) -> Phrase:
    """Return the pseudonym of who signed in."""
    user = clean(record.get("user"), 40)
    return Phrase("signed in as" if user else "signed in", user)


def opened(record: Record) -> Phrase:
    """Return which page was opened."""
    title = clean(record.get("title")) or clean(record.get("page"))
    return Phrase("opened", title or behind(record, "Opened "))


_VERBS = {"Clicked": "pressed", "Used": "used", "Dismissed": "closed"}
_USED = {"chat_input": "wrote to", "menu_button": "chose from"}


def widget(record: Record, first: Record | None = None) -> Phrase:
    """Return what was done at which widget, and its value as far as that is recorded.

    Args:
        record: What was done; of several changes in a row the last one.
        first: Of several in a row the first one.
    """
    message, kind = record.get("message"), clean(record.get("kind"), 40)
    said = message.partition(" ")[0] if type(message) is str else ""
    name = clean(record.get("label")) or clean(record.get("key")) or behind(record, f"{said} ")
    subject = kind.replace("_", " ") if name == kind else name
    verb, told = changed(record if first is None else first, record)
    if said != "Changed":
        verb = _USED.get(kind, "used") if said == "Used" else _VERBS.get(said, "used")
    return Phrase(verb, subject, told)


def _file(record: Record, begins: str) -> tuple[str, str]:
    name = clean(record.get("filename")) or clean(record.get("label")) or behind(record, begins)
    said = size(record.get("bytes"))
    return name or "a file", f", {said}" if said else ""


def uploaded(record: Record) -> Phrase:
    """Return which file came, how big it is, or that it was removed."""
    message = record.get("message")
    said = message.partition(" ")[0] if type(message) is str else ""
    name, rest = _file(record, f"{said} ")
    verb = said.lower() if said in ("Removed", "Used") else "uploaded"
    return Phrase(verb, name, rest if verb == "uploaded" else "")


def downloaded(record: Record) -> Phrase:
    """Return which file was taken away."""
    return Phrase("saved", *_file(record, "Downloaded "))


def _whose(record: Record) -> str:
    return ", everybody's" if record.get("scope") == "all" else ""


def handed_over_log(record: Record) -> Phrase:
    """Return that the log was handed over, and whose."""
    return Phrase("handed over", "the log", _whose(record))


def handed_over_bundle(record: Record) -> Phrase:
    """Return that a support bundle was handed over, and what is in it."""
    counts = [
        count(found, name)
        for name, field in (("session", "sessions"), ("event", "events"))
        if (found := whole(record.get(field))) is not None
    ]
    told = "".join(f", {each}" for each in counts)
    return Phrase("handed over", "a support bundle", _whose(record) + told)


def handed_over_rows(record: Record) -> Phrase:
    """Return that rows of the table were handed over, and how many."""
    found = whole(record.get("events"))
    return Phrase(
        "handed over", "rows of the log", "" if found is None else f", {count(found, 'event')}"
    )


def reported(record: Record) -> Phrase:
    """Return what a person has written of a problem, in quotes, and about which error it is."""
    text = clean(record.get("text"))
    rest = ", it happened just now" if record.get("just_now") is True else ""
    code = clean(record.get("error_code"), 20)
    rest += f", about the error {code}" if code else ""
    return Phrase(
        "reported a problem:" if text else "reported a problem", text and f"“{text}”", rest
    )
