"""The journal from the screen: asked for once, kept in the background, opened from, and never mixed up."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.services import open_journal_at, repair_at
from gumnut_tui.domain.defaults import Pace
from gumnut_tui.domain.errors import ConnectionFailed
from gumnut_tui.domain.models import Event
from gumnut_tui.journal.journal import Journal, open_journal
from gumnut_tui.journal.records import LibraryKey, LibraryRecord
from tests.app.scripted import HOME, ScriptedClient, activity, later
from tests.app.stage import NEVER, make_app, make_demo_app
from tests.app.waiting import (
    click_text,
    is_read,
    main_screen,
    press,
    running,
    screen_text,
    shown,
    wait_for_text,
    wait_until,
)
from tests.factories import NOW

NO_ROUTE = ConnectionFailed("GET /api/events", "no route to host")
ASKED = "Keep a journal of Home?"


def opened(path: Path) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW)


def opening(path: Path) -> dict[str, Any]:
    """The service that opens it."""
    return {
        "open_journal": partial(open_journal_at, path, clock=lambda: NOW),
        "journal_repair": repair_at(path, clock=lambda: NOW),
    }


def make_journal_app(path: Path, client: ScriptedClient | None = None, **options: Any) -> GumnutApp:
    """The app with its journal at the path."""
    return make_app(client or ScriptedClient(), services=opening(path), **options)


def is_kept(app: App[Any]) -> bool:
    """Whether the rows come from the journal, all of them, and nothing is under way."""
    if not is_read(app):
        return False
    opened = main_screen(app).library.opened
    return opened.context.link is not None and opened.context.link.is_complete and opened.feed.caught_up


async def keep(pilot: Any, question: str = ASKED) -> None:
    """Say yes, and let the sync come to its end."""
    await press(pilot, "S")
    await wait_for_text(pilot, question)
    await press(pilot, "enter")
    await wait_until(pilot, lambda: is_kept(pilot.app))


async def kept_before(path: Path, client: ScriptedClient) -> None:
    """A run in which the journal was kept."""
    app = make_journal_app(path, client)
    async with running(app) as pilot:
        await keep(pilot)


async def held(path: Path) -> list[tuple[LibraryRecord, list[Event]]]:
    """What a journal holds, by library."""
    async with opened(path) as journal:
        return [(record, await journal.newest(record, 10**6)) for record in await journal.libraries()]


async def test_nothing_is_written_before_one_said_so(tmp_path: Path) -> None:
    """S explains what is kept, and where it does not go; until then, and after no, the journal is empty."""
    app = make_journal_app(tmp_path / "j.db")
    async with running(app) as pilot:
        await press(pilot, "S")
        await wait_for_text(pilot, ASKED, "never leaves this machine", "Not now")
        await press(pilot, "j", "enter")
        await wait_until(pilot, lambda: ASKED not in screen_text(app))
        await press(pilot, "S")
        await wait_for_text(pilot, ASKED)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: ASKED not in screen_text(app))
    assert await held(tmp_path / "j.db") == []


async def test_yes_keeps_the_whole_feed(tmp_path: Path) -> None:
    """More than the range shown; the rows come from the journal then, and the selected one stays selected."""
    client = ScriptedClient(activity(400))
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        before = len(shown(app))
        await keep(pilot)
        assert len(shown(app)) == before
        await press(pilot, "5")
        await wait_until(pilot, lambda: len(shown(app)) == 400)
        assert shown(app) == [event.cursor for event in reversed(client.held)]
    ((record, events),) = await held(tmp_path / "j.db")
    assert record.key == LibraryKey(client.base_url, client.account, HOME.id)
    assert record.name == "Home"
    assert events == client.held


async def begin_sync(pilot: Pilot[Any], client: ScriptedClient) -> None:
    """Say yes to a journal; the sync stops, of itself, behind three pages of fifty."""
    await press(pilot, "S")
    await wait_for_text(pilot, ASKED)
    client.pages_left = 3
    await press(pilot, "enter")
    await wait_for_text(pilot, "journal: 150 events")


async def test_a_sync_tells_how_far_it_is_and_can_be_left_running(tmp_path: Path) -> None:
    """Meanwhile the screen answers as ever, and S says that a sync is under way."""
    client = ScriptedClient(activity(400), page_rows=50)
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        await begin_sync(pilot, client)
        await press(pilot, "d")
        await wait_until(pilot, lambda: len(shown(app)) == 29)
        await press(pilot, "S")
        await wait_for_text(pilot, "A sync is in progress.")
        await press(pilot, "escape")
        client.gate.set()
        await wait_until(pilot, lambda: is_kept(app))


async def test_from_then_on_it_opens_from_the_journal_before_it_asks(tmp_path: Path) -> None:
    """Rows and names are there while the service does not answer; then what is new comes."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    client.asked.clear()
    client.gate.clear()
    client.held.append(later(61))
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        assert len(shown(app)) == 60
        await wait_for_text(pilot, "IMG_0019.JPG")
        client.gate.set()
        await wait_until(pilot, lambda: len(shown(app)) == 61)
        assert client.asked[0] == (HOME.id, "cursor-000060")
    ((_, events),) = await held(tmp_path / "j.db")
    assert events == client.held


async def test_without_a_network_the_journal_is_there(tmp_path: Path) -> None:
    """The title says OFFLINE and why, the rows stay, and r retries."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    client.failure = NO_ROUTE
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        await wait_for_text(pilot, "OFFLINE", "● Home")
        assert len(shown(app)) == 60
        client.failure = None
        await press(pilot, "r")
        await wait_for_text(pilot, "LIVE", "○ Work")


async def test_offline_asks_nobody(tmp_path: Path) -> None:
    """--offline needs no key and makes no client; all of the journal can be looked at."""
    client = ScriptedClient(activity(400))
    await kept_before(tmp_path / "j.db", client)
    client.asked.clear()

    def nobody(_key: object) -> object:
        raise AssertionError("a client was made")

    app = make_app(
        nobody,
        services=opening(tmp_path / "j.db"),
        key=None,
        offline=True,
        since="all",
    )
    async with running(app) as pilot:
        await wait_until(pilot, lambda: len(shown(app)) == 400)
        await wait_for_text(pilot, "OFFLINE", "IMG_0019.JPG")
        await wait_for_text(pilot, "as last seen today 12:00")
        assert "as it is now" not in screen_text(app)
        assert "LIVE" not in screen_text(app)
        await press(pilot, "S")
        await wait_for_text(pilot, "It stays as it is while offline.")
    assert client.asked == []


async def test_offline_the_journals_libraries_can_be_chosen(tmp_path: Path) -> None:
    """They are in the list as they are with a service, and S says what is kept of the one shown."""
    client, path = ScriptedClient(), tmp_path / "j.db"
    for library in ("Home", "Work"):
        app = make_journal_app(path, client, library=library)
        async with running(app) as pilot:
            await keep(pilot, f"Keep a journal of {library}?")
    app = make_app(services=opening(path), key=None, offline=True, library="Home")
    async with running(app) as pilot:
        await wait_for_text(pilot, "● Home", "○ Work")
        await click_text(pilot, "○ Work", at=2)
        await wait_for_text(pilot, "○ Home", "● Work")
        await wait_until(pilot, lambda: is_read(app))
        await press(pilot, "S")
        await wait_for_text(pilot, "up to date", "copies of 21 entities", "gaps        none")


async def test_the_libraries_are_listed_once_an_outage_at_the_start_is_over(tmp_path: Path) -> None:
    """The rows are there from the journal, and nobody has to start again."""
    client, path = ScriptedClient(), tmp_path / "j.db"
    await kept_before(path, client)
    client.failure = NO_ROUTE
    app = make_app(client, services={**opening(path), "pace": Pace(poll=NEVER, first_retry=0.05, slowest_retry=0.1)})
    async with running(app, until=lambda app: "OFFLINE" in screen_text(app)) as pilot:
        assert "Work" not in screen_text(app)
        client.failure = None
        await wait_for_text(pilot, "● Home", "○ Work")


async def test_offline_without_a_journal_says_so(tmp_path: Path) -> None:
    """There is nothing to read, no request is made for it, and no journal either."""
    app = make_app(services=opening(tmp_path / "j.db"), key=None, offline=True)
    async with running(app, until=lambda app: "holds no library" in screen_text(app)):
        assert "OFFLINE" in screen_text(app)
    assert list(tmp_path.iterdir()) == []


async def test_no_file_is_made_before_one_said_yes(tmp_path: Path) -> None:
    """Neither by opening the screen nor by asking what S is for."""
    app = make_journal_app(tmp_path / "j.db")
    async with running(app) as pilot:
        await press(pilot, "S")
        await wait_for_text(pilot, ASKED)
        await press(pilot, "j", "enter")
        await wait_until(pilot, lambda: ASKED not in screen_text(app))
    assert list(tmp_path.iterdir()) == []


async def test_what_stands_in_the_journals_place_is_said_and_not_asked_about(tmp_path: Path) -> None:
    """S offers nothing that could not be done."""
    app = make_journal_app(tmp_path)
    async with running(app) as pilot:
        await press(pilot, "S")
        await wait_for_text(pilot, "the journal is not up to date")
        assert ASKED not in screen_text(app)


async def test_another_account_never_mixes(tmp_path: Path) -> None:
    """The key of someone else, on the same server and with the same library id: neither's rows get into the other's."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    other = ScriptedClient(activity(30))
    other.account = "user_bea"
    app = make_journal_app(tmp_path / "j.db", other)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: len(shown(app)) == 30)
        assert main_screen(app).library.opened.context.link is None
    ((record, events),) = await held(tmp_path / "j.db")
    assert (record.key.account, events) == (client.account, client.held)


async def test_another_library_has_a_journal_of_its_own(tmp_path: Path) -> None:
    """S asks again for each library; both lie in one file."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    app = make_journal_app(tmp_path / "j.db", client, library="Work")
    async with running(app) as pilot:
        await keep(pilot, "Keep a journal of Work?")
    assert [record.name for record, _ in await held(tmp_path / "j.db")] == ["Home", "Work"]


async def test_no_journal_leaves_it_alone(tmp_path: Path) -> None:
    """S says so; rows come from the service."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "S")
        await wait_for_text(pilot, "--no-journal")
        assert ASKED not in screen_text(app)
        assert len(shown(app)) == 60


async def test_a_journal_another_process_holds_is_read_on(tmp_path: Path) -> None:
    """Its rows and what came since are shown, nothing is written, and S says who holds it."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    async with opened(tmp_path / "j.db") as theirs:
        (record,) = await theirs.libraries()
        client.held.append(later(61))
        app = make_journal_app(tmp_path / "j.db", client)
        async with running(app) as pilot:
            await wait_until(pilot, lambda: len(shown(app)) == 61)
            await wait_for_text(pilot, "LIVE")
            await press(pilot, "S")
            await wait_for_text(pilot, "Read-only here", "was writing it")
            assert "kept up to date" not in screen_text(app)
        assert await theirs.libraries() == [record]


async def test_a_journal_held_elsewhere_cannot_be_begun(tmp_path: Path) -> None:
    """Yes is answered with who holds the file; the screen goes on as before."""
    async with opened(tmp_path / "j.db") as theirs:
        app = make_journal_app(tmp_path / "j.db")
        async with running(app) as pilot:
            await press(pilot, "S")
            await wait_for_text(pilot, ASKED)
            await press(pilot, "enter")
            await wait_for_text(pilot, "is writing it")
            assert len(shown(app)) == 60
        assert await theirs.libraries() == []


@pytest.mark.parametrize("content", [b"no database" * 1000, b"", b"\xff\xd8\xff\xe0" * 1000])
async def test_a_file_that_is_no_journal_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    """The rows come from the service; S repeats what it is, and offers nothing that would touch it."""
    path = tmp_path / "j.db"
    path.write_bytes(content)
    path.chmod(0o644)
    before = (path.stat().st_mode, path.stat().st_mtime_ns)
    app = make_journal_app(path)
    async with running(app) as pilot:
        await wait_for_text(pilot, "is not a journal of this program")
        assert len(shown(app)) == 60
        await press(pilot, "S")
        await wait_for_text(pilot, "the journal is not up to date")
        assert "Rename it" not in screen_text(app)
    assert (path.stat().st_mode, path.stat().st_mtime_ns) == before
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["j.db"]


async def test_a_journal_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    """A folder in its place is an answer, not a crash."""
    (tmp_path / "j.db").mkdir()
    app = make_journal_app(tmp_path / "j.db")
    async with running(app) as pilot:
        await wait_for_text(pilot, "The journal")
        assert len(shown(app)) == 60


async def test_s_says_what_a_kept_journal_holds(tmp_path: Path) -> None:
    """Events with their span, snapshots, size, breaks, and where the file is."""
    client = ScriptedClient()
    await kept_before(tmp_path / "j.db", client)
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app, size=(140, 40), until=is_kept) as pilot:
        await press(pilot, "S")
        await wait_for_text(
            pilot, "60, from", "begins      with the feed", "gaps        none", "j.db", "kept up to date"
        )
        assert "21 copies of 21 entities" in screen_text(app)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: "gaps  " not in screen_text(app))


async def test_the_demo_of_the_first_start_never_touches_the_journal(tmp_path: Path) -> None:
    """Its library is made up; S says so, and the file stays as it is."""
    app = make_app(key=None, services=opening(tmp_path / "j.db"))
    async with running(app, until=lambda app: "Gumnut dashboard" in screen_text(app)) as pilot:
        await press(pilot, "down", "d")
        await wait_until(pilot, lambda: is_read(app))
        await press(pilot, "S")
        await wait_for_text(pilot, "start with --demo")
    assert not (tmp_path / "j.db").exists()


async def test_the_demo_keeps_a_journal_of_its_own(tmp_path: Path) -> None:
    """Each run begins anew: what an earlier demo left is dropped when one says yes."""
    for _ in range(2):
        app = make_demo_app(services=opening(tmp_path / "demo.db"))
        async with running(app) as pilot:
            await keep(pilot, "Keep a journal of")
    assert len(await held(tmp_path / "demo.db")) == 1


async def test_leaving_during_a_sync_leaves_a_good_journal(tmp_path: Path) -> None:
    """What was read is there, the next start goes on with it, and in the end nothing is missing or twice."""
    client = ScriptedClient(activity(400), page_rows=50)
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        await begin_sync(pilot, client)
    ((record, events),) = await held(tmp_path / "j.db")
    assert record.synced_us is None
    assert 0 < len(events) < 400
    assert events == client.held[: len(events)]
    client.gate.set()
    again = make_journal_app(tmp_path / "j.db", client)
    async with running(again, until=is_kept):
        pass
    ((_, events),) = await held(tmp_path / "j.db")
    assert events == client.held


async def test_a_sync_that_fails_says_so_and_goes_on_next_time(tmp_path: Path) -> None:
    """The rows stay, and S offers no second asking."""
    client = ScriptedClient(activity(400), page_rows=50)
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app) as pilot:
        await begin_sync(pilot, client)
        client.failure = NO_ROUTE
        client.gate.set()
        await wait_for_text(pilot, "not up to date")
        assert shown(app)
    client.failure = None
    again = make_journal_app(tmp_path / "j.db", client)
    async with running(again, until=is_kept):
        pass
    ((_, events),) = await held(tmp_path / "j.db")
    assert events == client.held


async def test_filters_counts_and_histogram_cover_the_journal(tmp_path: Path) -> None:
    """Any range is shown from it without another request for old events."""
    client = ScriptedClient(activity(400))
    await kept_before(tmp_path / "j.db", client)
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app, until=is_kept) as pilot:
        client.asked.clear()
        await press(pilot, "5", "d")
        await wait_until(pilot, lambda: len(shown(app)) == 40)
        assert "40 shown of 400 loaded" in screen_text(app)
        await press(pilot, "v")
        assert shown(app)[0] == "cursor-000010"
    assert client.asked == []
