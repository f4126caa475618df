"""Who has signed in is told by a pseudonym, once, and nobody waits for the disk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datatools_audit import audit_log_path, audit_stats, installation, log_event
from datatools_audit._process import shared
from datatools_audit.context import Session
from datatools_audit.installation import NAME, installation_key
from streamlit_ext import instrument, session
from streamlit_ext.diagnostics.access import Access
from streamlit_ext.diagnostics.handover import file_name, log_bytes, record_hand_over
from streamlit_ext.diagnostics.source import Source
from streamlit_ext.visitor import THREAD_NAME, identity, pseudonym, tell_visitor
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOBODY = "test@example.com"
ANN = {"sub": "oidc|ann-1234", "email": "ann@example.org", "name": "Ann Example"}


@pytest.fixture(autouse=True)
def no_keys() -> Iterator[None]:
    """Begin as a process that has read no key, and leave no thread."""
    for name in ("installation keys", "waiting for a key"):
        shared(name, dict).clear()
    yield
    learned()


def learned() -> None:
    """Wait until every key is read that somebody has asked for."""
    for thread in threading.enumerate():
        if thread.name == THREAD_NAME:
            thread.join(LIMIT)
            assert not thread.is_alive()


def signed_in() -> list[dict[str, Any]]:
    learned()
    return [r for r in written_records() if str(r["message"]).startswith("Signed in")]


@pytest.fixture
def be(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, Any] | None], None]:
    """Give a function that makes this thread's run that of a visitor."""

    def visit(key: str, info: dict[str, Any] | None) -> None:
        context = SimpleNamespace(session_id=key, page_script_hash="p", user_info=info)
        monkeypatch.setattr(session, "run_context", lambda: context)

    return visit


def test_visitor_is_told_once_a_session(
    be: Callable[[str, dict[str, Any]], None], log_folder: Path
) -> None:
    """Each session of a person says the same pseudonym once, at whichever run it is first known."""
    for key in ("first", "first", "second", "first"):
        be(key, ANN)
        instrument(app="shop")
        log_event("test", "in a run")
    first, second = signed_in()
    user = pseudonym(str(identity(ANN)), installation_key(log_folder, owned=False))
    for record, key in ((first, "first"), (second, "second")):
        assert ("info", "session", user, f"Signed in as {user}", session.session_of(key).id) == (
            record["level"],
            record["category"],
            record["user"],
            record["message"],
            record["session"],
        )


def test_visitor_who_signs_in_later_is_told_then(
    be: Callable[[str, dict[str, Any]], None],
) -> None:
    """A session that began with nobody says so when somebody is there."""
    be("first", {"is_logged_in": False})
    instrument(app="shop")
    assert [] == signed_in()
    be("first", ANN)
    instrument(app="shop")
    assert 1 == len(signed_in())


def test_visitor_is_never_named(be: Callable[[str, dict[str, Any]], None]) -> None:
    """No word of what Streamlit knows of a person is in the log."""
    be("first", ANN)
    instrument(app="shop")
    assert 1 == len(signed_in())
    log = audit_log_path().read_text().lower()
    assert not [word for word in ("ann", "example", "1234", "oidc") if word in log]


@pytest.mark.parametrize(
    "info",
    [
        {},
        {"is_logged_in": False},
        {"email": NOBODY},
        {"email": None, "name": ""},
        {"sub": "", "email": NOBODY},
        {"something": "else"},
    ],
)
def test_visitor_nobody_is_not_told(info: dict[str, Any], log_folder: Path) -> None:
    """Where nobody has signed in there is no record, no key and no thread."""
    tell_visitor(Session(), info)
    assert [] == signed_in()
    assert not log_folder.exists()


def test_visitor_without_info_is_nobody(be: Callable[[str, None], None]) -> None:
    """A Streamlit that knows nothing of users tells of none."""
    be("first", None)
    instrument(app="shop")
    assert [] == signed_in()
    assert {} == audit_stats().internal_failures


@pytest.mark.parametrize(
    ("info", "name"),
    [
        (ANN, "sub\n\noidc|ann-1234"),
        ({"iss": "https://a", **ANN}, "sub\nhttps://a\noidc|ann-1234"),
        ({"email": "ann@example.org", "name": "Ann"}, "email\nann@example.org"),
        ({"sub": 17}, "sub\n\n17"),
    ],
)
def test_visitor_goes_by_what_changes_least(
    info: dict[str, Any], name: str, log_folder: Path
) -> None:
    """The provider's own id of a person before an address, and that before a name."""
    tell_visitor(Session(), info)
    (record,) = signed_in()
    assert pseudonym(name, installation_key(log_folder, owned=False)) == record["user"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"iss": "https://a", "sub": "1001"}, {"iss": "https://b", "sub": "1001"}),
        ({"email": "ann@example.org"}, {"iss": "https://b", "sub": "ann@example.org"}),
        ({"email": "email\nx@y"}, {"sub": "x@y", "iss": "email"}),
    ],
)
def test_visitor_of_another_issuer_is_somebody_else(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """A subject is one person's only with who vouches for it: they would see each other's log."""
    for info in (one, other):
        tell_visitor(Session(), info)
    first, second = signed_in()
    assert first["user"] != second["user"]


@pytest.mark.parametrize(
    "info",
    [
        {"name": "Ann"},
        {"preferred_username": "ann"},
        {"iss": "https://a", "email": "ann@example.org"},
        {"sub": None, "email": None},
    ],
)
def test_visitor_whom_nothing_tells_from_others_has_no_pseudonym(info: dict[str, Any]) -> None:
    """A name, or an address that nobody vouches for, may be anybody's."""
    tell_visitor(Session(), info)
    assert [] == signed_in()


def test_visitor_two_people_are_two(log_folder: Path) -> None:
    """Different people have different pseudonyms, also where their records wait for the key."""
    for name in ("ann", "bob", "ann"):
        tell_visitor(Session(), {"sub": name})
    ann, bob, again = (record["user"] for record in signed_in())
    assert ann == again != bob


@example(name="\udc80", key=b"k" * 32)
@given(name=st.text(st.characters(), min_size=1), key=st.binary(min_size=32, max_size=32))
def test_pseudonym_is_twelve_digits_of_name_and_key(name: str, key: bytes) -> None:
    """The same for the same, another for another key, and nothing of the name in it."""
    found = pseudonym(name, key)
    assert re.fullmatch("[0-9a-f]{12}", found)
    assert found == pseudonym(name, key)
    assert found != pseudonym(name, key[:-1] + bytes([key[-1] ^ 1]))
    assert found != pseudonym(name + "x", key)
    assert len(name) < 4 or name not in found


def test_pseudonym_is_the_same_in_every_process(log_folder: Path) -> None:
    """A person keeps the pseudonym over restarts, whatever the hashes of the process are."""
    code = (
        "import sys; from pathlib import Path\n"
        "from datatools_audit.installation import installation_key\n"
        "from streamlit_ext.visitor import pseudonym\n"
        "print(pseudonym('ann', installation_key(Path(sys.argv[1]), owned=False)))"
    )
    key = installation_key(log_folder, owned=False)
    line = [sys.executable, "-c", code, str(log_folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    assert pseudonym("ann", key) == done.stdout.strip()


def test_visitor_hanging_disk_holds_nobody_up(
    be: Callable[[str, dict[str, Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs go on while the key's disk hangs, with one thread for all; then all are told."""
    entered, gate = threading.Event(), threading.Event()
    real = os.open

    def hang(path: Any, *rest: Any, **named: Any) -> int:
        if NAME in str(path):
            assert threading.current_thread() is not threading.main_thread()
            entered.set()
            assert gate.wait(LIMIT)
        return real(path, *rest, **named)

    monkeypatch.setattr(installation.os, "open", hang)
    try:
        for number in range(20):
            be(f"visitor {number}", ANN)
            instrument(app="shop")
            log_event("test", "in a run")
        assert entered.wait(LIMIT)
        assert 1 == len([t for t in threading.enumerate() if t.name == THREAD_NAME])
        messages = [str(record["message"]) for record in written_records()]
        assert 20 == messages.count("in a run")
        assert not [message for message in messages if message.startswith("Signed in")]
    finally:
        gate.set()
    assert 20 == len({record["session"] for record in signed_in()})


def test_visitor_is_not_told_without_a_key(log_folder: Path) -> None:
    """Something else in the key's place costs the record, is counted, and is tried again later."""
    log_folder.mkdir()
    path = log_folder / NAME
    path.symlink_to("nowhere")
    tell_visitor(Session(), ANN)
    assert [] == signed_in()
    assert {"visitor: OSError": 1} == audit_stats().internal_failures
    path.unlink()
    tell_visitor(Session(), ANN)
    assert 1 == len(signed_in())


def test_visitor_is_not_told_where_no_thread_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with as many threads as it may have goes on, and does better later."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        tell_visitor(Session(), ANN)
    assert {"visitor: RuntimeError": 1} == audit_stats().internal_failures
    tell_visitor(Session(), ANN)
    assert 1 == len(signed_in())


def test_visitor_is_not_told_while_recording_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has switched the log off has no record of anybody."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    tell_visitor(Session(), ANN)
    learned()
    assert not audit_log_path().exists()


@pytest.mark.parametrize("whole", [True, False])
def test_visitor_key_is_not_handed_over(log_folder: Path, whole: bool) -> None:  # noqa: FBT001
    """What the Diagnostics page gives away has the pseudonym and nothing of the key."""
    asking = Session()
    tell_visitor(asking, ANN)
    assert 1 == len(signed_in())
    today = audit_log_path().stem.removeprefix("datatools-")
    source = Source(Access(asking.id, sees_all=whole), (today,))
    record_hand_over(source, asking)
    given = log_bytes(source)
    key = installation_key(log_folder, owned=False)
    assert b"Signed in as" in given
    assert not [form for form in (key, key[:8], key.hex().encode()[:16]) if form in given]
    assert NAME not in file_name(source)
