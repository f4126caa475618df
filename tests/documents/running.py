"""Runs a block of code as who reads the document would."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from tests.documents.blocks import Block, changed

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
SECONDS = 120
APP = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("block.py", default_timeout=60).run()
assert not app.exception, app.exception
"""
"""Runs an app as a browser's visit would."""


def run(block: Block, folder: Path, environment: Mapping[str, str]) -> None:
    """Run it in a folder, in which the blocks before it have run, in a process of its own."""
    if block.said == "not run":
        assert block.of
        return
    if block.said == "change":
        target = folder / str(block.of)
        target.write_text(changed(target.read_text(), block.code))
        return
    if block.said == "file":
        (folder / str(block.of)).write_text(block.code)
    if block.language == "python" and "streamlit" in block.code:
        (folder / "block.py").write_text(block.code)
        finish([sys.executable, "-c", APP], block, folder, environment)
        (folder / "block.py").unlink()  # the folder has what the document says, and nothing else
    elif block.language == "python":
        finish([sys.executable, "-c", block.code], block, folder, environment)
    elif block.language == "sh":
        finish(["bash", "-euo", "pipefail", "-c", block.code], block, folder, environment)
    elif block.language == "toml":
        tomllib.loads(block.code)
    elif block.language == "json":
        orjson.loads(block.code)
    else:
        assert block.language in ("", "text", "diff", "dockerfile"), f"nobody runs {block.language}"


def finish(command: list[str], block: Block, folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command to its end, which has to be as the document says."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    told = f"line {block.line}:\n{block.code}{done.stdout}{done.stderr}"
    assert (block.said == "fails") is (done.returncode != 0), told
