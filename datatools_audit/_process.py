"""What belongs to the process and outlives a reload of our modules."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

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
