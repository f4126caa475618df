"""Which record a test leads to, and what the app's own part in it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.errors import ReadError
from datatools_audit.reading.ordering import text
from datatools_audit.support.reproduce.steps import End

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Record = Mapping[str, object]

_FRAME = re.compile(r'^  File "([^"\n]*)", line \d+, in (.+)$', re.MULTILINE)
_BEGINS = "Traceback (most recent call last):\n"
_UNSEEN = (
    ("In download ", "it was raised where a download is made, which AppTest does not ask for"),
    ("Cannot compile", "the script could not be compiled, which AppTest does not show"),
)


def ending(records: Sequence[Record], code: str = "") -> tuple[int, End]:
    """Return the place of the record that a test leads to, and what it says.

    Without a code it is the newest uncaught error, else the newest that the app handled.

    Args:
        records: Those of the session, in order.
        code: The support code of an error or a report.

    Raises:
        ReadError: There is none.
    """
    errors = [at for at, record in enumerate(records) if record.get("category") == "error"]
    if code:
        found = [at for at, each in enumerate(records) if text(each, "support_code") == code]
        if not found:
            raise ReadError(f"no record of the session has the support code {code!a}")
    else:
        found = [at for at in errors if text(records[at], "support_code")] or errors
        if not found:
            raise ReadError("there is no error in the session; --until takes a report's code too")
    at = found[-1]
    return at, _end(records[at])


def _end(record: Record) -> End:
    ts, code, message = (text(record, name) for name in ("ts", "support_code", "message"))
    if record.get("category") != "error":
        return End(ts, code, "", "", message, "")
    unseen = next((why for begins, why in _UNSEEN if message.startswith(begins)), "")
    if not unseen and not code:
        unseen = "the app handled this error itself"
    error = text(record, "exc_type")
    function = function_of(text(record, "traceback"))
    is_in_thread = message.startswith("In thread ") and not unseen
    return End(ts, code, error, function, message, unseen, is_in_thread)


def function_of(traceback: str) -> str:
    """Return the app's innermost function in a recorded traceback; empty where there is none.

    A compiled library's frames have no place in the app: only files of Python count. A
    comprehension belongs to the function that it stands in.
    """
    last = traceback.rpartition(_BEGINS)[2]
    names = [name for file, name in _FRAME.findall(last) if file.endswith(".py")]
    own = [name.rpartition(".")[2] for name in names]
    named = [name for name in own if name == "<module>" or not name.startswith("<")]
    return named[-1] if named else ""
