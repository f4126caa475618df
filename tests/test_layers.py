"""Imports point one way; read from the sources, so an import inside a function counts."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APP = {"app", "pages"}


def modules(*parts: str) -> list[Path]:
    """Return the sources of a package, or of a module at the top."""
    path = ROOT.joinpath(*parts)
    return sorted([*path.rglob("*.py"), *path.parent.glob(path.name + ".py")])


def imported(path: Path) -> set[str]:
    """Return the full names of what a source imports, also for types only."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def breaches(sources: list[Path], forbidden: set[str]) -> list[str]:
    """Return each import of something forbidden, by the file that has it."""
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources
        for name in sorted(imported(path))
        if any(name == each or name.startswith(each + ".") for each in forbidden)
    ]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("datatools_audit", {"streamlit", "streamlit_ext", "datatools", *APP}),
        ("streamlit_ext", {"datatools", *APP}),
        ("datatools", {"streamlit", "streamlit_ext", "datatools_audit", *APP}),
        ("pages", {"app"}),
    ],
)
def test_layers_point_one_way(package: str, forbidden: set[str]) -> None:
    """The app uses the Streamlit layer, which uses the core; nothing points back."""
    sources = modules(package)
    assert sources
    assert [] == breaches(sources, forbidden)


CORE = {
    "init": {"record", "writer", "reading", "support", "api", "recorder", "handler", "redaction"},
    "redaction": {"record", "writer", "reading", "support", "api", "recorder", "handler"},
    "record": {"writer", "reading", "api", "action", "recorder", "handler", "banner"},
    "writer": {"reading", "api", "action", "recorder", "handler", "banner"},
    "reading": {"writer", "api", "action", "recorder", "handler", "banner"},
    "support": {"writer", "api", "action", "recorder", "handler", "banner"},
    "export": {"writer", "api", "action", "recorder", "handler", "banner"},
}


@pytest.mark.parametrize("package", [p for p in CORE if modules("datatools_audit", p)])
def test_layers_of_the_core_point_one_way(package: str) -> None:
    """``record`` is below ``writer`` and ``reading``, which do not know each other."""
    forbidden = {f"datatools_audit.{name}" for name in CORE[package]}
    assert [] == breaches(modules("datatools_audit", package), forbidden)


def test_layers_of_the_core_lean_on_few_packages() -> None:
    """The core needs the standard library and orjson; more only the command, or an extra."""
    allowed = {*sys.stdlib_module_names, "datatools_audit", "orjson"}
    optional = {"click", "duckdb", "jinja2", "pandas", "pyarrow"}
    others = {"structlog", "loguru", "sentry_sdk"}  # for types only: see the next test
    found = {
        (path.relative_to(ROOT).parts[1], name.partition(".")[0])
        for path in modules("datatools_audit")
        for name in imported(path)
        if name.partition(".")[0] not in allowed
    }
    found -= {("integrations", name) for name in others}
    found -= {("export", name) for name in ("opentelemetry", "requests")}  # in `otlp` alone
    assert [] == [(part, name) for part, name in sorted(found) if name not in optional]
    assert not {part for part, _ in found} & {"record", "redaction", "writer", "api.py"}
    assert {"duckdb"} == {name for part, name in found if part == "reading"}


def test_layers_opentelemetry_is_spoken_in_one_package() -> None:
    """It is an extra: only who exports to it loads it."""
    speakers = {
        path.parent.name
        for path in modules("datatools_audit")
        for name in imported(path)
        if name.partition(".")[0] in {"opentelemetry", "requests"}
    }
    assert {"otlp"} == speakers


def test_layers_the_integrations_load_no_other_library() -> None:
    """Whoever imports one has the other library already; who does not, need not have it."""
    loaded = {
        name for path in modules("datatools_audit", "integrations") for name in _at_load(path)
    }
    assert {"datatools_audit"} >= {name.partition(".")[0] for name in loaded} - {
        *sys.stdlib_module_names
    }


def test_layers_nothing_leans_on_what_is_for_others() -> None:
    """The kit for tests and the integrations are for apps: no part of ours uses them."""
    kits = ("testing", "integrations")
    sources = [*modules("datatools_audit"), *modules("streamlit_ext")]
    inside = {path for kit in kits for path in modules("datatools_audit", kit)}
    forbidden = {f"datatools_audit.{kit}" for kit in kits}
    assert [] == breaches([path for path in sources if path not in inside], forbidden)


@pytest.mark.parametrize("package", ["datatools_audit", "streamlit_ext"])
def test_layers_have_no_cycle(package: str) -> None:
    """No module is reached again from what it imports when it is loaded."""
    names = {_name(path): path for path in modules(package)}
    below = {name: {_owner(n, names) for n in _at_load(path)} for name, path in names.items()}

    def reached(name: str, seen: set[str]) -> set[str]:
        for each in below.get(name, set()) - seen:
            seen.add(each)
            reached(each, seen)
        return seen

    inside = [name for name in names if names[name].name != "__init__.py"]
    assert [] == [name for name in inside if name in reached(name, set())]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _owner(name: str, names: dict[str, Path]) -> str:
    return name if name in names else name.rpartition(".")[0]


def _at_load(path: Path) -> set[str]:
    """Return what a source imports when it runs, not for types and not inside functions."""
    tree = ast.parse(path.read_bytes())
    return {
        f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def test_layers_see_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of the sources finds every form of an import."""
    monkeypatch.setattr("tests.test_layers.ROOT", tmp_path)
    source = tmp_path / "pkg" / "sub" / "mod.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        "import one.two\n"
        "from three import four\n"
        "from . import five\n"
        "from ..six import seven\n"
        "def late():\n"
        "    import eight\n"
        "if TYPE_CHECKING:\n"
        "    from nine import ten\n"
    )
    names = "one.two three.four pkg.sub.five pkg.six.seven eight nine.ten"
    assert set(names.split()) == imported(source)
    assert ["pkg/sub/mod.py imports pkg.six.seven"] == breaches([source], {"pkg.six", "fiv"})
