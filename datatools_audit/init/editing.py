"""One source with our lines, and without them: bytes in, bytes out, no disk."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.init import names, navigation
from datatools_audit.init.lines import MARK, PAGE, Names, free_name, lines_of, literal, ours_in
from datatools_audit.init.placing import line_before
from datatools_audit.init.source import Edit, NotUnderstoodError, is_generated, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.init.lines import Ours
    from datatools_audit.init.source import Source


@dataclass(frozen=True, slots=True)
class Edited:
    """What has become of a source.

    Attributes:
        data: Its bytes.
        by_hand: What a person has to do, each a sentence that begins with a line.
    """

    data: bytes
    by_hand: tuple[str, ...] = ()


def is_instrumented(source: Source) -> bool:
    """Tell whether a source calls ``instrument`` of ours already."""
    places = (names.OURS, f"{names.OURS}.instrumentation")
    return any(names.calls(source.tree, place, "instrument") for place in places)


def added(data: bytes, app: str, *, page: bool = False) -> Edited:
    """Return a source with the import and the call, and with our page in its navigation.

    Args:
        data: The source.
        app: The app's name.
        page: Whether our page goes into the lists of ``st.navigation``.

    Raises:
        NotUnderstoodError: It is left as it is.
    """
    source = parsed(data)
    if is_generated(source):
        raise NotUnderstoodError("says that a program has written it")
    if MARK in source.text:
        raise NotUnderstoodError(f"has lines that say “{MARK}”, and no call of ours")
    pages = navigation.with_ours(source) if page else navigation.Pages()
    ours = Names(free_name(source.tree), PAGE if pages.edits else "")
    edits = [_block(source, ours, app), *pages.edits]
    try:
        new = source.edited(edits)
        _check(data, new)
    except (NotUnderstoodError, UnicodeError) as error:
        raise NotUnderstoodError(f"is written in a way that is not understood: {error}") from None
    return Edited(new, tuple(pages.by_hand))


def removed(data: bytes) -> Edited:
    """Return a source without what ``added`` has put in, where nobody has changed what it says.

    Raises:
        NotUnderstoodError: Python does not read it, so it is left as it is.
    """
    source = parsed(data)
    if MARK not in source.text:
        return Edited(data)
    ours = ours_in(source)
    edits, left = _found(source, ours)
    by_hand = [f"line {line}: was changed since, and stays" for line in {*ours.edited, *left}]
    if ours.import_ is not None and ours.import_ not in _gone(source, ours):
        by_hand.append(f"line {ours.import_.lineno}: is still needed, and stays")
    return Edited(source.edited(edits), tuple(sorted(by_hand, key=_number)))


def _number(sentence: str) -> int:
    return int(sentence.split()[1].rstrip(":"))


def _block(source: Source, ours: Names, app: str) -> Edit:
    line = line_before(source)
    newline = source.newline(max(line, 1))
    text = newline.join([ours.import_line, "", ours.call_line(literal(app, source.encoding))])
    at = source.starts[line] if line < len(source.starts) else len(source.text)
    is_open = at == len(source.text) and not source.text.endswith(("\r", "\n"))
    return Edit(at, at, newline + text if is_open else text + newline)


def _found(source: Source, ours: Ours) -> tuple[list[Edit], list[int]]:
    """Return what takes ours out, and the lines of pages that stay."""
    edits, _, left = navigation.without_ours(source, ours.names)
    lines = [line for statement in _gone(source, ours) for line in lines_of(statement)]
    gaps = [line + 1 for line in lines if line + 1 not in lines and line + 2 in lines]
    lines += [line for line in gaps if not source.line(line).strip()]
    for first, last in _runs(sorted(lines)):
        edits.append(_whole_lines(source, first, last))
    return edits, left


def _gone(source: Source, ours: Ours) -> list[ast.stmt]:
    """Return the call, and the import where nothing else needs it."""
    gone = [ours.call] if ours.call is not None else []
    items = navigation.without_ours(source, ours.names)[1]
    inside = {id(each) for node in [*gone, *items] for each in ast.walk(node)}
    own = {ours.names.instrument, ours.names.page}
    is_needed = any(
        isinstance(node, ast.Name) and node.id in own and id(node) not in inside
        for node in ast.walk(source.tree)
    )
    return gone if is_needed or ours.import_ is None else [ours.import_, *gone]


def _runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = runs[-1][0], line
        else:
            runs.append((line, line))
    return runs


def _whole_lines(source: Source, first: int, last: int) -> Edit:
    """Return what takes lines out; with the newline before them where none is behind them."""
    start = source.starts[first - 1]
    end = source.starts[last] if last < len(source.starts) else len(source.text)
    if end == len(source.text) and not source.text.endswith(("\r", "\n")) and first > 1:
        start -= len(source.newline(first - 1))
    return Edit(start, end, "")


def _check(data: bytes, new: bytes) -> None:
    """Make sure that the new source compiles, and is byte for byte the old one and ours.

    Raises:
        NotUnderstoodError: It is not.
    """
    source = parsed(new)
    ours = ours_in(source)
    edits, left = _found(source, ours)
    if ours.import_ is None or ours.call is None or left or source.edited(edits) != data:
        raise NotUnderstoodError("what goes in would not come out again")
