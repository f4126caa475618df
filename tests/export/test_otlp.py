"""OpenTelemetry gets each record once, in its own terms, and the log has it too."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import socket
import threading

import orjson
import pytest
from opentelemetry.semconv._incubating import attributes
from streamlit.testing.v1 import AppTest

from datatools_audit import (
    AuditConfig,
    AuditHandler,
    ConfigError,
    audit_action,
    audit_stats,
    configure,
    flush_audit_log,
    log_event,
    log_exception,
)
from datatools_audit.export import mapping, outbox
from datatools_audit.recorder import recorder
from tests.export.otlp import (
    LIMIT,
    export,
    in_the_log,
    record,
    run,
    steps,
    sums,
    unavailable,
)
from tests.export.receiver import Receiver, until, values
from tests.helpers import written_records
from tests.streamlit_ext.conftest import originals

__all__ = ["originals"]


def test_otlp_has_each_record_once_and_in_order(receiver: Receiver) -> None:
    """More than one request can hold; the log has the same."""
    export()
    record(1, 1_200)
    assert flush_audit_log(LIMIT)
    until(lambda: audit_stats().exported == 1_200)
    assert steps(1, 1_200) == receiver.messages() == in_the_log()
    assert (1_200, 0, 0, 0) == sums()
    assert len(receiver.requests) >= 3


def test_otlp_is_never_on_by_its_variables_alone(receiver: Receiver) -> None:
    """They say where, once it is on."""
    record(1, 3)
    assert flush_audit_log(LIMIT)
    assert recorder.exporter._records is None
    assert (0, 0, 0, 0) == sums()
    assert [] == receiver.requests


def test_otlp_by_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """`DATATOOLS_AUDIT_EXPORT` turns it on where the code configures nothing."""
    monkeypatch.setenv("DATATOOLS_AUDIT_EXPORT", "otlp")
    record(1, 1)
    until(lambda: receiver.messages() == ["step 1"])


def test_otlp_unknown_export_is_refused() -> None:
    """The message says what there is."""
    with pytest.raises(ConfigError, match="export must be 'otlp' or ''"):
        AuditConfig(export="kafka")


def test_otlp_terms_of_a_record(receiver: Receiver) -> None:
    """Each field is where the data model or the conventions have it, else under our prefix."""
    recorder.app = ("Shop", "2.1")
    export()
    log_event(
        "upload", "Read it", page="start", filename="a.csv", bytes=12, rows={"a": 1}, big=1 << 70
    )
    try:
        raise ValueError("bad cell")
    except ValueError as error:
        log_exception("Reading", error)
    until(lambda: len(receiver.records) == 2)
    upload, error = receiver.records
    assert 0 < upload.time_unix_nano <= upload.observed_time_unix_nano
    (kept, _) = written_records()
    assert ("Read it", 9, "INFO") == (
        upload.body.string_value, upload.severity_number, upload.severity_text,
    )  # fmt: skip
    assert "datatools_audit.upload" == upload.event_name
    assert str(kept["ts"])[:23].replace("T", " ") == _moment(upload.time_unix_nano)
    assert {
        "session.id": kept["session"],
        "app.screen.name": "start",
        "file.name": "a.csv",
        "file.size": 12,
        "datatools_audit.rows": '{"a":1}',
        "datatools_audit.big": str(1 << 70),
        "datatools_audit.proc": kept["proc"],
        "datatools_audit.seq": kept["seq"],
    } == values(upload.attributes)
    told = values(error.attributes)
    assert (17, "ValueError", "bad cell") == (
        error.severity_number, told["exception.type"], told["exception.message"],
    )  # fmt: skip
    assert "ValueError: bad cell" in told["exception.stacktrace"]
    (resource,) = {
        part.resource.SerializeToString() for r in receiver.requests for part in r.resource_logs
    }
    whole = values(receiver.requests[0].resource_logs[0].resource.attributes)
    assert resource
    assert ("Shop", "2.1", kept["proc"]) == (
        whole["service.name"], whole["service.version"], whole["service.instance.id"],
    )  # fmt: skip
    assert "host.name" not in whole


def _moment(nanoseconds: int) -> str:
    import datetime

    moment = datetime.datetime.fromtimestamp(nanoseconds // 10**9, datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{nanoseconds // 10**6 % 1000:03}"


def test_otlp_user_is_a_hash_only_where_it_is_one(receiver: Receiver) -> None:
    """The pseudonym of a person is `user.hash`; the name of a system's user is not."""
    export()
    log_event("session", "step 1", user="0123456789ab")
    log_event("session", "step 2", user="<user-1>")
    until(lambda: len(receiver.records) == 2)
    one, two = (values(each.attributes) for each in receiver.records)
    assert "0123456789ab" == one["user.hash"]
    assert ("<user-1>", False) == (two["datatools_audit.user"], "user.hash" in two)


def test_otlp_has_every_extra(receiver: Receiver) -> None:
    """The SDK has no room for more than 128; what is beyond goes in one of them."""
    export()
    log_event("step", "step 1", **{f"x{n}": n for n in range(200)})
    until(lambda: receiver.records)
    (told,) = receiver.records
    some = values(told.attributes)
    more = orjson.loads(some.pop("datatools_audit.more"))
    found = {**{k.removeprefix("datatools_audit."): v for k, v in some.items()}, **more}
    assert list(range(200)) == [found[f"x{n}"] for n in range(200)]
    assert 0 == told.dropped_attributes_count


def test_otlp_extra_of_the_name_of_the_rest_is_in_it(receiver: Receiver) -> None:
    """What is beyond the SDK's room takes no extra's place."""
    export()
    log_event("step", "step 1", more="mine", **{f"x{n}": n for n in range(200)})
    until(lambda: receiver.records)
    rest = orjson.loads(values(receiver.records[0].attributes)["datatools_audit.more"])
    assert ("mine", 199) == (rest["more"], rest["x199"])


def test_otlp_terms_are_of_their_kind(receiver: Receiver) -> None:
    """An app's extra of the same name is under our prefix where it is not what they mean."""
    export()
    log_event("cache", "step 1", key="users:17", label="hot", bytes="12 kB", filename=["a"])
    log_event("widget", "step 2", key="go", label=7, bytes=True, traceback=1)
    until(lambda: len(receiver.records) == 2)
    for told, theirs in zip(receiver.records, [set(), {"app.widget.id"}], strict=True):
        names = {name for name in values(told.attributes) if not name.startswith("datatools_audit")}
        assert {"session.id", *theirs} == names


def test_otlp_terms_are_of_the_conventions() -> None:
    """Each is in the package of the conventions, and there are no others."""
    known = {
        value
        for module in pkgutil.iter_modules(attributes.__path__)
        for name, value in vars(
            importlib.import_module(f"{attributes.__name__}.{module.name}")
        ).items()
        if name.isupper()
    }
    assert {*mapping.NAMES_OF_WIDGETS.values(), "user.hash", "error.type"} <= known


def test_otlp_app_is_named_after_it_was_configured(receiver: Receiver) -> None:
    """An app may say who it is behind its settings, and behind its first records."""
    export()
    record(1, 1)
    until(lambda: receiver.records)
    recorder.app = ("Shop", "2.1")
    record(2, 2)
    until(lambda: len(receiver.requests) == 2)
    whole = values(receiver.requests[1].resource_logs[0].resource.attributes)
    assert ("Shop", "2.1") == (whole["service.name"], whole["service.version"])


def test_otlp_resource_is_what_the_variables_say(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fleet names its services by the SDK's own variables; the host is told with identity."""
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop-eu")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod")
    recorder.app = ("Shop", "2.1")
    export(identity=True)
    record(1, 1)
    until(lambda: receiver.requests)
    whole = values(receiver.requests[0].resource_logs[0].resource.attributes)
    assert ("shop-eu", "prod", "2.1", socket.gethostname()) == (
        whole["service.name"], whole["deployment.environment.name"],
        whole["service.version"], whole["host.name"],
    )  # fmt: skip
    export(identity=False)
    record(2, 2)
    until(lambda: len(receiver.requests) == 2)
    whole = values(receiver.requests[1].resource_logs[0].resource.attributes)
    assert "host.name" not in whole


def test_otlp_secrets_stay_here(receiver: Receiver) -> None:
    """What leaves is what the log has: without secrets."""
    export()
    log_exception("Reading", ValueError("postgres://rosa:hunter2@db/x"))
    with pytest.raises(ValueError, match="rosa"), audit_action("load"):
        raise ValueError("postgres://rosa:hunter2@db/x")
    until(lambda: len(receiver.records) == 3 and receiver.spans)
    sent = [*receiver.requests, *receiver.spans]
    assert not [each for each in sent if b"hunter2" in each.SerializeToString()]
    assert "postgres" in receiver.spans[0].status.message


def test_otlp_own_logging_is_no_event(receiver: Receiver) -> None:
    """The SDK logs its failures; to record them would give it more to send, for ever."""
    receiver.faults = [unavailable] * 3
    handler = AuditHandler()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        export()
        record(1, 3)
        until(lambda: audit_stats().exported == 3)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert receiver.injected >= 3
    assert [] == [each for each in written_records() if each["category"] == "log"]


def threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith(outbox.THREAD_NAME)]


def test_otlp_settings_again_and_again_double_nothing(receiver: Receiver) -> None:
    """An app's script runs at each click, and configures at each run."""

    def page() -> None:
        import streamlit as st

        from datatools_audit import AuditConfig, configure, log_event
        from streamlit_ext import instrument

        configure(AuditConfig(export="otlp"))
        instrument(app="Shop")
        st.button("Go", key="go")
        log_event("step", "drawn")

    app = AppTest.from_function(page).run()
    for _ in range(9):
        app.button(key="go").click().run()
    assert flush_audit_log(LIMIT)
    kept = [str(each["message"]) for each in written_records()]
    until(lambda: len(receiver.messages()) >= len(kept))
    assert kept == receiver.messages()
    assert 10 == kept.count("drawn")
    assert 2 == len(threads())


def test_otlp_off_again_ends_it(receiver: Receiver) -> None:
    """Settings without it send nothing more."""
    export()
    record(1, 1)
    until(lambda: receiver.messages() == ["step 1"])
    configure(AuditConfig())
    record(2, 2)
    assert flush_audit_log(LIMIT)
    until(lambda: not threads())
    assert ["step 1"] == receiver.messages()


def test_otlp_sends_what_waits_when_the_process_ends(receiver: Receiver) -> None:
    """The last event of a script arrives."""
    run(
        "log_event('step', 'step 1')\n"
        "while not audit_stats().exported: time.sleep(0.01)\n"
        "for n in range(2, 6): log_event('step', f'step {n}')"
    )
    assert steps(1, 5) == receiver.messages()


def test_otlp_child_of_a_fork_sends_its_own(receiver: Receiver) -> None:
    """What waits in the parent is the parent's, and no lock is inherited."""
    body = (
        "log_event('step', 'parent')\nflush_audit_log(30)\n"
        "for _ in range(5):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        log_event('step', 'child')\n"
        "        while not audit_stats().exported: time.sleep(0.01)\n"
        "        sys.exit(0)\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
    )
    run(body, PYTHONWARNINGS="ignore::DeprecationWarning")
    assert ["child"] * 5 + ["parent"] == sorted(receiver.messages())


def test_otlp_child_of_a_fork_amid_the_loading(receiver: Receiver) -> None:
    """It has no lock of a module that nobody frees: the fork waits until all is loaded."""
    body = (
        "import threading\nfrom datatools_audit.export import exporter, outbox\n"
        "outbox._GATHER_SECONDS = 0\nbegun, go = threading.Event(), threading.Event()\n"
        "class Slow:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'opentelemetry.sdk._logs._internal': begun.set(); go.wait(0.3)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "log_event('step', 'parent'); assert begun.wait(30)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    log_event('step', 'child')\n"
        "    while not audit_stats().exported: time.sleep(0.01)\n"
        "    os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
    )
    run(body, PYTHONWARNINGS="ignore::DeprecationWarning")
    assert ["child", "parent"] == sorted(receiver.messages())


def test_otlp_loads_nothing_later_than_that(receiver: Receiver) -> None:
    """A fork amid a request does not wait, and the child would have the lock of that module."""
    body = (
        "import threading\nfrom datatools_audit.recorder import recorder\n"
        "class Told:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        mine = 'export' in threading.current_thread().name\n"
        "        if mine: print(name, recorder.exporter._loading.locked())\n"
        "sys.meta_path.insert(0, Told())\n"
        "with audit_action('load'):\n    pass\n"
        "while not audit_stats().export_spans.get('sent'): time.sleep(0.01)\n"
        "while audit_stats().exported < 2: time.sleep(0.01)\n"
    )
    loaded = [line.split() for line in run(body).stdout.splitlines()]
    assert ["opentelemetry.sdk._logs", "True"] in loaded
    assert [] == [name for name, in_time in loaded if in_time != "True"]
    assert receiver.spans


def test_otlp_script_that_ends_at_once_is_sent_whole(receiver: Receiver) -> None:
    """What takes threads to load is loaded before the interpreter has none left."""
    run("with audit_action('load'):\n    log_event('step', 'step 1')\ntime.sleep(0.05)")
    assert ["load started", "step 1", "load finished"] == receiver.messages()
    assert ["load"] == [span.name for span in receiver.spans]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("ImportError('none')", "pip install 'datatools-audit[otel]'"),
        ("TypeError('Descriptors cannot be created')", "TypeError: Descriptors"),
    ],
)
def test_otlp_without_what_it_needs_says_so(failure: str, told: str, receiver: Receiver) -> None:
    """One sentence, on stderr and in the log, and recording goes on; also if it is broken."""
    done = run(
        "class Broken:\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == 'opentelemetry.sdk': raise {failure}\n"
        "sys.meta_path.insert(0, Broken())\n"
        "log_event('step', 'step 1')\n"
        "while not audit_stats().export_error: time.sleep(0.01)\n"
        "log_event('step', 'step 2'); flush_audit_log(30)\n"
        "s = audit_stats(); print(s.export_offered, s.export_dropped, s.export_waiting)",
    )
    assert "3 3 0" == done.stdout.strip()
    assert 1 == done.stderr.count(told)
    assert [told in str(each["message"]) for each in written_records()].count(True) == 1
    assert ["step 1", "step 2"] == in_the_log()
    assert [] == receiver.requests


def test_otlp_first_event_does_not_wait_for_what_is_loaded(receiver: Receiver) -> None:
    """Nothing of OpenTelemetry is loaded in a caller's thread."""
    done = run(
        "import threading\nloaders = set()\n"
        "class Spy:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.partition('.')[0] in ('opentelemetry', 'requests'):\n"
        "            loaders.add(threading.current_thread().name)\n"
        "sys.meta_path.insert(0, Spy())\n"
        "log_event('step', 'step 1')\n"
        "while not audit_stats().exported: time.sleep(0.01)\n"
        "print(*loaders)"
    )
    assert f"{outbox.THREAD_NAME}-records" == done.stdout.strip()
    assert ["step 1"] == receiver.messages()
