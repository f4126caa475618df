"""The pytest plugin: a test that asks for ``audit_events`` has what its app has recorded.

A module of its own and by itself: pytest imports it in every run of every project that has the
package, and must not load the package for it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from datatools_audit.testing import CapturedEvents

_FIXTURE = "audit_events"


@pytest.fixture
def audit_events(monkeypatch: pytest.MonkeyPatch) -> Iterator[CapturedEvents]:
    """Give the events that the test records, in memory; see ``datatools_audit.testing``.

    A test that has it sees nothing of an earlier test and leaves nothing to a later one.
    """
    from datatools_audit.testing import capture_events

    # By pytest's own stack: what the test sets by `monkeypatch` is taken back before this.
    for name in [name for name in os.environ if name.startswith("DATATOOLS_AUDIT_")]:
        monkeypatch.delenv(name)
    with capture_events() as events:
        yield events


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what was recorded in it."""
    report = yield
    if report.when == "call" and report.failed:
        events = getattr(item, "funcargs", {}).get(_FIXTURE)
        if events is not None:
            report.sections.append(("Recorded audit events", str(events)))
    return report
