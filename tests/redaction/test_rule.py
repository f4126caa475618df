"""A rule and an app's choice of rules: what they take, and what they say of what they refuse."""

from __future__ import annotations

import re
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from datatools_audit import ConfigError, Redaction, Rule
from datatools_audit.redaction.always import HINTS
from datatools_audit.redaction.own import own_rules
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.redaction.rules import RULES


@pytest.mark.parametrize(
    ("name", "pattern", "says"),
    [
        ("x", "(", "rule 'x': the pattern is none: missing ), unterminated"),
        ("x", "a{2,1}", "rule 'x': the pattern is none: min repeat greater than max repeat"),
        ("x", b"a", "rule 'x': the pattern must be of text, not of bytes"),
        ("x", None, "rule 'x': the pattern is none: first argument must be string"),
        ("x", "a*", "rule 'x': the pattern also matches an empty text"),
        ("", "a", "rule '': the name must be like 'customer-number'"),
        ("X y", "a", "rule 'X y': the name must be like 'customer-number'"),
        ("x-1", "a", "rule 'x-1': the name must be like 'customer-number'"),
        (None, "a", "rule None: the name must be like 'customer-number'"),
    ],
)  # fmt: skip
def test_rule_refuses_what_cannot_work(name: Any, pattern: Any, says: str) -> None:
    """One line that names the rule and what is wrong with it."""
    with pytest.raises(ConfigError) as caught:
        Rule(name, pattern)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


def test_rule_takes_a_compiled_pattern() -> None:
    """With the flags that it was compiled with."""
    rule = Rule("customer", re.compile("C-[0-9]{4}", re.IGNORECASE))
    assert ["c-1234"] == rule.regex.findall("is c-1234")


def test_rule_with_hints_is_tried_only_where_one_is() -> None:
    """In any case; a hint that does not fit its pattern keeps it from being tried."""
    fits, misfit = (Rule("customer", "[CD]-[0-9]{4}", hints=(hint,)) for hint in ("C-", "zz"))
    texts = ("is C-1234", "is D-1234")
    assert ["is <customer-1>", "is D-1234"] == [Redactor(Redaction((fits,))).text(t) for t in texts]
    assert list(texts) == [Redactor(Redaction((misfit,))).text(t) for t in texts]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rules": ("a",)}, "rules must be of Rule, not str"),
        ({"allow": ("",)}, "allow must be texts with something in them, not ''"),
        ({"allow": (3,)}, "allow must be texts with something in them, not 3"),
        ({"built_in": 1}, "built_in must be True or False, not 1"),
    ],
)
def test_redaction_refuses_what_cannot_work(given: dict[str, Any], says: str) -> None:
    """The message names the field and what it takes."""
    with pytest.raises(ConfigError) as caught:
        Redaction(**given)
    assert says == str(caught.value)


def test_redaction_takes_one_instead_of_several() -> None:
    """A single rule or text is a tuple of one, not one of letters."""
    rule = Rule("customer", "C-[0-9]{4}")
    assert Redaction((rule,), ("a@b.de",)) == Redaction(rule, "a@b.de")  # type: ignore[arg-type]


def _unbounded(tree: Any) -> list[object]:
    """Return the repetitions without a bound in a parsed pattern."""
    found: list[object] = []
    for operation, argument in tree:
        if str(operation).endswith("REPEAT") and argument[1] is _constants.MAXREPEAT:
            found.append(argument)
        for part in argument if isinstance(argument, tuple | list) else [argument]:
            if isinstance(part, _parser.SubPattern):
                found += _unbounded(part)
            elif isinstance(part, list):
                found += [
                    each
                    for p in part
                    if isinstance(p, _parser.SubPattern)
                    for each in _unbounded(p)
                ]
    return found  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rules_repeat_with_bounds_only(rule: Rule) -> None:
    """No pattern of ours has a ``*`` or ``+``, however deep: no text keeps it busy for ever."""
    assert [] == _unbounded(_parser.parse(rule.regex.pattern))


@pytest.mark.parametrize(
    "pattern", ["a+", "(?:a|b*)c", "(?P<x>a{2,})", "(?=a+)b", "(a)?(?(1)b+|c)"]
)
def test_rules_unbounded_repetition_is_seen(pattern: str) -> None:
    """The check above finds one wherever it stands."""
    assert _unbounded(_parser.parse(pattern))


def test_rules_for_secrets_run_always_and_no_others() -> None:
    """What tells of a person stays in the log of that person's own machine."""
    personal = {"email", "iban", "card", "phone", "ip", "user"}
    assert personal == {rule.name for rule in RULES if not rule.always}


def test_hints_are_those_of_the_rules() -> None:
    """A text that the first look lets pass is hit by no rule: each of their hints has one of it."""
    hints = {hint for rule in RULES if rule.always for hint in rule.hints}
    assert [] == [hint for hint in hints if not any(short in hint for short in HINTS)]
    assert [] == [short for short in HINTS if short not in hints]
    assert [] == [rule.name for rule in RULES if rule.always and not rule.hints]


def test_own_rules_know_user_home_and_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names come from the environment and the system."""
    monkeypatch.setenv("HOME", "/home/rosa")
    monkeypatch.setenv("USER", "rosa")
    monkeypatch.setattr("datatools_audit.redaction.own.host_name", lambda: "laptop-7.lan")
    assert ["home", "user", "host"] == [rule.name for rule in own_rules()]


def test_own_rules_leave_names_out_that_are_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """``root`` and ``localhost`` would be hit all over a log and tell nothing of anybody."""
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "root")
    monkeypatch.setenv("HOME", "/root")
    monkeypatch.setattr("datatools_audit.redaction.own.host_name", lambda: "localhost")
    assert () == own_rules()
