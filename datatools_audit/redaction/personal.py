"""The rules for what tells of a person or a machine. They run at hand-over."""

from __future__ import annotations

from collections import defaultdict

from datatools_audit.redaction.checks import (
    IBAN_LENGTHS,
    is_address,
    is_address_6,
    is_card,
    is_iban,
    is_national_phone,
    is_person,
    is_phone,
)
from datatools_audit.redaction.rule import Rule

_DIGITS = tuple("0123456789")
_FILES = (
    "csv|tsv|txt|log|json|jsonl|ndjson|xml|ya?ml|toml|html?|xls[xmb]?|ods|docx?|odt|pptx?|pdf|rtf"
    "|png|jpe?g|gif|svg|webp|bmp|tiff?|ico|zip|gz|bz2|xz|tar|7z|parquet|feather|arrow|avro|orc"
    "|ipynb|py|pkl|pickle|npy|npz|db|sqlite|duckdb|sql|bak|tmp|css|js|ts"
)
_ROUND = r"[\w.@+-]{0,63}\w"


def _iban() -> str:
    """Return a pattern that takes the right number of characters for each country."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for country, length in IBAN_LENGTHS.items():
        by_length[length].append(country)
    ways = (f"(?:{'|'.join(by_length[n])})[0-9]{{2}}(?: ?[A-Z0-9]){{{n - 4}}}" for n in by_length)
    return rf"(?<![A-Za-z0-9])(?:{'|'.join(ways)})(?![A-Za-z0-9])"


PERSONAL: tuple[Rule, ...] = (
    Rule(
        "email",
        r"(?<![\w.%+-])[\w%+-](?:[\w.%+-]{0,62}[\w%+-])?@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
        rf"(?!(?:{_FILES})(?![A-Za-z0-9-]))[^\W\d_]{{2,24}}(?![A-Za-z0-9-])",
        hints=("@",),
    ),
    Rule("iban", _iban(), valid=is_iban, hints=_DIGITS),
    Rule(
        "card",
        r"(?<![\w.+-])(?:\d{14,16}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}|\d{4}([ -])\d{6}\2\d{4,5})"
        r"(?![\w-]|\.\d)",
        valid=is_card,
        hints=_DIGITS,
    ),
    Rule(
        "phone",
        r"(?<![\w.+-])\+[1-9](?:[ ./-]?\(?\d\)?){7,14}(?!\w|\.\d)",
        valid=is_phone,
        hints=("+",),
    ),
    Rule(
        "phone",
        r"(?<![\w.+-])(?:(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}"
        r"|[2-9]\d\d([ .-])[2-9]\d\d\1\d{4})(?![\w-]|\.\d)",
        hints=_DIGITS,
    ),
    Rule(
        "phone",
        r"(?i)(?<![a-z])(?:tel(?:efon|ephone)?|phone|fon|mobile?|handy|cell|fax|whatsapp)"
        r"(?:[ _](?:number|nummer|no|nr))?[\"']?\.?\s{0,2}[:=]?\s{0,3}[\"']?"
        r"(?P<hit>\+?\(?\d(?:[ ./()-]{0,2}\d){6,14})(?![\w-]|\.\d)",
        valid=is_phone,
        hints=("tel", "phone", "fon", "mobil", "handy", "cell", "fax", "whatsapp"),
    ),
    Rule(
        "phone",
        r"(?<![\w.,:/+-])(?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})(?: ?/ ?| )"
        r"\d{2,8}(?:[ -]\d{2,8}){0,4}(?![\w-]|\.\d)",
        valid=is_national_phone,
        hints=("0",),
    ),
    # A version may have four parts too: what says that it is one is left alone.
    Rule(
        "ip",
        r"(?<![\w.])(?<!==)(?<![A-Za-z]-)(?<![A-Za-z0-9]/)(?<!ersion )(?<!ersion: )(?<!ection )"
        r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
        r"(?!\w|\.\d)",
        valid=is_address,
        hints=_DIGITS,
    ),
    Rule(
        "ip",
        r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?<=::))(?!\w|:\w|\.\d)",
        valid=is_address_6,
        hints=(":",),
    ),
    Rule(
        "user",
        rf"(?:(?:(?<![\w.])|(?<=[^\w.]/[a-z])|(?<=/mnt/[a-z])|(?<=/var)|(?<=/export))"
        rf"(?<!(?:GET|PUT) )(?<!(?:POST|HEAD) )(?<!PATCH )(?<!DELETE )/(?:home|Users)/"
        rf"|(?:(?<![A-Za-z])[A-Za-z]:|(?:(?<![\\\w])\\{{2,8}}|(?<![:/\w])//)[\w.-]{{1,64}})"
        rf"(?:\\{{1,8}}|/)(?i:users|documents and settings)(?:\\{{1,8}}|/))"
        rf"(?P<hit>{_ROUND}(?: [\w.-]{{1,32}}){{1,2}}(?=\\)|{_ROUND})",
        valid=is_person,
        hints=("home/", "users", "documents and settings"),
    ),
)
