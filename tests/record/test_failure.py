"""What a record says of an exception: causes and the app's frames, no values, no sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from datatools_audit.record.failure import describe, is_app_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOME = "/home/zorro"
PAGE = f"{HOME}/app/pages/page.py"
CAUSED = "The above exception was the direct cause of the following exception:"
DURING = "During handling of the above exception, another exception occurred:"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", HOME)


def caught(source: str, file: str = PAGE, **names: object) -> BaseException:
    """Run a source as if it stood in that file, and return what it raises."""
    space: dict[str, object] = dict(names)
    try:
        exec(compile(source, file, "exec"), space)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def traceback_of(source: str, file: str = PAGE, **names: object) -> str:
    """Return the traceback of what the source raises, without our own frame."""
    lines = describe(caught(source, file, **names))["traceback"].split("\n")
    return "\n".join(line for line in lines if "test_failure.py" not in line)


def test_failure_says_type_text_and_frames() -> None:
    """The three fields of a plain exception."""
    found = describe(caught("def load():\n    raise KeyError('x')\n\nload()"))
    assert (found["exc_type"], found["exc_message"]) == ("KeyError", "'x'")
    assert found["traceback"].endswith(
        '  File "~/app/pages/page.py", line 4, in <module>\n'
        '  File "~/app/pages/page.py", line 2, in load\n'
        "KeyError: 'x'"
    )
    assert list(found) == ["exc_type", "exc_message", "traceback"]


@pytest.mark.parametrize(
    ("file", "root", "whole", "shown"),
    [
        (PAGE, None, False, "~/app/pages/page.py"),
        (PAGE, f"{HOME}/app", False, "pages/page.py"),
        (PAGE, None, True, PAGE),
        (PAGE, f"{HOME}/app", True, PAGE),
        ("/srv/zorro/page.py", None, False, "…/page.py"),
        ("/srv/zorro/page.py", "/srv/zorro", False, "page.py"),
        ("zorro/page.py", None, False, "page.py"),
        ("<string>", None, False, "<string>"),
        (f"{HOME}/a\udc80.py", None, False, "~/a\\udc80.py"),
    ],
)
def test_failure_shows_a_short_path(file: str, root: str | None, whole: bool, shown: str) -> None:  # noqa: FBT001
    """A frame's file is shown from the home or the app's folder on, unless configured."""
    found = describe(caught("1 / 0", file), root=root, whole_paths=whole)
    assert f'File "{shown}", line 1, in <module>' in found["traceback"]


def test_failure_takes_the_home_folder_out_of_the_text() -> None:
    """A text often names a file; the home folder in it becomes ``~``."""
    error = FileNotFoundError(2, "No such file", f"{HOME}/x.csv")
    short, whole = describe(error), describe(error, whole_paths=True)
    assert short["exc_message"] == "[Errno 2] No such file: '~/x.csv'"
    assert HOME not in short["traceback"]
    assert f"{HOME}/x.csv" in whole["exc_message"]


def test_failure_has_no_values_and_no_source(tmp_path: Path) -> None:
    """Neither a local's value nor a line of source is in the fields."""
    file = tmp_path / "page.py"
    source = "def load(given):\n    kept = given  # remark\n    return 1 / len(kept[:0])  # end\n"
    file.write_text(source)
    namespace: dict[str, Callable[[str], object]] = {}
    exec(compile(source, str(file), "exec"), namespace)
    with pytest.raises(ZeroDivisionError) as info:
        namespace["load"]("hunter2")
    text = str(describe(info.value))
    assert "in load" in text
    assert not any(word in text for word in ("hunter2", "given", "kept", "remark", "len("))


def test_failure_folds_the_frames_of_libraries() -> None:
    """A run of library frames is told by its number, wherever it stands."""
    found = traceback_of("import json\n\njson.loads('{')").split("\n")
    assert found[1:3] == [
        '  File "~/app/pages/page.py", line 3, in <module>',
        "  [3 library frames]",
    ]
    assert "raw_decode" not in str(found)


def test_failure_folds_library_frames_between_the_apps() -> None:
    """A callback that a library called is shown behind the folded frames."""
    source = "import json\n\ndef hook(pairs):\n    1 / 0\n\njson.loads('{}', object_hook=hook)"
    found = traceback_of(source).split("\n")
    assert [line.split(", ")[-1].split(" of ")[0] for line in found[1:4]] == [
        "in <module>",
        "  [3 library frames]",
        "in hook",
    ]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (PAGE, True),
        ("<string>", True),
        (__file__, True),
        ("<frozen importlib._bootstrap>", False),
        (json.__file__, False),
        (pytest.__file__, False),
        (describe.__code__.co_filename, False),
        ("/x/lib/python3/dist-packages/numpy/core.py", False),
    ],
)
def test_failure_tells_the_apps_files(file: str, *, expected: bool) -> None:
    """The standard library, installed packages and this product are not the app."""
    assert expected == is_app_file(file)


RAISES = "try:\n    raise KeyError('first')\nexcept KeyError as error:\n    "


@pytest.mark.parametrize(
    ("source", "joint"),
    [
        (RAISES + "raise ValueError('second') from error", CAUSED),
        (RAISES + "raise ValueError('second')", DURING),
        (RAISES + "raise ValueError('second') from None", None),
    ],
)
def test_failure_tells_the_causes_as_python_does(source: str, joint: str | None) -> None:
    """Cause and context come first, joined by Python's sentence; ``from None`` hides them."""
    parts = traceback_of(source).split("\n\n")
    frame = 'Traceback (most recent call last):\n  File "~/app/pages/page.py", line'
    second = f"{frame} 4, in <module>\nValueError: second"
    first = f"{frame} 2, in <module>\nKeyError: 'first'"
    assert ([first, joint, second] if joint else [second]) == parts


def test_failure_prefers_the_cause_to_the_context() -> None:
    """Where both are set the cause is told."""
    error = ValueError("last")
    error.__context__ = KeyError("context")
    error.__cause__ = TypeError("cause")
    found = describe(error)["traceback"]
    assert ("TypeError: cause" in found, "context" in found) == (True, False)


@pytest.mark.parametrize("attribute", ["__cause__", "__context__"])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_failure_ends_a_cycle_of_causes(attribute: str, length: int) -> None:
    """A chain that comes back to itself names each exception once."""
    errors = [ValueError(f"number {n}") for n in range(length)]
    for error, cause in zip(errors, errors[1:] + errors[:1], strict=True):
        BaseException.__dict__[attribute].__set__(error, cause if length > 1 else None)
    found = describe(errors[0])["traceback"]
    assert [1] * length == [found.count(f"number {n}") for n in range(length)]
    assert found.endswith("ValueError: number 0")
    assert found.startswith("Traceback")


def test_failure_bounds_the_chain() -> None:
    """Of a thousand causes a few are told, the exception itself last."""
    error = ValueError("number 0")
    first = error
    for n in range(1, 1000):
        error.__cause__ = ValueError(f"number {n}")
        error = error.__cause__
    found = describe(first)["traceback"]
    assert found.startswith("Traceback")
    assert (found.count("Traceback"), found.endswith("ValueError: number 0")) == (8, True)


def test_failure_bounds_a_recursion() -> None:
    """Of a thousand frames the first and the last few are told, and how many are not."""
    error = caught("def again(n):\n    again(n + 1)\n\nagain(0)")
    lines = describe(error)["traceback"].split("\n")
    assert (describe(error)["exc_type"], len(lines) < 50) == ("RecursionError", True)
    assert any(line.startswith("  [") and line.endswith("more frames]") for line in lines)


def test_failure_describes_a_group() -> None:
    """A group is described by its own type, text and frames."""
    error = ExceptionGroup("two went wrong", [ValueError("a"), KeyError("b")])
    found = describe(error)
    assert (
        found["exc_type"],
        found["exc_message"],
    ) == ("ExceptionGroup", "two went wrong (2 sub-exceptions)")


def test_failure_describes_an_exception_never_raised() -> None:
    """Without frames there is the type and the text."""
    assert describe(ValueError("x")) == {
        "exc_type": "ValueError",
        "exc_message": "x",
        "traceback": "Traceback (most recent call last):\nValueError: x",
    }


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, BaseException])
def test_failure_contains_a_hostile_text(error: type[BaseException]) -> None:
    """What ``__str__`` raises is contained, in a cause too."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise error

    outer = ValueError("outer")
    outer.__cause__ = OddError()
    assert "OddError: <unserialisable: OddError>" in describe(outer)["traceback"]
    assert describe(OddError())["exc_message"] == "<unserialisable: OddError>"


def test_failure_asks_no_property_of_an_exception() -> None:
    """A subclass may define the attributes of an exception anew; ours is the slot."""
    ran: list[str] = []

    class Meta(type):
        @property
        def __name__(cls) -> str:
            ran.append("__name__")
            raise SystemExit

    def trap(self: object) -> object:
        ran.append("property")
        raise SystemExit

    names = ("__cause__", "__context__", "__traceback__", "__suppress_context__", "__class__")
    kind = Meta("Odd", (Exception,), {name: property(trap) for name in names})
    error = kind("said")
    found = describe(error)
    assert (found["exc_type"], found["exc_message"], ran) == ("Odd", "said", [])


def test_failure_tells_the_members_of_a_group() -> None:
    """What a group of exceptions holds is in the traceback, each with its own."""
    group = ExceptionGroup("two at once", [ValueError("first"), KeyError("second")])
    text = describe(group)["traceback"]
    assert ["  | ValueError: first", "  | KeyError: 'second'"] == [
        line for line in text.splitlines() if "Error: " in line
    ]


def test_failure_cuts_a_long_traceback_in_the_middle() -> None:
    """The end of a traceback says most, so a long one loses its middle."""
    error = ValueError("the end")
    for number in range(7):
        before = KeyError(f"{number} " + "é" * 2000)
        before.__cause__, error.__cause__ = error.__cause__, before
    text = describe(error)["traceback"]
    assert len(text.encode()) <= 8192
    assert text.endswith("ValueError: the end")
