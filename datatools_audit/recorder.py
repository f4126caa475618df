"""The process's one recorder: its identity, its settings, its writer."""

from __future__ import annotations

import itertools
import os
import threading
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from datatools_audit import paths
from datatools_audit._process import shared
from datatools_audit.config import PREFIX, AuditConfig
from datatools_audit.context import Session, new_id
from datatools_audit.emit import emitter, within
from datatools_audit.export.exporter import Exporter
from datatools_audit.flight import FlightRecorder
from datatools_audit.guard import count_failure, failures, guard
from datatools_audit.notes import Notes
from datatools_audit.record.encode import encode
from datatools_audit.record.failure import describe_stack
from datatools_audit.record.stamp import Stamps
from datatools_audit.record.strict import heed_memory_limit
from datatools_audit.redaction.always import redacted
from datatools_audit.redaction.always import use as use_redaction
from datatools_audit.stderr import say
from datatools_audit.tending import Tending
from datatools_audit.watchdog import Watchdog
from datatools_audit.writer.lifecycle import Lifecycle
from datatools_audit.writer.spool import Spool
from datatools_audit.writer.stats import AuditStats
from datatools_audit.writer.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path
    from types import FrameType

    from datatools_audit.context import SessionProvider
    from datatools_audit.emit import Emit, Run
    from datatools_audit.record.stamp import Clock
    from datatools_audit.watchdog import Work
    from datatools_audit.writer.spool import Sink

    Fields = Mapping[str, object]

EXIT_SECONDS = 2.0
_MOST_SESSIONS = 10_000
_APPLY_SECONDS = 0.05
_STRONGER_IN_ENV = ("enabled", "trace", "probe")
_ALL_BUT_DIR = tuple(f.name for f in fields(AuditConfig) if f.name != "dir")


class Recorder:
    """Turns calls into lines and hands them to the writer.

    Attributes:
        sessions: The sessions known, by a key of whoever provides them; the key is never
            recorded.
        provider: Returns the session of the present caller, or None for the process's own.
        app: Name and version of the app, for the banner.
        root: The app's folder, from which its paths are shown.
        emit: Queues one record.
        event: The same, or what stands for it while events are off.
        keeps_codes: Whether an exception keeps the code of its record, for who asks behind it.
        notes: Makes the records about the log itself.
        tending: What the worker does besides writing.
        current_run: Returns the run of an action that the present caller is in, or None.

    Threads: any.
    """

    def __init__(self, *, clock: Clock = time.time_ns, sink: Sink | None = None) -> None:
        self._clock = clock
        self._stamp = Stamps(clock)
        self._sink = sink
        self.provider: SessionProvider | None = None
        self.app: tuple[str | None, str | None] = (None, None)
        self.keeps_codes = False
        self.current_run: Callable[[], Run | None] = lambda: None
        self.root: str | None = None
        self._given: AuditConfig | None = None
        self._stand_in: Callable[[], Writer] | None = None
        self._listeners: tuple[Callable[[bytes], object], ...] = ()
        # Re-entrant: a signal handler may log while its thread reads the settings.
        self._applying = threading.RLock()
        self._lifecycle = Lifecycle(self.drain, self._after_fork)
        self._lifecycle.hook()
        self._renew()

    def _renew(self) -> None:
        """Begin as a new process does: own ids, empty queue, no thread, no lock held."""
        self.proc = new_id()
        self._next_seq = itertools.count(1).__next__
        self.process_session = Session()
        self.sessions: dict[Hashable, Session] = {}
        self._config: AuditConfig | None = None
        self.notes = Notes(self)
        self.tending = Tending(self)
        self.exporter = Exporter(
            lambda: self.config,
            lambda: self.app,
            self.proc,
            self.notes.tell_export,
            lambda seconds: self.writer.flush(seconds),
        )
        self.writer = (self._stand_in or self._make_writer)()
        for listener in self._listeners:
            self._tell(listener)
        self._emit = emitter(self, self.proc, self._next_seq, self._stamp, self.writer)
        self.emit = self._emit
        self.event: Emit = self._first_event
        self.watchdog = Watchdog(self._tell_hang)
        self.flight = FlightRecorder(
            self.proc, self.writer.queue, self.log_dir, self.writer.sink, self.notes.of_death
        )

    def _make_writer(self) -> Writer:
        return Writer(
            self._sink or Spool(self._folder_to_write, lambda: self.config.fsync),
            self.notes.line,
            sweep=self.tending.tend,
            trace=self.trace,
            begin=self.tending.begin,
            export=self.exporter,
            on_start=self._lifecycle.watch,
            on_wake=self._lifecycle.watch,
        )

    def listen(self, listener: Callable[[bytes], object]) -> None:
        """Have each line of an app's call told to that listener too, in the call. Twice is once."""
        if listener not in self._listeners:
            self._listeners = (*self._listeners, listener)
            self._tell(listener)

    def _tell(self, listener: Callable[[bytes], object]) -> None:
        put = self.writer.put

        def put_and_tell(line: bytes) -> None:
            put(line)
            try:
                listener(line)
            except Exception as error:
                count_failure("listener", type(error))

        self.writer.put = put_and_tell

    def set_aside(self, stand_in: Callable[[], Writer]) -> Callable[[], None]:
        """Begin as a new process does, with the writer that is made; for tests.

        What is queued stays so until then, and is written behind it.

        Returns what puts everything back as it was; also the next after a fork or a reset are
        stand-ins until then.
        """
        pid, before = os.getpid(), dict(vars(self))
        self._stand_in = stand_in
        self._lifecycle = Lifecycle(self.drain, self._after_fork)  # the hooked one stays hooked
        self._given = self.provider = self.root = None
        self.app = (None, None)
        self._renew()

        def put_back() -> None:
            self.watchdog.stop(5)
            self.exporter.close()
            self._lifecycle.release_sigterm()
            vars(self).update(before)
            if os.getpid() != pid:
                self._after_fork()

        return put_back

    def configure(self, config: AuditConfig) -> None:
        """Use these settings from now on; the environment's stronger ones stay so."""
        self._lifecycle.watch()
        if config == self._given and self._config is not None and self._env == self._environment():
            return
        self._given = config
        self._apply(again=True)

    @property
    def config(self) -> AuditConfig:
        """The settings in force, found at first use."""
        return self._config or self._apply()

    def _apply(self, *, again: bool = False) -> AuditConfig:
        """Find the settings and have the writer follow them; never waits long for another."""
        if not self._applying.acquire(timeout=_APPLY_SECONDS):
            return self._found_config(lambda _sentence: None)
        try:
            if self._config is not None and not again:
                return self._config
            self._env = self._environment()
            config = self._found_config(self.writer.say)
            self.is_on = config.enabled and config.probe != "noop"
            self.flight.fit(config.queue_bytes, wanted=config.flight_recorder)
            self.writer.queue.limit(config.queue_events, config.queue_bytes)
            with guard("heed the memory's limit"):
                heed_memory_limit()
            if self._stand_in is None:
                self.exporter.follow(config)
            self.emit = within(self._emit, self.current_run) if config.export else self._emit
            self._config = config  # last but one: whoever sees it finds the rest in place
            self.event = self.emit if _takes_events(config) else _ignore
            return config
        finally:
            self._applying.release()

    def _found_config(self, tell: Callable[[str], None]) -> AuditConfig:
        names = _STRONGER_IN_ENV if self._given else _ALL_BUT_DIR
        return (self._given or AuditConfig()).overlaid(names, tell)

    def _environment(self) -> list[str | None]:
        return [os.environ.get(PREFIX + name.upper()) for name in _STRONGER_IN_ENV]

    @property
    def is_recording(self) -> bool:
        """Whether anything at all is recorded."""
        return self.config.enabled and self.is_on

    def records(self, probe: str) -> bool:
        """Tell whether the part of the producer's path that the probe names runs."""
        config = self.config
        return self.is_on and config.probe != probe

    def session(self) -> Session:
        """Return the session of the present caller."""
        provided = self.provider() if self.provider is not None else None
        return provided or self.process_session

    def session_for(self, key: Hashable) -> tuple[Session, bool]:
        """Return the session of a provider's key, and whether it is new."""
        found = self.sessions.get(key)
        if found is not None:
            return found, False
        if len(self.sessions) >= _MOST_SESSIONS:
            with guard("forget a session"):
                del self.sessions[next(iter(self.sessions))]
        made = Session()
        return (kept := self.sessions.setdefault(key, made)), kept is made

    def _first_event(self, *args: Any, **named: Any) -> None:
        if _takes_events(self._apply()):
            self.emit(*args, **named)

    def drain(self) -> bool:
        """Write what is queued before the process ends, within ``EXIT_SECONDS``."""
        deadline = time.monotonic() + EXIT_SECONDS
        written = self.writer.finish(EXIT_SECONDS)
        records, spans = self.exporter.finish(max(0.0, deadline - time.monotonic()))
        if records or spans:
            say(f"{records} records and {spans} spans could not be exported in time")
        if written:
            self.flight.release()
        else:
            left = len(self.writer.queue)
            kept = "; the next start writes them" if self.flight.state == "on" else ""
            say(f"{left} records could not be written in time{kept}")
        return written

    def reset(self, timeout_seconds: float = 5.0) -> None:
        """Throw away the writer, the queue, the settings and the sessions."""
        self.watchdog.stop()
        self.writer.close(timeout_seconds)
        self.exporter.close(timeout_seconds)
        self.flight.release()
        self._lifecycle.release_sigterm()
        self._given = None
        self.app = (None, None)
        self.root = None
        self._listeners = ()
        self.keeps_codes = False
        failures().clear()
        use_redaction(None)
        self._renew()

    def stats(self) -> AuditStats:
        """Return the counters of this moment."""
        worker, queue = self.writer.worker, self.writer.queue
        export, spans = self.exporter.stats()
        reasons = queue.dropped
        return AuditStats(
            enabled=self.config.enabled,
            queued=queue.lines_out
            + len(queue)
            + worker.notes_written
            + worker.notes_waiting
            + reasons.get("unencodable", 0),
            written=worker.written,
            dropped=sum(reasons.values()),
            dropped_reasons=reasons,
            failed_writes=worker.failed_writes,
            queue_depth=len(queue) + worker.notes_waiting,
            queue_bytes=queue.bytes_waiting,
            written_bytes=worker.written_bytes,
            last_error=worker.last_error,
            last_write=worker.last_write,
            failing_since=worker.failing_since,
            writer_alive=self.writer.alive,
            recovered=self.flight.recovered,
            flight_recorder=self.flight.state,
            redacted=dict(redacted()),
            internal_failures=dict(failures()),
            export_offered=export.offered,
            exported=export.sent,
            export_refused=export.refused,
            export_dropped=export.dropped,
            export_waiting=export.waiting,
            export_error=export.last_error,
            export_spans=spans.counters(),
        )

    def log_dir(self) -> Path:
        """Return the folder of the logs."""
        return self.folder()[0]

    def now(self) -> float:
        """Return the clock's moment, seconds since the epoch."""
        return self._clock() / 1e9

    def folder(self) -> tuple[Path, bool]:
        """Return the folder of the logs, and whether it has to be this user's own."""
        configured = self._config.dir if self._config else self._given and self._given.dir
        return paths.log_dir(configured or None)

    def _folder_to_write(self) -> tuple[Path, bool]:
        """Return the folder of the present batch; the worker waits while its recorder is aside."""
        if self._stand_in is not None:
            raise OSError("a test has set the recorder aside")
        return self.folder()

    def own_line(
        self, level: str, category: str, message: str, fields: Mapping[str, object]
    ) -> bytes:
        """Return a record that the log itself writes; its number is used then."""
        whose = self.process_session.id
        seq = self._next_seq()
        return encode(
            self._stamp(), level, category, whose, message, self.proc, seq, None, fields, {}
        )

    def _tell_hang(self, work: Work, frame: FrameType | None) -> None:
        if not self.records("no-events") or work not in self.watchdog:
            return
        stack = describe_stack(frame, root=self.root, whole_paths=self.config.identity)
        open_for = time.monotonic() - work.began
        fields = {**work.ids, "open_ms": round(open_for * 1000), "stack": stack}
        message = f"{work.name} has been open for {open_for:.3g} s"
        self.emit("warning", "hang", message, fields, {}, work.session)

    def _after_fork(self) -> None:
        self.flight.abandon()
        known = self.sessions
        self._renew()
        self.sessions = known  # what a child does for a visitor is that visitor's

    def trace(self, line: str) -> None:
        """Have the worker print a line about its doings, where the settings ask for that."""
        if self.config.trace:
            self.writer.worker.sayings.append(line)


def _takes_events(config: AuditConfig) -> bool:
    return config.enabled and config.probe not in ("noop", "no-events")


def _ignore(*_args: object, **_named: object) -> None:
    """Stand for ``emit`` while events are off."""


recorder: Recorder = shared("recorder", Recorder)
"""The process's recorder; a second copy of this module finds the first one's."""
