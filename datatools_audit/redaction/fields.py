"""What a field's name says of its value: a password, a key, a cookie, a telephone's number."""

from __future__ import annotations

import re
from functools import lru_cache

_ENDS = {
    "password": (
        r"pass_?word|passwd|pass_?phrase|pass_?code|passwort|kennwort|(?:^|_)(?:pwd|pw|pass)"
    ),
    "secret": r"secret|(?:private|account|encryption|signing|master|shared|consumer|license)_?key",
    "token": r"token|(?:api|access|auth|subscription|secret)_?key|(?:^|_)credentials?",
    "authorization": r"authori[sz]ation",
    "cookie": r"cookie",
    "phone": (
        r"(?:^|_)(?:tele?fon|tele?phone|phone|mobile|handy|fax|whatsapp)"
        r"(?:_?(?:number|nummer|no|nr))?|telefonnummer"
    ),
    "card": r"(?:card|kreditkarten?|(?:^|_)cc)_?(?:number|nummer|no|nr)|(?:^|_)(?:cvv|cvc)2?",
}
_MORE = r"(?:_?\d{1,2}|_(?:hash|value|text|new|old|confirm|confirmation|repeat|field|id))?"
_NAMES = tuple(
    (rule, re.compile(f"(?:{ends}){s}{_MORE}$"))
    for rule, ends in _ENDS.items()
    for s in [r"s?" if rule in ("password", "cookie") else ""]
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^A-Za-z0-9]{1,8}")
_LONGEST_NAME = 100
_OF_DIGITS = {"phone": 6, "card": 3}
_DIGITS_OF_A_NUMBER = 4  # of a password that is one; a smaller one is a count
_NAMING = ("name", "key", "field", "label", "header")
_NAMED = frozenset({"value", "new", "old", "default"})
_SHAPE = frozenset(
    "type length rows columns cells points point_indices indices box lasso edited_rows added_rows "
    "deleted_rows selected files bytes".split()
)


@lru_cache(maxsize=4096)
def rule_of(name: str) -> str | None:
    """Return the rule that a field's value falls under by its name, or None.

    ``dbPassword``, ``X-Api-Key`` and ``passwd_2`` are names of secrets; ``key``, ``tokens`` and
    ``password_length`` are none.
    """
    if len(name) > _LONGEST_NAME:
        return None
    plain = _BETWEEN.sub("_", _CAPITAL.sub("_", name)).strip("_").lower()
    return next((rule for rule, ends in _NAMES if ends.search(plain)), None)


def rule_inside(mapping: dict[str, object], name: str) -> str | None:
    """Return the rule for a field of a mapping; ``{"name": "password", "value": …}`` is one too."""
    found = rule_of(name)
    if found is None and name in _NAMED:
        named = (mapping.get(naming) for naming in _NAMING)
        told = (rule_of(each) for each in named if isinstance(each, str))
        found = next((rule for rule in told if rule is not None), None)
    return found


def is_told(rule: str, value: str | int | float) -> bool:
    """Tell whether the value of a field so named may be what the name says."""
    digits = len(re.sub(r"\D", "", str(value)))
    if rule in _OF_DIGITS:
        return digits >= _OF_DIGITS[rule]
    return bool(value) if isinstance(value, str) else digits >= _DIGITS_OF_A_NUMBER


def is_shape(value: object) -> bool:
    """Tell whether that is what ``values="shape"`` records: a type and sizes."""
    return (
        isinstance(value, dict)
        and _SHAPE.issuperset(value)
        and all(
            type(each) is int if name != "type" else isinstance(each, str) and each.isidentifier()
            for name, each in value.items()
        )
    )
