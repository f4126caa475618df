"""What a person ticks off is gone from the whole bundle; the records stay."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datatools_audit.support.bundle import Preview, pack
from datatools_audit.support.groups import GROUPS, LEFT_OUT
from datatools_audit.support.verify import verify
from tests.support.made import line, previewed, records, session_lines, unpacked

TEXTS = {
    "exceptions": ["bad cell", "Traceback (most recent"],
    "logging": ["cannot read"],
    "labels": ["Your name", "key-of-name", "Anna", "Upload a table"],
    "filenames": ["customers.csv"],
    "own": ["Order placed"],
}


def without(*groups: str, lines: list[bytes] | None = None) -> Preview:
    return previewed(session_lines() if lines is None else lines, **dict.fromkeys(groups, False))


@pytest.mark.parametrize("group", GROUPS)
def test_choices_take_the_texts_of_a_group_out_of_every_file(group: str) -> None:
    """A group's texts are in no file, those of the other groups still are, and no record goes."""
    found = without(group)
    data = pack(found, {"app": "Shop"})
    everything = b"".join(unpacked(data).values())
    assert [] == [text for text in TEXTS[group] if text.encode() in everything]
    others = [text for name, texts in TEXTS.items() if name != group for text in texts]
    assert [] == [text for text in others if text.encode() not in everything]
    assert list(range(1, 10)) == [each["seq"] for each in records(found)]
    assert [] == verify(data)


def test_choices_keep_what_steps_are_made_of() -> None:
    """With everything ticked off order, kinds, outcomes and codes are still to be read."""
    found = records(without(*GROUPS))
    given = [json.loads(each) for each in session_lines()]
    kept = ("ts", "category", "session", "proc", "seq", "phase", "outcome", "support_code", "kind")
    assert [[r.get(n) for n in kept] for r in given] == [[r.get(n) for n in kept] for r in found]
    assert [list(each) for each in given] == [list(each) for each in found]
    assert "Uploaded <left out>" == found[2]["message"]
    assert "analyze failed: ValueError" == found[5]["message"]
    assert LEFT_OUT == found[6]["message"] == found[7]["message"]


def test_choices_count_what_is_left_out() -> None:
    """Each group ticked off has a count of its texts, in preview, manifest and README."""
    found = without("exceptions", "filenames")
    assert {"exceptions": 4, "filenames": 1} == found.left_out
    kept = unpacked(pack(found, {}))
    assert found.left_out == json.loads(kept["manifest.json"])["left_out"]["by_choice"]
    text = kept["README.txt"].decode()
    assert "The sender left out names of files and folders: 1 text." in text
    assert "The sender left out the text of errors and their tracebacks: 4 texts." in text


def test_choices_list_the_texts_of_each_group_after_redaction() -> None:
    """Each group's texts stand apart, the most frequent first, as they leave."""
    texts = previewed(session_lines()).texts
    assert GROUPS == tuple(texts)
    assert {"cannot read customers.csv for <email-1>": 1} == texts["logging"]
    assert {"customers.csv": 1} == texts["filenames"]
    assert {"Upload a table", "Your name", "key-of-name", "Anna"} == set(texts["labels"])
    assert {"Order placed": 1, "<email-2>": 1} == texts["own"]
    assert 1 == texts["exceptions"]["bad cell of <email-1>"]


def test_choices_list_no_text_of_a_group_that_is_ticked_off() -> None:
    """What does not leave is not listed."""
    texts = without("labels", "own").texts
    assert [{}, {}] == [texts["labels"], texts["own"]]
    assert texts["logging"]


@pytest.mark.parametrize(
    "quoting",
    [
        line(2, "log", "cannot read Zoë's list.csv"),
        line(2, "log", "cannot read", fields={"logger": "shop"}, at=["in Zoë's list.csv, line 3"]),
        line(2, "order", "x", deep={"Zoë's list.csv": {"of": "Zoë's list.csv"}}),
        line(2, "order", "x", **{"Zoë's list.csv": 1}),
        line(
            2, "error", "Uncaught: OSError: Zoë's list.csv", fields={"traceback": "Zoë's list.csv"}
        ),
        line(2, "widget", "Clicked Zoë's list.csv", fields={"label": "Zoë's list.csv"}),
        line(2, "Zoë's list.csv", "Zoë's list.csv started", phase="start", action_id="8f5ff5eb"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_choices_take_a_file_name_out_of_what_quotes_it(quoting: bytes, *, is_first: bool) -> None:
    """A file name is gone from messages, values, names and tracebacks of other records too."""
    upload = line(1, "upload", "Uploaded Zoë's list.csv", fields={"filename": "Zoë's list.csv"})
    lines = [quoting, upload] if is_first else [upload, quoting]
    found = without("filenames", lines=lines)
    assert 2 == found.events
    assert "Zoë's list" not in found.events_jsonl.decode()
    assert "Zoë's list" not in repr(found)


@pytest.mark.parametrize("group", ["exceptions", "logging", "labels"])
def test_choices_take_a_text_out_of_its_whole_record(group: str) -> None:
    """What a group has in one field is gone where another field of the record quotes it."""
    lines = {
        "exceptions": line(1, "order", "x failed: no row 7b", exc_message="no row 7b"),
        "logging": line(1, "log", "no row 7b", args=["no row 7b"]),
        "labels": line(1, "order", "pressed no row 7b", label="no row 7b"),
    }
    assert b"no row 7b" not in without(group, lines=[lines[group]]).events_jsonl


def test_choices_leave_the_records_of_a_hand_over_readable() -> None:
    """That the log or a bundle left is no name of a file, and its times are no free text."""
    fields = {"scope": "all", "filename": "datatools-support-a1b2c3d4.zip", "since": "2026"}
    lines = [
        line(1, "download", "Handed over a support bundle", fields=fields),
        line(2, "download", "Handed over the log", fields=fields),
    ]
    found = records(without("filenames", "own", lines=lines))
    assert ["Handed over a support bundle", "Handed over the log"] == [r["message"] for r in found]
    assert ["2026", "2026"] == [r["since"] for r in found]
    assert [LEFT_OUT, LEFT_OUT] == [r["filename"] for r in found]


def test_choices_take_what_a_person_reported_as_own_text() -> None:
    """The words of a report go with the app's own texts; that there is one stays."""
    fields = {"support_code": "E-H8ME3S", "just_now": True, "error_code": "E-000000", "text": "Oh"}
    (found,) = records(
        without("own", lines=[line(1, "report", "Reported a problem", fields=fields)])
    )
    assert ("Reported a problem", "E-H8ME3S") == (found["message"], found["support_code"])
    assert LEFT_OUT == found["text"]


@pytest.mark.parametrize(
    "name",
    [
        *("outcome", "phase", "exc_type", "support_code", "page", "action_id", "parent_id"),
        *("run_id", "app", "user", "kind", "logger", "left", "type", "error", "dropped"),
    ],
)
@pytest.mark.parametrize(
    "category",
    ["order", "session", "nav", "widget", "upload", "download", "run", "hang", "error", "audit"],
)
def test_choices_trust_no_field_for_its_name_alone(name: str, category: str) -> None:
    """An app's own words are own text, whatever it calls the field."""
    given: dict[str, Any] = {"page": None, name: "Ann Lee refused"}
    said = [line(1, category, "Ann Lee refused", **given)]
    found = without("own", "exceptions", "labels", "filenames", lines=said)
    assert b"Ann Lee" not in found.events_jsonl


def test_choices_trust_a_message_of_an_action_with_ids_of_ours_only() -> None:
    """An app can say the same words."""
    fields = {"action_id": "8f5ff5eb", "exc_type": "Ann Lee refused"}
    said = [line(1, "order", "order failed: Ann Lee refused", fields=fields)]
    (found,) = records(without("own", lines=said))
    assert [LEFT_OUT, LEFT_OUT] == [found["message"], found["exc_type"]]


def test_choices_keep_what_the_log_says_of_itself() -> None:
    """That records were lost, or the log could not be written, is no text of anybody's."""
    lost = {"dropped": 3, "first_seq": 1, "last_seq": 9, "dropped_since_start": 3}
    told = [
        ("3 records were dropped", lost),
        ("The log could not be written for 2.5 s", {"outage_seconds": 2.5, "error": "disk full"}),
        (
            "recovered 1 event of a process that died at 2026-05-19T14:00:01.000+00:00; 2 are lost",
            {"recovered": 1, "missing": 2, "died_proc": "0000aaaa", "died_at": None},
        ),
        ("Checked the log", {"check": "8f5ff5eb"}),
    ]
    lines = [line(n, "audit", said, fields=fields) for n, (said, fields) in enumerate(told, 1)]
    kept = records(without(*GROUPS, lines=lines))
    assert [json.loads(each) for each in lines] == kept
