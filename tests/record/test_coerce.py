"""Any value has a form in JSON, of a bounded size, and no foreign method runs for it."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import pathlib
import sys
import uuid
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from contextlib import contextmanager
from fractions import Fraction
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datatools_audit.record.coerce import MAX_DEPTH, VALUE_BYTES, coerce
from datatools_audit.record.text import clean_text, cut_text, exception_text, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAN, INF = float("nan"), float("inf")
BERLIN = datetime.timezone(datetime.timedelta(hours=2))
NOON = datetime.datetime(2026, 5, 19, 12, 0, 0, 123456)


class Color(enum.Enum):
    RED = 1


class Fruit(enum.StrEnum):
    APPLE = "apple"


class Rank(enum.IntEnum):
    HIGH = 3


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Ratio(float, enum.Enum):
    HALF = 0.5


class Upper(str):
    __slots__ = ()


class Plain:
    pass


class Stop(BaseException):
    """What Streamlit raises to stop a script is of this kind."""


Point = namedtuple("Point", "x y")

CONVERSIONS: dict[str, tuple[object, object]] = {
    "none": (None, None),
    "true": (True, True),
    "text": ("text", "text"),
    "text subclass": (Upper("text"), "text"),
    "float": (0.1, 0.1),
    "nan": (NAN, "NaN"),
    "infinity": (INF, "Infinity"),
    "minus infinity": (-INF, "-Infinity"),
    "nested nan": ([NAN, {"x": (INF, -INF)}], ["NaN", {"x": ["Infinity", "-Infinity"]}]),
    "complex": (1 + 2j, "(1+2j)"),
    "naive datetime": (NOON, "2026-05-19T12:00:00.123456"),
    "utc datetime": (NOON.replace(tzinfo=datetime.UTC), "2026-05-19T12:00:00.123456+00:00"),
    "aware datetime": (NOON.replace(tzinfo=BERLIN), "2026-05-19T12:00:00.123456+02:00"),
    "date": (NOON.date(), "2026-05-19"),
    "time": (NOON.time(), "12:00:00.123456"),
    "timedelta": (datetime.timedelta(days=1, seconds=2), "1 day, 0:00:02"),
    "path": (pathlib.Path("/data/x.csv"), "/data/x.csv"),
    "pure path": (pathlib.PureWindowsPath("C:/x.csv"), "C:\\x.csv"),
    "decimal": (decimal.Decimal("1.10"), "1.10"),
    "decimal nan": (decimal.Decimal("sNaN"), "sNaN"),
    "uuid": (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "enum": (Color.RED, "Color.RED"),
    "text enum": (Fruit.APPLE, "apple"),
    "integer enum": (Rank.HIGH, 3),
    "flag": (Access.READ | Access.WRITE, "Access.READ|WRITE"),
    "float enum": (Ratio.HALF, "Ratio.HALF"),
    "exception": (ValueError("bad"), "ValueError: bad"),
    "base exception": (KeyboardInterrupt(), "KeyboardInterrupt: "),
    "list": ([1, [2]], [1, [2]]),
    "tuple": ((1, (2,)), [1, [2]]),
    "named tuple": (Point(1, 2), [1, 2]),
    "set": ({7}, [7]),
    "frozen set": (frozenset({7}), [7]),
    "deque": (deque([1, 2], maxlen=5), [1, 2]),
    "range": (range(3), [0, 1, 2]),
    "bytes": (b"secret", {"bytes": 6}),
    "bytearray": (bytearray(b"secret"), {"bytes": 6}),
    "memoryview": (memoryview(np.zeros(3, dtype="int64")), {"bytes": 24}),
    "dict": ({"a": {"b": None}}, {"a": {"b": None}}),
    "dict subclasses": ([OrderedDict(a=1), Counter("a"), defaultdict(list, a=1)], [{"a": 1}] * 3),
    "dict keys": (
        {1: "i", 2.5: "f", None: "n", False: "t", NAN: "x"},
        {"1": "i", "2.5": "f", "null": "n", "false": "t", "NaN": "x"},
    ),
    "dict keys that meet": ({1: "i", "1": "s"}, {"1": "i", "extra_1": "s"}),
    "foreign object": (Plain(), "Plain"),
    "type": (Plain, "type"),
    "function": (len, "builtin_function_or_method"),
    "module": (json, "module"),
    "fraction": (Fraction(1, 3), "Fraction"),
    "mapping of another kind": (MappingProxyType({"a": 1}), "mappingproxy"),
    "ellipsis": (..., "ellipsis"),
}

LIBRARIES: dict[str, tuple[object, object]] = {
    "numpy integer": (np.int64(5), 5),
    "numpy unsigned": (np.uint64(2**64 - 1), 2**64 - 1),
    "numpy long long": (np.longlong(5), 5),
    "numpy float64": (np.float64(0.5), 0.5),
    "numpy float16": (np.float16(0.5), 0.5),
    "numpy nan": (np.float32("nan"), "NaN"),
    "numpy infinity": (np.float64("-inf"), "-Infinity"),
    "numpy bool": (np.array([True])[0], True),
    "numpy text": (np.str_("x"), "x"),
    "numpy bytes": (np.bytes_(b"abc"), {"bytes": 3}),
    "numpy complex": (np.complex64(1j), "1j"),
    "numpy datetime": (np.datetime64("2026-05-19T12:00"), "2026-05-19T12:00"),
    "numpy nat": (np.datetime64("NaT", "ns"), "NaT"),
    "numpy timedelta": (np.timedelta64(5, "D"), "5 days"),
    "numpy long double": (np.longdouble("0.5"), "0.5"),
    "small array": (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    "array without dimension": (np.array(7), 7),
    "array of objects": (np.array([Plain(), NAN], dtype=object), ["Plain", "NaN"]),
    "large array": (np.zeros((11, 3)), {"type": "ndarray", "shape": [11, 3]}),
    "pandas timestamp": (pd.Timestamp("2026-05-19 12:00", tz="UTC"), "2026-05-19T12:00:00+00:00"),
    "pandas nanoseconds": (pd.Timestamp(1), "1970-01-01T00:00:00.000000001"),
    "pandas nat": (pd.NaT, "NaT"),
    "pandas na": (pd.NA, "<NA>"),
    "pandas timedelta": (pd.Timedelta("1 days 00:00:02"), "1 day, 0:00:02"),
    "pandas period": (pd.Period("2026-05", "M"), "2026-05"),
    "pandas interval": (pd.Interval(0, 1), "(0, 1]"),
    "data frame": (
        pd.DataFrame({"secret": ["a", "b"]}),
        {"type": "DataFrame", "shape": [2, 1]},
    ),
    "series": (pd.Series(["secret"]), {"type": "Series", "shape": [1]}),
    "index": (pd.Index(["secret"]), {"type": "Index", "shape": [1]}),
    "arrow table": (pa.table({"secret": [1, 2]}), {"type": "Table", "shape": [2, 1]}),
    "in a list": (
        [np.int8(1), pd.NaT, np.zeros(99)],
        [1, "NaT", {"type": "ndarray", "shape": [99]}],
    ),
    "as keys": ({np.int64(1): 1, pd.Timestamp(0): 2}, {"1": 1, "1970-01-01T00:00:00": 2}),
}


@pytest.mark.parametrize(("value", "expected"), CONVERSIONS.values(), ids=CONVERSIONS)
def test_coerce_finds_the_nearest_form(value: object, expected: object) -> None:
    """A value without a form in JSON becomes the nearest one."""
    assert (expected, False) == coerce(value)


@pytest.mark.parametrize(("value", "expected"), LIBRARIES.values(), ids=LIBRARIES)
def test_coerce_knows_the_data_libraries(value: object, expected: object) -> None:
    """Scalars of numpy and pandas become numbers or texts, containers type and shape."""
    assert (expected, False) == coerce(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (2**63, 2**63),
        (2**64 - 1, 2**64 - 1),
        (2**64, "18446744073709551616"),
        (-(2**63) - 1, "-9223372036854775809"),
        (10**400, "1" + "0" * 400),
    ],
)
def test_coerce_makes_integers_beyond_64_bits_text(value: int, expected: object) -> None:
    """An integer that 64 bits hold stays one; a longer one is its digits."""
    assert (expected, False) == coerce(value)


def test_coerce_does_not_spell_out_an_endless_integer() -> None:
    """An integer of so many digits that spelling it takes long is told by its size."""
    assert coerce(2**100_000) == ("<integer of 100001 bits>", True)


def test_coerce_keeps_the_exact_integer_type() -> None:
    """A subclass of int, whatever it overrides, becomes a plain int."""

    class Loud(int):
        def __repr__(self) -> str:
            raise AssertionError

        __str__ = __int__ = __index__ = __repr__  # type: ignore[assignment]

    found, _ = coerce(Loud(5))
    assert (int, 5) == (type(found), found)


# --- hostile values


@contextmanager
def armed(value: object, *names: str) -> Iterator[list[str]]:
    """Give the value's class, one of ours, methods that note and raise, while it lasts."""
    kind, ran = type(value), []

    def trap(name: str) -> Callable[..., object]:
        def method(*args: object, **kwargs: object) -> object:
            ran.append(name)
            raise SystemExit(name)

        return method

    for name in names or _METHODS:
        setattr(kind, name, trap(name))
    for name in () if names else _PROPERTIES:
        setattr(kind, name, property(trap(name)))
    try:
        yield ran
    finally:
        for name in names or (*_METHODS, *_PROPERTIES):
            type.__delattr__(kind, name)


_PROPERTIES = ("shape", "nbytes", "int", "tzinfo", "name", "value", "size", "page")
_METHODS = [
    "__str__",
    "__repr__",
    "__format__",
    "__bytes__",
    "__hash__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__bool__",
    "__len__",
    "__iter__",
    "__next__",
    "__contains__",
    "__getitem__",
    "__getattribute__",
    "__getattr__",
    "__int__",
    "__index__",
    "__float__",
    "__complex__",
    "__fspath__",
    "__array__",
    "__dataframe__",
    "__reduce__",
    "__reduce_ex__",
    "__dir__",
    "__sizeof__",
    "__instancecheck__",
    "keys",
    "items",
    "values",
    "get",
    "isoformat",
    "utcoffset",
    "tolist",
    "item",
    "as_posix",
    "encode",
    "hex",
]

_BASES: dict[str, tuple[type, tuple[object, ...], object]] = {
    "object": (object, (), "Trap"),
    "text": (str, ("x",), "x"),
    "integer": (int, (5,), 5),
    "float": (float, (0.5,), 0.5),
    "complex": (complex, (1,), "(1+0j)"),
    "list": (list, ([1],), [1]),
    "tuple": (tuple, ((1,),), [1]),
    "set": (set, ((1,),), [1]),
    "frozenset": (frozenset, ((1,),), [1]),
    "dict": (dict, ({"a": 1},), {"a": 1}),
    "deque": (deque, ((1,),), [1]),
    "bytes": (bytes, (b"abc",), {"bytes": 3}),
    "bytearray": (bytearray, (b"abc",), {"bytes": 3}),
    "datetime": (datetime.datetime, (2026, 5, 19), "2026-05-19T00:00:00"),
    "date": (datetime.date, (2026, 5, 19), "2026-05-19"),
    "time": (datetime.time, (12,), "12:00:00"),
    "timedelta": (datetime.timedelta, (1,), "1 day, 0:00:00"),
    "decimal": (decimal.Decimal, ("1.10",), "1.10"),
}


@pytest.mark.parametrize(("base", "args", "expected"), _BASES.values(), ids=_BASES)
def test_coerce_runs_no_method_of_a_foreign_type(
    base: type, args: tuple[object, ...], expected: object
) -> None:
    """What a subclass overrides is not asked: the conversion is the base type's own."""
    value = type("Trap", (base,), {})(*args)
    with armed(value) as ran:
        found = coerce(value)
    assert ((expected, False), []) == (found, ran)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(uuid.UUID(int=1), id="uuid"),
        pytest.param(pathlib.PurePosixPath("a/b"), id="pure path"),
        pytest.param(pathlib.Path("a/b"), id="path"),
    ],
)
@pytest.mark.parametrize("method", ["__getattribute__", "__getattr__", "__str__", "__fspath__"])
def test_coerce_contains_what_a_subclass_of_python_code_raises(value: object, method: str) -> None:
    """UUID and Path are written in Python and ask their subclass; that must not get out."""
    trapped = type("Trap", (type(value),), {"__slots__": ()})(str(value))
    with armed(trapped, method):
        found, _ = coerce(trapped)
    assert found in (str(value), "Trap", "<unserialisable: Trap>")


@pytest.mark.parametrize("error", [ValueError, SystemExit, Stop])
@pytest.mark.parametrize("kind", [datetime.datetime, datetime.time])
def test_coerce_contains_what_a_time_zone_raises(kind: type, error: type[BaseException]) -> None:
    """A foreign time zone has to be asked for its offset; what it raises is contained."""

    class Zone(datetime.tzinfo):
        def utcoffset(self, moment: datetime.datetime | None) -> datetime.timedelta:
            raise error

    value = kind(2026, 1, 1, tzinfo=Zone()) if kind is datetime.datetime else kind(1, tzinfo=Zone())
    assert (f"<unserialisable: {kind.__name__}>", False) == coerce(value)


class _Note(str):
    """A text that notes when one of its own methods runs."""

    ran: list[str] = []  # noqa: RUF012 -- shared on purpose

    def _noted(self, *args: object) -> object:
        self.ran.append("method")
        raise SystemExit

    __str__ = __hash__ = __format__ = __eq__ = partition = _noted  # type: ignore[assignment]


@pytest.mark.parametrize("base", [object, enum.Enum])
@pytest.mark.parametrize("attribute", ["__module__", "__name__"])
@pytest.mark.parametrize("name", [_Note("Odd"), Plain()], ids=["text subclass", "object"])
def test_coerce_does_not_trust_what_a_class_says_of_itself(
    base: type, attribute: str, name: object
) -> None:
    """A class may be given any module and name; no method of those runs either."""
    if attribute == "__name__" and not isinstance(name, str):
        pytest.skip("Python itself refuses a name that is no text")
    kind = enum.Enum("Odd", "ONE") if base is enum.Enum else type("Odd", (), {})
    setattr(kind, attribute, name)
    value = kind["ONE"] if base is enum.Enum else kind()  # type: ignore[index]
    _Note.ran.clear()
    expected = "Odd.ONE" if base is enum.Enum else "Odd"
    assert ((expected, False), []) == (coerce(value), _Note.ran)


def test_coerce_does_not_render_a_module_name() -> None:
    """A ``__module__`` that is any object is not turned into text."""

    class Loud:
        def __str__(self) -> str:
            raise SystemExit

    kind = type("Odd", (), {"__module__": Loud()})
    assert coerce(kind()) == ("Odd", False)


@pytest.mark.parametrize("library", ["numpy", "pandas"])
@pytest.mark.parametrize("name", ["float64", "ndarray", "DataFrame", "NAType", "NaTType", "Period"])
def test_coerce_does_not_believe_a_borrowed_name(library: str, name: str) -> None:
    """A class that only says it is a library's is foreign: nothing of it runs."""
    value = type(name, (), {"__module__": f"{library}.core"})()
    with armed(value) as ran:
        found = coerce(value)
    assert ((name, False), []) == (found, ran)


@pytest.mark.parametrize("claimed", [str, int, dict, list, type(None), ValueError, enum.Enum])
def test_coerce_does_not_ask_for_a_class(claimed: type) -> None:
    """``__class__`` may be any code; the type of a value is what ``type()`` says."""
    ran: list[str] = []

    class Lie:
        @property
        def __class__(self) -> type:
            ran.append("__class__")
            return claimed

    value = Lie()
    found = coerce([value, {value: 1}])
    assert (found, ran) == ((["Lie", {"Lie": 1}], False), [])


def test_coerce_compares_classes_by_identity() -> None:
    """A metaclass that calls its class equal to a library's is not asked."""
    ran: list[str] = []

    class Meta(type):
        def __eq__(cls, other: object) -> bool:
            ran.append("__eq__")
            return True

        __hash__ = type.__hash__

    class Odd(metaclass=Meta):
        __module__ = "numpy.core"

    assert (coerce(Odd()), ran) == (("Odd", False), [])


def test_coerce_asks_no_metaclass_for_a_name() -> None:
    """The name of a type is the one it was made with, whatever its metaclass says."""

    class Meta(type):
        @property
        def __name__(cls) -> str:
            raise SystemExit

        __module__ = __mro__ = __name__  # type: ignore[assignment]  # noqa: A003

    class Odd(metaclass=Meta):
        pass

    assert coerce(Odd()) == ("Odd", False)


def test_coerce_survives_a_library_that_is_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in ``sys.modules`` may hold None or a stand-in of a test suite."""
    monkeypatch.setitem(sys.modules, "polars", None)  # type: ignore[arg-type]
    kind = type("DataFrame", (), {"__module__": "polars.dataframe"})
    found, _ = coerce(kind())
    assert found in ("DataFrame", "<unserialisable: DataFrame>")
    monkeypatch.setitem(sys.modules, "polars", ModuleType("polars"))
    assert coerce(kind()) == ("DataFrame", False)


@pytest.mark.parametrize("error", [ValueError, SystemExit, Stop, GeneratorExit])
def test_coerce_contains_what_the_text_of_an_exception_raises(error: type[BaseException]) -> None:
    """An exception's own text is asked for; what that raises stays inside."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise error

    assert coerce(OddError()) == ("OddError: <unserialisable: OddError>", False)


# --- bounds


def test_coerce_ends_a_cycle() -> None:
    """A container that holds itself is shown once."""
    chain: list[object] = [1]
    chain += [chain, {"again": chain}]
    assert coerce(chain)[0] == [1, "<cycle>", {"again": "<cycle>"}]


def test_coerce_shows_a_shared_value_in_each_place() -> None:
    """A value that occurs twice, but not in itself, is no cycle."""
    shared = [1]
    assert coerce([shared, shared, {"x": shared}]) == ([[1], [1], {"x": [1]}], False)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5000])
@pytest.mark.parametrize("kind", ["list", "dict", "tuple"])
def test_coerce_ends_a_depth(kind: str, depth: int) -> None:
    """What lies too deep is left out, and the value counts as cut."""
    wrap = {"list": lambda v: [v], "dict": lambda v: {"x": v}, "tuple": lambda v: (v,)}[kind]
    value: object = "bottom"
    for _ in range(depth):
        value = wrap(value)
    found, cut = coerce(value)
    assert (cut, "<too deep>" in json.dumps(found), "bottom" in str(found)) == (True, True, False)


def test_coerce_keeps_a_depth_that_is_allowed() -> None:
    """Nesting up to the bound is kept whole."""
    value: object = "bottom"
    for _ in range(MAX_DEPTH):
        value = [value]
    assert (value, False) == coerce(value)


_HUGE: dict[str, object] = {
    "integers": [0] * 1_000_000,
    "texts": ["x" * 100] * 1_000_000,
    "one text": "x" * 10_000_000,
    "range": range(10**15),
    "booleans": [True] * 100_000,
    "nothing": [None] * 100_000,
    "nan": [NAN] * 100_000,
    "objects": [Plain()] * 100_000,
    "objects with a long name": [type("L" * 1000, (), {})()] * 100_000,
    "bytes": [b""] * 100_000,
    "empty lists": [[]] * 100_000,
    "empty texts": [""] * 100_000,
    "exceptions": [ValueError("x" * 1000)] * 100_000,
    "enumerations": [Color.RED] * 100_000,
    "long integers": [2**8000] * 100_000,
    "frames": [pd.DataFrame()] * 10_000,
    "numpy scalars": [np.float32(1)] * 100_000,
    "set": set(range(100_000)),
    "dict": {str(n): n for n in range(100_000)},
    "dict of long keys": {"k" * 1000 + str(n): n for n in range(1000)},
    "dict of object keys": {Plain(): n for n in range(5000)},
    "dict of tuple keys": {(n, n): n for n in range(5000)},
    "dict of bytes keys": {bytes([n % 256, n // 256]): n for n in range(5000)},
    "dict of keys that meet": {k: n for n in range(2000) for k in (n, str(n), float(n) + 0.5)},
    "nested": [[["x" * 50] * 50] * 50] * 50,
}


@pytest.mark.parametrize("value", _HUGE.values(), ids=_HUGE)
def test_coerce_bounds_the_size_of_any_value(value: object) -> None:
    """However much a value holds, about 8 KiB of it are looked at and kept."""
    found, cut = coerce(value)
    size = len(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())
    assert (cut, size <= VALUE_BYTES * 5 // 4) == (True, True)


def test_coerce_cuts_a_container_of_itself() -> None:
    """Each mention of a cycle takes its room too."""
    chain: list[object] = []
    chain.extend([chain] * 100_000)
    found, cut = coerce(chain)
    assert (cut, len(json.dumps(found)) <= VALUE_BYTES * 3 // 2) == (True, True)


def test_coerce_keeps_each_value_of_keys_that_look_alike() -> None:
    """Keys without a text of their own do not overwrite each other's values."""
    found, cut = coerce({(1, 2): "a", (3, 4): "b", Plain(): "c", Plain(): "d"})
    assert (list(found.values()), cut) == (["a", "b", "c", "d"], False)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * VALUE_BYTES, True),
        ("x" * (VALUE_BYTES + 1), False),
        ("é" * (VALUE_BYTES // 2), True),
        ("é" * (VALUE_BYTES // 2) + "x", False),
        ("😀" * (VALUE_BYTES // 4), True),
        ("😀" * (VALUE_BYTES // 4) + "x", False),
        ("\0" * VALUE_BYTES, True),
    ],
)
def test_coerce_keeps_a_text_of_exactly_8_kib(text: str, *, kept: bool) -> None:
    """The bound counts bytes of UTF-8; one byte more is cut, at a whole character."""
    found, cut = coerce(text)
    assert isinstance(found, str)
    assert (kept, not kept) == (found == text, cut)
    assert len(found.encode()) <= VALUE_BYTES
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


# --- the small parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("é\u2028😀", "é\u2028😀"),
        ("a\udc80b", "a\\udc80b"),
        ("\ud83d\ude00", "\\ud83d\\ude00"),
        ("\udfff", "\\udfff"),
    ],
)
def test_clean_text_makes_lone_surrogates_visible(text: str, expected: str) -> None:
    """UTF-8 has no form for a lone surrogate, so its escape is written out."""
    assert expected == clean_text(text)


def test_clean_text_returns_an_exact_text() -> None:
    """What comes out has no methods of a foreign class."""
    assert str is type(clean_text(Upper("x")))


@pytest.mark.parametrize("most", [3, 4, 5, 6, 7, 100])
@pytest.mark.parametrize("text", ["abcdefgh", "éééé", "😀😀", "\udc80" * 3, ""])
def test_cut_text_stays_within_its_bytes(text: str, most: int) -> None:
    """The result never has more bytes than allowed, and is the text's beginning."""
    found, cut = cut_text(text, most)
    whole = clean_text(text)
    assert len(found.encode()) <= most
    assert found == whole if not cut else whole.startswith(found[:-1])
    assert cut == (len(whole.encode()) > most)


def test_type_name_is_an_exact_text() -> None:
    """A type may be given a name that is more than a text."""
    kind = type("Odd", (), {})
    kind.__name__ = Upper("Other")
    assert (str, "Other") == (type(type_name(kind())), type_name(kind()))


def test_exception_text_refuses_what_is_no_text() -> None:
    """A ``__str__`` that returns something else is noted, not raised."""

    class OddError(Exception):
        def __str__(self) -> str:
            return 5  # type: ignore[return-value]

    assert exception_text(OddError()) == "<unserialisable: OddError>"


def test_exception_text_is_exact() -> None:
    """A ``__str__`` that returns a subclass of text leaves none of it behind."""

    class OddError(Exception):
        def __str__(self) -> str:
            return Upper("said")

    assert (str, "said") == (type(exception_text(OddError())), exception_text(OddError()))
