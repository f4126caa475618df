"""Everything that the rules hit, under names that stay the same: for what is handed over."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from datatools_audit.guard import count_failure
from datatools_audit.redaction.always import FAILED, in_use, without_secrets
from datatools_audit.redaction.credentials import SECRETS
from datatools_audit.redaction.fields import is_shape, is_told, rule_inside
from datatools_audit.redaction.own import own_rules
from datatools_audit.redaction.personal import PERSONAL
from datatools_audit.redaction.replacing import Replacer, is_put
from datatools_audit.redaction.rule import Redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Redaction", "Redactor", "without_secrets"]

_OURS = frozenset({"ts", "level", "session", "proc", "seq"})
_OUR_ID = re.compile(r"[0-9a-f]{8}|[0-9a-f]{12}|E-[0-9A-HJKMNP-TV-Z]{6}")
_IDS = ("_id", "_code", "_proc")
_MOST_KEPT = 10_000
_SHORT = 256


class Redactor:
    """Redacts the records of one bundle or export.

    A hit gives way to a pseudonym, ``<email-1>``: the same value has the same one for as long
    as the redactor lives, so that steps stay readable, and nothing leads back from it. A text
    that was redacted already stays as it is. In a record the name of a field tells too what
    its value is: that of ``password`` is one, whatever it looks like.

    Attributes:
        counts: How many hits were replaced, by the rule's name.

    Args:
        redaction: The app's choice; None for what ``configure`` was given in this process.

    Threads: one at a time.
    """

    def __init__(self, redaction: Redaction | None = None) -> None:
        chosen = in_use() if redaction is None else redaction
        secrets, rest = (SECRETS, (*own_rules(), *PERSONAL)) if chosen.built_in else ((), ())
        self._by_name = chosen.built_in
        self._replacer = Replacer(secrets, (*chosen.rules, *rest), chosen.allow)
        self._pseudonyms: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self._known: dict[str, tuple[str, Counter[str]]] = {}
        self._hits: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """Return the text with each hit replaced.

        Where a rule fails, nothing of the text is left and the failure is counted. Never raises
        an ``Exception``.
        """
        exact = str.__str__(text)
        known = self._known.get(exact)
        if known is None:
            known = self._redacted(exact)
            if len(exact) <= _SHORT and len(self._known) < _MOST_KEPT:
                self._known[exact] = known
        self.counts.update(known[1])
        return known[0]

    def record(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return a record with the texts of its values redacted, nested ones too.

        What a field's name calls a secret, or the number of a telephone or a card, goes whole.

        Moment, level, session, ``proc``, ``seq`` and ids of ours stay as they are; so do
        numbers, names of fields and their order. Never raises an ``Exception``.
        """
        whole = dict(record)
        return {
            name: value if _is_ours(name, value) else self._safe(value, self._rule(whole, name))
            for name, value in record.items()
        }

    def _safe(self, value: object, rule: str | None) -> object:
        try:
            return self._inside(value, rule)
        except RecursionError as error:
            count_failure("redaction", type(error))
            return FAILED

    def _rule(self, mapping: dict[str, object], name: str) -> str | None:
        return rule_inside(mapping, name) if self._by_name else None

    def _inside(self, value: object, rule: str | None = None) -> object:
        """Return a value redacted; the rule is the one that the name of its field tells."""
        if isinstance(value, str):
            return self.text(value) if rule is None else self._named(rule, value)
        if isinstance(value, dict):
            within = None if is_shape(value) else rule
            return {
                name: self._inside(each, self._rule(value, name) or within)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._inside(each, rule) for each in value]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return self._named(rule, value) if rule and is_number else value  # type: ignore[arg-type]

    def _named(self, rule: str, value: str | int | float) -> object:
        text = str(value)
        if not is_told(rule, value) or _stands(text) or self._replacer.allows(text):
            return self.text(value) if isinstance(value, str) else value
        self._hits = Counter()
        found = self._put(rule, text)
        self.counts.update(self._hits)
        return found

    def _redacted(self, text: str) -> tuple[str, Counter[str]]:
        self._hits = Counter()
        try:
            return self._replacer.replaced(text, self._put), self._hits
        except Exception as error:
            count_failure("redaction", type(error))
            return FAILED, Counter()

    def _put(self, name: str, hit: str) -> str:
        self._hits[name] += 1
        found = self._pseudonyms.get((name, hit))
        if found is None:
            self._numbers[name] += 1
            found = self._pseudonyms[name, hit] = f"<{name}-{self._numbers[name]}>"
        return found


def _stands(text: str) -> bool:
    """Tell whether a whole value only stands for one that is gone."""
    return is_put(text) or text == FAILED or re.fullmatch(r"<left out[^<>]*>", text) is not None


def _is_ours(name: str, value: object) -> bool:
    """Tell whether a field holds what we have made and no text of anybody's."""
    if name in _OURS:
        return True
    return isinstance(value, str) and name.endswith(_IDS) and bool(_OUR_ID.fullmatch(value))
