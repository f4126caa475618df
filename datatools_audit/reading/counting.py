"""How many records there are, told without taking each line apart.

Whether a line is a record is the same question as for ``events``: JSON with the seven fields of
the head. Of a line as the recorder writes it a look at its text proves that, for half of what it
costs to take the fields out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.tables import HEAD, has_head, text_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_QUESTION = "select count(*) from events"
_NO_MATTER = frozenset({"alias", "query_location", "query_location_length"})
_TEXTS, _SEQ = HEAD[:-1], HEAD[-1]
_IN_ORDER = "{" + ",".join(f'"{name}":"%' for name in _TEXTS).replace("%,", '%",')
_OUR_HEAD = f"""
    json like '{_IN_ORDER}","{_SEQ}":%' and json not like '{{%{{%"{_SEQ}":%'
    and regexp_matches(json, ',"{_SEQ}":[0-9]')"""


def is_asked(connection: duckdb.DuckDBPyConnection, question: str) -> bool:
    """Tell whether that is all that a question asks, however it is written."""
    asked, ours = (_parsed(connection, each) for each in (question, _QUESTION))
    return asked == ours


def counted(paths: Sequence[str]) -> str:
    r"""Return a query with a row for each record, whose columns say nothing.

    The line is JSON, or there is no text of it. What begins as ours does, and has no other
    object before ``"seq":``, has all that comes before in its own names: in a text a quote
    would have a backslash, and ``\","level":"`` ends a text where JSON wants a comma.
    """
    is_record = f"case when {_OUR_HEAD} then true else {has_head('json')} end"
    return f"select 1 as counted from {text_lines(paths)} where {is_record}"  # noqa: S608


def _parsed(connection: duckdb.DuckDBPyConnection, question: str) -> object:
    """Return a question as DuckDB understands it, without what only names or places it."""
    (parsed,) = connection.execute("select json_serialize_sql(?)", [question]).fetchone() or ("",)
    return _without(orjson.loads(parsed), _NO_MATTER)


def _without(value: object, names: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {name: _without(v, names) for name, v in value.items() if name not in names}
    return [_without(each, names) for each in value] if isinstance(value, list) else value
