"""A step of a test in words and as a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.wording import clean, quoted
from datatools_audit.support.reproduce.steps import (
    Change,
    Click,
    Edit,
    Miss,
    Open,
    Rerun,
    Say,
    Upload,
)
from datatools_audit.support.reproduce.uploads import made

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.support.reproduce.steps import File, Step, Widget
    from datatools_audit.support.reproduce.uploads import Hints

_UNKNOWN_FILE = "of the file only name, type and size were recorded"


def phrase(step: Step) -> str:
    """Return what happened, in plain words on one line."""
    match step:
        case Open(page=page):
            return f"opened the page {quoted(page)}" if page else "opened the app"
        case Change():
            return f"changed {step.widget.kind} {quoted(step.widget.name)}"
        case Edit():
            parts = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in step.counts)
            return f"used {step.widget.kind} {quoted(step.widget.name)} ({parts or 'nothing'})"
        case Click():
            return f"pressed {quoted(step.widget.name)}"
        case Upload(files=files):
            named = ", ".join(quoted(file.name) for file in files)
            return (
                f"gave {quoted(step.widget.name)} {named}"
                if files
                else (f"took all files out of {quoted(step.widget.name)}")
            )
        case Say():
            return f"sent a message in {quoted(step.widget.name)}"
        case Rerun():
            return "the app ran again; what brought it about is not on record"
        case Miss():
            return f"{clean(step.what)}: {step.why}"


def call(step: Step, said: Hints) -> tuple[str, str]:
    """Return the call that does it, and what is missing for it, in words; or nothing."""
    match step:
        case Open():
            given = [repr(each) for each in (step.page, step.title)]
            return (
                f"person.open({', '.join(given if step.title else given[: bool(step.page)])})",
                "",
            )
        case Change():
            return f"person.change({_args(step.widget)}, {step.value.source})", step.value.missing
        case Edit():
            return _edit(step)
        case Click(choice=choice):
            more = f", {choice.source}" if choice else ""
            return f"person.click({_args(step.widget)}{more})", choice.missing if choice else ""
        case Upload():
            return _with_files(f"person.upload({_args(step.widget)}", step.files, said, "")
        case Say():
            begins = f"person.say({_named(step.widget)}, {step.text.source}"
            return _with_files(begins, step.files, said, step.text.missing)
        case Rerun():
            return f"person.rerun({'fragment=True' if step.is_fragment else ''})", ""
        case Miss():
            return "", ""


def _args(widget: Widget) -> str:
    return f"{widget.kind!r}, {_named(widget)}"


def _named(widget: Widget) -> str:
    return f"{widget.label!r}, {widget.key!r}"


def _edit(step: Edit) -> tuple[str, str]:
    counts = dict(step.counts)
    if step.widget.kind == "dataframe":
        given = [f"{name}={counts[name]}" for name in ("rows", "columns") if name in counts]
        missing = "which ones were selected is never recorded" if given else ""
        return f"person.select({', '.join([_named(step.widget), *given])})", missing
    parts = {"edited": "edited_rows", "added": "added_rows", "deleted": "deleted_rows"}
    given = [f"{name}={counts[part]}" for name, part in parts.items() if part in counts]
    given += [f"columns={step.columns!r}"] if step.columns else []
    missing = "what was typed into which row is never recorded"
    return f"person.edit({', '.join([_named(step.widget), *given])})", missing


def _with_files(begins: str, files: Iterable[File], said: Hints, missing: str) -> tuple[str, str]:
    """Return a call with some lines for each file."""
    lines = []
    for file in files:
        source, known = made(file, said)
        lines.append(f"# {known or 'FILL IN: ' + _UNKNOWN_FILE}")
        lines += f"{source},".split("\n")
    if not lines:
        return f"{begins})", missing
    return "\n".join([f"{begins},", *(f"    {line}" for line in lines), ")"]), missing
