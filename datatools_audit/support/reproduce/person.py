"""A person at an app, for a test that drives it: copied into every test that is written.

Every private name of Streamlit that such a test leans on stands here. The test stands alone, and
this module is never run in its own place: the app arrives as an argument.
"""

from __future__ import annotations

import functools
import importlib
import json
import threading
import traceback
from pathlib import Path
from typing import Any

from datatools_audit.support.reproduce.drawn import fill, id_in, innermost, label_of, shown_by
from datatools_audit.support.reproduce.likely import NotRecorded, called, likely, typed_into

_PRIVATE = (
    "_finished_page_script_hash",
    "_fragment_storage",
    "_page_hash",
    "_registered_pages",
    "_session_state",
    "_tree",
)


class Person:
    """Does at an AppTest what a person did in a browser.

    Args:
        at: An ``AppTest`` that has not run.
        monkeypatch: pytest's.

    Attributes:
        at: It.
        thread_errors: What was raised in threads of the app's own, which AppTest does not show.
    """

    def __init__(self, at: Any, monkeypatch: Any) -> None:
        missing = [name for name in _PRIVATE if not hasattr(at, name)]
        assert not missing, f"this test is made for AppTest of Streamlit 1.67; no {missing} here"
        self.at = at
        self.thread_errors: list[Any] = []
        self._threads = set(threading.enumerate())
        self._patch = monkeypatch
        self._runner = importlib.import_module("streamlit.testing.v1.local_script_runner")
        self._parse = self._runner.parse_tree_from_messages
        self._messages: list[Any] = []
        self._states: dict[str, dict[str, Any]] = {}
        self._used: list[str] = []
        self._fragment = ""
        self._page_of: dict[str, str] = {}
        monkeypatch.setattr(self._runner, "parse_tree_from_messages", self._parsed)
        monkeypatch.setattr(threading, "excepthook", self._hear_thread)

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
            to = likely(widget, to)
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
        typed = {name: typed_into(frame[name]) for name in names}
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

    def upload(
        self, kind: str, label: str, key: str | None, *files: tuple[str, bytes, str]
    ) -> None:
        """Have a widget hold these files: name, contents and type of each; none empties it."""
        widget = self._find(kind, label, key)
        several = getattr(widget, "accept_multiple_files", False) or len(files) > 1
        widget.set_value(list(files) if files and several else files[0] if files else None)

    def say(self, label: str, key: str | None, text: str, *files: tuple[str, bytes, str]) -> None:
        """Send a message in a chat."""
        chat = self._find("chat_input", label, key)
        chat.set_value(text)
        for file in files:
            chat.upload(*file)

    def rerun(self, *, fragment: bool = False) -> None:
        """Have the app run with what was done; of a fragment's widget that fragment alone."""
        homes = [each.delta.fragment_id for each in self._messages if id_in(each) in self._used]
        known = self.at._fragment_storage._fragments if fragment else ()
        self._run(next((home for home in homes if home and home in known), ""))

    def wait_for_threads(self, seconds: float = 30) -> None:
        """Wait until the app's own threads have ended."""
        for thread in set(threading.enumerate()) - self._threads:
            thread.join(seconds)

    def compare(self, error: str, function: str) -> None:
        """Print whether the app has failed as it is on record."""
        found = [
            (each.proto.type.rpartition(".")[2], innermost(each.stack_trace))
            for each in self.at.exception
        ]
        found += [
            (type(each).__name__, innermost(traceback.format_tb(each.__traceback__)))
            for each in self.thread_errors
        ]
        recorded = f"{error} in {function}" if function else error
        if any(one == error and other == (function or other) for one, other in found):
            print(f"same error: {recorded}")
        elif found:
            now = ", ".join(f"{one} in {other}" for one, other in found)
            print(f"another error: {now}; on record is {recorded}")
        else:
            print(f"no error; on record is {recorded}")

    def _hear_thread(self, told: Any) -> None:
        self.thread_errors.append(told.exc_value)

    def _find(self, kind: str, label: str, key: str | None) -> Any:
        """Return the widget of that key; of that label where none has it."""
        drawn = list(self.at.get(kind))
        named = [each for each in drawn if label and label == label_of(each)]
        keyed = [each for each in drawn if key is not None and each.key == key]
        found = keyed or named or (drawn if not label and key is None else [])
        there = ", ".join(repr(each.key or label_of(each)) for each in drawn) or "none"
        failed = "".join(f"; the app has failed: {each.message}" for each in self.at.exception)
        assert found, f"no {kind} {label or key!r} is on the page; there is: {there}{failed}"
        widget = found[0]
        self._used.append(getattr(widget, "id", "") or widget.proto.id)
        return widget

    def _choose(self, widget: Any, to: Any) -> None:
        """Choose options; they are sent as the browser sends them, by what they are called."""
        wanted = to if isinstance(to, list | tuple) else [to]
        names = [called(widget, each) for each in wanted]
        sends_one = widget.type in ("radio", "selectbox")
        self._states[widget.id] = (
            {"string_value": names[0]} if sends_one else {"string_array_value": names}
        )

    def _press(self, kind: str, label: str, key: str | None) -> None:
        """Press what AppTest draws and cannot press."""
        for message in self._messages:
            name, drawn = shown_by(message)
            seen = getattr(drawn, "label", "") or getattr(drawn, "title", "")
            if name == kind and drawn.id and label == seen:
                self._used.append(drawn.id)
                self._states[drawn.id] = {"trigger_value": True}
                return
        raise AssertionError(f"no {kind} {label or key!r} is on the page")

    def _send_json(self, widget: str, value: Any) -> None:
        state = self.at._session_state._state._new_widget_state
        self._states[widget] = {state.widget_metadata[widget].value_type: json.dumps(value)}

    def _run(self, fragment: str = "", leaves: str = "") -> None:
        """Run the app, or a fragment of it alone."""
        self._fragment = fragment
        states = self._sent(leaves)
        self.at._tree.get_widget_states = lambda: states
        with self._patch.context() as patch:
            if fragment:
                data = functools.partial(self._runner.RerunData, fragment_id=fragment)
                patch.setattr(self._runner, "RerunData", data)
                patch.setattr(self._runner.ForwardMsgQueue, "clear", self._hearing_begin())
            self.at.run()
        self.at._page_hash = ""
        self._states, self._used = {}, []

    def _sent(self, leaves: str) -> Any:
        """Return what a browser sends; for another page only of what the entry script draws."""
        states = self.at._tree.get_widget_states()
        here = {
            id_in(each)
            for each in self._messages
            if leaves and each.metadata.active_script_hash == leaves
        }
        kept = [each for each in states.widgets if each.id not in here | self._states.keys()]
        del states.widgets[:]
        states.widgets.extend(kept)
        for widget, value in self._states.items():
            fill(states.widgets.add(id=widget), value)
        return states

    def _hearing_begin(self) -> Any:
        """Return what hears that a run begins: a fragment may have the whole app run behind it."""
        clear = self._runner.ForwardMsgQueue.clear

        def heard(queue: Any, *given: Any, **more: Any) -> None:
            if not more.get("fragment_ids_this_run"):
                self._fragment = ""
            clear(queue, *given, **more)

        return heard

    def _parsed(self, messages: list[Any]) -> Any:
        """Read what a run has drawn; of a fragment's run also what stands around it."""
        drawn = [each for each in messages if each.HasField("delta")]
        kept = self._messages if self._fragment else []
        around = [each for each in kept if each.delta.fragment_id != self._fragment]
        self._messages = around + drawn
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
