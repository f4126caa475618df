"""Importing the core does nothing but define names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import datatools_audit

SCRIPT = """
import json, os, signal, sys, threading

opened, started = [], []
sys.addaudithook(lambda event, args: (
    opened.append(str(args[0])) if event == "open"
    else started.append(event) if event in {"_thread.start_new_thread", "subprocess.Popen",
                                            "os.mkdir", "os.remove", "socket.connect"}
    else None))

def state():
    return {
        "environment": dict(os.environ),
        "signals": [str(signal.getsignal(n)) for n in signal.valid_signals() if n not in (9, 19)],
        "threads": threading.active_count(),
        "hooks": [str(sys.excepthook), str(threading.excepthook), str(sys.unraisablehook)],
        "stderr": str(sys.stderr),
    }

before = state()
import datatools_audit
after = state()
json.dump({"before": before, "after": after, "started": started, "opened": opened,
           "modules": sorted(sys.modules)}, sys.stdout)
"""


def _run(script: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(datatools_audit.__file__).parents[1]),
            "DATATOOLS_AUDIT_DIR": str(folder / "logs"),
            **environment,
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_import_changes_nothing(tmp_path: Path) -> None:
    """No thread, no handler of a signal, no hook and no variable is touched."""
    found = json.loads(_run(SCRIPT, tmp_path))
    assert found["before"] == found["after"]
    assert [] == found["started"]


def test_import_opens_nothing_of_the_log(tmp_path: Path) -> None:
    """The log's folder is neither made nor looked into."""
    found = json.loads(_run(SCRIPT, tmp_path))
    assert [] == [name for name in found["opened"] if name.startswith(str(tmp_path))]
    assert [] == list(tmp_path.iterdir())


def test_import_is_light(tmp_path: Path) -> None:
    """Neither Streamlit nor a data library is imported."""
    modules = {name.partition(".")[0] for name in json.loads(_run(SCRIPT, tmp_path))["modules"]}
    heavy = {"streamlit", "streamlit_ext", "pandas", "numpy", "pyarrow", "duckdb", "asyncio"}
    assert set() == modules & heavy


def test_import_reads_no_setting(tmp_path: Path) -> None:
    """A bad setting is nothing to an app that imports and records nothing."""
    bad = {f"DATATOOLS_AUDIT_{name}": "bogus" for name in ("PROBE", "FSYNC", "QUEUE_EVENTS")}
    assert "done\n" == _run("import datatools_audit; print('done')", tmp_path, **bad)


def test_import_exports_what_it_says() -> None:
    """``__all__`` is sorted, and each of its names is there."""
    names = datatools_audit.__all__
    assert sorted(names) == list(names)
    assert [] == [name for name in names if not hasattr(datatools_audit, name)]


def test_use_without_an_event_leaves_nothing_behind(tmp_path: Path) -> None:
    """Asking for paths and counters starts no thread and makes no folder."""
    script = (
        "import threading, datatools_audit as a; a.audit_log_path(); a.audit_stats();"
        "a.flush_audit_log(); print(threading.active_count())"
    )
    assert "1\n" == _run(script, tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_import_of_what_is_not_used_waits(tmp_path: Path) -> None:
    """The reader, the Diagnostics page and fingerprints are loaded when they are asked for."""
    script = (
        "import sys, datatools_audit, streamlit_ext\n"
        "later = ['datatools_audit.reading.reader', 'streamlit_ext.diagnostics',\n"
        "         'streamlit_ext.fingerprinting']\n"
        "print([name for name in later if name in sys.modules])\n"
        "datatools_audit.read_events, streamlit_ext.diagnostics_page, streamlit_ext.fingerprint\n"
        "print([name in sys.modules for name in later])\n"
    )
    assert "[]\n[True, True, True]\n" == _run(script, tmp_path)
