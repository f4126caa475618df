"""Known problems found in a log: rules that are data, ours and an app's own."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from datatools_audit.errors import QueryError, ReadError
from datatools_audit.reading.wording import clean, count, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from datatools_audit.reading.database import Database

_MOST_TIMES = 10  # what one rule may find
_MOST_VALUE = 200
_PLACE = re.compile(r"\{(\w+)(?::([^:{}]*):([^:{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A known problem.

    Attributes:
        name: What it is called, ``many-disconnects``.
        question: A SELECT; each row that it finds is one finding, none is none.
        sentence: What is so. ``{times}`` stands for the row's value of that name, and
            ``{times:file:files}`` for it with one of the words.
        advice: What to do about it.
    """

    name: str
    question: str
    sentence: str
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that a log has: the rule's name, the sentence with its values, the advice."""

    name: str
    sentence: str
    advice: str


def find(database: Database, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Yield what the rules find, in their order; of one at most ten.

    Raises:
        QueryError: A question cannot be asked; it says whose.
        ReadError: A file cannot be read to its end.
    """
    for rule in rules:
        try:
            answer = database.ask(rule.question)
            rows = list(answer.rows)[:_MOST_TIMES]
        except QueryError as error:
            raise QueryError(f"rule {clean(rule.name)}: {error}") from error
        for row in rows:
            values = dict(zip(answer.columns, row, strict=True))
            yield Finding(rule.name, filled(rule.sentence, values), rule.advice)


def filled(sentence: str, values: dict[str, Any]) -> str:
    """Return a sentence with its values, each as text that cannot act."""

    def value(found: re.Match[str]) -> str:
        name, one, many = found.groups()
        if name not in values:
            return found[0]
        number = values[name]
        if one is not None and isinstance(number, int):
            return count(number, one, many)
        return _said(number)

    return _PLACE.sub(value, sentence)


def rules_of(path: Path) -> list[Rule]:
    """Return the rules of an app's own file: TOML with a ``[[finding]]`` for each.

    Each has what ``Rule`` has, as text; ``advice`` may be left out.

    Raises:
        ReadError: It cannot be read, or is no such file.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else ""
        raise ReadError(f"{path} cannot be read: {clean(reason or str(error))}") from error
    found = told.get("finding")
    if not isinstance(found, list) or told.keys() != {"finding"}:
        raise ReadError(f"{path} has to have nothing but [[finding]] tables")
    return [_rule(path, number, each) for number, each in enumerate(found, start=1)]


def _rule(path: Path, number: int, told: object) -> Rule:
    names = [each.name for each in fields(Rule)]
    if not isinstance(told, dict):
        raise ReadError(f"{path}: finding {number} is no table")
    given = {"advice": "", **told}
    for name in names:
        if not isinstance(given.get(name), str):
            raise ReadError(f"{path}: finding {number} needs {name} as a text")
    if unknown := sorted(given.keys() - set(names)):
        raise ReadError(
            f"{path}: finding {number} has {clean(unknown[0])}, which is none of {names}"
        )
    return Rule(**given)


def _said(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, datetime.timedelta):
        return duration(value.total_seconds() * 1000)
    return clean(str(value), _MOST_VALUE)
