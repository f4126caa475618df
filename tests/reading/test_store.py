"""The engine reads what `read_events` reads, once, and gives each what is theirs."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datatools_audit import ReadError, read_events
from datatools_audit.reading import loading
from datatools_audit.reading.catalogue import kind_of
from datatools_audit.reading.query import Filter
from datatools_audit.reading.store import Store
from datatools_audit.reading.view import View

DAY = "2026-05-19"
ANN, BOB = "aaaaaaaa", "bbbbbbbb"


def line(seq: int = 1, session: str = ANN, message: str = "m", **more: object) -> bytes:
    record = {
        "ts": f"{DAY}T08:{seq // 60 % 60:02}:{seq % 60:02}.000+00:00",
        "level": "info",
        "category": "test",
        "session": session,
        "message": message,
        "proc": "9f3e12ab",
        "seq": seq,
    }
    text = json.dumps(record | more, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def changed(old: bytes, new: bytes, seq: int = 1) -> bytes:
    """Return a line with a part of it replaced, which has to be there."""
    whole = line(seq)
    assert old in whole
    return whole.replace(old, new)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the day's log is."""
    return tmp_path / f"datatools-{DAY}.jsonl"


def view(path: Path, *sessions: str) -> View:
    """Return everybody's view of a folder, or that of some sessions."""
    store = Store(path.parent)
    store.refresh()
    return store.view(sessions or None)


def messages(seen: View, **asked: Any) -> list[object]:
    return [record.get("message") for record in seen.records(Filter(**asked))]


GOOD = st.builds(
    lambda seq, text, session: line(seq, session, text),
    st.integers(0, 99),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from([ANN, BOB]),
)
ODD = st.sampled_from(
    [
        b'{"ts":"2026-05-19T08:00',
        b'{"ts":"2026\n',
        b"\n",
        b"\r\n",
        b" \t\n",
        b"\x0b\n",
        b"\x1c\n",
        b"\x01\n",
        b"hello\n",
        b"\xff\xfe\n",
        b"a\x00b\n",
        b"[1]\n",
        b'{"ts":1}\n',
        b"{}\n",
        b"\xef\xbb\xbf" + line(),
        line()[:-1] + b"\r\n",
        b" " + line(),
        line()[:-1] + b"  \n",
        line()[:-2] + b',"session":"bbbbbbbb"}\n',
        line()[:-2] + b',"x":"\\ud800"}\n',
        line()[:-2] + b',"x":123456789012345678901234567890}\n',
        line()[:-2] + b',"page":5}\n',
        line()[:-2] + b',"x":NaN}\n',
        line()[:-2] + b',"x":-Infinity}\n',
        line()[:-2] + b',"x":1e999}\n',
        line()[:-2] + b',"x":[1,]}\n',
        line()[:-2] + b',"x":1,}\n',
        line()[:-2] + b',"x":01}\n',
        line()[:-2] + b',"x":' + b"[" * 1100 + b"]" * 1100 + b"}\n",
        line()[:-2] + b',"x":' + b"[" * 500 + b"]" * 500 + b"}\n",
        line()[:-2] + b',"seq":"x"}\n',
        line()[:-2] + b',"\\u0073ession":"bbbbbbbb"}\n',
        line()[:-2] + b',"support_code":"E-1","support_code":2}\n',
        b"hello\rworld\n",
        line() + line()[:-3] + "ä".encode()[:1] + b"\n",
        changed(b'"seq":1', b'"seq":18446744073709551615'),
        changed(b'"seq":1', b'"seq":1.0'),
        changed(b'"seq":1', b'"seq":-1'),
        changed(b'"seq":1', b'"seq":123456789012345678901234567890'),
        changed(b'"aaaaaaaa"', b'["a"]'),
        changed(b'"m"', b'"\x7f"'),
        b'{"a":' * 300 + b"1" + b"}" * 300 + b"\n",
        b'{"seq":1,"ts":"x","level":"info","category":"x","session":"a","message":"q","proc":"p"}\n',
        line(x="y" * (1 << 20)),
        b"x" * (3 << 20) + b"\n",
    ]
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(GOOD | ODD, max_size=6).map(b"".join), min_size=1, max_size=4))
def test_store_reads_what_read_events_reads(parts: list[bytes]) -> None:
    """Whatever stands in a file that grows: the same records, problems, places and bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"datatools-{DAY}.jsonl")
        store = Store(Path(folder))
        for part in parts:
            with path.open("ab") as file:
                file.write(part)
            store.refresh()
            expected = [(r, r.problem, r.offset, r.raw) for r in read_events(path)]
            rows = store.view(None).rows(Filter(), limit=10_000)
            found = [(r, r.problem, r.offset, r.raw) for r in rows]
            assert expected == sorted(found, key=lambda each: each[2])
            totals = store.view(None).totals(Filter())
            assert len(expected) == totals.events + totals.problems
            assert sum(each[1] is not None for each in expected) == totals.problems
            for session in (ANN, BOB):
                own = [r.raw for r, *_ in expected if r.get("session") == session]
                seen = store.view({session})
                assert sorted(own) == sorted(seen.lines(Filter()))
                assert len(own) == seen.totals(Filter()).events
                assert len(own) == sum(bar.count for bar in seen.histogram(Filter()))


def test_store_does_without_what_windows_lacks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day, what is appended to it, and a packed day are read where there is no ``pread``."""
    monkeypatch.delattr(os, "pread", raising=False)
    path.with_name("datatools-2026-05-18.jsonl.gz").write_bytes(gzip.compress(line(9)))
    path.write_bytes(line(1))
    store = Store(path.parent)
    for seq in (2, 3):
        store.refresh()
        with path.open("ab") as log:
            log.write(line(seq))
    store.refresh()
    assert {1, 2, 3, 9} == {record["seq"] for record in store.view(None).records(Filter())}


@pytest.mark.parametrize("before", [b"", line(1)])
def test_store_reads_a_line_that_is_being_written_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    """The half that is there at the first look is no torn line: the rest comes in a moment."""
    keep, halves = loading.Loader._keep_tail, [line(2)[:40], line(2)[40:]]

    def keep_and_go_on(loader: loading.Loader, cursor: Any, tail: bytes) -> None:
        keep(loader, cursor, tail)
        with path.open("ab") as log:
            log.write(halves.pop())

    monkeypatch.setattr(loading.Loader, "_keep_tail", keep_and_go_on)
    path.write_bytes(before)
    store = Store(path.parent)
    store.refresh()
    with path.open("ab") as log:
        log.write(halves.pop(0))
    store.refresh()
    assert [] == halves
    assert (1 + bool(before), 0) == _found(store)


def _found(store: Store) -> tuple[int, int]:
    totals = store.view(None).totals(Filter())
    return totals.events, totals.problems


def test_store_counts_many_odd_lines(path: Path) -> None:
    """A log that is no log, or another's, is read in bounded parts and told line by line."""
    count = loading._MOST_SETTLED + loading._BATCH + 1
    path.write_bytes(b"".join(b" " + line(n % 60, ANN) for n in range(count)) + b"odd\n" * count)
    totals = view(path).totals(Filter())
    assert (count, count) == (totals.events, totals.problems)
    seen = view(path, ANN).lines(Filter())
    assert b" " + line(0, ANN) == next(iter(seen))


def test_store_keeps_the_good_lines_beside_a_broken_one(path: Path) -> None:
    """One line that is no text costs itself only: the others are in their places."""
    path.write_bytes(line(1) + b'{"ts":"\xff\n' + line(2) + b"\xff\n" + line(3))
    found = view(path).rows(Filter(), limit=10)
    placed = sorted((r.offset, r.problem, r.get("seq")) for r in found)
    size = len(line(1))
    assert [(0, None, 1), (size, "torn", None), (size + 9, None, 2)] == placed[:3]
    assert [(2 * size + 9, "foreign", None), (2 * size + 11, None, 3)] == placed[3:]


@pytest.mark.parametrize("name", ["[x]", "a*b", "q?", "it's", "ä b"])
def test_store_reads_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    """The signs of a file pattern in a folder's name are signs of its name."""
    path = tmp_path / name / f"datatools-{DAY}.jsonl"
    path.parent.mkdir()
    path.write_bytes(line())
    assert ["m"] == messages(view(path))


def test_store_goes_on_at_midnight(path: Path) -> None:
    """A new day's file is read beside the old one, and lines come day by day."""
    path.write_bytes(line(1, message="late"))
    store = Store(path.parent)
    store.refresh()
    path.with_name("datatools-2026-05-20.jsonl").write_bytes(line(2, message="new day"))
    path.with_name("datatools-2026-05-18.jsonl").write_bytes(line(3, message="old day"))
    store.refresh(["2026-05-20"])
    assert ["late", "new day"] == messages(store.view(None))
    store.refresh()
    assert ["2026-05-20", DAY, "2026-05-18"] == store.days()
    expected = [line(3, message="old day"), line(1, message="late"), line(2, message="new day")]
    assert expected == list(store.view(None).lines(Filter()))


def test_store_passes_over_a_file_that_went_meanwhile(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that the sweep takes between the listing and the reading has no records."""
    path.write_bytes(line())
    store = Store(path.parent)
    listed = store._logs()
    path.unlink()
    monkeypatch.setattr(store, "_logs", lambda: listed)
    store.refresh()
    assert [] == messages(store.view(None))


class Counted:
    """A file that counts what is read of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        self.whole = 0
        add, whole = loading.Loader._add, loading.Loader._load_whole

        def counted_add(loader: Any, cursor: Any, data: bytes, at: int) -> None:
            self.bytes += len(data)
            add(loader, cursor, data, at)

        def counted_whole(loader: Any, *arguments: Any) -> bool:
            self.whole += 1
            return whole(loader, *arguments)

        monkeypatch.setattr(loading.Loader, "_add", counted_add)
        monkeypatch.setattr(loading.Loader, "_load_whole", counted_whole)


def test_store_reads_only_what_was_appended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is read once; behind that as many bytes are read as were appended."""
    read = Counted(monkeypatch)
    path.write_bytes(b"".join(line(n) for n in range(1000)))
    store = Store(path.parent)
    store.refresh()
    store.refresh()
    assert (1, 0) == (read.whole, read.bytes)
    with path.open("ab") as file:
        file.write(line(2000))
    store.refresh()
    store.refresh()
    assert (1, len(line(2000))) == (read.whole, read.bytes)
    assert 1001 == store.view(None).totals(Filter()).events


@pytest.mark.parametrize("way", ["replaced", "shorter", "written anew", "gone"])
def test_store_notices_another_file(path: Path, way: str) -> None:
    """A file that is another one than before is read anew; one that is gone has no records."""
    path.write_bytes(line(1, message="old") + line(2, message="older"))
    store = Store(path.parent)
    store.refresh()
    if way == "replaced":
        other = path.with_name("other")
        other.write_bytes(line(3, message="new") * 3)
        other.rename(path)
    elif way == "shorter":
        path.write_bytes(line(3, message="new"))
    elif way == "written anew":
        path.write_bytes(line(3, message="new") * 9)
    else:
        path.unlink()
    store.refresh()
    expected = {"gone": set()}.get(way, {"new"})
    assert expected == set(messages(store.view(None)))


def test_store_half_a_line_becomes_whole(path: Path) -> None:
    """What is written in two goes is a problem only for as long as it is half."""
    whole = line(1, message="whole")
    path.write_bytes(whole[:30])
    store = Store(path.parent)
    store.refresh()
    assert 1 == store.view(None).totals(Filter()).problems
    path.write_bytes(whole)
    store.refresh()
    totals = store.view(None).totals(Filter())
    assert (1, 0) == (totals.events, totals.problems)


def test_store_reads_packed_days(path: Path) -> None:
    """A packed day is a day like others; a broken one is shown up to the break."""
    packed = path.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(line(1, message="packed")))
    assert ["packed"] == messages(view(path))
    packed.write_bytes(gzip.compress(line(1) * 1000)[:-20])
    totals = view(path).totals(Filter())
    assert totals.problems >= 1


def test_store_days_are_plain_logs_only(tmp_path: Path) -> None:
    """What has another name, or is a link, a pipe or a folder, is no day and is not read."""
    good = tmp_path / f"datatools-{DAY}.jsonl"
    good.write_bytes(line())
    secret = tmp_path / "secret"
    secret.write_bytes(line(message="secret"))
    (tmp_path / "datatools-2026-05-18.jsonl").symlink_to(secret)
    (tmp_path / "datatools-2026-05-17.jsonl").mkdir()
    os.mkfifo(tmp_path / "datatools-2026-05-16.jsonl")
    (tmp_path / "datatools-x.jsonl").write_bytes(line())
    (tmp_path / "datatools-2026-05-15.jsonl.txt").write_bytes(line())
    store = Store(tmp_path)
    assert [DAY] == store.days()
    for day in ("../secret", "secret", "/etc/passwd", "2026-05-18", f"{DAY}.jsonl"):
        store.refresh([day])
        assert [] == list(store.view(None).records(Filter(days=(day,))))
    store.refresh()
    assert ["m"] == messages(store.view(None))


def test_store_of_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Before the first event there is nothing, and nothing is made."""
    folder = tmp_path / "none"
    store = Store(folder)
    store.refresh()
    assert ([], [], False) == (store.days(), messages(store.view(None)), folder.exists())


ERROR = {
    "level": "error",
    "exc_type": "ValueError",
    "traceback": 'Traceback (most recent call last):\n  File "pages/a.py", line 7, in draw\nE',
    "support_code": "E-7K3F9Q",
}


def test_view_of_nobody_is_empty_in_every_way(path: Path) -> None:
    """A scope without a session sees nothing, by no question."""
    path.write_bytes(
        line(1, message="Signed in as x", category="session", user="x") + line(2, **ERROR)
    )
    store = Store(path.parent)
    store.refresh()
    seen = store.view(())
    asked = Filter()
    found = [
        seen.rows(asked),
        list(seen.records(asked)),
        list(seen.lines(asked)),
        seen.histogram(asked),
        seen.choices(asked, "session"),
        seen.groups(asked),
        seen.sessions(asked),
        seen.kinds(asked),
        seen.sessions_of_user("x"),
    ]
    assert [[]] * len(found) == found
    totals = seen.totals(asked)
    assert (0, 0, 0) == (totals.events, totals.errors, totals.problems)


def test_view_of_a_session_has_its_own_in_every_way(path: Path) -> None:
    """Text that quotes an id, a second session key and a filter for another give nothing."""
    path.write_bytes(
        line(1, ANN, "mine")
        + line(2, BOB, f'"session":"{ANN}"', note=f'"session":"{ANN}"', nested={"session": ANN})
        + line(3, ANN)[:-2]
        + b',"session":"bbbbbbbb"}\n'
        + line(4, BOB, **ERROR)
        + b'{"ts":"torn","session":"aaaaaaaa"\n'
    )
    seen = view(path, ANN)
    assert ["mine"] == messages(seen)
    assert [line(1, ANN, "mine")] == list(seen.lines(Filter()))
    assert [] == seen.rows(Filter(sessions=(BOB,)))
    assert [] == seen.rows(Filter(codes=("E-7K3F9Q",)))
    assert [] == seen.groups(Filter())
    assert [(ANN, 1)] == seen.choices(Filter(), "session")
    assert {ANN} == {each.session for each in seen.sessions(Filter())}
    assert 0 == seen.totals(Filter()).problems


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"levels": ("error",)}, ["b"]),
        ({"without": ("error",)}, ["a", "Ümläut"]),
        ({"categories": ("one", "two")}, ["a", "b"]),
        ({"sessions": (BOB,)}, ["b"]),
        ({"pages": ("upload",)}, ["a"]),
        ({"codes": ("E-7K3F9Q",)}, ["b"]),
        ({"since": f"{DAY}T08:00:02.000+00:00"}, ["b", "Ümläut"]),
        ({"until": f"{DAY}T08:00:02.000+00:00"}, ["a"]),
        ({"text": "üMLÄ"}, ["Ümläut"]),
        ({"days": ("2026-05-18",)}, []),
        ({"levels": ("error",), "categories": ("one",)}, []),
    ],
)
def test_view_filters(path: Path, asked: dict[str, Any], expected: list[str]) -> None:
    """Each filter narrows, and several together narrow more."""
    path.write_bytes(
        line(1, ANN, "a", category="one", page="upload")
        + line(2, BOB, "b", **{**ERROR, "category": "two"})
        + line(3, ANN, "Ümläut", category="three")
    )
    assert expected == messages(view(path), **asked)


@pytest.mark.parametrize(
    "text",
    [
        "ümläut",
        'say "hi"',
        "C:\\new\\table.csv",
        "two\nlines",
        "tab\there",
        "100% (a+b)*c?",
        "a_b",
        "[x]",
        "$^|.",
    ],
)
def test_view_finds_what_a_person_sees(path: Path, text: str) -> None:
    """Quotes, backslashes, line ends and the signs of patterns are found as they look."""
    path.write_bytes(line(1, message=f"before {text} behind") + line(2, message="other"))
    assert [f"before {text} behind"] == messages(view(path), text=text.upper())
    assert [] == messages(view(path), text=f"{text}?")


def test_view_orders_and_pages(path: Path) -> None:
    """Rows come in the order asked for, a part at a time."""
    path.write_bytes(line(1, message="b") + line(2, message="c") + line(3, message="a"))
    seen = view(path)
    newest = [r["message"] for r in seen.rows(Filter())]
    by_name = [r["message"] for r in seen.rows(Filter(), order_by="message", descending=False)]
    part = [r["message"] for r in seen.rows(Filter(), limit=1, offset=1)]
    assert (["a", "c", "b"], ["a", "b", "c"], ["c"]) == (newest, by_name, part)
    with pytest.raises(ValueError, match="no order"):
        seen.rows(Filter(), order_by="raw; drop table events")
    with pytest.raises(ValueError, match="no column"):
        seen.choices(Filter(), "raw")


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=30))
@settings(max_examples=20)
def test_view_histogram_adds_up(seconds: list[int]) -> None:
    """However the records lie, all of them are in the bars, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"datatools-{DAY}.jsonl")
        path.write_bytes(b"".join(map(line, seconds)))
        bars = view(path).histogram(Filter(), bins=10)
    assert len(seconds) == sum(bar.count for bar in bars)
    assert sorted(bar.ts for bar in bars) == [bar.ts for bar in bars]
    assert len({bar.ts for bar in bars}) <= 11


def test_view_histogram_outlives_a_bad_moment(path: Path) -> None:
    """A record whose ``ts`` is no moment is not in the chart, and the others are."""
    path.write_bytes(line(1) + line(2, ts="zzz") + line(3, ts="") + line(4))
    assert 2 == sum(bar.count for bar in view(path).histogram(Filter()))


def test_view_answers_belong_to_the_caller(path: Path) -> None:
    """Who changes a list that was given to them changes nobody else's."""
    path.write_bytes(line())
    seen = view(path)
    seen.choices(Filter(), "session").clear()
    assert [(ANN, 1)] == seen.choices(Filter(), "session")


def test_view_searches_within_the_scope_and_the_other_filters(path: Path) -> None:
    """A text narrows what the scope and the filter leave, whether few lines have it or many."""
    many = 5_000
    path.write_bytes(
        line(1, ANN, "few", level="error")
        + line(2, BOB, "few")
        + b"".join(line(3, BOB, "many") for _ in range(many))
        + line(4, ANN, "many")
    )
    assert ["few"] == messages(view(path, ANN), text="few")
    own = view(path, ANN)
    assert 1 == own.totals(Filter(text="few")).events
    assert 0 == own.totals(Filter(text="few", levels=("info",))).events
    assert 1 == own.totals(Filter(text="many")).events
    assert many + 1 == view(path).totals(Filter(text="MANY")).events


def test_view_finds_what_was_escaped_otherwise(path: Path) -> None:
    """A line of another writer's that spells a letter as a number is found by the letter."""
    path.write_bytes(line(1, message="caf@").replace(b"@", b"\\u00e9") + b'say "h\xffi"\n')
    assert ["café"] == messages(view(path), text="CAFÉ")
    assert 1 == view(path).totals(Filter(text='say "H')).problems


def test_view_kinds_are_counted_apart(path: Path) -> None:
    """What begins alike and is of another kind, or has other fields, is counted apart."""
    path.write_bytes(
        line(1, message="Session started", category="session")
        + line(2, message="Session ended", category="session")
        + line(3, message="Session ended", category="session")
        + line(4, message="fit", category="fit", phase="start", action_id="a")
        + line(5, message="fit", category="fit", phase="end", action_id="a", outcome="ok")
    )
    found = {(r["message"], r.get("outcome")): n for r, n in view(path).kinds(Filter())}
    expected = {"Session started": 1, "Session ended": 2, "fit": 1}
    assert {(m, None): n for m, n in expected.items()} | {("fit", "ok"): 1} == found


def test_view_counts_kinds_as_each_record_is_told(path: Path) -> None:
    """The examples with their counts say what looking at each record would say."""
    session = Path(__file__).parents[1] / "data" / "session.jsonl"
    path.write_bytes(session.read_bytes())
    counts: Counter[str] = Counter()
    for record, count in view(path).kinds(Filter()):
        counts[kind_of(record).name] += count
    assert Counter(kind_of(record).name for record in read_events(path)) == counts


def test_view_groups_count_every_error(path: Path) -> None:
    """However many texts an error has, it is one group, counted whole."""
    trace = str(ERROR["traceback"])
    errors = (line(n % 3600, **{**ERROR, "traceback": f"{trace}: {n}"}) for n in range(6_000))
    path.write_bytes(b"".join(errors))
    (group,) = view(path).groups(Filter())
    assert (6_000, ("pages/a.py, draw",), 5) == (group.count, group.frames, len(group.codes))


def test_view_groups_do_not_take_an_errors_text_for_frames(path: Path) -> None:
    """A text that looks like a frame, within a line, names no place; a crash's frames do."""
    text = 'E: File "x.py", line 1, in y'
    crash = 'Current thread (most recent call first):\n  File "a b.py", line 5 in draw'
    path.write_bytes(
        line(1, **{**ERROR, "traceback": text}) + line(2, **{**ERROR, "traceback": crash})
    )
    assert {(), ("a b.py, draw",)} == {group.frames for group in view(path).groups(Filter())}


def test_view_groups_errors_by_type_and_place(path: Path) -> None:
    """Another line of the same function is the same error; another function is another."""
    elsewhere = ERROR["traceback"].replace("in draw", "in load")
    later = ERROR["traceback"].replace("line 7", "line 8")
    path.write_bytes(
        line(1, ANN, "Session started", category="session", app="shop", version="2.1")
        + line(2, ANN, "first", **ERROR)
        + line(3, BOB, "newest", **{**ERROR, "traceback": later, "support_code": "E-000000"})
        + line(4, BOB, "other", **{**ERROR, "traceback": elsewhere})
    )
    first, second = view(path).groups(Filter())
    assert ("ValueError", ("pages/a.py, draw",), 2) == (first.exc_type, first.frames, first.count)
    assert ((ANN, BOB), ("2.1",), "newest") == (first.sessions, first.versions, first.message)
    assert {"E-7K3F9Q", "E-000000"} == set(first.codes)
    assert ("pages/a.py, load",) == second.frames


def test_view_sessions_have_their_app_and_users_their_sessions(path: Path) -> None:
    """A session's banner names the app; who has signed in has it, the banner's user has not."""
    path.write_bytes(
        line(
            1, ANN, "Session started", category="session", app="shop", version="2", user="<user-1>"
        )
        + line(2, ANN, "Signed in as abc", category="session", user="abc")
        + line(3, BOB, "x", level="error")
    )
    store = Store(path.parent)
    store.refresh()
    bob, ann = store.view(None).sessions(Filter())
    assert (BOB, 1, 1, None) == (bob.session, bob.events, bob.errors, bob.app)
    assert (ANN, "shop", "2") == (ann.session, ann.app, ann.version)
    assert [ANN] == store.view(None).sessions_of_user("abc")
    assert [] == store.view(None).sessions_of_user("<user-1>")
    assert {"9f3e12ab": "shop"} == store.apps()
    assert [] == messages(store.view(None, without_procs=["9f3e12ab"]))


def test_store_serves_many_at_once(path: Path) -> None:
    """Threads that refresh and ask at once, while the file grows, see whole states only."""
    path.write_bytes(line(0))
    store = Store(path.parent)
    counts: list[int] = []
    failures: list[Exception] = []

    def look() -> None:
        try:
            for _ in range(30):
                store.refresh()
                totals = store.view(None).totals(Filter())
                counts.append(totals.events)
                assert 0 == totals.problems
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    with path.open("ab", buffering=0) as file:
        for seq in range(1, 200):
            file.write(line(seq))
    for thread in threads:
        thread.join()
    store.refresh()
    assert [] == failures
    assert 200 == store.view(None).totals(Filter()).events
    assert 90 == len(counts)


def test_store_tells_in_a_sentence_what_it_cannot_read(path: Path) -> None:
    """What does not fit into the memory is an error that says what to do."""
    path.write_bytes(b"".join(line(n, message=os.urandom(4000).hex()) for n in range(3000)))
    store = Store(path.parent, memory_limit_mb=2)
    with pytest.raises(ReadError, match=r"too big to be looked at|cannot be asked"):
        store.refresh()


def test_store_touches_nothing_else(path: Path) -> None:
    """DuckDB may read the folder and nothing else, and loads no extension."""
    path.write_bytes(line())
    store = Store(path.parent, memory_limit_mb=123)
    store.refresh()
    names = ("memory_limit", "enable_external_access", "autoinstall_known_extensions")
    found = [store.ask(f"select current_setting('{name}')")[0][0] for name in names]
    assert ["117.3 MiB", False, False] == found
    with pytest.raises(ReadError):
        store.ask("select * from read_text('/etc/hostname')")
