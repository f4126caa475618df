"""What the rules for secrets are made of: how a name and its value stand in a text."""

from __future__ import annotations

from datatools_audit.redaction.rule import Rule

START = r"(?<![A-Za-z0-9_-])"
END = r"(?![A-Za-z0-9_-])"

# What may stand between a name and its value: `name = `, `"name": `, `{\"name\":\"`, `--name `.
QUOTE = r"\\{0,2}[\"'`]"
EQUALS = rf"(?:{QUOTE})?\]?\s{{0,3}}(?:=>|:=|=)\s{{0,3}}"
COLON = rf"(?:{QUOTE})?\]?\s{{0,3}}:\s{{0,3}}"
ASSIGN = rf"(?:{QUOTE})?\]?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}"
OPTION = rf"(?:{QUOTE},)?\s{{1,3}}(?!-)"

# A value in quotes goes to the same quotes, a bare one to where its sentence, list or address
# goes on; brackets, quotes and commas inside a word are part of it, and brackets around it. What
# was put for a part of it before does not end it.
PUT = r"<[a-z][a-z0-9-]{0,60}>"
BARE = r"[^\s\"'`&;,<>()\[\]{}]"
INNER = rf"[\"'`,<>()\[\]{{}}](?={BARE})(?![.:=])(?![A-Za-z_][\w.-]{{0,30}}\s?[=:])"
CLOSED = r"(?:<[^<>\s\"'][^<>\r\n\"']{0,60}>|[$]?[{][^{}\s\"']{1,128}[}]|\[[^\[\]\s\"']{1,60}\])"
OPENED = r"(?:[(\[{]|<(?![a-z]{1,10}\s))"
VALUE = (
    rf"(?:[bruf]{{0,2}}(?P<quote>{QUOTE}))?"
    r"(?P<hit>(?(quote)(?:(?!(?P=quote))(?:\\.|[^\r\n])){1,1024}+"
    rf"|(?!\\)(?:{CLOSED}|{BARE}|{OPENED}(?={BARE}))"
    rf"(?:{BARE}|{PUT}|{INNER}){{0,1023}}+))"
)
QUOTED = rf"[bruf]{{0,2}}(?P<quote>{QUOTE})(?P<hit>(?:(?!(?P=quote))(?:\\.|[^\r\n])){{1,1024}}+)"


def secret(name: str, pattern: str, *hints: str, **more: object) -> Rule:
    """Return a rule that runs always."""
    return Rule(name, pattern, always=True, hints=hints, **more)  # type: ignore[arg-type]
