"""Uses an installed DataTools Audit: the core, the command, and an app; takes the checkout's path.

It runs where the checkout is not on the path, and says so if it is.
"""

import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

import datatools_audit
import streamlit_ext

APP = """
import streamlit as st
from streamlit_ext import audit_action, diagnostics_page, instrument

instrument(app="Wheel", version="1")
with audit_action("analyze", rows=3):
    st.write("done")
if st.button("Break"):
    raise ValueError("as planned")
diagnostics_page(scope="all")
"""


def main(checkout: str) -> None:
    """Raise an AssertionError at whatever is not as it should be."""
    for package in (datatools_audit, streamlit_ext):
        assert not Path(str(package.__file__)).is_relative_to(checkout), package.__file__
    Path("app.py").write_text(APP)
    app = AppTest.from_file("app.py", default_timeout=60).run()
    assert not app.exception, app.exception
    app.button[0].click().run()
    assert "ValueError" in str(app.exception), app.exception
    assert datatools_audit.flush_audit_log(30)
    told = list(datatools_audit.read_events(datatools_audit.audit_log_dir()))
    assert {"session", "analyze", "widget", "error"} <= {record["category"] for record in told}
    log = str(datatools_audit.audit_log_path())
    program = str(Path(sys.executable).with_name("datatools-audit"))
    for command in (
        ["where", "--check"],
        ["verify", log],
        ["summary", log],
        ["sql", "SELECT count(*) FROM events", log],
        ["report", log, "-o", "report.html"],
        ["bundle", log, "-o", "bundle.zip"],
        ["reproduce", "bundle.zip", "--app", "app.py", "-o", "test_repro.py"],
    ):
        subprocess.run([program, *command], check=True)
    compile(Path("test_repro.py").read_text(), "test_repro.py", "exec")


if __name__ == "__main__":
    main(sys.argv[1])
