"""``reproduce``: a recorded session as a test that fails as the app did."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from datatools_audit.cli.files import FILES, given, records
from datatools_audit.errors import AuditError, ReadError
from datatools_audit.reading.index import Index
from datatools_audit.reading.ordering import text
from datatools_audit.reading.wording import clean, count
from datatools_audit.support.reproduce.plan import plan
from datatools_audit.support.reproduce.steps import Miss, Rerun
from datatools_audit.support.reproduce.whose import is_of_a_person, with_thread_error
from datatools_audit.support.reproduce.writer import source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from datatools_audit.reading.index import IndexedSession
    from datatools_audit.reading.reader import Record
    from datatools_audit.support.reproduce.steps import Plan

_STDOUT = "-"
_MOST_SESSIONS = 50


@click.command(
    epilog="""\b
Examples:
  datatools-audit reproduce bundle.zip --app app.py
  datatools-audit reproduce log.jsonl --until E-7K3F9Q --app app.py -o test_it.py
  datatools-audit reproduce log.jsonl --session a1b2c3d4 --app app.py -o -"""
)
@FILES
@click.option("--session", metavar="ID", help="Of this session; else that of the newest error.")
@click.option("--until", metavar="CODE", default="", help="Up to the error or report of that code.")
@click.option(
    "--app",
    required=True,
    metavar="SCRIPT",
    help="The app's entry script, as `streamlit run` takes it.",
)
@click.option(
    "-o", "--output", default="test_repro.py", show_default=True, help="The test; - for stdout."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def reproduce(
    files: Sequence[str],
    *,
    session: str | None,
    until: str,
    app: str,
    output: str,
    force: bool,
) -> None:
    """Write a test that does what a person did, and fails as the app did.

    FILE is a log, a support bundle, a folder of logs, or - for standard input; today's log
    without it. The test is a file for pytest, which needs Streamlit and the app and no more. It
    drives the app by AppTest up to the error, and passes once that is mended.
    """
    script = Path(app)
    if not script.is_file():
        raise ReadError(f"there is no app {app!a}; --app takes its entry script")
    code = until.strip().upper()
    newest = _Newest()
    with given(files, plain=True) as found:
        index = Index(newest.noting(records(found)))
        chosen = _chosen(index, session, code, newest.session)
        told = _plan(index, chosen, code)
    place, is_relative = _place(script, output)
    written = source(told, place, is_relative=is_relative)
    if output == _STDOUT:
        click.echo(written, nl=False)
    else:
        _write(Path(output), written, force=force)
        click.echo(output)
    click.echo(_summary(told, written), err=True)


class _Newest:
    """Notes whose the newest error is, while the records pass."""

    def __init__(self) -> None:
        self.session = ""
        self._rank = (False, "")

    def noting(self, several: Iterable[Record]) -> Iterator[Record]:
        """Yield the records on."""
        for record in several:
            if record.get("category") == "error" and record.problem is None:
                rank = bool(text(record, "support_code")), text(record, "ts")
                if rank >= self._rank:
                    self.session, self._rank = text(record, "session"), rank
            yield record


def _chosen(index: Index, session: str | None, code: str, newest: str) -> IndexedSession:
    if session is not None:
        found = index.get(session)
        known = ", ".join(each.session for each in index.sessions[-10:]) or "none"
        if found is None:
            raise ReadError(f"there is no session {session!a}; the newest are {clean(known)}")
        return found
    if code:
        found = next((each for each in reversed(index.sessions) if code in each.codes), None)
        if found is None:
            raise ReadError(f"no record has the support code {code!a}")
        return found
    found = index.get(newest)
    if found is None:
        raise ReadError("there is no error in it; --until takes the code of a report too")
    return found


def _plan(index: Index, chosen: IndexedSession, code: str) -> Plan:
    """Return the plan; for an error of a thread with what the session did that it belongs to."""
    own: list[Record] = index.records(chosen)
    if not is_of_a_person(own):
        others = [index.records(each) for each in index.sessions[-_MOST_SESSIONS:]]
        borrowed = with_thread_error(own, [each for each in others if is_of_a_person(each)], code)
        if borrowed is not None:
            return plan(borrowed, text(borrowed[0], "session"), code)
    return plan(own, chosen.session, code)


def _place(script: Path, output: str) -> tuple[str, bool]:
    """Return the app's path, from the test's folder where there is a way, and whether it is."""
    whole = script.resolve()
    if output == _STDOUT:
        return str(whole), False
    folder = Path(output).resolve().parent
    common = Path(os.path.commonpath([folder, whole])) if folder.drive == whole.drive else None
    if common is None or common == Path(common.anchor):
        return str(whole), False
    return Path(os.path.relpath(whole, folder)).as_posix(), True


def _write(path: Path, written: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as target:
            target.write(written)
    except FileExistsError as error:
        raise AuditError(
            f"{path} is there already; choose another name with -o, or --force"
        ) from error
    except OSError as error:
        raise AuditError(f"{path} cannot be written: {error.strerror or error}") from error


def _summary(told: Plan, written: str) -> str:
    end = told.end
    where = f" in {clean(end.function)}" if end.function else ""
    what = f"{clean(end.error)}{where}" if end.error else "a report"
    code = f" ({clean(end.code, 20)})" if end.code else ""
    steps = sum(not isinstance(each, Miss | Rerun) for each in told.steps)
    misses = sum(isinstance(each, Miss) for each in told.steps)
    gaps = written.count("# FILL IN: ")
    parts = [f"Session {clean(told.session, 40)}, up to {what}{code}: {count(steps, 'step')}"]
    parts += [f"{count(gaps, 'value')} to fill in"] if gaps else []
    parts += [f"{misses} not done"] if misses else []
    return ", ".join(parts) + "."
