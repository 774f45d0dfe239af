"""Files of every earlier form become files of the newest."""

from __future__ import annotations

import sqlite3

import pytest

from gumnut_tui.domain.errors import JournalProblem, JournalTooNew
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.migrations import MIGRATIONS


def schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Everything a file is made of."""
    return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


@pytest.mark.parametrize("version", range(len(MIGRATIONS) + 1))
def test_every_earlier_form_is_brought_to_the_newest(version: int) -> None:
    """A file of any earlier version ends up as one made today, with what it held."""
    old, new = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    for step in MIGRATIONS[:version]:
        old.executescript(step)
    old.execute(f"PRAGMA user_version = {version}")
    if version:
        old.execute("INSERT INTO library VALUES (1, 'u', 'a', 'l', 'Family', NULL, 1, NULL, 5, NULL)")
        old.execute("INSERT INTO stretch VALUES (1, 1, 'here', 0)")
        old.commit()
    Database(new)
    database = Database(old)
    assert schema(old) == schema(new)
    assert database.one("PRAGMA user_version") == (len(MIGRATIONS),)
    if version:
        assert database.rows("SELECT name, cursor FROM library JOIN stretch ON stretch.id = stretch") == [
            ("Family", "here")
        ]


def test_a_migration_that_fails_leaves_the_file_as_it_was() -> None:
    """Half a migration would be neither form."""
    old = sqlite3.connect(":memory:")
    old.execute("CREATE TABLE unread (anything)")
    old.commit()
    with pytest.raises(JournalProblem, match="unread"):
        Database(old)
    assert {name for name, _ in schema(old)} == {"unread"}


def test_a_later_form_is_not_touched() -> None:
    """A file of a later version of this program is an error, and stays as it is."""
    later = sqlite3.connect(":memory:")
    later.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(JournalTooNew, match=f"format {len(MIGRATIONS) + 1}"):
        Database(later)
    assert schema(later) == set()
