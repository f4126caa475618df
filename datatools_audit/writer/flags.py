"""The flags of ``os.open``, of which no system has all."""

from __future__ import annotations

import os

_ALWAYS = ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY", "O_NOINHERIT")


def flags(base: int, *names: str) -> int:
    """Return the base with those of the named flags that this system has.

    Never followed is a link, and never inherited the handle.
    """
    for name in (*_ALWAYS, *names):
        base |= getattr(os, name, 0)
    return base
