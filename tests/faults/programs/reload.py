"""Throw the package out of `sys.modules` and import it again, while a thread logs."""

from __future__ import annotations

import importlib
import shutil
import sys
import threading
from pathlib import Path
from types import ModuleType

import datatools_audit
from datatools_audit.writer.worker import THREAD_NAME

RELOADS, EVENTS = 20, 100


def reimport() -> ModuleType:
    for name in [n for n in sys.modules if n.split(".")[0] == "datatools_audit"]:
        del sys.modules[name]
    return importlib.import_module("datatools_audit")


def use_another_copy() -> None:
    """Let later imports find a copy of the package that lies elsewhere."""
    copy = Path.cwd() / "copy"
    shutil.copytree(Path(datatools_audit.__file__).parent, copy / "datatools_audit")
    sys.path.insert(0, str(copy))


if __name__ == "__main__":
    first = datatools_audit
    over = threading.Event()
    background = 0

    def keep_logging() -> None:
        global background
        while not over.is_set():
            first.log_event("test", "background", n=background)
            background += 1
            if background % 1000 == 0:
                first.flush_audit_log(30)

    thread = threading.Thread(target=keep_logging)
    thread.start()
    if sys.argv[1] == "copy":
        use_another_copy()
    files = set()
    for number in range(RELOADS):
        module = reimport()
        files.add(module.__file__)
        assert module.log_event is not first.log_event
        for _ in range(EVENTS):
            module.log_event("test", f"copy {number}")
        assert module.flush_audit_log(30)
        workers = [t for t in threading.enumerate() if t.name == THREAD_NAME]
        assert 1 == len(workers), workers
    over.set()
    thread.join()
    assert (str(Path.cwd()) in next(iter(files))) == (sys.argv[1] == "copy"), files
    sys.stdout.write(f"{background + RELOADS * EVENTS}\n")
