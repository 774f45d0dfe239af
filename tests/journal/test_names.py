"""Names are in the journal as soon as snapshots are, and found in journals that were written before there were any."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import SnapshotsDamaged
from gumnut_tui.domain.models import Entity
from gumnut_tui.journal import libraries, names
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.journal import Journal, open_journal
from gumnut_tui.journal.migrations import MIGRATIONS
from gumnut_tui.journal.records import LibraryRecord
from gumnut_tui.store.name_index import MOST_NAMED
from tests.factories import NOW
from tests.journal.sources import KEY

LINK = {"asset_id": "asset_1", "album_id": "album_1"}


def opened(path: Path, *, write: bool = True) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW, write=write)


async def keep(journal: Journal, library: LibraryRecord, kind: str, **names: str) -> None:
    """Keep entities with these names."""
    key = "original_file_name" if kind == "asset" else "name"
    found = {entity_id: Entity(kind, entity_id, {"id": entity_id, key: name}, NOW) for entity_id, name in names.items()}
    await journal.keep(library, kind, list(found), found)


async def test_a_name_is_found_as_soon_as_its_snapshot_is_kept(tmp_path: Path) -> None:
    """In the process that wrote it, and in one that only reads."""
    async with opened(tmp_path / "j.db") as journal, opened(tmp_path / "j.db", write=False) as reader:
        library = await journal.begin(KEY)
        index, other = await journal.names(library), await reader.names(library)
        await keep(journal, library, "asset", asset_1="IMG_1.jpg", asset_2="São.jpg")
        assert await journal.names(library) is index
        assert index.ids("img") == {"asset_1"}
        assert other.ids("sao") == frozenset()
        assert (await reader.names(library)).ids("sao") == {"asset_2"}


async def test_former_names_and_those_of_what_is_gone_stay(tmp_path: Path) -> None:
    """Renamed, deleted: each is found by every name it had, and an unchanged name is kept once."""
    async with opened(tmp_path / "j.db") as journal:
        library = await journal.begin(KEY)
        await keep(journal, library, "album", album_1="Italy")
        await keep(journal, library, "album", album_1="Tuscany")
        await journal.keep(library, "album", ["album_1"], {})
        found = Entity("album", "album_1", {"id": "album_1", "name": "Tuscany", "asset_count": 3}, NOW)
        await journal.keep(library, "album", ["album_1"], {"album_1": found})
        await journal.keep(library, "album_asset", ["x"], {"x": Entity("album_asset", "x", {"id": "x", **LINK}, NOW)})
        index = await journal.names(library)
        assert index.ids("italy") == index.ids("tuscany") == {"album_1", "x"}


async def test_many_names_fill_pack_after_pack(tmp_path: Path) -> None:
    """Each is there once, whatever the size of what comes at a time; a second reader takes them all."""
    count = 3 * MOST_NAMED + 7
    async with opened(tmp_path / "j.db") as journal:
        library = await journal.begin(KEY)
        for start in range(0, count, 100):
            some = {f"asset_{number}": f"n{number}" for number in range(start, min(count, start + 100))}
            await keep(journal, library, "asset", **some)
        packs = await journal.apply(lambda db: db.rows("SELECT first, count FROM names ORDER BY first"))
        assert [first for first, _ in packs] == [sum(each for _, each in packs[:at]) for at in range(len(packs))]
        assert sum(each for _, each in packs) == count
        assert max(each for _, each in packs) <= MOST_NAMED
    async with opened(tmp_path / "j.db", write=False) as reader:
        assert (await reader.names(library)).ids("n") == {f"asset_{number}" for number in range(count)}


def older(path: Path, count: int) -> None:
    """A journal as the form before names had it, with snapshots of photos, an album, and one that was not there."""
    with sqlite3.connect(path) as connection:
        for step in MIGRATIONS[:2]:
            connection.executescript(step)
        connection.execute("PRAGMA user_version = 2")
        connection.execute("INSERT INTO library VALUES (1, ?, ?, ?, 'Family', NULL, 1, NULL, 5, 5)", [*KEY_VALUES])
        connection.execute("INSERT INTO stretch VALUES (1, 1, 'here', 0)")
        rows: list[tuple[str, str, str | None]] = [
            ("asset", f"asset_{number}", f'{{"original_file_name":"IMG_{number}.jpg"}}') for number in range(count)
        ]
        rows += [("album", "album_1", '{"name":"S\u00e3o"}'), ("album", "album_2", None), ("album", "album_3", "[")]
        connection.executemany(
            "INSERT INTO snapshot (library, kind, entity_id, read_us, seen_us, fields) VALUES (1, ?, ?, 1, 1, ?)", rows
        )
    connection.close()


KEY_VALUES = (KEY.base_url, KEY.account, KEY.library_id)


async def test_an_older_journal_is_indexed_with_progress(tmp_path: Path) -> None:
    """Each snapshot is looked at once; what has no name, or cannot be read, is passed over."""
    older(tmp_path / "j.db", 2_500)
    told = list[tuple[int, int]]()
    async with opened(tmp_path / "j.db") as journal:
        (library,) = await journal.libraries()
        await journal.index_names(lambda done, of: told.append((done, of)))
        assert told == [(1000, 2503), (2000, 2503), (2503, 2503)]
        index = await journal.names(library)
        assert len(index.ids("img_")) == 2_500
        assert index.ids("sao") == {"album_1"}
        await journal.index_names(lambda done, of: told.append((done, of)))
        assert len(told) == 3


async def test_indexing_goes_on_where_it_ended(tmp_path: Path) -> None:
    """However often it is broken off; what comes meanwhile waits behind, and is found then."""
    older(tmp_path / "j.db", 50)
    for _ in range(3):
        async with opened(tmp_path / "j.db") as journal:
            await journal.apply(names.Indexer().step, 10)
    async with opened(tmp_path / "j.db") as journal:
        (library,) = await journal.libraries()
        assert len((await journal.names(library)).ids("img_")) == 30
        await keep(journal, library, "album", album_9="Late")
        assert (await journal.names(library)).ids("late") == frozenset()
        await journal.index_names()
        index = await journal.names(library)
        assert len(index.ids("img_")) == 50
        assert index.ids("late") == {"album_9"}
        assert await journal.apply(names.left_to_index) == 0


async def test_who_may_not_write_finds_all_names_too(tmp_path: Path) -> None:
    """They are looked for in memory, and nothing is stored."""
    older(tmp_path / "j.db", 30)
    async with opened(tmp_path / "j.db", write=False) as reader:
        (library,) = await reader.libraries()
        await reader.index_names()
        assert len((await reader.names(library)).ids("img_")) == 30
        assert await reader.apply(names.left_to_index) == 33


async def test_numbers_given_again_hide_no_name(tmp_path: Path) -> None:
    """Once a library was forgotten, new snapshots may get the numbers of its own."""
    async with opened(tmp_path / "j.db") as journal:
        library = await journal.begin(KEY)
        await keep(journal, library, "asset", asset_1="IMG_1.jpg")
        await journal.forget(library)
        library = await journal.begin(KEY)
        await keep(journal, library, "asset", asset_2="IMG_2.jpg")
    async with opened(tmp_path / "j.db") as journal:
        await journal.index_names()
        assert (await journal.names(library)).ids("img") == {"asset_2"}


@pytest.fixture
def damaged() -> Iterator[Database]:
    """A journal whose names are gone."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    db = Database(connection)
    db.run("DROP TABLE names")
    yield db
    connection.close()


async def test_damage_to_names_is_damage_to_snapshots(damaged: Database) -> None:
    """Events go on being read and kept."""
    library = libraries.begin(damaged, KEY, "Family", None, 1)
    journal = Journal(damaged)
    with pytest.raises(SnapshotsDamaged):
        await journal.names(library)
    assert await journal.newest(library, 5) == []
    journal._thread.shutdown()
