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
_METHODS = (
    "mean|sum|std|max|min|shape|reshape|copy|astype|numpy|flatten|ravel|transpose|size|dtype|values"
    "|item|dot|tolist"
)
_GAP = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}-]"
_POINT = "[ .\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}-]"
_COUNTRY = (
    r"(?:1|7|2(?:0|7|[1-69]\d)|3(?:[0-469]|[578]\d)|4(?:[013-9]|2\d)|5(?:[1-8]|[09]\d)"
    r"|6(?:[0-6]|[7-9]\d)|8(?:[1246]|[058]\d)|9(?:[0-58]|[679]\d))"
)
_ROUND = r"[\w.@+-]{0,63}\w"


def _iban() -> str:
    """Return a pattern that takes the right number of characters for each country."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for country, length in IBAN_LENGTHS.items():
        by_length[length].append(country)
    ways = (
        f"(?:{'|'.join(by_length[n])})[0-9]{{2}}(?:{_GAP}?[A-Z0-9]){{{n - 4}}}" for n in by_length
    )
    return rf"(?<![A-Za-z0-9])(?:{'|'.join(ways)})(?![A-Za-z0-9])"


PERSONAL: tuple[Rule, ...] = (
    Rule(
        "email",
        r"(?<![\w.%+-])(?!git@[\w.-]{1,100}[:/])"
        r"[\w%+-](?:(?:[\w.%+-]|(?<=[odlODL])'(?=\w)){0,62}[\w%+-])?@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
        rf"(?!(?:{_FILES}|{_METHODS})(?![A-Za-z0-9-]))"
        r"(?:xn--[A-Za-z0-9-]{2,59}|[^\W\d_]{2,24})(?![A-Za-z0-9-])",
        hints=("@",),
    ),
    Rule("iban", _iban(), valid=is_iban, hints=_DIGITS),
    Rule(
        "card",
        rf"(?<![\w.+-])(?<!\d{{4}} )(?:\d{{14,16}}|\d{{4}}({_POINT})\d{{4}}\1\d{{4}}\1\d{{1,4}}"
        rf"|\d{{4}}({_POINT})\d{{6}}\2\d{{4,5}})(?![\w-]|\.\d| \d{{4}})",
        valid=is_card,
        hints=_DIGITS,
    ),
    Rule(
        "phone",
        r"(?<![\w.+-])(?<!\d )(?<!\d, )(?<![Dd]elta )(?<![Dd]iff )(?<!ffset )(?<!hange )"
        r"(?:\+[1-9]\d{9,14}(?!\w|\.\d|,? [+-]\d)"
        r"(?! ?(?:bytes?|[kKMGT]i?B|[mµn]?s|rows?|%|items|points)(?!\w))"
        r"|(?=\+\d{1,14}(?:[ ./-]\(?\d|\())"
        r"\+[1-9](?:[ ./-]?(?:\d|\(\d{1,4}\))){6,14}(?!\w|\.\d))",
        valid=is_phone,
        hints=("+",),
    ),
    Rule(
        "phone",
        r"(?<![\w.+-])(?:(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}"
        r"|(?:1-)?[2-9]\d\d-[2-9]\d\d-\d{4}"
        r"|(?:(?<=call )|(?<=Call )|(?<=dial )|(?<=Dial )|1[ .])[2-9]\d\d([ .])[2-9]\d\d\1\d{4})"
        r"(?![\w-]|\.\d| \d)",
        hints=_DIGITS,
    ),
    Rule(
        "phone",
        r"(?i)(?<![a-z])(?:tel(?:efon|ephone)?|phone|fon|mobile?|handy|cell|fax|whatsapp)"
        r"(?:[ _]?(?:number|nummer|no|nr))?[\"']?\.?\s{0,2}[:=]?\s{0,3}[\"']?"
        r"(?P<hit>\+?\(?\d(?:[ ./()-]{0,2}\d){6,14})(?![\w-]|\.\d)",
        valid=is_phone,
        hints=("tel", "phone", "fon", "mobil", "handy", "cell", "fax", "whatsapp"),
    ),
    Rule(
        "phone",
        r"(?<![\w.,:/+-])(?<!\d )(?:(?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})(?: ?/ ?| )"
        rf"\d{{2,8}}(?:[ -]\d{{2,8}}){{0,4}}|01[5-7]\d{{1,2}}-\d{{6,8}}"
        rf"|00{_COUNTRY}[ ./-](?:\(0\) ?)?[1-9]\d{{0,4}}(?:[ /-]\d{{2,8}}){{1,4}})"
        r"(?![\w-]|\.\d| \d)",
        valid=is_national_phone,
        hints=("0",),
    ),
    # A version may have four parts too: what says that it is one is left alone.
    Rule(
        "ip",
        r"(?<![\w.])(?<![=<>~!]=)(?<![A-Za-z]-)(?<![A-Za-z0-9]/)(?<![Ss]ection )(?<![Dd]river )"
        r"(?<!ersion[ =(:])(?<!ersion: )(?<!ersion[=(][\"'])(?<!ersion[\"']: [\"'])"
        r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
        r"(?!\w|\.\d)",
        valid=is_address,
        hints=_DIGITS,
    ),
    Rule(
        "ip",
        r"(?<![\w:.])(?<!\w\[)(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?<=::))(?!\w|:\w|\.\d)",
        valid=is_address_6,
        hints=(":",),
    ),
    Rule(
        "user",
        rf"(?:(?:(?<![\w.])|(?<=[^\w.]/[a-z])|(?<=/mnt/[a-z])|(?<=/(?:mnt|nfs|net|var))|(?<=/export))"
        rf"(?<!(?:GET|PUT) )(?<!(?:POST|HEAD) )(?<!PATCH )(?<!DELETE )/(?:home|Users)/"
        rf"|(?<![:/\w])//[\w.-]{{1,64}}/Users/"
        rf"|(?:(?<![A-Za-z])[A-Za-z]:|(?<![\\\w])\\{{2,8}}[\w.-]{{1,64}})"
        rf"(?:\\{{1,8}}|/)(?i:users|documents and settings)(?:\\{{1,8}}|/))"
        rf"(?P<hit>{_ROUND}(?: [\w.-]{{1,32}}){{1,2}}(?=\\)|{_ROUND})",
        valid=is_person,
        hints=("home/", "users", "documents and settings"),
    ),
)
