"""The table of versions: how it is made, and that README's is of these hooks and versions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit

import dev
from streamlit_ext import instrument
from streamlit_ext.hooks import HOOKS
from tests.compat import __main__ as command
from tests.compat import environment as environments
from tests.compat.column import Column, column
from tests.compat.environment import NEWEST, VERSIONS, NoEnvironmentError, environment
from tests.compat.table import LAST_ROW, in_readme, renewed, table
from tests.streamlit_ext.conftest import originals

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["originals"]

README = (dev.ROOT / "README.md").read_text()
GOOD = Column("1.45.1", {"pages": "active"}, counts=(3, 1, 0))


def cells(told: str) -> list[list[str]]:
    """Return the cells of a table, without the line below its head."""
    rows = [line.strip("| ").split(" | ") for line in told.splitlines()]
    return [rows[0], *rows[2:]]


def states() -> dict[str, str]:
    """Return the state of each hook in this process."""
    status = instrument().status()
    return {name: "active" if status[name].active else "unavailable" for name in HOOKS}


def test_compat_column_of_the_streamlit_at_hand() -> None:
    """What `make compat` does for each version, here for this one and with few tests."""
    found = column(sys.executable, ("tests/streamlit_ext/test_codes.py",))
    print(table({"at hand": found}))
    assert found.is_good, found.told
    assert (streamlit.__version__, states()) == (found.version, found.hooks)


def test_compat_readme_has_every_hook_and_every_version() -> None:
    """Its rows are the hooks of the code, its columns the versions, and no test has failed."""
    head, *rows = cells(in_readme(README))
    minors = [title.rpartition(".")[0] for title in head[1:-1]]
    assert list(VERSIONS) == [*minors, head[-1].partition("(")[2].rstrip(")")]
    assert [*HOOKS, LAST_ROW] == [row[0] for row in rows]
    assert {"active", "unavailable"} >= {cell for row in rows[:-1] for cell in row[1:]}
    assert {"0"} == {counts.split(" / ")[2] for counts in rows[-1][1:]}


def test_compat_readme_is_right_on_the_streamlit_at_hand() -> None:
    """Where README has a column for this Streamlit, it says what is so."""
    head, *rows = cells(in_readme(README))
    minor = streamlit.__version__.rpartition(".")[0]
    told = [number for number, title in enumerate(head) if title.startswith(f"{minor}.")]
    if not told:
        pytest.skip("README has no column for this Streamlit")
    assert states() == {row[0]: row[told[0]] for row in rows[:-1]}


def test_compat_a_failing_test_is_counted_and_told(tmp_path: Path) -> None:
    """A column has what passed, was skipped and failed, and the words of what failed."""
    tests = tmp_path / "test_three.py"
    tests.write_text(
        "import pytest\n"
        "def test_one(): pass\n"
        "def test_two(): pytest.skip('not here')\n"
        "def test_three(): assert 1 == 2, 'three is broken'\n"
    )
    found = column(sys.executable, (str(tests),))
    assert ((1, 1, 1), False) == (found.counts, found.is_good)
    assert "three is broken" in found.told


def test_compat_tests_that_cannot_run_are_no_good(tmp_path: Path) -> None:
    """No test at all is no success."""
    found = column(sys.executable, (str(tmp_path),))
    assert (None, False) == (found.counts, found.is_good)


def test_compat_an_environment_that_does_not_work_is_told() -> None:
    """A Streamlit that the hooks cannot even be imported with has a column too."""
    found = column("/bin/false")
    assert ("", None, False) == (found.version, found.counts, found.is_good)


def test_compat_table_has_a_row_for_each_hook_and_one_for_the_tests() -> None:
    """The newest says that it is; a version without an environment has its column."""
    newest = Column("1.67.0", {"pages": "unavailable"}, counts=(4, 0, 1))
    assert (
        "| hook | 1.45.1 | 1.50 | 1.67.0 (newest) |\n"
        "| --- | --- | --- | --- |\n"
        "| pages | active | not run | unavailable |\n"
        "| tests passed / skipped / failed | 3 / 1 / 0 | not run | 4 / 0 / 1 |\n"
    ) == table({"1.45": GOOD, "1.50": Column(""), NEWEST: newest})


def test_compat_table_takes_its_place_in_readme() -> None:
    """Between the two comments, and nothing else is changed."""
    before = "# A\n<!-- compat -->\nold\n<!-- /compat -->\nrest\n"
    after = renewed(before, "new\\1\n")
    assert "# A\n<!-- compat -->\nnew\\1\n<!-- /compat -->\nrest\n" == after
    assert "new\\1\n" == in_readme(after)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with a README, in which the command works."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    (tmp_path / "README.md").write_text("<!-- compat -->\n<!-- /compat -->\n")
    monkeypatch.setattr(command, "environment", Path)
    return tmp_path


def test_compat_command_writes_what_it_prints(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--write` README has the printed table, a column for each version; status 0."""
    monkeypatch.setattr(command, "column", lambda _: GOOD)
    assert 0 == command.main(["--write"])
    told = in_readme((project / "README.md").read_text())
    assert told in capsys.readouterr().out
    assert 1 + len(VERSIONS) == len(cells(told)[0])


@pytest.mark.parametrize("counts", [(2, 0, 1), (0, 3, 0), None])
def test_compat_command_fails_with_a_test(
    counts: tuple[int, int, int] | None,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One version whose tests failed or were not run is status 1, and README stays."""
    columns = {"1.45": GOOD, NEWEST: Column("1.67.0", counts=counts, told="what failed")}
    monkeypatch.setattr(
        command, "column", lambda asked: columns.get(asked.name, GOOD), raising=True
    )
    assert 1 == command.main(["--write"])
    assert "<!-- compat -->\n<!-- /compat -->\n" == (project / "README.md").read_text()
    assert "what failed" in capsys.readouterr().out


def test_compat_command_tells_of_a_version_that_cannot_be_had(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its column is there without results, and the status is 1."""

    def refuse(version: str) -> Path:
        raise NoEnvironmentError("PyPI is not reachable")

    monkeypatch.setattr(command, "environment", refuse)
    assert 1 == command.main(["1.50"])
    told = capsys.readouterr().out
    assert "PyPI is not reachable" in told
    assert f"| {LAST_ROW} | not run |" in told


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is installed instead of being so; the environments made run."""
    done: list[list[str]] = []

    def install(folder: Path, packages: list[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        done.append(packages)

    monkeypatch.setattr(environments, "FOLDER", tmp_path / ".compat")
    monkeypatch.setattr(dev, "install", install)
    monkeypatch.setattr(dev, "runs", Path.exists)
    return done


def test_compat_environment_is_made_once(installs: list[list[str]]) -> None:
    """The second time it is there; its packages are that Streamlit and what the tests need."""
    assert environment("1.50") == environment("1.50")
    (packages,) = installs
    assert "streamlit==1.50.*" == packages[0]


def break_python(stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "runs", lambda folder: False)


def change_python(stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp.write_text(f"(2, 7) {stamp.read_text().partition(') ')[2]}")


@pytest.mark.parametrize("harm", [break_python, change_python, lambda stamp, _: stamp.unlink()])
def test_compat_environment_that_is_unsound_is_made_anew(
    harm: Callable[[Path, pytest.MonkeyPatch], None],
    installs: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that does not run, is of another Python or was not finished goes as a whole."""
    environment("1.50")
    folder = environments.FOLDER / "1.50"
    (folder / "left over").touch()
    harm(folder / "installed", monkeypatch)
    environment("1.50")
    assert 2 == len(installs)
    assert ["installed"] == [path.name for path in folder.iterdir()]


def test_compat_newest_is_asked_for_each_time(
    installs: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A newer one is installed when there is one; without a network that at hand serves."""
    environment(NEWEST)
    environment(NEWEST)
    assert ["--upgrade", "streamlit"] == installs[1]

    def refuse(folder: Path, packages: list[str]) -> None:
        raise SystemExit("PyPI is not reachable")

    monkeypatch.setattr(dev, "install", refuse)
    assert environment(NEWEST).is_relative_to(environments.FOLDER / NEWEST)
    assert "the one at hand" in capsys.readouterr().out
    with pytest.raises(NoEnvironmentError, match="not reachable"):
        environment("1.50")
