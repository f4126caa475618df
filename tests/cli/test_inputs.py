"""Tests of what a command may be given: logs, archives, bundles, folders, a pipe."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from datatools_audit import read_events
from datatools_audit.errors import ReadError
from datatools_audit.reading.inputs import inputs
from tests.cli.conftest import SESSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WHOLE = SESSION.read_bytes()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("events.jsonl", WHOLE)
    return target.getvalue()


FORMS = {"log.jsonl": WHOLE, "log.jsonl.gz": gzip.compress(WHOLE), "bundle.zip": zipped()}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_inputs_of_any_form_have_the_same_records(
    name: str, *, plain: bool, tmp_path: Path
) -> None:
    """A log is the same packed, in a bundle, and through a pipe."""
    (tmp_path / name).write_bytes(FORMS[name])
    with inputs([str(tmp_path / name)], plain=plain) as (found,):
        assert WHOLE == b"".join(record.raw for record in read_events(found.path))
    with inputs(["-"], io.BytesIO(FORMS[name]), plain=plain) as (piped,):
        assert "standard input" == piped.name
        assert WHOLE == b"".join(record.raw for record in read_events(piped.path))


def test_inputs_of_a_folder_are_its_logs(tmp_path: Path) -> None:
    """By name, so by day; nothing else that lies there."""
    for name in ("datatools-2026-05-19.jsonl", "datatools-2026-05-18.jsonl", "other.jsonl"):
        (tmp_path / name).write_bytes(WHOLE)
    with inputs([str(tmp_path)]) as found:
        assert ["datatools-2026-05-18.jsonl", "datatools-2026-05-19.jsonl"] == [
            each.path.name for each in found
        ]


def test_inputs_of_a_pattern(tmp_path: Path) -> None:
    """Where no shell has done it, as on Windows."""
    for name in ("a.jsonl", "b.jsonl", "c.txt"):
        (tmp_path / name).write_bytes(WHOLE)
    with inputs([str(tmp_path / "*.jsonl")]) as found:
        assert ["a.jsonl", "b.jsonl"] == [each.path.name for each in found]


def test_inputs_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was unpacked is gone when the command is done, also after a failure."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "made"))
    (tmp_path / "made").mkdir()
    (tmp_path / "bundle.zip").write_bytes(FORMS["bundle.zip"])
    with pytest.raises(ReadError), inputs([str(tmp_path / "bundle.zip"), "/nowhere"]):
        pass
    assert [] == list((tmp_path / "made").iterdir())


def test_inputs_refuse_what_would_wait(tmp_path: Path) -> None:
    """A FIFO is no file: to open it could take for ever."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="is no plain file"), inputs([str(tmp_path / "pipe")]):
        pass


def test_inputs_refuse_a_bundle_that_would_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much it has unpacked is known before."""
    monkeypatch.setattr("datatools_audit.reading.inputs.MOST_UNPACKED_BYTES", 100)
    (tmp_path / "bundle.zip").write_bytes(FORMS["bundle.zip"])
    with (
        pytest.raises(ReadError, match="more than 100 bytes"),
        inputs([str(tmp_path / "bundle.zip")]),
    ):
        pass


@pytest.mark.parametrize("name", ["log.jsonl.gz", "bundle.zip"])
def test_inputs_tell_how_far_they_have_unpacked(tmp_path: Path, name: str) -> None:
    """What is packed is told of in parts, whose sum is the size that was told before."""
    (tmp_path / name).write_bytes(FORMS[name])
    parts: list[int] = []
    told: list[tuple[int, str]] = []

    @contextlib.contextmanager
    def watch(size: int, label: str) -> Iterator[Callable[[int], None]]:
        told.append((size, label))
        yield parts.append

    with inputs([str(tmp_path / name)], plain=True, watch=watch):
        assert [(sum(parts), "Unpacking")] == told
