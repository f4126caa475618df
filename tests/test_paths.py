"""Where the logs lie, and how a path looks in a record."""

from __future__ import annotations

import calendar
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import datatools_audit as audit
from datatools_audit import AuditConfig, api
from datatools_audit.paths import home_dir, shown_path, without_home
from datatools_audit.recorder import Recorder
from tests.helpers import MemorySink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOME = "/home/zorro"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", HOME)


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Unset the folder's variable."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    audit.reset_for_tests()
    return monkeypatch


@contextmanager
def timezone(name: str) -> Iterator[None]:
    """Be in another time zone for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


def test_log_dir_is_in_the_home_folder(unset: pytest.MonkeyPatch) -> None:
    """Without any setting it is ``~/.datatools/logs``."""
    assert Path(f"{HOME}/.datatools/logs") == audit.audit_log_dir()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/x/logs", "/x/logs"),
        ("~", HOME),
        ("~/x", f"{HOME}/x"),
        ("~other/x", "~other/x"),
        ("x/~/y", "x/~/y"),
        ("relative", "relative"),
    ],
)
def test_log_dir_is_the_variable_s(text: str, expected: str, unset: pytest.MonkeyPatch) -> None:
    """``DATATOOLS_AUDIT_DIR`` names the folder, with ``~`` for the home folder."""
    unset.setenv("DATATOOLS_AUDIT_DIR", text)
    assert Path(expected) == audit.audit_log_dir()


def test_log_dir_reads_the_variable_at_each_call(unset: pytest.MonkeyPatch) -> None:
    """A change of the variable counts at once, back to unset too."""
    found = []
    for text in ("/one", "/two", "", "/three"):
        unset.setenv("DATATOOLS_AUDIT_DIR", text)
        assert audit.audit_stats().enabled  # the settings are in use
        found.append(str(audit.audit_log_dir()))
    assert ["/one", "/two", f"{HOME}/.datatools/logs", "/three"] == found


def test_log_dir_forgets_a_variable_that_was_unset(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the variable said at first use is not kept when it is gone."""
    unset.setenv("DATATOOLS_AUDIT_DIR", str(tmp_path / "one"))
    audit.log_event("a", "m")
    assert audit.flush_audit_log(10)
    unset.delenv("DATATOOLS_AUDIT_DIR")
    assert Path(f"{HOME}/.datatools/logs") == audit.audit_log_dir()


def test_log_dir_variable_is_stronger_than_the_code(unset: pytest.MonkeyPatch) -> None:
    """The variable wins over ``configure``, which wins over the default."""
    audit.configure(AuditConfig(dir=Path("/code")))
    before = audit.audit_log_dir()
    unset.setenv("DATATOOLS_AUDIT_DIR", "/variable")
    assert [Path("/code"), Path("/variable")] == [before, audit.audit_log_dir()]


@pytest.mark.parametrize("home", [None, "", "relative/home", "~"])
@pytest.mark.parametrize(
    ("tmpdir", "base"), [(None, "/tmp"), ("", "/tmp"), ("relative", "/tmp"), ("/var/x", "/var/x")]
)
def test_log_dir_without_a_home_is_a_stand_in(
    home: str | None, tmpdir: str | None, base: str, unset: pytest.MonkeyPatch
) -> None:
    """Where the home folder cannot be told it is ``datatools-logs-<uid>`` under ``$TMPDIR``."""
    for name, value in (("HOME", home), ("TMPDIR", tmpdir)):
        if value is None:
            unset.delenv(name, raising=False)
        else:
            unset.setenv(name, value)
    assert Path(base, f"datatools-logs-{os.getuid()}") == audit.audit_log_dir()
    assert home_dir() is None


def test_log_paths_touch_no_disk(unset: pytest.MonkeyPatch) -> None:
    """Asking for folder and file makes nothing and asks the system nothing."""

    def refuse(*args: object, **kwargs: object) -> object:
        raise AssertionError("the disk was asked")

    audit.audit_log_path()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stat", "lstat", "open", "mkdir", "listdir", "scandir", "access", "getcwd"):
            patch.setattr(os, name, refuse)
        found = audit.audit_log_dir(), audit.audit_log_path()
    assert found[0] == found[1].parent


def test_log_path_is_of_the_local_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named by the local date, computed afresh at each call."""
    noon = 1_779_192_000 * 10**9  # 2026-05-19T12:00:00Z
    monkeypatch.setattr(api, "recorder", Recorder(clock=lambda: noon, sink=MemorySink()))
    found = []
    for name in ("UTC0", "<+14>-14", "<-12>12", "JST-9"):
        with timezone(name):
            found.append(audit.audit_log_path().name)
    days = ["2026-05-19", "2026-05-20", "2026-05-19", "2026-05-19"]
    assert [f"datatools-{day}.jsonl" for day in days] == found


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-05-19T23:59:59", "UTC0", "2026-05-19"),
        ("2026-05-20T00:00:00", "UTC0", "2026-05-20"),
        ("2026-12-31T23:30:00", "CET-1CEST,M3.5.0,M10.5.0/3", "2027-01-01"),
        ("2026-01-01T04:59:59", "EST5EDT,M3.2.0,M11.1.0", "2025-12-31"),
    ],
)
def test_log_path_changes_at_local_midnight(
    moment: str, zone: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the local day of the moment, whatever day UTC has."""
    seconds = calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%S"))
    monkeypatch.setattr(api, "recorder", Recorder(clock=lambda: seconds * 10**9, sink=MemorySink()))
    with timezone(zone):
        assert f"datatools-{day}.jsonl" == audit.audit_log_path().name


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        (f"{HOME}/x.py", None, "~/x.py"),
        (HOME, None, "~"),
        (f"{HOME}2/x.py", None, "…/x.py"),
        (f"{HOME}/app/x.py", f"{HOME}/app", "x.py"),
        (f"{HOME}/y.py", f"{HOME}/app", "~/y.py"),
        ("/srv/app/x.py", "/srv/app", "x.py"),
        ("/srv/zorro/x.py", "/srv/app", "…/x.py"),
        (f"{HOME}/x.py", "/", "~/x.py"),
        (f"{HOME}/app/../../zorro/x.py", None, "~/x.py"),
        (f"{HOME}/../other/x.py", None, "…/x.py"),
        ("zorro/x.py", None, "x.py"),
        ("", None, ""),
        ("<stdin>", None, "<stdin>"),
    ],
)
def test_shown_path_names_no_person(path: str, root: str | None, expected: str) -> None:
    """A path is shown from the app's folder or from ``~`` on, else by its last part."""
    assert expected == shown_path(path, root=root)


@pytest.mark.parametrize("path", [f"{HOME}/x.py", "/srv/zorro/x.py", "x.py", "<stdin>", ""])
def test_shown_path_may_be_whole(path: str) -> None:
    """Where it is configured so, a path stays as it is."""
    assert path == shown_path(path, root="/srv", whole=True)


@pytest.mark.parametrize("home", ["/", "", None])
def test_shown_path_without_a_home(home: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that is the root, or none, shortens nothing to ``~``."""
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    assert ("…/x.py", "in /srv/x.py") == (shown_path("/srv/x.py"), without_home("in /srv/x.py"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"no {HOME}/x and {HOME}/y", "no ~/x and ~/y"),
        (f"'{HOME}'", "'~'"),
        ("nothing", "nothing"),
        (f"{HOME}-other/x", f"{HOME}-other/x"),
        (f"{HOME}.old/x", f"{HOME}.old/x"),
        (f"nothing in {HOME}.", "nothing in ~."),
        ("", ""),
    ],
)
def test_without_home_replaces_the_home_folder(text: str, expected: str) -> None:
    """Each mention of the home folder becomes ``~``; a longer name is another folder."""
    assert expected == without_home(text)


@pytest.mark.parametrize("home", ["C:\\Users\\Ann Lee", "\\\\nas\\Ann Lee", "D:/Users/Ann Lee"])
@pytest.mark.parametrize(
    "written",
    [
        lambda home: home,
        lambda home: home.upper(),
        lambda home: home.lower(),
        lambda home: home.replace("\\", "/"),
        lambda home: home.replace("\\", "\\\\"),
        lambda home: home.replace("\\", "\\" * 4),
    ],
)
def test_without_home_knows_the_ways_of_windows(
    home: str, written: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system, an exception's text, a URL and a program that cares for no case write it."""
    monkeypatch.setattr("datatools_audit.paths.home_dir", lambda: home)
    assert "no '~\\x' here" == without_home(f"no '{written(home)}\\x' here")
    assert f"{written(home)}2" == without_home(f"{written(home)}2")
