"""No memory: in the encoder, and in the whole process."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from datatools_audit import audit_stats, flush_audit_log, log_event
from tests.faults.helpers import missing_in, records_in, rounds, run
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("where", ["emit.encode", "record.strict.dumps"])
def test_encoder_out_of_memory_costs_that_record_and_says_so(
    where: str, monkeypatch: pytest.MonkeyPatch, log_folder: Path
) -> None:
    """Each third record cannot be made: the caller sees nothing, the file names the gaps."""
    module_name, name = f"datatools_audit.{where}".rsplit(".", 1)
    module = importlib.import_module(module_name)
    real = getattr(module, name)
    calls: list[bool] = []

    def starved(*args: Any) -> bytes:
        text = str(args)
        if "lost" in text:
            calls.append(True)
            raise MemoryError
        return real(*args)  # type: ignore[no-any-return]

    monkeypatch.setattr(module, name, starved)
    for n in range(300):
        odd = {n} if where == "emit.encode" else n  # what is not plain goes through it
        log_event("test", "lost" if n % 3 == 0 else "kept", n=n, odd=odd)
    monkeypatch.undo()
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(log_folder))
    assert flush_audit_log(LIMIT)
    assert len(calls) >= 100
    kept = [r["n"] for r in written_records() if r["category"] == "test"]
    assert [n for n in range(300) if n % 3] == kept
    missing = missing_in(records_in(log_folder))
    assert (100, {"unencodable": 100}) == (len(missing), audit_stats().dropped_reasons)


def numbers(found: list[dict[str, object]], message: str) -> list[object]:
    return [record["n"] for record in found if record["message"] == message]


@pytest.mark.parametrize("smallest", [1 << 16, 900], ids=["large pieces", "any pieces"])
def test_process_out_of_memory_raises_nothing_and_recovers(smallest: int, log_folder: Path) -> None:
    """A real limit on memory: no call raises, what got through is whole, later all is well."""
    count = rounds(5, 60)
    out, _ = run("starved.py", "caller", count, smallest, limit=120)
    told = json.loads(out)
    found = records_in(log_folder)
    assert (count, "") == (told["starved"], told["ours"])
    assert list(range(100)) == numbers(found, "before") == numbers(found, "after")
    missing = missing_in(found)
    assert sum(told["dropped"].values()) == len(missing)
    assert count * 300 == len(numbers(found, "during")) + len(missing) + told["caller's"]


def test_worker_out_of_memory_is_an_outage_that_loses_nothing(log_folder: Path) -> None:
    """A batch for which there is no memory is kept, and written when there is some."""
    # With one arena for all threads; else the worker's has reserved what it needs.
    out, err = run("starved.py", "worker", env={"MALLOC_ARENA_MAX": "1"})
    told = json.loads(out)
    found = records_in(log_folder)
    assert told["starved"]
    assert told["failed_writes"] > 0
    assert "MemoryError" in told["last_error"]
    assert "cannot be written" in err
    assert {} == told["dropped"]
    assert list(range(4_000)) == numbers(found, "during")
    assert list(range(100)) == numbers(found, "before") == numbers(found, "after")
