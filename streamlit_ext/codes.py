"""The codes of a session's errors, and what somebody has typed for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.api import promised_code
from datatools_audit.codes import ALPHABET, draw_code
from streamlit_ext.session import current

if TYPE_CHECKING:
    from datatools_audit.context import Session

_LAST = "support code"
_CODE = re.compile(rf"E-[{ALPHABET}]{{6}}", re.ASCII)
_LOOKALIKES = str.maketrans("ILO", "110")


def new_code(session: Session | None, exc: BaseException | None = None) -> str:
    """Return the code for a record to be: the one promised for that exception, or a new one.

    It is also the last one of that session from now on; see ``support_code``.
    """
    code = (exc is not None and promised_code(exc)) or draw_code()
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
