"""What the app has decided of its records: whose, of which widgets, how much of a value."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, cast, get_args

from datatools_audit._process import shared
from datatools_audit.guard import guard
from datatools_audit.stderr import say

if TYPE_CHECKING:
    from streamlit_ext.elements import Element

Values = Literal["shape", "choices", "all"]
Redact = Callable[[dict[str, object]], Mapping[str, object] | None]
Patterns = str | Iterable[str]

VARIABLE = "DATATOOLS_AUDIT_VALUES"


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices of ``instrument``; see there.

    Attributes:
        values: How much of a widget's value is recorded.
        include: Patterns of the widgets that are heard; None for all.
        exclude: Patterns of those that are not, which is stronger.
        redact: Has the last word on the fields of a record.
        record: Tells whether the present visitor is recorded; None for all.
        show_codes: Whether an error box says the support code.
    """

    values: Values = "shape"
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    redact: Redact | None = None
    record: Callable[[], object] | None = None
    show_codes: bool = False

    def hears(self, element: Element, key: str | None = None) -> bool:
        """Tell whether what happens to that widget is recorded."""
        if self.include is None and not self.exclude:
            return True
        if not element.is_known and self.exclude:
            return False  # its label or its kind may be what is left out
        names = [name for name in (key, element.label, element.kind) if name]
        if _match(names, self.exclude):
            return False
        return self.include is None or _match(names, self.include)

    def redacted(self, fields: dict[str, object]) -> Mapping[str, object] | None:
        """Return the fields as they may be recorded; None for no record at all.

        Where the app's own ``redact`` fails nothing is recorded.
        """
        if self.redact is None:
            return fields
        with guard("redact"):
            return self.redact(fields)
        return None


def _match(names: list[str], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def policy() -> Policy:
    """Return the policy of the process."""
    return shared("policies", dict[str, Policy]).get("now") or _DEFAULT


_DEFAULT = Policy()


def use(
    values: Values | None = None,
    include: Patterns | None = None,
    exclude: Patterns = (),
    redact: Redact | None = None,
    record: Callable[[], object] | None = None,
    *,
    show_codes: bool = False,
) -> None:
    """Set the policy of the process.

    Raises:
        TypeError: A pattern is no text, or what should be callable is not.
    """
    for name, given in (("redact", redact), ("record", record)):
        if given is not None and not callable(given):
            raise TypeError(f"instrument({name}=…) takes a callable, not {type(given).__name__}")
    shared("policies", dict[str, Policy])["now"] = Policy(
        _values(values),
        None if include is None else _patterns("include", include),
        _patterns("exclude", exclude),
        redact,
        record,
        show_codes,
    )


def _patterns(name: str, given: Patterns) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else tuple(given)
    if not all(isinstance(pattern, str) for pattern in found):
        raise TypeError(f"instrument({name}=…) takes patterns as text: {found!r}")
    return found


def _values(given: Values | None) -> Values:
    """Return the environment's word, else the one given, else ``shape``.

    What is none of the three counts as ``shape``, and is told once.
    """
    told = os.environ.get(VARIABLE, "").lower() or given or "shape"
    if told in get_args(Values):
        return cast("Values", told)
    complaints = shared("complaints", dict[str, bool])
    if told not in complaints:
        complaints[told] = True
        say(f"values={told!r} cannot be used (shape, choices or all); taking 'shape'")
    return "shape"
