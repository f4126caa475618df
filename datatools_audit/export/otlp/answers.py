"""What the other side has answered, which the SDK's exporters do not tell."""

from __future__ import annotations

import contextlib
import logging
import netrc  # noqa: F401 -- `requests` imports it amid the first request: a fork may come then
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import requests
from opentelemetry import context
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY

from datatools_audit.export.outbox import MOST_SENT, THREAD_NAME
from datatools_audit.export.sender import Sent
from datatools_audit.guard import guard
from datatools_audit.redaction.always import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")

_AGAIN = frozenset({429, 502, 503, 504})
"""The answers after which the same is sent again; the protocol forbids it after any other."""
_TOO_LARGE = 413
_LONGEST_WAIT_SECONDS = 300.0
_MOST_CHARACTERS = 300
_NO_ADDRESS = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


class _Quiet(logging.Filter):
    """Keeps quiet what the SDK logs of our sending: it is told once, and at each attempt by it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.threadName).startswith(THREAD_NAME)


_QUIET = _Quiet()
_LOGGERS = ("_log_exporter", "trace_exporter")


class Answers(requests.Session):
    """A session that keeps what became of the last request.

    Attributes:
        status: Its status, or None where nobody has answered.
        content: The body of the answer.
        retry_after: Seconds after which to try again.
        was_asked: Whether there was a request at all.
        said: What went wrong, in a few words.
    """

    def __init__(self) -> None:
        super().__init__()
        for name in _LOGGERS:
            logging.getLogger(f"opentelemetry.exporter.otlp.proto.http.{name}").addFilter(_QUIET)
        self.forget()

    def forget(self) -> None:
        """Be ready for the next request."""
        self.status: int | None = None
        self.content = b""
        self.retry_after = 0.0
        self.was_asked = False
        self.said = "no answer"

    def request(self, *args: Any, **named: Any) -> requests.Response:
        """Ask, and keep the answer."""
        self.forget()
        self.was_asked = True
        named["allow_redirects"] = False  # a page to log in at has taken nothing
        named.setdefault("verify", self.verify)  # else `REQUESTS_CA_BUNDLE` is stronger
        named["stream"] = True  # the status is an answer, whatever becomes of what follows it
        try:
            response = super().request(*args, **named)
        except Exception as error:
            self.said = f"no answer ({type(error).__name__})"  # a header's text is a secret
            if isinstance(error, _NO_ADDRESS):
                self.said = _one_line(str(error))
            raise
        self.status, self.said = response.status_code, f"HTTP {response.status_code}"
        with contextlib.suppress(requests.RequestException):
            self.content = response.content
        self.retry_after = _seconds(response.headers.get("Retry-After", ""))
        return response


def _one_line(text: str) -> str:
    """Return what somebody else says so that it can be said on a terminal."""
    some = without_secrets(text[: _MOST_CHARACTERS * 10])  # more than is shown: none is cut in two
    return "".join(each if each.isprintable() else " " for each in some[:_MOST_CHARACTERS])


def _seconds(after: str) -> float:
    """Return how long to wait by ``Retry-After``: a number of seconds, or a moment."""
    seconds = 0.0
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        is_number = after.isdecimal()
        seconds = (
            float(after) if is_number else parsedate_to_datetime(after).timestamp() - time.time()
        )
    return min(max(0.0, seconds), _LONGEST_WAIT_SECONDS)


class Post(Generic[Item]):
    """Sends batches by one of the SDK's exporters, and tells what became of them.

    What is too large for the other side goes in smaller pieces.

    Args:
        export: The exporter's; tells by its answer's name, ``SUCCESS``, whether it has worked.
        answers: The session that it was given.
        rejected: Returns from an answer's body how many items it refuses, and why.
    """

    def __init__(
        self,
        export: Callable[[list[Item]], Any],
        answers: Answers,
        rejected: Callable[[bytes], tuple[int, str]],
    ) -> None:
        self._export, self._answers, self._rejected = export, answers, rejected
        self._most = MOST_SENT
        context.attach(context.set_value(_SUPPRESS_INSTRUMENTATION_KEY, value=True))

    def begin(self) -> None:
        """Dare a larger piece again, with the next batch."""
        self._most = min(MOST_SENT, self._most * 2)

    def send(self, items: list[Item]) -> Sent:
        """Send the first of them, and take from the list what is settled."""
        piece, answers = items[: self._most], self._answers
        answers.forget()
        is_well = False
        with guard("export request"):  # an older SDK lets what the request raises pass
            is_well = self._export(piece).name == "SUCCESS"
        status = answers.status
        if status in _AGAIN or (status is None and answers.was_asked):
            return Sent(error=answers.said, pause_seconds=answers.retry_after)
        is_refused = not is_well or status is None or status >= 300
        if is_refused and (status == _TOO_LARGE or not answers.was_asked) and len(piece) > 1:
            self._most = len(piece) // 2
            return Sent()
        del items[: len(piece)]
        if is_refused:
            said = answers.said if answers.was_asked else "it cannot be encoded"
            return Sent(refused=len(piece), error=said)
        refused, why = self._refused(len(piece))
        return Sent(len(piece) - refused, refused, (why or answers.said) if refused else None)

    def _refused(self, most: int) -> tuple[int, str]:
        with guard("export answer"):
            refused, why = self._rejected(self._answers.content)
            return max(0, min(most, refused)), _one_line(why)
        return 0, ""
