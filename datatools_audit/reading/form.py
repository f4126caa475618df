"""The form of a line as the recorder writes it, as one pattern that proves the whole line.

A line that fits is strict JSON with the head's fields in their places, and has none of the
names that the table has a column for twice. So whatever takes it apart finds the same in it.
A line that does not fit may be a record all the same; that is for ``parse_line`` to say.
"""

from __future__ import annotations

_SIGN = r'[^"\\\x00-\x1f]'
_TEXT = rf'"(?:{_SIGN}|\\["\\/bfnrt])*"'  # no `\u`, which may stand for half a character
_WORD = rf'"{_SIGN}*"'
_WHOLE = "(?:0|[1-9][0-9]{0,17})"  # fits 64 bits
_NUMBER = rf"-?{_WHOLE}(?:\.[0-9]{{1,17}})?(?:[eE][+-]?[0-9]{{1,2}})?"
_NESTED = 2  # how deep values may lie in values: what the recorder's own fields need
_NAMES = ("ts", "level", "category", "session", "message", "proc", "seq", "page", "support_code")


def _value(depth: int) -> str:
    plain = f"{_TEXT}|{_NUMBER}|true|false|null"
    if not depth:
        return f"(?:{plain})"
    inner = _value(depth - 1)
    pair = f"{_TEXT}:{inner}"
    return rf"(?:{plain}|\[(?:{inner}(?:,{inner})*)?\]|\{{(?:{pair}(?:,{pair})*)?\}})"


def _other_than(words: tuple[str, ...]) -> str:
    """Return a pattern of every name but these, since RE2 cannot say "not"."""
    begins: dict[str, tuple[str, ...]] = {}
    for word in filter(None, words):
        begins[word[0]] = (*begins.get(word[0], ()), word[1:])
    other = rf'[^"\\\x00-\x1f{"".join(begins)}]{_SIGN}*'
    ways = [other, *(sign + _other_than(rests) for sign, rests in begins.items())]
    return f"(?:{'|'.join(ways)}){'' if '' in words else '?'}"


_MORE = f'(?:,"{_other_than(_NAMES)}":{_value(_NESTED)})*'

FORM = (
    rf'\{{"ts":{_WORD},"level":{_WORD},"category":{_WORD},"session":{_WORD},'
    rf'"message":{_TEXT},"proc":{_WORD},"seq":{_WHOLE}(?:,"page":{_WORD})?'
    rf'{_MORE}(?:,"support_code":{_WORD}{_MORE})?\}}\r?'
)
"""Fits the whole of a line, without its end; in the dialect of RE2, which DuckDB speaks."""
