"""From records in their order to drafts of steps: what belongs together is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading import doings
from datatools_audit.reading.catalogue import BY_NAME, kind_of
from datatools_audit.reading.drafts import Draft, SessionSoFar
from datatools_audit.reading.ordering import moment_of, text
from datatools_audit.reading.phrases import WENT_AWAY, phrase
from datatools_audit.reading.wording import Phrase, clean, number
from datatools_audit.record.widgets import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.reading.beyond import Beyond
    from datatools_audit.reading.catalogue import Kind

    Record = Mapping[str, object]

_DEEPEST = 20
_RECOVERED = BY_NAME["recovered"]
_BEGINS_ANEW = frozenset({"session", "nav", "widget"})


class Story:
    """Hears the records in their order and keeps the drafts.

    Args:
        beyond: What is known beforehand.
        is_cut: Whether the log goes on behind the records.
    """

    def __init__(self, beyond: Beyond, *, is_cut: bool = False) -> None:
        self._beyond = beyond
        self._is_cut = is_cut
        self._drafts: list[Draft] = []
        self._sessions: dict[str, SessionSoFar] = {}
        self._restarts: dict[str, Draft] = {}
        self._now: float | None = None
        self._order = 0
        self._hears: Mapping[str, Callable[[Record, Kind, SessionSoFar], object]] = {
            "action-started": self._action_started,
            "action-ended": self._action_ended,
            "run-started": self._run_started,
            "run-ended": self._run_ended,
            "session-disconnected": self._session_disconnected,
            "session-resumed": self._session_resumed,
            "session-ended": self._session_ended,
            "widget": self._widget,
            "upload": self._upload,
            "error": self._error,
            "log": self._log,
            "recovered": self._recovered,
        }

    def hear(self, record: Record) -> None:
        """Take the next record."""
        self._order += 1
        kind = kind_of(record)
        whose = self._session(text(record, "session"))
        proc = text(record, "proc")
        if proc in self._beyond.restarts and proc not in self._restarts:
            said = Phrase("the app was restarted")
            restarted = self._tell(record, _RECOVERED, SessionSoFar(), said)
            restarted.key, restarted.records = None, []  # the record has a step of its own
            self._restarts[proc] = restarted
        self._hears.get(kind.name, self._tell)(record, kind, whose)

    def _session(self, name: str) -> SessionSoFar:
        found = self._sessions.get(name)
        if found is None:
            found = self._sessions[name] = SessionSoFar()
        return found

    def drafts(self) -> list[Draft]:
        """Return what is to be told, in its order."""
        for whose in self._sessions.values():
            self._finish(whose)
        told = [draft for draft in self._drafts if not draft.is_silent]
        told.sort(key=lambda draft: draft.order)
        for draft in told:
            if draft.kind.name == "action-ended":
                _word_action(draft)
        return told

    def _tell(
        self, record: Record, kind: Kind, whose: SessionSoFar, said: Phrase | None = None
    ) -> Draft:
        if kind.category in _BEGINS_ANEW:
            self._leave_unended(whose)
        if whose.failed and kind.name not in ("error", "log", "action-started"):
            whose.failed.clear()
        said = phrase(record, kind) if said is None else said
        gap = self._gap_before(record)
        depth = 0
        if whose.open and kind.category != "audit":
            depth = next(reversed(whose.open.values())).depth + 1
        draft = Draft(
            self._order,
            kind,
            clean(record.get("ts"), 40),
            gap,
            min(depth, _DEEPEST),
            [record],
            said,
            (kind.name, *said, text(record, "session")),
            level=text(record, "level"),
        )
        whose.last = draft
        self._drafts.append(draft)
        return draft

    def _gap_before(self, record: Record) -> float:
        """Return the seconds between what was heard before and this record."""
        moment, before = moment_of(record.get("ts")), self._now
        if moment is None:
            return 0.0
        self._now = moment if before is None else max(moment, before)
        return 0.0 if before is None else max(0.0, round(moment - before, 3))

    def _join(self, draft: Draft, record: Record) -> None:
        """Have a record belong to a step that is there."""
        self._gap_before(record)
        draft.records.append(record)

    def _action_started(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        draft = self._tell(record, kind, whose, Phrase(""))
        parent = whose.open.get(text(record, "parent_id"))
        draft.depth = min(parent.depth + 1, _DEEPEST) if parent is not None else 0
        draft.key = None
        action_id = text(record, "action_id")
        if action_id and action_id not in whose.open:
            whose.open[action_id] = draft
            if action_id not in self._beyond.ended:
                whose.unended.append(action_id)
        else:
            draft.is_silent = True

    def _action_ended(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        draft = whose.open.pop(text(record, "action_id"), None)
        if draft is None:
            draft = self._tell(record, kind, whose, Phrase(""))
            draft.key = None
        else:
            self._join(draft, record)
            draft.kind = kind
        draft.level = text(record, "level")
        draft.duration_ms = number(record.get("duration_ms"))
        if record.get("outcome") != "error":
            return
        draft.raised = raised = _raised(record)
        same = whose.failed.setdefault(raised, [])
        inside = same[-1].order if same else -1
        draft.error_is_told = max(inside, whose.raised.get(raised, -1)) >= draft.order
        same.append(draft)

    def _leave_unended(self, whose: SessionSoFar) -> None:
        """What has no end on record is not gone on with by what a person does next."""
        for action_id in whose.unended:
            self._word_unended(whose.open.pop(action_id))
        whose.unended.clear()

    def _word_unended(self, draft: Draft) -> None:
        start = draft.records[0]
        alive = text(start, "proc") in self._beyond.alive
        said = doings.own_extras(start)
        draft.phrase = doings.open_action(start, extras=said, alive=alive, is_cut=self._is_cut)
        draft.level = draft.level if alive or self._is_cut else "warning"

    def _run_started(self, record: Record, _kind: Kind, whose: SessionSoFar) -> None:
        self._leave_unended(whose)
        whose.failed.clear()
        whose.interrupted = None
        whose.runs[text(record, "run_id")] = self._order, record

    def _run_ended(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        began, _ = whose.runs.pop(text(record, "run_id"), (self._order, record))
        outcome = record.get("outcome")
        had_hung = record.get("level") == "info"
        if had_hung or (outcome == "error" and whose.last_error < began):
            self._tell_run(record, kind, whose)
        elif outcome == "interrupted" and not whose.is_over:
            whose.interrupted = self._order, record

    def _tell_run(self, record: Record, kind: Kind, whose: SessionSoFar, order: int = 0) -> None:
        draft = self._tell(record, kind, whose, doings.run(record))
        draft.depth = 0
        draft.order = order or draft.order
        draft.duration_ms = number(record.get("duration_ms"))
        draft.level = "warning"

    def _session_disconnected(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        whose.lost = self._tell(record, kind, whose)

    def _session_resumed(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        whose.lost = None
        draft = self._tell(record, kind, whose)
        draft.key = (kind.name, text(record, "session"))
        draft.duration_ms = number(record.get("away_ms"))

    def _session_ended(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        whose.is_over, whose.interrupted = True, None
        if whose.lost is not None:
            whose.lost.phrase, whose.lost.key, whose.lost = WENT_AWAY, None, None
        self._tell(record, kind, whose)

    def _widget(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        last, drawn_by = whose.last, record.get("kind")
        takes_files = type(drawn_by) is str and drawn_by in FILES
        if takes_files and last is not None and last.kind.name == "upload":
            self._join(last, record)  # that a file came says all
            return
        draft = self._tell(record, kind, whose)
        if "old" in record:  # however far a slider is dragged it is one step
            said, key = draft.phrase, clean(record.get("key"))
            draft.key = (kind.name, said.verb, said.subject, key, text(record, "session"))

    def _upload(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        upload_id, last = text(record, "upload_id"), whose.last
        change: list[Record] = []
        is_change = last is not None and last.kind.name == "widget"
        if last is not None and is_change and clean(last.records[0].get("kind")) in FILES:
            last.is_silent, change, whose.last = True, last.records, None
        draft = whose.uploads.get(upload_id) if upload_id else None
        if draft is not None and record.get("phase") == "used":
            draft.records += change
            self._join(draft, record)
            return
        draft = self._tell(record, kind, whose)
        draft.records += change
        whose.uploads[upload_id] = draft

    def _error(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        draft = self._tell(record, kind, whose)
        draft.raised = raised = _raised(record)
        whose.raised[raised] = whose.last_error = draft.order
        for each in whose.failed.get(raised, ()):
            each.error_is_told = True
            draft.depth = max(draft.depth, min(each.depth + 1, _DEEPEST))
        whose.failed.clear()

    def _log(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        last = whose.last
        is_error = last is not None and last.kind.name == "error"
        if (
            last is not None
            and is_error
            and "exc_type" in record
            and last.raised == _raised(record)
        ):
            self._join(last, record)
        else:
            self._tell(record, kind, whose)

    def _recovered(self, record: Record, kind: Kind, whose: SessionSoFar) -> None:
        restarted = self._restarts.get(text(record, "proc"))
        if restarted is None or restarted.records:
            self._tell(record, kind, whose)
            return
        restarted.phrase = phrase(record, kind)
        restarted.level = text(record, "level")
        self._join(restarted, record)

    def _finish(self, whose: SessionSoFar) -> None:
        """Tell of what has begun and has no end."""
        unended = list(whose.open.values())
        for draft in unended:
            self._word_unended(draft)
        beyond, newest = self._beyond, max((draft.order for draft in unended), default=-1)
        for order, record in whose.runs.values():
            is_dead = text(record, "proc") in beyond.dead - beyond.alive
            if is_dead and newest < order and not self._is_cut:
                self._tell_run(record, kind_of(record), whose, order)
        if whose.interrupted is not None:
            order, record = whose.interrupted
            if text(record, "proc") not in beyond.alive and not self._is_cut:
                self._tell_run(record, kind_of(record), whose, order)


def _raised(record: Record) -> tuple[str, str]:
    return text(record, "exc_type"), text(record, "exc_message")


def _word_action(draft: Draft) -> None:
    """Say what an action did, now that it is known whether its error is told elsewhere."""
    end = draft.records[-1]
    said = doings.own_extras(end)
    draft.phrase = doings.action(
        end, extras=said, milliseconds=draft.duration_ms, told=draft.error_is_told
    )
    if draft.error_is_told:  # and shown as one: the action is a part of it
        draft.level = "error"
    how = clean(end.get("outcome"), 20)
    raised = draft.raised if draft.raised is not None and not draft.error_is_told else None
    draft.key = ("action", how, draft.phrase.subject, said, raised, text(end, "session"))
