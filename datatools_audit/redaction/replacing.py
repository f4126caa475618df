"""Rules over a text: each hit gives way to a name in angle brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.redaction.rule import HIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datatools_audit.redaction.rule import Rule

    Put = Callable[[str, str], str]


_MOST_ROUNDS = 16
_PUT = re.compile(r"<[a-z][a-z0-9-]{0,60}>")


class Replacer:
    """Puts names in the place of what the rules hit.

    Args:
        secrets: Rules that run first, on the whole text: a secret goes as one, whatever another
            rule would find or has found in it.
        rules: Those that come after, each in this order, on what is not replaced yet.
        allow: Texts that stay where they are the whole of a hit, in any case.

    Threads: any.
    """

    def __init__(
        self, secrets: Iterable[Rule], rules: Iterable[Rule], allow: Iterable[str] = ()
    ) -> None:
        first = tuple(secrets)
        self.rules = (*first, *rules)
        self._whole_for = len(first)
        self._allow = frozenset(text.casefold() for text in allow)
        self._always_tried = {n for n, rule in enumerate(self.rules) if not rule.hints}
        self._tried_for: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for hint in rule.hints:
                self._tried_for.setdefault(hint, []).append(number)
        names = "|".join(sorted({re.escape(rule.name) for rule in self.rules}))
        self._put_before = re.compile(rf"(<(?:{names})(?:-\d{{1,9}})?>)")

    def replaced(self, text: str, put: Put) -> str:
        """Return the text with each hit replaced by ``put(name of the rule, hit)``.

        What was put stays, in a text that comes again too. A name may make room for another
        rule, so the rules run until nothing changes. Raises what a rule raises.
        """
        for _ in range(_MOST_ROUNDS):
            before, text = text, self._once(text, put)
            if text == before:
                break
        return text

    def allows(self, hit: str) -> bool:
        """Tell whether a hit is one of the texts that stay."""
        return hit.casefold() in self._allow

    def _once(self, text: str, put: Put) -> str:
        lowered = text.lower()
        tried = set(self._always_tried)
        for hint, numbers in self._tried_for.items():
            if hint in lowered:
                tried.update(numbers)
        for number in sorted(tried):
            text = self._by(self.rules[number], text, put, whole=number < self._whole_for)
        return text

    def _by(self, rule: Rule, text: str, put: Put, *, whole: bool) -> str:
        group = HIT if HIT in rule.regex.groupindex else 0

        def name(found: re.Match[str]) -> str:
            matched, hit = found[0], found[group]
            if not hit or self.allows(hit) or is_put(hit):
                return matched
            if rule.valid is not None and not rule.valid(hit):
                return matched
            begin, end = (place - found.start() for place in found.span(group))
            return f"{matched[:begin]}{put(rule.name, hit)}{matched[end:]}"

        if whole or "<" not in text:
            return rule.regex.sub(name, text)
        parts = self._put_before.split(text)
        parts[::2] = [rule.regex.sub(name, part) for part in parts[::2]]
        return "".join(parts)


def is_put(hit: str) -> bool:
    """Tell whether a hit has nothing but names in angle brackets: ``<user-1>:<password-1>``."""
    return "<" in hit and not re.search(r"\w", _PUT.sub("", hit))
