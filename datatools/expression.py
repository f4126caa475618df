"""A calculation typed by the person: columns, numbers, arithmetic and comparisons.

`DataFrame.eval` also reaches Python's variables, attributes and methods. So the text is parsed
first, and only the few kinds of node below get through; nothing can be called. Columns get
names of our own before pandas sees them, so that no column's name can mean anything either.
"""

from __future__ import annotations

import ast
import re
from typing import Any, cast

import pandas as pd

from datatools.errors import ExpressionError
from datatools.kinds import kind_of

MAX_LETTERS = 500

_ALLOWED = (
    ast.Expression,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.FloorDiv,
    ast.Mod,
    ast.BitAnd,
    ast.BitOr,
    ast.UnaryOp,
    ast.USub,
    ast.UAdd,
    ast.Not,
    ast.Invert,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
)
_RULE = "Use columns, numbers, + - * / // %, comparisons, and, or, not, and round brackets only."


def evaluate(frame: pd.DataFrame, text: str) -> pd.Series[Any]:
    """Calculate a column from others.

    Args:
        frame: The table.
        text: For example ``body_mass / `Flipper Length (mm)` ``; a name that is not one plain
            word stands in backticks.

    Raises:
        ExpressionError: The text is refused, names no column, or does not fit the values.
    """
    names: dict[str, str] = {}
    tree = _parsed(_numbered(frame, text, names))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            _numbered_name(frame, node, names)
    columns = frame[list(names)].set_axis(list(names.values()), axis="columns")
    try:
        result = columns.eval(ast.unparse(tree), engine="python")
    except ZeroDivisionError as error:
        raise ExpressionError("This divides by the number zero.") from error
    except (TypeError, ValueError, OverflowError, NotImplementedError, RecursionError) as error:
        message = "These columns cannot be combined so: text cannot be calculated with."
        # Only the type is kept: pandas' message may hold a cell's value.
        raise ExpressionError(f"{message} ({type(error).__name__})") from None
    return cast("pd.Series[Any]", result)


def _numbered(frame: pd.DataFrame, text: str, names: dict[str, str]) -> str:
    """Replace names in backticks by names of our own, filling `names`."""
    if not text.strip():
        raise ExpressionError("Type a calculation first, for example: price * quantity")
    if len(text) > MAX_LETTERS:
        raise ExpressionError(f"This is too long: at most {MAX_LETTERS} letters.")
    if "@" in text or "__" in re.sub("`[^`]*`", "", text):
        raise ExpressionError(f"Neither @ nor __ is allowed. {_RULE}")
    return re.sub("`([^`]*)`", lambda found: f" {_own_name(frame, found[1], names)} ", text)


def _own_name(frame: pd.DataFrame, name: str, names: dict[str, str]) -> str:
    if name not in frame.columns:
        raise ExpressionError(
            "There is no such column: check the spelling, and put a name with spaces or signs "
            "between backticks."
        )
    return names.setdefault(name, f"column_{len(names)}_")


def _numbered_name(frame: pd.DataFrame, node: ast.Name, names: dict[str, str]) -> None:
    if node.id not in names.values():
        node.id = _own_name(frame, node.id, names)


def _parsed(text: str) -> ast.Expression:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        hint = " Write == to compare." if re.search(r"(?<![=!<>])=(?!=)", text) else ""
        message = "This is not a complete calculation: check the signs, brackets and backticks."
        raise ExpressionError(message + hint) from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(f"This cannot be calculated. {_RULE}")
    _check_texts(tree)
    return tree


def _check_texts(tree: ast.Expression) -> None:
    """Let a text constant stand in a comparison only: multiplied, it would fill the memory."""
    compared = {
        id(side)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or isinstance(node.value, int | float):
            continue
        if not isinstance(node.value, str) or id(node) not in compared:
            raise ExpressionError(
                f"A text can only be compared, as in: species == 'Adelie'. {_RULE}"
            )


def example(frame: pd.DataFrame) -> str:
    """Make a calculation that works for this table, to show how one is written."""
    numbers = [
        name for name in frame.columns if kind_of(frame[name]) == "number" and "`" not in name
    ]
    if not numbers:
        return "column == 'value'"
    written = [name if name.isidentifier() else f"`{name}`" for name in numbers]
    return f"{written[-2]} / {written[-1]}" if len(written) > 1 else f"{written[0]} * 2"
