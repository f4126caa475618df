"""Many visitors at once, in waves: whose record is whose, and what is left when they have gone.

Each visitor has a name, and each widget of theirs a key with that name in it. So the log tells
for itself whether a record was put down to somebody else.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.streamlit.client import visit
from benchmarks.streamlit.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.streamlit.server import Server

APPS = Path(__file__).with_name("apps")
INSTRUMENTED, PLAIN = APPS / "visitors.py", APPS / "visitors_plain.py"
TTL_SECONDS = 1
FORGOTTEN_SECONDS = 30


@dataclass(frozen=True)
class Crowd:
    """How many come.

    Attributes:
        waves: One after the other, each when the last one is forgotten.
        visitors: In each wave, all at once.
        rounds: Of each visitor: a click of a new button, then a text typed.
    """

    waves: int = 3
    visitors: int = 50
    rounds: int = 5

    def names(self, wave: int) -> list[str]:
        """Return the visitors of a wave."""
        return [f"w{wave}v{number}" for number in range(self.visitors)]


@dataclass(frozen=True)
class Left:
    """What a server still has of a wave that it had the time to forget.

    Attributes:
        resident_mb: The memory of the process.
        ours: The ids of our sessions.
        theirs: How many sessions Streamlit has in memory, the asker's among them.
    """

    resident_mb: float
    ours: frozenset[str]
    theirs: int


@dataclass(frozen=True)
class Account:
    """The log of a crowd against what the crowd has done.

    Attributes:
        expected: How many records of the visitors there should be.
        wrong: Records with somebody else's session.
        missing: Records that are not there.
        more: Records that should not be there, or are there twice.
        sessions: The id of each visitor's session, by name.
    """

    expected: int
    wrong: int
    missing: int
    more: int
    sessions: dict[str, str]


def came_and_went(script: Path, crowd: Crowd, log_folder: Path) -> list[Left]:
    """Send the waves to a fresh server of the app; return what is left after each."""
    with serving(script, log_folder, TTL_SECONDS) as server:
        return asyncio.run(_waves(server, crowd))


async def _waves(server: Server, crowd: Crowd) -> list[Left]:
    left = []
    for wave in range(crowd.waves):
        await asyncio.gather(*(_stay(server, n, crowd.rounds) for n in crowd.names(wave)))
        left.append(await _once_forgotten(server))
    return left


async def _stay(server: Server, name: str, rounds: int) -> None:
    async with visit(server.address, f"visitor={name}&buttons={rounds}") as visitor:
        for n in range(rounds):
            await visitor.click(f"{name}-{n}")
            await visitor.type(f"{name}-text", "x" * (n + 1))


async def _once_forgotten(server: Server) -> Left:
    """Ask until Streamlit has forgotten all but the asker and who asked before."""
    deadline = time.monotonic() + FORGOTTEN_SECONDS
    while True:
        # Streamlit forgets those whose time is over when the next one leaves.
        await asyncio.sleep(TTL_SECONDS / 2)
        async with visit(server.address) as asker:
            told = json.loads(asker.texts[0])
        left = Left(server.resident_mb(), frozenset(told["ours"]), told["theirs"])
        if left.theirs <= 1 + 2 / TTL_SECONDS or time.monotonic() > deadline:
            return left


def account(crowd: Crowd, records: Sequence[dict[str, Any]]) -> Account:
    """Compare the records of all waves with what the visitors have done."""
    sessions = {r["message"]: r["session"] for r in records if r["category"] == "visitor"}
    names = [name for wave in range(crowd.waves) for name in crowd.names(wave)]
    expected = Counter(thing for name in names for thing in _deeds(name, crowd.rounds))
    told = [(thing, r) for r in records if (thing := _deed(r)) is not None]
    found = Counter(thing for thing, _ in told)
    owners = {session: name for name, session in sessions.items()}
    return Account(
        expected.total(),
        sum(owners.get(r["session"]) != thing[1] for thing, r in told),
        (expected - found).total(),
        (found - expected).total(),
        sessions,
    )


def _deeds(name: str, rounds: int) -> Iterable[tuple[str, str, str]]:
    """Give what one visitor does: category, name, and key of the widget."""
    yield "visitor", name, ""
    for n in range(rounds):
        yield "pressed", name, f"{name}-{n}"
        yield "widget", name, f"{name}-{n}"
        yield "widget", name, f"{name}-text"


def _deed(record: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return the same of a record; None where it is of no visitor."""
    category = record["category"]
    if category == "visitor":
        return category, record["message"], ""
    key = {"pressed": record["message"], "widget": record.get("key")}.get(category)
    return None if key is None else (category, key.split("-")[0], key)


def records_in(log_folder: Path) -> list[dict[str, Any]]:
    """Return every record of a log whose process has ended."""
    files = sorted(log_folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def report(crowd: Crowd) -> list[str]:
    """Send the crowd to both apps; return the lines that tell what was found."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        logs = Path(folder) / "logs"
        ours = came_and_went(INSTRUMENTED, crowd, logs)
        plain = came_and_went(PLAIN, crowd, Path(folder) / "none")
        found = account(crowd, records_in(logs))
    kept = [len(left.ours.intersection(found.sessions.values())) for left in ours]
    lines = [
        f"{crowd.waves} waves of {crowd.visitors} visitors at once, {crowd.rounds} rounds each",
        f"records that there should be: {found.expected:,}",
        f"wrong session: {found.wrong}, missing: {found.missing}, too many: {found.more}",
        f"our sessions kept of those who left, after each wave: {_joined(kept)}",
    ]
    for title, lefts in (("instrument()", ours), ("plain", plain)):
        memory = _joined(f"{left.resident_mb:.1f}" for left in lefts)
        theirs = _joined(left.theirs for left in lefts)
        lines.append(f"{title}: MB after each wave {memory}; Streamlit's sessions {theirs}")
    return lines


def _joined(things: Iterable[object]) -> str:
    return " / ".join(map(str, things))
