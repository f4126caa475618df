"""From a call to a line in the queue: the path that an app waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from datatools_audit.guard import count_failure
from datatools_audit.record import strict
from datatools_audit.record.coerce import VALUE_BYTES
from datatools_audit.record.encode import NAME_BYTES, encode
from datatools_audit.record.levels import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.context import Session, SessionProvider
    from datatools_audit.record.stamp import Stamps
    from datatools_audit.writer.writer import Writer

_INFO = "info"
_NOWHERE: dict[str, str] = {}
_TRUNCATED = "truncated"


class Emit(Protocol):
    """Queues one record. Never blocks, never raises an ``Exception``.

    Args:
        level: As the caller gave it.
        category: As the caller gave it.
        message: As the caller gave it.
        fields: What the product's function sets.
        extra: What the caller gave.
        session: Whose record it is; the present caller's when None.

    Threads: any.
    """

    def __call__(
        self,
        level: object,
        category: object,
        message: object,
        fields: Mapping[str, object],
        extra: Mapping[str, object],
        session: Session | None = None,
    ) -> None:
        """Queue it."""


class Owner(Protocol):
    """Whose records they are where no session is given; a recorder."""

    provider: SessionProvider | None
    process_session: Session


class Run(Protocol):
    """What a caller may be in; a run of an action."""

    def open_id(self) -> str | None:
        """Return its id, or that of the innermost around it that has not ended."""


def emitter(  # noqa: C901 -- see below
    owner: Owner, proc: str, next_seq: Callable[[], int], stamps: Stamps, writer: Writer
) -> Emit:
    """Return the function that queues the records of a process.

    A record of plain values is encoded right here, anything else by ``encode``; both make the
    same line. It is one function since each call within is felt by every event of an app.
    """

    def emit(  # noqa: C901
        level: object,
        category: object,
        message: object,
        fields: Mapping[str, object],
        extra: Mapping[str, object],
        session: Session | None = None,
    ) -> None:
        seq = 0
        try:
            if session is None:
                session = (owner.provider and owner.provider()) or owner.process_session
            if session.muted:
                return
            seq = next_seq()
            now = stamps.clock()
            begin, end, ts = stamps.last
            if not begin <= now < end:
                ts = stamps.at(now)
            page = session.page
            given = {**fields, **extra} if fields else extra
            line = b""
            if (
                type(message) is str
                and type(category) is str
                and (level is _INFO or (type(level) is str and level in KNOWN))
                and len(message) <= VALUE_BYTES
                and len(category) <= NAME_BYTES // 4
            ):
                for value in given.values():
                    kind = type(value)
                    if kind is str:
                        if len(value) > VALUE_BYTES:  # type: ignore[arg-type]
                            break
                    elif kind is float:
                        if value - value != 0.0:  # type: ignore[operator]  # NaN, infinities
                            break
                    elif kind is not int and kind is not bool and value is not None:
                        break
                else:
                    record: dict[str, object] = {
                        "ts": ts,
                        "level": level,
                        "category": category,
                        "session": session.id,
                        "message": message,
                        "proc": proc,
                        "seq": seq,
                        **(_NOWHERE if page is None else {"page": page}),
                        **given,
                    }
                    # Fewer where two names met; the general way keeps both.
                    names = (7 if page is None else 8) + len(fields) + len(extra)
                    if len(record) == names and _TRUNCATED not in record:
                        try:
                            line = strict.dumps(record, None, strict.LINE)
                        except TypeError:  # a lone surrogate, a long integer
                            pass
                        else:
                            if not line.isascii() or 127 in line:
                                line = strict.escaped(line)
                            if len(line) > NAME_BYTES and _has_long_name(given):
                                line = b""
            if not 0 < len(line) <= VALUE_BYTES:
                line = encode(
                    ts,
                    level,
                    category,
                    session.id,
                    message,
                    proc,
                    seq,
                    page,
                    fields,
                    extra,
                )
        except BaseException as error:
            writer.queue.drop(seq or next_seq(), "unencodable")
            if not isinstance(error, Exception):
                raise
            count_failure("emit", type(error))
        else:
            writer.put(line)

    return emit


def within(emit: Emit, current: Callable[[], Run | None]) -> Emit:
    """Return an ``emit`` whose records name the action that they are in, as ``action_id``."""

    def emit_within(
        level: object,
        category: object,
        message: object,
        fields: Mapping[str, object],
        extra: Mapping[str, object],
        session: Session | None = None,
    ) -> None:
        run = current()
        if run is not None and "action_id" not in fields and (found := run.open_id()):
            fields = {**fields, "action_id": found}
        emit(level, category, message, fields, extra, session)

    return emit_within


def _has_long_name(given: Mapping[str, object]) -> bool:
    """Tell whether a name may have to be cut: a character has four bytes at most."""
    return max(map(len, given), default=0) > NAME_BYTES // 4
