"""The site is built of the documents without a warning, and lacks none of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.running import ROOT

SECONDS = 300


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it; each warning is an error."""
    made = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", made / "trees", ROOT / "docs", made / "html"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return made / "html"


def test_site_has_a_page_for_each_document(site: Path) -> None:
    """Nothing that is written is left out."""
    written = {p.relative_to(ROOT / "docs").with_suffix("") for p in ROOT.glob("docs/**/*.md")}
    made = {page.relative_to(site).with_suffix("") for page in site.glob("**/*.html")}
    assert set() == written - made


@pytest.mark.parametrize("package", ["datatools_audit", "streamlit_ext"])
def test_site_has_every_public_name(package: str, site: Path) -> None:
    """The reference is made of the docstrings, and of each of them."""
    names = [n for n in __import__(package).__all__ if not n.startswith("__")]
    page = (site / "reference.html").read_text()
    assert [] == [name for name in names if f'id="{package}.{name}"' not in page]


def test_site_needs_no_network(site: Path) -> None:
    """It can be read from a folder, offline."""
    pages = [page.read_text() for page in site.glob("**/*.html")]
    loaded = [part for page in pages for part in page.split("<") if 'src="http' in part]
    assert [] == loaded
