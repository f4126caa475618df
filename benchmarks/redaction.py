"""What redaction costs: at recording, side by side with no rules, and at hand-over.

Run it with `python -m benchmarks.redaction`. Blocks of calls in turn, the medians of all.
"""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from datatools_audit import (
    AuditHandler,
    Redaction,
    configure,
    flush_audit_log,
    log_exception,
    read_events,
)
from datatools_audit.api import audit_log_path
from datatools_audit.redaction.redactor import Redactor
from tests.redaction.labelled import positives

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 200
ROUNDS = 60
NONE = Redaction(built_in=False)
BUILT_IN = Redaction()
PLAIN = "could not convert string to float: '3,5' in column 'price', row 1204"
HINTED = "column 'primary key' of customers.csv has no token for row 1204"
SECRET = "connect(host='db', user='ann', password='hunter2') failed after 3 s"

_logger = logging.Logger("benchmark")
_logger.addHandler(AuditHandler())


def main(rounds: int = ROUNDS) -> None:
    """Print microseconds of a call without and with the rules, then the hand-over."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATATOOLS_AUDIT_DIR"] = folder
        print("| µs a call | plain | redacted | ratio |\n| --- | --- | --- | --- |")
        for name, call in _CALLS.items():
            plain, redacted = side_by_side(call, rounds)
            print(f"| {name} | {plain:.1f} | {redacted:.1f} | {redacted / plain:.2f} |")
        print(f"the first text with a hint loads the rules: {first_ms():.0f} ms")
        hand_over()


def side_by_side(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the microseconds of a call without rules and with ours, in turn."""
    found: dict[Redaction, list[float]] = {NONE: [], BUILT_IN: []}
    for _ in range(rounds):
        for redaction, times in found.items():
            configure(redaction=redaction)
            began = time.perf_counter()
            for _ in range(CALLS):
                call()
            times.append((time.perf_counter() - began) / CALLS * 1e6)
            flush_audit_log(30)
    return statistics.median(found[NONE]), statistics.median(found[BUILT_IN])


def failing(text: str) -> Callable[[], object]:
    """Return what records an error of that text, raised one level down."""

    def fail() -> None:
        raise ValueError(text)

    try:
        fail()
    except ValueError as error:
        kept = error
    return lambda: log_exception("Reading", kept)


def logging_of(text: str) -> Callable[[], object]:
    """Return what logs that text."""
    return lambda: _logger.warning(text)


def first_ms() -> float:
    """Return the milliseconds of the first text with a hint, in fresh processes."""
    code = (
        "import time\nfrom datatools_audit.redaction.always import without_secrets\n"
        "began = time.perf_counter()\nwithout_secrets('password=hunter2')\n"
        "print((time.perf_counter() - began) * 1e3)"
    )
    run = [sys.executable, "-c", code]
    return statistics.median(
        float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    )


def hand_over() -> None:
    """Print what a whole redactor takes for each 1,000 of the records made above."""
    records = [dict(record) for record in read_events(audit_log_path())][:10_000]
    values = [case.value for case in positives()]
    other = [
        record | {"message": f"{record['message']} {number}", "value": values[number % len(values)]}
        for number, record in enumerate(records)
    ]
    for name, these in {"as they are": records, "each with another text, and a hit": other}.items():
        redactor = Redactor(BUILT_IN)
        began = time.perf_counter()
        for record in these:
            redactor.record(record)
        spent = (time.perf_counter() - began) / len(these) * 1e6
        print(f"a whole redactor, 1,000 of the records above, {name}: {spent:.0f} ms")


_CALLS: dict[str, Callable[[], object]] = {
    "error, an ordinary text": failing(PLAIN),
    "error, a text with the words of a hint": failing(HINTED),
    "error, a text with a secret": failing(SECRET),
    "logged, an ordinary text": logging_of(PLAIN),
    "logged, a text with the words of a hint": logging_of(HINTED),
    "logged, a text with a secret": logging_of(SECRET),
}

if __name__ == "__main__":
    main()
