"""A log to look at, and the command as a function."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit.cli import main
from datatools_audit.record import strict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"


@dataclass(frozen=True)
class Done:
    """What a command has done: its status, and what it has printed where."""

    status: int
    out: str
    err: str


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command in this process."""

    def run(*arguments: object) -> Done:
        status = main(list(map(str, arguments)))
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return run


def written(path: Path, records: Iterable[dict[str, object]]) -> Path:
    """Write records as a log."""
    path.write_bytes(b"".join(strict.dumps(record) + b"\n" for record in records))
    return path
