"""Turn any value into one that JSON has a form for, bounded in size.

No method of a foreign type runs here, so nothing that an app or a library defined can
block, raise or act: types are told by ``type()`` and the conversion is the base type's
own. An exception's text is the one exception, and what that raises is contained.
"""

from __future__ import annotations

import datetime
import enum
import math
import sys
from collections import deque
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from datatools_audit.guard import own_name
from datatools_audit.record.text import (
    cut_text,
    exception_text,
    own_module,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    _Convert = Callable[["_Coercion", Any, int], "Json"]
    Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_Item = TypeVar("_Item")

VALUE_BYTES = 8 * 1024
MAX_DEPTH = 16
_LARGE_ARRAY = 32
_SHORT_TEXT = 16
_LONG_INTEGER_BITS = 8192  # str() of more is slow, and refused by Python from 4,300 digits on
_LIBRARIES = frozenset({"pandas", "polars", "pyarrow", "numpy", "torch", "xarray", "geopandas"})
_PANDAS_SCALARS = frozenset({"NAType", "Period", "Interval"})


def coerce(value: object, most_bytes: int = VALUE_BYTES) -> tuple[Json, bool]:
    """Return the nearest JSON value and whether it was cut. Never raises an ``Exception``.

    Args:
        value: Anything.
        most_bytes: About the size that the result may have as JSON.
    """
    work = _Coercion(most_bytes)
    return work.any(value, 0), work.cut


class _Coercion:
    """One value on its way; spends a budget of bytes and notes what was left out."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes
        self._open: set[int] = set()
        self.cut = False

    def any(self, value: object, depth: int) -> Json:
        kind = type(value)
        if value is None or kind is bool:
            self.spend(4)
            return value  # type: ignore[return-value]
        try:
            for base, convert in _CONVERSIONS:
                if issubclass(kind, base):
                    return convert(self, value, depth)
            for base, convert in _late_conversions():
                if issubclass(kind, base):
                    return convert(self, value, depth)
            return self._foreign(value, depth)
        except (RecursionError, MemoryError):  # the caller's, not the value's
            raise
        except Exception:  # one bad value must not cost the record
            return self.text(f"<unserialisable: {type_name(value)}>")

    def spend(self, size: int) -> None:
        self._left -= size

    def text(self, value: str) -> str:
        text, cut = cut_text(value, max(self._left, _SHORT_TEXT))
        self.cut |= cut
        self.spend(len(text.encode()) + 2)
        return text

    def integer(self, value: int) -> Json:
        exact = int.__int__(value)
        if -(1 << 63) <= exact < 1 << 64:
            self.spend(len(str(exact)))
            return exact
        if exact.bit_length() <= _LONG_INTEGER_BITS:
            return self.text(str(exact))
        self.cut = True
        return self.text(f"<integer of {exact.bit_length()} bits>")

    def mapping(self, items: Iterable[tuple[object, object]], depth: int) -> Json:
        out: dict[str, Json] = {}
        for key, value in self._bounded(items):
            name = wanted = self._key(key, depth)
            while name in out:
                name = "extra_" + name
            self.spend(len(name) - len(wanted))
            out[name] = self.any(value, depth + 1)
        return out

    def array(self, items: Iterable[object], depth: int) -> Json:
        return [self.any(item, depth + 1) for item in self._bounded(items)]

    def nested(self, value: object, depth: int, convert: Callable[[], Json]) -> Json:
        """Enter a container, unless it is open already or lies too deep."""
        if id(value) in self._open:
            return self.text("<cycle>")
        if depth >= MAX_DEPTH:
            self.cut = True
            return self.text("<too deep>")
        self.spend(2)
        self._open.add(id(value))
        try:
            return convert()
        finally:
            self._open.discard(id(value))

    def _bounded(self, items: Iterable[_Item]) -> Iterable[_Item]:
        # One C call takes the copy, so a thread that changes the container meanwhile
        # cannot break the iteration.
        for item in list(islice(items, max(self._left, 0) // 2 + 1)):
            self.spend(1)
            if self._left <= 0:
                self.cut = True
                return
            yield item

    def _key(self, key: object, depth: int) -> str:
        found = self.any(key, depth + 1)
        if isinstance(found, str):
            return found
        if found is None or isinstance(found, bool):
            return {None: "null", True: "true", False: "false"}[found]
        return str(found) if isinstance(found, int | float) else type_name(key)

    def _foreign(self, value: object, depth: int) -> Json:
        name, library = type_name(value), _library(type(value))
        if library == "numpy":
            return self._numpy(value, depth)
        if name in _PANDAS_SCALARS and library == "pandas":
            return self.text(str(value))
        return self.shape(value) if library else self.text(type_name(value))

    def shape(self, value: Any) -> Json:
        shape = getattr(value, "shape", None)
        if type(shape) is not tuple:
            return self.text(type_name(value))
        self.spend(40)
        return {"type": type_name(value), "shape": [int(n) for n in shape[:8]]}

    def _numpy(self, value: Any, depth: int) -> Json:
        numpy: Any = sys.modules["numpy"]
        if issubclass(type(value), numpy.ndarray):
            small = value.size <= _LARGE_ARRAY
            return self.any(numpy.ndarray.tolist(value), depth) if small else self.shape(value)
        if issubclass(type(value), numpy.datetime64 | numpy.timedelta64):
            return self.text(str(value))
        item = numpy.generic.item(value)
        return self.text(str(item)) if type(item) is type(value) else self.any(item, depth)


def _library(kind: type) -> str:
    """Return the data library that exports this very type, or an empty text.

    A foreign class may carry any ``__module__``; only the library's own is believed.
    """
    module = own_module(kind)  # may be any object
    if not issubclass(type(module), str):
        return ""
    root = str.__str__(module).partition(".")[0]
    if root not in _LIBRARIES or root not in sys.modules:
        return ""
    names = vars(sys.modules[root])
    name = str.__str__(own_name(kind))
    known = (names.get(name), type(names.get("NA")), type(names.get("NaT")))
    return root if any(kind is each for each in known) else ""  # `in` asks a metaclass


def _enum(work: _Coercion, value: Any, _depth: int) -> Json:
    if issubclass(type(value), str):
        return work.text(str.__str__(value))
    if issubclass(type(value), int):
        return work.integer(value)
    name = object.__getattribute__(value, "_name_")
    return work.text(f"{type_name(value)}.{name}")


def _number(work: _Coercion, value: Any, _depth: int) -> Json:
    exact = float.__float__(value)
    work.spend(16)
    if math.isfinite(exact):
        return exact
    return "NaN" if exact != exact else "Infinity" if exact > 0 else "-Infinity"


def _moment(work: _Coercion, value: Any, _depth: int) -> Json:
    # pandas' Timestamp and NaT are datetimes by descent; only their own text is right.
    own = value.isoformat if _library(type(value)) else None
    return _foreign_text(work, value, own or (lambda: datetime.datetime.isoformat(value)))


def _foreign_text(work: _Coercion, value: Any, convert: Callable[[], str]) -> Json:
    """Take a text whose making may ask foreign code: a time zone, a subclass of Path."""
    try:
        text = convert()
    except BaseException:  # it may raise anything, SystemExit included
        text = f"<unserialisable: {type_name(value)}>"
    return work.text(text)


def _text_of(convert: Callable[[Any], str]) -> _Convert:
    return lambda work, value, _depth: _foreign_text(work, value, lambda: convert(value))


def _array_of(items: Callable[[Any], Iterable[object]]) -> _Convert:
    return lambda work, value, depth: work.nested(
        value, depth, lambda: work.array(items(value), depth)
    )


def _mapping(work: _Coercion, value: Any, depth: int) -> Json:
    return work.nested(value, depth, lambda: work.mapping(dict.items(value), depth))


def _size_of(length: Callable[[Any], int]) -> _Convert:
    def size(work: _Coercion, value: Any, _depth: int) -> Json:
        work.spend(12)
        return {"bytes": length(value)}

    return size


# The order matters: an Enum may be a str, a datetime is a date, a bool an int.
_CONVERSIONS: tuple[tuple[type, _Convert], ...] = (
    (enum.Enum, _enum),
    (str, lambda work, value, _depth: work.text(value)),
    (int, lambda work, value, _depth: work.integer(value)),
    (float, _number),
    (dict, _mapping),
    (list, _array_of(list.__iter__)),
    (tuple, _array_of(tuple.__iter__)),
    (set, _array_of(set.__iter__)),
    (frozenset, _array_of(frozenset.__iter__)),
    (deque, _array_of(deque.__iter__)),
    (range, _array_of(range.__iter__)),
    (bytes, _size_of(bytes.__len__)),
    (bytearray, _size_of(bytearray.__len__)),
    (memoryview, _size_of(lambda view: int(view.nbytes))),
    (datetime.datetime, _moment),
    (datetime.date, _text_of(datetime.date.isoformat)),
    (datetime.time, _text_of(datetime.time.isoformat)),
    (datetime.timedelta, _text_of(datetime.timedelta.__str__)),
    (PurePath, _text_of(PurePath.__str__)),
    (complex, _text_of(complex.__repr__)),
    (BaseException, _text_of(lambda exc: f"{type_name(exc)}: {exception_text(exc)}")),
)


def _late_conversions() -> Iterator[tuple[type, _Convert]]:
    """Yield those of types whose modules take time to import, once somebody has imported them."""
    for module, name in (("decimal", "Decimal"), ("uuid", "UUID")):
        kind = getattr(sys.modules.get(module), name, None)
        if type(kind) is type:
            yield kind, _text_of(lambda value, to_text=kind.__str__: to_text(value))  # type: ignore[misc]
