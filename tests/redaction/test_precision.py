"""What the rules miss and hit over the labelled set, to the last one."""

from __future__ import annotations

import pytest

from tests.redaction.labelled import EACH, negatives, positives
from tests.redaction.precision import Found, measure, report

KNOWN_MISSES = {
    ("email", '"ann lee"@example.com'),
    ("email", "ann at example dot com"),
    ("phone", "call 555 0199"),
    ("phone", "0815-471134"),
    ("phone", "Ann, 212 555 0199"),
    ("phone", "212.555.0199"),
    ("card", "2223000048400011"),
    ("iban", "de89370400440532013000"),
    ("ip", "ip-10-0-0-17.internal"),
    ("password", "my password is hunter2"),
    ("password", "curl -u ann:hunter2 https://example.com"),
    ("password", "mysql -phunter2"),
    ("password", "user=ann pass=123456"),
    ("secret", "the secret swordfish"),
    ("token", "token: swordfish"),
    ("aws-secret", "the key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
}
"""What nothing tells from a word or a number, or what is too rare to be worth a false hit."""

KNOWN_FALSE_HITS = {
    ("digits", "200-300-4000"),  # groups and digits of a telephone number
    ("digits", "order 5105105105105100"),  # begins like a card, and has its check digit
    ("digits", "built with 4.9.0.80"),  # nothing says that it is a version
}


@pytest.fixture(scope="module")
def found() -> Found:
    """Give what came of the set, once."""
    return measure()


def test_precision_every_miss_is_known(found: Found) -> None:
    """Exactly these values stay, and each is named here."""
    assert KNOWN_MISSES == {(case.rule, case.text) for case in found.missed}


def test_precision_every_false_hit_is_known(found: Found) -> None:
    """Exactly these texts are hit that should stay, and each is named here."""
    assert KNOWN_FALSE_HITS == {(case.kind, case.text) for case, _ in found.false}


def test_precision_nothing_but_the_value_goes(found: Found) -> None:
    """The rest of each text stays, and the value has the name of its own rule."""
    assert [] == found.other


@pytest.mark.parametrize(
    "kind",
    [
        *("session id", "run id", "seq number", "support code", "pseudonym", "uuid", "hash"),
        *("file name", "time", "duration", "byte count", "version", "number", "money", "shape"),
        *("row of numbers", "signed number"),
        *("order number", "isbn", "line number", "address of an object"),
    ],
)
def test_precision_what_a_log_is_made_of_stays(kind: str, found: Found) -> None:
    """Ids, file names, numbers and times are never hit, in any surroundings."""
    assert EACH * 5 <= len([case for case in negatives() if case.kind == kind])
    assert [] == [case for case, _ in found.false if case.kind == kind]


def test_precision_every_rule_is_tried(found: Found) -> None:
    """The set has positives of each rule."""
    from datatools_audit.redaction.rules import RULES

    assert {rule.name for rule in RULES} | {"home", "host"} == set(found.positives)


def test_precision_set_is_the_same_each_time() -> None:
    """The figures of two runs can be compared."""
    assert (positives(), negatives()) == (positives(), negatives())


def test_precision_report_names_misses_and_false_hits(found: Found) -> None:
    """The table has a row for each rule, and below it whatever went wrong."""
    told = report(found).splitlines()
    rows = [line for line in told if line.startswith("| ")]
    assert len(found.positives) + 3 == len(rows)
    assert len(found.missed) == len([line for line in told if line.startswith("missed: ")])
    assert len(found.false) == len([line for line in told if line.startswith("false hit: ")])
