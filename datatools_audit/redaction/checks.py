"""What a pattern cannot say of a hit: its checksum, its size, whether it is a mere word."""

from __future__ import annotations

import re

IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24,
    "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31,
    "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip
"""Characters of an IBAN by country, as the SWIFT registry has them."""

_ISSUERS = re.compile(
    r"(?:4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14})"
)
_NO_SECRETS = (
    "none null nil true false yes no unset undefined empty missing required optional expired "
    "incorrect invalid valid wrong is was are not must should has have may can cannot could will "
    "and or for of the a an in on to too with without from at by does do did str string int "
    "float bool bytes text input field object type secretstr hidden redacted masked changed "
    "reset forgotten failed failure error denied authentication unauthorized unknown unexpected "
    "expected found given provided set new old example your try again click here please check "
    "enter choose use see this that it you contact forgot weak strong short long same different "
    "mismatch match matches mismatched confirm confirmed confirmation only"
)
_WORDS = frozenset(_NO_SECRETS.split())
_NAMES = frozenset(
    "password passwd pwd user username login name email e-mail mail phone role id title value key "
    "token secret api_key first_name last_name submit".split()
)
_NAMED = r"[A-Z0-9_]*(?:_|PASS|PWD|SECRET|TOKEN|KEY)[A-Z0-9_]*"
_STAND_IN = re.compile(
    rf"[*•.xX_-]+|\$(?:{_NAMED}|\{{[A-Za-z_][A-Za-z_.]*\}})|%(?:\(\w+\))?[sdr]|%{_NAMED}%"
    r"|</?[a-z][a-z0-9 _-]*>|<[A-Z][A-Z _-]*>|\[[A-Z]+\]|\[[a-z]+\]"
    r"|\{\{?(?:[a-z_.]*|\d)(?:![rsa])?\}?\}|[(<\[{][A-Z]?[a-z]+"
    r"|(?:os|self|st|config)(?:\.(?:[a-z_]+|[A-Z_]+))+(?:[\[(].*)?"
)
_BRACKETS = "<>()[]{}"
_SHARED_FOLDERS = frozenset({"shared", "public", "default", "user", "users", "all"})
_NUMBER = re.compile(r"[\d.,_]{1,9}")
_DATE = re.compile(
    r"[+(]?(?:(?:19|20)\d\d(?P<sep>[-/. ]?)[01]\d(?P=sep)[0-3]\d"
    r"|[0-3]?\d(?P<by>[-/. ])[01]?\d(?P=by)(?:19|20)\d\d)(?!\d)"
)


def is_card(hit: str) -> bool:
    """Tell whether it begins and ends like a payment card's number: issuer, length, Luhn.

    What begins with 2 counts in groups only: numbers of sixteen digits that do are common.
    """
    digits = re.sub(r"\D", "", hit)
    is_bare_2 = digits == hit and hit.startswith("2")
    return bool(_ISSUERS.fullmatch(digits)) and _luhn(digits) and not is_bare_2


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_iban(hit: str) -> bool:
    """Tell whether the length is the country's and the check digits are right (ISO 7064)."""
    iban = re.sub(r"[^A-Za-z0-9]", "", hit)
    if len(iban) != IBAN_LENGTHS.get(iban[:2]):
        return False
    return int("".join(str(int(each, 36)) for each in iban[4:] + iban[:4])) % 97 == 1


def is_address(hit: str) -> bool:
    """Tell whether an IPv4 address may tell of somebody: no loopback, no mask."""
    return not hit.startswith(("127.", "0.", "255."))


def is_address_6(hit: str) -> bool:
    """Tell whether it is an IPv6 address, and no time, slice or name with colons."""
    groups = hit.split(":")
    filled = [group for group in groups if group]
    if "::" in hit:
        is_whole = hit.count("::") == 1 and ":::" not in hit and len(filled) < 8
    else:
        is_whole = len(groups) == 8 == len(filled)
    if not filled or all(len(group) == 2 for group in filled):
        return False  # what hardware is called
    begins = re.match(r"(?:[23][0-9a-f]{3}|f[cde][0-9a-f]{2}):", hit, re.IGNORECASE)
    return is_whole and (bool(begins) or (len(filled) > 3 and any(map(str.isdigit, hit))))


def is_phone(hit: str) -> bool:
    """Tell whether there are digits enough, and that it is neither a date nor a number."""
    digits = re.sub(r"\D", "", hit)
    is_plain = not re.search(r"[^\d+]", hit)
    is_decimal = bool(re.fullmatch(r"\+?\d+\.\d+", hit))
    least = 10 if is_plain and hit.startswith("+") else 7
    return least <= len(digits) <= 15 and not is_decimal and not _DATE.match(hit)


def is_national_phone(hit: str) -> bool:
    """Tell whether a number that begins with one zero has the digits of a telephone's.

    Three groups and more of the same length are a row of numbers, but for five pairs.
    """
    groups = re.findall(r"\d{1,20}", hit)
    sizes = {len(group) for group in groups}
    is_row = len(groups) > 2 and len(sizes) == 1 and (sizes, len(groups)) != ({2}, 5)
    return 9 <= sum(map(len, groups)) <= 15 and not is_row and not _DATE.match(hit)


def is_person(hit: str) -> bool:
    """Tell whether a folder of users is somebody's; a small number is a part of an address."""
    is_number = hit.isdigit() and len(hit) < 4
    return hit.lower() not in _SHARED_FOLDERS and not is_number


def is_no_word(hit: str) -> bool:
    """Tell whether a value may be a secret: neither a word of a sentence nor a stand-in."""
    bare = hit.strip(".,:;!?")
    is_word = bare.strip(_BRACKETS).lower() in _WORDS
    return bool(bare.strip(_BRACKETS)) and not is_word and not _STAND_IN.fullmatch(bare)


def is_no_name(hit: str) -> bool:
    """Tell the same of what stands beside a name, where a list of names may stand too."""
    return is_no_word(hit) and hit.lower() not in _NAMES


def is_assigned(hit: str) -> bool:
    """Tell the same of what is assigned to a token or a key; a short number is a count."""
    return len(hit) > 3 and is_no_word(hit) and not _NUMBER.fullmatch(hit)


def is_random(hit: str) -> bool:
    """Tell whether it looks drawn at random: letters and digits, or long and mixed."""
    if len(hit) < 8 or not is_assigned(hit):
        return False
    has_digit, has_letter = any(map(str.isdigit, hit)), any(map(str.isalpha, hit))
    return (has_digit and has_letter) or (len(hit) >= 20 and hit not in (hit.lower(), hit.upper()))


def is_mixed(hit: str) -> bool:
    """Tell whether it has capitals, small letters and digits, as drawn keys have."""
    return hit not in (hit.lower(), hit.upper()) and any(map(str.isdigit, hit))


def has_credentials(hit: str) -> bool:
    """Tell whether more than a stand-in follows the scheme of a header."""
    return not re.fullmatch(r"<[A-Za-z][A-Za-z0-9 _-]*>", hit.partition(" ")[2].strip())
