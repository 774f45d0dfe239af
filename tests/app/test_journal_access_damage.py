"""A damaged journal on the screen: said once, never a crash, and mended only as one chooses."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gumnut_tui.app.services import open_journal_at
from gumnut_tui.domain.errors import JournalDamaged, SnapshotsDamaged
from gumnut_tui.domain.models import Event
from gumnut_tui.usecases.journals import JournalAccess
from tests.app.scripted import ScriptedClient, activity
from tests.app.test_journal_access import held, is_kept, kept_before, make_journal_app, opened
from tests.app.waiting import press, running, screen_text, shown, wait_for_text, wait_until
from tests.factories import NOW
from tests.journal.test_verify_reread_snapshots import overwrite_pages_of

DAMAGED = "The journal is damaged"


async def damaged_journal(path: Path, part: str) -> ScriptedClient:
    """A journal that was kept, and in which the pages of a table or an index are overwritten; the account of it."""
    client = ScriptedClient(activity(400))
    await kept_before(path, client)
    overwrite_pages_of(path, part)
    return client


def cursors(events: list[Event]) -> list[str]:
    """As the screen shows them: newest first."""
    return [event.cursor for event in reversed(events)]


@pytest.mark.parametrize("part", ["snapshot", "snapshot_of", "snapshot_on", "unread"])
async def test_events_are_shown_whatever_is_wrong_with_snapshots(tmp_path: Path, part: str) -> None:
    """Rows, details and history open; the screen goes on, and the file is left as it is but for new events."""
    path = tmp_path / "j.db"
    client = await damaged_journal(path, part)
    app = make_journal_app(path, client)
    async with running(app) as pilot:
        await press(pilot, "5")
        await wait_until(pilot, lambda: len(shown(app)) == 400)
        await press(pilot, "j", "enter", "]", "]", "]")
        await wait_for_text(pilot, "LIVE")
        assert shown(app) == cursors(client.held)
    assert [one.name for one in tmp_path.glob("*damaged*")] == []


async def mended(tmp_path: Path, part: str, *keys: str) -> tuple[ScriptedClient, str]:
    """Let one choose what S offers; returns the account and what the screen says."""
    path = tmp_path / "j.db"
    client = await damaged_journal(path, part)
    app = make_journal_app(path, client)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: len(shown(app)) > 0)
        await press(pilot, "S")
        await wait_for_text(pilot, DAMAGED, "Rename it", "Leave it")
        await press(pilot, *keys, "enter")
        await wait_until(pilot, lambda: DAMAGED not in screen_text(app))
        if keys != ("down", "down"):
            await wait_until(pilot, lambda: list(tmp_path.glob("*damaged-*")) != [])
        if keys == ():
            await wait_until(pilot, lambda: is_kept(app))
        await wait_until(pilot, lambda: len(shown(app)) > 0)
        words = screen_text(app)
    return client, words


async def test_snapshots_can_be_read_anew_from_the_screen(tmp_path: Path) -> None:
    """All events stay, the journal is read again from then on, and the damaged file is kept."""
    client, words = await mended(tmp_path, "snapshot_of")
    assert "IMG_" in words
    ((_, events),) = await held(tmp_path / "j.db")
    assert events == client.held
    async with opened(tmp_path / "j.db") as journal:
        (record,) = await journal.libraries()
        assert await journal.last_known(record, [("asset", "asset_01")]) != {}
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_damaged_journal_can_be_put_aside_from_the_screen(tmp_path: Path) -> None:
    """The rows come from the service, and S begins a new one."""
    await mended(tmp_path, "snapshot_of", "down")
    assert not (tmp_path / "j.db").exists()


async def test_a_damaged_journal_can_be_left(tmp_path: Path) -> None:
    """Then nothing happens to it."""
    await mended(tmp_path, "snapshot_of", "down", "down")
    assert list(tmp_path.glob("*damaged*")) == []


async def test_a_journal_whose_events_are_damaged_is_said_and_can_be_put_aside(tmp_path: Path) -> None:
    """The rows come from the service; the events are not offered to be kept."""
    path = tmp_path / "j.db"
    client = await damaged_journal(path, "library")
    before = path.read_bytes()
    app = make_journal_app(path, client)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: len(shown(app)) > 0)
        await press(pilot, "S")
        await wait_for_text(pilot, DAMAGED, "Rename it")
        assert "Read the snapshots again" not in screen_text(app)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: not path.exists())
    (aside,) = tmp_path.glob("*damaged-*")
    assert aside.read_bytes() == before


async def test_damage_is_told_once(tmp_path: Path) -> None:
    """Whoever listens first hears of what was met before; and nobody twice of the same."""
    path = tmp_path / "j.db"
    await damaged_journal(path, "snapshot_of")
    journaling = JournalAccess(partial(open_journal_at, path, clock=lambda: NOW))
    told: list[JournalDamaged] = []
    link = await journaling.at_once("https://api.example.org", None)
    assert link is not None
    with pytest.raises(SnapshotsDamaged):
        await link.journal.info(link.record)
    journaling.tell_damage(told.append)
    with pytest.raises(SnapshotsDamaged):
        await link.journal.info(link.record)
    assert [type(one) for one in told] == [SnapshotsDamaged]
    assert journaling.damage is told[0]
    await journaling.aclose()
