"""Rules made of what this machine is called: its present user, their home folder, its host."""

from __future__ import annotations

import os
import re
from pathlib import PurePath

from datatools_audit.paths import home_dir
from datatools_audit.redaction.rule import Rule

_SHORTEST = 3
_COMMON = (
    "root admin administrator user users guest nobody app apps appuser adminuser data dev "
    "developer test tester demo home host local localhost server service runner python "
    "streamlit ubuntu debian docker vscode node jovyan default public www-data ec2-user"
)
_NOBODY = frozenset(_COMMON.split())
"""Names of accounts and machines that are nobody's, and words that a log is full of."""


def own_rules() -> tuple[Rule, ...]:
    """Return the rules of this machine's own names, as the environment tells them.

    A name of under three letters, or one that many machines have, makes no rule.
    """
    home = home_dir() or ""
    names = [os.environ.get(name, "") for name in ("LOGNAME", "USER", "USERNAME")]
    host = host_name()
    rules = []
    if PurePath(home).name.lower() not in _NOBODY and len(PurePath(home).parts) > 2:
        ways = {home, home.replace("\\", "\\\\"), home.replace("\\", "/")}
        rules.append(_literal("home", ways, r"(?<![\w.])", r"(?![\w.-])"))
    rules.append(_literal("user", _somebody([*names, PurePath(home).name])))
    rules.append(_literal("host", _somebody([host, host.partition(".")[0]])))
    return tuple(rule for rule in rules if rule is not None)


def host_name() -> str:
    """Return what this machine is called; no network is asked."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _somebody(names: list[str]) -> set[str]:
    return {n for n in names if len(n) >= _SHORTEST and n.lower() not in _NOBODY}


def _literal(
    name: str, texts: set[str], before: str = r"(?<!\w)", after: str = r"(?!\w)"
) -> Rule | None:
    if not texts:
        return None
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    pattern = f"(?i){before}(?:{'|'.join(map(re.escape, longest_first))}){after}"
    return Rule(name, pattern, hints=tuple(longest_first))
