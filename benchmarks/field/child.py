"""One measurement of one contestant, in the process that the harness has started for it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.field import sizes
from benchmarks.field.bench import Bench
from benchmarks.field.contestants import BY_NAME
from benchmarks.field.measurements import MEASURED
from benchmarks.field.progress import Progress

LOGS, PROGRESS, RESULT = "logs", "progress", "result.json"


def main(name: str, measurement: str, folder: Path, size: str) -> None:
    """Measure, write the numbers beside the logs, and end as an app would."""
    progress = Progress(folder / PROGRESS)
    wanted = sizes.QUICK if size == "quick" else sizes.WHOLE
    bench = Bench(BY_NAME[name], folder / LOGS, progress, wanted)
    numbers = MEASURED[measurement](bench)
    told = {"numbers": numbers, "told_at": time.monotonic()}
    part = folder / (RESULT + ".part")
    part.write_text(json.dumps(told))
    part.rename(folder / RESULT)
    progress.stage[0] = 2
    bench.at_end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
