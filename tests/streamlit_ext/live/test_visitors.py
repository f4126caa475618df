"""Many visitors at once on a live server: nobody's record is somebody else's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from streamlit import config

pytest.importorskip("websockets", reason="this Streamlit has another server")

from benchmarks.streamlit.visitors import (
    INSTRUMENTED,
    Crowd,
    account,
    came_and_went,
    records_in,
)

if TYPE_CHECKING:
    from benchmarks.streamlit.visitors import Account, Left

CROWD = Crowd(waves=1, visitors=12, rounds=5)


class Visit(NamedTuple):
    """What was found when all had left."""

    left: Left
    records: list[dict[str, Any]]
    account: Account


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Let the visitors come and go."""
    if "server.disconnectedSessionTTL" not in config.get_config_options():
        pytest.skip("this Streamlit remembers those who left for two minutes")
    logs = tmp_path_factory.mktemp("visitors")
    (left,) = came_and_went(INSTRUMENTED, CROWD, logs)
    records = records_in(logs)
    return Visit(left, records, account(CROWD, records))


def test_visitors_have_their_own_records(visit: Visit) -> None:
    """Each click, each text and each event of the app's own is its visitor's, and is there once."""
    found = visit.account
    assert (12 * (1 + 5 * 3), 0, 0, 0) == (found.expected, found.wrong, found.missing, found.more)


def test_visitors_have_a_session_each(visit: Visit) -> None:
    """As many sessions as visitors."""
    assert 12 == len(set(visit.account.sessions.values()))


def test_visitors_who_left_are_forgotten(visit: Visit) -> None:
    """When Streamlit has forgotten them, so have we, and the log tells their end once."""
    gone = set(visit.account.sessions.values())
    assert set() == visit.left.ours & gone
    ends = Counter(r["session"] for r in visit.records if r["message"] == "Session ended")
    assert dict.fromkeys(gone, 1) == {session: ends[session] for session in gone}
