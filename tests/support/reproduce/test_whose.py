"""Tests of whose an error of a thread is."""

from __future__ import annotations

from datatools_audit.support.reproduce.whose import is_of_a_person, with_thread_error
from tests.reading.recorded import Recording


def test_whose_error_is_that_of_who_did_something_last() -> None:
    """Of the sessions of that process, not of what came behind it, nor of another process."""
    record, elsewhere = Recording(), Recording("00000000")
    one = [record.click("A", session="one")]
    other = [record.click("B", session="other")]
    far = [elsewhere.click("D", session="far") for _ in range(3)]
    error = {**record.error(session="process", support_code="E-1"), "message": "In thread w: no"}
    one.append(record.click("C", session="one"))
    assert [*other, error] == with_thread_error([error], [one, other, far], "E-1")
    assert [*other, error] == with_thread_error([error], [one, other, far])


def test_whose_error_is_nobodys_where_it_is_no_threads() -> None:
    """Nor where nobody did anything before."""
    record = Recording()
    click, error = record.click("A"), record.error()
    thread = {**record.error(), "message": "In thread w: no"}
    assert None is with_thread_error([error], [[click]])
    assert None is with_thread_error([thread], [])
    assert None is with_thread_error([thread], [[record.click("behind")]])


def test_whose_records_are_a_persons() -> None:
    """A process has errors and events, and does not click."""
    record = Recording()
    assert is_of_a_person([record.error(), record.click("A")])
    assert not is_of_a_person([record.error()])
