"""Events in memory instead of in the log, for as long as a block lasts."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datatools_audit._process import begin_anew, known, shared
from datatools_audit.action import leave_actions
from datatools_audit.config import PREFIX
from datatools_audit.paths import ENV_DIR
from datatools_audit.recorder import recorder
from datatools_audit.testing.events import RECORDING_IS_OFF, CapturedEvents
from datatools_audit.testing.memory import MemoryWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datatools_audit.context import Session

EMPTY_AT_FIRST = (
    "failures", "redaction", "redacted",
    "observers", "policies", "complaints", "downloads",
    "runs", "sessions of runs", "sessions that are over", "installation keys",
)  # fmt: skip
"""What the process knows that a capture begins without, and has again behind it."""

_FLUSH_SECONDS = 5.0
_GLANCE_SECONDS = 0.1


@contextmanager
def capture_events() -> Iterator[CapturedEvents]:
    """Have every event of the process in memory for as long as the block lasts.

    A record goes its whole way, so what is seen is what the file would have: encoded, bounded,
    without secrets. There is no file and no thread, and nothing to wait for. The recorder
    begins as in a new process: no settings, no session, no hook in Streamlit, no variable
    ``DATATOOLS_AUDIT_*``; what the block configures, instruments or sets ends with it, and
    behind it everything is as it was before. An action or a session that outlives the block is
    heard by nobody.

    Captures may be nested; the innermost hears all. It is the process's, so threads and tasks
    are heard too, and a second one at the same time in another thread is an inner one.
    """
    capture = _Capture()
    try:
        yield capture.events
    finally:
        capture.end()


class _Capture:
    """One capture, from its beginning to its end."""

    def __init__(self) -> None:
        _flush()
        lines: list[bytes] = []
        self.events = CapturedEvents(lines, lambda: "" if self.is_over else _why_nothing())
        self.is_over = False
        with ExitStack() as stack:
            stack.callback(_mute(_present_sessions()))
            stack.callback(_set_environment_aside())
            stack.callback(recorder.set_aside(lambda: MemoryWriter(lines)))
            stack.callback(begin_anew(EMPTY_AT_FIRST))
            stack.callback(leave_actions())
            stack.callback(_set_hooks_aside())
            stack.callback(lambda: _mute(_present_sessions()))  # for ever: what they still do is
            self.undo = stack.pop_all()  # nobody's
        _captures().append(self)

    def end(self) -> None:
        """Put everything back; an inner capture that is still open does it when it ends."""
        self.is_over = True
        captures = _captures()
        while captures and captures[-1].is_over:
            captures.pop().undo.close()


def _flush() -> None:
    """Have what was recorded before written; what a disk does not take waits for the end."""
    deadline = time.monotonic() + _FLUSH_SECONDS
    while time.monotonic() < deadline and recorder.writer.worker.failing_since is None:
        if recorder.writer.flush(_GLANCE_SECONDS):
            break


def _captures() -> list[_Capture]:
    return shared("captures", list)


def _present_sessions() -> list[Session]:
    found: list[Session] = [recorder.process_session, *recorder.sessions.values()]
    for name in ("sessions of runs", "sessions that are over"):
        found += shared(name, dict[object, "Session"]).values()
    return found


def _mute(sessions: list[Session]) -> Callable[[], None]:
    """Have nothing recorded of those sessions; return what lets those speak again that did."""
    spoke = [session for session in sessions if not session.muted]
    for session in spoke:
        session.muted = True

    def let_speak() -> None:
        for session in spoke:
            session.muted = False

    return let_speak


def _set_environment_aside() -> Callable[[], None]:
    """Take our variables away and name a folder that is not there; return what puts them back."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    folder = Path(tempfile.gettempdir(), f"datatools-audit-captured-{secrets.token_hex(8)}")
    _set_ours({ENV_DIR: str(folder)})

    def put_back() -> None:
        _set_ours(before)
        shutil.rmtree(folder, ignore_errors=True)  # the app may have made it

    return put_back


def _set_ours(variables: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(variables)


def _set_hooks_aside() -> Callable[[], None]:
    """Return what takes the hooks out that are put into Streamlit from here on, or back in."""
    were_in = _has_hooks()

    def put_back() -> None:
        if _has_hooks() != were_in:
            hooks: Any = known("instrumentation")
            (hooks.install if were_in else hooks.uninstrument)()

    return put_back


def _why_nothing() -> str:
    """Return why there may be no events at all."""
    if not recorder.is_recording:
        return RECORDING_IS_OFF
    knows_hooks = known("instrumentation") is not None
    return "instrument() was not called" if knows_hooks and not _has_hooks() else ""


def _has_hooks() -> bool:
    hooks: Any = known("instrumentation")  # the layer above ours, where an app has one
    return hooks is not None and any(hook.active for hook in hooks.status().values())
