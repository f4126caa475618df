"""A visitor without a browser: Streamlit's own protocol over a websocket.

A browser sends the state of every widget with each rerun, and so does a visitor; a button is
in it only when it was clicked. Read in the sources of 1.67 (`BackMsg`, `ForwardMsg`).
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection


class AppError(Exception):
    """The app has shown an exception."""


class Visitor:
    """One browser session, seen from the browser.

    Args:
        connection: To the server, open.
        query: The page's query string, without the question mark.

    Attributes:
        texts: What `st.text` has shown in the last run.
        messages: How many messages the server has sent in the last run.
    """

    def __init__(self, connection: ClientConnection, query: str = "") -> None:
        self._connection = connection
        self._query = query
        self._ids: dict[str, str] = {}
        self._states: dict[str, WidgetState] = {}
        self.texts: list[str] = []
        self.messages = 0

    @property
    def keys(self) -> list[str]:
        """The keys of all widgets seen so far, in their order."""
        return list(self._ids)

    async def click(self, key: str) -> None:
        """Click a button, and wait until the run that it causes is over."""
        await self.run(WidgetState(id=self._ids[key], trigger_value=True))

    async def type(self, key: str, text: str) -> None:
        """Put a text into a text input, and wait until the run is over."""
        self._states[self._ids[key]].string_value = text
        await self.run()

    async def check(self, key: str) -> None:
        """Change a checkbox, and wait until the run is over."""
        state = self._states[self._ids[key]]
        state.bool_value = not state.bool_value
        await self.run()

    async def run(self, *clicked: WidgetState) -> None:
        """Ask for a run of the script and wait for its end.

        Raises:
            AppError: The app has shown an exception.
        """
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.widget_states.widgets.extend([*self._states.values(), *clicked])
        self.texts, self.messages = [], 0
        await self._connection.send(message.SerializeToString())
        while not self._is_end(ForwardMsg.FromString(await self._received())):
            self.messages += 1

    async def _received(self) -> bytes:
        received = await self._connection.recv()
        assert isinstance(received, bytes)
        return received

    def _is_end(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.HasField("new_element"):
            self._see(message.delta.new_element)
        # A run that was interrupted by the next one is told too, and is not the end.
        return kind == "script_finished" and message.script_finished == 0

    def _see(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        proto = getattr(element, kind)
        if kind == "exception":
            raise AppError(f"{proto.type}: {proto.message}\n" + "\n".join(proto.stack_trace))
        if kind == "text":
            self.texts.append(proto.body)
        widget_id = getattr(proto, "id", "")
        if widget_id and widget_id not in self._states:
            _, _, key = widget_id.split("-", 2)  # $$ID-<hash>-<key>
            self._ids[key] = widget_id
            state = _first_state(kind, proto)
            if state is not None:
                self._states[widget_id] = state


def _first_state(kind: str, proto: Any) -> WidgetState | None:
    """Return what a browser sends of a widget that nobody has touched."""
    state = WidgetState(id=proto.id)
    if kind == "checkbox":
        state.bool_value = proto.default
    elif kind == "number_input":
        state.double_value = proto.default
    elif kind in ("text_input", "text_area"):
        state.string_value = proto.default
    elif kind in ("selectbox", "radio"):
        state.string_value = proto.options[proto.default]
    elif kind == "slider":
        state.double_array_value.data[:] = proto.default
    elif kind == "multiselect":
        state.string_array_value.data[:] = [proto.options[n] for n in proto.default]
    else:
        return None
    return state


@asynccontextmanager
async def visit(address: str, query: str = "") -> AsyncIterator[Visitor]:
    """Open the page as a new visitor would, and leave it at the end.

    Args:
        address: The server's, `http://127.0.0.1:8501`.
        query: The page's query string, without the question mark.
    """
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(stream, compression=None, max_size=None, proxy=None) as connection:
        visitor = Visitor(connection, query)
        await visitor.run()
        yield visitor
