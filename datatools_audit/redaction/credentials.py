"""The rules for secrets: whoever reads one can act in somebody's name. They run always.

Every repetition has a bound, and what is repeated begins where its neighbour to the left is no
part of it, so that no text makes a pattern look at the same place over and over.
"""

from __future__ import annotations

from datatools_audit.redaction.checks import (
    has_credentials,
    is_assigned,
    is_no_name,
    is_no_word,
    is_random,
)
from datatools_audit.redaction.pieces import (
    ASSIGN,
    COLON,
    EQUALS,
    OPTION,
    QUOTE,
    QUOTED,
    VALUE,
    secret,
)
from datatools_audit.redaction.rule import Rule
from datatools_audit.redaction.vendors import VENDORS

# Angle brackets may be in it: what was put for a part of it before.
_USER = r"://(?P<hit>[^\s:/@\"']{0,128}:(?!\d{1,5}(?:[/?#\s\"'<>]|$))"

_NAMES_OF_PASSWORDS = (
    r"(?:pass_?word|passwd|pass[_-]?phrase|pass[_-]?code|passwort|kennwort"
    r"|(?<![a-z])pwd(?!=/[\w.-]{0,64}(?:/|\s|$))|(?<![a-z])pw(?![a-z])"
    r"|(?<![a-z])(?<!(?<![a-z])n_)(?:pass(?==\s?\D|[\"']\s?:)|(?<![a-z]\s)pass(?=\s=\s?\D)))"
    r"(?:_?\d{1,6}|[_-]?(?:hash|value|text|new|old|confirm(?:ation)?|repeat|field))?"
)
_NAMES_OF_SECRETS = (
    r"(?:secret(?:[_-]?(?:access[_-]?)?(?:key|token|value|hash))?"
    r"|(?:private|account|encryption|signing|master|shared|consumer|licen[cs]e)"
    r"[_-]?key|(?<![a-z])credential)"
)
_NAMES_OF_TOKENS = (
    r"(?:token|api[_ -]?key|access[_-]?key(?:[_-]?id)?|auth[_-]?key|subscription[_-]?key)"
    r"(?:[_ ](?:value|provided))?"
)
_HINTS_OF_TOKENS = ("token", "key")
_HINTS_OF_SECRETS = ("secret", "key", "credential")
_HINTS_OF_PASSWORDS = ("pass", "pw", "kennwort")

# A name and its value as a pair, as an element, as two fields of one object.
_PAIRED = rf"\({QUOTE}%s{QUOTE},\s{{0,3}}{QUOTED}(?=[^)\r\n]{{1,2}}\))"
_ELEMENT = r"<(?:[a-z]{1,20}:)?%s>(?P<hit>[^<>\r\n]{1,1024})</(?:[a-z]{1,20}:)?%s>"
_FIELDS = (
    rf"(?:name|key|field|label){ASSIGN}{QUOTE}[\w-]{{0,64}}?%s{QUOTE},?\s{{1,3}}"
    rf"(?:{QUOTE})?value{ASSIGN}{QUOTED}"
)
_FORMS = (_PAIRED, _ELEMENT, _FIELDS)


SECRETS: tuple[Rule, ...] = (
    secret(
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?=[\s\\A-Za-z0-9+/])"
        r"(?:[^-]|-(?!----)){0,20000}+(?:-----END [A-Z0-9 ]{1,40}-----)?",
        "-----begin ",
    ),
    # A password may hold @ and /. On the web a path may hold @ too: there the last @ before the
    # path counts, or the first one after it; a database's address has none after its host.
    secret(
        "credentials",
        rf"(?i:(?<=http)|(?<=https)|(?<=wss)|(?<=ws)){_USER}"
        r"(?:[^\s\"'/]{0,256}(?=@)|[^\s\"'@]{1,256}(?=@)))",
        "://",
    ),
    secret(
        "credentials",
        rf"(?i:(?<!http)(?<!https)(?<!wss)(?<!ws)){_USER}[^\s\"']{{1,256}}(?=@))",
        "://",
    ),
    secret("credentials", r"://(?P<hit>[A-Za-z0-9_-]{20,256})@", "://"),
    *VENDORS,
    secret(
        "authorization",
        rf"(?i)(?<![a-z])authorization{ASSIGN}(?:{QUOTE})?"
        r"(?P<hit>(?:basic|bearer|token|negotiate|ntlm|apikey)\s{1,4}[^\s\"',;]{1,8192}"
        r"|(?:digest|aws4-hmac-sha256)\s[^\r\n]{1,2048})",
        "authorization",
        valid=has_credentials,
    ),
    secret(
        "authorization",
        rf"(?i)(?<![a-z])authorization{ASSIGN}(?:{QUOTE})?"
        r"(?P<hit>[^\s\"',;<>]{8,8192})",
        "authorization",
        valid=is_random,
    ),
    secret(
        "bearer",
        r"(?i)(?<![a-z])bearer\s{1,4}(?P<hit>[A-Za-z0-9._~+/=-]{8,8192}+)",
        "bearer",
        valid=is_random,
    ),
    secret(
        "cookie",
        rf"(?i)(?<![a-z])cookie{COLON}(?:{QUOTE})?"
        r"(?P<hit>[^\s=;,\"'<>]{1,128}=[^\r\n\"']{1,4096})",
        "cookie",
    ),
    secret(
        "password",
        rf"(?i){_NAMES_OF_PASSWORDS}{ASSIGN}{VALUE}",
        *_HINTS_OF_PASSWORDS,
        valid=is_no_word,
    ),
    secret(
        "password",
        rf"(?i){_NAMES_OF_PASSWORDS}\s{{1,2}}(?:is |was )?{QUOTED}",
        *_HINTS_OF_PASSWORDS,
        valid=is_no_word,
    ),
    *(
        secret(
            "password",
            "(?i)" + form.replace("%s", _NAMES_OF_PASSWORDS),
            *_HINTS_OF_PASSWORDS,
            valid=is_no_name,
        )
        for form in _FORMS
    ),
    secret(
        "password",
        rf"(?i)identified\s{{1,3}}(?:with\s[\w'\"]{{1,40}}\s{{1,3}})?by\s{{1,3}}{QUOTED}",
        "identified",
    ),
    secret(
        "password",
        rf"(?i)(?<![a-z])(?:http(?:basic|digest|proxy)auth|basicauth|auth=)\(\s?(?:\w{{1,20}}=)?"
        rf"{QUOTE}[^\"'\r\n]{{0,128}}{QUOTE},\s{{0,3}}(?:\w{{1,20}}=)?{QUOTED}",
        "auth(",
        "auth=(",
        valid=is_no_word,
    ),
    secret(
        "password",
        rf"(?i)--{_NAMES_OF_PASSWORDS}{OPTION}{VALUE}",
        "--pass",
        "--pwd",
        valid=is_no_word,
    ),
    secret(
        "secret",
        rf"(?i){_NAMES_OF_SECRETS}{ASSIGN}{VALUE}",
        *_HINTS_OF_SECRETS,
        valid=is_assigned,
    ),
    secret(
        "secret",
        r"(?i)(?<![a-z])(?:sig|x-(?:amz|goog)-(?:signature|credential|security-token))="
        r"(?P<hit>[A-Za-z0-9%+/=_.~-]{8,4096}+)",
        "sig=",
        "x-amz-",
        "x-goog-",
        valid=is_random,
    ),
    *(
        secret(
            "token",
            "(?i)" + form.replace("%s", f"(?:{_NAMES_OF_TOKENS}|{_NAMES_OF_SECRETS})"),
            *_HINTS_OF_TOKENS,
            *_HINTS_OF_SECRETS,
            valid=is_no_name,
        )
        for form in _FORMS
    ),
    secret(
        "token",
        rf"(?i){_NAMES_OF_TOKENS}{EQUALS}{VALUE}",
        *_HINTS_OF_TOKENS,
        valid=is_assigned,
    ),
    secret(
        "token",
        rf"(?i){_NAMES_OF_TOKENS}{QUOTE}\]?\s{{0,3}}:\s{{0,3}}{QUOTED}",
        *_HINTS_OF_TOKENS,
        valid=is_assigned,
    ),
    secret("token", rf"(?i){_NAMES_OF_TOKENS}{COLON}{VALUE}", *_HINTS_OF_TOKENS, valid=is_random),
    secret(
        "token",
        rf"(?i)--(?:[a-z]{{1,20}}-){{0,2}}(?:{_NAMES_OF_TOKENS}|{_NAMES_OF_SECRETS}){OPTION}{VALUE}",
        *_HINTS_OF_TOKENS,
        *_HINTS_OF_SECRETS,
        valid=is_assigned,
    ),
)
