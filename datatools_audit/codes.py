"""A code for each error, short enough to be read out: support finds the record by it."""

from __future__ import annotations

import os

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are taken for others."""

_CHARACTERS = 6


def draw_code() -> str:
    """Return ``E-`` and six characters, drawn at random: one of a thousand million."""
    number = int.from_bytes(os.urandom(4), "big")
    return "E-" + "".join(ALPHABET[number >> 5 * place & 31] for place in range(_CHARACTERS))
