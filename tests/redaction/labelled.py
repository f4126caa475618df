"""A labelled set: texts with one value to be redacted, and texts that have to stay.

Made with a fixed seed, so that each run has the same, and of cases written by hand.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20_240_501
EACH = 12
HOME, USER, HOST = "/home/rosa", "rosa", "rosas-laptop.example.net"
"""What the machine is called while the set is tried."""

_HEX = "0123456789abcdef"
_SMALL = string.ascii_lowercase + string.digits
_MIXED = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Positive:
    """A text with one value that has to go.

    Attributes:
        rule: The name of the rule that should hit.
        text: The whole text.
        value: The part of it that should be replaced.
    """

    rule: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A text that has to stay as it is.

    Attributes:
        kind: What it is about: ``session id``, ``file name``, ….
        text: The whole text.
    """

    kind: str
    text: str


_ANYWHERE = (
    "{}",
    "Cannot read {}",
    "ValueError: invalid literal for int() with base 10: '{}'",
    "Traceback (most recent call last):\n  File \"load.py\", line 41, in load\nKeyError: '{}'",
    "2024-05-01 14:02:11,123 ERROR app.load: {} was refused (attempt 3 of 5)",
    '{{"row": 17, "value": "{}", "ok": false}}',
    "row 17: ['Ann', '{}', 3.5]",
    "Is it {}?",
    "In ({}), line 3.",
    "Customer: {}, since 2019",
)


class _Maker:
    """Draws values."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)

    def of(self, alphabet: str, length: int) -> str:
        return "".join(self.random.choices(alphabet, k=length))

    def digits(self, length: int) -> str:
        return self.of(string.digits, length)

    def pick(self, *these: str) -> str:
        return self.random.choice(these)

    def email(self) -> str:
        name = self.pick("ann", "bob.smith", "r_d", "x+news", "o-connor", "jürgen", "Max.Müller")
        host = self.pick("example.com", "mail.example.co.uk", "firma.de", "uni-köln.de", "x.io")
        return f"{name}{self.random.randrange(100)}@{host}"

    def phone(self) -> str:
        return self.pick(
            f"+49 30 {self.digits(8)}",
            f"+49 (0)171 {self.digits(7)}",
            f"+1-212-{self.of('23456789', 3)}-{self.digits(4)}",
            f"+44 20 7946 {self.digits(4)}",
            f"+33 1 {self.digits(2)} {self.digits(2)} {self.digits(2)} {self.digits(2)}",
            f"+4179{self.digits(7)}",
            f"({self.of('23456789', 3)}) {self.of('23456789', 3)}-{self.digits(4)}",
            f"{self.of('23456789', 3)}-{self.of('23456789', 3)}-{self.digits(4)}",
            f"0171 {self.digits(7)}",
            f"030/{self.digits(7)}",
            f"01 {self.digits(2)} {self.digits(2)} {self.digits(2)} {self.digits(2)}",
        )

    def card(self) -> str:
        begin = self.pick("4", "51", "55", "2720", "37", "6011", "3530")
        length = 15 if begin == "37" else 16
        body = begin + self.digits(length - 1 - len(begin))
        doubled = (sum(divmod(2 * int(d), 10)) for d in body[::-2])
        number = body + str(-(sum(map(int, body[-2::-2])) + sum(doubled)) % 10)
        if length == 15:
            return self.pick(number, f"{number[:4]} {number[4:10]} {number[10:]}")
        parts = [number[n : n + 4] for n in range(0, 16, 4)]
        return self.pick(" " if begin == "2720" else "", " ", "-").join(parts)

    def iban(self) -> str:
        country, rest = self.random.choice(
            [
                ("DE", self.digits(18)),
                ("AT", self.digits(16)),
                ("BE", self.digits(12)),
                ("GB", self.of(string.ascii_uppercase, 4) + self.digits(14)),
                ("FR", self.digits(10) + self.of(string.digits + "ABC", 11) + self.digits(2)),
                ("NO", self.digits(11)),
            ]
        )
        number = int("".join(str(int(each, 36)) for each in f"{rest}{country}00"))
        iban = f"{country}{98 - number % 97:02}{rest}"
        spaced = " ".join(iban[n : n + 4] for n in range(0, len(iban), 4))
        return self.pick(iban, spaced)

    def ip(self) -> str:
        octets = ".".join(str(self.random.randrange(1, 255)) for _ in range(3))
        first = self.pick("10", "192", "172", "85", "203")
        groups = [f"{self.random.randrange(1, 65536):x}" for _ in range(6)]
        six = self.pick(
            f"2001:db8:{':'.join(groups)}",
            f"2a02:8070::{groups[0]}",
            f"fe80::{':'.join(groups[:4])}",
            f"fd00::{groups[1]}",
        )
        return self.pick(f"{first}.{octets}", six)

    def jwt(self) -> str:
        head = {"alg": self.pick("HS256", "RS256"), "typ": "JWT"}
        body = {"sub": self.digits(9), "name": self.email(), "iat": 1_516_239_022}
        parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in (head, body)]
        return ".".join([*(part.rstrip("=") for part in parts), self.of(_MIXED + "-_", 43)])

    def password(self) -> str:
        return self.pick(
            "hunter2", "Tr0ub4dor", "correct-horse", f"Pa$${self.digits(3)}!", "123456", "geheim7"
        )

    def private_key(self) -> str:
        kind = self.pick("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY")
        lines = "\n".join(self.of(_MIXED + "+/", 64) for _ in range(6))
        return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----"


def _provider_tokens(make: _Maker) -> dict[str, list[Callable[[], str]]]:
    """Return what makes the tokens that can be told by themselves."""
    upper = string.ascii_uppercase + "234567"
    return {
        "jwt": [make.jwt],
        "aws-key": [lambda: make.pick("AKIA", "ASIA") + make.of(upper, 16)],
        "github-token": [
            lambda: make.pick("ghp_", "gho_", "ghs_") + make.of(_MIXED, 36),
            lambda: f"github_pat_{make.of(_MIXED, 22)}_{make.of(_MIXED, 59)}",
        ],
        "gitlab-token": [lambda: "glpat-" + make.of(_MIXED + "-_", 19) + "x"],
        "slack-token": [
            lambda: f"xoxb-{make.digits(12)}-{make.digits(12)}-{make.of(_MIXED, 24)}",
            lambda: f"xapp-1-A{make.digits(10)}-{make.digits(13)}-{make.of(_SMALL, 64)}",
        ],
        "google-key": [
            lambda: "AIza" + make.of(_MIXED + "-_", 34) + "x",
            lambda: "ya29." + make.of(_MIXED, 60),
        ],
        "openai-key": [
            lambda: "sk-aA1" + make.of(_MIXED, 45),
            lambda: "sk-proj-aA1" + make.of(_MIXED + "-_", 80) + "x",
            lambda: "sk-ant-api03-aA1" + make.of(_MIXED + "-_", 80) + "x",
        ],
        "stripe-key": [lambda: make.pick("sk_live_", "rk_test_", "whsec_") + make.of(_MIXED, 24)],
        "npm-token": [lambda: "npm_" + make.of(_MIXED, 36)],
        "pypi-token": [lambda: "pypi-AgEIcHlwaS5vcmc" + make.of(_MIXED, 80)],
        "sendgrid-key": [lambda: f"SG.{make.of(_MIXED, 22)}.{make.of(_MIXED, 43)}"],
        "huggingface-token": [lambda: "hf_" + make.of(_MIXED, 34)],
        "databricks-token": [lambda: "dapi" + make.of(_HEX, 32)],
        "private-key": [make.private_key],
        "api-key": [
            lambda: "SK" + make.of(_HEX, 32),
            lambda: "key-" + make.of(_HEX, 32),
            lambda: make.pick("shpat_", "shpca_", "shpss_") + make.of(_HEX, 32),
            lambda: "dop_v1_" + make.of(_HEX, 64),
            lambda: "ATATT3" + make.of(_MIXED + "-_", 60) + "x",
            lambda: "dckr_pat_" + make.of(_MIXED + "-_", 27) + "x",
            lambda: "hvs." + make.of(_MIXED, 90),
            lambda: make.pick("gsk_", "xai-", "pplx-", "r8_") + make.of(_MIXED, 48),
            lambda: f"glsa_{make.of(_MIXED, 32)}_{make.of(_HEX, 8)}",
            lambda: "NRAK-" + make.of(string.ascii_uppercase + string.digits, 27),
            lambda: make.pick("lin_api_", "ntn_") + make.of(_MIXED, 40),
            lambda: "sbp_" + make.of(_HEX, 40),
            lambda: "HRKU-" + make.of(_MIXED, 36),
            lambda: "sk-or-v1-" + make.of(_HEX, 64),
        ],
    }


def _personal(make: _Maker) -> dict[str, list[Callable[[], str]]]:
    return {
        "email": [make.email],
        "phone": [make.phone],
        "card": [make.card],
        "iban": [make.iban],
        "ip": [make.ip],
    }


def _in_context(make: _Maker) -> dict[str, list[tuple[str, Callable[[], str]]]]:
    """Return texts whose value is told only by what stands around it."""
    random_key = lambda: make.of(_MIXED, 30) + "7"  # noqa: E731
    aws_secret = lambda: make.of(_MIXED + "+/", 39) + "x"  # noqa: E731
    return {
        "password": [
            ("connect(host='db', user='ann', password='{}')", make.password),
            ('OperationalError: bad DSN "host=db user=ann password={} port=5432"', make.password),
            ("Server=tcp:db,1433;Uid=sa;Pwd={};Encrypt=yes", make.password),
            ("{{'user': 'ann', 'password': '{}', 'retry': 3}}", make.password),
            ('{{"user": "ann", "passwd": "{}"}}', make.password),
            ("login failed, password: {}", make.password),
            ("DB_PASSWORD={}", make.password),
            ("PGPASSWORD={} psql -h db", make.password),
            (
                "Command '['mysql', '--password', '{}']' returned non-zero exit status 1.",
                make.password,
            ),
            ("mysql --password {} -h db", make.password),
            ('{{\\"password\\": \\"{}\\"}}', make.password),
            ("POST /login?user=ann&password={}&next=/", make.password),
            ("Passwort: {}", make.password),
            ("password='{}', user='ann'", lambda: "it\\'s hunter2"),
            *[
                (f"{name}={{}}", make.password)
                for name in (
                    *("pw", "passcode", "pass_phrase", "password123", "password_field"),
                    "password-confirm",
                )
            ],
            ("SMTP_PASS={}", lambda: "hunter2"),
            ("host=db user=ann pass={}", lambda: "hunter2"),
            ("('password', '{}')", make.password),
            ("{{'name': 'password', 'value': '{}'}}", make.password),
            ('<input name="db_password" value="{}">', make.password),
            ("<password>{}</password>", make.password),
            ("<s:Password>{}</s:Password>", make.password),
            ("CREATE USER ann IDENTIFIED BY '{}'", make.password),
            ("IDENTIFIED WITH sha256_password BY '{}'", make.password),
            ("get(url, auth=HTTPBasicAuth('bob','{}'))", make.password),
            ("get(url, auth=('bob', '{}'))", make.password),
        ],
        "secret": [
            ("client_secret={}", random_key),
            ("SECRET_KEY = '{}'", random_key),
            ("AccountName=x;AccountKey={};EndpointSuffix=core", random_key),
            ("https://x.blob.example.com/c/f.csv?sv=2022&sig={}&se=2024", random_key),
            ("secret: {}", random_key),
            ("consumer_key={}", random_key),
            ("license_key = '{}'", random_key),
        ],
        "token": [
            ("token={}", random_key),
            ("{{'access_token': '{}', 'expires_in': 3600}}", random_key),
            ('{{"refresh_token":"{}"}}', random_key),
            ("X-Api-Key: {}", random_key),
            ("GET /v1/items?api_key={}&page=2 failed", random_key),
            ('apikey = "{}"', random_key),
            ("cli --token {} --verbose", random_key),
            ("('api_key', '{}')", random_key),
            ("<token>{}</token>", random_key),
            ("{{'name': 'X-Api-Key', 'value': '{}'}}", random_key),
        ],
        "authorization": [
            ("Authorization: {}", lambda: f"Bearer {random_key()}"),
            ("authorization: {}", lambda: f"Basic {random_key()}"),
            ("{{'Authorization': '{}', 'Accept': '*/*'}}", lambda: f"Token {random_key()}"),
            ("Authorization: {}", random_key),
        ],
        "bearer": [("sent Bearer {} to the host", random_key)],
        "cookie": [
            ("Cookie: {}", lambda: f"sid={make.of(_MIXED, 20)}; theme=dark"),
            ("{{'Set-Cookie': '{}'}}", lambda: f"sid={make.of(_MIXED, 20)}"),
        ],
        "aws-secret": [
            ("aws_secret_access_key = {}", aws_secret),
            ("{{'SecretAccessKey': '{}'}}", aws_secret),
        ],
        "credentials": [
            ("postgres://{}@db.internal:5432/sales", lambda: f"ann:{make.password()}"),
            ("could not reach https://{}@host/path?x=1", lambda: f"ann:{make.password()}"),
            ("redis://{}@cache/0", lambda: f":{make.password()}"),
            ("mongodb+srv://{}@c0.example.net/?retry=true", lambda: "ann:p@ss/w?rd"),
            ("https://{}@o1.ingest.example.io/2", lambda: make.of(_HEX, 32)),
            ("git clone https://{}@git.example.com/a/b.git", lambda: f"ann:{make.of(_MIXED, 20)}"),
        ],
        "slack-token": [
            (
                "POST https://hooks.slack.com/services/{} failed",
                lambda: f"T{make.digits(8)}/B{make.digits(8)}/{make.of(_MIXED, 24)}",
            ),
            ("d={}; x", lambda: f"xoxd-{make.of(_MIXED, 40)}%2F{make.of(_MIXED, 20)}%3D"),
        ],
        "private-key": [
            ("{}", lambda: make.private_key().replace("\n", "")),
            ("key: {}", lambda: make.private_key().replace("\n", "\\n")),
        ],
        "email": [
            ("from {}", lambda: "o'connor@example.com"),
            ("b'{}'", lambda: "ann@example.com"),
            ("to {}.", lambda: "ann@example.xn--p1ai"),
        ],
        "iban": [
            ("IBAN {}", lambda: "DE89-3704-0044-0532-0130-00"),
            (
                "IBAN {}",
                lambda: "\N{NO-BREAK SPACE}".join(["DE89", "3704", "0044", "0532", "0130", "00"]),
            ),
        ],
        "card": [
            ("card {}", lambda: "4111.1111.1111.1111"),
            ("card {}", lambda: "\N{NO-BREAK SPACE}".join(["4111", "1111", "1111", "1111"])),
            ("card {}, 12/27", lambda: "4111 1111 1111 1111"),
        ],
        "ip": [
            ("Connection {} refused", lambda: "203.0.113.7"),
            ("http://[{}]:443/", lambda: "2001:db8::8a2e:370"),
            ("selection {}", lambda: "203.0.113.7"),
        ],
        "phone": [
            ("from {} today", lambda: f"0049 30 {make.digits(8)}"),
            ("from {} today", lambda: f"0171-{make.digits(7)}"),
            ("phoneNumber: {}", lambda: f"555{make.digits(7)}"),
            ("Telefonnummer: {}", lambda: f"555{make.digits(4)}"),
            ("{}, and +49 more", lambda: f"+1-212-555-{make.digits(4)}"),
            ("call {}", lambda: f"1-212-555-{make.digits(4)}"),
            ("call {}", lambda: f"212 555 {make.digits(4)}"),
            ("Tel. {}", lambda: f"0{make.of('123456789', 3)}-{make.digits(6)}"),
            ("phone: {}", lambda: make.of("123456789", 7)),
            ('{{"mobile": "{}"}}', lambda: f"0171{make.digits(7)}"),
        ],
        "user": [
            ('  File "/home/{}/app/pages/load.py", line 4, in load', lambda: "ann.lee"),
            ("FileNotFoundError: '/Users/{}/Downloads/x.csv'", lambda: "bob"),
            ("cannot open C:\\Users\\{}\\Desktop\\x.xlsx", lambda: "Bob Smith"),
            ("OSError: [Errno 22] 'C:\\\\Users\\\\{}\\\\x.xlsx'", lambda: "ann"),
            ("D:/Users/{}/x.csv", lambda: "müller"),
            ("owned by {}", lambda: USER),
            ("backup_{}.csv", lambda: USER),
            ("table {}_data", lambda: USER),
            ("no such file: /mnt/c/Users/{}/x.csv", lambda: "bob"),
            ("cd /c/Users/{}", lambda: "bob"),
            ("/mnt/home/{}/x", lambda: "bob"),
            ("/var/home/{}/x", lambda: "bob"),
            ("/export/home/{}/x", lambda: "ann.lee"),
            ("\\\\server\\Users\\{}\\x", lambda: "bob"),
            ("//server/Users/{}/x", lambda: "bob"),
            ("'C:\\\\\\\\Users\\\\\\\\{}\\\\\\\\x'", lambda: "bob"),
            ("file:///C:/Users/{}/x", lambda: "bob"),
            ("file:///home/{}/x", lambda: "bob"),
            ("{} has no rights", lambda: USER.title()),
        ],
        "home": [("{}/data/x.csv", lambda: HOME), ("PermissionError: '{}'", lambda: HOME)],
        "host": [
            ("could not connect to {}:5432", lambda: HOST),
            ("from {} at 14:02", lambda: HOST.partition(".")[0]),
        ],
    }


def positives() -> list[Positive]:
    """Return the texts with something to redact; the same ones at each call."""
    make = _Maker()
    found = []
    for rule, makers in {**_provider_tokens(make), **_personal(make)}.items():
        for number in range(max(EACH, len(_ANYWHERE), len(makers))):
            value = makers[number % len(makers)]()
            context = _ANYWHERE[number % len(_ANYWHERE)]
            found.append(Positive(rule, context.format(value), value))
    for rule, contexts in _in_context(make).items():
        for context, value_of in contexts:
            for _ in range(3):
                value = value_of()
                found.append(Positive(rule, context.format(value), value))
    return [*dict.fromkeys(found), *BY_HAND]


_BARE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # of the documentation of AWS

BY_HAND = [
    Positive("email", "mailto:ann@example.com?subject=x", "ann@example.com"),
    Positive("email", "Ann <ann@example.com>", "ann@example.com"),
    Positive("email", "export_ann@example.com.csv", "export_ann@example.com"),
    Positive("email", "user=ann@example.com;", "ann@example.com"),
    Positive("email", '"ann lee"@example.com', '"ann lee"@example.com'),
    Positive("email", "ann at example dot com", "ann at example dot com"),
    Positive("phone", "call 555 0199", "555 0199"),
    Positive("phone", "Ann, 212 555 0199", "212 555 0199"),
    Positive("phone", "212.555.0199", "212.555.0199"),
    Positive("phone", "0815-471134", "0815-471134"),
    Positive("card", "2223000048400011", "2223000048400011"),
    Positive("iban", "de89370400440532013000", "de89370400440532013000"),
    Positive("ip", "ip-10-0-0-17.internal", "10-0-0-17"),
    Positive("password", "my password is hunter2", "hunter2"),
    Positive("password", "curl -u ann:hunter2 https://example.com", "hunter2"),
    Positive("password", "mysql -phunter2", "hunter2"),
    Positive("password", "user=ann pass=123456", "123456"),
    Positive("secret", "the secret swordfish", "swordfish"),
    Positive("token", "token: swordfish", "swordfish"),
    Positive("aws-secret", f"the key {_BARE_SECRET}", _BARE_SECRET),
    # What another rule would find in it, or has found, does not break a secret up.
    Positive("credentials", f"postgres://{USER}:hunter2@db/sales", f"{USER}:hunter2"),
    Positive("credentials", "postgres://<user>:hunter2@db", "<user>:hunter2"),
    Positive("credentials", "https://<user-1>:hunter2@host/path", "<user-1>:hunter2"),
    Positive("credentials", "postgres://ann:p<jwt>x@db", "ann:p<jwt>x"),
    Positive("password", f"password={USER}!2024xyz", f"{USER}!2024xyz"),
    Positive("password", "password=<jwt>hunter2", "<jwt>hunter2"),
    Positive("password", "password='<user-1> hunter2'", "<user-1> hunter2"),
    *[
        Positive("password", f"password={value}", value)
        for value in (
            *("(aB3$kL9m", "<Hunter2!9z", "[Hunter2x", "{s3cr3tXX", "%Hunter2", "$ECRET"),
            *("st.Patrick1", "config.Hunter2"),
        )
    ],
    Positive("password", "DRIVER={ODBC};UID=bob;PWD={hunter2X9}", "{hunter2X9}"),
    Positive("password", "PWD={hunter2X9};Encrypt=yes", "{hunter2X9}"),
]


def negatives() -> list[Negative]:
    """Return the texts that have to stay; the same ones at each call."""
    make = _Maker()
    values: dict[str, Callable[[], str]] = {
        "session id": lambda: make.of(_HEX, 8),
        "run id": lambda: make.of(_HEX, 8),
        "seq number": lambda: str(make.random.randrange(1, 10**6)),
        "pseudonym": lambda: make.of(_HEX, 12),
        "support code": lambda: "E-" + make.of("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 6),
        "file name": lambda: _file_name(make),
        "time": lambda: _time(make),
        "duration": lambda: make.pick("{:.3f} ms", "{:.1f} s", "{:.0f} µs").format(
            make.random.uniform(0, 10**5)
        ),
        "byte count": lambda: str(make.random.randrange(10 ** make.random.randrange(3, 13))),
        "version": lambda: _version(make),
        "uuid": lambda: str(uuid.UUID(int=make.random.getrandbits(128), version=4)),
        "hash": lambda: make.of(_HEX, make.random.choice([32, 40, 64])),
        "order number": lambda: make.pick(
            make.digits(8), make.digits(10), f"2024-{make.digits(6)}", f"SO{make.digits(7)}"
        ),
        "row of numbers": lambda: _row(make),
        "signed number": lambda: _signed(make),
        "isbn": lambda: make.pick(
            f"978-3-16-{make.digits(6)}-0", f"978{make.digits(10)}", "0-306-40615-2"
        ),
        "number": lambda: _number(make),
        "address of an object": lambda: f"<Row object at 0x7f{make.of(_HEX, 10)}>",
        "shape": lambda: f"({make.random.randrange(10**7)}, {make.random.randrange(100)})",
        "line number": lambda: f'File "pages/load.py", line {make.random.randrange(1, 5000)}, in f',
        "money": lambda: make.pick("€ {:,.2f}", "{:,.2f} EUR", "${:,.2f}", "-{:.2f}").format(
            make.random.uniform(0, 10**7)
        ),
    }  # fmt: skip
    found = [
        Negative(kind, context.format(value_of()))
        for kind, value_of in values.items()
        for _ in range(EACH)
        for context in _ANYWHERE
    ]
    return [*dict.fromkeys(found), *_by_hand()]


def _file_name(make: _Maker) -> str:
    stem = make.pick(
        "customers", "report.v2.final", "Q3 figures", "sales-north", "export_001", "a@b"
    )
    day = f"{make.random.randrange(2015, 2030)}-{make.random.randrange(1, 13):02}-01"
    end = make.pick("csv", "xlsx", "json", "parquet", "png", "csv.gz", "txt")
    return make.pick(
        f"{stem}_{day}.{end}", f"{stem}.{end}", f"{day}_{stem} (1).{end}", f"img@2x.{end}"
    )


def _time(make: _Maker) -> str:
    r = make.random
    day = f"{r.randrange(2000, 2040)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}"
    clock = f"{r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02}"
    zone = make.pick("+00:00", "-05:00", "Z", "+02:00")
    return make.pick(
        f"{day}T{clock}.{make.digits(3)}{zone}",
        f"{day} {clock}",
        clock,
        f"{day[8:]}.{day[5:7]}.{day[:4]}",
        f"{day[5:7]}/{day[8:]}/{day[:4]}",
        str(r.randrange(1_500_000_000, 1_900_000_000)),
        str(r.randrange(1_500_000_000_000, 1_900_000_000_000)),
        str(r.randrange(15 * 10**17, 19 * 10**17)),
        f"{r.randrange(24)}h {r.randrange(60)}m",
    )


def _version(make: _Maker) -> str:
    r = make.random
    return make.pick(
        f"{r.randrange(5)}.{r.randrange(100)}.{r.randrange(20)}",
        f"{r.randrange(2, 4)}.{r.randrange(20)}.7.final",
        f"v{r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}",
        f"version {r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}",
        f"opencv-python==4.9.0.{r.randrange(100)}",
        f"Chrome/{r.randrange(100, 130)}.0.0.0",
        f"10.0.{r.randrange(17000, 26000)}.1",
        "1.67.0",
        f"numpy-2.{r.randrange(9)}.0-cp311-cp311-linux_x86_64.whl",
    )


def _row(make: _Maker) -> str:
    """Return numbers with a blank between them, as arrays and tables are shown."""
    r = make.random
    low, high = r.choice([(10, 100), (100, 1000), (200, 2048), (1000, 10_000), (0, 100_000)])
    row = " ".join(str(r.randrange(low, high)) for _ in range(r.randrange(5, 9)))
    return make.pick(
        row,
        f"[{row}]",
        f"shape {r.randrange(224, 999)} {r.randrange(224, 999)} {r.choice([1024, 1920, 2048])}",
        f"[{r.randrange(200, 999)} {r.randrange(200, 999)} {r.randrange(1000, 9999)}]",
        f"{r.randrange(200, 999)}.{r.randrange(200, 999)}.{r.randrange(1000, 9999)}",
        " ".join(f"{r.randrange(100):02}" for _ in range(6)),
    )


def _signed(make: _Maker) -> str:
    """Return differences and changes, with their sign."""
    one, two = (make.random.randrange(10**9, 10**13) for _ in range(2))
    return make.pick(
        f"{one:+d} bytes", f"delta {one:+d}", f"[{one:+d}, {-two:+d}]", f"{one % 10**8:+d}"
    )


def _number(make: _Maker) -> str:
    r = make.random
    return make.pick(
        repr(r.uniform(-1e6, 1e6)),
        repr(r.random()),
        f"{r.uniform(0, 1e20):e}",
        f"{r.randrange(10**9):,}",
        f"{r.randrange(-(10**6), 10**6):+d}",
        f"{r.uniform(-100, 100):+.4f}",
        f"{r.randrange(10**6):08d}",
        f"1 {r.randrange(100, 1000)} {r.randrange(100, 1000)}",
        str(r.randrange(10**15, 3 * 10**15)),
        f"{r.randrange(100)} %",
    )


def _by_hand() -> Iterator[Negative]:
    for kind, texts in _STAY.items():
        for text in texts:
            yield Negative(kind, text)


_STAY = {
    "sentence": [
        "Password: required",
        "password is required",
        "password=None",
        "Password must have at least 8 characters",
        "token=None, user='ann'",
        "SyntaxError: unexpected token: identifier",
        "max_tokens=4096",
        "total_tokens: 512",
        "bearer authentication is off",
        "the secret of success",
        "secretary: Anna",
        "KeyError: 'password'",
        "KeyError: 'api_key'",
        "primary key: customer",
        "key=value",
        "sort(key=len)",
        "keyword argument 'token' is missing",
        "Cookie: not set",
        "Authorization: required",
        "password={password}",
        "password=%s",
        "os.environ['PASSWORD']",
        "Enter your password",
        "pass=12 fail=3",
        "3 passed, 1 failed",
        "Uploaded customers.csv, 24.8 kB",
        "Opened analyze",
        "risk-adjusted-return-of-the-portfolio-2024",
        "class sk-toggleable__label-arrow-hidden",
        "tel quel",
        "expected '-----BEGIN PRIVATE KEY-----'",
        "PWD=/srv/app",
        "PWD=/srv",
        "n_pass=abc",
        "second pass = linear scan",
        "wrong password: try again",
        "Reset password: click here",
        "('password', 'username')",
        "['password', 'email', 'name']",
        "sorted by 'name', identified by its key",
        "X@W.mean(axis=0)",
        "git@github.com:org/repo",
        "<password> and <token>",
        "{'name': 'password', 'type': 'str'}",
    ],
    "address": [
        "http://localhost:8501/analyze",
        "https://docs.streamlit.io/1.67.0/api#x@y",
        "127.0.0.1:8501",
        "0.0.0.0",
        "255.255.255.0",
        "x[::2]",
        "std::vector<int>",
        "git@localhost",
        "//cdn.example.com/users/logo.png",
        "@st.cache_data",
        "a @ b",
        "/home/",
        "/Users/Shared/x.csv",
        "pages/home/load.py",
        "https://example.com/users/42",
        "rosalind",
        "GET /home/index 200",
        "GET /Users/42 HTTP/1.1",
        "/Users/42",
        "POST /home/settings",
        "https://example.com/home/index",
        "…/load.py",
        "~/app/pages/load.py",
    ],
    "placeholder": ["<email-1>", "password=<password>", "/home/<user-1>/x", "<jwt>", "<phone-12>",
        "postgres://<user>:<password>@db", "Authorization: Bearer <token>",
        "password={self.password!r}", "password=%(pw)s", "password=$DB_PASSWORD",
        "password=${DB_PASSWORD}", 'password=os.environ["X"]', "password=self._password",
        'password=st.secrets["db"]["password"]', "password=config.password", "Password:</label>",
        'password: <input type="password">', "password: [Field required]", "password=[REDACTED]",
        "password=<not set>", "{'password': ['This field is required.']}", "password=()",
        "password: {'a': 1}", "password=<password-1>, <jwt>", "password=********",
    ],
    "digits": [
        "4111111111111112",
        "DE89370400440532013001",
        "0x1F4111111111111111",
        "0.4111111111111111",
        "shape=(1200, 17), dtype=int64",
        "1 234 567 890 rows",
        "12 345 678 of 90 123 456",
        "2024-05-01 2024-06-01",
        "01 05 2024",
        "+2024-05-01 12:00:00",
        "200-300-4000",
        "0012 0034 0056",
        "16 GiB (17179869184 bytes)",
        "id=140234567890123",
        "order 5105105105105100",
        "built with 4.9.0.80",
        "section 4.10.22.7",
        "Version=1.2.3.4",
        "numpy>=1.2.3.4",
        "ODBC Driver 17.10.5.1",
        "AssemblyVersion(1.0.0.0)",
        'AssemblyVersion("1.0.0.0")',
        '{"version": "4.9.0.80"}',
        "x[2000::100]",
        "12:34:56:78:9a:bc:de:f0",
        "shape 512 512 1024",
        "[800 600 1920]",
        "224.224.2048",
        "4532 1234 5678 9012 3456 7890",
    ],
}  # fmt: skip
