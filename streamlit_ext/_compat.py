"""Every private Streamlit name that we lean on, with the versions that have it.

Read in the sources of 1.45 to 1.67. A name that is missing makes its hook unavailable and
nothing else.
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """A name in Streamlit or in the standard library: a module, and the way to it from there."""

    module: str
    path: str

    def find(self) -> tuple[Any, str]:
        """Return the object that owns the name, and the name.

        Raises:
            ImportError: There is no such module in this Streamlit.
            AttributeError: There is no such name, or it is the parent class's.
        """
        owner: Any = importlib.import_module(self.module)
        *parents, name = self.path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        if name not in vars(owner):
            raise AttributeError(f"{self} is not there")
        return owner, name

    def __str__(self) -> str:
        return f"{self.module}.{self.path}"


def _in(module: str, path: str) -> Place:
    return Place(f"streamlit.{module}", path)


# Both are called once for each file that is served, and have the request.
_STARLETTE_ANSWER = _in("web.server.starlette.starlette_routes", "_set_cors_headers")
_TORNADO_ANSWER = _in("web.server.media_file_handler", "MediaFileHandler.set_extra_headers")

# For each hook the sets of places that can serve it, the best first; a set serves when all
# of its places exist.
PLACES: Mapping[str, tuple[tuple[Place, ...], ...]] = {
    "sessions": ((_in("runtime.app_session", "AppSession.shutdown"),),),
    "connections": (
        (_in("runtime.websocket_session_manager", "WebsocketSessionManager.connect_session"),),
    ),
    "disconnections": (
        (_in("runtime.websocket_session_manager", "WebsocketSessionManager.disconnect_session"),),
    ),
    "runs": ((_in("runtime.scriptrunner.script_runner", "ScriptRunner.__init__"),),),
    "pages": ((_in("navigation.page", "StreamlitPage.run"),),),
    # A `pages` folder; before 1.5x its pages do not run through the place above.
    "page files": (
        (_in("runtime.scriptrunner_utils.script_run_context", "ScriptRunContext.set_mpa_v2_page"),),
    ),
    "elements": ((_in("delta_generator", "DeltaGenerator._enqueue"),),),
    # Tabs, expanders, popovers and dialogs; what they hold comes through the place above.
    "containers": ((_in("delta_generator", "DeltaGenerator._block"),),),
    "widgets": ((_in("runtime.state.session_state", "SessionState._widget_changed"),),),
    "uploads": (
        (_in("runtime.memory_uploaded_file_manager", "MemoryUploadedFileManager.add_file"),),
    ),
    "removals": (
        (_in("runtime.memory_uploaded_file_manager", "MemoryUploadedFileManager.remove_file"),),
    ),
    # Streamlit's server is starlette's since 1.58, tornado's before 1.54, either in between.
    "downloads": ((_STARLETTE_ANSWER, _TORNADO_ANSWER), (_STARLETTE_ANSWER,), (_TORNADO_ANSWER,)),
    # >= 1.52: a download whose data is made when it is asked for.
    "deferred downloads": (
        (_in("runtime.media_file_manager", "MediaFileManager.execute_deferred"),),
    ),
    "errors": (
        # >= 1.58; called through the module's globals, callbacks and fragments included.
        (_in("error_util", "invoke_script_error_handler"),),
        # < 1.58; imported by name into both callers.
        (
            _in("runtime.scriptrunner.exec_code", "handle_uncaught_app_exception"),
            _in("runtime.fragment", "handle_uncaught_app_exception"),
        ),
    ),
    "threads": ((Place("threading", "excepthook"),),),
}


def run_context() -> Any | None:
    """Return the context of the script run on this thread, or None outside of one."""
    return get_script_run_ctx(suppress_warning=True)


def kind_of(delta: str, proto: Any) -> str:
    """Return the command that draws such an element: some share one."""
    if delta == "button" and proto.is_form_submitter:
        return "form_submit_button"
    if delta == "button_group":
        return {0: "segmented_control", 1: "pills"}.get(proto.style, "feedback")
    if delta in ("dataframe", "arrow_data_frame"):
        return "data_editor" if getattr(proto, "editing_mode", 0) else "dataframe"
    if delta in _SHARED:  # elsewhere a type is something else, as a list of endings
        return _SHARED[delta].get(proto.type, delta)
    return _RENAMED.get(delta, delta)


_SHARED = {"checkbox": {1: "toggle"}, "slider": {2: "select_slider"}}
_RENAMED = {
    "arrow_vega_lite_chart": "vega_lite_chart",
    "bidi_component": "component",
    "component_instance": "component",
    "date_time_input": "datetime_input",
    "expandable": "expander",
    "tab_container": "tabs",
    "deck_gl_json_chart": "pydeck_chart",
}


def component_name(proto: Any) -> str:
    """Return how the app has called a component, without its module; empty of all else."""
    return getattr(proto, "component_name", "").rpartition(".")[2]


def is_trigger(state: Any, widget_id: str) -> bool:
    """Tell whether the widget only says that something was done, as a button does."""
    metadata = _part(state, "_new_widget_state", "widget_metadata").get(widget_id)
    value_type = str(getattr(metadata, "value_type", ""))
    return "trigger" in value_type or value_type == "chat_input_value"


def is_unknown_to(state: Any, widget_id: str) -> bool:
    """Tell whether Streamlit knows no earlier value of a widget."""
    return widget_id not in _part(state, "_old_state")


def is_first_value(state: Any, widget_id: str) -> bool:
    """Tell whether a widget of which no earlier value is known has what it began with.

    Asked of values of Python's own types only: no method of an app's class runs.
    """
    metadata = _part(state, "_new_widget_state", "widget_metadata").get(widget_id)
    new = _part(state, "_new_widget_state").get(widget_id)
    if metadata is None or type(new) not in _PLAIN_VALUES or not is_unknown_to(state, widget_id):
        return False
    try:
        first = metadata.deserializer(None)
    except TypeError:  # < 1.4x takes the id too
        first = metadata.deserializer(None, widget_id)
    return type(first) is type(new) and bool(first == new)


_PLAIN_VALUES = (bool, int, float, str)


def is_chosen(page: Any) -> bool:
    """Tell whether ``st.navigation`` has chosen that page: only then can it run."""
    return bool(getattr(page, "_can_be_called", True))


def values_of(state: Any, widget_id: str) -> tuple[object, object]:
    """Return what a widget's value was and what it is, None where there is none."""
    old, new = _part(state, "_old_state"), _part(state, "_new_widget_state")
    return old.get(widget_id), new.get(widget_id)


def widget_key(state: Any, widget_id: str) -> str | None:
    """Return the key that the app has given a widget, or None."""
    key = _part(state, "_key_id_mapper", "id_key_mapping").get(drawn_id(widget_id))
    return key if isinstance(key, str) else None


def key_in(widget_id: str) -> str | None:
    """Return the key that is part of a drawn widget's id, or None."""
    key = widget_id.split("-", maxsplit=2)[-1]
    return None if key == "None" else key


def drawn_id(widget_id: str) -> str:
    """Return the id under which a widget is drawn: a component has a second for its events."""
    return widget_id.removeprefix(_EVENTS[0]).removesuffix(_EVENTS[1])


_EVENTS = ("$$STREAMLIT_INTERNAL_KEY_", "__events")


def _part(state: Any, *names: str) -> Any:
    """Return a part of the session's state; nothing where this Streamlit has no such name.

    A record without one of its fields is better than none.
    """
    for name in names:
        state = getattr(state, name, {})
    return state


def download_source(proto: Any) -> str:
    """Return what a download is fetched by: the id of its file, or of its maker."""
    return getattr(proto, "deferred_file_id", "") or source_of(proto.url)


def is_told_by_click(proto: Any) -> bool:
    """Tell whether a click on a download is told to the server and brings the file.

    One that is made when it is asked for may fail before or after its click is told.
    """
    return not (proto.ignore_rerun or getattr(proto, "deferred_file_id", ""))


def saved_file(asked: Any) -> str | None:
    """Return the id of the file that a browser has come for to save it, or None.

    Streamlit's page itself fetches each file that it offers, to see whether it is there. Over
    plain http, but from this very machine, a browser does not say what it is about; a fetch
    takes anything then, and who follows a link does not say so.

    Args:
        asked: The request, or what handles it.
    """
    request = getattr(asked, "request", asked)
    follows = "cors" if request.headers.get("Accept") == "*/*" else "navigate"
    if request.method != "GET" or request.headers.get("Sec-Fetch-Mode", follows) != "navigate":
        return None
    return source_of(getattr(request, "path", "") or request.url.path)


def source_of(address: str) -> str:
    """Return the id of a file in its address, or in the name that it is asked for by."""
    return address.rpartition("/")[2].partition(".")[0]


def download_file(source: str) -> dict[str, object]:
    """Return name, size and type of what a button offers, as far as they are known."""
    manager: Any = get_instance().media_file_mgr
    made = manager._storage._files_by_id.get(source)
    if made is not None:
        return {"filename": made.filename, "bytes": len(made.content), "type": made.mimetype}
    promised = getattr(manager, "_deferred_callables", {}).get(source, {})
    return {"filename": promised.get("filename"), "type": promised.get("mimetype")}


def present_runner() -> Any | None:
    """Return Streamlit's runner of the script on this thread, or None."""
    runner = getattr(getattr(threading.current_thread(), "_target", None), "__self__", None)
    return runner if hasattr(runner, "on_event") else None


def drawn_fragments() -> set[str]:
    """Return the ids of the fragments that this thread's run has drawn so far."""
    drawn = getattr(run_context(), "new_fragment_ids", ())
    return set(drawn.snapshot() if hasattr(drawn, "snapshot") else drawn)


def visitor_info(context: Any) -> dict[str, Any]:
    """Return what Streamlit knows of who has signed in; empty where nobody has."""
    return dict(context.user_info or {})


def page_function(page: Any) -> object:
    """Return the function of a page of ``st.navigation``; the path of one that is a file."""
    return page._page


def has_pages_folder(context: Any) -> bool:
    """Tell whether the app's pages are the files of a ``pages`` folder."""
    return bool(getattr(context.pages_manager, "uses_pages_directory", False))


def folder_page(context: Any, page_hash: str) -> str | None:
    """Return the name of a page of a ``pages`` folder; None where ``st.navigation`` is used."""
    if not has_pages_folder(context):
        return None
    page = context.pages_manager.get_pages().get(page_hash) or {}
    # The entry page has no name in its address; its `page_name` is the title, with blanks, or not.
    return str(page.get("url_pathname") or "") or Path(page.get("script_path") or "").stem or None


def is_entry_page(context: Any, page_hash: str) -> bool:
    """Tell whether that page is the entry script itself."""
    page = context.pages_manager.get_pages().get(page_hash) or {}
    entry = Path(context.pages_manager.main_script_path)
    return Path(page.get("script_path") or entry).resolve() == entry.resolve()


def page_names(page: Any) -> tuple[str, str]:
    """Return a page's name in its address, also that of the default page, and its title."""
    return str(page._url_path or page.title), str(page.title)


def is_reported_elsewhere(exc: BaseException) -> bool:
    """Tell whether Streamlit raises this only to say that an error was handled already."""
    return type(exc).__name__ == "FragmentHandledException"


def can_defer_downloads() -> bool:
    """Tell whether ``st.download_button`` takes a callable that makes the data (>= 1.52)."""
    major, minor = streamlit.__version__.split(".")[:2]
    return (int(major), int(minor)) >= (1, 52)
