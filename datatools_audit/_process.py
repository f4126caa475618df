"""What belongs to the process and outlives a reload of our modules."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

T = TypeVar("T")

_HOLDER = "_datatools_audit_process"


def shared(name: str, make: Callable[[], T]) -> T:
    """Return the process's one object of that name, made at the first call.

    It lives on a module without a file. Streamlit's watcher throws every watched local
    module out of ``sys.modules`` after an edit, and only such a module stays (seen on
    1.67), so a second copy of our code finds the first one's writer and patches.

    Threads: any; ``dict.setdefault`` decides who was first.
    """
    holder = sys.modules.get(_HOLDER)
    if holder is None:
        holder = sys.modules.setdefault(_HOLDER, ModuleType(_HOLDER))
    found = vars(holder).get(name)
    if found is None:
        found = vars(holder).setdefault(name, make())
    return cast("T", found)


def known(name: str) -> object:
    """Return the process's object of that name; None where nobody has made it."""
    holder = sys.modules.get(_HOLDER)
    return vars(holder).get(name) if holder is not None else None


def begin_anew(names: Collection[str]) -> Callable[[], None]:
    """Empty the process's mappings of those names; return what gives them back what they had."""
    before = {name: dict(found) for name in names if isinstance(found := known(name), dict)}
    for name in before:
        cast("dict[object, object]", known(name)).clear()

    def put_back() -> None:
        for name in names:
            found = known(name)
            if isinstance(found, dict):  # the same object: others hold it too
                found.clear()
                found |= before.get(name, {})

    return put_back
