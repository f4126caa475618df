"""A code for each error, short enough to be read out: support finds the record by it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from streamlit_ext.session import current

if TYPE_CHECKING:
    from datatools_audit.context import Session

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are taken for others."""

_CHARACTERS = 6
_LAST = "support code"
_CODE = re.compile(rf"E-[{ALPHABET}]{{6}}", re.ASCII)
_LOOKALIKES = str.maketrans("ILO", "110")


def new_code(session: Session | None) -> str:
    """Return ``E-`` and six characters, drawn at random: one of a thousand million.

    It is also the last one of that session from now on; see ``support_code``.
    """
    number = int.from_bytes(os.urandom(4), "big")
    code = "E-" + "".join(ALPHABET[number >> 5 * place & 31] for place in range(_CHARACTERS))
    if session is not None:
        session.memory[_LAST] = code
    return code


def support_code() -> str | None:
    """Return the code of the last error in the present browser session, or None.

    For an app that draws an error box of its own. Threads: that of the script's run.
    """
    session = current()
    code = session.memory.get(_LAST) if session is not None else None
    return code if isinstance(code, str) else None


def as_code(typed: str) -> str | None:
    """Return the support code that somebody has typed, or None where it is none.

    Small letters, blanks and a missing ``E-`` do no harm, nor letters that look like digits.
    """
    text = re.sub(r"^E[\s-]+", "", typed.strip().upper())
    text = re.sub(r"[\s-]", "", text)
    text = text[1:] if len(text) == 7 and text.startswith("E") else text
    code = "E-" + text.translate(_LOOKALIKES)
    return code if _CODE.fullmatch(code) else None
