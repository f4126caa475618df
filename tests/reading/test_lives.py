"""Which processes run no more, and which came after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from datatools_audit.reading.lives import Lives
from tests.reading.recorded import Recording, told

if TYPE_CHECKING:
    from tests.reading.recorded import Record

RESTARTED = "the app was restarted"


def banner(process: Recording, app: str = "Shop") -> Record:
    return process("session", "Session started", app=app)


def lives(*records: Record) -> Lives:
    found = Lives()
    for record in records:
        found.note(record)
    return found


def test_lives_a_process_that_is_followed_by_another_is_dead() -> None:
    """Its last record lies before the first of the next process of the same app."""
    old, new, other = Recording("1"), Recording("2", 60), Recording("3", 90)
    records = [banner(old), old.click("Go"), banner(new), banner(other, "Other")]
    found = lives(*records)
    assert ({"1"}, {"2"}) == (found.dead(), found.restarts())
    assert ({"1"}, {"2"}) == (lives(*records[::-1]).dead(), lives(*records[::-1]).restarts())


def test_lives_a_process_whose_death_is_told_is_dead() -> None:
    """Also one of which nothing else is known; it makes nobody a restart."""
    new = Recording("2")
    found = lives(banner(new), new("audit", "recovered …", died_proc="1", died_at=None))
    assert ({"1"}, set()) == (found.dead(), found.restarts())


def test_lives_begin_with_the_first_number_not_with_the_earliest_time() -> None:
    """A clock that is set back in the new process does not bring the old one back to life."""
    old, new = Recording("1"), Recording("2", 60)
    records = [banner(old), old.click("Go"), banner(new), new.click("Next", after_seconds=-3600)]
    assert {"1"} == lives(*records).dead() == lives(*records[::-1]).dead()
    assert RESTARTED in told(*records)


@pytest.mark.parametrize("procs", ["12", "21"])
def test_lives_that_meet_in_one_moment_may_be_side_by_side(procs: str) -> None:
    """Whatever the processes are called, an equal time says nothing of who was first."""
    first, second = map(Recording, procs)
    records = [banner(first), banner(second)]
    assert not lives(*records).dead()
    assert RESTARTED not in told(*records)


def test_lives_of_an_app_without_a_name_tell_nothing_of_each_other() -> None:
    """What has no name may be two apps; nor is there a process without an id."""
    first, second = Recording("1"), Recording("2", 60)
    records = [banner(first, ""), banner(second, "")]
    assert not lives(*records).dead()
    assert RESTARTED not in told(*records)
    nobody = [banner(Recording("")), banner(Recording("3", 60))]
    assert not lives(*nobody).dead()
