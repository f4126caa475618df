"""The built-in rules: first what is secret, then what tells of a person."""

from __future__ import annotations

from datatools_audit.redaction.credentials import SECRETS
from datatools_audit.redaction.personal import PERSONAL
from datatools_audit.redaction.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = (*SECRETS, *PERSONAL)
