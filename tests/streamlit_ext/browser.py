"""What a browser sends to a script, for the widgets that AppTest cannot set.

AppTest's own runner does the rest: the app runs as it does behind a server.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

if TYPE_CHECKING:
    import pytest
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.testing.v1 import AppTest

VERSION = tuple(int(part) for part in streamlit.__version__.split(".")[:2])
VISITOR = "test session id"
"""Streamlit's id of the session of every AppTest."""


def state_of(app: AppTest) -> Any:
    """Return Streamlit's state of the app's session, which a wrapper hides in newer versions."""
    return getattr(app, "_session_state", app.session_state)._state


def send(app: AppTest, **sent: Any) -> AppTest:
    """Run the app with new states of widgets, by the end of each one's id.

    Args:
        app: It has run before, and has drawn the widgets.
        **sent: For each key a mapping of the field of the state to its value. Where Streamlit
            has changed the field from version to version, a value for each of them.
    """
    metadata = state_of(app)._new_widget_state.widget_metadata
    states = []
    for key, by_field in sent.items():
        found = [one for one in metadata if one.endswith(f"-{key}")][-1]  # where it is a new one
        field = metadata[found].value_type
        states.append(WidgetState(id=found, **{field: by_field[field]}))
    return app._run(WidgetStates(widgets=states))


def tick(app: AppTest, patch: pytest.MonkeyPatch, **sent: Any) -> AppTest:
    """Run the app's one fragment alone, as `run_every` and its widgets do; see ``send``."""
    (fragment,) = app._fragment_storage._fragments
    with patch.context() as patched:
        where = "streamlit.testing.v1.local_script_runner.RerunData"
        patched.setattr(where, partial(RerunData, fragment_id=fragment))
        return send(app, **sent)


def put(
    manager: MemoryUploadedFileManager, file_id: str, name: str, kind: str = "text/csv"
) -> None:
    """Bring a file to the server, as a browser does before it tells the script."""
    manager.add_file(VISITOR, UploadedFileRec(file_id, name, kind, b"12"))


def arrived(*files: tuple[str, str]) -> dict[str, Any]:
    """Return the state of a widget that has those files: id and name of each."""
    return {
        "uploaded_file_info": [
            {"file_id": file_id, "name": name, "size": 2} for file_id, name in files
        ]
    }
