"""A log as an office leaves it: people upload, clean and analyze tables; some of it fails."""

from __future__ import annotations

import datetime
import random
from typing import TYPE_CHECKING, Any

from datatools_audit.record import strict

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

BEGAN = datetime.datetime(2026, 5, 19, 6, 40, tzinfo=datetime.UTC)
CODE = "E-7K3F9Q"
PROC, NEXT_PROC = "9f3e12ab", "4be07c55"
_FILES = (
    "customers.csv",
    "orders 2026.xlsx",
    "prices.csv",
    "Größen & Farben.csv",
    "survey.parquet",
)
_TRACEBACKS = {
    "KeyError": (
        "column not found: 'unit_price'",
        [("pages/analyze.py", 88, "draw"), ("datatools/profile.py", 41, "profile")],
    ),
    "UnicodeDecodeError": (
        "'utf-8' codec can't decode byte 0xfc in position 118: invalid start byte",
        [("pages/upload.py", 54, "draw"), ("datatools/loading.py", 97, "load")],
    ),
    "ZeroDivisionError": (
        "division by zero",
        [("pages/analyze.py", 121, "calculate"), ("datatools/expression.py", 60, "evaluate")],
    ),
}


class Office:
    """Makes the records of a day, the same ones each time.

    Args:
        sessions: How many people come.
        seed: Another one makes another day.
    """

    def __init__(self, sessions: int = 14, seed: int = 4) -> None:
        self._random = random.Random(seed)
        self._count = sessions
        self._seq = {PROC: 0, NEXT_PROC: 0}
        self._proc = PROC
        self._seconds = 0.0
        self._session = ""
        self._page = ""
        self._errors = 0

    def records(self) -> Iterator[Record]:
        """Yield them in the order in which they happened, one session after the other."""
        for n in range(self._count):
            self._seconds = n * 36_000 / self._count + self._random.uniform(0, 600)
            if n == self._count * 3 // 4:
                yield from self._restart()
            yield from self._visit(n)

    def _record(self, category: str, message: str, after: float = 0.004, **fields: Any) -> Record:
        self._seconds += after
        self._seq[self._proc] += 1
        moment = BEGAN + datetime.timedelta(seconds=self._seconds)
        level = fields.pop("level", "info")
        head = {
            "ts": moment.isoformat(timespec="milliseconds"),
            "level": level,
            "category": category,
            "session": self._session,
            "message": message,
            "proc": self._proc,
            "seq": self._seq[self._proc],
        }
        return head | ({"page": self._page} if self._page else {}) | fields

    def _restart(self) -> Iterator[Record]:
        lost = {"dropped": 3, "dropped_since_start": 3}
        self._session, self._page = "00c0ffee", ""
        self._seq[PROC] += 3
        last = self._seq[PROC]
        said = "3 records were dropped because the queue was full"
        yield self._record(
            "audit", said, level="warning", first_seq=last - 2, last_seq=last, **lost
        )
        self._proc = NEXT_PROC
        yield self._record(
            "audit",
            "Recovered 12 records of a process that was killed",
            60,
            level="warning",
            recovered=12,
            missing=0,
            died_proc=PROC,
            died_at=None,
        )

    def _visit(self, n: int) -> Iterator[Record]:
        self._session, self._page = f"{self._random.getrandbits(32):08x}", ""
        browser = self._random.choice(["Firefox", "Chrome", "Edge"])
        yield self._record(
            "session",
            "Session started",
            app="Table desk",
            version="2.1.0",
            product_version="0.1.0",
            streamlit="1.54.0",
            python="3.12.4",
            platform="Linux 6.8.0 x86_64",
            timezone="UTC+02:00 (CEST)",
            user="<user-1>",
            browser=browser,
            locale=self._random.choice(["de-DE", "en-GB"]),
            theme=self._random.choice(["light", "dark"]),
        )
        yield self._open("home", "Home", 0.1)
        file = _FILES[n % len(_FILES)]
        yield from self._upload(file)
        for _ in range(self._random.randint(1, 4)):
            yield from self._work()
        if n % 4 == 2:
            yield from self._fail(list(_TRACEBACKS)[n // 4 % 3])
        if n % 5 == 3:
            yield from self._hang()
        yield self._record("session", "Session ended", self._random.uniform(5, 900))

    def _open(self, page: str, title: str, after: float) -> Record:
        self._page = page
        return self._record("nav", f"Opened {page}", after, title=title)

    def _click(self, label: str) -> Iterator[Record]:
        yield self._record(
            "widget",
            f"Clicked {label}",
            self._random.uniform(2, 40),
            kind="button",
            label=label,
            key=None,
        )
        run = {"run_id": f"{self._random.getrandbits(32):08x}"}
        yield self._record("run", "Run started", level="debug", phase="start", **run)
        done = {"phase": "end", "outcome": "ok", "duration_ms": 42.1}
        yield self._record("run", "Run ended: ok", 0.042, level="debug", **done, **run)

    def _upload(self, file: str) -> Iterator[Record]:
        yield self._open("upload", "Upload", self._random.uniform(2, 9))
        size = self._random.randint(4_000, 9_000_000)
        what = {"upload_id": "871be0a8", "filename": file, "bytes": size, "type": "text/csv"}
        yield self._record("upload", f"Uploaded {file}", 9, phase="received", **what)
        yield from self._action("read", rows=self._random.randint(40, 90_000), columns=12)

    def _action(self, name: str, after: float = 0.02, **extra: Any) -> Iterator[Record]:
        took = self._random.choice([80, 240, 900, 4_200])
        ids = {"action_id": f"{self._random.getrandbits(32):08x}", "parent_id": None}
        yield self._record(name, f"{name} started", after, phase="start", **ids)
        if took > 900:
            said = "3 rows have no price"
            logged = {"logger": "datatools.profile", "where": "profile:88"}
            yield self._record("log", said, 0.4, level="warning", **logged)
        end = {"phase": "end", "outcome": "ok", "duration_ms": float(took), **extra}
        yield self._record(name, f"{name} finished", took / 1000, **end, **ids)

    def _work(self) -> Iterator[Record]:
        page = self._random.choice(["clean", "analyze"])
        yield self._open(page, page.capitalize(), self._random.uniform(1, 30))
        shape = {"type": "str", "length": 5}
        for _ in range(self._random.randint(1, 4)):
            label = self._random.choice(["Column", "Fill with", "Threshold", "Group by"])
            what = {"kind": "selectbox", "label": label, "key": None, "old": shape, "new": shape}
            yield self._record("widget", f"Changed {label}", self._random.uniform(1, 12), **what)
        yield from self._click("Clean" if page == "clean" else "Analyze")
        yield from self._action("clean" if page == "clean" else "analyze", rows=344)

    def _fail(self, exc_type: str) -> Iterator[Record]:
        text, frames = _TRACEBACKS[exc_type]
        yield from self._click("Calculate")
        places = "".join(f'  File "{f}", line {n}, in {name}\n' for f, n, name in frames)
        self._errors += 1
        code = CODE if self._errors == 1 else f"E-{self._errors:06}"
        yield self._record(
            "error",
            f"Uncaught in {self._page}: {exc_type}: {text}",
            0.3,
            level="error",
            exc_type=exc_type,
            exc_message=text,
            traceback=f"Traceback (most recent call last):\n{places}{exc_type}: {text}",
            support_code=code,
        )
        if self._errors == 2:
            yield self._record(
                "report",
                "Reported a problem",
                50,
                support_code="E-R3P0RT",
                text="I only wanted the average per region, and then the red box came.",
                just_now=True,
                error_code=code,
            )

    def _hang(self) -> Iterator[Record]:
        yield from self._click("Export")
        yield self._record(
            "hang",
            "analyze has been open for 30 s",
            30,
            level="warning",
            action_id="8f5ff5eb",
            open_ms=30_000,
            stack='  File "pages/analyze.py", line 140, in export\n',
        )


def lines(records: Iterator[Record]) -> bytes:
    """Return records as the lines of a log."""
    return b"".join(strict.dumps(record) + b"\n" for record in records)
