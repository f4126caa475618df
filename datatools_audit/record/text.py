"""Texts that UTF-8 can hold, told without asking a foreign type for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.guard import own_name
from datatools_audit.redaction.always import without_secrets

if TYPE_CHECKING:
    from collections.abc import Collection

# The slot itself: a metaclass may have defined a property of that name.
own_module = type.__dict__["__module__"].__get__


_ASKS_ARGUMENTS = (BaseException.__str__, KeyError.__str__, OSError.__str__, ImportError.__str__)
_SCALARS = (str, int, float, bool, bytes, complex, type(None))
_MOST_ARGUMENTS = 100


def type_name(value: object) -> str:
    """Return the name of a value's type, without asking a metaclass."""
    return clean_text(own_name(type(value)))


def clean_text(text: str) -> str:
    r"""Return an exact ``str`` that UTF-8 can hold; a lone surrogate becomes ``\udc80``."""
    exact = str.__str__(text)
    try:
        exact.encode()
    except UnicodeEncodeError:
        return exact.encode("utf-8", "backslashreplace").decode()
    return exact


def text_or_type(value: object) -> str:
    """Return a text as it is, of anything else the type's name."""
    # isinstance() would ask a foreign __class__.
    return clean_text(value) if issubclass(type(value), str) else type_name(value)  # type: ignore[arg-type]


def cut_text(text: str, most_bytes: int) -> tuple[str, bool]:
    """Return a clean text of at most so many bytes of UTF-8, and whether it was cut."""
    exact = clean_text(str.__str__(text)[: most_bytes + 1])
    data = exact.encode()
    if len(data) <= most_bytes:
        return exact, False
    return data[: most_bytes - 3].decode("utf-8", "ignore") + "…", True


def exception_text(exc: BaseException) -> str:
    """Return what ``str()`` says of an exception without secrets, or a note where that raises.

    Its own ``__str__`` runs, if it has one; those of its arguments do not: they may wait, and
    a data frame's would tell its contents. Python's own would ask them.
    """
    try:
        if type(exc).__str__ in _ASKS_ARGUMENTS and not _is_plain(_arguments(exc)):
            text = ", ".join(map(_argument_text, _arguments(exc)))
        else:
            text = clean_text(str(exc))
    except BaseException:  # a foreign __str__ may raise anything, SystemExit included
        return f"<unserialisable: {type_name(exc)}>"
    return without_secrets(text)


def _arguments(exc: BaseException) -> tuple[object, ...]:
    found: tuple[object, ...] = BaseException.args.__get__(exc)  # type: ignore[attr-defined]
    if issubclass(type(exc), OSError):
        names = (OSError.filename, OSError.filename2)
        found += tuple(name.__get__(exc) for name in names)
    return found


def _is_plain(values: Collection[object], depth: int = 0) -> bool:
    """Tell whether ``repr`` of the values runs Python's own code only."""
    if len(values) > _MOST_ARGUMENTS:
        return False
    for value in values:
        kind = type(value)
        if kind in _SCALARS:
            continue
        if depth > 1 or kind not in (tuple, list, dict):
            return False
        inner = [*value, *value.values()] if kind is dict else value  # type: ignore[misc, attr-defined]
        if not _is_plain(inner, depth + 1):  # type: ignore[arg-type]
            return False
    return True


def _argument_text(value: object) -> str:
    return str(value) if type(value) in _SCALARS else f"<{type_name(value)}>"
