"""Where records go besides the log, as it is configured; nothing is loaded until something is."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.errors import ExportError
from datatools_audit.export.outbox import Outbox
from datatools_audit.export.stats import ExportStats
from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.config import AuditConfig
    from datatools_audit.export.sender import Sender

    App = tuple[str | None, str | None]

MISSING = "pip install 'datatools-audit[otel]' is needed"
DISABLED = "OTEL_SDK_DISABLED is set"
_MOST_SPANS = 2_048
EXIT_SECONDS = 2.0
_FLUSH_SECONDS = 0.5


class Exporter:
    """The recorder's way to another system, where the settings name one.

    Args:
        config: Returns the settings in force.
        app: Returns the app's name and version, as far as they are known.
        proc: The process's id in the records.
        tell: Takes a level and a sentence about how the export fares.
        flush: Has what was recorded offered, for no longer than that many seconds.

    Threads: ``offer`` in the worker's; the others any.
    """

    def __init__(
        self,
        config: Callable[[], AuditConfig],
        app: Callable[[], App],
        proc: str,
        tell: Callable[[str, str], None],
        flush: Callable[[float], object],
    ) -> None:
        self._config, self._app, self._proc = config, app, proc
        self._tell, self._flush = tell, flush
        self._records: Outbox[bytes] | None = None
        self._spans: Outbox[object] | None = None
        self._loading = threading.Lock()
        self._spent_seconds = 0.0
        self._pid = os.getpid()

    def follow(self, config: AuditConfig) -> None:
        """Begin or end as the settings say; called when they are found. Never takes long."""
        with guard("export"):
            if not (config.export and config.enabled):
                self.close()
            elif self._records is not None:
                self._records.limit(config.queue_events, config.queue_bytes)
            else:
                limits = config.queue_events, config.queue_bytes
                records = Outbox[bytes](self._connect, *limits, self._tell)
                spans = Outbox[object](
                    self._connect_spans,
                    _MOST_SPANS,
                    _MOST_SPANS,
                    self._tell,
                    what="spans",
                    size=lambda _span: 1,
                )
                self._records, self._spans = records, spans
                with guard("export hooks"):  # the interpreter may be ending
                    _know(self)
                records.begin()
                spans.begin()

    @property
    def is_on(self) -> bool:
        """Whether anything goes anywhere."""
        return self._records is not None

    def offer(self, lines: list[bytes]) -> None:
        """Take a batch of lines, if they are to go anywhere. Never blocks, never raises."""
        records = self._records
        if records is not None:
            with guard("export"):
                records.offer(lines)

    def _connect(self) -> Sender:
        with self._loading:
            if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
                raise ExportError(DISABLED)
            try:
                from datatools_audit.export.otlp.records import RecordSender
            except ImportError as error:
                raise ExportError(f"{MISSING} ({error})") from error
            return RecordSender(
                self._app,
                self._proc,
                self._offer_span,
                with_host=lambda: self._config().identity,
            )

    def _connect_spans(self) -> Sender:
        from datatools_audit.export.otlp.spans import SpanSender

        return SpanSender()

    def _offer_span(self, span: object) -> None:
        spans = self._spans
        if spans is not None:
            spans.offer([span])

    def hand_over(self) -> None:
        """Send what there is before anything of the process's end has begun.

        Then what is not loaded can be, and an app's own provider takes records still. What
        it takes of the time for that is not to be had again in ``finish``.
        """
        if self._pid == os.getpid() and self._records is not None:  # no child of a fork
            with guard("export at exit"):
                began = time.monotonic()
                self._flush(_FLUSH_SECONDS)
                self.finish(EXIT_SECONDS - (time.monotonic() - began))
                self._spent_seconds = time.monotonic() - began

    def wait_until_loaded(self) -> None:
        """Wait while the packages are being loaded, for no longer than ``EXIT_SECONDS``.

        A fork amid that would leave the child the lock of a module that nobody frees.
        """
        with guard("export at fork"):
            if self._loading.locked() and self._loading.acquire(timeout=EXIT_SECONDS):
                self._loading.release()

    def finish(self, timeout_seconds: float) -> tuple[int, int]:
        """Send what waits, for no longer than that; return how many records and spans are left."""
        deadline = time.monotonic() + timeout_seconds - self._spent_seconds
        records, spans = (
            0 if each is None else each.finish(max(0.0, deadline - time.monotonic()))
            for each in (self._records, self._spans)
        )
        return records, spans

    def close(self, timeout_seconds: float = 0.0) -> None:
        """Send nothing more; wait for the threads for no longer than that."""
        deadline = time.monotonic() + timeout_seconds
        both, self._records, self._spans = (self._records, self._spans), None, None
        for each in both:
            if each is not None:
                each.close(max(0.0, deadline - time.monotonic()))

    def stats(self) -> tuple[ExportStats, ExportStats]:
        """Return the counters of this moment: of the records, and of the spans."""
        records, spans = self._records, self._spans
        return (
            ExportStats() if records is None else records.stats(),
            ExportStats() if spans is None else spans.stats(),
        )


def _know(exporter: Exporter) -> None:
    """Have an exporter be asked before each fork, and before any handler of ``atexit``.

    Loading the SDK takes a pool of threads, which is not to be had any more when those run,
    and an app's own provider closes in one. The way in is that of ``concurrent.futures``
    itself, behind which ours has to stand; where Python has it no more, ``atexit`` it is.
    A lock that it takes at a fork is one that the loading takes, too: last in, first out.
    """
    known = shared("exporters", list[weakref.ref[Exporter]])
    is_first = not known
    known[:] = [*(each for each in known if each() is not None), weakref.ref(exporter)]
    if is_first:
        import concurrent.futures.thread  # noqa: F401

        def ask(each: Callable[[Exporter], None]) -> None:
            for found in [reference() for reference in known]:
                if found is not None:
                    each(found)

        hook = getattr(threading, "_register_atexit", atexit.register)
        hook(lambda: ask(Exporter.hand_over))
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=lambda: ask(Exporter.wait_until_loaded))
