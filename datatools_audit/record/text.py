"""Texts that UTF-8 can hold, told without asking a foreign type for anything."""

from __future__ import annotations

# The slots themselves: a metaclass may have defined properties of these names.
own_name = type.__dict__["__name__"].__get__
own_module = type.__dict__["__module__"].__get__


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
    """Return what ``str()`` says of an exception, or a note where that raises."""
    try:
        return clean_text(str(exc))
    except BaseException:  # a foreign __str__ may raise anything, SystemExit included
        return f"<unserialisable: {type_name(exc)}>"
