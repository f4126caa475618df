"""Every setting, in one frozen and validated object."""

from __future__ import annotations

import os
import threading
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.errors import ConfigError
from datatools_audit.paths import from_home
from datatools_audit.stderr import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "DATATOOLS_AUDIT_"
EXPORTS = ("", "otlp")
PROBES = ("full", "noop", "no-events", "no-page-open", "no-session-start")

_KIB = 1024
_MIB = 1024 * _KIB
_SMALLEST: Mapping[str, int] = {
    "queue_events": 1,
    "queue_bytes": 64 * _KIB,
    "retention_days": 1,
    "folder_bytes": _MIB,
}


@dataclass(frozen=True, slots=True)
class AuditConfig:
    """The settings of the recorder.

    Attributes:
        dir: The folder of the logs; None is the default folder. The environment variable
            ``DATATOOLS_AUDIT_DIR`` is stronger.
        enabled: Whether anything is recorded.
        trace: Whether the recorder prints ``[audit] ...`` lines on its own work to stderr.
        probe: How much of the producer's path runs, to bisect a fault: one of ``full``,
            ``noop``, ``no-events``, ``no-page-open``, ``no-session-start``.
        queue_events: Most records that wait for the disk, at least 1.
        queue_bytes: Most bytes that wait for the disk, at least 64 KiB.
        retention_days: Days that a log is kept, at least 1.
        folder_bytes: Most bytes that the folder's logs may have, at least 1 MiB. The oldest
            days go first, today's never.
        compress: Whether days gone by are kept as ``.jsonl.gz``, about a tenth of the size; not
            on Windows.
        export: Where records go besides the log: ``otlp``, by OpenTelemetry's own SDK, from the
            package's extra ``otel``; empty for nowhere. ``OTEL_*`` variables say where, and
            never that.
        fsync: Whether a record counts as written only when it is on the disk itself.
        flight_recorder: Whether each record is also copied into shared memory, from where the
            next process has what this one had queued when it was killed.
        hang_seconds: A run of a script or an action that is open for longer is told of once,
            with the stack of its thread; 0 for never.
        identity: Whether the user's name and whole paths are recorded, instead of a
            pseudonym and paths from the home folder or the app's folder on.

    Raises:
        ConfigError: A value is of the wrong kind or out of its range.
    """

    dir: Path | None = None
    enabled: bool = True
    trace: bool = False
    probe: str = "full"
    queue_events: int = 20_000
    queue_bytes: int = 8 * _MIB
    retention_days: int = 7
    folder_bytes: int = 1024 * _MIB
    compress: bool = False
    export: str = ""
    fsync: bool = False
    flight_recorder: bool = True
    hang_seconds: float = 30.0
    identity: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.dir, str):
            object.__setattr__(self, "dir", Path(from_home(self.dir)))
        if self.dir is not None and not isinstance(self.dir, Path):
            raise ConfigError(f"dir must be a path or None, not {self.dir!r}")
        if self.export not in EXPORTS:
            raise ConfigError(f"export must be 'otlp' or '', not {self.export!r}")
        if self.probe not in PROBES:
            raise ConfigError(f"probe must be one of {', '.join(PROBES)}, not {self.probe!r}")
        for name in ("enabled", "trace", "compress", "fsync", "flight_recorder", "identity"):
            if not isinstance(getattr(self, name), bool):
                raise ConfigError(f"{name} must be True or False, not {getattr(self, name)!r}")
        if not is_seconds(self.hang_seconds):
            raise ConfigError(f"hang_seconds must be a number from 0 on: {self.hang_seconds!r}")
        for name, least in _SMALLEST.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ConfigError(f"{name} must be a whole number of at least {least}: {value!r}")

    @classmethod
    def from_env(cls, tell: Callable[[str], None] | None = None) -> AuditConfig:
        """Read each field from ``DATATOOLS_AUDIT_<FIELD>``, its default where none is set.

        A value that cannot be used is told once and the default taken.

        Args:
            tell: Takes the sentence about a bad value; stderr when None.
        """
        return cls().overlaid(tuple(field.name for field in fields(cls)), tell)

    def overlaid(
        self, names: tuple[str, ...], tell: Callable[[str], None] | None = None
    ) -> AuditConfig:
        """Return these settings with the named fields taken from the environment, if set."""
        values: dict[str, object] = {f.name: getattr(self, f.name) for f in fields(self)}
        for field in fields(self):
            text = os.environ.get(PREFIX + field.name.upper(), "")
            if field.name not in names or not text:
                continue
            try:
                values[field.name] = _parsed(field, text)
                AuditConfig(**{field.name: values[field.name]})  # type: ignore[arg-type]
            except ValueError as error:
                # An unknown probe is the whole path, whatever the code says.
                stands = "full" if field.name == "probe" else getattr(self, field.name)
                values[field.name] = stands
                (tell or say)(
                    f"{PREFIX}{field.name.upper()}={text!r} cannot be used ({error}); "
                    f"taking {values[field.name]!r}"
                )
        return AuditConfig(**values)  # type: ignore[arg-type]


def is_seconds(value: object) -> bool:
    """Tell whether that is a span of time."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= threading.TIMEOUT_MAX  # type: ignore[operator]


_WORDS = {"1": True, "true": True, "yes": True, "on": True}
_WORDS |= {"0": False, "false": False, "no": False, "off": False}


def _parsed(field: Field[object], text: str) -> object:
    if field.type == "bool":
        if text.lower() not in _WORDS:
            raise ConfigError("1 or 0")
        return _WORDS[text.lower()]
    if field.type in ("int", "float"):
        return int(text) if field.type == "int" else float(text)
    return text
