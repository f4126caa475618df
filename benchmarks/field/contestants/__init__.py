"""Who takes part: floors, the recorder with and without its ring, the libraries.

Their packages are imported when a contestant starts, so that the table of them can be read
where none is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.field.contestants import (
    eliot_writer,
    floors,
    loguru_enqueue,
    opentelemetry_batch,
    ours,
    picologging_queue,
    standard_library,
    structlog_bytes,
)

if TYPE_CHECKING:
    from benchmarks.field.contestant import Contestant

CONTESTANTS: tuple[Contestant, ...] = (
    floors.IDLE,
    floors.APPEND,
    floors.ENCODE,
    ours.RECORDER_ON,
    ours.RECORDER_OFF,
    standard_library.JSON,
    standard_library.ORJSON,
    loguru_enqueue.LOGURU,
    structlog_bytes.STRUCTLOG,
    picologging_queue.PICOLOGGING,
    eliot_writer.ELIOT,
    opentelemetry_batch.LARGE_QUEUE,
    opentelemetry_batch.DEFAULT_QUEUE,
)
BY_NAME = {contestant.name: contestant for contestant in CONTESTANTS}
