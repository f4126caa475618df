"""Names of a package that are imported when they are first asked for.

Streamlit collects garbage after each run, over all that is loaded: what an app does not use
should not be there.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def later(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package (PEP 562).

    Args:
        package: Its name.
        homes: The module of each name that is imported later.

    Threads: any.
    """

    def get(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(importlib.import_module(home), name)
        setattr(sys.modules[package], name, found)
        return found

    return get
