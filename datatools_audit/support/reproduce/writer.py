"""The plan of a test → its source, the same for the same plan.

Nothing foreign acts: in the code it stands as ``repr`` makes it, in comments on one line and
without what no screen shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.reading.steps import clock
from datatools_audit.reading.wording import clean
from datatools_audit.support.reproduce import embedding
from datatools_audit.support.reproduce.phrases import call, phrase
from datatools_audit.support.reproduce.steps import Miss, Rerun
from datatools_audit.support.reproduce.uploads import hints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.support.reproduce.steps import Plan, Step

_HEAD = '''\
"""A session from the log of DataTools Audit, done once more by AppTest.

Written by `datatools-audit reproduce`. It fails as long as the app does what is on record, and
passes once that is mended. Where it says FILL IN the log has no value: one that fits was put in.
"""
'''
_FIXTURE = '''\
@pytest.fixture
def person(monkeypatch, tmp_path):
    """Somebody who has just come to the app, in its own folder; nothing is recorded."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(tmp_path))
    monkeypatch.chdir(APP.parent)
    monkeypatch.syspath_prepend(APP.parent)
    st.cache_data.clear()
    st.cache_resource.clear()
    details = st.get_option("client.showErrorDetails")
    st.set_option("client.showErrorDetails", "full")
    at = AppTest.from_file(APP, default_timeout=60)
    at.context = BROWSER
    yield Person(at, monkeypatch)
    st.set_option("client.showErrorDetails", details)
'''
_OWN = """\
    # YOUR OWN ASSERTION: what should stand on the page now? For example
    #     assert "Total" in [each.label for each in person.at.metric]
    pytest.skip("nothing is asserted yet: see YOUR OWN ASSERTION")
"""
_BELOW = "# Below is how it is done; all that is private to Streamlit stands in Person."


def source(plan: Plan, app: str, *, is_relative: bool) -> str:
    """Return the source of the test, a module of Python.

    Args:
        plan: What has to happen.
        app: The entry script of the app.
        is_relative: Whether that is a path from the folder of the test.
    """
    body = [*_steps(plan), "", *_end(plan)]
    makes_files = any("_file(" in line for line in body)
    modules = ("likely", "drawn", "person", *(["files"] if makes_files else []))
    place = f"(Path(__file__).parent / {app!r}).resolve()" if is_relative else f"Path({app!r})"
    name = re.sub(r"\W", "_", plan.session, flags=re.ASCII) or "unknown"
    parts = [
        _HEAD,
        "\n".join(embedding.imports(*modules)),
        f"\n\n{chr(10).join(_about(plan))}\n",
        f"APP = {place}\nBROWSER = {dict(plan.browser)!r}\n\n\n",
        f"def test_session_{name[:40]}(person):\n" + "\n".join(body) + "\n\n\n",
        f"{_BELOW}\n\n\n{_FIXTURE}\n\n",
        "\n\n\n".join(map(embedding.body, modules)) + "\n",
    ]
    return "".join(parts)


def _about(plan: Plan) -> Iterator[str]:
    app, versions = clean(plan.app), clean(plan.versions)
    day = plan.end.ts[:10]
    yield f"# Session {clean(plan.session, 40)}{f' of {app}' if app else ''}, {clean(day)}."
    if versions:
        yield f"# Recorded with {versions}."


def _steps(plan: Plan) -> Iterator[str]:
    """Yield the lines of the steps; what belongs to one run of the app stands together."""
    said = hints(plan.end.message)
    number = 0
    for step in plan.steps:
        if isinstance(step, Rerun) and not step.is_bare:
            yield f"    {call(step, said)[0]}"
            continue
        number += 0 if isinstance(step, Miss) else 1
        if number > 1:
            yield ""
        mark = "NOT DONE" if isinstance(step, Miss) else f"{number}."
        yield f"    # {mark} {_clock(step, plan)} {phrase(step)}"
        if isinstance(step, Miss):
            continue
        written, missing = call(step, said)
        if getattr(getattr(step, "widget", None), "is_unnamed", False):
            missing = missing or "which widget it was is left out of the bundle; the first is taken"
        *first, last = written.split("\n")
        yield from (f"    {line}" for line in first)
        yield f"    {last}" + (f"  # FILL IN: {clean(missing)}" if missing else "")


def _clock(step: Step, plan: Plan) -> str:
    return clock(step.ts, plan.zone)


def _end(plan: Plan) -> Iterator[str]:
    end = plan.end
    code = f" {clean(end.code, 20)}" if end.code else ""
    yield f"    # {clock(end.ts, plan.zone)}{code} {clean(end.message)}"
    if end.error and not end.unseen:
        yield from ["    person.wait_for_threads()"] if end.is_in_thread else []
        yield f"    person.compare({end.error!r}, {end.function!r})"
        yield "    assert not person.at.exception"
        yield from ["    assert not person.thread_errors"] if end.is_in_thread else []
        return
    yield "    assert not person.at.exception"
    if end.unseen:
        yield f"    # This test cannot see the error: {end.unseen}."
    yield _OWN.rstrip("\n")
