"""Which rules miss what, and what they hit that they should not: over the labelled set.

Run it with `python -m tests.redaction.precision`.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from unittest import mock

from datatools_audit.redaction import own
from datatools_audit.redaction.redactor import Redaction, Redactor
from tests.redaction.labelled import HOME, HOST, USER, Negative, Positive, negatives, positives


@dataclass(frozen=True)
class Found:
    """What came of the set.

    Attributes:
        positives: Texts with a value, by rule.
        hit: Those whose value is gone, by rule.
        missed: The texts whose value is there still.
        other: The texts whose value is gone, but not alone or under another name, each with what
            became of it.
        false: The texts that should have stayed, each with what became of it.
        false_by_rule: How many of them each rule has hit.
        negatives: How many there are.
    """

    positives: Counter[str]
    hit: Counter[str]
    missed: list[Positive]
    other: list[tuple[Positive, str]]
    false: list[tuple[Negative, str]]
    false_by_rule: Counter[str]
    negatives: int


def redactor() -> Redactor:
    """Return a redactor of a machine whose names are known."""
    environment = mock.patch.dict(os.environ, {"HOME": HOME, "USER": USER, "LOGNAME": USER})
    with environment, mock.patch.object(own, "host_name", return_value=HOST):
        return Redactor(Redaction())


def measure() -> Found:
    """Redact each text of the set on its own."""
    given, hit = Counter[str](), Counter[str]()
    missed, other, false = [], [], []
    false_by_rule = Counter[str]()
    for case in positives():
        given[case.rule] += 1
        became = redactor().text(case.text)
        if case.value in became:
            missed.append(case)
            continue
        hit[case.rule] += 1
        if became != case.text.replace(case.value, f"<{case.rule}-1>"):
            other.append((case, became))
    stays = negatives()
    for negative in stays:
        fresh = redactor()
        became = fresh.text(negative.text)
        if became != negative.text:
            false.append((negative, became))
            false_by_rule.update(set(fresh.counts))
    return Found(given, hit, missed, other, false, false_by_rule, len(stays))


def report(found: Found) -> str:
    """Return the table by rule, then each miss and each false hit."""
    lines = ["| rule | positives | hit | missed | false hits |", "| --- | --- | --- | --- | --- |"]
    for rule in sorted({*found.positives, *found.false_by_rule}):
        given, hit = found.positives[rule], found.hit[rule]
        lines.append(f"| {rule} | {given} | {hit} | {given - hit} | {found.false_by_rule[rule]} |")
    given, hit = found.positives.total(), found.hit.total()
    false = f"{len(found.false)} of {found.negatives}"
    lines.append(f"| all | {given} | {hit} | {given - hit} | {false} |")
    lines += [f"missed: {case.rule}: {case.text!r}" for case in found.missed]
    lines += [f"not as asked: {case.rule}: {case.text!r} -> {to!r}" for case, to in found.other]
    lines += [f"false hit: {case.kind}: {case.text!r} -> {to!r}" for case, to in found.false]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(measure()))
