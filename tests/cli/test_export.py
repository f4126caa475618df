"""``export``: what it says of what it has written, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.made import line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Make a log of three records."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(line(seq, "nav", f"Opened {seq}") for seq in (1, 2, 3)))
    return path


def test_export_says_what_it_has_written(
    log: Path, tmp_path: Path, command: Callable[..., Done]
) -> None:
    """A line for each day, and the folder."""
    done = command("export", log, "--parquet", tmp_path / "lake")
    day, folder = done.out.splitlines()
    assert (0, str(tmp_path / "lake")) == (done.status, folder)
    assert day.startswith("2026-05-19  3 records, ")
    assert [tmp_path / "lake/day=2026-05-19/events-log.parquet"] == list(tmp_path.glob("lake/*/*"))


def test_export_of_nothing_says_so(tmp_path: Path, command: Callable[..., Done]) -> None:
    """An empty log makes no file."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = command("export", empty, "--parquet", tmp_path / "lake")
    assert (0, "No record to export.\n") == (done.status, done.out)
    assert not (tmp_path / "lake").exists()


def test_export_errors_are_one_line(
    log: Path, tmp_path: Path, command: Callable[..., Done]
) -> None:
    """What is wrong is said, with what to do, and status 2."""
    (tmp_path / "file").touch()
    for arguments in (
        ["export", log],
        ["export", log, "--parquet", tmp_path / "file"],
        ["export", tmp_path / "nowhere", "--parquet", tmp_path / "lake"],
        ["export", log, "--parquet", tmp_path / "lake", "--name", "a/b"],
    ):
        done = command(*arguments)
        assert (2, "") == (done.status, done.out), arguments
        assert 1 == len(done.err.splitlines()), done.err


def test_export_refuses_logs_of_two_machines_under_one_name(
    log: Path, tmp_path: Path, command: Callable[..., Done]
) -> None:
    """Else a later export of one machine would take the other's records away."""
    for name in ("web-1", "web-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "datatools-2026-05-19.jsonl").write_bytes(log.read_bytes())
    lake = ["--parquet", tmp_path / "lake"]
    done = command("export", tmp_path / "web-1", tmp_path / "web-2", *lake)
    assert (2, "") == (done.status, done.out)
    assert "both have a log datatools-2026-05-19" in done.err
    assert not (tmp_path / "lake").exists()
    for name in ("web-1", "web-2"):
        assert 0 == command("export", tmp_path / name, *lake, "--name", name).status
    assert 2 == len(list(tmp_path.glob("lake/*/*.parquet")))
