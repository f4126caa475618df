"""README.txt says what a bundle is about, steps.txt what happened; neither more than it has."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datatools_audit.support.bundle import pack
from datatools_audit.support.steplist import step_list
from datatools_audit.support.verify import verify
from tests.support.made import SESSION, line, previewed, repacked, session_lines, unpacked

OTHER = "b1b2c3d4"
REPORT = {
    "support_code": "E-PA1JZP",
    "text": "The table stays\nempty for bob@shop.example",
    "just_now": True,
    "error_code": "E-H8ME3S",
}


def reported(**more: object) -> bytes:
    return line(10, "report", "Reported a problem", fields=REPORT | more)


def made(lines: list[bytes], note: str = "", **choice: object) -> dict[str, str]:
    found = pack(previewed(lines, **choice), {"app": "Shop", "version": "2.1"}, note=note)
    assert [] == verify(found)
    return {name: data.decode() for name, data in unpacked(found).items()}


def section(readme: str) -> list[str]:
    """Return the lines of what the bundle is about."""
    return readme.partition("WHAT IT IS ABOUT\n\n")[2].partition("\n\n\n")[0].splitlines()


def test_readme_says_what_it_is_about() -> None:
    """App and version, when, the server's zone, the note, errors and reports with their codes."""
    banner = {"app": "Shop", "version": "2.1", "timezone": "UTC+02:00 (CEST)"}
    lines = [line(1, "session", "Session started", page=None, fields=banner)]
    lines += [*session_lines()[1:], reported()]
    quote = "“The table stays empty for <email-2>”"
    assert [
        "App: Shop 2.1",
        "When: 2026-05-19 14:00:01 to 2026-05-19 14:00:10, UTC",
        "The server's time zone: UTC+02:00 (CEST)",
        "The sender's note: “it hangs at <email-3>” (the whole of it is in manifest.json)",
        "",
        "1 error:",
        "  2026-05-19 14:00:07 UTC  ValueError  E-H8ME3S",
        "",
        "1 report:",
        f"  2026-05-19 14:00:10 UTC  E-PA1JZP  {quote}  about the error E-H8ME3S",
    ] == section(made(lines, "it hangs at\ncarl@shop.example")["README.txt"])


def test_readme_of_nothing_says_so() -> None:
    """No event, no error, no report."""
    assert ["App: Shop 2.1", "", "No error is in it.", "", "No report is in it."] == section(
        made([])["README.txt"]
    )


def test_readme_quotes_no_report_that_was_left_out() -> None:
    """With the group `own` ticked off only moment and code of a report are told."""
    found = made([reported()], own=False)
    assert "  2026-05-19 14:00:10 UTC  E-PA1JZP" == section(found["README.txt"])[-1]
    assert [] == [name for name, text in found.items() if "stays" in text]


def test_readme_lists_the_newest_errors() -> None:
    """At most twenty, and how many there are."""
    raised = {"exc_type": "ValueError", "exc_message": "no", "traceback": ""}
    lines = [
        line(n, "error", "Uncaught: ValueError: no", level="error", fields={**raised})
        for n in range(1, 31)
    ]
    told = section(made(lines)["README.txt"])
    assert "30 errors, the newest 20:" in told
    shown = [each for each in told if each.endswith("ValueError")]
    assert (20, "  2026-05-19 14:00:30 UTC  ValueError") == (len(shown), shown[-1])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        (["password=<password>"], "1 place says so"),
        (["token=<token>", "<jwt> and <jwt>"], "3 places say so"),
        (["in <module>", "<email-1>", "<left out>"], ""),
    ],
)
def test_readme_says_that_secrets_were_not_recorded(texts: list[str], expected: str) -> None:
    """Placeholders that stood in the log already are told, those of this bundle are counted."""
    told = made([line(n, "note", each) for n, each in enumerate(texts, 1)])["README.txt"]
    assert bool(expected) == ("Secrets were taken out when they were recorded" in told)
    assert expected in told


def test_steps_of_a_bundle() -> None:
    """Each session's steps, numbered and in words, inner ones indented, every code with them."""
    other = line(11, "note", "elsewhere", session=OTHER)
    found = made([*session_lines(), other, reported()])["steps.txt"]
    said = "“The table stays empty for <email-2>”, it happened just now, about the error E-H8ME3S"
    assert [
        f"Session {SESSION}, 9 steps",
        "2026-05-19",
        "    1  14:00:01  the session started: Shop 2.1",
        "    2  14:00:02  opened Upload a table",
        "    3  14:00:03  uploaded customers.csv, 24.8 kB",
        "    4  14:00:04  changed Your name: “Anna”",
        "    5  14:00:05  analyze: failed after 0.01 s",
        "    6  14:00:07    ValueError: bad cell of <email-1>  E-H8ME3S",
        "    7  14:00:08  logged a warning: cannot read customers.csv for <email-1>, by shop",
        "    8  14:00:09  order: Order placed (customer: “<email-2>”, rows: 3)",
        f"    9  14:00:10  reported a problem: {said}  E-PA1JZP",
        "",
        f"Session {OTHER}, 1 step",
        "2026-05-19",
        "    1  14:00:11  note: elsewhere",
    ] == found.splitlines()[2:]
    assert ["There are none."] == made([])["steps.txt"].splitlines()[2:]


def test_steps_of_a_bundle_are_bounded() -> None:
    """The newest stay, and what is not told is counted."""
    lines = [line(n, "note", f"event {n}") for n in range(1, 6)]
    lines += [line(n, "note", f"event {n}", session=OTHER) for n in range(6, 9)]
    found = step_list(b"".join(lines), 4).splitlines()[2:]
    assert [f"Session {SESSION}, 5 steps", "(the first 4 steps left out)", "2026-05-19"] == found[
        :3
    ]
    assert ["    5  14:00:05  note: event 5", "", f"Session {OTHER}, 3 steps"] == found[3:6]
    newest = step_list(b"".join(lines), 2).splitlines()[2:]
    assert "Older, and only in events.jsonl: 1 session." == newest[0]
    assert "(the first 1 step left out)" == newest[3]
    assert 2 == sum("note: event" in each for each in newest)


def test_steps_of_a_bundle_fit_its_manifest() -> None:
    """They have their SHA-256; a bundle without them is one too, one with other steps is not."""
    files = unpacked(pack(previewed(session_lines()), {}))
    manifest = json.loads(files["manifest.json"])
    told = manifest["files"]["steps.txt"]
    assert hashlib.sha256(files["steps.txt"]).hexdigest() == told["sha256"]
    changed = files | {"steps.txt": files["steps.txt"].replace(b"opened", b"closed")}
    assert ["steps.txt has another SHA-256 than the manifest says."] == verify(repacked(changed))
    gone = {name: data for name, data in files.items() if name != "steps.txt"}
    assert ["'steps.txt' is missing."] == verify(repacked(gone))
    del manifest["files"]["steps.txt"]
    older = gone | {"manifest.json": json.dumps(manifest).encode()}
    assert [] == verify(repacked(older))
    assert ["'steps.txt' does not belong to it."] == verify(
        repacked(older | {"steps.txt": files["steps.txt"]})
    )


HOSTILE = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["\x1b[31m", "\u202e", "a\nERROR\r", "{about}", "x" * 5_000, "\u2028", "<password>"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(HOSTILE, min_size=4, max_size=4), HOSTILE)
def test_readme_and_steps_of_anything(texts: list[str], note: str) -> None:
    """Whatever was recorded breaks no line, moves no cursor, and is cut."""
    kind, said, code, zone = texts
    lines = [
        line(
            1, "session", "Session started", fields={"app": said, "version": kind, "timezone": zone}
        ),
        line(2, "error", f"Uncaught: {kind}", fields={"exc_type": kind, "support_code": code}),
        line(3, "report", "Reported a problem", fields={"text": said, "error_code": code}),
    ]
    found = unpacked(pack(previewed(lines), {"app": said, "version": kind}, note=note))
    readme, steps = found["README.txt"].decode(), found["steps.txt"].decode()
    assert (readme + steps).replace("\n", "").isprintable()
    assert 9 + bool(note) == len(section(readme))
    assert 7 == steps.count("\n")
    assert max(map(len, (readme + steps).split("\n"))) < 1_200
