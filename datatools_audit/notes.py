"""What the log says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit import paths
from datatools_audit.record.failure import describe_crash
from datatools_audit.stderr import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.recorder import Recorder
    from datatools_audit.writer.recovery import Death


class Notes:
    """Makes the records that no call of the app's asked for, as the process's own session.

    Args:
        recorder: Whose log it is.

    Threads: any.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def line(self, level: str, message: str, **fields: object) -> bytes:
        """Return a record about the log; of its texts the home folder is left out."""
        if not self._recorder.config.identity:
            fields = {
                k: paths.without_home(v) if isinstance(v, str) else v for k, v in fields.items()
            }
        return self._recorder.own_line(level, "audit", message, fields)

    def tell_export(self, level: str, sentence: str) -> None:
        """Record how the export fares, and say on stderr what is wrong with it."""
        if level == "warning":
            say(sentence)
        self._recorder.writer.put(self.line(level, sentence))

    def of_death(self, death: Death) -> Iterator[bytes]:
        """Yield the records that tell of a process that ended without writing its queue."""
        count = len(death.lines)
        if not (count or death.missing or death.crash):
            return  # it ended by `os._exit` or was killed, and had written everything
        when = death.last_ts or "an unknown time"
        events = "event" if count == 1 else "events"
        lost = f"; {death.missing} are lost" if death.missing else ""
        yield self.line(
            "warning",
            f"recovered {count} {events} of a process that died at {when}{lost}",
            recovered=count,
            missing=death.missing,
            died_proc=death.proc,
            died_at=death.last_ts,
        )
        if death.crash:
            recorder = self._recorder
            whole = recorder.config.identity
            fields = describe_crash(death.crash, root=recorder.root, whole_paths=whole)
            message = fields["exc_message"] or "Native crash"
            told = {**fields, "died_proc": death.proc}
            yield recorder.own_line("critical", "error", message, told)
