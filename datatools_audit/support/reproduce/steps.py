"""The steps of a test: what a person did, each a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from datatools_audit.support.reproduce.values import Value


@dataclass(frozen=True, slots=True)
class Widget:
    """Which widget it was, as the record calls it.

    Attributes:
        kind: The command that drew it.
        label: Its label; or empty.
        key: Its key; or None.
        is_unnamed: Whether a bundle has left out label or key.
    """

    kind: str
    label: str
    key: str | None
    is_unnamed: bool = False

    @property
    def name(self) -> str:
        """What a person would call it."""
        return self.label or self.key or self.kind


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody has uploaded, and what is on record of what was in it.

    Attributes:
        id: The same for all records of one file.
        name: Its name.
        kind: Its MIME type.
        size: Bytes.
        told: The fields of its fingerprints; those of a file's before those of a frame's.
    """

    id: str
    name: str
    kind: str
    size: int
    told: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """A page is opened; ``page`` is empty in an app that has one."""

    ts: str
    page: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A widget gets a value."""

    ts: str
    widget: Widget
    value: Value


@dataclass(frozen=True, slots=True)
class Edit:
    """Rows of a data editor are edited, or of a table selected: how many of each part."""

    ts: str
    widget: Widget
    counts: tuple[tuple[str, int], ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Click:
    """A button is clicked; ``choice`` is what was chosen in its menu."""

    ts: str
    widget: Widget
    choice: Value | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A widget has these files from now on."""

    ts: str
    widget: Widget
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """A message is sent in a chat."""

    ts: str
    widget: Widget
    text: Value
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Rerun:
    """The app runs.

    Attributes:
        ts: When.
        is_fragment: Whether a fragment runs alone.
        is_bare: Whether nothing on record has brought it about.
    """

    ts: str
    is_fragment: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """What cannot be done in a test, and why."""

    ts: str
    what: str
    why: str


Step = Open | Change | Edit | Click | Upload | Say | Rerun | Miss


@dataclass(frozen=True, slots=True)
class End:
    """What the steps lead to.

    Attributes:
        ts: When.
        code: Its support code; or empty.
        error: The type of the exception; empty of a report.
        function: The function of the app in which it was raised; empty where none is known.
        message: What the record says.
        is_in_thread: Whether it was raised in a thread of the app's own.
        unseen: Why a test cannot see it; empty where it can.
    """

    ts: str
    code: str
    error: str
    function: str
    message: str
    unseen: str = ""
    is_in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is needed to write the test.

    Attributes:
        session: Its id.
        app: Name and version of the app; or empty.
        versions: ``Streamlit 1.67.0, Python 3.11.7``; or empty.
        zone: The time zone of the server.
        browser: What an app may ask of the browser: ``locale``, ``timezone``, ``theme``.
        steps: In their order.
        end: What they lead to.
    """

    session: str
    app: str
    versions: str
    zone: datetime.tzinfo
    browser: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    end: End
