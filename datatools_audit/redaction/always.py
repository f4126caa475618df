"""Secrets in free text, taken out before a record is made: on the way that an app waits for.

Most texts have none, and are done with when no hint of one is found in them. The rules are
loaded and compiled by the first text with a hint.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from datatools_audit._process import shared
from datatools_audit.guard import count_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.redaction.rule import Redaction

FAILED = "<not recorded: a redaction rule failed>"
HINTS: tuple[str, ...] = (
    "pass", "key", "token", "secret", "://", "pw", "authorization", "bearer", "cookie",
    "credential", "-----begin ", "eyj", "sk-", "sig=", "kennwort", "akia", "asia", "abia", "acca",
    "aroa", "aida", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-",
    "gldt-", "glptt-", "xox", "xapp-", "hooks.slack", "aiza", "gocspx-", "ya29.", "k_live_",
    "k_test_", "whsec_", "npm_", "pypi-age", "sg.", "hf_", "dapi", "x-amz-", "x-goog-",
    "identified", "auth(", "auth=(", "shp", "_v1_", "atatt3", "hvs.", "dckr_", "gsk_", "xai-",
    "pplx-", "r8_", "glsa_", "nrak-", "sbp_", "lin_api_", "ntn_", "hrku-",
    *(f"sk{digit}" for digit in "0123456789abcdef"),
)  # fmt: skip
"""A text without any of these, in lower case, is hit by none of the built-in ``always`` rules."""

_MOST_CHARACTERS = 16 * 1024  # twice what a value may have, and it is cut after this
_MOST_DEPTH = 4


class _InForce(NamedTuple):
    hints: tuple[str, ...]
    replace: Callable[[str], str] | None
    redaction: Redaction | None


_BUILT_IN = _InForce(HINTS, None, None)


def without_secrets(text: str) -> str:
    """Return a text without what the ``always`` rules hit: ``<jwt>``, ``password=<password>``.

    A text of over 16,384 characters is cut there. Where a rule fails, nothing of the text is
    left and the failure is counted. Never raises an ``Exception``. Threads: any.
    """
    try:
        exact = text if type(text) is str else str.__str__(text)
        if len(exact) > _MOST_CHARACTERS:
            exact = exact[:_MOST_CHARACTERS] + "…"
        in_force = _now()
        if in_force.hints:
            lowered = exact.lower()
            for hint in in_force.hints:
                if hint in lowered:
                    break
            else:
                return exact
        replace = in_force.replace or _built_in()
        return replace(exact)
    except Exception as error:
        count_failure("redaction", type(error))
        return FAILED


def without_secrets_inside(
    value: Any, also: Callable[[str], str] | None = None, depth: int = 0
) -> Any:
    """Return a value with the texts in its plain lists, tuples and dicts redacted likewise.

    Each is changed by ``also`` then. Anything else, also what lies deeper than four
    containers, stays as it is.
    """
    kind = type(value)
    if issubclass(kind, str):
        text = without_secrets(value)
        return text if also is None else also(text)
    if depth >= _MOST_DEPTH or kind not in (list, tuple, dict):
        return value
    if kind is dict:
        return {name: without_secrets_inside(each, also, depth + 1) for name, each in value.items()}
    return kind(without_secrets_inside(each, also, depth + 1) for each in value)


def use(redaction: Redaction | None) -> None:
    """Redact by the app's own choice from now on; None for the built-in rules, nothing counted.

    Threads: any.

    Raises:
        TypeError: It is no ``Redaction``.
    """
    if redaction is None:
        shared("redaction", dict[str, _InForce]).clear()
        redacted().clear()
        return
    from datatools_audit.redaction.rule import Redaction as Expected  # loaded, if there is one

    if not isinstance(redaction, Expected):
        raise TypeError(f"redaction= takes a Redaction, not {type(redaction).__name__}")
    if redaction == _now().redaction:
        return
    own = [rule for rule in redaction.rules if rule.always]
    hints = HINTS if redaction.built_in else ()
    if all(rule.hints for rule in own):
        hints += tuple(hint for rule in own for hint in rule.hints)
    else:
        hints = ()  # a rule without hints has to see every text
    replace = _replacing(redaction) if own or redaction.built_in else str
    shared("redaction", dict[str, _InForce])["now"] = _InForce(hints, replace, redaction)


def in_use() -> Redaction:
    """Return what this process redacts; the built-in rules where the app has chosen nothing."""
    from datatools_audit.redaction.rule import Redaction

    return _now().redaction or Redaction()


def redacted() -> Counter[str]:
    """Return the process's count of what was replaced at recording, by rule."""
    return shared("redacted", Counter)


def _now() -> _InForce:
    return shared("redaction", dict[str, _InForce]).get("now") or _BUILT_IN


def _built_in() -> Callable[[str], str]:
    """Return what replaces by the built-in rules; they are compiled once in a process."""
    loaded = shared("built-in redaction", dict[str, "Callable[[str], str]"])
    found = loaded.get("replace")
    if found is None:
        from datatools_audit.redaction.rule import Redaction

        found = loaded["replace"] = _replacing(Redaction())
    return found


def _load() -> None:
    """Load the rules before a fork: amid another thread's import the child gets a lock for ever."""
    with contextlib.suppress(Exception):
        import datatools_audit.redaction.credentials
        import datatools_audit.redaction.replacing  # noqa: F401


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_load)


def _replacing(redaction: Redaction) -> Callable[[str], str]:
    from datatools_audit.redaction.credentials import SECRETS  # takes some milliseconds
    from datatools_audit.redaction.replacing import Replacer

    own = [rule for rule in redaction.rules if rule.always]
    replacer = Replacer(SECRETS if redaction.built_in else (), own, redaction.allow)

    def put(name: str, _hit: str) -> str:
        redacted()[name] += 1
        return f"<{name}>"

    return lambda text: replacer.replaced(text, put)
