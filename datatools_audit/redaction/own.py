"""Rules made of what this machine is called: its present user, their home folder, its host."""

from __future__ import annotations

import os
import re
from pathlib import PurePath, PureWindowsPath

from datatools_audit.paths import home_dir, is_of_windows, mention_of
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
    rules: list[Rule | None] = []
    own = (PureWindowsPath if is_of_windows(home) else PurePath)(home)
    if own.name.lower() not in _NOBODY and len(own.parts) > 2:
        rules.append(Rule("home", rf"(?i)(?<![\w.]){mention_of(home)}", hints=(own.name,)))
    rules.append(_literal("user", _somebody([*names, own.name])))
    rules.append(_literal("host", _somebody([host, host.partition(".")[0]])))
    return tuple(rule for rule in rules if rule is not None)


def host_name() -> str:
    """Return what this machine is called; no network is asked."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _somebody(names: list[str]) -> set[str]:
    return {n for n in names if len(n) >= _SHORTEST and n.lower() not in _NOBODY}


def _literal(name: str, texts: set[str]) -> Rule | None:
    """Return a rule of texts that stand alone or as a part of a name: ``backup_rosa.csv``."""
    if not texts:
        return None
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    ways = "|".join(map(re.escape, longest_first))
    pattern = rf"(?i)(?<![^\W_])(?:{ways})(?![^\W_])"
    return Rule(name, pattern, hints=tuple(longest_first))
