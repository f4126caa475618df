"""`python -m benchmarks`: the whole comparison with the field."""

from __future__ import annotations

import sys

from benchmarks.field.command import main

if __name__ == "__main__":
    sys.exit(main())
