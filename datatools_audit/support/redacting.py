"""What a bundle asks of a redactor, and how a whole value passes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Redacts(Protocol):
    """Replaces what is private by pseudonyms, the same one for the same value.

    ``datatools_audit.redaction.redactor.Redactor`` is one. Threads: one at a time.
    """

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each rule has replaced something so far, by the rule's name."""

    def text(self, text: str, /) -> str:
        """Return the text with what is private replaced."""

    def record(self, record: Mapping[str, object], /) -> dict[str, object]:
        """Return the record with the texts of its values redacted, in the same order."""


def mapped(value: object, text: Callable[[str], str], name: Callable[[str], str]) -> object:
    """Return a JSON value with its texts changed by one function, its fields' names by another.

    The order stays. Where two names become one, the later is called ``extra_<name>``.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [mapped(each, text, name) for each in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, object] = {}
    for old, each in value.items():
        new = name(old)
        while new in found:
            new = "extra_" + new
        found[new] = mapped(each, text, name)
    return found


def counted_since(before: Mapping[str, int], redactor: Redacts) -> dict[str, int]:
    """Return how often each rule has replaced something since the counts were ``before``."""
    return {
        rule: count - before.get(rule, 0)
        for rule, count in redactor.counts.items()
        if count > before.get(rule, 0)
    }
