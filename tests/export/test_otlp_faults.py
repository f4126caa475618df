"""Whatever the other side or the disk does, the log has all, and what is exported is counted."""

from __future__ import annotations

import socket
import threading
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from requests.adapters import HTTPAdapter

from datatools_audit import audit_action, audit_stats, flush_audit_log, log_event
from datatools_audit.export import outbox
from datatools_audit.export.otlp.answers import Answers
from datatools_audit.reading.catalogue import kind_of
from datatools_audit.recorder import recorder
from tests.export.otlp import (
    LIMIT,
    arrived,
    export,
    hang,
    in_the_log,
    record,
    run,
    steps,
    sums,
    unavailable,
)
from tests.export.receiver import Receiver, answer, until
from tests.helpers import written_records

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


def reset(request: BaseHTTPRequestHandler) -> bool:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    request.connection.close()
    request.close_connection = True
    return True


def half(request: BaseHTTPRequestHandler) -> bool:
    """Cut the answer in its first line."""
    request.wfile.write(b"HTTP/1.1 2")
    request.close_connection = True
    return True


@pytest.mark.parametrize("fault", [unavailable, reset, half])
@pytest.mark.parametrize("times", [4, 7])
def test_otlp_tries_again_until_it_is_taken(fault: Any, times: int, receiver: Receiver) -> None:
    """Nothing is lost over an outage of several attempts, and the log has all meanwhile."""
    receiver.faults = [fault] * times
    export()
    record(1, 20)
    assert flush_audit_log(LIMIT)
    assert steps(1, 20) == in_the_log()
    until(lambda: audit_stats().exported >= 20 and not audit_stats().export_waiting)
    assert times == receiver.injected
    assert steps(1, 20) == arrived(receiver)
    assert (len(receiver.messages()), 0, 0, 0) == sums()


@pytest.mark.parametrize("headers", ["Content-Length: 100", "Content-Encoding: gzip"])
def test_otlp_what_is_answered_is_not_sent_again(headers: str, receiver: Receiver) -> None:
    """The status is an answer, though its body breaks off or cannot be read, as ever."""

    def broken(request: BaseHTTPRequestHandler) -> bool:
        request.wfile.write(f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\nnot a hund".encode())
        request.close_connection = True
        return True

    receiver.after = broken
    export()
    record(1, 3)
    until(lambda: audit_stats().exported == 3)
    assert steps(1, 3) == receiver.messages()
    assert (3, 0, 0, 0) == sums()


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [
        ("", 0, 0),
        ("0", 0, 0),
        ("7", 7, 7),
        ("999999", 300, 300),
        ("soon", 0, 0),
        ("a moment to come", 100, 200),
        ("a moment gone by", 0, 0),
    ],
)
def test_otlp_wait_that_is_asked_for(
    after: str, least: float, most: float, receiver: Receiver
) -> None:
    """In seconds or as a moment, and no longer than five minutes."""
    moments = {"a moment to come": time.time() + 200, "a moment gone by": 0.0}
    if after in moments:
        after = formatdate(moments[after], usegmt=True)
    receiver.faults = [lambda request: answer(request, 429, Retry_After=after)]
    with Answers() as answers:
        answers.post(f"{receiver.address}/v1/logs", data=b"", timeout=LIMIT)
    assert least <= answers.retry_after <= most


def test_otlp_outage_is_told_once_and_its_end(
    receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    """The log says when the other side was away, and from when on it was there again."""
    receiver.faults = [lambda request: answer(request, 503, Retry_After="60")] * 2
    export()
    record(1, 3)
    until(lambda: receiver.injected)
    until(lambda: audit_stats().export_error)
    (told,) = [each for each in written_records() if each["category"] == "audit"]
    assert "records cannot be exported: HTTP 503" == told["message"]
    assert "export" == kind_of(told).name
    assert 1 == capfd.readouterr().err.count("cannot be exported: HTTP 503")


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500])
def test_otlp_what_is_refused_is_counted_and_not_sent_again(
    status: int, receiver: Receiver
) -> None:
    """The protocol allows no second attempt after these, and a login page is no success."""
    receiver.faults = [lambda request: answer(request, status, Location="/login")]
    export()
    record(1, 10)
    until(lambda: audit_stats().export_refused)
    record(11, 12)
    until(lambda: steps(11, 12) == arrived(receiver)[-2:] and not audit_stats().export_waiting)
    gone = 12 - len(arrived(receiver))
    assert (len(receiver.messages()), gone, 0, 0) == sums()
    assert (1, True) == (receiver.injected, gone > 0)
    assert f"HTTP {status}" == audit_stats().export_error
    assert steps(1, 12) == in_the_log()


@pytest.mark.parametrize("reject", [1, 10_000])
def test_otlp_part_of_a_request_that_is_refused_is_counted(reject: int, receiver: Receiver) -> None:
    """Also by one who cannot count: no more than was sent, and what comes after is taken."""
    receiver.reject = reject
    export()
    record(1, 3)
    until(lambda: audit_stats().export_refused)
    receiver.reject = 0
    record(4, 5)
    until(lambda: arrived(receiver) == steps(1, 5) and not audit_stats().export_waiting)
    exported, refused, dropped, _ = sums()
    assert (len(receiver.messages()), 0) == (exported + refused, dropped)
    assert "too old" == audit_stats().export_error


def test_otlp_why_it_is_refused_is_one_plain_line(
    receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    """What another system says moves no cursor, makes no line of ours and gives nothing away."""
    receiver.reject = 1
    receiver.why = "\x1b[2Jno\n[audit] all is well\u202e postgres://rosa:hunter2@db/x" + "y" * 9_999
    export()
    record(1, 3)
    until(lambda: audit_stats().export_refused)
    said = str(audit_stats().export_error)
    assert (True, True) == (said.isprintable(), len(said) <= 300)
    assert "hunter2" not in said + capfd.readouterr().err
    assert not [line for line in map(str, written_records()) if "hunter2" in line]


def test_otlp_endpoint_that_hangs_costs_the_log_nothing(receiver: Receiver) -> None:
    """The log is written meanwhile; what does not fit the outbox is counted; nothing blocks."""
    receiver.faults = [hang(receiver)] * 50
    export(queue_events=100)
    record(1, 50)
    assert flush_audit_log(LIMIT)
    until(lambda: receiver.injected)
    for begin in range(51, 351, 50):
        record(begin, begin + 49)
        assert flush_audit_log(LIMIT)
    assert steps(1, 350) == in_the_log()
    exported, refused, dropped, waiting = sums()
    assert (0, 0, 100) == (exported, refused, waiting)
    assert 0 == audit_stats().dropped
    receiver.faults = []
    receiver.let_go.set()
    until(lambda: not audit_stats().export_waiting)
    exported, refused, now_dropped, _ = sums()
    assert (0, True) == (refused, now_dropped >= dropped)
    assert exported == len(set(receiver.messages())) >= 100
    assert set(steps(302, 350)) <= set(receiver.messages())  # the oldest make room


def test_otlp_nobody_listens(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is said once, and the log is whole."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_SECONDS", 0.01)
    export()
    record(1, 5)
    until(lambda: audit_stats().export_error)
    record(6, 6)
    assert flush_audit_log(LIMIT)
    assert steps(1, 6) == in_the_log()
    assert (0, 0, 0, 7) == sums()
    assert 1 == capfd.readouterr().err.count("records cannot be exported: no answer")
    assert [] == [each for each in caplog.records if each.name.startswith("opentelemetry")]


def test_otlp_address_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A forgotten `http://` is what happens most; a password in it stays here."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://rosa:hunter2@collector:4318")
    export()
    record(1, 1)
    until(lambda: audit_stats().export_error)
    said = str(audit_stats().export_error)
    assert "No connection adapters were found" in said
    assert "hunter2" not in said + capfd.readouterr().err
    assert not [line for line in map(str, written_records()) if "hunter2" in line]


def test_otlp_header_that_is_none_is_told_without_it(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A token that was read with the end of its line stays here."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%0As3cr3t")
    export()
    record(1, 1)
    until(lambda: audit_stats().export_error)
    assert "no answer (InvalidHeader)" == audit_stats().export_error
    assert "s3cr3t" not in capfd.readouterr().err
    assert not [line for line in map(str, written_records()) if "s3cr3t" in line]


def test_otlp_certificate_is_the_sdks(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for everything in the machine's environment is weaker than what is set for it."""
    seen: list[object] = []
    send = HTTPAdapter.send

    def spy(*args: Any, **named: Any) -> Any:
        seen.append(named["verify"])
        return send(*args, **named)

    monkeypatch.setattr(HTTPAdapter, "send", spy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/machine.pem")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "/mine.pem")
    export()
    record(1, 1)
    until(lambda: audit_stats().exported == 1)
    assert ["/mine.pem"] == seen


@pytest.mark.parametrize("how", ["hang", "unavailable", "missing"])
def test_otlp_spans_that_cannot_be_sent_hold_up_no_record(how: str, receiver: Receiver) -> None:
    """Many a system takes logs only: spans wait, or are refused, on a way of their own."""
    receiver.span_fault = {
        "hang": hang(receiver),
        "unavailable": lambda request: answer(request, 503),
        "missing": lambda request: answer(request, 404),
    }[how]
    export(queue_events=200)
    for number in range(1, 31):
        with audit_action("load"):
            record(number, number)
        assert flush_audit_log(LIMIT)
        until(lambda n=number: len(arrived(receiver)) == n)
    until(lambda: audit_stats().exported >= 90 and audit_stats().export_spans["offered"] == 30)
    spans = audit_stats().export_spans
    assert (0, 0, 30) == (spans["sent"], spans["dropped"], spans["refused"] + spans["waiting"])
    until(lambda: how != "missing" or spans_are_refused(receiver))


def spans_are_refused(receiver: Receiver) -> bool:
    return "spans are refused where they are exported to: HTTP 404" in receiver.messages()


def test_otlp_what_is_too_large_goes_in_pieces(receiver: Receiver) -> None:
    """A proxy with a limit of its own loses nothing, and what alone is too large is counted."""
    most = 20_000
    taken: list[int] = []

    def limited(request: BaseHTTPRequestHandler) -> bool:
        size = int(request.headers["Content-Length"])
        taken.append(size)
        return size > most and answer(request, 413)

    receiver.faults = [limited] * 1_000
    export()
    for number in range(1, 101):
        log_event("step", f"step {number}", text="x" * 1_000)
    for letters in "abcd":
        log_event("big", "big", **{f"{letters}{n}": "x" * 6_000 for n in range(4)})
    until(lambda: not audit_stats().export_waiting and audit_stats().export_offered >= 105)
    assert sorted(steps(1, 100)) == sorted(arrived(receiver))
    assert "big" not in receiver.messages()
    assert (len(receiver.messages()), 4, 0, 0) == sums()


@pytest.mark.parametrize("ts", ["1969-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "?"])
def test_otlp_time_that_cannot_be_told_holds_nothing_up(ts: str, receiver: Receiver) -> None:
    """A machine's clock may be anything; such a record has the time at which it was seen."""
    export()
    line = {"ts": ts, "level": "odd", "category": "step", "message": "step 1"}
    recorder.exporter.offer([orjson.dumps(line), b"no record", orjson.dumps([1])])
    record(2, 2)
    until(lambda: arrived(receiver) == steps(1, 2))
    assert 2 == audit_stats().export_refused
    assert (0, 0) == (receiver.records[0].time_unix_nano, receiver.records[0].severity_number)


def test_otlp_is_told_while_a_disk_is_full(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk refuses arrives elsewhere, and once; also what comes while it refuses."""
    refused = threading.Event()

    def refuse(*_: object) -> int:
        refused.set()
        raise OSError(28, "No space left on device")

    export()
    with monkeypatch.context() as patch:
        patch.setattr(recorder.writer.sink, "append", refuse)
        record(1, 5)
        assert refused.wait(LIMIT)
        until(lambda: arrived(receiver) == steps(1, 5))
        record(6, 500)
        until(lambda: arrived(receiver) == steps(1, 500))
    assert flush_audit_log(LIMIT)
    assert steps(1, 500) == in_the_log()
    record(501, 501)
    until(lambda: len(receiver.messages()) == 502)  # the outage has a record too
    assert steps(1, 501) == arrived(receiver)


def test_otlp_process_ends_though_the_endpoint_hangs(receiver: Receiver) -> None:
    """Within the two seconds that the log has for it; the log is whole."""
    receiver.faults = [hang(receiver)] * 9
    done = run("log_event('step', 'step 1'); flush_audit_log(30); time.sleep(1)")
    assert receiver.injected
    assert ["step 1"] == in_the_log()
    assert "records and 0 spans could not be exported in time" in done.stderr
