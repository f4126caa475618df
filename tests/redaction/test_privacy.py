"""What docs/privacy.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

from datatools_audit import Redaction
from datatools_audit.redaction.always import in_use
from datatools_audit.redaction.rules import RULES
from tests.redaction.precision import measure, report

PRIVACY = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()


def test_privacy_every_rule_is_in_the_table() -> None:
    """With the place where it runs."""
    told = {
        name: place
        for names, place in re.findall(r"(?m)^\| (`.*?`) \| (always|hand-over) \|", PRIVACY)
        for name in re.findall(r"`([\w-]+)`", names)
    }
    expected = {rule.name: "always" if rule.always else "hand-over" for rule in RULES}
    assert expected | {"home": "hand-over", "host": "hand-over"} == told


def test_privacy_figures_are_those_measured() -> None:
    """How many texts the set has, how many lose their value, how many are hit that should not."""
    found = measure()
    figures = re.search(
        r"Of ([\d,]+) texts with a value ([\d,]+) lose it .*?"
        r"of ([\d,]+) without one ([\d,]+) are hit",
        PRIVACY,
        re.DOTALL,
    )
    assert figures is not None
    measured = (found.positives.total(), found.hit.total(), found.negatives, len(found.false))
    assert measured == tuple(int(figure.replace(",", "")) for figure in figures.groups())


def test_privacy_has_the_table_as_it_is_printed() -> None:
    """By rule, to the last figure."""
    printed = [line for line in report(measure()).splitlines() if line.startswith("| ")]
    assert "\n".join(printed) in PRIVACY


def test_privacy_example_runs() -> None:
    """The lines for an app's author are taken as they stand."""
    (example,) = re.findall(r"```python\n(.*?)```", PRIVACY, re.DOTALL)
    exec(example, {})
    assert ["customer", "pin"] == [rule.name for rule in in_use().rules]
    assert in_use() != Redaction()
