"""What every test starts from and leaves behind."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import datatools_audit
from datatools_audit.action import leave_actions
from datatools_audit.writer import ringfile
from datatools_audit.writer.ring import own_rings
from datatools_audit.writer.worker import THREAD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No test judges a time: machines are noisy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def no_log_at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever outlives its test writes into a folder of the tests, never the user's."""
    os.environ["DATATOOLS_AUDIT_DIR"] = str(tmp_path_factory.mktemp("stray"))
    yield
    remove_rings_below(tmp_path_factory.getbasetemp())


def remove_rings_below(folder: Path) -> None:
    """Remove what the processes killed by tests have left, as no later start would."""
    for path in ringfile.find_all():
        opened = None if path in own_rings() else ringfile.open_dead(path)
        if opened is not None:
            os.close(opened[0])
            if opened[1].folder.is_relative_to(folder):
                path.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give each test a folder and a recorder of its own; no worker outlives the test."""
    folder = tmp_path / "logs"
    for name in ("ENABLED", "TRACE", "PROBE"):
        monkeypatch.delenv(f"DATATOOLS_AUDIT_{name}", raising=False)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
    leave_actions()  # a test that failed amid an action leaves it open
    datatools_audit.reset_for_tests()
    yield folder
    datatools_audit.reset_for_tests()
    assert [] == [t for t in threading.enumerate() if t.name == THREAD_NAME]
