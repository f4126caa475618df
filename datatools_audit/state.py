"""What the recorder is set to and has done so far, as plain data for whoever looks from outside."""

from __future__ import annotations

from dataclasses import fields

from datatools_audit.paths import shown_path, without_home
from datatools_audit.record.stamp import Stamps
from datatools_audit.recorder import recorder

_MOMENTS = ("last_write", "failing_since")


def state() -> dict[str, object]:
    """Return ``app`` and ``version``, ``settings``, ``counters`` and ``own_failures``.

    Paths are shown from the home folder or the app's folder on, whatever ``identity`` says.
    Moments are RFC 3339 texts. Touches no disk. Threads: any.
    """
    stats = recorder.stats()
    counters = {field.name: getattr(stats, field.name) for field in fields(stats)}
    own_failures = dict(counters.pop("internal_failures"))
    counters["dropped_reasons"] = dict(stats.dropped_reasons)
    for name in ("last_error", "flight_recorder", "export_error"):
        counters[name] = without_home(counters[name]) if counters[name] else counters[name]
    for name in _MOMENTS:
        counters[name] = _moment(counters[name])
    app, version = recorder.app
    return {
        "app": app,
        "version": version,
        "settings": _settings(),
        "counters": counters,
        "own_failures": own_failures,
    }


def _settings() -> dict[str, object]:
    config = recorder.config
    settings = {field.name: getattr(config, field.name) for field in fields(config)}
    return settings | {"dir": shown_path(str(recorder.log_dir()), root=recorder.root)}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else Stamps().at(int(seconds * 1e9))
