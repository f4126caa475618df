"""Where records go besides the log, as it is configured; nothing is loaded until something is."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from datatools_audit.errors import ExportError
from datatools_audit.export.outbox import ExportStats, Outbox
from datatools_audit.guard import guard
from datatools_audit.stderr import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.config import AuditConfig
    from datatools_audit.export.outbox import Sender

    App = tuple[str | None, str | None]

MISSING = "export='otlp' needs more packages: pip install 'datatools-audit[otel]'"
DISABLED = "OTEL_SDK_DISABLED is set, so nothing is exported"


class Exporter:
    """The recorder's way to another system, where the settings name one.

    Args:
        config: Returns the settings in force.
        app: Returns the app's name and version, as far as they are known.
        proc: The process's id in the records.

    Threads: ``offer`` in the worker's; the others any.
    """

    def __init__(
        self, config: Callable[[], AuditConfig], app: Callable[[], App], proc: str
    ) -> None:
        self._config, self._app, self._proc = config, app, proc
        self._outbox: Outbox | None = None

    def follow(self, config: AuditConfig) -> None:
        """Begin or end as the settings say; called when they are found.

        It begins at once, and what takes a third of a second to load is loaded here: in another
        thread, a fork amid that would leave the child a lock that nobody frees, and when the
        interpreter ends it cannot be loaded any more.
        """
        with guard("export"):
            if not config.export:
                self.close()
            elif self._outbox is None:
                with contextlib.suppress(ImportError):  # the outbox tells it
                    import datatools_audit.export.otlp  # noqa: F401
                self._outbox = Outbox(self._connect, config.queue_events, config.queue_bytes, say)
                self._outbox.begin()

    def offer(self, lines: list[bytes]) -> None:
        """Take a batch of lines, if they are to go anywhere. Never blocks, never raises."""
        outbox = self._outbox
        if outbox is not None:
            with guard("export"):
                outbox.offer(lines)

    def _connect(self) -> Sender:
        if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
            raise ExportError(DISABLED)
        try:
            from datatools_audit.export.otlp import OtlpSender
        except ImportError as error:
            raise ExportError(f"{MISSING} ({error})") from error
        return OtlpSender(self._app(), self._proc, with_host=self._config().identity)

    def finish(self, timeout_seconds: float) -> bool:
        """Send what waits, for no longer than that; tell whether all is sent."""
        outbox = self._outbox
        return outbox is None or outbox.finish(timeout_seconds)

    def close(self, timeout_seconds: float = 0.0) -> None:
        """Send nothing more; wait for the thread for no longer than that."""
        outbox, self._outbox = self._outbox, None
        if outbox is not None:
            outbox.close(timeout_seconds)

    def stats(self) -> ExportStats:
        """Return the counters of this moment."""
        outbox = self._outbox
        return ExportStats() if outbox is None else outbox.stats()
