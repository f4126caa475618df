"""An action has a start, an end and an outcome, and what is raised in it travels on."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import re
import threading
import traceback
from typing import TYPE_CHECKING

import pytest

import datatools_audit as audit
from datatools_audit import audit_action
from datatools_audit.context import Session
from datatools_audit.record.encode import RESERVED
from datatools_audit.recorder import recorder
from tests.helpers import written_records

if TYPE_CHECKING:
    from collections.abc import Iterator

START = ["phase", "action_id", "parent_id"]
END = [*START, "outcome", "duration_ms"]


class Stop(BaseException):
    """What Streamlit raises to stop or rerun a script is of this kind."""


@pytest.fixture(autouse=True)
def own_context() -> Iterator[None]:
    """Let no action that a test leaves open be the parent of the next test's."""
    before = contextvars.copy_context()
    yield
    for variable in contextvars.copy_context():
        if variable.name == "datatools_audit_action":
            variable.set(before.get(variable))


def told() -> list[tuple[object, ...]]:
    """Return category, phase and outcome of each record."""
    return [(r["category"], r["phase"], r.get("outcome")) for r in written_records()]


def parents() -> dict[object, object]:
    """Return the name of each action's parent, by its own name; None at the outermost."""
    starts = [r for r in written_records() if r["phase"] == "start"]
    names = {r["action_id"]: r["category"] for r in starts}
    return {r["category"]: names.get(r["parent_id"], r["parent_id"]) for r in starts}


def test_action_records_start_and_end() -> None:
    """Both records carry the phase and the ids; the end says outcome and duration."""
    with audit_action("analyze", file="x.csv"):
        pass
    start, end = written_records()
    assert [*START, "file"] == list(start)[7:]
    assert [*END, "file"] == list(end)[7:]
    assert (
        start["category"],
        start["message"],
        start["level"],
    ) == ("analyze", "analyze started", "info")
    assert ("analyze finished", "ok", "x.csv") == (end["message"], end["outcome"], end["file"])
    assert start["action_id"] == end["action_id"]
    assert re.fullmatch("[0-9a-f]{8}", str(end["action_id"]))
    assert isinstance(end["duration_ms"], float)
    assert end["duration_ms"] >= 0


def test_action_of_an_error_says_so() -> None:
    """An ``Exception`` is the outcome ``error``, with its type and text."""
    with pytest.raises(KeyError), audit_action("analyze"):
        raise KeyError("x")
    end = written_records()[-1]
    assert tuple(
        end[name] for name in ("level", "outcome", "exc_type", "exc_message", "message")
    ) == ("warning", "error", "KeyError", "'x'", "analyze failed: KeyError")


@pytest.mark.parametrize("error", [Stop, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_action_that_is_stopped_is_no_error(error: type[BaseException]) -> None:
    """What is no ``Exception`` is the outcome ``interrupted``, and travels on."""
    with pytest.raises(error), audit_action("analyze"):
        raise error
    end = written_records()[-1]
    assert (
        end["level"],
        end["outcome"],
        end["message"],
    ) == ("info", "interrupted", "analyze interrupted")
    assert "exc_type" not in end


@pytest.mark.parametrize("error", [ValueError("x"), Stop("x"), ExceptionGroup("g", [KeyError()])])
@pytest.mark.parametrize("form", ["with", "decorator"])
def test_action_lets_the_very_exception_through(error: BaseException, form: str) -> None:
    """It is the same object, with its own traceback, cause and dictionary."""

    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as info:  # noqa: PT012
        if form == "decorator":
            audit_action("analyze")(fail)()
        with audit_action("analyze"):
            fail()
    assert error is info.value
    assert ["fail", None] == [traceback.extract_tb(error.__traceback__)[-1].name, error.__cause__]
    assert {} == vars(error)


def test_action_contains_a_hostile_exception() -> None:
    """An exception whose text cannot be had ends the action all the same."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    with pytest.raises(OddError), audit_action("analyze"):
        raise OddError
    assert "<unserialisable: OddError>" == written_records()[-1]["exc_message"]


def test_action_adds_extras_to_the_end() -> None:
    """What ``add`` is given while the action is open stands in its end."""
    with audit_action("analyze", file="x") as action:
        action.add(rows=3, file="y")
        action.add(rows=4)
    start, end = written_records()
    assert ("x", False) == (start["file"], "rows" in start)
    assert ("y", 4) == (end["file"], end["rows"])


@pytest.mark.parametrize("name", ["self", "name", "extra", "run", "function"])
def test_action_takes_any_name(name: str) -> None:
    """An extra may have any name, one of Python's too."""
    with audit_action("analyze", **{name: 1}) as action:
        action.add(**{name: 2})
    start, end = written_records()
    assert ("analyze", 1, 2) == (start["category"], start[name], end[name])


@pytest.mark.parametrize("name", sorted({*RESERVED, *END, "exc_type", "exc_message"}))
def test_action_keeps_a_taken_name(name: str) -> None:
    """An extra named like any field that an action sets is ``extra_<name>`` in both records."""
    action = audit_action("analyze", **{name: "mine"})
    with contextlib.suppress(ValueError), action:
        action.add(**{name: "added"})
        raise ValueError("x")
    start, end = written_records()
    assert ("mine", "added") == (start.get("extra_" + name), end.get("extra_" + name))
    assert start.get(name) != "mine"


def test_action_takes_its_name_as_a_keyword() -> None:
    """``name=`` works as a keyword; without a name it is ``action``."""
    with audit_action(name="analyze"), audit_action():  # type: ignore[call-overload]
        pass
    assert {"analyze": None, "action": "analyze"} == parents()


class Liar:
    @property
    def __class__(self) -> type:
        return str


class Refuser:
    @property
    def __class__(self) -> type:
        raise SystemExit


@pytest.mark.parametrize("kind", [Liar, Refuser, object, int])
def test_action_takes_any_object_as_its_name(kind: type) -> None:
    """What is no text names the action by its type."""
    with audit_action(kind()):
        pass
    assert [(kind.__name__, "start", None), (kind.__name__, "end", "ok")] == told()


# --- nesting


def test_actions_nest() -> None:
    """An action inside another one carries its id as parent; after it the parent is back."""
    with audit_action("outer"):
        with audit_action("first"), audit_action("inner"):
            pass
        with audit_action("second"):
            pass
    with audit_action("after"):
        pass
    assert parents() == {
        "outer": None,
        "first": "outer",
        "inner": "first",
        "second": "outer",
        "after": None,
    }


def test_actions_nest_after_an_error() -> None:
    """An action that failed is nobody's parent any more."""
    with contextlib.suppress(ValueError), audit_action("failed"):
        raise ValueError
    with audit_action("after"):
        pass
    assert {"failed": None, "after": None} == parents()


def test_actions_that_end_in_another_order_leave_no_parent() -> None:
    """An action that has ended is never a parent, in whatever order actions end."""
    first, second = audit_action("first"), audit_action("second")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    with audit_action("after"):
        pass
    assert {"first": None, "second": "first", "after": None} == parents()


def test_actions_in_a_generator_leave_no_parent() -> None:
    """A generator that is closed inside another action leaves none of its own behind."""

    def rows() -> object:
        with audit_action("rows"):
            yield 1
            yield 2

    stream = rows()
    next(stream)  # type: ignore[call-overload]
    with audit_action("inside"):
        stream.close()  # type: ignore[attr-defined]
    with audit_action("after"):
        pass
    assert parents()["after"] is None


def test_actions_of_two_threads_do_not_nest() -> None:
    """A thread begins without a parent."""

    def work() -> None:
        with audit_action("thread"):
            pass

    with audit_action("main"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert {"main": None, "thread": None} == parents()


def test_actions_of_concurrent_tasks_nest_each_in_its_own() -> None:
    """Tasks that take turns keep their own nesting, below the action that began them."""

    async def work(name: str, mine: asyncio.Event, other: asyncio.Event) -> None:
        async with audit_action(name):
            other.set()
            await mine.wait()
            with audit_action(name + " inner"):
                other.set()

    async def main() -> None:
        one, two = asyncio.Event(), asyncio.Event()
        async with audit_action("main"):
            await asyncio.gather(work("one", one, two), work("two", two, one))

    asyncio.run(main())
    assert parents() == {
        "main": None,
        "one": "main",
        "two": "main",
        "one inner": "one",
        "two inner": "two",
    }
    assert {"ok", None} == {outcome for _, _, outcome in told()}


def test_async_action_tells_a_cancellation() -> None:
    """A task that is cancelled inside an action was interrupted."""

    async def work(inside: asyncio.Event) -> None:
        async with audit_action("work"):
            inside.set()
            await asyncio.Event().wait()

    async def main() -> None:
        inside = asyncio.Event()
        task = asyncio.create_task(work(inside))
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert told() == [("work", "start", None), ("work", "end", "interrupted")]


# --- the decorator


def test_decorator_keeps_the_function_as_it_looks() -> None:
    """Name, documentation and signature stay, of a coroutine function too."""

    def plain(a: int, *, b: str = "x") -> str:
        """Say something."""
        return f"{a}{b}"

    async def waiting(a: int) -> int:
        """Wait."""
        return a

    for function in (plain, waiting):
        wrapped = audit_action("work")(function)  # type: ignore[arg-type]
        assert inspect.signature(function) == inspect.signature(wrapped)
        assert (function.__name__, function.__doc__) == (wrapped.__name__, wrapped.__doc__)
        assert inspect.iscoroutinefunction(function) == inspect.iscoroutinefunction(wrapped)


def test_decorator_makes_each_call_an_action() -> None:
    """A call is recorded and its value returned; two calls have two ids."""

    @audit_action("double", kind="test")
    def double(number: int) -> int:
        return number * 2

    assert [2, 4] == [double(1), double(number=2)]
    found = written_records()
    assert told() == [("double", "start", None), ("double", "end", "ok")] * 2
    assert {"test"} == {r["kind"] for r in found}
    assert 2 == len({r["action_id"] for r in found})


def test_decorator_waits_for_a_coroutine() -> None:
    """A coroutine function's action lasts until it returns or raises."""

    @audit_action("outer")
    async def outer() -> int:
        await asyncio.sleep(0)
        with audit_action("inner"):
            await asyncio.sleep(0)
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        asyncio.run(outer())
    assert told() == [
        ("outer", "start", None),
        ("inner", "start", None),
        ("inner", "end", "ok"),
        ("outer", "end", "error"),
    ]
    assert {"outer": None, "inner": "outer"} == parents()


def test_decorator_adds_to_the_present_call() -> None:
    """``add`` inside a decorated function stands in that call's end and in no other."""
    action = audit_action("load")

    @action
    def load(rows: int) -> None:
        if rows:
            action.add(rows=rows)

    load(3)
    load(0)
    assert [None, 3, None, None] == [r.get("rows") for r in written_records()]


def test_decorator_keeps_two_generators_apart() -> None:
    """A generator function's action is its whole run, also when two of them take turns."""

    @audit_action("rows")
    def rows(number: int) -> Iterator[int]:
        yield number
        raise ValueError(f"of {number}")

    one, two = rows(1), rows(2)
    assert [next(one), next(two)] == [1, 2]
    for each in (one, two):
        with pytest.raises(ValueError, match="of"):
            next(each)
    ids = [r["action_id"] for r in written_records()]
    assert ids[:2] == ids[2:]
    assert [r.get("exc_message") for r in written_records()] == [None, None, "of 1", "of 2"]


def test_decorator_nests_a_recursion() -> None:
    """Each level of a recursive function is an action inside the one above."""

    @audit_action("down")
    def down(level: int) -> None:
        if level:
            down(level - 1)

    down(2)
    starts = [r for r in written_records() if r["phase"] == "start"]
    assert [None, starts[0]["action_id"], starts[1]["action_id"]] == [
        r["parent_id"] for r in starts
    ]


# --- one Action object, several runs


def test_action_object_can_be_entered_again_inside_itself() -> None:
    """Each entry is an action of its own; ``add`` means the innermost one."""
    action = audit_action("again")
    with action:
        with action:
            action.add(depth=2)
        action.add(depth=1)
    found = written_records()
    first, second = found[0], found[1]
    assert (None, first["action_id"]) == (first["parent_id"], second["parent_id"])
    assert [(second["action_id"], 2), (first["action_id"], 1)] == [
        (r["action_id"], r["depth"]) for r in found[2:]
    ]


def test_action_object_can_be_entered_after_it_ended() -> None:
    """What was added to one run is not in the next."""
    action = audit_action("again")
    with action as entered:
        entered.add(rows=3)
    with action:
        pass
    assert [None, 3, None, None] == [r.get("rows") for r in written_records()]


def test_action_object_serves_two_threads_at_once() -> None:
    """Two threads inside one object have each its own run, extras and outcome."""
    action = audit_action("shared")
    both = threading.Barrier(2, timeout=120)

    def work(name: str) -> None:
        with contextlib.suppress(ValueError), action:
            both.wait()
            action.add(thread=name)
            both.wait()
            if name == "bad":
                raise ValueError

    threads = [threading.Thread(target=work, args=(name,)) for name in ("good", "bad")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = {r["thread"]: r for r in written_records() if r["phase"] == "end"}
    assert {name: r["outcome"] for name, r in ends.items()} == {"good": "ok", "bad": "error"}
    assert 2 == len({r["action_id"] for r in ends.values()})


def test_action_left_twice_is_harmless() -> None:
    """Leaving without having entered raises nothing into the app."""
    action = audit_action("odd")
    action.__exit__(None, None, None)
    with action:
        pass
    action.__exit__(None, None, None)
    assert told() == [("odd", "start", None), ("odd", "end", "ok")]


# --- who and whether


def test_action_belongs_to_the_session_it_began_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both records are of one session, also when the end comes from elsewhere."""
    session = Session(page="home")
    monkeypatch.setattr(recorder, "provider", lambda: session)
    action = audit_action("analyze", page="mine")
    action.__enter__()
    monkeypatch.setattr(recorder, "provider", None)
    action.__exit__(None, None, None)
    assert [(session.id, "home", "mine")] * 2 == [
        (r["session"], r["page"], r["extra_page"]) for r in written_records()
    ]


def test_action_works_while_recording_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With recording off the work is done all the same, and nothing is written."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    audit.reset_for_tests()
    with audit_action("analyze") as action:
        action.add(rows=1)
    with pytest.raises(ValueError, match="x"), action:
        raise ValueError("x")
    assert [] == told()


def test_action_shows_no_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of an error has ``~`` for the home folder, as everywhere."""
    monkeypatch.setenv("HOME", "/home/zorro")
    with pytest.raises(FileNotFoundError), audit_action("read"):
        raise FileNotFoundError(2, "No such file", "/home/zorro/x.csv")
    assert "[Errno 2] No such file: '~/x.csv'" == written_records()[-1]["exc_message"]


def test_action_in_a_thread_with_its_context_is_of_the_same_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What `asyncio.to_thread` does within an action belongs to whom the action belongs to."""
    mine, here = Session(), threading.current_thread()
    monkeypatch.setattr(
        recorder, "provider", lambda: mine if threading.current_thread() is here else None
    )

    def inner() -> None:
        with audit_action("inner"):
            pass

    with audit_action("outer"):
        thread = threading.Thread(target=contextvars.copy_context().run, args=(inner,))
        thread.start()
        thread.join(30)
    assert {mine.id} == {r["session"] for r in written_records()}
