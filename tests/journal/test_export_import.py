"""The journal as lines: out and in again without loss, and nothing half."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import Entity, to_us
from gumnut_tui.journal import export_import as transfer
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database
from tests.factories import NOW, make_event
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, page_of


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


@given(st.lists(st.text(max_size=8), max_size=5))
def test_what_goes_out_comes_in_again(texts: list[str]) -> None:
    """A journal made of the lines of another gives the same lines."""
    lines = exported(filled(texts))
    other = memory_database()
    assert len(transfer.import_(other, lines)) == 2
    assert exported(other) == lines


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
            transfer.import_(memory_database(), lines)


def test_a_cut_off_file_is_refused_whole() -> None:
    """Wherever it ends, unless at the end of a library: nothing of it is taken in."""
    lines = exported(filled(["a", "b"]))
    whole = {0, 1 + next(at for at, line in enumerate(lines) if b'"end"' in line), len(lines)}
    for count in set(range(len(lines))) - whole:
        other = memory_database()
        with pytest.raises(UsageProblem, match="cannot be taken in"):
            transfer.import_(other, lines[:count])
        assert libraries.all_libraries(other) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [b"{}\n", *lines], "line 1 "),
        (lambda lines: [lines[0], b"no json\n", *lines[1:]], "line 2 "),
        (lambda lines: [lines[0].replace(b'"format":1', b'"format":99'), *lines[1:]], "form 99"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "line 4 .* there before"),
        (lambda lines: [*lines[:2], *lines[3:]], "not whole"),
        (lambda lines: [*lines, *lines], "journaled already"),
    ],
)
def test_lines_that_do_not_fit_are_refused_by_number(change, words: str) -> None:  # type: ignore[no-untyped-def]
    """What is wrong is said with its line, and nothing is taken in."""
    lines = change(exported(filled(["a", "b"])))
    other = memory_database()
    with pytest.raises(UsageProblem, match=words):
        transfer.import_(other, lines)
    assert libraries.all_libraries(other) == []
