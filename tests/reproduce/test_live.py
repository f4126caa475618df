"""The whole way: a person in a real browser, a live server, its log, the test, the same failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.helpers import FULL
from tests.reproduce import chain
from tests.reproduce.bugs import BUGS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SOME = {"typed_number", "page_order", "bad_encoding", "dialog_error"}
DRIVEN = BUGS if FULL else [bug for bug in BUGS if bug.name in SOME]


def test_reproduce_from_a_live_session(browser: Browser, tmp_path: Path) -> None:
    """Typing, pages, an upload, a dialog; all of them with AUDIT_FAULTS=full."""
    chain.record(browser, DRIVEN, "all", tmp_path / "logs")
    chain.write(DRIVEN, tmp_path / "logs", tmp_path / "tests")
    found = chain.run(tmp_path / "tests")
    others = {b.name: found[b.name] for b in DRIVEN if not chain.is_same(b, found[b.name])}
    assert {} == others
