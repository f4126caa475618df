"""``python -m datatools_audit``: the command."""

import sys

from datatools_audit.cli import main

if __name__ == "__main__":
    sys.exit(main())
