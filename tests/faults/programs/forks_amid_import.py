"""Fork while another thread is amid the import of the rules for secrets; the child needs them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import datatools_audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

RULES = "datatools_audit.redaction.credentials"
is_amid, may_go_on = threading.Event(), threading.Event()


class Slow:
    """A finder that finds nothing, and keeps waiting who imports what the rules need."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "datatools_audit.redaction.vendors":
            is_amid.set()
            may_go_on.wait()
        return None


def fail() -> None:
    datatools_audit.log_exception("Reading", ValueError("password=hunter2"))


if __name__ == "__main__":
    assert RULES not in sys.modules
    sys.meta_path.insert(0, Slow())  # type: ignore[arg-type]
    other = threading.Thread(target=fail)
    other.start()
    is_amid.wait()
    # What was registered last is called first. Without waiting for the other thread the fork
    # comes before it: nobody takes the interpreter from us.
    os.register_at_fork(before=may_go_on.set)
    sys.setswitchinterval(30)
    if not (pid := os.fork()):
        signal.alarm(10)  # ends who waits for a lock that nobody frees
        fail()
        os._exit(0 if datatools_audit.flush_audit_log(30) else 5)
    sys.setswitchinterval(0.005)
    other.join()
    assert 0 == os.waitpid(pid, 0)[1]
