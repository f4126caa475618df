"""The rules for secrets that can be told by how they begin: tokens and keys of providers."""

from __future__ import annotations

from datatools_audit.redaction.checks import is_mixed
from datatools_audit.redaction.pieces import ASSIGN, END, QUOTE, START, secret
from datatools_audit.redaction.rule import Rule

_AWS = ("akia", "asia", "abia", "acca", "aroa", "aida")

VENDORS: tuple[Rule, ...] = (
    secret(
        "jwt",
        START
        + r"eyJ[A-Za-z0-9_-]{8,4096}+\.[A-Za-z0-9_-]{4,8192}+(?:\.[A-Za-z0-9_-]{0,8192}+){0,3}",
        "eyj",
    ),
    # Before its key id, which often stands beside it and would be replaced first.
    secret(
        "aws-secret",
        rf"(?i:secret_?(?:access_?)?key{ASSIGN}(?:{QUOTE})?|A[A-Z]{{3}}[A-Z2-7]{{16}}[\"',;:\s]{{1,4}})"
        r"(?P<hit>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "secret",
        *_AWS,
    ),
    secret(
        "aws-key",
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z2-7]{16}(?![A-Za-z0-9])",
        *_AWS,
    ),
    secret(
        "github-token",
        START + r"(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})" + END,
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
    ),
    secret(
        "gitlab-token",
        START + r"gl(?:pat|rt|dt|ptt)-[A-Za-z0-9_.-]{20,255}",
        "glpat-",
        "glrt-",
        "gldt-",
        "glptt-",
    ),
    secret("slack-token", START + r"xox[abeoprs]-[A-Za-z0-9-]{10,250}", "xox"),
    secret("slack-token", START + r"xapp-\d-[A-Za-z0-9-]{10,250}", "xapp-"),
    secret("slack-token", START + r"xoxd-[A-Za-z0-9%+/=_-]{10,512}", "xox"),
    secret(
        "slack-token",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<hit>[A-Za-z0-9/_-]{20,200})",
        "hooks.slack",
    ),
    secret("google-key", START + r"AIza[A-Za-z0-9_-]{35}" + END, "aiza"),
    secret("google-key", START + r"GOCSPX-[A-Za-z0-9_-]{20,64}" + END, "gocspx-"),
    secret("google-key", START + r"ya29\.[A-Za-z0-9_.-]{20,2048}", "ya29."),
    secret("openai-key", START + r"sk-[A-Za-z0-9_-]{20,256}" + END, "sk-", valid=is_mixed),
    secret(
        "stripe-key",
        START + r"(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,255}" + END,
        "k_live_",
        "k_test_",
        "whsec_",
    ),
    secret("npm-token", START + r"npm_[A-Za-z0-9]{36}" + END, "npm_"),
    secret("pypi-token", START + r"pypi-AgE[A-Za-z0-9_-]{50,512}", "pypi-age"),
    secret("sendgrid-key", START + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}" + END, "sg."),
    secret("huggingface-token", START + r"hf_[A-Za-z0-9]{30,64}" + END, "hf_"),
    secret("databricks-token", START + r"dapi[0-9a-f]{32}(?:-\d{1,2})?" + END, "dapi"),
    secret(
        "api-key",
        START + r"(?:SK[0-9a-f]{32}|key-[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
        r"|do[opr]_v1_[0-9a-f]{64}|ATATT3[A-Za-z0-9_=-]{20,400}|hvs\.[A-Za-z0-9_-]{20,200}"
        r"|dckr_[po]at_[A-Za-z0-9_-]{20,64}|(?:gsk_|xai-|pplx-|r8_)[A-Za-z0-9]{20,120}"
        r"|glsa_[A-Za-z0-9]{20,60}(?:_[0-9a-f]{8})?|NRAK-[A-Z0-9]{20,40}|sbp_[0-9a-f]{40}"
        r"|(?:lin_api_|ntn_)[A-Za-z0-9]{20,80}|HRKU-[A-Za-z0-9_-]{20,120}"
        r"|sk-or-v1-[0-9a-f]{40,80})" + END,
        *("key-", "shp", "_v1_", "atatt3", "hvs.", "dckr_", "gsk_", "xai-", "pplx-", "r8_"),
        *("glsa_", "nrak-", "sbp_", "lin_api_", "ntn_", "hrku-", "sk-or-"),
        *(f"sk{digit}" for digit in "0123456789abcdef"),
    ),
)
