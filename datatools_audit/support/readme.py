"""The README.txt of a bundle: what it is about and what was taken out, in plain words.

Of what was recorded there stands in it what ``about`` tells, each in one line, and else only
numbers, moments, and names of rules and categories where they are plain words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import count
from datatools_audit.support.about import about, taken_out_when_recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.support.preview import Preview

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_MOST_LISTED = 20
_GROUPS = {
    "exceptions": "the text of errors and their tracebacks",
    "logging": "what the program wrote to its log",
    "labels": "labels, keys and values of controls, titles, names of columns",
    "filenames": "names of files and folders",
    "own": "the texts of the app's own events",
}

_TEXT = """\
SUPPORT BUNDLE

This archive tells, step by step, what happened in an app, so that somebody who was not there
can find out what went wrong. A person saved it; nothing was sent by itself, and whom it goes to
is up to them.


WHAT IT IS ABOUT

{about}


WHAT IS IN IT

report.html       all of it to be read in any browser, without a network: begin here
steps.txt         what happened, step by step in plain words
events.jsonl      what happened, one line for each event, the oldest first
environment.json  versions and platform; of a bundle from the app itself settings and counters
manifest.json     the size and the SHA-256 of each file, what was left out, the sender's note
README.txt        this text

{contents}


WHAT WAS TAKEN OUT

What looked private was replaced before it was saved. The same value has the same name in the
whole bundle, as in <email-1>. A rule may miss something: look at the events before you pass
them on.

{redactions}

{left_out}


HOW TO READ IT

Open report.html with any browser: it shows the steps of each session, errors with what led to
them, and what is missing. It has what the other files have and no more, and loads nothing.

Open steps.txt with any editor: it has the steps of each session, the newest 2,000 of all.

Open events.jsonl with any editor. Each line is one JSON object: "ts" is when (UTC), "level" how
serious, "category" what kind of thing, "session" whose browser window, "message" what happened
in one sentence. "proc" and "seq" number the events of each process. manifest.json says which
numbers are not here: those left out are of other people or of another time, those missing
were lost.
"""


def readme(
    preview: Preview,
    redactions: Mapping[str, int],
    *,
    app: tuple[object, object],
    note: str,
) -> str:
    """Return the text.

    Args:
        preview: What is in ``events.jsonl``.
        redactions: By rule, of the whole bundle.
        app: Name and version of the app, redacted.
        note: The sender's, redacted.
    """
    return _TEXT.format(
        about=about(preview, app, note),
        contents=_contents(preview),
        redactions=_redactions(preview, redactions),
        left_out="\n".join(_left_out(preview)),
    )


def _redactions(preview: Preview, redactions: Mapping[str, int]) -> str:
    said = _listed(redactions, "Replaced, by kind:", "Nothing was found to replace.")
    if found := taken_out_when_recorded(preview):
        places = f"{count(found, 'place says', 'places say')} so"
        said += "\n\nSecrets were taken out when they were recorded, before this bundle was made:\n"
        said += f"{places}, as in password=<password>. That is not counted above."
    return said


def _contents(preview: Preview) -> str:
    if not preview.events:
        return "There are no events in it."
    events, sessions = count(preview.events, "event"), count(len(preview.sessions), "session")
    said = [f"{events} of {sessions}, from {preview.since} to {preview.until} (UTC)."]
    if left_out := sum(each.left_out for each in preview.ranges):
        lacking = count(left_out, "event of the log was", "events of the log were")
        said.append(f"Between them {lacking} not taken along.")
    if missing := sum(each.missing for each in preview.ranges):
        lacking = count(missing, "number between them stands", "numbers between them stand")
        said.append(f"{lacking} for no event of the log.")
    return "\n".join(said) + f"\n\n{_listed(preview.by_category, 'Events, by kind:', '')}"


def _left_out(preview: Preview) -> list[str]:
    said = [
        f"The sender left out {_GROUPS[group]}: {count(texts, 'text')}."
        for group, texts in preview.left_out.items()
    ]
    if said:
        said.append('In their place stands "<left out>". A text of another kind may quote them.')
    if preview.oldest_left_out:
        size = _size(preview.choice.most_bytes)
        earlier = count(preview.oldest_left_out, "earlier line")
        said.append(f"The bundle has at most {size} of events: {earlier} left out.")
    if preview.no_record:
        said.append(f"No event, or damaged, and left out: {count(preview.no_record, 'line')}.")
    return said or ["Nothing was left out by the sender."]


def _listed(counts: Mapping[str, int], title: str, otherwise: str) -> str:
    """Return one line for each plain name, and one for all others together."""
    if not counts:
        return otherwise
    plain = [name for name in counts if _PLAIN.fullmatch(name)][:_MOST_LISTED]
    lines = [f"  {name:<18}{counts[name]:>10,}" for name in plain]
    others = sum(counts.values()) - sum(counts[name] for name in plain)
    if others:
        lines.append(f"  {'(others)':<18}{others:>10,}")
    return "\n".join([title, *lines])


def _size(size: int) -> str:
    return f"{size / (1 << 20):.3g} MiB" if size >= 1 << 20 else f"{size:,} bytes"
