"""A rule of what is redacted, and an app's own choice of rules: plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from datatools_audit.errors import ConfigError

HIT = "hit"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}(?<!-)(?<!-\d)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of text that is redacted.

    Attributes:
        name: What stands in its place, ``<name>`` or ``<name-1>``: lower-case letters, digits
            and hyphens, with a letter first and no number of its own at the end.
        pattern: A regular expression, as text or compiled. A group ``(?P<hit>…)`` says which
            part is replaced; without one the whole is. It runs on texts that anybody may have
            written: repeat with bounds (``{1,64}``, not ``+``), and nothing that overlaps.
        always: Whether it also runs when something is recorded, on free text: exceptions,
            ``logging``, what was typed. Without it, only at hand-over.
        valid: Is given what was hit, and says whether it counts.
        hints: Lower-case texts of which one has to be there before the pattern is tried, which
            saves most of the time; none: it is always tried.

    Raises:
        ConfigError: The name or the pattern cannot be used.
    """

    name: str
    pattern: str | re.Pattern[str]
    always: bool = field(default=False, kw_only=True)
    valid: Callable[[str], bool] | None = field(default=None, kw_only=True)
    hints: tuple[str, ...] = field(default=(), kw_only=True)
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise ConfigError(f"rule {self.name!r}: the name must be like 'customer-number'")
        try:
            regex: object = re.compile(self.pattern)
        except (re.error, OverflowError, RecursionError, TypeError, ValueError) as error:
            first = str(error).partition("\n")[0]
            raise ConfigError(f"rule {self.name!r}: the pattern is none: {first}") from None
        if not isinstance(regex, re.Pattern) or not isinstance(regex.pattern, str):
            raise ConfigError(f"rule {self.name!r}: the pattern must be of text, not of bytes")
        if regex.fullmatch(""):
            raise ConfigError(f"rule {self.name!r}: the pattern also matches an empty text")
        if self.valid is not None and not callable(self.valid):
            raise ConfigError(f"rule {self.name!r}: valid must be callable")
        hints = (self.hints,) if isinstance(self.hints, str) else tuple(self.hints)
        object.__setattr__(self, "hints", _texts(f"rule {self.name!r}: hints", hints, str.lower))
        object.__setattr__(self, "regex", regex)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What an app redacts: rules of its own, texts that stay, and whether ours run.

    Attributes:
        rules: The app's own rules; they come after ours for secrets, before our others.
        allow: Texts that are never redacted where they are the whole of what was hit, in
            upper or lower case: ``support@example.com``.
        built_in: Whether the rules of ``docs/privacy.md`` run too.

    Raises:
        ConfigError: A value is of the wrong kind.
    """

    rules: tuple[Rule, ...] = ()
    allow: tuple[str, ...] = ()
    built_in: bool = True

    def __post_init__(self) -> None:
        rules = (self.rules,) if isinstance(self.rules, Rule) else tuple(self.rules)
        for rule in rules:
            if not isinstance(rule, Rule):
                raise ConfigError(f"rules must be of Rule, not {type(rule).__name__}")
        allow = (self.allow,) if isinstance(self.allow, str) else tuple(self.allow)
        if not isinstance(self.built_in, bool):
            raise ConfigError(f"built_in must be True or False, not {self.built_in!r}")
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "allow", _texts("allow", allow, str))


def _texts(what: str, given: tuple[object, ...], convert: Callable[[str], str]) -> tuple[str, ...]:
    for each in given:
        if not isinstance(each, str) or not each:
            raise ConfigError(f"{what} must be texts with something in them, not {each!r}")
    return tuple(convert(each) for each in given if isinstance(each, str))
