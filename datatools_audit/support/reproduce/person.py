"""A person at an app, for a test that drives it: copied into every test that is written.

Every private name of Streamlit that such a test leans on stands here. The test stands alone, and
this module is never run in its own place: the app arrives as an argument.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import json
import re
import sysconfig
from pathlib import Path
from typing import Any


class NotRecorded:
    """A value of which the record has only the shape; a likely one is put in its place.

    Args:
        kind: Its type: ``str``, ``int``, ``list``, …
        length: How long it was, or how many there were.
    """

    def __init__(self, kind: str, length: int | None = None) -> None:
        self.kind = kind
        self.length = length


class Person:
    """Does at an AppTest what a person did in a browser.

    Args:
        at: An ``AppTest`` that has not run.
        monkeypatch: pytest's.
    """

    def __init__(self, at: Any, monkeypatch: Any) -> None:
        self.at = at
        self._patch = monkeypatch
        self._runner = importlib.import_module("streamlit.testing.v1.local_script_runner")
        self._parse = self._runner.parse_tree_from_messages
        self._messages: list[Any] = []
        self._states: dict[str, dict[str, Any]] = {}
        self._used: list[str] = []
        self._fragment = ""
        self._page_of: dict[str, str] = {}
        monkeypatch.setattr(self._runner, "parse_tree_from_messages", self._parsed)

    def open(self, page: str = "", title: str = "") -> None:
        """Be on that page: nothing happens if the app has gone there itself."""
        is_first = not self._messages
        if is_first:
            if page:  # as by a link: the default page may not run before
                self.at._page_hash = importlib.import_module("streamlit.util").calc_hash(page)
            self._run()
        now = self.at._finished_page_script_hash
        there = self._page_hash(page, title) if page else now
        if there is None and (is_first or now not in self._page_of.values()):
            there = now  # the app calls that page by a name of its own
        assert there is not None, (
            f"no page {page!r}: the app has {self._pages()}; put its name in the address here"
        )
        self._page_of[page] = there
        if there != now:
            self.at._page_hash = there
            self._run(leaves=now)

    def change(self, kind: str, label: str, key: str | None, to: Any) -> None:
        """Give a widget a value; the app runs with ``rerun``."""
        widget = self._find(kind, label, key)
        if isinstance(to, NotRecorded):
            to = _likely(widget, to)
            print(f"guessed: {label or key or kind} = {to!r}")
        if isinstance(getattr(widget, "options", None), list) and to is not None:
            self._choose(widget, to)
        else:
            widget.set_value(to)

    def edit(
        self,
        label: str,
        key: str | None,
        edited: int = 0,
        added: int = 0,
        deleted: int = 0,
        columns: tuple[str, ...] = (),
    ) -> None:
        """Edit so many rows of a data editor; what was typed is never on record."""
        table = self._find("data_editor", label, key)
        frame = table.value
        names = [name for name in columns if name in frame] or list(frame)[:1]
        typed = {name: _typed(frame[name]) for name in names}
        edits = {
            "edited_rows": {str(row): typed for row in range(edited)},
            "added_rows": [{} for _ in range(added)],
            "deleted_rows": list(range(len(frame)))[-deleted:] if deleted else [],
        }
        print(f"guessed: {label or key or 'data_editor'} = {edits!r}")
        self._send_json(table.proto.id, edits)

    def select(self, label: str, key: str | None, rows: int = 0, columns: int = 0) -> None:
        """Select so many rows and columns of a table; which ones is never on record."""
        table = self._find("dataframe", label, key)
        chosen = {"rows": list(range(rows)), "columns": list(map(str, table.value))[:columns]}
        print(f"guessed: {label or key or 'dataframe'} = {chosen!r}")
        self._send_json(table.proto.id, {"selection": {**chosen, "cells": []}})

    def click(self, kind: str, label: str, key: str | None, choice: Any = None) -> None:
        """Click a button; of a menu the choice."""
        if kind in ("dialog", "link_button"):
            self._press(kind, label, key)
            return
        button = self._find(kind, label, key)
        if isinstance(choice, NotRecorded):
            choice = button.options[0]
            print(f"guessed: {label or key} = {choice!r}")
        if choice is None:
            button.click()
        else:
            button.click(choice)

    def upload(self, kind: str, label: str, key: str | None, *files: tuple[str, bytes, str]) -> None:
        """Have a widget hold these files: name, contents and type of each; none empties it."""
        widget = self._find(kind, label, key)
        several = getattr(widget, "accept_multiple_files", False) or len(files) > 1
        widget.set_value(list(files) if files and several else files[0] if files else None)

    def say(
        self, label: str, key: str | None, text: str, *files: tuple[str, bytes, str]
    ) -> None:
        """Send a message in a chat."""
        chat = self._find("chat_input", label, key)
        chat.set_value(text)
        for file in files:
            chat.upload(*file)

    def rerun(self, *, fragment: bool = False) -> None:
        """Have the app run with what was done; of a fragment's widget that fragment alone."""
        homes = [each.delta.fragment_id for each in self._messages if _id(each) in self._used]
        known = self.at._fragment_storage._fragments if fragment else ()
        self._run(next((home for home in homes if home and home in known), ""))

    def compare(self, error: str, function: str) -> None:
        """Print whether the app has failed as it is on record."""
        found = [
            (each.proto.type.rpartition(".")[2], _innermost(each.stack_trace))
            for each in self.at.exception
        ]
        recorded = f"{error} in {function}" if function else error
        if any(one == error and other == (function or other) for one, other in found):
            print(f"same error: {recorded}")
        elif found:
            now = ", ".join(f"{one} in {other}" for one, other in found)
            print(f"another error: {now}; on record is {recorded}")
        else:
            print(f"no error; on record is {recorded}")

    def _find(self, kind: str, label: str, key: str | None) -> Any:
        """Return the widget of that key; of that label where none has it."""
        drawn = list(self.at.get(kind))
        named = [each for each in drawn if label and label == _label(each)]
        keyed = [each for each in drawn if key is not None and each.key == key]
        found = keyed or named or (drawn if not label and key is None else [])
        there = ", ".join(repr(each.key or _label(each)) for each in drawn) or "none"
        failed = "".join(f"; the app has failed: {each.message}" for each in self.at.exception)
        assert found, f"no {kind} {label or key!r} is on the page; there is: {there}{failed}"
        widget = found[0]
        self._used.append(getattr(widget, "id", "") or widget.proto.id)
        return widget

    def _choose(self, widget: Any, to: Any) -> None:
        """Choose options; they are sent as the browser sends them, by what they are called."""
        wanted = to if isinstance(to, list | tuple) else [to]
        called = [_called(widget, each) for each in wanted]
        sends_one = widget.type in ("radio", "selectbox")
        self._states[widget.id] = (
            {"string_value": called[0]} if sends_one else {"string_array_value": called}
        )

    def _press(self, kind: str, label: str, key: str | None) -> None:
        """Press what AppTest draws and cannot press."""
        for message in self._messages:
            name, drawn = _drawn(message)
            called = getattr(drawn, "label", "") or getattr(drawn, "title", "")
            if name == kind and drawn.id and label == called:
                self._used.append(drawn.id)
                self._states[drawn.id] = {"trigger_value": True}
                return
        raise AssertionError(f"no {kind} {label or key!r} is on the page")

    def _send_json(self, widget: str, value: Any) -> None:
        state = self.at._session_state._state._new_widget_state
        self._states[widget] = {state.widget_metadata[widget].value_type: json.dumps(value)}

    def _run(self, fragment: str = "", leaves: str = "") -> None:
        """Run the app; on the way to another page a browser keeps what the entry script draws."""
        self._fragment = fragment
        tree = self.at._tree
        states = tree.get_widget_states()
        here = {_id(each) for each in self._messages if each.metadata.active_script_hash == leaves}
        kept = [each for each in states.widgets if each.id not in here | self._states.keys()]
        del states.widgets[:]
        states.widgets.extend(kept)
        for widget, value in self._states.items():
            _fill(states.widgets.add(id=widget), value)
        tree.get_widget_states = lambda: states
        with self._patch.context() as patch:
            if fragment:
                data = functools.partial(self._runner.RerunData, fragment_id=fragment)
                patch.setattr(self._runner, "RerunData", data)
            self.at.run()
        self.at._page_hash = ""
        self._states, self._used = {}, []

    def _parsed(self, messages: list[Any]) -> Any:
        """Read what a run has drawn; of a fragment's run also what stands around it."""
        around = [each for each in self._messages if each.delta.fragment_id != self._fragment]
        self._messages = (around if self._fragment else []) + [
            each for each in messages if each.HasField("delta")
        ]
        return self._parse(self._messages)

    def _page_hash(self, page: str, title: str) -> str | None:
        if page in self._page_of:
            return self._page_of[page]
        known = self.at._registered_pages
        for told, wanted in (("url_pathname", page), ("page_name", title), ("script_path", page)):
            for found, info in known.items():
                name = str(info.get(told) or "")
                name = Path(name).stem if told == "script_path" else name
                if wanted and name == wanted:
                    return str(found)
        return None

    def _pages(self) -> list[str]:
        known = self.at._registered_pages.values()
        return [str(each.get("url_pathname") or each.get("page_name")) for each in known]


def _drawn(message: Any) -> tuple[str, Any]:
    """Return what a message draws, and its kind."""
    where = message.delta.WhichOneof("type")
    if where not in ("new_element", "add_block"):
        return "", None
    part = getattr(message.delta, where)
    kind = part.WhichOneof("type")
    return (kind, getattr(part, kind)) if kind else ("", None)


def _id(message: Any) -> str:
    return getattr(_drawn(message)[1], "id", "")


def _fill(state: Any, value: dict[str, Any]) -> None:
    for field, given in value.items():
        if isinstance(given, list):
            getattr(state, field).data[:] = given
        else:
            setattr(state, field, given)


def _label(widget: Any) -> str:
    return getattr(widget, "label", "") or getattr(widget, "placeholder", "")


def _called(widget: Any, option: Any) -> str:
    """Return how an option is called on the page."""
    try:
        name = str(widget.format_func(option))
    except Exception:
        name = str(option)
    return name if name in widget.options else str(option)


def _likely(widget: Any, value: NotRecorded) -> Any:
    """Return a value of that shape that is not the present one."""
    now = widget.value
    options = getattr(widget, "options", None)
    if value.kind == "bool" or isinstance(now, bool):
        return not now
    if isinstance(options, list):
        return _likely_options(widget, value, options)
    if value.kind in ("tuple", "list"):
        return _likely_range(widget, list(now or ()), value.length or 0)
    if value.kind in ("int", "float") or isinstance(now, int | float):
        is_float = value.kind == "float" or isinstance(now, float)
        return float(_number(now, widget)) if is_float else _number(now, widget)
    if isinstance(now, datetime.time):
        return datetime.time(0, 0) if now != datetime.time(0, 0) else datetime.time(12, 0)
    if isinstance(now, datetime.date):
        return now + datetime.timedelta(days=1)
    likely = {"time": datetime.time(0, 0), "datetime": datetime.datetime(2026, 1, 1)}
    return likely.get(value.kind, datetime.date.today() if value.kind == "date" else None)


def _likely_range(widget: Any, now: list[Any], count: int) -> tuple[Any, ...]:
    """Return so many ends: of a range of numbers both bounds, of days another last one."""
    if now and isinstance(now[0], int | float):
        least, most = widget.min, widget.max
        likely = ((least, most), (least, least), (most, most))
        return next(each for each in likely if list(each) != now)
    days = [*now, *[datetime.date.today()] * count][:count]
    if days and len(days) == len(now):
        days[-1] += datetime.timedelta(days=1)
    return tuple(days)


def _likely_options(widget: Any, value: NotRecorded, options: list[str]) -> Any:
    now = widget.value
    if value.kind in ("list", "tuple"):
        chosen = [_called(widget, each) for each in now or []]
        count = value.length or 0
        others = [each for each in options if each not in chosen]
        if count == len(chosen):
            return [*chosen[:-1], *others][:count]
        return [*chosen, *others][:count]
    others = [each for each in options if now is None or each != _called(widget, now)]
    fitting = [each for each in others if value.kind == "str" and len(each) == value.length]
    return next(iter(fitting or others or options), None)


def _number(now: Any, widget: Any) -> Any:
    """Return a number at a bound, where apps fail: 0, the least, the most."""
    least, most = getattr(widget, "min", None), getattr(widget, "max", None)
    for each in (0, least, most, 1):
        fits = each is not None and (least is None or each >= least)
        if fits and (most is None or each <= most) and each != now:
            return type(each)(each)
    return now


def _typed(column: Any) -> Any:
    """Return what somebody may have typed into a column."""
    kind = column.dtype.kind
    return 0 if kind in "iuf" else True if kind == "b" else "2026-01-01" if kind == "M" else "x"


def _innermost(trace: Any) -> str:
    """Return the function of the app in which an exception was raised."""
    libraries = ("site-packages", "dist-packages", sysconfig.get_path("stdlib"))
    libraries += ("/datatools_audit/", "/streamlit_ext/")
    for line in reversed(list(trace)):
        found = re.match(r'\s*File "(.+?)", line \d+, in (.+)', str(line))
        if not found or found[2].startswith("<") and found[2] != "<module>":
            continue  # a comprehension belongs to the function that it stands in
        if found[1].endswith(".py") and not any(each in found[1] for each in libraries):
            return found[2].strip()
    return ""
