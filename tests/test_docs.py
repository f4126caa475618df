"""What the documents say is so."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit
import streamlit_ext
from datatools_audit import AuditConfig
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category, originals

__all__ = ["originals"]

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
DOCUMENTS = "\n".join(path.read_text() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("package", [datatools_audit, streamlit_ext])
def test_docs_every_public_name_has_a_docstring(package: object) -> None:
    """What an app may import explains itself."""
    names = [name for name in package.__all__ if not name.startswith("__")]  # type: ignore[attr-defined]
    assert [] == [name for name in names if not getattr(package, name).__doc__]


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_docs_the_five_lines_run(tmp_path: Path) -> None:
    """README's example is an app: it runs, and records what it says."""
    (block,) = code_blocks("python")
    script = tmp_path / "example.py"
    script.write_text(block)
    app = AppTest.from_file(str(script)).run()
    records = written_records()
    assert not app.exception
    assert "My app" == by_category(records, "session")[0]["app"]
    assert ["start", "end"] == [r["phase"] for r in by_category(records, "analyze")]


def test_docs_the_example_record_has_the_real_fields() -> None:
    """README's record has the fields of a real one, in its order."""
    (block,) = code_blocks("json")
    datatools_audit.log_event("upload", "x", page="upload", filename="a", bytes=1)
    (record,) = written_records()
    assert list(record) == list(json.loads(block))


def test_docs_every_setting_is_in_the_table() -> None:
    """Each field of the configuration stands in the table with its variable."""
    told = re.findall(r"^\| `(\w+)` \| `DATATOOLS_AUDIT_(\w+)` \|", ARCHITECTURE, re.MULTILINE)
    expected = [(f.name, f.name.upper()) for f in dataclasses.fields(AuditConfig)]
    assert expected == told


def test_docs_links_lead_somewhere() -> None:
    """Each file that a document links to is there."""
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [] == [link for link in links if not (ROOT / link).exists()]


def test_docs_modules_in_the_architecture_exist() -> None:
    """The table of parts names folders and files that are there."""
    named = re.findall(r"`((?:datatools_audit|streamlit_ext)/[\w/.]*)`", ARCHITECTURE)
    assert [] == [name for name in named if not (ROOT / name).exists()]
    assert len(named) > 10
