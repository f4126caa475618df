"""A small bundle, opened with the tools that anybody has."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from io import BytesIO
from typing import Any

import pytest

from datatools_audit.redaction.redactor import Redactor
from datatools_audit.redaction.rule import Redaction, Rule
from datatools_audit.support.bundle import files, pack, preview
from datatools_audit.support.environment import environment
from datatools_audit.support.verify import verify
from tests.helpers import strict_json
from tests.support.made import (
    NAMES,
    OTHER_PROC,
    PROC,
    SESSION,
    line,
    moment,
    previewed,
    records,
    repacked,
    session_lines,
    unpacked,
)

HEAD = ["ts", "level", "category", "session", "message", "proc", "seq"]


def noon() -> int:
    return 1_779_192_000_000_000_000


def golden() -> bytes:
    return pack(previewed(session_lines()), {"app": "Shop", "version": "2.1"}, clock=noon)


def test_bundle_has_five_files_that_zipfile_opens() -> None:
    """The names are always these, plain files without a folder."""
    with zipfile.ZipFile(BytesIO(golden())) as archive:
        entries = archive.infolist()
    assert NAMES == sorted(entry.filename for entry in entries)
    assert {0o100600} == {entry.external_attr >> 16 for entry in entries}


def test_bundle_manifest_holds_each_file() -> None:
    """Size and SHA-256 are those that hashlib finds in the unpacked files."""
    found = unpacked(golden())
    told = json.loads(found.pop("manifest.json"))
    assert {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in found.items()
    } == told["files"]
    assert ("Shop", "2.1") == (told["app"], told["version"])
    assert "2026-05-19T12:00:00.000+00:00" == told["made_at"]
    assert [9, [SESSION], moment(1), moment(9)] == [
        told[name] for name in ("events", "sessions", "since", "until")
    ]
    whole = {"proc": PROC, "first": 1, "last": 9, "events": 9, "missing": 0, "gaps": []}
    whole |= {"left_out": 0, "left_out_ranges": []}
    assert [whole] == told["processes"]
    assert {"by_choice": {}, "oldest": 0, "no_record": 0} == told["left_out"]


def test_bundle_says_in_plain_words_what_is_in_it() -> None:
    """README.txt has the numbers of the events, of the sessions and of what was replaced."""
    text = unpacked(golden())["README.txt"].decode()
    assert f"9 events of 1 session, from {moment(1)} to {moment(9)} (UTC)." in text
    assert "  email                      5\n" in text
    assert "  upload                     1\n" in text
    assert "Nothing was left out by the sender." in text
    assert "{" not in text


def test_bundle_is_the_same_for_the_same() -> None:
    """Two bundles of the same events have the same bytes, and so has one packed twice."""
    found = previewed(session_lines())
    about = {"app": "Shop", "extra": {"who": "carol@shop.example", "by": "anna@shop.example"}}
    once = pack(found, about, note="of dave@shop.example", clock=noon)
    assert once == pack(found, about, note="of dave@shop.example", clock=noon)
    again = pack(previewed(session_lines()), about, note="of dave@shop.example", clock=noon)
    assert once == again


def test_bundle_lines_are_strict_json_in_the_order_of_the_fields() -> None:
    """Each line ends with a newline; time, session and number are those of the log."""
    given = [json.loads(each) for each in session_lines()]
    lines = unpacked(golden())["events.jsonl"].splitlines(keepends=True)
    found = [strict_json(each) for each in lines]
    assert [list(each) for each in given] == [list(each) for each in found]
    assert [HEAD] * 9 == [list(each)[:7] for each in found]
    kept = ("ts", "level", "category", "session", "proc", "seq")
    assert [[r[n] for n in kept] for r in given] == [[r[n] for n in kept] for r in found]


def test_bundle_verifies() -> None:
    """A bundle fits its manifest."""
    assert [] == verify(golden())


def test_bundle_verify_finds_a_changed_byte() -> None:
    """A byte of a file that changed is found by the file's name."""
    found = unpacked(golden())
    changed = found | {"README.txt": found["README.txt"].replace(b"9 events", b"8 events")}
    assert ["README.txt has another SHA-256 than the manifest says."] == verify(repacked(changed))
    longer = found | {"environment.json": found["environment.json"] + b" "}
    (said,) = verify(repacked(longer))
    assert said.startswith("environment.json has ")


def test_bundle_verify_finds_a_missing_and_an_added_file() -> None:
    """A file too few and a file too many are found, whatever they are called."""
    found = unpacked(golden())
    fewer = {name: data for name, data in found.items() if name != "events.jsonl"}
    assert ["'events.jsonl' is missing."] == verify(repacked(fewer))
    more = found | {"../evil\n.txt": b""}
    assert ["'../evil\\n.txt' does not belong to it."] == verify(repacked(more))
    assert ["manifest.json is missing."] == verify(repacked({"README.txt": b""}))


@pytest.mark.parametrize(
    "told", [b"", b"[]", b"null", b'{"format":1}', b"[" * 900 + b"]" * 900, b"\xff", b"{}"]
)
def test_bundle_verify_takes_any_manifest(told: bytes) -> None:
    """A manifest that is none is a sentence."""
    assert verify(repacked(unpacked(golden()) | {"manifest.json": told}))


@pytest.mark.parametrize("data", [b"", b"PK", golden()[:200], golden()[30:]])
def test_bundle_verify_takes_any_bytes(data: bytes) -> None:
    """What is no zip is a sentence."""
    assert verify(data)


@pytest.mark.parametrize(
    "events",
    [b"x\n", b"{}\n", b'{"a":' * 900 + b"1" + b"}" * 900 + b"\n", session_lines()[0][:-1]],
)
def test_bundle_verify_reads_the_events(events: bytes) -> None:
    """Events that do not fit the manifest are found, although their hash does."""
    found = unpacked(golden())
    told = json.loads(found["manifest.json"])
    told["files"]["events.jsonl"] = {
        "bytes": len(events),
        "sha256": hashlib.sha256(events).hexdigest(),
    }
    said = verify(repacked(found | {"events.jsonl": events, "manifest.json": _json(told)}))
    assert any("events" in each for each in said)


def test_bundle_verify_takes_a_record_nested_beyond_reason() -> None:
    """A record that no recorder writes, so deep that Python gives up, is a sentence."""
    found = unpacked(golden())
    deep = session_lines()[0][:-2] + b',"x":' + b"[" * 990 + b"]" * 990 + b"}\n"
    said = verify(repacked(found | {"events.jsonl": deep}))
    assert any("events.jsonl" in each for each in said)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


SECRET = "zoe.hidden@private.example"


@pytest.mark.parametrize(
    "hiding",
    [
        line(1, "order", f"for {SECRET}"),
        line(1, "order", "x", deep={"a": [1, {"b": f"mailto:{SECRET}"}]}),
        line(1, "order", "x", deep={SECRET: 1}),
        line(1, "order", "x", **{SECRET: 1}),
        line(1, "order", "x", run_id=SECRET),
        line(1, "order", "x", action_id=[SECRET]),
        line(1, "report", "Reported a problem", fields={"error_code": SECRET}),
        line(1, SECRET, "x"),
        line(1, "nav", f"Opened {SECRET}", page=SECRET),
        line(1, "session", "Session started", fields={"app": SECRET, "version": SECRET}),
        line(1, "order", "x", level=SECRET),
        line(1, "upload", f"Uploaded {SECRET}.csv", fields={"filename": f"{SECRET}.csv"}),
    ],
)
@pytest.mark.parametrize("note", ["", f"Ask {SECRET}"])
def test_bundle_has_a_secret_in_none_of_its_files(hiding: bytes, note: str) -> None:
    """An address is gone from a message, a value, a name, a nested one, an id, and the note."""
    assert SECRET.encode() in hiding
    about = {"app": "Shop", "extra": {"boss": SECRET, SECRET: [SECRET]}}
    data = pack(previewed([hiding]), about, note=note)
    assert 1 == json.loads(unpacked(data)["manifest.json"])["events"]
    assert [] == [name for name, each in unpacked(data).items() if b"zoe.hidden" in each]
    assert b"zoe.hidden" not in data
    assert [] == verify(data)


def test_bundle_calls_the_same_the_same_everywhere() -> None:
    """One address has one name across records, environment and note; another has another."""
    lines = [
        line(1, "order", "of anna@shop.example"),
        line(2, "order", "of bob@shop.example"),
        line(3, "order", "x", by={"who": "anna@shop.example"}),
    ]
    about = {"extra": {"who": "bob@shop.example"}}
    found = files(previewed(lines), about, note="anna@shop.example and carol@shop.example")
    texts = [json.loads(each) for each in found["events.jsonl"].splitlines()]
    assert ["of <email-1>", "of <email-2>"] == [each["message"] for each in texts[:2]]
    assert {"who": "<email-1>"} == texts[2]["by"]
    assert {"extra": {"who": "<email-2>"}} == json.loads(found["environment.json"])
    told = json.loads(found["manifest.json"])
    assert "<email-1> and <email-3>" == told["note"]
    assert {"email": 6} == told["redactions"]


def test_bundle_counts_redactions_by_rule() -> None:
    """Each rule has its own count, of the lines that leave."""
    lines = [
        line(1, "order", "anna@shop.example and bob@shop.example"),
        line(2, "order", "from 93.184.216.34, iban DE89370400440532013000"),
        line(3, "order", "nothing"),
    ]
    found = previewed(lines)
    assert {"email": 2, "ip": 1, "iban": 1} == found.redactions


def test_bundle_counts_nothing_of_what_does_not_leave() -> None:
    """Replaced in a line that the limit leaves out is not counted, nor is its text shown."""
    lines = [line(1, "order", "anna@shop.example"), line(2, "order", "bob@shop.example")]
    found = previewed(lines, most_bytes=len(lines[1]))
    assert (1, {"email": 1}, 1) == (found.events, found.redactions, found.oldest_left_out)


def test_bundle_survives_a_rule_that_raises() -> None:
    """Of a text on which a rule fails nothing leaves; the records stay."""

    def fail(hit: str) -> bool:
        raise ValueError(hit)

    redactor = Redactor(Redaction(rules=(Rule("bad", "boom", valid=fail),)))
    lines = [line(1, "order", "fine"), line(2, "order", "a boom"), line(3, "order", "x", boom=1)]
    found = preview([*lines, line(4, "order", "of anna@shop.example")], redactor)
    assert [1, 2, 3, 4] == [each["seq"] for each in records(found)]
    packed = pack(found, {"app": "boom", "ok": "fine", "boom": [1]}, note="a boom")
    kept = unpacked(packed)
    assert [] == [name for name, data in kept.items() if b"boom" in data]
    assert "fine" == json.loads(kept["environment.json"])["ok"]
    assert [] == verify(packed)


def test_bundle_tells_what_was_left_out_from_what_is_missing() -> None:
    """What the log has and the bundle not was chosen; what neither has is lost."""
    here = [line(seq, "order", "x") for seq in (3, 4, 7, 12)]
    found = preview(here, Redactor(), None, lambda _proc, _first, _last: [(3, 5), (7, 9), (12, 12)])
    (told,) = found.ranges
    assert (3, ((6, 6), (10, 11))) == (told.missing, told.gaps)
    assert (3, ((5, 5), (8, 9))) == (told.left_out, told.left_out_ranges)
    made = pack(found, {})
    said = unpacked(made)["README.txt"].decode()
    assert "Between them 3 events of the log were not taken along." in said
    assert "3 numbers between them stand for no event of the log." in said
    assert [] == verify(made)


def test_bundle_tells_ranges_and_gaps_of_each_process() -> None:
    """What is missing of a process is told by its numbers, in preview, manifest and README."""
    here = [line(seq, "order", "x") for seq in (3, 4, 7, 12)]
    there = [line(seq, "order", "x", proc=OTHER_PROC, session="ffff0000") for seq in (1, 2)]
    found = previewed([*here, *there])
    told = [(r.proc, r.first, r.last, r.events, r.missing, r.gaps) for r in found.ranges]
    assert [
        (PROC, 3, 12, 4, 6, ((5, 6), (8, 11))),
        (OTHER_PROC, 1, 2, 2, 0, ()),
    ] == told
    kept = unpacked(pack(found, {}))
    (first, second) = json.loads(kept["manifest.json"])["processes"]
    assert [[5, 6], [8, 11]] == first["gaps"]
    assert 0 == second["missing"]
    assert "6 events of 2 sessions" in kept["README.txt"].decode()
    assert "6 numbers between them stand for no event of the log." in kept["README.txt"].decode()


def test_bundle_of_no_events() -> None:
    """A bundle without an event says so and fits its manifest."""
    data = pack(previewed([]), {}, note="nothing happens")
    kept = unpacked(data)
    assert b"" == kept["events.jsonl"]
    assert "There are no events in it." in kept["README.txt"].decode()
    assert [] == verify(data)
    told: Any = json.loads(kept["manifest.json"])
    assert (0, "", []) == (told["events"], told["since"], told["processes"])


def test_bundle_environment_has_no_name_of_user_home_or_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the app runs on leaves without the names of who and where."""
    home = "/home/quentin.vane"
    monkeypatch.setenv("HOME", home)
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "quentin.vane")
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", f"{home}/logs of quentin.vane")
    told = os.uname()
    named = os.uname_result((told.sysname, "vane-host-7", told.release, told.version, "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: named)
    about = environment(lambda: {"at": "vane-host-7", "in": f"{home}/work", "of": "quentin.vane"})
    kept = files(previewed(session_lines()), about)["environment.json"].decode()
    assert [] == [name for name in ("quentin", "vane-host-7") if name in kept]
    expected = {"at": "<host-1>", "in": "<home-1>/work", "of": "<user-1>"}
    assert expected == json.loads(kept)["extra"]


def test_bundle_cuts_a_note_and_an_environment_without_end() -> None:
    """Both have a bound, and a zip of them fits its manifest."""
    about = {"app": "Shop", "extra": {str(n): "x" * 1000 for n in range(1000)}}
    found = files(previewed([]), about, note="€\ud800" * 10_000)
    assert len(found["environment.json"]) < 300_000
    assert json.loads(found["environment.json"])["truncated"] is True
    assert len(json.loads(found["manifest.json"])["note"].encode()) <= 8 * 1024
