"""The recipe for rsyslog, run by rsyslog: each record once, over a new day and a restart."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socketserver
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit.writer.spool import Spool
from tests.helpers import strict_json
from tests.writer.rings import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECIPE = Path(__file__).parents[2] / "deploy" / "rsyslog" / "datatools-audit.conf"
SECONDS = 60
COUNT = 3_000

pytestmark = pytest.mark.skipif(
    shutil.which("rsyslogd") is None and not os.environ.get("CI"),
    reason="rsyslog is not installed",
)


class Receiver:
    """A log system: takes lines over TCP and keeps them."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    receiver.lines.append(line)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + SECONDS
        while len(self.lines) < count:
            assert time.monotonic() < deadline, f"{len(self.lines)} of {count} have arrived"
            time.sleep(0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a log system that listens."""
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of an app's log and, beside it, rsyslog's own."""
    for name in ("logs", "work"):
        (tmp_path / name).mkdir()
    return tmp_path


def configured(folder: Path, port: int) -> Path:
    """Return the recipe with its three places changed, as the recipe says."""
    text = RECIPE.read_text()
    for old, new in (
        ("logs.example.org", "127.0.0.1"),
        ('port="5170"', f'port="{port}"'),
        ("/var/log/sales", str(folder / "logs")),
    ):
        assert 1 == text.count(old)
        text = text.replace(old, new)
    path = folder / "rsyslog.conf"
    path.write_text(f'global(workDirectory="{folder / "work"}")\n{text}')
    return path


class Rsyslog:
    """An rsyslog of our own, which leaves the machine's alone."""

    def __init__(self, folder: Path, conf: Path) -> None:
        command = ["rsyslogd", "-n", "-f", str(conf), "-i", str(folder / "rsyslog.pid")]
        self.process = subprocess.Popen(command)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)


def log(folder: Path, first: int, last: int, day: str) -> None:
    """Write records as an app does."""
    lines = [record(seq, ts=f"{day}T12:00:00") for seq in range(first, last + 1)]
    spool = Spool(lambda: (folder / "logs", False))
    while lines:
        del lines[: spool.append(lines)]


def test_rsyslog_brings_each_record_once_over_a_new_day_and_a_restart(
    folder: Path, receiver: Receiver
) -> None:
    """Also what was written while it was down, and a record of hundreds of KB."""
    conf = configured(folder, receiver.port)
    log(folder, 1, 500, "2026-05-19")
    rsyslog = Rsyslog(folder, conf)
    try:
        receiver.wait_for(500)
        log(folder, 501, 600, "2026-05-19")
        log(folder, 601, 700, "2026-05-20")
        receiver.wait_for(700)
        rsyslog.stop()
        log(folder, 701, 800, "2026-05-20")
        log(folder, 801, 900, "2026-05-21")
        rsyslog = Rsyslog(folder, conf)
        receiver.wait_for(900)
        long = record(901, ts="2026-05-21T12:00:00").replace(b'"m"', b'"' + b"x" * 300_000 + b'"')
        Spool(lambda: (folder / "logs", False)).append([long])
        log(folder, 902, 902, "2026-05-21")
        receiver.wait_for(902)
    finally:
        rsyslog.stop()
    assert list(range(1, 903)) == sorted(arrived(receiver))
    assert long in receiver.lines


@pytest.mark.parametrize("end", [Rsyslog.stop, Rsyslog.kill])
def test_rsyslog_keeps_what_it_cannot_send(
    end: Callable[[Rsyslog], None], folder: Path, receiver: Receiver
) -> None:
    """Over an outage and a kill nothing is lost, over an outage and a restart one line at most."""
    everything, may_lose = set(range(1, COUNT + 2)), int(end is Rsyslog.stop)
    conf = configured(folder, receiver.port)
    port = receiver.port
    receiver.server.shutdown()
    receiver.server.server_close()
    rsyslog = Rsyslog(folder, conf)
    try:
        log(folder, 1, COUNT, "2026-05-19")
        index = folder / "work" / "datatools.qi"  # before it is there, a kill loses some lines
        wait_for(lambda: place_in_log(folder) > 0 and index.exists(), "nothing was read")
        end(rsyslog)
        again = Receiver()
        conf.write_text(conf.read_text().replace(f'port="{port}"', f'port="{again.port}"'))
        rsyslog = Rsyslog(folder, conf)
        log(folder, COUNT + 1, COUNT + 1, "2026-05-19")
        wait_for(lambda: len(everything - set(arrived(again))) <= may_lose, "not all have arrived")
    finally:
        rsyslog.stop()
    again.server.shutdown()
    again.server.server_close()


def place_in_log(folder: Path) -> int:
    """Return how far rsyslog says it has read, bytes."""
    for path in (folder / "work").glob("imfile-state*"):
        with contextlib.suppress(ValueError, OSError):  # it is being written, or renamed
            return int(json.loads(path.read_text())["curr_offs"])
    return 0


def arrived(receiver: Receiver) -> list[int]:
    return [int(str(strict_json(line)["seq"])) for line in list(receiver.lines)]


def wait_for(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
