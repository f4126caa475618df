"""picologging's queue handlers, whose caller is C++ and leaves the encoding for later.

It takes ``extra`` and forgets it (0.9), and its queue handler merges message and arguments.
So that it records the same event, the message is a mapping and the handler passes records on
as they are, both of which make the call no slower. It has no JSON formatter; this one does
the least that can be done.
"""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Any

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path


def start(folder: Path) -> Started:
    """Start a listener that encodes with orjson and writes."""
    import orjson
    import picologging
    from picologging.handlers import QueueHandler, QueueListener

    class Unprepared(QueueHandler):  # type: ignore[misc]
        def prepare(self, record: Any) -> Any:
            return record

    class JsonLines(picologging.Formatter):  # type: ignore[misc]
        def format(self, record: Any) -> str:
            head = {"ts": record.created, "level": record.levelname}
            return orjson.dumps(head | record.msg).decode()

    events: queue.Queue[Any] = queue.Queue(-1)
    log = picologging.getLogger("field")
    log.setLevel(picologging.INFO)
    log.addHandler(Unprepared(events))
    file = picologging.FileHandler(str(folder / "picologging.jsonl"), encoding="utf-8", delay=True)
    file.setFormatter(JsonLines())
    listener = QueueListener(events, file)
    listener.start()

    def drain() -> None:
        events.join()
        file.stream.flush()  # it leaves the end in the buffer of its file

    return Started({"log": log}, drain=drain, close=listener.stop)


PICOLOGGING = Contestant(
    "picologging",
    "picologging, QueueHandler (C++)",
    "library",
    'log.info({"message": MESSAGE, "category": "upload", "file": FILE, "bytes": n, "ratio": 0.5})',
    start,
    needs=("picologging",),
    imports="import picologging.handlers",
)
