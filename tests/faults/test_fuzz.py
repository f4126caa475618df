"""Anything that Python can build, given to `log_event`: one line of strict JSON a call."""

from __future__ import annotations

import array
import collections
import contextlib
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import re
import sys
import threading
import types
import uuid
import weakref
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import datatools_audit as audit
from datatools_audit.record.encode import RECORD_BYTES, RESERVED
from datatools_audit.record.levels import LEVELS
from tests.faults.helpers import rounds
from tests.helpers import strict_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

HEAD = ["ts", "level", "category", "session", "message", "proc", "seq"]
RAW_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
touched: list[str] = []
armed: list[bool] = []
"""Filled while this module's tests run: `isinstance(…, Integral)` asks each subclass that lives."""


class Stop(BaseException):
    """What no `except Exception` catches."""


def trap(name: str, act: str) -> Any:
    """Return a method that notes that it ran, and does its worst."""

    def method(*_: object, **__: object) -> Any:
        if not armed:
            return False
        touched.append(name)
        if act == "nonsense":
            return object()
        if act == "block":
            threading.Event().wait(5)
        raise {"error": RuntimeError, "stop": Stop, "exit": SystemExit}.get(act, KeyboardInterrupt)

    return method


ACTS = ("error", "stop", "exit", "interrupt", "nonsense", "block")
METHODS = (
    "__str__",
    "__repr__",
    "__iter__",
    "__len__",
    "__hash__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__bool__",
    "__format__",
    "__bytes__",
    "__int__",
    "__index__",
    "__float__",
    "__complex__",
    "__fspath__",
    "__getattr__",
    "__getitem__",
    "__contains__",
    "__next__",
    "__call__",
    "__enter__",
    "__reduce__",
    "__reduce_ex__",
    "__sizeof__",
    "__dir__",
    "__length_hint__",
    "__array__",
    "__round__",
    "__json__",
    "items",
    "keys",
    "values",
    "isoformat",
    "tolist",
    "item",
    "as_tuple",
    "encode",
    "decode",
    "utcoffset",
)
# A subclass's own methods that the constructors of Python itself would ask.
NEEDED = {
    str: {"__hash__", "__eq__"},
    PurePosixPath: {"__getattr__"},  # its own text is looked for first, as an attribute
}


def hostile_type(base: type, act: str, *, meta: bool) -> type:
    """Return a class whose every method, and those of its own class too, are traps."""
    own = {n: trap(f"{base.__name__}.{n}", act) for n in METHODS if n not in NEEDED.get(base, ())}
    own |= {
        "__class__": property(trap("__class__", act)),
        "__doc__": None,
        "shape": property(trap("shape", act)),
        "dtype": property(trap("dtype", act)),
        "size": property(trap("size", act)),
        "nbytes": property(trap("nbytes", act)),
        "__module__": "numpy" if meta else "pandas.core",
    }
    if not meta:
        return type("Hostile", (base,), own)
    names = ("__instancecheck__", "__subclasscheck__", "__eq__", "__str__", "__repr__", "__len__")
    of_class = {name: trap(f"meta {name}", act) for name in (*names, "__iter__", "__bool__")}
    of_class |= {"__hash__": type.__hash__, "__name__": property(trap("meta __name__", act))}
    of_class["__module__"] = property(trap("meta __module__", act))
    return type("Meta", (type(base),), of_class)("ndarray", (base,), own)


BASES = (object, str, int, float, dict, list, tuple, set, frozenset, bytes, bytearray)
BASES += (collections.deque, datetime.datetime, datetime.date, decimal.Decimal, uuid.UUID)
BASES += (PurePosixPath, complex, collections.OrderedDict, fractions.Fraction)


@functools.cache
def hostile_types() -> list[type]:
    found = []
    for base in BASES:
        for act in ACTS:
            for meta in (False, True):
                with contextlib.suppress(TypeError):
                    found.append(hostile_type(base, act, meta=meta))
    return found


ARGUMENTS: dict[type, tuple[Any, ...]] = {
    str: ("text\udc80\n",),
    int: (1 << 70,),
    float: (float("nan"),),
    dict: ({"a": {1: 2}},),
    list: ([1, [2]],),
    tuple: ((1, (2,)),),
    set: ({1, 2},),
    frozenset: ({1, 2},),
    bytes: (b"abc",),
    bytearray: (b"abc",),
    collections.deque: ([1, 2],),
    datetime.datetime: (2026, 5, 19),
    datetime.date: (2026, 5, 19),
    decimal.Decimal: ("sNaN",),
    uuid.UUID: ("9f3e12ab-0000-4000-8000-000000000000",),
    PurePosixPath: ("/a/b",),
    complex: (1, 2),
    collections.OrderedDict: (),
    fractions.Fraction: (),
}


def build(kind: type) -> object:
    """Make a value of a hostile type, whatever its constructors do."""
    base = next(b for b in kind.__mro__[1:] if b in (*ARGUMENTS, object))
    before = len(touched)
    try:
        made = base.__new__(kind, *ARGUMENTS.get(base, ()))
        if base in (dict, list, set, bytearray, collections.deque):
            base.__init__(made, *ARGUMENTS[base])
        if base is uuid.UUID:  # without its number it would ask `__getattr__` for one
            object.__setattr__(made, "int", 5)
    except BaseException:
        made = object()
    del touched[before:]
    return made


class OddZone(datetime.tzinfo):
    """A time zone whose offset is an error, nonsense, or one of a fraction of a second."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def utcoffset(self, _moment: object) -> Any:
        if isinstance(self.answer, type):
            raise self.answer
        return self.answer

    dst = tzname = utcoffset  # type: ignore[assignment]


class OddError(Exception):
    """An exception whose text is an error, or none."""

    def __init__(self, answer: object) -> None:
        super().__init__(answer, self)
        self.answer = answer

    def __str__(self) -> Any:
        if isinstance(self.answer, type):
            raise self.answer
        return self.answer

    def __repr__(self) -> Any:
        touched.append("OddError.__repr__")
        raise Stop


class Text(str):
    """A text that is none of Python's own."""


class Level(enum.StrEnum):
    INFO = "info"
    ODD = "\ud800\n"


class Flags(enum.IntFlag):
    A = 1
    B = 1 << 80


@dataclasses.dataclass
class Data:
    inner: object


Point = collections.namedtuple("Point", "x y")


def cycle(kind: str) -> object:
    """Return a container that holds itself."""
    a: list[Any] = [1]
    d: dict[Any, Any] = {"list": a}
    a.append(a if kind == "list" else (a, d))
    d["self"] = d
    return {"list": a, "dict": d, "both": [a, d, a]}[kind]


def nested(depth: int) -> object:
    value: object = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"k": value}
    return value


def freed_view() -> memoryview:
    view = memoryview(b"abc")
    view.release()
    return view


def raised(error: BaseException) -> BaseException:
    """Return the exception with a traceback and a cause, as it is caught."""
    try:
        try:
            raise ValueError("cause")
        except ValueError as cause:
            raise error from cause
    except BaseException as caught:
        return caught


ODD_VALUES: list[Any] = [
    lambda: cycle("list"),
    lambda: cycle("dict"),
    lambda: cycle("both"),
    lambda: nested(15),
    lambda: nested(17),
    lambda: nested(5_000),
    freed_view,
    lambda: (n for n in range(3)),
    lambda: iter([1, 2]),
    lambda: map(str, [1]),
    lambda: range(10**30),
    lambda: range(10**5),
    lambda: 10**5_000,
    lambda: -(2**63) - 1,
    lambda: 2**64,
    lambda: "\ud800\udc00\0\x1b[2J\x7f\x85\u2028",
    lambda: "ü" * 8_191,
    lambda: "\x00" * 9_000,
    lambda: "\U0001f600" * 5_000,
    lambda: b"\xff" * 10_000,
    lambda: ["x"] * 20_000,
    lambda: {n: n for n in range(5_000)},
    lambda: {float("nan"): 1, float("inf"): 2, None: 3, True: 4, (1,): 5, b"b": 6, "null": 7},
    lambda: {Text("t"): Text("t\ud800"), "t": 1},
    lambda: types.MappingProxyType({"a": 1}),
    lambda: collections.defaultdict(trap("factory", "stop"), a=1),
    lambda: collections.ChainMap({"a": 1}),
    lambda: collections.Counter("abc"),
    lambda: collections.UserDict(a=1),
    lambda: collections.UserString("text"),
    lambda: types.SimpleNamespace(a=1),
    lambda: Point(1, Point(2, object())),
    lambda: Data(Data(1)),
    lambda: Data,
    lambda: Level.ODD,
    lambda: Flags.B,
    lambda: Flags(0),
    lambda: decimal.Decimal("1E+999999"),
    lambda: decimal.Decimal("-Infinity"),
    lambda: decimal.Decimal(1) / decimal.Decimal(3),
    lambda: fractions.Fraction(1, 3),
    lambda: complex(float("nan"), float("inf")),
    lambda: -0.0,
    lambda: sys.float_info.min / 2,
    lambda: array.array("d", [1.0]),
    lambda: datetime.datetime.max.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-23))),
    lambda: datetime.timedelta.min,
    lambda: datetime.time(1, 2, 3, tzinfo=OddZone(ValueError)),
    lambda: object.__new__(uuid.UUID),
    lambda: object.__new__(PurePosixPath),
    lambda: BaseExceptionGroup("group", [ValueError("a"), KeyboardInterrupt()]),
    lambda: raised(OddError(Stop)),
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad\ud800"),
    lambda: OSError(2, "no", "file\udc80"),
    lambda: SystemExit(3),
    lambda: ...,
    lambda: NotImplemented,
    lambda: object,
    lambda: type,
    lambda: len,
    lambda: trap,
    lambda: sys,
    lambda: threading.Lock(),
    lambda: threading.current_thread(),
    lambda: weakref.ref(Data),
    lambda: weakref.proxy(Data(1)),
    lambda: memoryview(bytes(10)),
    lambda: Path("/a\udc80\nb"),
    lambda: re.compile("a"),
    lambda: sys._getframe(),
]
SCIENCE: list[Any] = [
    lambda: np.float64("nan"),
    lambda: np.float16(1.5),
    lambda: np.longdouble(1) / 3,
    lambda: np.clongdouble(1j),
    lambda: np.int8(-1),
    lambda: np.uint64(2**64 - 1),
    lambda: np.bool_(1),
    lambda: np.str_("s\ud800"),
    lambda: np.bytes_(b"x"),
    lambda: np.datetime64("NaT", "ns"),
    lambda: np.datetime64(2**62, "as"),
    lambda: np.timedelta64(5, "W"),
    lambda: np.array(5),
    lambda: np.array([[1, 2], [3, 4]]),
    lambda: np.array([np.nan, np.inf]),
    lambda: np.array([object(), {"a": [1]}], dtype=object),
    lambda: np.zeros((1000, 1000)),
    lambda: np.zeros((0, 3)),
    lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])[0],
    lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    lambda: np.ma.masked,
    lambda: np.ma.array([1, 2], mask=[True, False]),
    lambda: np.recarray((2,), dtype=[("a", int)]),
    lambda: np.dtype("f8"),
    lambda: pd.NA,
    lambda: pd.NaT,
    lambda: pd.Timestamp("2026-05-19T12:00:00.123456789", tz="Europe/Berlin"),
    lambda: pd.Timedelta(1, "ns"),
    lambda: pd.Period("2026-05"),
    lambda: pd.Interval(0, 1),
    lambda: pd.DataFrame({"secret": [1]}),
    lambda: pd.Series(["secret"]),
    lambda: pd.Index([1]),
    lambda: pd.Categorical(["a"]),
    lambda: pd.array([1, None], dtype="Int64"),
    lambda: pd.DataFrame({"a": [1]}).groupby("a"),
]


class Recipe:
    """Makes a value. Hypothesis looks at what it draws, which a hostile value is not made for."""

    def __init__(self, make: Callable[[], Any], told: str) -> None:
        self.make, self.told = make, told

    def __repr__(self) -> str:
        return self.told


def of(drawn: st.SearchStrategy[Any], build: Callable[[Any], Any]) -> st.SearchStrategy[Recipe]:
    """Return recipes that build a value of what is drawn."""
    return drawn.map(lambda each: Recipe(lambda: build(each), f"<{each!r}>"))


def any_of(makers: Sequence[Callable[[], Any]]) -> st.SearchStrategy[Recipe]:
    """Return recipes of which each is one of these makers."""
    return st.integers(0, len(makers) - 1).map(lambda n: Recipe(makers[n], f"<maker {n}>"))


def all_made(recipes: Iterable[Recipe]) -> list[Any]:
    return [recipe.make() for recipe in recipes]


def made_dict(recipes: Mapping[Any, Recipe]) -> dict[Any, Any]:
    return {key: recipe.make() for key, recipe in recipes.items()}


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=60),
    st.binary(max_size=40),
)
ZONES = st.sampled_from(
    [ValueError, Stop, None, 5, datetime.timedelta(hours=30), datetime.timedelta(microseconds=7)]
).map(OddZone)
HOSTILE = [functools.partial(build, kind) for kind in hostile_types()]
HOSTILE += [functools.partial(lambda kind: kind, kind) for kind in hostile_types()]
ANSWERS = (ValueError, Stop, None, 7, "text\ud800", Text("x"), b"x")
LEAVES = st.one_of(
    of(PLAIN, lambda value: value),
    of(st.datetimes(timezones=st.none() | st.timezones()), lambda value: value),
    of(st.tuples(st.datetimes(), ZONES), lambda pair: pair[0].replace(tzinfo=pair[1])),
    of(st.tuples(st.times(), ZONES), lambda pair: pair[0].replace(tzinfo=pair[1])),
    of(
        st.one_of(st.timedeltas(), st.decimals(), st.fractions(), st.complex_numbers(), st.uuids()),
        lambda value: value,
    ),
    any_of(ODD_VALUES),
    any_of(SCIENCE),
    any_of(HOSTILE),
    any_of([functools.partial(OddError, answer) for answer in ANSWERS]),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        of(st.lists(inner, max_size=5), all_made),
        of(st.lists(inner, max_size=5), lambda recipes: tuple(all_made(recipes))),
        of(st.lists(inner, max_size=5), lambda recipes: collections.deque(all_made(recipes))),
        of(st.dictionaries(PLAIN, inner, max_size=5), made_dict),
        of(st.dictionaries(st.tuples(PLAIN, PLAIN), inner, max_size=3), made_dict),
        of(st.lists(PLAIN, max_size=5), frozenset),
        of(inner, lambda recipe: iter([recipe.make()])),
        of(inner, lambda recipe: Data(recipe.make())),
        of(PLAIN, lambda value: ValueError("of", value)),
    ),
    max_leaves=12,
)
TAKEN = [*RESERVED, "page", "args", "self", "cls", "category", "message", "extra_ts", "extra_seq"]
ODD_NAMES = [
    "",
    " ",
    "\n",
    "\0",
    "\ud800",
    "ü" * 300,
    "__class__",
    "a.b",
    "2",
    "None",
    '"',
    "\u2028",
]
NAMES = st.one_of(
    st.sampled_from(TAKEN + ODD_NAMES), st.text(st.characters(), max_size=20).map(str)
).filter(lambda name: name != "level")
SETTINGS = settings(
    max_examples=rounds(150, 6_000),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def hostile_reprs_stay_unasked() -> Iterator[None]:
    """Prove that the hostile types are what they are said to be."""
    armed.append(True)
    assert len(hostile_types()) > 200
    made = [build(kind) for kind in hostile_types()]
    assert sum(type(each) is not object for each in made) > 200
    touched.clear()
    with pytest.raises(RuntimeError):
        str(build(hostile_type(object, "error", meta=False)))
    assert ["object.__str__"] == touched
    yield
    armed.clear()


def lines_of(act: Any) -> list[bytes]:
    """Do something and return the lines that the log has got by it, really written."""
    touched.clear()
    assert audit.flush_audit_log(30)
    path = audit.audit_log_path()
    before = path.stat().st_size if path.exists() else 0
    act()
    assert audit.flush_audit_log(30)
    found = []
    for each in path.parent.glob("*.jsonl"):
        with each.open("rb") as file:
            file.seek(before if each == path else 0)
            found += file.read().splitlines(keepends=True)
    return found


def proven(lines: list[bytes]) -> dict[str, object]:
    """Return the one record, proven strict, whole, bounded and harmless, and that no trap ran."""
    (line,) = lines
    record = strict_json(line)
    assert HEAD == list(record)[:7]
    assert record["level"] in LEVELS
    assert [True] * 3 == [isinstance(record[name], str) for name in ("category", "message", "ts")]
    assert not RAW_CONTROL.search(line[:-1].decode())
    assert len(line) <= RECORD_BYTES
    assert b"secret" not in line
    assert [] == touched
    return record


@SETTINGS
@given(
    words=st.lists(ANYTHING, max_size=4),
    level=ANYTHING | of(st.sampled_from([*sorted(LEVELS), Level.INFO, Text("info")]), lambda v: v),
    extra=st.dictionaries(NAMES, ANYTHING, max_size=6),
)
def test_fuzz_makes_any_call_one_strict_line(
    words: list[Recipe], level: Recipe, extra: dict[str, Recipe]
) -> None:
    """Nothing is raised, no foreign method runs, and each extra has its place in the line."""
    args, kwargs = all_made(words), made_dict({"level": level} | extra)
    record = proven(lines_of(lambda: audit.log_event(*args, **kwargs)))  # type: ignore[call-overload]
    words_by_name = ("category" in extra and len(words) < 1) + (
        "message" in extra and len(words) < 2
    )
    assert len(record) >= len(HEAD) + len(extra) - words_by_name


@SETTINGS
@given(where=ANYTHING, exc=ANYTHING, extra=st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_fuzz_makes_any_exception_one_strict_line(
    where: Recipe, exc: Recipe, extra: dict[str, Recipe]
) -> None:
    """The same of `log_exception`, also for what is no exception."""
    args, kwargs = all_made([where, exc]), made_dict(extra)
    record = proven(lines_of(lambda: audit.log_exception(*args, **kwargs)))
    assert ("error", "error") == (record["level"], record["category"])


@SETTINGS
@given(
    name=ANYTHING,
    start=st.dictionaries(NAMES, ANYTHING, max_size=3),
    added=st.dictionaries(NAMES, ANYTHING, max_size=3),
)
def test_fuzz_makes_any_action_two_strict_lines(
    name: Recipe, start: dict[str, Recipe], added: dict[str, Recipe]
) -> None:
    """The same of `audit_action`: a start and an end."""
    called, first_extra, later_extra = name.make(), made_dict(start), made_dict(added)

    def act() -> None:
        with audit.audit_action(called, **first_extra) as action:
            action.add(**later_extra)

    first, last = lines_of(act)
    assert ("start", "end") == (proven([first])["phase"], proven([last])["phase"])


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("kind", [ValueError, KeyError, OSError, ExceptionGroup])
def test_fuzz_exception_asks_none_of_its_arguments(kind: type[Exception], count: int) -> None:
    """What an exception was made of is foreign: no method of it runs, no content of it shows."""
    hostile = build(hostile_type(object, "nonsense", meta=False))
    frame = pd.DataFrame({"secret": [1]})
    for value in (hostile, frame):
        if kind is ExceptionGroup:
            error: Exception = ExceptionGroup("group", [ValueError(*[value] * count)])
        else:
            error = kind(*[value] * count)
        proven(lines_of(functools.partial(audit.log_event, "test", "m", error=error)))
        proven(lines_of(functools.partial(audit.log_exception, "test", error)))


@pytest.mark.parametrize("number", range(len(ODD_VALUES + SCIENCE)))
def test_fuzz_each_odd_value_alone_and_within_is_one_strict_line(number: int) -> None:
    """Each of the odd values is tried in every place, whatever chance has chosen."""
    make = (ODD_VALUES + SCIENCE)[number]
    log = audit.log_event
    for call in (
        lambda: log("test", "m", x=make()),
        lambda: log("test", "m", x=[make(), {"k": make()}]),
        lambda: log(make(), make(), make(), level=make()),
        lambda: log("test", make(), **dict.fromkeys(TAKEN[:-2], make())),
    ):
        proven(lines_of(call))


def test_fuzz_each_hostile_class_is_one_strict_line() -> None:
    """Each hostile class is tried in every place; none of its methods runs."""
    for kind in hostile_types():
        for call in (
            lambda v: audit.log_event("test", "m", x=v, y=[v], z={"k": v}),
            lambda v: audit.log_event(v, v, level=v),
            lambda v: audit.log_exception(v, v),
        ):
            for value in (build(kind), kind):
                proven(lines_of(functools.partial(call, value)))
