"""Values and errors that do harm when a library asks them for their text."""

from __future__ import annotations

from typing import NoReturn


class Raising:
    """Raises whatever it is asked."""

    @property
    def __class__(self) -> type:  # type: ignore[override]
        raise RuntimeError("asked for its class")

    def __str__(self) -> NoReturn:
        raise SystemExit("asked for its text")

    __repr__ = __str__

    def __eq__(self, other: object) -> NoReturn:
        raise RuntimeError("compared")

    __hash__ = object.__hash__


class OddError(Exception):
    """An error whose text cannot be had."""

    def __str__(self) -> NoReturn:
        raise SystemExit("asked for its text")


def cyclic() -> list[object]:
    """Return a list that holds itself."""
    found: list[object] = []
    found.append(found)
    return found
