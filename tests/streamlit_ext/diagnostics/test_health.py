"""The state of the log in one word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datatools_audit import audit_stats
from streamlit_ext.diagnostics.health import counters, health, last_write


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "healthy"),
        ({"enabled": False}, "off"),
        ({"failing_since": 1.0}, "degraded"),
        ({"dropped": 3}, "degraded"),
    ],
)
def test_health_in_one_word(changes: dict[str, object], state: str) -> None:
    """The recorder's state is one of three words with a sentence that says what to do."""
    found = health(replace(audit_stats(), **changes))  # type: ignore[arg-type]
    assert state == found.state
    assert found.sentence.endswith(".")


def test_health_for_a_visitor_says_no_number() -> None:
    """How many records of everybody were lost is not a visitor's to know."""
    lost = replace(audit_stats(), dropped=31)
    assert "31" in health(lost).sentence
    assert "31" not in health(lost, sees_all=False).sentence


def test_counters_of_an_export_are_there_only_with_one() -> None:
    """What became of each record that was to go elsewhere stands in one line."""
    assert "Exported" not in counters(audit_stats())
    stats = replace(
        audit_stats(), export_offered=10, exported=4, export_refused=3, export_dropped=2,
        export_waiting=1, export_error="HTTP 400",
    )  # fmt: skip
    said = "4 of 10; refused 3, dropped 2, waiting 1; last error: HTTP 400"
    assert said == counters(stats)["Exported"]


def test_counters_are_texts() -> None:
    """Each counter is a text, reasons and own failures with it."""
    stats = replace(
        audit_stats(), dropped=2, dropped_reasons={"full": 2}, internal_failures={"emit: X": 3}
    )
    found = counters(stats)
    assert ("2 (full: 2)", "emit: X (3)") == (found["Dropped"], found["Own failures"])
    assert "none yet" == last_write(replace(stats, last_write=None))
