"""Runs the app with the whole of Sentry, its default integrations too, and prints what came of it.

By itself: Sentry patches the interpreter and has no way back.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.transport import Transport
from streamlit.testing.v1 import AppTest

from datatools_audit import AuditHandler
from datatools_audit.integrations.sentry import audit_before_send
from datatools_audit.testing import capture_events

if TYPE_CHECKING:
    from sentry_sdk.envelope import Envelope


class KeptTransport(Transport):
    """Keeps the events instead of sending them."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep what Sentry would be sent, as it is on the wire."""
        sent = envelope.get_event()
        if sent is not None:
            self.events.append(json.loads(json.dumps(sent)))


def break_off() -> None:
    """Raise what ends a thread."""
    raise RuntimeError("the thread's")


def main() -> None:
    """Break the app, handle an error in it, and break a thread."""
    transport = KeptTransport()
    sentry_sdk.init(
        dsn="https://key@sentry.example.org/1",
        transport=transport,
        before_send=audit_before_send(),
    )
    logging.getLogger().addHandler(AuditHandler(level=logging.WARNING))
    with capture_events() as events:
        app = AppTest.from_file(str(Path(__file__).parent / "apps" / "orders.py")).run()
        app.selectbox[0].select("DE").run()
        app.button[0].click().run()
        app.run().button[1].click().run()
        thread = threading.Thread(target=break_off)
        thread.start()
        thread.join()
        json.dump({"sentry": transport.events, "ours": [dict(e) for e in events]}, sys.stdout)


if __name__ == "__main__":
    main()
