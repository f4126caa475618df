"""The stores of a process: one for each folder, for all who look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.reading.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def store_of(folder: Path) -> Store:
    """Return the store of a folder. Threads: any."""
    stores = shared("stores", dict[str, Store])
    return stores.setdefault(str(folder), Store(folder))
