"""Every private Streamlit name that we lean on, with the versions that have it.

Read in the sources of 1.45 to 1.67. A name that is missing makes its hook unavailable and
nothing else.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """A name in Streamlit: a module, and the path of attributes in it."""

    module: str
    path: str

    def find(self) -> tuple[Any, str]:
        """Return the object that owns the name, and the name.

        Raises:
            ImportError: There is no such module in this Streamlit.
            AttributeError: There is no such name.
        """
        owner: Any = importlib.import_module(f"streamlit.{self.module}")
        *parents, name = self.path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        getattr(owner, name)
        return owner, name

    def __str__(self) -> str:
        return f"streamlit.{self.module}.{self.path}"


# For each hook the sets of places that can serve it, the best first; a set serves when all
# of its places exist.
PLACES: Mapping[str, tuple[tuple[Place, ...], ...]] = {
    "errors": (
        # >= 1.58; called through the module's globals, callbacks and fragments included.
        (Place("error_util", "invoke_script_error_handler"),),
        # < 1.58; imported by name into both callers.
        (
            Place("runtime.scriptrunner.exec_code", "handle_uncaught_app_exception"),
            Place("runtime.fragment", "handle_uncaught_app_exception"),
        ),
    ),
    "uploads": (
        (Place("runtime.memory_uploaded_file_manager", "MemoryUploadedFileManager.add_file"),),
    ),
    "sessions": ((Place("runtime.app_session", "AppSession.shutdown"),),),
}


def run_context() -> Any | None:
    """Return the context of the script run on this thread, or None outside of one."""
    return get_script_run_ctx(suppress_warning=True)


def is_reported_elsewhere(exc: BaseException) -> bool:
    """Tell whether Streamlit raises this only to say that an error was handled already."""
    return type(exc).__name__ == "FragmentHandledException"


def can_defer_downloads() -> bool:
    """Tell whether ``st.download_button`` takes a callable that makes the data (>= 1.52)."""
    major, minor = streamlit.__version__.split(".")[:2]
    return (int(major), int(minor)) >= (1, 52)
