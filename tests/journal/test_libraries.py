"""Libraries side by side in one journal."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.journal import libraries
from tests.factories import make_events
from tests.journal.memory import NOW_US, append_all, begun, memory_database, stored
from tests.journal.sources import KEY


def test_libraries_do_not_mix() -> None:
    """The same id on another server, or of another account, is another library."""
    db = memory_database()
    both = [begun(db), begun(db, account="user_2"), begun(db, base_url="http://localhost"), begun(db, library_id="")]
    assert len({library.row for library in both}) == 4
    for number, library in enumerate(both):
        append_all(db, library, make_events(number + 1), 5)
    assert [len(stored(db, library)) for library in both] == [1, 2, 3, 4]
    libraries.forget(db, both[2].row)
    assert [len(stored(db, library)) for library in (both[0], both[1], both[3])] == [1, 2, 4]
    assert libraries.find(db, both[2].key) is None


def test_where_a_library_begins_is_settled_once() -> None:
    """A later wish does not move the beginning: between the two a stretch would be missing."""
    db = memory_database()
    first = libraries.begin(db, KEY, "Family", 5, NOW_US)
    again = libraries.begin(db, KEY, "Renamed", 9, NOW_US)
    assert (first.since_us, again.since_us, again.name) == (5, 5, "Renamed")


@pytest.mark.parametrize(
    "damage", ["name = X'00ff'", "began_us = 'x'", "synced_us = 9000000000000000000", "base_url = 7.5e300 || X'ff'"]
)
def test_a_library_that_is_no_library_is_damage(damage: str) -> None:
    """A file that somebody sent may hold anything in any column."""
    db = memory_database()
    libraries.begin(db, KEY, "Family", None, 5)
    db.run(f"UPDATE library SET {damage}")
    with pytest.raises(JournalDamaged):
        libraries.all_libraries(db)
