"""The calls of an app: what each records, and that none of them blocks or raises."""

from __future__ import annotations

import enum
import io
import re
import signal
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import datatools_audit as audit
from datatools_audit import api
from datatools_audit.context import Session
from datatools_audit.record.encode import RESERVED
from datatools_audit.record.levels import LEVELS
from datatools_audit.recorder import Recorder, recorder
from tests.helpers import MemorySink, strict_json, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = ["ts", "level", "category", "session", "message", "proc", "seq"]
EIGHT_HEX = re.compile(r"[0-9a-f]{8}")


class Hostile:
    """A value of which every question asked raises what no ``except Exception`` catches."""

    @property
    def __class__(self) -> type:
        raise SystemExit

    def __str__(self) -> str:
        raise SystemExit

    __hash__ = object.__hash__
    __bool__ = __len__ = __iter__ = __eq__ = __format__ = __str__  # type: ignore[assignment]

    def __repr__(self) -> str:  # pytest shows the value when a test fails
        return "<Hostile>"


def made(value: object) -> object:
    """Return a hostile value for its class: pytest itself cannot hold one."""
    return Hostile() if value is Hostile else value


class Liar:
    """A value that says of itself to be of another class."""

    def __init__(self, claimed: type) -> None:
        self.claimed = claimed

    @property
    def __class__(self) -> type:
        return self.claimed

    def __repr__(self) -> str:
        return "<Liar>"


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemorySink]:
    """Let the calls go to a fresh recorder over a sink in memory."""
    kept = MemorySink()
    fresh = Recorder(sink=kept)
    monkeypatch.setattr(api, "recorder", fresh)
    yield kept
    kept.release()
    fresh.reset()


def last() -> dict[str, object]:
    return written_records()[-1]


def picked(record: dict[str, object], *names: str) -> tuple[object, ...]:
    return tuple(record.get(name) for name in names)


# --- log_event


def test_log_event_records_the_fields_in_order() -> None:
    """The head stands first, then the extras as they were given."""
    audit.log_event("upload", "Uploaded x.csv", level="warning", filename="x.csv", bytes=3)
    found = last()
    assert [*HEAD, "filename", "bytes"] == list(found)
    assert picked(found, "level", "category", "message", "seq", "filename", "bytes") == (
        "warning",
        "upload",
        "Uploaded x.csv",
        1,
        "x.csv",
        3,
    )


def test_log_event_stamps_the_moment_of_the_call(sink: MemorySink) -> None:
    """``ts`` is the moment of the call, however late the line is written."""
    api.recorder._stamp.clock = lambda: 1_779_225_767_123_000_000
    sink.block()
    audit.log_event("a", "m")
    api.recorder._stamp.clock = time.time_ns
    sink.release()
    assert audit.flush_audit_log(10)
    assert "2026-05-19T21:22:47.123+00:00" == strict_json(sink.lines[0])["ts"]


def test_log_event_gives_ids_of_eight_hex_digits() -> None:
    """Session and process are told by 8 random hex digits, the same in each record."""
    audit.log_event("a", "one")
    audit.log_event("a", "two")
    first, second = written_records()
    for name in ("session", "proc"):
        assert EIGHT_HEX.fullmatch(str(first[name]))
        assert first[name] == second[name]
    assert first["session"] != first["proc"]


def test_log_event_counts_without_a_gap_from_any_thread() -> None:
    """``seq`` counts from 1, nothing missing or doubled; one thread's lines stand in order."""

    def log(name: int) -> None:
        for number in range(250):
            audit.log_event("a", "m", thread=name, number=number)

    threads = [threading.Thread(target=log, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = written_records()
    assert list(range(1, 1001)) == sorted(r["seq"] for r in found)  # type: ignore[type-var]
    for n in range(4):
        mine = [r for r in found if r["thread"] == n]
        assert list(range(250)) == [r["number"] for r in mine]
        assert sorted(mine, key=lambda r: int(str(r["seq"]))) == mine


def test_log_event_keeps_none_as_null() -> None:
    """An extra of None is there, as null."""
    audit.log_event("a", "m", owner=None)
    assert ("owner", None) == list(last().items())[-1]


def test_log_event_takes_its_words_as_keywords() -> None:
    """``category=`` and ``message=`` work as keywords."""
    audit.log_event(message="said", category="nav", level="error")
    assert ("nav", "said", "error") == picked(last(), "category", "message", "level")


def test_log_event_keeps_words_given_twice() -> None:
    """Beside the positional words the keywords are extras with a taken name."""
    audit.log_event("nav", "said", category="c", message="m")  # type: ignore[misc]
    assert picked(last(), "category", "message", "extra_category", "extra_message") == (
        "nav",
        "said",
        "c",
        "m",
    )


def test_log_event_mixes_word_and_keyword() -> None:
    """One word by place and one by keyword are both understood."""
    audit.log_event("nav", message="said")
    assert ("nav", "said") == picked(last(), "category", "message")


def test_log_event_without_arguments_is_an_event() -> None:
    """Nothing at all is recorded as an empty sentence."""
    audit.log_event()  # type: ignore[call-overload]
    assert ("log", "", "info") == picked(last(), "category", "message", "level")


def test_log_event_keeps_arguments_too_many() -> None:
    """What has no place is recorded under ``args``; an extra of that name gives way."""
    audit.log_event("a", "m", 1, float("nan"), Path("/x"), args="mine")
    assert picked(last(), "args", "extra_args") == ([1, "NaN", "/x"], "mine")


@pytest.mark.parametrize("odd", [1, b""], ids=["plain", "converted"])
@pytest.mark.parametrize("name", sorted(RESERVED - {"level"}))
def test_log_event_keeps_a_reserved_name(name: str, odd: object) -> None:
    """An extra with a name of ours becomes ``extra_<name>``; ours is untouched."""
    audit.log_event("a", "m", **{name: "mine", "odd": odd})  # type: ignore[arg-type]
    found = last()
    assert "mine" == found["extra_" + name]
    assert found.get(name) != "mine"


@pytest.mark.parametrize("name", ["self", "args", "kwargs", "extra", "fields", "name", "exc", ""])
def test_log_event_takes_any_name(name: str) -> None:
    """No name of an extra is one of Python's or ours."""
    audit.log_event("a", "m", **{name: 1})  # type: ignore[arg-type]
    assert 1 == last()[name]


def test_log_event_renames_page_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the session is on a page, ``page`` is ours."""
    audit.log_event("a", "m", page="mine")
    session = Session(page="home")
    monkeypatch.setattr(recorder, "provider", lambda: session)
    audit.log_event("a", "m", page="mine")
    first, second = written_records()
    assert ("mine", None) == picked(first, "page", "extra_page")
    assert ("home", "mine", session.id) == picked(second, "page", "extra_page", "session")


@pytest.mark.parametrize("level", ["loud", 30, None, Hostile], ids=repr)
def test_log_event_makes_an_unknown_level_info(level: object) -> None:
    """What is no level is ``info`` and stays to be read."""
    audit.log_event("a", "m", level=made(level))  # type: ignore[call-overload]
    found = last()
    assert ("info", True) == (found["level"], "extra_level" in found)


def test_log_event_keeps_the_value_of_the_moment(sink: MemorySink) -> None:
    """Changing a container after the call changes nothing in the record."""
    sink.block()
    rows, deep = [1], {"a": [1]}
    audit.log_event("a", "m", rows=rows, deep=deep)
    rows.append(2)
    deep["a"].clear()
    sink.release()
    assert audit.flush_audit_log(10)
    assert picked(strict_json(sink.lines[0]), "rows", "deep") == ([1], {"a": [1]})


def test_log_event_works_in_a_signal_handler() -> None:
    """A handler that logs while its thread logs neither blocks nor costs a record."""
    before = signal.signal(signal.SIGUSR1, lambda *_: audit.log_event("a", "in the handler"))
    try:
        for _ in range(50):
            audit.log_event("a", "outside")
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert list(range(1, 101)) == [r["seq"] for r in written_records()]


def test_log_event_does_not_wait_for_a_hung_disk(sink: MemorySink) -> None:
    """While the worker hangs in the disk every call returns, and flush says so."""
    sink.block()
    audit.log_event("a", "first")
    assert sink.entered.wait(10)
    for _ in range(2000):
        audit.log_event("a", "more")
    assert not audit.flush_audit_log(0.01)
    assert [] == sink.lines
    sink.release()
    assert audit.flush_audit_log(10)
    assert 2001 == len(sink.lines)


class Loud(str):
    """A text, as a name, that raises when it is asked for one."""

    __slots__ = ()

    def __str__(self) -> str:
        raise SystemExit

    __format__ = encode = __str__  # type: ignore[assignment]


@pytest.mark.parametrize(
    "words", [(Hostile, Hostile), (Liar(str), Liar(str)), ({}, []), (1,)], ids=repr
)
def test_log_event_takes_any_words(words: tuple[object, ...]) -> None:
    """Category and message may be anything; the record holds texts."""
    audit.log_event(*map(made, words))  # type: ignore[call-overload]
    assert [str, str] == [type(last()[name]) for name in ("category", "message")]


def test_log_event_asks_no_text_for_its_text() -> None:
    """A subclass of text, as a word, a name and a value, is read as the text that it is."""
    audit.log_event(Loud("a"), Loud("m"), level=Loud("info"), **{Loud("x"): Loud("y")})  # type: ignore[arg-type]
    assert ("a", "m", "y") == picked(last(), "category", "message", "x")


def test_log_event_survives_a_failing_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider of sessions that fails costs no call, and the loss is counted."""
    monkeypatch.setattr(recorder, "provider", lambda: 1 / 0)
    audit.log_event("a", "m")
    audit.log_page_open("x")
    audit.log_session_start()
    audit.log_exception("where", ValueError())
    with audit.audit_action("act"):
        pass
    monkeypatch.setattr(recorder, "provider", None)
    assert audit.audit_stats().internal_failures


def test_log_event_of_the_first_threads_is_not_lost(sink: MemorySink) -> None:
    """A thread that logs while another finds the settings at first use loses nothing."""
    queue = api.recorder.writer.queue
    limit, seen = queue.limit, []

    def slow_limit(lines: int, size: int) -> None:
        if not seen:
            seen.append(1)
            thread = threading.Thread(target=audit.log_event, args=("a", "second thread"))
            thread.start()
            thread.join()
        limit(lines, size)

    with mock.patch.object(queue, "limit", slow_limit):
        audit.log_event("a", "first thread")
    assert audit.flush_audit_log(10)
    assert {"first thread", "second thread"} == {strict_json(r)["message"] for r in sink.lines}


# --- hypothesis: anything at all


class Color(enum.Enum):
    RED = 1


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
)
ANYTHING = st.recursive(
    st.one_of(
        PLAIN,
        st.integers(),
        st.floats(),
        st.text(st.characters()),
        st.binary(),
        st.datetimes(timezones=st.none() | st.timezones()),
        st.timedeltas(),
        st.decimals(),
        st.uuids(),
        st.complex_numbers(),
        st.builds(Path, st.just("/x")),
        st.builds(ValueError, st.text(st.characters())),
        st.sampled_from([Color.RED, object(), ..., int, len, Decimal("NaN")]),
        st.builds(Hostile),
        st.sampled_from([Liar(str), Liar(dict), Liar(ValueError)]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(PLAIN | st.text(st.characters()), inner, max_size=5),
        st.dictionaries(st.tuples(PLAIN), inner, max_size=5),
        st.frozensets(PLAIN, max_size=5),
    ),
    max_leaves=20,
)
NAMES = st.text(st.characters(), max_size=300) | st.sampled_from(
    sorted(RESERVED | {"page", "self"})
)
JSON = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), inner)
    ),
    max_leaves=10,
)
MANY = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def line_of(*words: object, **extra: object) -> bytes:
    """Log, and return the one line that was handed to the writer."""
    lines: list[bytes] = []
    with mock.patch.object(recorder.writer, "put", lines.append):
        audit.log_event(*words, **extra)  # type: ignore[call-overload]
    assert 1 == len(lines)
    return lines[0]


@MANY
@given(
    words=st.lists(ANYTHING, max_size=4),
    level=ANYTHING | st.sampled_from(sorted(LEVELS)),
    extra=st.dictionaries(NAMES.filter(lambda name: name != "level"), ANYTHING, max_size=6),
)
def test_log_event_makes_any_call_one_line(
    words: list[object], level: object, extra: dict[str, object]
) -> None:
    """Whatever is logged: nothing is raised, and the line is strict JSON with every value."""
    line = line_of(*words, level=level, **extra)
    found = strict_json(line)
    assert list(found)[:7] == HEAD
    assert found["level"] in LEVELS
    assert not re.search("[\0-\x1f\x7f-\x9f\u2028\u2029]", line[:-1].decode())
    assert len(line) <= 65_536
    taken = ("category" in extra and len(words) < 1) + ("message" in extra and len(words) < 2)
    assert len(found) >= len(HEAD) + len(extra) - taken


@MANY
@given(
    extra=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(
            lambda name: name not in RESERVED and len(name.encode()) < 250
        ),
        JSON,
        max_size=6,
    )
)
def test_log_event_leaves_plain_values_unchanged(extra: dict[str, object]) -> None:
    """What JSON has a form for is read back as the caller gave it."""
    found = strict_json(line_of("a", "m", **extra))
    assert "truncated" not in found
    assert {name: found[name] for name in found if name not in HEAD} == extra


# --- log_page_open


def test_log_page_open_records_a_visit() -> None:
    """A visit is category ``nav``, message and ``page``."""
    audit.log_page_open("upload")
    assert picked(last(), "category", "message", "page", "level") == (
        "nav",
        "Opened upload",
        "upload",
        "info",
    )


def test_log_page_open_is_told_once_per_stay() -> None:
    """The same slug again is the same visit; another one, and back, are new ones."""
    for slug in ("a", "a", "b", "a", "a"):
        audit.log_page_open(slug)
    assert ["a", "b", "a"] == [r["page"] for r in written_records()]


def test_log_page_open_is_told_per_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sessions on one page are two visits."""
    one, two = Session(), Session()
    for session in (one, two, one):
        monkeypatch.setattr(recorder, "provider", lambda session=session: session)
        audit.log_page_open("a")
    assert [one.id, two.id] == [r["session"] for r in written_records()]


@pytest.mark.parametrize("name", sorted(RESERVED | {"page"}))
def test_log_page_open_keeps_a_taken_name(name: str) -> None:
    """An extra named like a field of ours becomes ``extra_<name>``."""
    audit.log_page_open("x", **{name: "mine"})
    assert ("Opened x", "x", "mine") == picked(last(), "message", "page", "extra_" + name)


@pytest.mark.parametrize("name", ["self", "slug", "session_id", "extra"])
def test_log_page_open_takes_any_name(name: str) -> None:
    """An extra may have the name of a parameter."""
    audit.log_page_open("x", **{name: "mine"})
    assert ("x", "mine") == picked(last(), "page", name)


def test_log_page_open_takes_the_slug_as_a_keyword() -> None:
    """``slug=`` works as a keyword; without a slug it is the empty one."""
    audit.log_page_open(slug="x")
    audit.log_page_open()  # type: ignore[call-overload]
    assert ["x", ""] == [r["page"] for r in written_records()]


# --- log_exception


def raised(error: BaseException) -> BaseException:
    """Return the exception with a frame of ours in its traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


def test_log_exception_records_what_happened() -> None:
    """Level, category, sentence and the three fields of an exception."""
    audit.log_exception("Loading", raised(KeyError("x")), file="a.csv")
    found = last()
    assert picked(found, "level", "category", "message", "exc_type", "exc_message", "file") == (
        "error",
        "error",
        "Loading: KeyError: 'x'",
        "KeyError",
        "'x'",
        "a.csv",
    )
    assert "in raised" in str(found["traceback"])
    assert [*HEAD, "exc_type", "exc_message", "traceback", "file"] == list(found)


@pytest.mark.parametrize("name", sorted(RESERVED | {"exc_type", "exc_message", "traceback"}))
def test_log_exception_keeps_a_taken_name(name: str) -> None:
    """An extra named like a field of ours becomes ``extra_<name>``."""
    audit.log_exception("where", ValueError("x"), **{name: "mine"})
    assert picked(last(), "message", "exc_type", "extra_" + name) == (
        "where: ValueError: x",
        "ValueError",
        "mine",
    )


@pytest.mark.parametrize("name", ["self", "where", "exc", "extra", "support_code"])
def test_log_exception_takes_any_name(name: str) -> None:
    """An extra may have the name of a parameter."""
    audit.log_exception("where", ValueError("x"), **{name: "mine"})
    assert ("where: ValueError: x", "mine") == picked(last(), "message", name)


def test_log_exception_takes_its_words_as_keywords() -> None:
    """``where=`` and ``exc=`` work as keywords; nothing at all is a record too."""
    audit.log_exception(exc=ValueError("x"), where="here")
    audit.log_exception()  # type: ignore[call-overload]
    first, second = written_records()
    assert ("here: ValueError: x", "error") == (first["message"], second["category"])


def test_log_exception_contains_a_hostile_exception() -> None:
    """What ``__str__`` raises stays inside, and the record is written."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    audit.log_exception("where", raised(OddError()))
    assert "where: OddError: <unserialisable: OddError>" == last()["message"]


def test_log_exception_bounds_a_recursion() -> None:
    """A recursion of a thousand frames fits into the record."""

    def again() -> None:
        again()

    with pytest.raises(RecursionError) as info:
        again()
    audit.log_exception("where", info.value)
    found = last()
    assert ("RecursionError", False) == (found["exc_type"], "truncated" in found)


@pytest.mark.parametrize(
    ("where", "exc"),
    [
        (Hostile, ValueError("x")),
        ("where", Hostile),
        ("where", None),
        ("where", "text"),
        ("where", int),
        ("where", Liar(ValueError)),
        (Liar(str), ValueError("x")),
    ],
    ids=repr,
)
def test_log_exception_takes_anything(where: object, exc: object) -> None:
    """What is no text and no exception is recorded by the name of its type."""
    exc = made(exc)
    audit.log_exception(made(where), exc)  # type: ignore[call-overload]
    named = "ValueError" if type(exc) is ValueError else type(exc).__name__
    assert ("error", named) == picked(last(), "category", "exc_type")


@pytest.mark.parametrize("slug", [Hostile, Liar(str), None, 5, "\udc80", "x" * 9999], ids=ascii)
def test_log_page_open_takes_anything(slug: object) -> None:
    """What is no text is recorded by the name of its type."""
    audit.log_page_open(made(slug))  # type: ignore[call-overload]
    assert ("nav", str) == (last()["category"], type(last()["page"]))


# --- the banner


def test_log_session_start_is_told_once() -> None:
    """The banner stands once per session, from several threads too."""
    threads = [threading.Thread(target=audit.log_session_start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audit.log_session_start()
    assert [picked(r, "category", "message") for r in written_records()] == [
        ("session", "Session started")
    ]


def test_log_session_start_describes_the_machine() -> None:
    """The banner names platform, versions, zone and log file."""
    audit.log_session_start()
    found = last()
    names = ["product_version", "streamlit", "python", "platform", "timezone", "user", "cwd"]
    assert [*HEAD, *names, "log_file"] == list(found)
    assert (audit.__version__, "<user-1>", f"…/{audit.audit_log_path().name}") == picked(
        found, "product_version", "user", "log_file"
    )
    assert re.fullmatch(r"UTC[+-]\d\d:\d\d \(.+\)", str(found["timezone"]))


@pytest.fixture
def zorro(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Be a user of a recognisable name, with the log in its home folder."""
    home = tmp_path / "homes" / "zorro"
    project = home / "project" if "folder" not in request.fixturenames else tmp_path / "x"
    project.mkdir(parents=True)
    for name in ("USER", "USERNAME", "LOGNAME"):
        monkeypatch.setenv(name, "zorro")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    monkeypatch.chdir(project)
    return home


def log_everything(home: Path) -> None:
    """Use every call that says something of the machine by itself."""
    source = compile("open(path)", str(home / "project" / "page.py"), "exec")
    audit.log_session_start()
    audit.log_page_open("upload")
    with pytest.raises(FileNotFoundError) as info, audit.audit_action("analyze"):
        exec(source, {"path": str(home / "no.csv")})
    outer = ValueError(f"in {home}")
    outer.__cause__ = info.value
    audit.log_exception("Loading", outer)


def test_records_hold_neither_user_nor_home(zorro: Path) -> None:
    """No name of a user and no whole path is in the file unless it was asked for."""
    log_everything(zorro)
    found = {r["message"]: r for r in written_records()}
    text = audit.audit_log_path().read_text()
    assert (False, False) == ("zorro" in text, str(zorro.parent) in text)
    assert ("<user-1>", "~/project") == picked(found["Session started"], "user", "cwd")
    assert (
        f"~/.datatools/logs/{audit.audit_log_path().name}" == found["Session started"]["log_file"]
    )
    assert "~/project/page.py" in text


def test_records_hold_both_with_identity(zorro: Path) -> None:
    """``identity=True`` records the user's name and whole paths."""
    audit.configure(audit.AuditConfig(identity=True))
    log_everything(zorro)
    found = {r["message"]: r for r in written_records()}["Session started"]
    assert ("zorro", str(zorro / "project"), str(audit.audit_log_path())) == picked(
        found, "user", "cwd", "log_file"
    )
    assert str(zorro / "project" / "page.py") in audit.audit_log_path().read_text()


def test_banner_of_the_home_folder_is_a_tilde(zorro: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Working in the home folder itself is shown as ``~``."""
    monkeypatch.chdir(zorro)
    audit.log_session_start()
    assert "~" == last()["cwd"]


def test_banner_hides_a_folder_called_like_the_user(
    zorro: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A working folder outside the home folder may be called like the person."""
    folder = tmp_path / "elsewhere" / "zorro"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    audit.log_session_start()
    assert written_records()
    assert "zorro" not in audit.audit_log_path().read_text()


def test_outage_record_holds_no_home(zorro: Path, sink: MemorySink) -> None:
    """What the log says of a disk's failure names no whole path either."""
    sink.errors.append(PermissionError(13, "Permission denied", str(zorro / "x.jsonl")))
    audit.log_event("a", "m")
    assert audit.flush_audit_log(10)
    audit.log_event("a", "m")
    assert audit.flush_audit_log(10)
    text = b"".join(sink.lines).decode()
    assert ("could not be written" in text, "zorro" in text) == (True, False)


def test_banner_survives_a_folder_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A working folder that was deleted is null."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    audit.log_session_start()
    assert ("Session started", None) == picked(last(), "message", "cwd")


# --- flush, reset, stats


def test_flush_says_true_when_all_is_written() -> None:
    """After a flush each event queued before it is in the file, and logging goes on."""
    for number in range(3):
        audit.log_event("a", "m", number=number)
        assert audit.flush_audit_log(10)
        assert number + 1 == len(audit.audit_log_path().read_bytes().splitlines())


@pytest.mark.parametrize("timeout", [0, -1, 0.5, None, "x", float("inf"), float("nan"), Hostile])
def test_flush_never_raises(timeout: object) -> None:
    """A flush takes any timeout and answers yes or no, with and without a queue."""
    assert audit.flush_audit_log(made(timeout)) in (True, False)  # type: ignore[arg-type]
    audit.log_event("a", "m")
    assert audit.flush_audit_log(made(timeout)) in (True, False)  # type: ignore[arg-type]


def test_flush_without_an_event_starts_nothing(log_folder: Path) -> None:
    """Nothing queued is written already: no thread, no folder."""
    assert audit.flush_audit_log()
    assert (False, False) == (audit.audit_stats().writer_alive, log_folder.exists())


def test_reset_begins_anew() -> None:
    """After a reset ids, counter, settings and counters are fresh."""
    audit.configure(audit.AuditConfig(probe="no-page-open"))
    audit.log_event("a", "m")
    before = last()
    audit.reset_for_tests()
    assert (
        audit.audit_stats().queued,
        audit.audit_stats().written,
        audit.audit_stats().writer_alive,
    ) == (0, 0, False)
    audit.log_page_open("x")
    after = last()
    assert (1, "nav") == picked(after, "seq", "category")
    assert all(before[name] != after[name] for name in ("proc", "session"))


def test_reset_throws_the_queue_away(sink: MemorySink) -> None:
    """What was queued before a reset is never written after it."""
    sink.block()
    audit.log_event("a", "in the batch")
    assert sink.entered.wait(10)
    audit.log_event("a", "queued")
    sink.release()
    audit.reset_for_tests()
    kept = list(sink.lines)
    audit.log_event("a", "new")
    assert audit.flush_audit_log(10)
    assert [*[strict_json(r)["message"] for r in kept], "new"] == [
        strict_json(r)["message"] for r in sink.lines
    ]


def test_stats_count_what_was_done() -> None:
    """The counters agree with the file."""
    for _ in range(5):
        audit.log_event("a", "m")
    size = len(b"".join([audit.audit_log_path().read_bytes()] if written_records() else []))
    found = audit.audit_stats()
    assert (5, 5, 0, {}, 0, 0, 0, size) == (
        found.queued,
        found.written,
        found.dropped,
        found.dropped_reasons,
        found.failed_writes,
        found.queue_depth,
        found.queue_bytes,
        found.written_bytes,
    )
    assert (found.enabled, found.writer_alive, found.last_error) == (True, True, None)


def test_stats_are_frozen() -> None:
    """The counters of a moment cannot be changed."""
    with pytest.raises(AttributeError):
        audit.audit_stats().queued = 5  # type: ignore[misc]


def test_log_path_follows_an_injected_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the log is the local date of the recorder's clock, afresh at each call."""
    moment = [0]
    monkeypatch.setattr(api, "recorder", Recorder(clock=lambda: moment[0], sink=MemorySink()))
    names = []
    for day in (1, 2, 400):
        moment[0] = int(time.mktime((2026, 1, day, 12, 0, 0, 0, 0, -1))) * 10**9
        names.append(audit.audit_log_path().name)
    assert [f"datatools-{day}.jsonl" for day in ("2026-01-01", "2026-01-02", "2027-02-04")] == names


def test_trace_unset_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Without ``DATATOOLS_AUDIT_TRACE`` there is no output at all."""
    audit.log_event("a", "m")
    assert audit.flush_audit_log(10)
    audit.reset_for_tests()
    assert ("", "") == capfd.readouterr()


def test_trace_prints_what_the_log_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """``DATATOOLS_AUDIT_TRACE=1`` prints lines about the log's own working to stderr."""
    said = threading.Event()

    class Heard(io.StringIO):
        def write(self, text: str) -> int:
            said.set()
            return super().write(text)

    monkeypatch.setattr(sys, "stderr", Heard())
    monkeypatch.setenv("DATATOOLS_AUDIT_TRACE", "1")
    audit.log_event("a", "m")
    assert said.wait(10)
    audit.reset_for_tests()
    assert all(line.startswith("[audit] ") for line in sys.stderr.getvalue().splitlines())  # type: ignore[attr-defined]


def test_exceptions_are_marked_as_recorded() -> None:
    """An exception remembers that it has its record, for whoever hears it next."""
    error = ValueError()
    before = api.is_recorded(error)
    audit.log_exception("where", error)
    assert (False, True) == (before, api.is_recorded(error))
