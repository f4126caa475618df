"""The rules for secrets: whoever reads one can act in somebody's name. They run always.

Every repetition has a bound, and what is repeated begins where its neighbour to the left is no
part of it, so that no text makes a pattern look at the same place over and over.
"""

from __future__ import annotations

from datatools_audit.redaction.checks import (
    has_credentials,
    is_assigned,
    is_mixed,
    is_no_name,
    is_no_word,
    is_random,
)
from datatools_audit.redaction.rule import Rule

_START = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9_-])"

# What may stand between a name and its value: `name = `, `"name": `, `{\"name\":\"`, `--name `.
_QUOTE = r"\\{0,2}[\"'`]"
_EQUALS = rf"(?:{_QUOTE})?\]?\s{{0,3}}(?:=>|:=|=)\s{{0,3}}"
_COLON = rf"(?:{_QUOTE})?\]?\s{{0,3}}:\s{{0,3}}"
_ASSIGN = rf"(?:{_QUOTE})?\]?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}"
_OPTION = rf"(?:{_QUOTE},)?\s{{1,3}}(?!-)"

# A value in quotes goes to the same quotes, a bare one to where its sentence, list or address
# goes on; brackets, quotes and commas inside a word are part of it, and brackets around it. What
# was put for a part of it before does not end it.
_PUT = r"<[a-z][a-z0-9-]{0,60}>"
_BARE = r"[^\s\"'`&;,<>()\[\]{}]"
_INNER = rf"[\"'`,<>()\[\]{{}}](?={_BARE})(?![.:=])(?![A-Za-z_][\w.-]{{0,30}}\s?[=:])"
_CLOSED = r"(?:<[^<>\s\"'][^<>\r\n\"']{0,60}>|[$]?[{][^{}\s\"']{1,128}[}]|\[[^\[\]\s\"']{1,60}\])"
_OPENED = r"(?:[(\[{]|<(?![a-z]{1,10}\s))"
_VALUE = (
    rf"(?:[bruf]{{0,2}}(?P<quote>{_QUOTE}))?"
    r"(?P<hit>(?(quote)(?:(?!(?P=quote))(?:\\.|[^\r\n])){1,1024}+"
    rf"|(?!\\)(?:{_CLOSED}|{_BARE}|{_OPENED}(?={_BARE}))"
    rf"(?:{_BARE}|{_PUT}|{_INNER}){{0,1023}}+))"
)
_QUOTED = rf"[bruf]{{0,2}}(?P<quote>{_QUOTE})(?P<hit>(?:(?!(?P=quote))(?:\\.|[^\r\n])){{1,1024}}+)"

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
_AWS = ("akia", "asia", "abia", "acca", "aroa", "aida")
_HINTS_OF_TOKENS = ("token", "key")
_HINTS_OF_SECRETS = ("secret", "key", "credential")
_HINTS_OF_PASSWORDS = ("pass", "pw", "kennwort")

# A name and its value as a pair, as an element, as two fields of one object.
_PAIRED = rf"\({_QUOTE}%s{_QUOTE},\s{{0,3}}{_QUOTED}(?=[^)\r\n]{{1,2}}\))"
_ELEMENT = r"<(?:[a-z]{1,20}:)?%s>(?P<hit>[^<>\r\n]{1,1024})</(?:[a-z]{1,20}:)?%s>"
_FIELDS = (
    rf"(?:name|key|field|label){_ASSIGN}{_QUOTE}[\w-]{{0,64}}?%s{_QUOTE},?\s{{1,3}}"
    rf"(?:{_QUOTE})?value{_ASSIGN}{_QUOTED}"
)
_FORMS = (_PAIRED, _ELEMENT, _FIELDS)


def _secret(name: str, pattern: str, *hints: str, **more: object) -> Rule:
    return Rule(name, pattern, always=True, hints=hints, **more)  # type: ignore[arg-type]


SECRETS: tuple[Rule, ...] = (
    _secret(
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?=[\s\\A-Za-z0-9+/])"
        r"(?:[^-]|-(?!----)){0,20000}+(?:-----END [A-Z0-9 ]{1,40}-----)?",
        "-----begin ",
    ),
    # A password may hold @ and /. On the web a path may hold @ too: there the last @ before the
    # path counts, or the first one after it; a database's address has none after its host.
    _secret(
        "credentials",
        rf"(?i:(?<=http)|(?<=https)|(?<=wss)|(?<=ws)){_USER}"
        r"(?:[^\s\"'/]{0,256}(?=@)|[^\s\"'@]{1,256}(?=@)))",
        "://",
    ),
    _secret(
        "credentials",
        rf"(?i:(?<!http)(?<!https)(?<!wss)(?<!ws)){_USER}[^\s\"']{{1,256}}(?=@))",
        "://",
    ),
    _secret("credentials", r"://(?P<hit>[A-Za-z0-9_-]{20,256})@", "://"),
    _secret(
        "jwt",
        _START
        + r"eyJ[A-Za-z0-9_-]{8,4096}+\.[A-Za-z0-9_-]{4,8192}+(?:\.[A-Za-z0-9_-]{0,8192}+){0,3}",
        "eyj",
    ),
    # Before its key id, which often stands beside it and would be replaced first.
    _secret(
        "aws-secret",
        rf"(?i:secret_?(?:access_?)?key{_ASSIGN}(?:{_QUOTE})?|A[A-Z]{{3}}[A-Z2-7]{{16}}[\"',;:\s]{{1,4}})"
        r"(?P<hit>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "secret",
        *_AWS,
    ),
    _secret(
        "aws-key",
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z2-7]{16}(?![A-Za-z0-9])",
        *_AWS,
    ),
    _secret(
        "github-token",
        _START + r"(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})" + _END,
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
    ),
    _secret(
        "gitlab-token",
        _START + r"gl(?:pat|rt|dt|ptt)-[A-Za-z0-9_.-]{20,255}",
        "glpat-",
        "glrt-",
        "gldt-",
        "glptt-",
    ),
    _secret("slack-token", _START + r"xox[abeoprs]-[A-Za-z0-9-]{10,250}", "xox"),
    _secret("slack-token", _START + r"xapp-\d-[A-Za-z0-9-]{10,250}", "xapp-"),
    _secret("slack-token", _START + r"xoxd-[A-Za-z0-9%+/=_-]{10,512}", "xox"),
    _secret(
        "slack-token",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<hit>[A-Za-z0-9/_-]{20,200})",
        "hooks.slack",
    ),
    _secret("google-key", _START + r"AIza[A-Za-z0-9_-]{35}" + _END, "aiza"),
    _secret("google-key", _START + r"GOCSPX-[A-Za-z0-9_-]{20,64}" + _END, "gocspx-"),
    _secret("google-key", _START + r"ya29\.[A-Za-z0-9_.-]{20,2048}", "ya29."),
    _secret("openai-key", _START + r"sk-[A-Za-z0-9_-]{20,256}" + _END, "sk-", valid=is_mixed),
    _secret(
        "stripe-key",
        _START + r"(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,255}" + _END,
        "k_live_",
        "k_test_",
        "whsec_",
    ),
    _secret("npm-token", _START + r"npm_[A-Za-z0-9]{36}" + _END, "npm_"),
    _secret("pypi-token", _START + r"pypi-AgE[A-Za-z0-9_-]{50,512}", "pypi-age"),
    _secret(
        "sendgrid-key", _START + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}" + _END, "sg."
    ),
    _secret("huggingface-token", _START + r"hf_[A-Za-z0-9]{30,64}" + _END, "hf_"),
    _secret("databricks-token", _START + r"dapi[0-9a-f]{32}(?:-\d{1,2})?" + _END, "dapi"),
    _secret(
        "api-key",
        _START + r"(?:SK[0-9a-f]{32}|key-[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
        r"|do[opr]_v1_[0-9a-f]{64}|ATATT3[A-Za-z0-9_=-]{20,400}|hvs\.[A-Za-z0-9_-]{20,200}"
        r"|dckr_[po]at_[A-Za-z0-9_-]{20,64}|(?:gsk_|xai-|pplx-|r8_)[A-Za-z0-9]{20,120}"
        r"|glsa_[A-Za-z0-9]{20,60}(?:_[0-9a-f]{8})?|NRAK-[A-Z0-9]{20,40}|sbp_[0-9a-f]{40}"
        r"|(?:lin_api_|ntn_)[A-Za-z0-9]{20,80}|HRKU-[A-Za-z0-9_-]{20,120}"
        r"|sk-or-v1-[0-9a-f]{40,80})" + _END,
        *("key-", "shp", "_v1_", "atatt3", "hvs.", "dckr_", "gsk_", "xai-", "pplx-", "r8_"),
        *("glsa_", "nrak-", "sbp_", "lin_api_", "ntn_", "hrku-", "sk-or-"),
        *(f"sk{digit}" for digit in "0123456789abcdef"),
    ),
    _secret(
        "authorization",
        rf"(?i)(?<![a-z])authorization{_ASSIGN}(?:{_QUOTE})?"
        r"(?P<hit>(?:basic|bearer|token|negotiate|ntlm|apikey)\s{1,4}[^\s\"',;]{1,8192}"
        r"|(?:digest|aws4-hmac-sha256)\s[^\r\n]{1,2048})",
        "authorization",
        valid=has_credentials,
    ),
    _secret(
        "authorization",
        rf"(?i)(?<![a-z])authorization{_ASSIGN}(?:{_QUOTE})?"
        r"(?P<hit>[^\s\"',;<>]{8,8192})",
        "authorization",
        valid=is_random,
    ),
    _secret(
        "bearer",
        r"(?i)(?<![a-z])bearer\s{1,4}(?P<hit>[A-Za-z0-9._~+/=-]{8,8192}+)",
        "bearer",
        valid=is_random,
    ),
    _secret(
        "cookie",
        rf"(?i)(?<![a-z])cookie{_COLON}(?:{_QUOTE})?"
        r"(?P<hit>[^\s=;,\"'<>]{1,128}=[^\r\n\"']{1,4096})",
        "cookie",
    ),
    _secret(
        "password",
        rf"(?i){_NAMES_OF_PASSWORDS}{_ASSIGN}{_VALUE}",
        *_HINTS_OF_PASSWORDS,
        valid=is_no_word,
    ),
    _secret(
        "password",
        rf"(?i){_NAMES_OF_PASSWORDS}\s{{1,2}}(?:is |was )?{_QUOTED}",
        *_HINTS_OF_PASSWORDS,
        valid=is_no_word,
    ),
    *(
        _secret(
            "password",
            "(?i)" + form.replace("%s", _NAMES_OF_PASSWORDS),
            *_HINTS_OF_PASSWORDS,
            valid=is_no_name,
        )
        for form in _FORMS
    ),
    _secret(
        "password",
        rf"(?i)identified\s{{1,3}}(?:with\s[\w'\"]{{1,40}}\s{{1,3}})?by\s{{1,3}}{_QUOTED}",
        "identified",
    ),
    _secret(
        "password",
        rf"(?i)(?<![a-z])(?:http(?:basic|digest|proxy)auth|basicauth|auth=)\(\s?(?:\w{{1,20}}=)?"
        rf"{_QUOTE}[^\"'\r\n]{{0,128}}{_QUOTE},\s{{0,3}}(?:\w{{1,20}}=)?{_QUOTED}",
        "auth(",
        "auth=(",
        valid=is_no_word,
    ),
    _secret(
        "password",
        rf"(?i)--{_NAMES_OF_PASSWORDS}{_OPTION}{_VALUE}",
        "--pass",
        "--pwd",
        valid=is_no_word,
    ),
    _secret(
        "secret",
        rf"(?i){_NAMES_OF_SECRETS}{_ASSIGN}{_VALUE}",
        *_HINTS_OF_SECRETS,
        valid=is_assigned,
    ),
    _secret(
        "secret",
        r"(?i)(?<![a-z])(?:sig|x-(?:amz|goog)-(?:signature|credential|security-token))="
        r"(?P<hit>[A-Za-z0-9%+/=_.~-]{8,4096}+)",
        "sig=",
        "x-amz-",
        "x-goog-",
        valid=is_random,
    ),
    *(
        _secret(
            "token",
            "(?i)" + form.replace("%s", f"(?:{_NAMES_OF_TOKENS}|{_NAMES_OF_SECRETS})"),
            *_HINTS_OF_TOKENS,
            *_HINTS_OF_SECRETS,
            valid=is_no_name,
        )
        for form in _FORMS
    ),
    _secret(
        "token",
        rf"(?i){_NAMES_OF_TOKENS}{_EQUALS}{_VALUE}",
        *_HINTS_OF_TOKENS,
        valid=is_assigned,
    ),
    _secret(
        "token",
        rf"(?i){_NAMES_OF_TOKENS}{_QUOTE}\]?\s{{0,3}}:\s{{0,3}}{_QUOTED}",
        *_HINTS_OF_TOKENS,
        valid=is_assigned,
    ),
    _secret(
        "token", rf"(?i){_NAMES_OF_TOKENS}{_COLON}{_VALUE}", *_HINTS_OF_TOKENS, valid=is_random
    ),
    _secret(
        "token",
        rf"(?i)--(?:[a-z]{{1,20}}-){{0,2}}(?:{_NAMES_OF_TOKENS}|{_NAMES_OF_SECRETS}){_OPTION}{_VALUE}",
        *_HINTS_OF_TOKENS,
        *_HINTS_OF_SECRETS,
        valid=is_assigned,
    ),
)
