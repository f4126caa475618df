"""The entry script is found, or the person is asked; and what belongs to an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from datatools_audit.errors import AuditError
from datatools_audit.init.editing import added
from datatools_audit.init.naming import app_name
from datatools_audit.init.pagefile import content, has_folder, is_ours, is_unchanged, name_beside
from datatools_audit.init.project import candidates, project, unread
from datatools_audit.init.requirements import lacking
from datatools_audit.init.source import NotUnderstoodError, parsed

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = "import streamlit as st\nst.title('x')\n"
CONFIGURED = "import streamlit as st\nst.set_page_config(page_title='x')\n"
NAVIGATES = "from streamlit import navigation, Page\nnavigation([Page('home.py')]).run()\n"


def files(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"app": PLAIN, "other": PLAIN}, ["app.py"]),
        ({"one": PLAIN}, ["one.py"]),
        ({"one": PLAIN, "two": CONFIGURED}, ["two.py"]),
        ({"one": PLAIN, "two": PLAIN}, ["one.py", "two.py"]),
        ({"main": CONFIGURED, "app": PLAIN, "streamlit_app": PLAIN}, None),
        ({"1_Home": PLAIN, "other": PLAIN}, ["1_Home.py"]),
        ({"start": NAVIGATES, "home": CONFIGURED}, ["start.py"]),
        ({"app": "import ui\nui.draw()\n", "ui": CONFIGURED}, ["app.py"]),
        ({"app": PLAIN, "test_app": "import app\nimport streamlit\n"}, ["app.py"]),
        ({"main": "import fastapi\n", "dashboard": PLAIN}, ["dashboard.py"]),
        ({"setup": "x = 1\n", "src__app": PLAIN, "tests__app": PLAIN}, ["src/app.py"]),
        ({"a__one": PLAIN, "b__two": PLAIN, "b__pages__x": PLAIN}, ["b/two.py"]),
        ({"app": "import streamlit as (\n", "main": PLAIN}, ["main.py"]),
        ({"app": "x = 1\n"}, []),
        ({"src__shop__main": PLAIN, "src__shop__x": "x = 1\n"}, ["src/shop/main.py"]),
    ],
)
def test_project_finds_the_entry_script(
    texts: dict[str, str], expected: list[str] | None, tmp_path: Path
) -> None:
    """By its name and what it calls; what others import, test or show as a page is none."""
    files(tmp_path, **texts)
    found = [path.relative_to(tmp_path).as_posix() for path in candidates(tmp_path)]
    assert (expected or ["streamlit_app.py", "app.py", "main.py"] * (expected is None)) == found


def test_project_tells_why_a_script_is_not_read(tmp_path: Path) -> None:
    """One that is broken is the likeliest app there; what does not speak of Streamlit is none."""
    files(tmp_path, a="x = (\n", app="import streamlit as (\n", whole=PLAIN)
    assert f"{tmp_path / 'app.py'} does not compile: line 1: invalid syntax" == unread(tmp_path)
    files(tmp_path, app=PLAIN)
    assert not unread(tmp_path)


def test_project_under_src_is_called_as_what_src_is_in(tmp_path: Path) -> None:
    """A folder of that name says nothing."""
    folder = tmp_path / "shop"
    files(folder, src__app=PLAIN)
    found = project(folder / "src" / "app.py")
    assert "shop" == app_name(found, parsed(PLAIN.encode()))
    (folder / "pyproject.toml").write_text('[project]\nname = "sales"')
    assert "sales" == app_name(found, parsed(PLAIN.encode()))


def test_project_refuses_what_is_no_script_of_it(tmp_path: Path) -> None:
    """A notebook, another file, a link out of the folder."""
    (tmp_path / "away").mkdir()
    target = tmp_path / "real.py"
    target.write_text(PLAIN)
    link = tmp_path / "away" / "app.py"
    link.symlink_to(target)
    for path, why in (
        (tmp_path / "x.ipynb", "notebook"),
        (tmp_path / "x.md", "no Python"),
        (link, "link"),
    ):
        with pytest.raises(AuditError, match=why):
            project(path)


@pytest.mark.parametrize(
    ("text", "name", "told", "expected"),
    [
        (
            "import streamlit as st\nst.set_page_config(page_title='My\\n shop')",
            "app",
            "",
            "My shop",
        ),
        ("import streamlit as st\nst.set_page_config(page_title=title())", "app", "", "folder"),
        (PLAIN, "app", '[project]\nname = "shop"', "shop"),
        (PLAIN, "app", "not toml", "folder"),
        (PLAIN, "prices", "", "prices"),
    ],
)
def test_project_tells_what_an_app_is_called(
    text: str, name: str, told: str, expected: str, tmp_path: Path
) -> None:
    """By its title, its project, its script, or its folder where the script's name says nothing."""
    folder = tmp_path / "folder"
    files(folder, **{name: text})
    if told:
        (folder / "pyproject.toml").write_text(told)
    found = project(folder / f"{name}.py")
    assert expected == app_name(found, parsed(text.encode()))


@pytest.mark.parametrize(
    ("stems", "expected"),
    [
        ([], "Diagnostics.py"),
        (["Upload"], "Diagnostics.py"),
        (["upload", "clean_up"], "diagnostics.py"),
        (["1_Upload", "2_Clean"], "3_Diagnostics.py"),
        (["01_upload", "02_clean"], "03_diagnostics.py"),
        (["1_📈_Plot", "9 - Map"], "10 - Diagnostics.py"),
        (["10-📈"], "11-diagnostics.py"),
    ],
)
def test_pagefile_is_named_as_the_others(stems: list[str], expected: str) -> None:
    """With the next number, the same width and gap, and in lower case where they are."""
    assert expected == name_beside(stems)


def test_pagefile_gives_way_to_a_page_of_that_name() -> None:
    """Two pages of one address would be an error in the app."""
    with pytest.raises(NotUnderstoodError, match="has a page Diagnostics already"):
        name_beside(["1_Upload", "2_🩺_diagnostics"])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("app", ["x", 'a "b" \\ ü 📈', 'x")\ny(app="z'])
def test_pagefile_is_known_again(app: str, newline: str) -> None:
    """Byte for byte; with one byte changed it is ours no more to take away."""
    for with_folder in (False, True):
        data = content(app, newline, with_folder=with_folder)
        assert (True, True, with_folder) == (is_ours(data), is_unchanged(data), has_folder(data))
        assert not is_unchanged(data + b" ")
        assert not is_unchanged(data.replace(b"diagnostics_page()", b"diagnostics_page( )"))
        compile(data, "page", "exec")
    with pytest.raises(NotUnderstoodError):
        added(
            data.replace(b"instrument", b"audit_instrument")
            + b"instrument = 1\n# added by datatools-audit init",
            "x",
        )


@pytest.mark.parametrize(
    ("name", "text", "lacks"),
    [
        ("requirements.txt", "streamlit\n", True),
        ("requirements.txt", "streamlit\nDataTools_Audit>=1  # it\n", False),
        ("requirements.txt", "datatools-audit[otel] @ file:///x\n", False),
        ("pyproject.toml", '[project]\ndependencies = ["streamlit"]\n', True),
        ("pyproject.toml", '[project]\ndependencies = ["datatools.audit>=1"]\n', False),
        (
            "pyproject.toml",
            '[dependency-groups]\napp = ["datatools-audit", {include-group = "x"}]\n',
            False,
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\nstreamlit = "*"\n', True),
        ("pyproject.toml", "[tool.ruff]\n", False),
        ("pyproject.toml", "nonsense", False),
        ("other.txt", "streamlit", False),
    ],
)
def test_requirements_are_read(name: str, text: str, *, lacks: bool, tmp_path: Path) -> None:
    """The app's folder and those above it, in each of the usual forms; what is none is none."""
    folder = tmp_path / "src"
    folder.mkdir()
    (tmp_path / name).write_text(text)
    assert (tmp_path / name if lacks else None) == lacking(folder)
    (folder / ".git").mkdir()
    assert lacking(folder) is None
