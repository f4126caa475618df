"""A file becomes another whole or not at all, and all of them or none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from datatools_audit.errors import AuditError
from datatools_audit.init.applying import Change, apply, refusal


def test_applying_keeps_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A script that could be executed can be; a new file is as the user's umask has it."""
    script, new = tmp_path / "app.py", tmp_path / "pages" / "x.py"
    script.write_bytes(b"a")
    script.chmod(0o750)
    apply([Change(script, b"a", b"b"), Change(new, None, b"c", with_folder=True)])
    assert (b"b", b"c") == (script.read_bytes(), new.read_bytes())
    assert 0o750 == stat.S_IMODE(script.stat().st_mode)
    assert 0o600 & stat.S_IMODE(new.stat().st_mode)
    assert ["app.py", "pages", "pages/x.py"] == sorted(
        p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")
    )


def test_applying_writes_nothing_over_what_has_changed(tmp_path: Path) -> None:
    """Between the question and the answer somebody may have saved the file."""
    script, other = tmp_path / "app.py", tmp_path / "other.py"
    script.write_bytes(b"a")
    other.write_bytes(b"newer")
    with pytest.raises(AuditError, match="has changed meanwhile"):
        apply([Change(script, b"a", b"b"), Change(other, b"old", b"c")])
    with pytest.raises(AuditError, match="has changed meanwhile"):
        apply([Change(script, None, b"b")])
    assert (b"a", b"newer") == (script.read_bytes(), other.read_bytes())


@pytest.mark.parametrize("fails", ["replace", "mkstemp"])
def test_applying_takes_back_what_was_written(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last file cannot be written the first is as it was, and no folder is left."""
    paths = [tmp_path / "a.py", tmp_path / "b.py"]
    for path in paths:
        path.write_bytes(b"old")
    page = tmp_path / "pages" / "x.py"
    changes = [Change(path, b"old", b"new") for path in paths]
    changes.append(Change(page, None, b"new", with_folder=True))
    if fails == "replace":
        replace = Path.replace

        def broken(self: Path, target: Path) -> Path:
            if target == page:
                raise OSError(28, "No space left", str(target))
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", broken)
    else:
        page.parent.write_bytes(b"no folder")
    with pytest.raises(AuditError, match="nothing was changed"):
        apply(changes)
    assert [b"old", b"old"] == [path.read_bytes() for path in paths]
    left = {"a.py", "b.py"} | ({"pages"} if fails == "mkstemp" else set())
    assert left == {path.name for path in tmp_path.iterdir()}


def test_applying_takes_back_what_was_written_when_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two files leaves none of them changed."""
    paths = [tmp_path / "a.py", tmp_path / "b.py"]
    for path in paths:
        path.write_bytes(b"old")
    replace = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if target == paths[1]:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        apply([Change(path, b"old", b"new") for path in paths])
    assert dict.fromkeys(paths, b"old") == {p: p.read_bytes() for p in tmp_path.iterdir()}


def test_applying_removes_a_folder_only_when_it_is_empty(tmp_path: Path) -> None:
    """What somebody has put beside our page stays."""
    page, other = tmp_path / "pages" / "x.py", tmp_path / "pages" / "y.py"
    page.parent.mkdir()
    page.write_bytes(b"a")
    other.write_bytes(b"b")
    apply([Change(page, b"a", None, with_folder=True)])
    assert [other] == list(page.parent.iterdir())


def test_applying_refuses_what_is_no_file_to_write(tmp_path: Path) -> None:
    """Read-only, a second name, no plain file."""
    script, fifo = tmp_path / "app.py", tmp_path / "fifo.py"
    script.write_bytes(b"a")
    os.mkfifo(fifo)
    assert refusal(script) is None
    assert refusal(fifo) == "is no plain file"
    os.link(script, tmp_path / "second.py")
    assert str(refusal(script)).startswith("has another name")
    script.chmod(0o444)
    assert refusal(script) == "is read-only"
