"""Log events, then end in the way that is asked for, without a flush."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from held import hold_until_drained

import datatools_audit


def fail() -> None:
    raise RuntimeError("unhandled")


def interrupt() -> None:
    raise KeyboardInterrupt


def exit_in_thread() -> None:
    thread = threading.Thread(target=sys.exit, args=(9,))
    thread.start()
    thread.join()


def fail_in_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def terminate() -> None:
    signal.raise_signal(signal.SIGTERM)


def terminate_from_thread() -> None:
    threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()
    while True:
        time.sleep(0.01)  # in pieces: the system may give the signal to another thread


def flush_and_leave() -> None:
    assert datatools_audit.flush_audit_log(30)
    os._exit(0)


WAYS = {
    "end": lambda: None,
    "exit": lambda: sys.exit(3),
    "exception": fail,
    "interrupt": interrupt,
    "exit-in-thread": exit_in_thread,
    "exception-in-thread": fail_in_thread,
    "sigterm": terminate,
    "sigterm-from-thread": terminate_from_thread,
    "flush-and-leave": flush_and_leave,
}

if __name__ == "__main__":
    way, count, disk = sys.argv[1:]
    if disk == "held":
        hold_until_drained()
    for n in range(int(count)):
        datatools_audit.log_event("test", "m", n=n)
    WAYS[way]()
