"""What a server still remembers of those who have left, told by the server itself."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

from streamlit.runtime.app_session import AppSession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.context import Session


def census(sessions: Iterable[Session] = ()) -> str:
    """Return as JSON the ids of our sessions, and how many Streamlit has in memory.

    Who asks is a session too, and so is who asked last, until Streamlit forgets it.

    Args:
        sessions: The recorder's; none where the app has no recorder.
    """
    gc.collect()
    ours = [session.id for session in sessions]
    theirs = sum(isinstance(thing, AppSession) for thing in gc.get_objects())
    return json.dumps({"ours": ours, "theirs": theirs})
