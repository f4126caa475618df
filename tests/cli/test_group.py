"""Tests of the command as a whole: its help, its errors, its way into a shell and out of a pipe."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from datatools_audit import __version__
from datatools_audit.cli.group import COMMANDS
from tests.cli.conftest import SESSION, Done

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Done]
HERE = [sys.executable, "-m", "datatools_audit"]


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_a_help_with_what_it_does(command: Command, name: str) -> None:
    """Each command of the table is there, and says how it is used."""
    found = getattr(importlib.import_module(f"datatools_audit.cli.{name}"), name)
    assert isinstance(found, click.Command)
    done = command(name, "--help")
    assert (0, True) == (done.status, f"Usage: datatools-audit {name}" in done.out)
    assert f"Examples:\n    datatools-audit {name}" in done.out


def test_command_without_a_word_lists_all(command: Command) -> None:
    """Whoever types the name alone sees what there is."""
    done = command()
    assert 0 == done.status
    assert all(f"  {name} " in done.out for name in COMMANDS)


def test_command_tells_its_version(command: Command) -> None:
    """As the package has it."""
    assert f"datatools-audit, version {__version__}\n" == command("--version").out


@pytest.mark.parametrize(
    "arguments", [["nope"], ["show", "--nope"], ["show", "--last", "0"], ["completion"]]
)
def test_command_wrong_use_is_one_line(command: Command, arguments: list[str]) -> None:
    """Status 2, and a line on stderr that says what is wrong."""
    done = command(*arguments)
    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))
    assert done.err.startswith("datatools-audit: ")


def test_command_whose_reader_has_gone_ends_quietly() -> None:
    """`datatools-audit show … | head -1` is no error."""
    piped = subprocess.run(
        "set -o pipefail; for n in 1 2 3; do "
        f"'{sys.executable}' -m datatools_audit show '{SESSION}' --json; done | head -1",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (0, "") == (piped.returncode, piped.stderr)
    assert 1 == piped.stdout.count("\n")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
@pytest.mark.parametrize("form", ["--tree", "--json", "--markdown"])
def test_command_writes_what_its_output_cannot(
    encoding: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal or a file with few characters gets the others spelled out, and no traceback."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = subprocess.run(
        [*HERE, "show", str(SESSION), form], capture_output=True, check=False, timeout=60
    )
    assert (0, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_that_shell(command: Command, shell: str) -> None:
    """It names the command; where the shell is there, it has no error in it."""
    done = command("completion", shell)
    assert "datatools-audit" in done.out
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=done.out, text=True, check=False, timeout=60)
        assert 0 == checked.returncode


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("su", "plain,summary"),
        ("show --mark", "plain,--markdown"),
        ("sql q --format c", "plain,csv"),
        ("show lo", "file,lo"),
        ("verify a.jsonl lo", "file,lo"),
    ],
)
def test_completion_offers_words_and_files(typed: str, offered: str) -> None:
    """What bash asks is answered: commands, options, their values, and FILE by the shell."""
    told = {"COMP_WORDS": f"datatools-audit {typed}", "COMP_CWORD": str(len(typed.split()))}
    asked = {**os.environ, **told, "_DATATOOLS_AUDIT_COMPLETE": "bash_complete"}
    code = (
        "import sys; sys.argv[0] = 'datatools-audit'; from datatools_audit.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert f"{offered}\n" == done.stdout


def test_command_reads_without_the_app() -> None:
    """Neither Streamlit nor DuckDB is loaded to show the end of a log."""
    code = (
        "import sys; from datatools_audit.cli import main; "
        f"main(['show', {str(SESSION)!r}, '--last', '3']); "
        "print(sorted({'streamlit', 'duckdb', 'pandas', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "[]" == done.stdout.splitlines()[-1]
