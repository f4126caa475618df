"""A bundle has what the preview showed, redacted and counted, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datatools_audit.record.encode import encode
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.redaction.rule import Redaction
from datatools_audit.support.bundle import Choice, Preview, pack, preview
from datatools_audit.support.environment import environment
from datatools_audit.support.table import as_csv
from datatools_audit.support.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANN, BOB = "a1b2c3d4", "b1b2c3d4"
NAMES = [
    *("README.txt", "environment.json", "events.jsonl", "manifest.json", "report.html"),
    "steps.txt",
]
MOMENT = 1_800_000_000_000_000_000


def line(seq: int, category: str, message: str, *, session: str = ANN, **more: object) -> bytes:
    level = "error" if category == "error" else "info"
    ts = f"2026-05-19T08:00:{seq % 60:02}.000+00:00"
    return encode(ts, level, category, session, message, "9f3e12ab", seq, "upload", more, {})


LINES = (
    line(1, "session", "Session started", app="shop", version="2.1"),
    line(2, "upload", "Uploaded ann's table.csv", filename="ann's table.csv", bytes=24813),
    line(3, "widget", "Changed Contact", label="Contact", kind="text_input", new="ann@example.org"),
    line(5, "log", "mail to ann@example.org failed", logger="mail", session=BOB),
    line(
        6,
        "error",
        "In analyze: ValueError: cannot read ann's table.csv of ann@example.org",
        exc_type="ValueError",
        exc_message="cannot read ann's table.csv of ann@example.org",
        traceback="Traceback\nValueError: cannot read ann's table.csv of ann@example.org",
        support_code="E-7K3F9Q",
    ),
    line(7, "note", "the app says ann", nested={"who": ["ann@example.org"]}),
)


def made(
    lines: Iterable[bytes] = LINES, choice: Choice | None = None, redaction: Redaction | None = None
) -> Preview:
    return preview(lines, Redactor(redaction or Redaction()), choice)


def packed(found: Preview, told: Mapping[str, object] | None = None, **more: Any) -> bytes:
    return pack(found, told or {"python": "3.11"}, clock=lambda: MOMENT, **more)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def records(found: Preview) -> list[dict[str, Any]]:
    return [json.loads(each) for each in found.events_jsonl.splitlines()]


def test_bundle_has_five_files_and_its_manifest_fits() -> None:
    """Any unzip program opens it; each file has the SHA-256 that the manifest says."""
    found = made()
    files = unzipped(packed(found, note="about E-7K3F9Q"))
    manifest = json.loads(files["manifest.json"])
    assert NAMES == sorted(files)
    assert found.events_jsonl == files["events.jsonl"]
    for name in sorted({*NAMES} - {"manifest.json"}):
        told = manifest["files"][name]
        assert hashlib.sha256(files[name]).hexdigest() == told["sha256"]
        assert len(files[name]) == told["bytes"]
    assert ("shop", "2.1", 6) == (manifest["app"], manifest["version"], manifest["events"])
    assert [ANN, BOB] == manifest["sessions"]
    assert "about E-7K3F9Q" == manifest["note"]
    assert [] == verify(packed(found))
    assert b"6 events of 2 sessions" in files["README.txt"]


def test_bundle_is_the_same_for_the_same() -> None:
    """Packed twice at the same moment the bytes are the same, also of one preview."""
    found = made()
    assert packed(found) == packed(found) == packed(made())


@pytest.mark.parametrize("name", NAMES)
def test_bundle_that_was_changed_is_found_out(name: str) -> None:
    """A changed, a missing and an added file is told in a sentence."""
    files = unzipped(packed(made()))

    def zipped(changed: dict[str, bytes]) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for each, data in changed.items():
                archive.writestr(each, data)
        return target.getvalue()

    assert [] == verify(zipped(files))
    assert verify(zipped(files | {name: files[name][:-2] + b"?" + files[name][-1:]}))
    assert verify(zipped({each: data for each, data in files.items() if each != name}))
    assert verify(zipped(files | {"more.txt": b"x"}))
    assert verify(b"no zip")


def test_bundle_lines_stay_whole_and_are_redacted() -> None:
    """Each line is strict JSON in its old order; the same value has the same pseudonym."""
    found = made()
    assert [1, 2, 3, 5, 6, 7] == [record["seq"] for record in records(found)]
    assert list(json.loads(LINES[4])) == list(records(found)[4])
    assert b"ann@example.org" not in found.events_jsonl
    assert "<email-1>" == records(found)[2]["new"]
    assert {"who": ["<email-1>"]} == records(found)[5]["nested"]
    assert 6 == found.redactions["email"]
    (ranged,) = found.ranges
    assert (1, 7, 6, 1, ((4, 4),)) == (
        ranged.first,
        ranged.last,
        ranged.events,
        ranged.missing,
        ranged.gaps,
    )


def test_bundle_has_no_secret_in_any_file() -> None:
    """Neither events nor environment, note or manifest have what a rule hits."""
    lines = [*LINES, line(8, "note", "x", **{"mail ann@example.org": {"ann@example.org": 1}})]
    told = environment(lambda: {"owner": "ann@example.org"}, hooks={"ann@example.org": "x"})
    files = unzipped(packed(made(lines), told, note="I am ann@example.org"))
    assert [] == [name for name, data in files.items() if b"ann@example.org" in data]
    assert "<email-1>" == json.loads(files["environment.json"])["extra"]["owner"]


@pytest.mark.parametrize(
    ("group", "gone", "kept"),
    [
        ("exceptions", ["cannot read"], ["E-7K3F9Q", "ValueError", "Contact"]),
        ("logging", ["mail to"], ["cannot read", "Contact"]),
        ("labels", ["Contact"], ["cannot read", "mail to"]),
        ("filenames", ["table.csv"], ["mail to", "24813"]),
        ("own", ["the app says"], ["cannot read", "mail to"]),
    ],
)
def test_bundle_without_a_group_of_texts(group: str, gone: list[str], kept: list[str]) -> None:
    """What is ticked off is nowhere in the bundle, quotes of it included; the records stay."""
    found = made(choice=Choice(**{group: False}))
    whole = b"".join(unzipped(packed(found)).values()).decode()
    assert [] == [text for text in gone if text in whole]
    assert [] == [text for text in kept if text not in whole]
    assert [1, 2, 3, 5, 6, 7] == [record["seq"] for record in records(found)]
    assert {} == found.texts[group]
    assert found.left_out[group] > 0
    assert "The sender left out" in whole


def test_bundle_lists_texts_apart() -> None:
    """The texts of each group are listed as they will leave, with how often."""
    texts = made().texts
    assert "mail to <email-1> failed" in texts["logging"]
    assert "Contact" in texts["labels"]
    assert any("<email-1>" in text for text in texts["exceptions"])
    assert "ann's table.csv" in texts["filenames"]
    assert not [t for group in texts.values() for t in group if "ann@example.org" in t]


def test_bundle_has_a_limit_and_says_what_it_left_out() -> None:
    """The oldest go first, and preview, manifest and README say how many."""
    lines = [line(seq, "note", f"event {seq} " + "x" * 100) for seq in range(1, 51)]
    found = made(lines, Choice(most_bytes=2_000))
    files = unzipped(packed(found))
    assert len(found.events_jsonl) <= 2_000
    assert 50 == records(found)[-1]["seq"]
    assert 50 == found.oldest_left_out + found.events
    assert found.oldest_left_out == json.loads(files["manifest.json"])["left_out"]["oldest"]
    assert f"{found.oldest_left_out} earlier lines left out" in files["README.txt"].decode()


def test_bundle_takes_no_line_that_is_none() -> None:
    """Torn, foreign and overlong lines stay behind and are counted."""
    lines = [LINES[0], b'{"ts":"2026\n', b"hello\n", b"\xff\n", b"x" * (2 << 20), LINES[1]]
    found = made(lines)
    assert (2, 4) == (found.events, found.no_record)
    assert [] == verify(packed(found))


def test_bundle_of_nothing() -> None:
    """No event is a bundle too, and it says so."""
    found = made([])
    assert (0, b"", "") == (found.events, found.events_jsonl, found.since)
    assert b"There are no events in it." in unzipped(packed(found))["README.txt"]
    assert [] == verify(packed(found))


class _Fails(Redactor):
    def record(self, record: Mapping[str, object]) -> dict[str, object]:
        if record["seq"] == 2:
            raise RuntimeError("a rule")
        return super().record(record)


def test_bundle_leaves_out_what_cannot_be_redacted() -> None:
    """A record on which the redactor fails does not leave."""
    found = preview(LINES, _Fails(Redaction()))
    assert [1, 3, 5, 6, 7] == [record["seq"] for record in records(found)]
    assert 1 == found.no_record


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), 1 << 63) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    extras=st.lists(st.dictionaries(st.text(max_size=12), JSON, max_size=5), max_size=4),
    message=st.text(max_size=20),
    keeps=st.booleans(),
)
def test_bundle_of_anything_is_a_bundle(extras: list[Any], message: str, keeps: bool) -> None:  # noqa: FBT001
    """Whatever a log holds, what is packed is whole, strict and fits its manifest."""
    lines = [
        encode(
            "2026-05-19T08:00:00.000+00:00",
            "info",
            "note",
            ANN,
            message,
            "9f3e12ab",
            n,
            None,
            {},
            e,
        )
        for n, e in enumerate(extras, 1)
    ]
    choice = Choice(labels=keeps, own=keeps, filenames=keeps)
    data = packed(made(lines, choice), {"x": extras})
    files = unzipped(data)
    assert NAMES == sorted(files)
    assert [] == verify(data)
    for each in files["events.jsonl"].splitlines(keepends=True):
        assert each.endswith(b"\n")
        json.loads(each, parse_constant=lambda name: pytest.fail(name))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (lambda: {"rows": 3}, '"rows": 3'),
        (lambda: MappingProxyType({"rows": 4}), '"rows": 4'),
        (lambda: [1], "it returned list, no mapping"),
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: {"x": object()}, '"x": "object"'),
        (lambda: {"x": "y" * 200_000}, "truncated"),
    ],
)
def test_environment_contains_the_apps_own_part(extra: Any, said: str) -> None:
    """What the app adds is there as a record would have it; what fails is said there."""
    files = unzipped(packed(made(), environment(extra)))
    assert said in files["environment.json"].decode()


def test_environment_names_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """User, home folder and host are not in it; versions and counters are."""
    home = tmp_path / "annalena"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "annalena")
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(home / "logs"))
    text = unzipped(packed(made(), environment()))["environment.json"].decode()
    told = json.loads(text)
    assert [] == [name for name in ("annalena", os.uname().nodename) if name in text]
    assert "~/logs" == told["settings"]["dir"]
    assert {"queued", "written", "dropped"} <= set(told["counters"])
    assert {"python", "platform", "timezone", "product_version"} <= set(told)


def test_preview_keeps_a_window_and_not_the_log() -> None:
    """A long log needs no more memory than a few times the limit."""
    one = line(1, "note", "x" * 200)
    tracemalloc.start()
    found = made((one for _ in range(100_000)), Choice(most_bytes=1 << 18))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.oldest_left_out > 90_000
    assert peak < 24 * (1 << 18)


def test_csv_has_no_cell_that_acts() -> None:
    """Formulas stand behind an apostrophe; quotes and line ends come back as they were."""
    rows = [{"message": '=HYPERLINK("x")', "n": -5, "t": 'say "hi";=1', "l": "a\nb"}]
    head, cells = csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline=""))
    told = dict(zip(head, cells, strict=True))
    assert '\'=HYPERLINK("x")' == told["message"]
    assert ("-5", "a\nb") == (told["n"], told["l"])
    assert ";=1" not in told["t"]
