"""Each test here leaves Streamlit as it found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from datatools_audit._process import shared
from streamlit_ext._compat import PLACES
from streamlit_ext.instrumentation import Instrumentation

if TYPE_CHECKING:
    from collections.abc import Iterator


def patchable() -> dict[str, object]:
    """Return what stands at each place of this Streamlit, by the place."""
    found: dict[str, object] = {}
    for alternatives in PLACES.values():
        for places in alternatives:
            for place in places:
                try:
                    owner, name = place.find()
                except (ImportError, AttributeError):
                    continue
                found[str(place)] = vars(owner)[name]
    return found


@pytest.fixture(autouse=True)
def originals() -> Iterator[dict[str, object]]:
    """Give the original names, and prove that they are back after the test."""
    before = patchable()
    yield before
    shared("instrumentation", Instrumentation).uninstrument()
    assert before == patchable()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Give the files of a server that lives as long as its visitors, as AppTest's does not."""
    manager = MemoryUploadedFileManager("/upload")
    where = "streamlit.testing.v1.local_script_runner.MemoryUploadedFileManager"
    monkeypatch.setattr(where, lambda _: manager)
    return manager


def by_category(records: list[dict[str, Any]], category: str) -> list[dict[str, Any]]:
    """Return the records of a category."""
    return [r for r in records if r["category"] == category]
