"""Tests of ``bundle`` and ``where``: what is left when the app does not open."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

import datatools_audit
from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Done]


def events_of(path: str | Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("events.jsonl")


def test_bundle_of_today_lies_here(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments it is today's log, in this folder, and its full path is printed."""
    monkeypatch.chdir(tmp_path)
    datatools_audit.log_event("note", "mail ann@example.org")
    done = command("bundle")
    path = Path(done.out.strip())
    assert (0, tmp_path, True) == (done.status, path.parent, path.is_absolute())
    assert b"<email-1>" in events_of(path)
    assert b"ann@example.org" not in path.read_bytes()
    assert 0o600 == path.stat().st_mode & 0o777


def test_bundle_nothing_recorded_today(command: Command, log_folder: Path) -> None:
    """No log of today is a sentence that names its place, and the newest one there is."""
    said = f"there is no {datatools_audit.audit_log_path()}"
    done = command("bundle")
    assert (2, f"datatools-audit: nothing has been recorded today: {said}\n") == (
        done.status,
        done.err,
    )
    log_folder.mkdir()
    for day in (17, 18):
        (log_folder / f"datatools-2026-05-{day}.jsonl").touch()
    done = command("bundle")
    newest = f"; the newest log is {log_folder}/datatools-2026-05-18.jsonl, give it as FILE\n"
    assert (2, True) == (done.status, done.err.endswith(said + newest))


def test_bundle_of_a_part(command: Command, tmp_path: Path) -> None:
    """A session, a time, and without the names of files."""
    record = Recording()
    log = [
        record("upload", "Uploaded a.csv", filename="a.csv", session=f"0000000{n % 2}")
        for n in range(20)
    ]
    path = written(tmp_path / "log.jsonl", log)
    made = tmp_path / "made.zip"
    done = command(
        *("bundle", path, "-o", made, "--session", "00000001"),
        *("--since", log[5]["ts"], "--until", log[15]["ts"], "--leave-out", "filenames"),
    )
    assert 0 == done.status, done.err
    events = events_of(made)
    assert [log[n]["seq"] for n in (5, 7, 9, 11, 13)] == [
        json.loads(line)["seq"] for line in events.splitlines()
    ]
    assert b"a.csv" not in events


def test_bundle_says_what_was_no_record(command: Command, tmp_path: Path) -> None:
    """Torn and foreign lines, and the break of an archive, are counted in it, not passed over."""
    import gzip

    made = tmp_path / "made.zip"
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(SESSION.read_bytes() + b"hello\n\xff\n")[:-12])
    done = command("bundle", path, "-o", made)
    assert 0 == done.status, done.err
    told = int(done.err.split("Left out because they are no record: ")[1].split()[0])
    with zipfile.ZipFile(made) as archive:
        left_out = json.loads(archive.read("manifest.json"))["left_out"]
    assert 1 <= told == left_out["no_record"]


def test_bundle_of_a_folder_has_the_newest(command: Command, tmp_path: Path) -> None:
    """What is packed is older, not newer, and the limit leaves the oldest out."""
    import gzip

    folder, record = tmp_path / "logs", Recording()
    folder.mkdir()
    log = [record("note", "x" * 1_000, n=n) for n in range(2_000)]
    half = written(tmp_path / "half", log[:1_000]).read_bytes()
    (folder / "datatools-2026-05-18.jsonl.gz").write_bytes(gzip.compress(half))
    written(folder / "datatools-2026-05-19.jsonl", log[1_000:])
    for number, names in enumerate(([folder], sorted(folder.iterdir())[::-1])):
        made = tmp_path / f"{number}.zip"
        assert 0 == command("bundle", *names, "-o", made, "--max-mib", "1").status
        kept = [json.loads(line)["n"] for line in events_of(made).splitlines()]
        assert (1_999, True) == (kept[-1], len(kept) < 1_000)


def test_bundle_never_overwrites(command: Command, tmp_path: Path) -> None:
    """What is there already stays."""
    made = tmp_path / "made.zip"
    made.write_bytes(b"precious")
    done = command("bundle", SESSION, "-o", made)
    assert (2, b"precious") == (done.status, made.read_bytes())
    assert "is there already; choose another name with -o" in done.err


def test_bundle_where_this_folder_cannot_be_written(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes to the temporary folder then, and says so by its path."""
    monkeypatch.setattr("pathlib.Path.cwd", lambda: tmp_path / "gone")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = command("bundle", SESSION)
    assert (0, tmp_path) == (done.status, Path(done.out.strip()).parent)


def test_bundle_on_a_full_disk_leaves_no_half_of_it(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a zip in the person's folder would be sent; the whole one is in the other place."""

    def full(handle: int, mode: str) -> IO[bytes]:
        monkeypatch.undo()
        os.write(handle, b"PK")
        os.close(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fdopen", full)
    made = tmp_path / "made.zip"
    done = command("bundle", SESSION, "-o", made)
    assert (2, False) == (done.status, made.exists())
    assert done.err.endswith("made.zip cannot be written: No space left on device\n")


def test_where_says_folder_and_file(command: Command, log_folder: Path) -> None:
    """Both as they are, to be pasted; nothing is made."""
    done = command("where")
    assert f"folder  {log_folder}\ntoday   {datatools_audit.audit_log_path()}\n" == done.out
    assert not log_folder.exists()


def test_where_check_writes_and_reads_back(command: Command) -> None:
    """A good log says so, and the state of its writer."""
    done = command("where", "--check")
    assert 0 == done.status
    assert "check   an event was written and read back\n" in done.out
    assert "writer alive: True" in done.out


def test_where_check_of_a_folder_that_cannot_be(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the folder's place is told with the system's reason, and status 1."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(tmp_path / "file" / "logs"))
    monkeypatch.setattr("datatools_audit.cli.where._CHECK_SECONDS", 0.3)
    done = command("where", "--check")
    assert 1 == done.status
    assert "check   no event could be written: NotADirectoryError" in done.out


def test_where_check_while_recording_is_off(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what switched it off."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    done = command("where", "--check")
    assert (1, True) == (done.status, "DATATOOLS_AUDIT_ENABLED=0" in done.out)
