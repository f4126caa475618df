"""One contestant in AppTest, in a process of its own: each line asked for is one rerun."""

from __future__ import annotations

import sys
import time

from streamlit.testing.v1 import AppTest

TIMEOUT_SECONDS = 60


def main(script: str) -> None:
    """Run the app once; then click the button that each line names, and tell the seconds."""
    app = AppTest.from_file(script, default_timeout=TIMEOUT_SECONDS).run()
    assert not app.exception, app.exception
    print("ready", flush=True)
    for line in sys.stdin:
        app.button(key=line.strip()).click()
        began = time.perf_counter()
        app.run()
        seconds = time.perf_counter() - began
        assert not app.exception, app.exception
        print(seconds, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
