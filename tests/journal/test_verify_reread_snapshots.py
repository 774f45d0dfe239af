"""Snapshots that are damaged: the events go on, and what entities were is read again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalBusy, JournalDamaged, NotAJournal, SnapshotsDamaged
from gumnut_tui.domain.models import Entity
from gumnut_tui.feed.entity_history import JournalHistory
from gumnut_tui.feed.sync import Sync, newest_mentions
from gumnut_tui.journal import verify as checking
from gumnut_tui.journal.journal import Journal, open_journal
from gumnut_tui.journal.verify import renew
from tests.factories import NOW, make_events
from tests.journal.sources import KEY, Service

EVENTS = 600


def library_of(count: int = EVENTS) -> Service:
    """A service whose photos have long descriptions, so that their snapshots fill many pages."""
    service = Service(make_events(count), page_rows=200)
    for event in service.feed:
        service.has(event.kind, event.entity_id, original_file_name=f"{event.entity_id}.jpg", description="d" * 900)
    return service


def opened(path: Path, *, write: bool = True) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW, write=write)


async def synced(path: Path, service: Service) -> None:
    """Bring a journal up to date."""
    async with opened(path) as journal:
        await Sync(service, journal, await journal.begin(KEY, name="Family")).run()


def overwrite_pages_of(path: Path, name: str, *, keep: int = 0) -> None:
    """Overwrite the pages of a table or an index, all but the first few, as a bad disk does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name]).fetchone()
        content = bytearray(path.read_bytes())
        free = {root}
        for other in connection.execute("SELECT rootpage FROM sqlite_master WHERE name != ?", [name]):
            free.discard(other[0])
    for page in sorted(free)[keep:]:
        content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)


DAMAGED = ("snapshot", "snapshot_of", "snapshot_on", "unread")


@pytest.mark.parametrize("part", DAMAGED)
async def test_events_come_in_whatever_is_wrong_with_snapshots(tmp_path: Path, part: str) -> None:
    """A sync stores every event, says at most once what is wrong, and names are simply not remembered."""
    path, service = tmp_path / "j.db", library_of()
    await synced(path, service)
    overwrite_pages_of(path, part)
    service.feed = make_events(EVENTS + 50)
    told: list[JournalDamaged] = []
    async with opened(path) as journal:
        journal.on_damage = told.append
        (record,) = await journal.libraries()
        report = await Sync(service, journal, record).run()
        assert await journal.newest(report.library, 10**6) == service.feed
        history = JournalHistory(journal, report.library)
        reference = ("asset", service.feed[0].entity_id)
        known = await history.entities([reference])
        assert known.keys() <= {reference}
        await history.snapshots(*reference)
        await history.belongings(reference[1])
    assert len(told) <= 1
    assert all(isinstance(one, SnapshotsDamaged) for one in told)
    async with opened(path, write=False) as journal:
        assert await journal.apply(checking.faults) != []
        assert await journal.apply(checking.are_events_sound)


@pytest.mark.parametrize("part", DAMAGED)
async def test_the_journal_is_made_anew_from_its_events(tmp_path: Path, part: str) -> None:
    """All events, position and breaks stay; what the next sync reads makes it whole; the damaged file is kept."""
    path, service = tmp_path / "j.db", library_of()
    await synced(path, service)
    async with opened(path) as journal:
        (before,) = await journal.libraries()
    overwrite_pages_of(path, part)
    damaged = path.read_bytes()
    renewed = renew(path, newest_mentions, lambda: NOW)
    assert renewed.aside.read_bytes() == damaged
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["j.db", "j.db.lock", renewed.aside.name])
    async with opened(path) as journal:
        assert await journal.apply(checking.faults) == []
        assert await journal.libraries() == [before]
        assert await journal.newest(before, 10**6) == service.feed
        assert (await journal.info(before)).unread == renewed.unread
        await Sync(service, journal, before).run()
        last = service.feed[-1]
        known = await journal.last_known(before, [(last.kind, last.entity_id)])
        assert [one.fields["id"] for one in known.values() if one.fields] == [last.entity_id]


async def test_what_can_be_read_of_the_snapshots_is_kept(tmp_path: Path) -> None:
    """A photo that is gone is known from there alone."""
    path, service = tmp_path / "j.db", library_of(20)
    await synced(path, service)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE snapshot SET fields = '[' WHERE id = 3")
        connection.commit()
        (kept,) = connection.execute("SELECT COUNT(*) FROM snapshot").fetchone()
    assert renew(path, newest_mentions, lambda: NOW).snapshots == kept - 1


@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE unread", "DROP TABLE snapshot", "DROP INDEX snapshot_of", "ALTER TABLE snapshot DROP COLUMN seen_us"],
)
async def test_what_the_form_lacks_is_found_and_made_anew(tmp_path: Path, statement: str) -> None:
    """A table, an index or a column that somebody took away."""
    path, service = tmp_path / "j.db", library_of(20)
    await synced(path, service)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    async with opened(path, write=False) as journal:
        assert any("missing" in fault for fault in await journal.apply(checking.faults))
    renew(path, newest_mentions, lambda: NOW)
    async with opened(path, write=False) as journal:
        assert await journal.apply(checking.faults) == []


async def test_damaged_events_are_not_thrown_away(tmp_path: Path) -> None:
    """Then nothing is changed, and the damage is told."""
    path = tmp_path / "j.db"
    await synced(path, library_of())
    overwrite_pages_of(path, "page")
    before = path.read_bytes()
    with pytest.raises(JournalDamaged):
        renew(path, newest_mentions, lambda: NOW)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["j.db", "j.db.lock"]


async def test_a_journal_held_elsewhere_and_other_files_are_left_alone(tmp_path: Path) -> None:
    """Who writes must not have the file taken away; a text is no journal."""
    (tmp_path / "notes").write_text("n" * 200)
    with pytest.raises(NotAJournal):
        renew(tmp_path / "notes", newest_mentions, lambda: NOW)
    async with opened(tmp_path / "j.db"):
        with pytest.raises(JournalBusy):
            renew(tmp_path / "j.db", newest_mentions, lambda: NOW)


async def test_an_entity_that_cannot_be_kept_does_not_end_a_sync(tmp_path: Path) -> None:
    """The damage may lie where only writing meets it."""
    path, service = tmp_path / "j.db", library_of(20)
    await synced(path, service)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE snapshot")
    async with opened(path) as journal:
        (record,) = await journal.libraries()
        with pytest.raises(SnapshotsDamaged):
            await journal.keep(record, "asset", ["a"], {"a": Entity("asset", "a", {"id": "a"}, NOW)})
        assert isinstance(journal.damage, SnapshotsDamaged)
