"""From what a person does in a browser to a test that fails alike, and passes once it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.helpers import FULL
from tests.reproduce import chain
from tests.reproduce.bugs import BUGS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Browser

pytestmark = pytest.mark.browser

CHOSEN = ("typed_number", "missing_column", "form_combination", "page_order", "dialog_error")
"""A few of the apps; all of them with ``AUDIT_FAULTS=full``, and under each policy with
``python -m tests.reproduce``. What a browser brought about once is in tests/reproduce."""


def test_reproduced_sessions_fail_as_they_did(browser: Browser, tmp_path: Path) -> None:
    """The same exception in the same function, and none where the app is mended."""
    bugs = [bug for bug in BUGS if FULL or bug.name in CHOSEN]
    assert len(CHOSEN) <= len(bugs)
    chain.record(browser, bugs, "all", tmp_path / "logs")
    chain.write(bugs, tmp_path / "logs", tmp_path / "tests")
    found = chain.run(tmp_path / "tests")
    assert [] == [
        (bug.name, found[bug.name]) for bug in bugs if not chain.is_same(bug, found[bug.name])
    ]
    apps = chain.mended(tmp_path / "mended", bugs)
    chain.write(bugs, tmp_path / "logs", tmp_path / "after", apps)
    after = chain.run(tmp_path / "after")
    assert [] == [(bug.name, after[bug.name]) for bug in bugs if after[bug.name][0] != "passed"]
