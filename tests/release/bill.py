"""Tells what comes along with the package, as CycloneDX has it; the tools' own Python runs it.

`bill.py ENVIRONMENT WHEEL BILL NEEDS` reads what cyclonedx-py found in the wheel's environment, and
writes the bill of materials and, for pip-audit, each version in it.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

NAME = "datatools-audit"


def main(environment: str, wheel: str, bill: str, needs: str) -> None:
    """Write both; end with what is wrong if CycloneDX would not have it."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    told = json.loads(Path(environment).read_text())
    told = bill_of(told, hashlib.sha256(Path(wheel).read_bytes()).hexdigest())
    text = json.dumps(told, indent=2, sort_keys=True) + "\n"
    version = SchemaVersion.from_version(told["specVersion"])
    wrong = JsonStrictValidator(version).validate_str(text)
    if wrong:
        sys.exit(f"no valid CycloneDX: {wrong}")
    Path(bill).write_text(text)
    versions = [f"{each['name']}=={each['version']}\n" for each in told["components"]]
    Path(needs).write_text("".join(versions))


def bill_of(told: dict[str, Any], sha256: str) -> dict[str, Any]:
    """Return what is told of an environment as told of our wheel, and of no machine's path."""
    (ours,) = (each for each in told["components"] if each["name"] == NAME)
    places = [each for each in ours.get("externalReferences", []) if each["type"] != "distribution"]
    subject = {
        **ours,
        "externalReferences": places,
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "purl": f"pkg:pypi/{NAME}@{ours['version']}",
    }
    return {
        **told,
        "metadata": {**told["metadata"], "component": subject},
        "components": [each for each in told["components"] if each is not ours],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
