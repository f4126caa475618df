"""All rules over whole records, with pseudonyms that stay the same within one bundle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from datatools_audit.redaction.own import own_rules
from datatools_audit.redaction.replacing import Replacer
from datatools_audit.redaction.rule import Redaction
from datatools_audit.redaction.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

IDENTITY = frozenset(
    {"ts", "level", "session", "proc", "seq", "run_id", "action_id", "parent_id", "died_proc"}
    | {"support_code", "error_code"}
)
"""Fields of ours that hold no free text, and by which a reader finds its way."""

_MOST_KNOWN = 10_000
_LONGEST_KNOWN = 200


class Redactor:
    """Redacts the records of one bundle or export.

    Args:
        redaction: The app's own choice.

    Attributes:
        counts: How often each rule has hit, by its name.

    Threads: one at a time.
    """

    def __init__(self, redaction: Redaction | None = None) -> None:
        chosen = redaction or Redaction()
        built_in = (*RULES, *own_rules()) if chosen.built_in else ()
        self._replacer = Replacer((*chosen.rules, *built_in), chosen.allow)
        self._pseudonyms: dict[tuple[str, str], str] = {}
        self._last: Counter[str] = Counter()
        self._clean: set[str] = set()
        self.counts: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """Return a text with each hit replaced: ``<email-1>``, the same for the same."""
        if text in self._clean:
            return text
        replaced = self._replacer.replaced(text, self._pseudonym)
        is_short = len(text) <= _LONGEST_KNOWN
        if replaced == text and is_short and len(self._clean) < _MOST_KNOWN:
            self._clean.add(text)  # the same names and labels come over and over
        return replaced

    def record(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return a record with all its texts redacted, nested ones too, in the same order."""
        return {
            name: value if name in IDENTITY else self._value(value)
            for name, value in record.items()
        }

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        return value

    def _pseudonym(self, rule: str, hit: str) -> str:
        self.counts[rule] += 1
        found = self._pseudonyms.get((rule, hit))
        if found is None:
            self._last[rule] += 1
            found = self._pseudonyms[rule, hit] = f"<{rule}-{self._last[rule]}>"
        return found
