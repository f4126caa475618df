"""Every block of code in README and in the documents does what it is shown for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.documents.blocks import blocks, changed
from tests.documents.running import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = ROOT / "docs" / "tutorial.md"
DOCUMENTS = [
    document
    for document in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
    if document != TUTORIAL and blocks(document)  # the tutorial has a test of its own
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_blocks_of_a_document_run(
    document: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first to the last in one folder, as who reads them would run them."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder / "logs"))
    for block in blocks(document):
        run(block, folder, {"HOME": str(folder)})


def test_blocks_know_what_a_comment_says(tmp_path: Path) -> None:
    """What stands before a block is read, and a word that nobody knows is told."""
    page = tmp_path / "page.md"
    page.write_text("text\n\n<!-- file: a.py -->\n```python\nx = 1\n```\n\n```sh\nls\n```\n")
    found = [(b.language, b.code, b.said, b.of, b.line) for b in blocks(page)]
    assert [("python", "x = 1\n", "file", "a.py", 3), ("sh", "ls\n", None, None, 8)] == found
    page.write_text("<!-- fiel: a.py -->\n```python\nx = 1\n```\n")
    with pytest.raises(AssertionError, match="nobody knows what 'fiel' means"):
        blocks(page)


def test_blocks_a_change_has_to_fit() -> None:
    """A line that is not there once is not changed."""
    assert "a\nB\n" == changed("a\nb\n", "-b\n+B\n")
    with pytest.raises(AssertionError, match="not there once"):
        changed("a\n", "-b\n+B\n")
