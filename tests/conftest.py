"""What every test starts from and leaves behind."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from streamlit.testing.v1 import AppTest

import datatools_audit
from datatools_audit._process import shared
from datatools_audit.action import leave_actions
from datatools_audit.writer import ringfile
from datatools_audit.writer.ring import own_rings
from datatools_audit.writer.worker import THREAD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOLD = (
    "policies",
    "complaints",
    "downloads",
    "runs",
    "sessions of runs",
    "sessions that are over",
)
# No test judges a time: machines are noisy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """AppTest gives up after 3 s, which a busy machine may take."""
    made = AppTest.__init__

    def patient(app: AppTest, *arguments: Any, **named: Any) -> None:
        made(app, *arguments, **named)
        app.default_timeout = max(60, app.default_timeout)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AppTest, "__init__", patient)
        yield


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
    for name in TOLD:
        shared(name, dict).clear()  # as in a process that nobody has told anything
    datatools_audit.reset_for_tests()
    yield folder
    hooks = sys.modules.get("streamlit_ext.instrumentation")
    if hooks is not None:
        shared("instrumentation", hooks.Instrumentation).uninstrument()
    datatools_audit.reset_for_tests()
    assert [] == [t for t in threading.enumerate() if t.name == THREAD_NAME]
