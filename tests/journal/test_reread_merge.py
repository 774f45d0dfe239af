"""What is read again after a break joins what was there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.journal import libraries
from gumnut_tui.journal import verify as checking
from tests.factories import make_events
from tests.journal.memory import NOW_US, append, append_all, begun, memory_database, stored
from tests.journal.sources import page_of


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
