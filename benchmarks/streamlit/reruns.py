"""The page rerun by clicks, by all contestants in turn: a click here, a click there.

Each contestant is a process of its own, and all live side by side. A round has one click of
each, in an order drawn anew, so that what else the machine does and who came before hit all
alike. Two processes of the same app can differ by two percent for their whole life, for where
their memory happens to lie; so there are several sittings, each with fresh processes.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from benchmarks.streamlit.client import visit
from benchmarks.streamlit.page import BUTTONS
from benchmarks.streamlit.server import ROOT, cpu_seconds, environment, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.streamlit.client import Visitor
    from benchmarks.streamlit.contestants import Contestant

SITTINGS = 5
WARM_UP_CLICKS = 10
CHILD = "benchmarks.streamlit.apptest_child"


@dataclass
class Reruns:
    """What one contestant took, round by round.

    Attributes:
        ms: From the click to the end of the run, milliseconds.
        cpu_ms: Processor time of its whole process from one click to the next, milliseconds.
    """

    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


Found = dict[str, Reruns]
Sitting = Callable[[Sequence["Contestant"], int], Coroutine[Any, Any, Found]]


class Page(Protocol):
    """A contestant's page, drawn."""

    pid: int

    async def click(self, button: str) -> float:
        """Click a button; return the seconds until its run is over."""


class LivePage:
    """The page on a live server; see ``client``."""

    def __init__(self, pid: int, visitor: Visitor) -> None:
        self.pid = pid
        self._visitor = visitor

    async def click(self, button: str) -> float:
        """Click a button; return the seconds until the server says that its run is over."""
        began = time.perf_counter()
        await self._visitor.click(button)
        return time.perf_counter() - began


class TestedPage:
    """The page in AppTest; see ``apptest_child``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self._process = process

    async def click(self, button: str) -> float:
        """Click a button; return the seconds of the run."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{button}\n")
        stdin.flush()
        return float(stdout.readline())


def measured(sitting: Sitting, contestants: Sequence[Contestant], rounds: int) -> Found:
    """Measure so many rounds of all contestants in several sittings; return them all."""
    found: Found = {each.name: Reruns() for each in contestants}
    sittings = min(SITTINGS, rounds)
    for number in range(sittings):
        share = rounds // sittings + (number < rounds % sittings)
        for name, reruns in asyncio.run(sitting(contestants, share)).items():
            found[name].ms += reruns.ms
            found[name].cpu_ms += reruns.cpu_ms
    return found


async def live(contestants: Sequence[Contestant], rounds: int) -> Found:
    """Measure on live servers, one for each contestant."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        pages: dict[str, Page] = {}
        for each in contestants:
            server = stack.enter_context(serving(each.script, _made(folder / each.name)))
            visitor = await stack.enter_async_context(visit(server.address))
            pages[each.name] = LivePage(server.pid, visitor)
        return await _in_turn(pages, rounds)


async def tested(contestants: Sequence[Contestant], rounds: int) -> Found:
    """Measure in AppTest, one process for each contestant."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        pages: dict[str, Page] = {}
        for each in contestants:
            process = stack.enter_context(_child(each.script, _made(folder / each.name)))
            pages[each.name] = TestedPage(process)
        return await _in_turn(pages, rounds)


async def _in_turn(pages: Mapping[str, Page], rounds: int) -> Found:
    found = {name: Reruns() for name in pages}
    order = list(pages)
    draw = random.Random(1)
    used: dict[str, float] = {}
    for number in range(-WARM_UP_CLICKS, rounds + 1):
        draw.shuffle(order)
        for name in order:
            used_before = used.get(name, 0.0)
            used[name] = cpu_seconds(pages[name].pid)
            if number > 0:  # of the click before, with all that it left for later
                found[name].cpu_ms.append((used[name] - used_before) * 1e3)
            seconds = await pages[name].click(BUTTONS[number % len(BUTTONS)])
            if 0 <= number < rounds:
                found[name].ms.append(seconds * 1e3)
    return found


@contextmanager
def _child(script: Path, log_folder: Path) -> Iterator[subprocess.Popen[str]]:
    command: list[Any] = [sys.executable, "-m", CHILD, str(script)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(log_folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.communicate()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
