"""What the app runs on, and the app's own part of it."""

from __future__ import annotations

import importlib.metadata
import json
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from datatools_audit import audit_stats, log_event
from datatools_audit._version import __version__
from datatools_audit.machine import machine
from datatools_audit.recorder import recorder
from datatools_audit.state import state
from datatools_audit.support.bundle import files
from datatools_audit.support.environment import environment, environment_outside
from tests.support.made import previewed


def told(about: dict[str, object]) -> dict[str, Any]:
    """Return what stands in a bundle."""
    found: dict[str, Any] = json.loads(files(previewed([]), about)["environment.json"])
    return found


def test_environment_tells_versions_settings_and_counters() -> None:
    """Without anything of the app's it says what the recorder and the machine are."""
    recorder.app = ("Shop", "2.1")
    log_event("order", "x")
    found = told(environment())
    assert ("Shop", "2.1", __version__) == (
        found["app"],
        found["version"],
        found["product_version"],
    )
    assert machine()["python"] == found["python"]
    assert "orjson" in found["packages"]
    assert audit_stats().queued == found["counters"]["queued"]
    assert {"settings", "counters", "own_failures", "platform", "timezone"} <= set(found)
    assert "extra" not in found


def test_environment_takes_more_parts() -> None:
    """Another layer's part stands under its name and replaces ours of that name."""
    found = told(environment(None, streamlit="1.67", hooks={"runs": "active"}, python="x"))
    assert ("1.67", {"runs": "active"}, "x") == (
        found["streamlit"],
        found["hooks"],
        found["python"],
    )


@pytest.mark.parametrize(
    "given", [{"plan": "gold"}, MappingProxyType({"plan": "gold"}), OrderedDict(plan="gold")]
)
def test_environment_takes_any_mapping_of_the_app(given: Any) -> None:
    """What the callback returns is there as it is."""
    assert {"plan": "gold"} == told(environment(lambda: given))["extra"]


def test_environment_contains_a_callback_that_raises() -> None:
    """Its error stands in its place; all else is there."""

    def fail() -> dict[str, object]:
        raise KeyError("no plan for anna@shop.example")

    found = told(environment(fail))
    assert {"failed": "KeyError: 'no plan for <email-1>'"} == found["extra"]
    assert found["python"]


@pytest.mark.parametrize("given", [None, 1, "gold", [("plan", "gold")], {"plan"}, object()])
def test_environment_says_that_a_callback_returned_no_mapping(given: Any) -> None:
    """What it returned instead is named by its type."""
    said = f"it returned {type(given).__name__}, no mapping"
    assert {"failed": said} == told(environment(lambda: given))["extra"]


class Hostile:
    """A value that refuses to be told."""

    def __repr__(self) -> str:
        raise RuntimeError


class Unreadable(dict[str, object]):
    """A mapping whose own methods refuse."""

    def keys(self) -> Any:
        raise RuntimeError

    items = values = __iter__ = keys


def test_environment_takes_what_json_has_no_form_for() -> None:
    """NaN, bytes, a set, a cycle, a lone surrogate and a foreign object are told as records do."""
    cycle: list[object] = []
    cycle.append(cycle)
    given: dict[Any, Any] = {"nan": float("nan"), "bytes": b"abc", 1: {2}, "cycle": cycle}
    given |= {"text": "\ud800", "object": Hostile(), "huge": 1 << 20_000}
    found = told(environment(lambda: given))["extra"]
    found = found.get("told", found)
    assert ["NaN", {"bytes": 3}, [2]] == [found["nan"], found["bytes"], found["1"]]
    assert ["<cycle>"] == found["cycle"]
    assert ["\\ud800", "Hostile"] == [found["text"], found["object"]]


def test_environment_contains_a_mapping_that_refuses() -> None:
    """A mapping whose methods raise costs nothing but itself."""
    found = told(environment(lambda: Unreadable(plan="gold")))
    assert found["python"]
    assert "extra" in found


@pytest.mark.parametrize(
    "given",
    [{"x": "y" * 10_000_000}, {str(n): n for n in range(200_000)}, {"x": [[1] * 1000] * 1000}],
)
def test_environment_cuts_what_is_huge(given: Any) -> None:
    """A part without end is cut, and says so."""
    found = environment(lambda: given)
    assert len(json.dumps(found["extra"])) < 200_000
    assert told(found)["extra"]["truncated"] is True


def test_environment_asks_the_callback_once() -> None:
    """The app's code runs once for one bundle."""
    calls: list[int] = []
    environment(lambda: calls.append(1) or {})
    assert [1] == calls


def test_environment_state_shows_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log's folder is shown from the home folder on; moments are texts."""
    monkeypatch.setenv("HOME", "/home/quentin.vane")
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", "/home/quentin.vane/logs")
    found: Any = state()
    assert "~/logs" == found["settings"]["dir"]
    assert "quentin" not in repr(found)
    assert recorder.app == (found["app"], found["version"])


def test_environment_machine_has_four_parts_of_a_time_zone() -> None:
    """The machine's texts are there and have no host's name."""
    assert ["python", "platform", "timezone"] == list(machine())
    assert machine()["timezone"].startswith("UTC")


def test_environment_outside_of_the_app_tells_nothing_of_its_recorder() -> None:
    """Versions as installed and the machine; no settings, no counters of another process."""
    found = told(environment_outside())
    assert importlib.metadata.version("orjson") == found["packages"]["orjson"]
    assert (machine()["python"], __version__) == (found["python"], found["product_version"])
    assert set() == {"settings", "counters", "own_failures", "app"} & set(found)
