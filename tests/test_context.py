"""Who a record belongs to."""

from __future__ import annotations

import re

from datatools_audit.context import Session, new_id


def test_new_id_is_eight_hex_digits() -> None:
    """An id is random, and of a fixed form."""
    ids = {new_id() for _ in range(100)}
    assert 100 == len(ids)
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in ids)


def test_session_begins_nowhere() -> None:
    """A session has an id of its own, no page, and no banner yet."""
    one, two = Session(), Session()
    assert (None, None, 0) == (one.page, one.opened, next(one.starts))
    assert one.id != two.id
    assert one != two
