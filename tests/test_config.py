"""Settings are one frozen, validated value; the environment may set each."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import datatools_audit as audit
from datatools_audit import AuditConfig, AuditError, ConfigError
from datatools_audit.config import PROBES
from tests.helpers import written_records

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = [field.name for field in dataclasses.fields(AuditConfig)]


class Stderr(io.StringIO):
    """Standard error that tells when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.said = threading.Event()

    def write(self, text: str) -> int:
        done = super().write(text)
        self.said.set()
        return done


def heard(monkeypatch: pytest.MonkeyPatch) -> Stderr:
    """Replace standard error for the test; pytest sets it anew after the fixtures."""
    made = Stderr()
    monkeypatch.setattr(sys, "stderr", made)
    return made


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        if name != "dir":
            monkeypatch.delenv(f"DATATOOLS_AUDIT_{name.upper()}", raising=False)


def test_config_has_the_defaults_of_the_contract() -> None:
    """20,000 records, 8 MiB, 7 days, 1 GiB; recording is on, nothing else is."""
    assert dataclasses.asdict(AuditConfig()) == {
        "dir": None,
        "enabled": True,
        "trace": False,
        "probe": "full",
        "queue_events": 20_000,
        "queue_bytes": 8 * 2**20,
        "retention_days": 7,
        "folder_bytes": 2**30,
        "compress": False,
        "export": "",
        "fsync": False,
        "flight_recorder": True,
        "hang_seconds": 30.0,
        "identity": False,
    }


def test_config_is_frozen() -> None:
    """A setting cannot be changed in place, nor a new one be made up."""
    config = AuditConfig()
    with pytest.raises(AttributeError):
        config.enabled = False  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        config.unknown = 1  # type: ignore[attr-defined]
    assert AuditConfig() == config


BAD = [
    *[
        (name, value)
        for name in ("enabled", "trace", "compress", "fsync", "flight_recorder", "identity")
        for value in (1, "1", None)
    ],
    *[
        (name, value)
        for name in ("queue_events", "queue_bytes", "retention_days", "folder_bytes")
        for value in (0, -1, 1e9, "9", None, True)
    ],
    ("queue_bytes", 64 * 1024 - 1),
    ("folder_bytes", 2**20 - 1),
    *[("probe", value) for value in ("", "FULL", "none", None, 1, [])],
    *[("dir", value) for value in (5, b"/x", [])],
    *[("hang_seconds", value) for value in (-1, float("nan"), 1e300, "9", None, True)],
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_config_refuses_a_bad_value(name: str, value: object) -> None:
    """A value of the wrong kind or out of its range is refused where it is built."""
    with pytest.raises(ConfigError, match=name) as info:
        AuditConfig(**{name: value})  # type: ignore[arg-type]
    assert isinstance(info.value, AuditError)
    assert isinstance(info.value, ValueError)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("queue_events", 1),
        ("queue_bytes", 64 * 1024),
        ("retention_days", 1),
        ("folder_bytes", 2**20),
    ],
)
def test_config_takes_the_least_value(name: str, value: int) -> None:
    """The bound itself is allowed."""
    assert value == getattr(AuditConfig(**{name: value}), name)  # type: ignore[arg-type]


def test_config_takes_a_folder_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder may be given as text, with ``~`` for the home folder."""
    monkeypatch.setenv("HOME", "/home/zorro")
    assert Path("/home/zorro/x") == AuditConfig(dir="~/x").dir  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("dir", "/x/y", Path("/x/y")),
        ("hang_seconds", "0.5", 0.5),
        ("enabled", "0", False),
        ("enabled", "FALSE", False),
        ("trace", "1", True),
        ("trace", "yes", True),
        ("probe", "no-events", "no-events"),
        ("queue_events", "5", 5),
        ("queue_bytes", "100000", 100_000),
        ("retention_days", "30", 30),
        ("folder_bytes", "2000000", 2_000_000),
        ("compress", "1", True),
        ("fsync", "on", True),
        ("identity", "True", True),
    ],
)
def test_config_from_env_reads_each_field(
    name: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each field has its variable, ``DATATOOLS_AUDIT_<FIELD>``."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    monkeypatch.setenv(f"DATATOOLS_AUDIT_{name.upper()}", text)
    assert dataclasses.replace(AuditConfig(), **{name: value}) == AuditConfig.from_env()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FIELDS)
def test_config_from_env_takes_an_empty_variable_as_unset(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is set to nothing sets nothing, and nothing is said."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    monkeypatch.setenv(f"DATATOOLS_AUDIT_{name.upper()}", "")
    said: list[str] = []
    assert (AuditConfig(), []) == (AuditConfig.from_env(said.append), said)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("enabled", "maybe"),
        ("trace", "2"),
        ("probe", "bogus"),
        ("queue_events", "many"),
        ("queue_events", "0"),
        ("queue_bytes", "8MiB"),
        ("retention_days", "1.5"),
        ("folder_bytes", "-5"),
        ("fsync", "?"),
        ("identity", "\n"),
        ("dir", "~nobody-of-this-name/logs"),
    ],
)
def test_config_from_env_takes_the_default_for_a_bad_value(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad value is told once, by its variable; the other variables are read all the same."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    other = "queue_events" if name == "retention_days" else "retention_days"
    monkeypatch.setenv(f"DATATOOLS_AUDIT_{other.upper()}", "30")
    monkeypatch.setenv(f"DATATOOLS_AUDIT_{name.upper()}", text)
    said: list[str] = []
    found = AuditConfig.from_env(said.append)
    assert 30 == getattr(found, other)
    if name == "dir":  # a folder of that very name is a use of it too
        assert found.dir in (None, Path(text))
    else:
        assert getattr(AuditConfig(), name) == getattr(found, name)
        assert [True] == [f"DATATOOLS_AUDIT_{name.upper()}=" in sentence for sentence in said]


def test_config_from_env_tells_stderr_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called by the app, it says what it could not use to stderr."""
    stderr = heard(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_FSYNC", "bogus")
    AuditConfig.from_env()
    assert [True] == ["DATATOOLS_AUDIT_FSYNC" in line for line in stderr.getvalue().splitlines()]


def test_config_from_env_survives_without_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without a standard error (pythonw) has no place to say it, and goes on."""
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setenv("DATATOOLS_AUDIT_FSYNC", "bogus")
    assert not AuditConfig.from_env().fsync


# --- in force


@pytest.mark.parametrize("text", ["~nobody-of-this-name/logs", "~/logs", "relative/logs"])
def test_odd_folder_costs_no_event(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ``DATATOOLS_AUDIT_DIR`` holds, recording goes on in some folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", text)
    audit.reset_for_tests()
    audit.log_event("a", "m")
    assert ["m"] == [r["message"] for r in written_records()]
    assert 1 == audit.audit_stats().written


def test_odd_folder_name_is_given_to_code_likewise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that cannot be told is a ``ConfigError`` or a plain name, nothing else."""
    with contextlib.suppress(ConfigError):
        AuditConfig(dir="~nobody-of-this-name/logs")  # type: ignore[arg-type]


def test_bad_setting_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default is used and one line on stderr says so, however much is logged."""
    stderr = heard(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", "bogus")
    audit.log_event("a", "first")
    assert stderr.said.wait(10)
    for _ in range(5):
        audit.log_event("a", "m")
        assert audit.flush_audit_log(10)
    audit.reset_for_tests()
    assert [True] == ["DATATOOLS_AUDIT_PROBE" in line for line in stderr.getvalue().splitlines()]


def test_bad_setting_is_told_once_to_a_script_that_reruns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Streamlit script configures at each rerun; the same settings say nothing again."""
    stderr = heard(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", "bogus")
    for _ in range(5):
        audit.configure(AuditConfig())
        audit.log_event("a", "m")
        assert audit.flush_audit_log(10)
    assert stderr.said.wait(10)
    audit.reset_for_tests()
    assert [True] == ["DATATOOLS_AUDIT_PROBE" in line for line in stderr.getvalue().splitlines()]


def use_everything() -> list[str]:
    """Use each call, and return the categories of the records."""
    audit.log_session_start()
    audit.log_page_open("x")
    audit.log_event("event", "m")
    audit.log_exception("where", ValueError())
    with audit.audit_action("action"):
        pass
    return [str(r["category"]) for r in written_records()]


ALL = ["session", "nav", "event", "error", "action", "action"]


@pytest.mark.parametrize("given", ["environment", "code"])
@pytest.mark.parametrize(
    ("probe", "left"),
    [
        ("full", ALL),
        ("noop", []),
        ("no-events", ["session", "nav"]),
        ("no-page-open", [each for each in ALL if each != "nav"]),
        ("no-session-start", ALL[1:]),
    ],
)
def test_probe_bisects_the_producers_path(
    probe: str, left: list[str], given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each probe leaves out its part and no other."""
    if given == "code":
        audit.configure(AuditConfig(probe=probe))
    else:
        monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", probe)
    assert left == use_everything()


def test_every_probe_is_tested() -> None:
    """A new probe needs a row in the table above."""
    assert ("full", "noop", "no-events", "no-page-open", "no-session-start") == PROBES


def test_unknown_probe_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown probe leaves nothing out."""
    heard(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", "bogus")
    assert use_everything() == ALL


@pytest.mark.parametrize(
    ("environment", "code", "on"),
    [
        ("1", False, True),
        ("1", True, True),
        ("0", True, False),
        ("0", False, False),
        (None, True, True),
        (None, False, False),
        ("", False, False),
    ],
)
def test_enabled_in_the_environment_is_stronger(
    environment: str | None,
    code: bool,  # noqa: FBT001
    on: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
    log_folder: Path,
) -> None:
    """``1`` forces on, ``0`` forces off; unset, the code's word counts."""
    if environment is not None:
        monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", environment)
    audit.configure(AuditConfig(enabled=code))
    assert (ALL if on else []) == use_everything()
    assert (on, on, on) == (
        audit.audit_stats().enabled,
        log_folder.exists(),
        audit.audit_stats().writer_alive,
    )
    assert audit.flush_audit_log()


@pytest.mark.parametrize("again", [audit.reset_for_tests, lambda: audit.configure(AuditConfig())])
def test_enabled_is_read_again(again: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is read at first use, and again after ``configure`` and a reset."""
    audit.log_event("a", "m")
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    audit.log_event("a", "still on")
    assert 2 == len(written_records())
    again()
    before = audit.audit_stats().queued
    audit.log_event("a", "off")
    assert before == audit.audit_stats().queued


@pytest.mark.parametrize("probe", ["full", "no-page-open"])
def test_configure_twice_is_once(probe: str) -> None:
    """The same settings again change nothing, and lose nothing that is queued."""
    config = AuditConfig(probe=probe)
    for number in range(3):
        audit.configure(config)
        audit.log_event("a", "m", number=number)
    found = written_records()
    assert [(r["number"], r["seq"]) for r in found] == [(0, 1), (1, 2), (2, 3)]
    assert 1 == len({r["proc"] for r in found})


def test_configure_replaces_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last word counts, for what is logged from then on."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    audit.configure(AuditConfig(dir=tmp_path / "one", probe="no-events"))
    audit.log_event("a", "left out")
    audit.configure(AuditConfig(dir=tmp_path / "two"))
    audit.log_event("a", "m")
    assert ["m"] == [r["message"] for r in written_records()]
    assert (tmp_path / "two", False) == (audit.audit_log_dir(), (tmp_path / "one").exists())


@pytest.mark.parametrize("config", [None, {}, "full", AuditConfig, {"enabled": True}])
def test_configure_refuses_what_is_no_config(config: object) -> None:
    """Anything but an ``AuditConfig`` is a ``TypeError``."""
    with pytest.raises(TypeError, match="AuditConfig"):
        audit.configure(config)  # type: ignore[arg-type]


def test_config_unknown_probe_in_the_environment_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An unknown probe is the whole path, also where the code chose another."""
    monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", "bogus")
    audit.configure(AuditConfig(probe="noop"))
    audit.log_event("test", "is recorded")
    assert ["is recorded"] == [r["message"] for r in written_records()]
