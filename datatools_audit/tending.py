"""What a worker does besides writing, each thing when it is time."""

from __future__ import annotations

import _thread
from typing import TYPE_CHECKING

from datatools_audit.guard import guard
from datatools_audit.record.strict import heed_memory_limit
from datatools_audit.writer.packing import pack_days
from datatools_audit.writer.retention import sweep
from datatools_audit.writer.spool import local_day

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit.recorder import Recorder


class Tending:
    """The ring made ready, the dead looked for, days gone by removed and packed.

    Args:
        recorder: Whose folder it is.

    Threads: the worker's only.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._swept: tuple[Path, str] | None = None

    def begin(self) -> None:
        """Do what comes before the first batch. Never raises an ``Exception``."""
        if self._is_here():
            with guard("begin"):
                flight = self._recorder.flight
                flight.prepare()
                flight.search(self._today())

    def tend(self) -> None:
        """Do what comes between batches. Never raises an ``Exception``."""
        if self._is_here():
            with guard("heed the memory's limit"):
                heed_memory_limit()
            self.begin()
            with guard("sweep"):
                self._sweep_once(self._today())

    def _is_here(self) -> bool:
        return self._recorder.writer.is_here  # else it is the worker of one that is set aside

    def _today(self) -> tuple[Path, str]:
        """Return the folder and the local date: what is done once for each is done by them."""
        return self._recorder.log_dir(), local_day(self._recorder.now())

    def _sweep_once(self, today: tuple[Path, str]) -> None:
        if self._swept == today:
            return
        self._swept = today
        folder, _ = today
        config = self._recorder.config
        gone = sweep(
            folder,
            self._recorder.now(),
            keep_days=config.retention_days,
            folder_bytes=config.folder_bytes,
        )
        self._recorder.trace(f"swept {folder}: {len(gone)} gone")
        if config.compress:
            _thread.start_new_thread(self._pack, today)

    def _pack(self, folder: Path, today: str) -> None:
        """Pack the days gone by; in a thread of its own, since the worker has to write on."""
        with guard("pack"):
            try:
                days = pack_days(folder, today)
            except OSError as error:
                self._recorder.writer.say(
                    f"a day gone by cannot be packed and stays as it is: {error}"
                )
                return
            self._recorder.trace(f"packed {folder}: {', '.join(days) or 'nothing'}")
