"""The package is thrown out of `sys.modules` and imported again, as a watcher does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.helpers import run, seqs_by_proc

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("where", ["same", "copy"])
def test_reload_keeps_one_process_and_one_writer(
    where: str, log_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty reloads while a thread logs: one number, one worker, nothing missing.

    The same when the later imports find another copy of the package.
    """
    monkeypatch.chdir(tmp_path)
    out, err = run("reload.py", where)
    (seqs,) = seqs_by_proc(log_folder).values()
    assert list(range(1, int(out) + 1)) == sorted(seqs)  # type: ignore[type-var]
    assert "" == err
