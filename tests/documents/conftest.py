"""A folder as whoever reads a document may have it: an app, its log, a bundle that was mailed."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest

from tests.documents.blocks import Block, blocks
from tests.documents.running import ROOT, run

CODE, SESSION = "E-7K3F9Q", "a1b2c3d4"
"""The support code and the session of which the documents speak."""

DRIVE = """
from streamlit.testing.v1 import AppTest
from datatools_audit import flush_audit_log

app = AppTest.from_file("app.py").run()
app.selectbox[0].select("West").run()
app.button[0].click().run()
assert app.exception
assert flush_audit_log(30)
"""


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of the support desk: `app.py`, `logs/`, `log.jsonl`, `bundle.zip`."""
    folder = tmp_path_factory.mktemp("desk")
    app = [b for b in blocks(ROOT / "docs" / "tutorial.md") if b.of == "app.py"][1]
    (folder / "app.py").write_text(app.code)
    logs = {"DATATOOLS_AUDIT_DIR": str(folder / "logs")}
    run(Block("sh", f"python - <<'END'\n{DRIVE}END\n", None, None, 0), folder, logs)
    (log,) = (folder / "logs").glob("*.jsonl")
    text = log.read_text()
    text = re.sub(r"E-[0-9A-Z]{6}", CODE, text)
    log.write_text(text.replace(re.findall(r'"session":"(\w+)"', text)[-1], SESSION))
    shutil.copy(log, folder / "log.jsonl")
    packed = folder / "logs" / "datatools-2026-05-18.jsonl.gz"
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    other = re.sub(r'"(proc|session)":"\w{7}', r'"\1":"fffffff', log.read_text())
    packed.write_bytes(gzip.compress(other.encode()))
    run(Block("sh", "datatools-audit bundle log.jsonl -o bundle.zip", None, None, 0), folder, logs)
    return folder


@pytest.fixture
def folder(tmp_path: Path, desk: Path) -> Path:
    """Give a copy of it that a document may fill."""
    return Path(shutil.copytree(desk, tmp_path / "desk"))
