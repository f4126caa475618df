"""What a person does in the browser, by what they see."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

SECONDS = 60
"""How long a slow machine may take for anything."""


class Visit:
    """A person at an app, who waits until each run has ended.

    Args:
        page: Where the app is open.
        logs: The folder of the server's log, which tells of the runs.
    """

    def __init__(self, page: Page, logs: Path) -> None:
        self.page = page
        self._logs = logs
        self._ended = 0
        self.settle()

    def settle(self) -> None:
        """Wait until a run has ended that had not before, and none is on."""
        self._until(self._has_settled)

    def _has_settled(self) -> bool:
        phases = self._phases("run")
        if phases.count("end") == self._ended or phases.count("end") < phases.count("start"):
            return False
        self._ended = phases.count("end")
        return True

    def _until(self, ask: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not ask():
            assert time.monotonic() < deadline, "the log does not tell of it"
            time.sleep(0.03)

    def _phases(self, category: str) -> list[object]:
        text = b"".join(each.read_bytes() for each in self._logs.glob("*.jsonl"))
        whole = text[: text.rfind(b"\n") + 1]
        records = [orjson.loads(line) for line in whole.splitlines()]
        return [each.get("phase") for each in records if each["category"] == category]

    def _does(self, deed: Callable[[], object], *, runs: bool = True) -> None:
        deed()
        if runs:
            self.settle()

    def has_failed(self) -> bool:
        """Tell whether an exception is on record."""
        return bool(self._phases("error"))

    def sees_error(self, *, in_browser: bool) -> None:
        """Wait until an exception is on record, and is shown where it can be seen."""
        self._until(self.has_failed)
        if in_browser:
            expect(self.page.get_by_test_id("stException").first).to_be_visible()

    def click(self, name: str) -> None:
        self._does(self.page.get_by_role("button", name=name, exact=True).click)

    def goes_to(self, name: str) -> None:
        """Follow the navigation to a page."""
        self._does(self.page.get_by_role("link", name=name, exact=True).click)

    def types(self, label: str, text: str, *, runs: bool = True) -> None:
        """Type into a field and press Enter; in a form only leave it."""
        field = self.page.locator(f'input[aria-label="{label}"]')
        field.fill(text)
        self._does(lambda: field.press("Enter" if runs else "Tab"), runs=runs)

    def writes(self, label: str, text: str) -> None:
        """Write into a larger field."""
        field = self.page.get_by_role("textbox", name=label)
        field.fill(text)
        self._does(lambda: field.press("Control+Enter"))

    def selects(self, option: str, *, place: int = 0, runs: bool = True) -> None:
        """Choose an option of a selectbox, the first of the page or a later one."""
        box = self.page.get_by_test_id("stSelectbox").nth(place)
        box.get_by_role("combobox").click()
        self._does(self.page.get_by_role("option", name=option, exact=True).click, runs=runs)

    def picks(self, kind: str, option: str, *, runs: bool = True) -> None:
        """Click an option that is on the page, within a widget of that kind."""
        inside = self.page.get_by_test_id(kind)
        self._does(inside.get_by_text(option, exact=True).click, runs=runs)

    def slides(self, label: str, key: str) -> None:
        """Press a key on a slider: ``Home``, ``End``, an arrow."""
        self._does(lambda: self.page.get_by_role("slider", name=label).press(key))

    def uploads(self, *files: tuple[str, bytes], runs: bool = True, kind: str = "text/csv") -> None:
        """Give files to the uploader: name and contents of each."""
        given = [{"name": name, "mimeType": kind, "buffer": data} for name, data in files]
        field = self.page.get_by_test_id("stFileUploaderDropzoneInput")
        arrived = self._phases("upload").count("received") + len(files)
        self._does(lambda: field.set_input_files(files=given), runs=runs)  # type: ignore[arg-type]
        self._until(lambda: self._phases("upload").count("received") >= arrived)

    def does(self, find: Callable[[Page], Locator], *, at: tuple[int, int] | None = None) -> None:
        """Click something else, at a place in it or in its middle."""
        position = {"x": at[0], "y": at[1]} if at else None
        self._does(lambda: find(self.page).click(position=position))  # type: ignore[arg-type]
