"""The recipe for the OpenTelemetry Collector, as far as that can be told without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from datatools_audit.export.mapping import NAMES, PREFIX

RECIPE = Path(__file__).parents[2] / "deploy" / "otel-collector" / "datatools-audit.yaml"


def recipe() -> dict[str, Any]:
    return dict(yaml.safe_load(RECIPE.read_text()))


def test_collector_has_what_its_pipeline_names() -> None:
    """Each part of the service is configured, and nothing is configured that it has not."""
    found = recipe()
    service = found.pop("service")
    named = {"extensions": service["extensions"], **service["pipelines"]["logs"]}
    assert named == {part: list(configured) for part, configured in found.items()}


def test_collector_tells_operators_apart() -> None:
    """Of one type each needs an id of its own, says the documentation of the receiver."""
    operators = recipe()["receivers"]["file_log"]["operators"]
    ids = [each.get("id", each["type"]) for each in operators]
    assert len(ids) == len(set(ids))


def test_collector_names_things_as_the_export_does() -> None:
    """Who has both finds a session and an event under one name."""
    operators = recipe()["receivers"]["file_log"]["operators"]
    _parse, _body, session, event = operators
    assert f'attributes["{NAMES["session"]}"]' == session["to"]
    assert f'EXPR("{PREFIX}" + attributes.category)' == event["value"]


def test_collector_gives_up_nothing() -> None:
    """What waits is on the disk, and is tried for ever."""
    found = recipe()
    exporter, receiver = found["exporters"]["otlp_http"], found["receivers"]["file_log"]
    assert "file_storage" == exporter["sending_queue"]["storage"] == receiver["storage"]
    assert 0 == exporter["retry_on_failure"]["max_elapsed_time"]
    assert {"enabled": True, "max_elapsed_time": 0} == receiver["retry_on_failure"]
