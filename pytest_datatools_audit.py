"""The pytest plugin: a test that asks for ``audit_events`` has what its app has recorded.

A module of its own and by itself: pytest imports it in every run of every project that has the
package, and must not load the package for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import pluggy

    from datatools_audit.testing import CapturedEvents

_FIXTURE = "audit_events"
_CAPTURE = "_audit_capture"
_EVENTS = pytest.StashKey["CapturedEvents"]()


@pytest.fixture
def audit_events(_audit_capture: CapturedEvents) -> CapturedEvents:
    """Give the events that the test records, in memory; see ``datatools_audit.testing``.

    A test that has it sees nothing of an earlier test and leaves nothing to a later one. What
    its other fixtures record is in it too, but for those of a wider scope.
    """
    return _audit_capture


@pytest.fixture
def _audit_capture(request: pytest.FixtureRequest) -> Iterator[CapturedEvents]:
    from datatools_audit.testing import capture_events

    with capture_events() as events:
        request.node.stash[_EVENTS] = events
        yield events


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Begin the capture before any other fixture of the test, in whatever order they are asked.

    One that runs the app would do so unheard; and ``monkeypatch`` has to take its variables back
    before the capture does.
    """
    is_other = fixturedef.scope == "function" and fixturedef.argname != _CAPTURE
    if is_other and _FIXTURE in getattr(request.node, "fixturenames", ()):
        request.getfixturevalue(_CAPTURE)


@pytest.hookimpl(hookwrapper=True)  # the form that every pytest of 7.0 and later knows
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Show with a failed test what was recorded in it."""
    report = (yield).get_result()
    events = item.stash.get(_EVENTS, None)
    if report.failed and events is not None:
        report.sections.append(("Recorded audit events", str(events)))
