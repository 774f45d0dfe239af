"""Events of the journal: each once, in the order of the feed, page and position as one; also when read again."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import JournalBusy, JournalFull
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, EventPage, Operation
from gumnut_tui.journal import libraries, pages
from gumnut_tui.journal import verify as checking
from gumnut_tui.journal.pages import KnownCursors
from gumnut_tui.store.pack_search import PackSearch
from gumnut_tui.store.packed import MOST_PACKED
from tests.factories import NOW, make_event, make_events
from tests.journal.memory import NOW_US, append, append_all, begun, matching, memory_database, stored
from tests.journal.sources import page_of


@given(st.integers(0, 700), st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_any_split_into_pages_gives_the_same_events(count: int, sizes: list[int]) -> None:
    """However the feed is cut into pages, all its events are there in its order, and no page is a hole."""
    db, events = memory_database(), make_events(count)
    library, at = begun(db), 0
    while at < count:
        size = sizes[at % len(sizes)]
        library = append(db, library, page_of(events[at : at + size], has_more=at + size < count))
        at += size
    assert stored(db, library) == events
    assert library.events == count
    assert checking.faults(db) == []


@given(st.integers(1, 600), st.integers(0, 620), st.integers(0, 620))
def test_a_window_is_a_slice(count: int, start: int, stop: int) -> None:
    """Events are numbered as in a list; numbers beyond the end are no error."""
    db, events = memory_database(), make_events(count)
    library = append_all(db, begun(db), events, 130)
    assert pages.window(db, library.stretch, start, stop) == events[start:stop]
    assert pages.newest(db, library.row, start) == events[max(0, count - start) :]


@given(st.integers(0, 900), st.integers(0, 900), st.integers(1, 4))
def test_chunks_lead_back_to_the_beginning(count: int, stop: int, size: int) -> None:
    """Chunks from a number back hold every event before it once, whole packs in feed order."""
    db, events = memory_database(), make_events(count)
    library = append_all(db, begun(db), events, 130)
    read: list[Event] = []
    at = stop = min(stop, count)
    while packs := pages.chunk(db, library.stretch, at, size):
        at -= sum(map(len, packs))
        read[:0] = [event for pack in packs for event in pack.all_events()]
    assert read == events[:stop]


def test_a_page_that_comes_again_changes_nothing() -> None:
    """A server that repeats a page, or part of one, does not make an event stand there twice."""
    db, events = memory_database(), make_events(400)
    library = append_all(db, begun(db), events[:300], 100)
    library = append(db, library, page_of(events[250:350]))
    library = append(db, library, page_of([*events[350:], *events[:200]], has_more=False))
    assert stored(db, library) == events


def test_events_of_one_moment_are_told_apart_by_their_cursor() -> None:
    """Time is no identity: a hundred events of one transaction are a hundred events."""
    db = memory_database()
    events = [make_event(1, cursor=f"c{number}") for number in range(500)]
    library = append_all(db, begun(db), events, 90)
    assert stored(db, library) == events


def test_small_pages_share_a_row() -> None:
    """A live feed that comes event by event does not fill the file with rows of one."""
    db = memory_database()
    append_all(db, begun(db), make_events(400), 1)
    (rows,) = db.one("SELECT COUNT(*) FROM page")
    assert rows <= 2 + 400 // (MOST_PACKED // 2)


def test_a_position_that_moved_on_refuses_the_page() -> None:
    """Whoever read behind a position that is no longer the last one stores nothing."""
    db, events = memory_database(), make_events(20)
    library = begun(db)
    append(db, library, page_of(events[:10]))
    with pytest.raises(JournalBusy):
        append(db, library, page_of(events[:10]))
    assert stored(db, library) == events[:10]


def test_a_page_that_fails_leaves_nothing() -> None:
    """Position and events are one transaction: without room for a page neither is stored."""
    db, events = memory_database(), make_events(4000)
    library = append_all(db, begun(db), events[:200], 200)
    (size,) = db.one("PRAGMA page_count")
    db.run(f"PRAGMA max_page_count = {size + 8}")
    with pytest.raises(JournalFull, match="no space"):
        append_all(db, library, events[200:], 200)
    db.run("PRAGMA max_page_count = 100000")
    library = libraries.record(db, library.row)
    kept = stored(db, library)
    assert kept == events[: len(kept)]
    assert library.cursor == kept[-1].cursor
    assert checking.faults(db) == []
    library = append_all(db, library, events[len(kept) :], 200)
    assert stored(db, library) == events


def test_events_are_found_by_filter() -> None:
    """The journal answers as the filter would, event by event, and finds mentions in payloads."""
    db = memory_database()
    events = [
        *make_events(300),
        make_event(301, event_type="asset_deleted"),
        make_event(302, entity_type="album_asset", entity_id="link_1", payload={"asset_id": "asset_x"}),
        make_event(303, entity_id="asset_x_longer"),
        make_event(304, entity_id="asset_x"),
    ]
    library = append_all(db, begun(db), events, 200)
    wanted = EventFilter(operations=frozenset({Operation.DELETED}), since_us=events[5].created_at_us)
    assert matching(db, library, wanted) == [events[300]]
    until = EventFilter(until_us=events[3].created_at_us)
    assert matching(db, library, until) == events[:3]
    about = EventFilter(entity_id="asset_x")
    assert matching(db, library, about) == [events[301], events[303]]


@pytest.mark.parametrize(
    "wanted", [EventFilter(text="CAFÉ"), EventFilter(text="cafe\u0301 a/b"), EventFilter(entity_id="asset_x")]
)
def test_what_a_payload_says_is_found_in_the_journal(wanted: EventFilter) -> None:
    """As on the screen: escapes are what they stand for, and ids may stand in lists."""
    db = memory_database()
    payload = msgspec.Raw(rb'{"note":"caf\u00e9 a\/b","ids":["asset_x"]}')
    events = [*make_events(3), msgspec.structs.replace(make_event(9), payload=payload)]
    library = append_all(db, begun(db), events, 10)
    assert matching(db, library, wanted) == events[3:]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_stretch_is_read_in_parts_in_either_order(size: int, newest_first: bool) -> None:
    """Each event once, up to where the library ended when the reading began; whole pages are passed over by time."""
    db, events = memory_database(), make_events(1_000)
    library = append_all(db, begun(db), events[:900], 200)
    append_all(db, library, events[900:], 10)
    for wanted in (EventFilter(), EventFilter(since_us=events[450].created_at_us, until_us=events[470].created_at_us)):
        reading = pages.Reading(library.stretch, library.events, wanted, newest_first)
        found, read, at, is_over = list[Event](), 0, None, False
        while not is_over:
            part = reading.part(db, PackSearch(wanted), at, size)
            found, read = found + part.events, read + part.read
            at, is_over = part.at, part.at is None
        expected = [event for event in events[:900] if wanted.matches(event)]
        assert found == (expected[::-1] if newest_first else expected)
        assert read == (900 if wanted.is_empty else 200)


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 12))
def test_an_event_that_is_written_otherwise_keeps_its_json(odd: list[bool], rows: int) -> None:
    """Fields we do not know, other spaces and orders come out as they came in; all others are not kept twice."""
    db, events = memory_database(), make_events(len(odd))
    raw = [msgspec.json.encode(event) for event in events]
    raw = [b'{"new":1,\n' + line[1:] if is_odd else line for line, is_odd in zip(raw, odd, strict=True)]
    library = begun(db)
    for start in range(0, len(events), rows):
        page = EventPage(
            tuple(events[start : start + rows]), "c", start + rows < len(events), tuple(raw[start : start + rows])
        )
        library = append(db, library, page)
    kept = list(pages.stored(db, library.stretch))
    assert [event for event, _ in kept] == events
    assert [line for _, line in kept] == [
        line.replace(b"\n", b" ") if is_odd else b"" for line, is_odd in zip(raw, odd, strict=True)
    ]
    pages_with = db.one("SELECT COUNT(*) FROM page WHERE raw IS NOT NULL")[0]
    assert bool(pages_with) == any(odd)


@given(st.data())
def test_after_a_break_each_event_is_kept_once_in_the_order_of_the_feed(data: st.DataObject) -> None:
    """Events read again keep the feed's new order; those it lost stay between the neighbours they had."""
    db, events = memory_database(), make_events(60)
    before = sorted(data.draw(st.sets(st.integers(0, 59), min_size=1)))
    after = data.draw(st.permutations(sorted(data.draw(st.sets(st.integers(0, 59), min_size=1)))))
    library = append_all(db, begun(db), [events[at] for at in before], 7)
    library = libraries.break_off(db, library.row, "restored", NOW_US)
    assert stored(db, library) == [events[at] for at in before]
    library = append_all(db, library, [events[at] for at in after], 7)
    kept = stored(db, library)
    assert {event.cursor for event in kept} == {events[at].cursor for at in {*before, *after}}
    assert len(kept) == len({*before, *after})
    again = {events[at].cursor for at in after}
    assert [event for event in kept if event.cursor in again] == [events[at] for at in after]
    lost = [events[at] for at in before if at not in set(after)]
    assert [event for event in kept if event.cursor not in again] == lost
    assert library.reread is None
    assert len(libraries.breaks(db, library.row)) == 1
    assert checking.faults(db) == []


def test_what_a_restored_service_lost_stays_where_it_was() -> None:
    """The newest events, taken back by a restore, stand before what happened since."""
    db, events = memory_database(), make_events(10)
    library = append_all(db, begun(db), events[:6], 3)
    library = libraries.break_off(db, library.row, "restored", NOW_US)
    library = append_all(db, library, [*events[:4], *events[6:]], 3)
    assert stored(db, library) == events


def test_a_second_break_begins_the_reading_again() -> None:
    """What was read of a feed whose position is refused once more is dropped, what was journaled before is not."""
    db, events = memory_database(), make_events(30)
    library = append_all(db, begun(db), events[:10], 5)
    library = libraries.break_off(db, library.row, "restored", NOW_US)
    library = append(db, library, page_of(events[:5]))
    assert (library.events, library.reread) == (10, 5)
    library = libraries.break_off(db, library.row, "restored", NOW_US)
    assert (library.cursor, library.reread) == (None, 0)
    library = append_all(db, library, events, 5)
    assert stored(db, library) == events
    assert len(libraries.breaks(db, library.row)) == 2


@given(
    st.lists(st.tuples(st.integers(1, 120), st.integers(0, 3)), min_size=1, max_size=25),
    st.integers(0, 130),
    st.sets(st.integers(0, 25)),
)
def test_pages_that_overlap_give_each_event_once_whatever_their_times(
    parts: list[tuple[int, int]], overlap: int, reopened: set[int]
) -> None:
    """Times come again and out of order; what is remembered of earlier pages may be lost in between."""
    db, events, known = memory_database(), list[Event](), KnownCursors()
    library = begun(db)
    for number, (count, day) in enumerate(parts):
        created_at = NOW + timedelta(days=day)
        events += make_events(count, start=len(events) + 1, created_at=created_at)
        if number in reopened:
            known = KnownCursors()
        page = page_of(events[-count - overlap :])
        with db.transaction():
            library = pages.append(db, library, page, NOW_US, known).record
    assert stored(db, library) == events


def test_pages_side_by_side_that_were_looked_into_are_not_asked_for_again() -> None:
    """But the last of them, which may grow; elsewhere it begins anew."""
    known = KnownCursors()
    for first, whole in ((0, range(0)), (200, range(200)), (400, range(400)), (400, range(400))):
        known.add(first, 200, [])
        assert known.whole == whole
    known.add(5000, 200, [])
    assert known.whole == range(5000, 5000)


def test_a_page_is_looked_into_again_only_when_it_has_grown() -> None:
    """By the number of its first event and how many it holds."""
    known = KnownCursors()
    known.turn_to(1, 10)
    known.add(0, 2, ["a", "b"])
    assert known.has(0, 2)
    assert not known.has(0, 3)
    assert "a" in known
    assert "c" not in known


def test_another_stretch_or_an_empty_one_is_begun_anew() -> None:
    """Its number may have been another stretch's before."""
    known = KnownCursors()
    for stretch, events in ((2, 5), (2, 0)):
        known.turn_to(1, 10)
        known.add(0, 1, ["a"])
        known.turn_to(1, 11)
        assert "a" in known
        known.turn_to(stretch, events)
        assert "a" not in known
        assert not known.has(0, 1)
