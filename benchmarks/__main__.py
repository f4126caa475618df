"""`python -m benchmarks`: the whole comparison with the field, then the Streamlit layer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.field import command as field
from benchmarks.streamlit import command as layer

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Measure both; only the field when one of its contestants is asked for."""
    status = field.main(arguments)
    if any(each.startswith("--only") for each in arguments):
        return status
    print(flush=True)
    return layer.main(["--quick"] if "--quick" in arguments else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
