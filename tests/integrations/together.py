"""Tasks that log at the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def serve(count: int, request: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Run so many requests together, each with its number from 0 on."""

    async def all_of_them() -> None:
        await asyncio.gather(*map(request, range(count)))

    asyncio.run(all_of_them())
