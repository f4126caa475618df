"""What a record says of an exception: its type, its text and the app's frames."""

from __future__ import annotations

import os
import re
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.paths import shown_path, without_home
from datatools_audit.record.coerce import VALUE_BYTES
from datatools_audit.record.text import clean_text, cut_text, exception_text, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

    _Frame = tuple[str, int, str]  # file, line, function

_MOST_FRAMES = 40
_MOST_CAUSES = 8
_MOST_MEMBERS = 8
_MOST_GROUPS = 3
_TEXT_BYTES = 1024
_PATH = re.compile(r'File "([^"]*)"')
_CAUSED = "The above exception was the direct cause of the following exception:"
_DURING = "During handling of the above exception, another exception occurred:"

# The slots themselves: a subclass may have defined properties of these names.
_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__
_suppressed = BaseException.__dict__["__suppress_context__"].__get__
_traceback = BaseException.__dict__["__traceback__"].__get__
_members = BaseExceptionGroup.__dict__["exceptions"].__get__


def describe(
    exc: BaseException, *, root: str | None = None, whole_paths: bool = False
) -> dict[str, str]:
    """Return the fields of an exception; never its frames' values nor source lines.

    Args:
        exc: The exception, with its causes.
        root: The app's folder, from which its paths are shown.
        whole_paths: Whether paths stay as they are.

    Returns:
        ``exc_type``, ``exc_message`` and ``traceback``: as Python prints one, the app's
        frames only, runs of library frames told by their number.
    """
    said = _said_by(exc, whole_paths=whole_paths)
    parts = _chain(exc, said, root, whole_paths=whole_paths)
    return {
        "exc_type": type_name(exc),
        "exc_message": said,
        "traceback": _without_middle("\n\n".join(parts)),
    }


def describe_crash(
    dump: str, *, root: str | None = None, whole_paths: bool = False
) -> dict[str, str]:
    """Return the fields of a native crash, from what ``faulthandler`` wrote of it.

    Args:
        dump: Its text: the fault, then the frames of each thread.
        root: The app's folder, from which its paths are shown.
        whole_paths: Whether paths stay as they are.
    """
    first, _, rest = clean_text(dump).strip().partition("\n")
    frames = _PATH.sub(
        lambda found: f'File "{shown_path(found[1], root=root, whole=whole_paths)}"', rest
    )
    return {
        "exc_type": first.removeprefix("Fatal Python error: "),
        "exc_message": first,
        "traceback": _without_middle(frames.strip()),
    }


def describe_stack(
    frame: FrameType | None, *, root: str | None = None, whole_paths: bool = False
) -> str:
    """Return the stack of a thread that runs, as a traceback of the app's frames.

    Args:
        frame: Its innermost frame; None for a thread that has ended, whose stack is empty.
        root: The app's folder, from which its paths are shown.
        whole_paths: Whether paths stay as they are.
    """
    frames: list[_Frame] = []
    while frame is not None:
        frames.append((frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_qualname))
        frame = frame.f_back
    lines = _shown_frames(frames[::-1], root, whole_paths=whole_paths)
    return _without_middle("\n".join(lines))


def _without_middle(text: str) -> str:
    """Return a text that fits a value; the end of a traceback says most, the middle least."""
    if len(text.encode()) <= VALUE_BYTES:
        return text
    half = VALUE_BYTES // 2 - 32
    head, tail = text.encode()[:half], text.encode()[-half:]
    return f"{head.decode(errors='ignore')}\n  […]\n{tail.decode(errors='ignore')}"


def _said_by(exc: BaseException, *, whole_paths: bool) -> str:
    text = exception_text(exc)
    return text if whole_paths else without_home(text)


def _chain(exc: BaseException, said: str, root: str | None, *, whole_paths: bool) -> list[str]:
    """Return the causes, the first one first, joined as Python joins them.

    What the exception itself says is given: nobody is asked twice.
    """
    parts: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = exc
    while now is not None and id(now) not in seen and len(seen) < _MOST_CAUSES:
        seen.add(id(now))
        known = said if now is exc else _said_by(now, whole_paths=whole_paths)
        parts.append("\n".join(_one(now, known, root, whole_paths=whole_paths)))
        cause = _cause(now)
        before = cause if cause is not None else None if _suppressed(now) else _context(now)
        if before is not None and id(before) not in seen:
            parts.append(_CAUSED if cause is not None else _DURING)
        now = before
    if now is not None and parts[-1] in (_CAUSED, _DURING):
        parts.pop()
    return parts[::-1]


def _one(
    exc: BaseException, said: str, root: str | None, *, whole_paths: bool, depth: int = 0
) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    yield from _shown_frames(list(_frames(_traceback(exc))), root, whole_paths=whole_paths)
    yield f"{type_name(exc)}: {cut_text(said, _TEXT_BYTES)[0]}"
    if issubclass(type(exc), BaseExceptionGroup) and depth < _MOST_GROUPS:
        members = _members(exc)
        for member in members[:_MOST_MEMBERS]:
            known = _said_by(member, whole_paths=whole_paths)
            told = _one(member, known, root, whole_paths=whole_paths, depth=depth + 1)
            yield from (f"  | {line}" for line in told)
        if len(members) > _MOST_MEMBERS:
            yield f"  | [{len(members) - _MOST_MEMBERS} more exceptions]"


def _shown_frames(frames: list[_Frame], root: str | None, *, whole_paths: bool) -> Iterator[str]:
    half = _MOST_FRAMES // 2
    hidden = range(half, len(frames) - half)
    skipped = 0
    for number, (file, line, function) in enumerate(frames):
        if number in hidden:
            if number == half:
                yield f"  [{len(hidden)} more frames]"
        elif not is_app_file(file):
            skipped += not file.startswith(_own_parts())
        else:
            if skipped:
                yield _library_frames(skipped)
                skipped = 0
            shown = clean_text(shown_path(file, root=root, whole=whole_paths))
            yield f'  File "{shown}", line {line}, in {clean_text(function)}'
    if skipped:
        yield _library_frames(skipped)


def _library_frames(count: int) -> str:
    return f"  [{count} library frame{'s' if count > 1 else ''}]"


def _frames(traceback: TracebackType | None) -> Iterator[_Frame]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield code.co_filename, traceback.tb_lineno or code.co_firstlineno, code.co_qualname
        traceback = traceback.tb_next


def is_app_file(file: str) -> bool:
    """Tell whether a code object's file belongs to the app: to no library, nor to us."""
    if file.startswith("<frozen"):
        return False
    return not any(part in file for part in _library_parts()) and not file.startswith(_own_parts())


@cache
def _library_parts() -> tuple[str, ...]:
    """Return parts of a path that tell a library, without touching the disk."""
    stdlib = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    parts = [f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages")]
    return (*parts, *(folder + os.sep for folder in stdlib))


@cache
def _own_parts() -> tuple[str, ...]:
    """Return the beginnings of our own files' paths; our frames are nobody's business."""
    root = Path(__file__).parents[2]
    return tuple(f"{root / name}{os.sep}" for name in ("datatools_audit", "streamlit_ext"))
