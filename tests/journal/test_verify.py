"""Whatever of the file was overwritten: what is read is an event, a snapshot, or damage that is told."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.domain.fields import Naming
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.journal import names, pages
from gumnut_tui.journal import verify as checking
from gumnut_tui.store.event_store import EventStore
from tests.factories import make_events
from tests.journal.memory import append_all, begun, matching, memory_database, stored


def overwritten(content: bytes, at: int, patch: bytes) -> bytes:
    """The content, as long as before, with the patch somewhere in it."""
    at %= len(content)
    return (content[:at] + patch + content[at + len(patch) :])[: len(content)]


@given(st.sampled_from(["times", "codes", "kinds", "ends", "texts"]), st.integers(0, 10_000), st.binary(min_size=1))
@example("texts", 3, b"\xf4")
@example("texts", 3, b"\xff")
@example("kinds", 0, b"\xff")
@example("codes", 2, b"\x63")
@example("times", 7, b"\x7f")
@example("ends", 5, b"\x01")
def test_an_overwritten_page_is_events_or_damage(column: str, at: int, patch: bytes) -> None:
    """Every way to read the page says the same as the check, and nothing else goes wrong."""
    db = memory_database()
    library = append_all(db, begun(db), make_events(5), 5)
    (content,) = db.one(f"SELECT {column} FROM page")
    db.run(f"UPDATE page SET {column} = ?", [overwritten(content, at, patch)])
    if any("cannot be read" in fault for fault in checking.faults(db)):
        for read in (
            lambda: stored(db, library),
            lambda: pages.chunk(db, library.stretch, 5, 1),
            lambda: matching(db, library, EventFilter(text="x")),
        ):
            with pytest.raises(JournalDamaged, match="journal in memory"):
                read()
        return
    store = EventStore()
    store.insert_packed(pages.chunk(db, library.stretch, 5, 1), before=None)
    assert [store.event(row) for row in store.rows()] == stored(db, library)


def test_damage_inside_is_found() -> None:
    """A missing page, a page that repeats events, and one that cannot be read are each told."""
    for damage, words in (
        ("DELETE FROM page WHERE first = 200", "missing"),
        ("UPDATE page SET texts = substr(texts, 1, 50) WHERE first = 200", "cannot be read"),
        ("UPDATE page SET texts = (SELECT texts FROM page WHERE first = 0) WHERE first = 200", "repeats"),
        ("UPDATE stretch SET events = 5", "recorded"),
    ):
        db = memory_database()
        append_all(db, begun(db), make_events(600), 200)
        db.run(damage)
        assert any(words in fault for fault in checking.faults(db)), damage


@pytest.mark.parametrize("damage", ["ids = substr(ids, 1, 1)", "first_text = X'2020'", "count = 9", "second_text = 5"])
def test_damaged_names_are_found(damage: str) -> None:
    """A pack whose columns do not belong together would name one entity by what another is called."""
    db = memory_database()
    library = begun(db)
    names.add(db, library.row, [Naming("a", "italy"), Naming("b", "spain"), Naming("c", "", ("a", "b"))])
    names.add(db, library.row, [Naming("d", "", ("a",))])
    assert checking.faults(db) == []
    db.run(f"UPDATE names SET {damage}")
    assert any("names from 0 on cannot be read" in fault for fault in checking.faults(db))
    with pytest.raises(JournalDamaged):
        names.LoadedNames().refresh(db, library.row)


def test_what_the_form_does_not_have_is_found() -> None:
    """A trigger or a view acts on what is read and written, and is not part of a journal."""
    db = memory_database()
    db.run("CREATE VIEW everything AS SELECT * FROM page")
    db.run("CREATE TRIGGER gone AFTER INSERT ON library BEGIN DELETE FROM page; END")
    assert checking.faults(db) == [
        "the trigger gone is not part of a journal.",
        "the view everything is not part of a journal.",
    ]
