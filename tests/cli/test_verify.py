"""Tests of ``verify``: is everything there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import SESSION, Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Done]
SESSIONS = ("00000001", "00000002")


def log_of(count: int) -> list[dict[str, object]]:
    record = Recording()
    return [record.click("Do", session=SESSIONS[n % 2]) for n in range(count)]


def answer(command: Command, path: Path) -> tuple[int, str]:
    done = command("verify", path)
    return done.status, done.out


def test_verify_whole_log(command: Command) -> None:
    """A log as it was written is complete, and the status says so."""
    assert (0, "Complete: 70 records.\n") == answer(command, SESSION)


def test_verify_missing_records(command: Command, tmp_path: Path) -> None:
    """What was cut out of a log is known by its numbers."""
    log = log_of(20)
    path = written(tmp_path / "log.jsonl", log[:5] + log[8:])
    assert (
        1,
        "Process 9f3e12ab: 3 records are missing (6 to 8).\nNot complete: 17 records.\n",
    ) == (answer(command, path))


def test_verify_doubled_records(command: Command, tmp_path: Path) -> None:
    """What is there twice is told."""
    log = log_of(20)
    status, said = answer(command, written(tmp_path / "log.jsonl", [*log, log[3]]))
    assert 1 == status
    assert "1 record is there twice." in said


def test_verify_torn_and_foreign_lines(command: Command, tmp_path: Path) -> None:
    """A part of a record and what is none are two things."""
    path = written(tmp_path / "log.jsonl", log_of(3))
    path.write_bytes(path.read_bytes() + b'{"ts":"2026-05\nhello\n')
    status, said = answer(command, path)
    assert 1 == status
    assert "1 line is torn: a part of a record.\n1 line is no record of the log.\n" in said


def test_verify_dropped_records_are_no_riddle(command: Command, tmp_path: Path) -> None:
    """What the log says it has dropped is told by that, and not once more as missing."""
    log = log_of(20)
    drop = Recording()("audit", "3 records were dropped", dropped=3, first_seq=6, last_seq=8)
    drop |= {"seq": 21}
    status, said = answer(command, written(tmp_path / "log.jsonl", [*log[:5], *log[8:], drop]))
    assert (1, "3 records were dropped, as the log itself says.\nNot complete: 18 records.\n") == (
        status,
        said,
    )


def test_verify_extract_cannot_tell(command: Command, tmp_path: Path) -> None:
    """A session's own lines have gaps where others' are: that is neither yes nor no."""
    own = [record for record in log_of(20) if record["session"] == SESSIONS[0]]
    status, said = answer(command, written(tmp_path / "log.jsonl", own))
    assert 1 == status
    assert said.endswith("Cannot tell: 10 records.\n")
    assert "of other sessions, of another time, or lost" in said


def test_verify_log_of_a_later_day_cannot_tell(command: Command, tmp_path: Path) -> None:
    """A process that goes on past midnight begins with a higher number, and with both days not."""
    log = log_of(20)
    first = written(tmp_path / "datatools-2026-05-18.jsonl", log[:10])
    second = written(tmp_path / "datatools-2026-05-19.jsonl", log[10:])
    status, said = answer(command, second)
    assert 1 == status
    assert "it begins with number 11" in said
    assert Done(0, "Complete: 20 records.\n", "") == command("verify", first, second)


def test_verify_bundle(command: Command, tmp_path: Path) -> None:
    """A bundle fits its manifest, until somebody changes it."""
    made = tmp_path / "bundle.zip"
    assert 0 == command("bundle", SESSION, "-o", made).status
    status, said = answer(command, made)
    assert (0, True) == (status, said.startswith("What the manifest says fits"))
    import zipfile

    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["events.jsonl"] = files["events.jsonl"].replace(b"Shop", b"Chop")
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    status, said = answer(command, tmp_path / "changed.zip")
    assert 1 == status
    assert "events.jsonl has another SHA-256 than the manifest says." in said


def test_verify_a_log_beside_a_bundle_is_looked_at_for_itself(
    command: Command, tmp_path: Path
) -> None:
    """What a manifest tells of its bundle says nothing of another file's gaps."""
    log = log_of(20)
    made, path = tmp_path / "made.zip", written(tmp_path / "log.jsonl", log[:5] + log[8:])
    command("bundle", SESSION, "-o", made)
    done = command("verify", path, made)
    assert 1 == done.status
    assert "Logs:\nProcess 9f3e12ab: 3 records are missing (6 to 8).\n" in done.out


def test_verify_broken_archive_is_torn(command: Command, tmp_path: Path) -> None:
    """What is before the break is looked at, and the break told, healthy days beside it too."""
    import gzip
    import random

    log = log_of(2_000)
    chance = random.Random(1)
    for record in log:  # which packs badly, so that the break is amid it
        record["message"] = f"{chance.random()}"
    path = written(tmp_path / "log.jsonl", log)
    packed = tmp_path / "datatools-2026-05-18.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-4_000])
    done = command("verify", packed)
    assert 1 == done.status
    assert "1 line is torn: a part of a record." in done.out or "2 lines are torn" in done.out
    records = int(done.out.split("Not complete: ")[1].split()[0].replace(",", ""))
    assert 1_000 < records < 2_000


def test_verify_bundle_of_one_session_has_no_gaps(command: Command, tmp_path: Path) -> None:
    """What was left out by choice is in the manifest, and what is lost is told all the same."""
    log = log_of(20)
    path = written(tmp_path / "log.jsonl", log[:5] + log[8:])
    whole, part = tmp_path / "whole.zip", tmp_path / "part.zip"
    command("bundle", written(tmp_path / "all.jsonl", log), "-o", whole, "--session", SESSIONS[0])
    status, said = answer(command, whole)
    assert (0, True) == (status, said.endswith("Complete: 10 records.\n")), said
    command("bundle", path, "-o", part, "--session", SESSIONS[0])
    status, said = answer(command, part)
    assert 1 == status
    assert "Process 9f3e12ab: 3 records are missing (6 to 8)." in said


def test_verify_nothing_cannot_tell(command: Command, tmp_path: Path) -> None:
    """An empty log may have been emptied; a bundle that says it has nothing is complete."""
    log, made = written(tmp_path / "log.jsonl", []), tmp_path / "made.zip"
    assert (1, "There is no record in it.\nCannot tell: 0 records.\n") == answer(command, log)
    command("bundle", log, "-o", made)
    status, said = answer(command, made)
    assert (0, True) == (status, said.endswith("Complete: 0 records.\n"))


def test_verify_dropped_records_of_a_bundle_are_told_once(command: Command, tmp_path: Path) -> None:
    """Its manifest counts them as missing; of what the log has told there is no riddle left."""
    log, made = log_of(30), tmp_path / "made.zip"
    drop = Recording()("audit", "3 were dropped", dropped=3, first_seq=6, last_seq=8) | {"seq": 31}
    path = written(tmp_path / "log.jsonl", [*log[:5], *log[8:19], *log[20:], drop])
    command("bundle", path, "-o", made)
    _, said = answer(command, made)
    assert said.splitlines()[1:] == [
        "3 records were dropped, as the log itself says.",
        "Process 9f3e12ab: 1 record is missing (20).",
        "Not complete: 27 records.",
    ]
