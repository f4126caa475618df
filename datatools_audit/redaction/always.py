"""Secrets in free text, taken out before a record is made: on the way that an app waits for.

Most texts have none, and are done with when no hint of one is found. The rules are loaded and
compiled by the first text with a hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.guard import count_failure

if TYPE_CHECKING:
    from datatools_audit.redaction.replacing import Replacer
    from datatools_audit.redaction.rule import Redaction

HINTS = (
    "-----begin ",
    "://",
    "eyj",
    "akia",
    "asia",
    "abia",
    "acca",
    "aroa",
    "aida",
    "secret",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "gl",
    "xox",
    "xapp-",
    "hooks.slack",
    "aiza",
    "gocspx-",
    "ya29.",
    "sk-",
    "k_live_",
    "k_test_",
    "whsec_",
    "npm_",
    "pypi-age",
    "sg.",
    "hf_",
    "dapi",
    "authorization",
    "bearer",
    "cookie",
    "pass",
    "pwd",
    "kennwort",
    "key",
    "credential",
    "token",
    "sig=",
    "x-amz-",
    "x-goog-",
    "--",
)
"""One of these is in every text that a built-in rule hits, in lower case."""

FAILED = "<not recorded: a redaction rule failed>"
_MOST_CHARACTERS = 16 * 1024  # twice what a value may have, and it is cut after this
_GIVEN = "given"
_REPLACER = "replacer"


def use(redaction: Redaction | None) -> None:
    """Have the app's own rules and its list of what stays count from now on; None for neither.

    Raises:
        TypeError: It is no ``Redaction``.
    """
    state = _state()
    if redaction is not None:
        from datatools_audit.redaction.rule import Redaction

        if not isinstance(redaction, Redaction):
            raise TypeError(f"redaction= takes a Redaction, not {type(redaction).__name__}")
    state.clear()
    if redaction is not None:
        state[_GIVEN] = redaction


def in_use() -> Redaction:
    """Return what the app redacts."""
    from datatools_audit.redaction.rule import Redaction

    given = _state().get(_GIVEN)
    return given if isinstance(given, Redaction) else Redaction()


def without_secrets(text: str) -> str:
    """Return a text without what the ``always`` rules hit: ``<jwt>``, ``password=<password>``.

    A text of over 16,384 characters is cut there. Where a rule fails nothing of the text is
    left. Never raises an ``Exception``. Threads: any.
    """
    try:
        exact = text if type(text) is str else str.__str__(text)
        if len(exact) > _MOST_CHARACTERS:
            exact = exact[:_MOST_CHARACTERS] + "…"
        if not _state() and not _has_hint(exact):
            return exact
        return _replacer().replaced(exact, lambda name, _hit: f"<{name}>")
    except Exception as error:
        count_failure("redaction", type(error))
        return FAILED


def _has_hint(text: str) -> bool:
    lowered = text.lower()
    for hint in HINTS:  # noqa: SIM110 -- `any` of a generator takes twice as long
        if hint in lowered:
            return True
    return False


def _replacer() -> Replacer:
    state = _state() or shared("built-in secrets", dict[str, object])
    found = state.get(_REPLACER)
    if found is None:
        from datatools_audit.redaction.replacing import Replacer
        from datatools_audit.redaction.rules import RULES

        given = in_use()
        rules = (*given.rules, *(RULES if given.built_in else ()))
        always = (rule for rule in rules if rule.always)
        found = state[_REPLACER] = Replacer(always, given.allow)
    return found  # type: ignore[return-value]


def _state() -> dict[str, object]:
    return shared("redaction", dict)
