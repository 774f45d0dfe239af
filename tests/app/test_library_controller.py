"""The live end: what arrives, what is counted, what stands still."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import GumnutError, ServerFailure
from gumnut_tui.domain.models import Entity, Event
from gumnut_tui.feed.poller import PollPhase
from tests.app.scripted import ScriptedClient, activity, cursor, later, long_activity
from tests.app.stage import HandClock, make_app
from tests.app.waiting import (
    click_text,
    line_with,
    main_screen,
    press,
    running,
    screen_text,
    selected_cursor,
    shown,
    wait_for_text,
    wait_until,
)
from tests.factories import NOW, make_event


@pytest.mark.parametrize("since", ["24h", "all"])
async def test_a_range_is_read_some_way_unasked(since: str) -> None:
    """So that counts and histogram tell of most of it; the rest is read as one scrolls."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100), services={"unasked": 500}, since=since)
    async with running(app) as pilot:
        opened = main_screen(app).library.opened
        await wait_until(pilot, lambda: opened.event_list.loaded >= 500 and opened.poller.state.phase is PollPhase.LIVE)
        assert opened.event_list.loaded < 2000


async def test_the_first_rows_wait_for_no_other_redraw() -> None:
    """They are drawn as they come, whatever requests were made to find out where to start."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100), services={"settle": 3600.0}, since="all")
    async with running(app, until=lambda app: isinstance(app.screen_stack[0], MainScreen)) as pilot:
        await wait_until(pilot, lambda: shown(app))


async def test_the_history_grows_as_the_feed_is_read() -> None:
    """The detail shows every event about its entity that is held, not those that were when it was opened."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100), services={"unasked": 1000})
    async with running(app) as pilot:
        screen = main_screen(app)
        library, detail = screen.library, screen.panes.detail
        await wait_until(pilot, lambda: library.event_list.loaded >= 1000)
        await wait_until(pilot, lambda: detail.state.event and detail.state.history)
        assert detail.state.event is not None
        entity_id = detail.state.event.entity_id
        await wait_until(pilot, lambda: detail.state.history == library.store.history(entity_id))
        assert len(detail.state.history) > 40


@pytest.mark.parametrize("exact", [False, True])
async def test_exact_reads_past_until_to_the_end_of_the_feed(exact: bool) -> None:
    """An event of the range that appears a day after its time is found with `--exact`, and only so."""
    days_ago = NOW - timedelta(days=2)
    events = [make_event(number, created_at=days_ago + timedelta(minutes=number)) for number in range(1, 2001)]
    late = make_event(3000, created_at=days_ago + timedelta(minutes=30))
    app = make_app(
        ScriptedClient([*events, late], page_rows=100), since="3d", until=f"{days_ago:%Y-%m-%dT%H}:50Z", exact=exact
    )
    async with running(app) as pilot:
        opened = main_screen(app).library.opened
        await wait_until(pilot, lambda: opened.feed.closed and main_screen(app).library.is_current)
        assert (late.cursor in shown(app)) is exact
        assert len(shown(app)) == 49 + exact


async def test_the_last_row_asked_for_settles_what_a_bound_left_open() -> None:
    """G reads past the upper bound to the feed's end, and brings what came late; until then the status line says so."""
    days_ago = NOW - timedelta(days=2)
    events = [make_event(number, created_at=days_ago + timedelta(minutes=number)) for number in range(1, 2001)]
    late = make_event(3000, created_at=days_ago + timedelta(minutes=30))
    until = f"{days_ago:%Y-%m-%dT%H}:50Z"
    app = make_app(ScriptedClient([*events, late], page_rows=100), since="3d", until=until)
    async with running(app) as pilot:
        screen = main_screen(app)
        await wait_until(pilot, lambda: screen.library.opened.feed.closed)
        await wait_until(pilot, lambda: "may still appear" in screen.panes.status.state.reach)
        await press(pilot, "G")
        await wait_until(pilot, lambda: late.cursor in shown(app))
        await wait_until(pilot, lambda: "may still" not in screen.panes.status.state.reach)


async def test_an_event_that_comes_late_is_told() -> None:
    """It stands on top, as the feed has it, and the status line says where its time lies."""
    client = ScriptedClient(activity(60))
    app = make_app(client)
    async with running(app) as pilot:
        screen = main_screen(app)
        await wait_until(pilot, lambda: screen.library.opened.poller.state.phase is PollPhase.LIVE)
        late = make_event(3000, created_at=NOW - timedelta(hours=1))
        client.held.append(late)
        await press(pilot, "r")
        await wait_until(pilot, lambda: shown(app)[0] == late.cursor)
        await wait_until(pilot, lambda: screen.panes.status.state.message == "1 late event at 11:00")


def burst(count: int, reading: str) -> list[Event]:
    """Photos trashed one a second, under cursors that another reading does not have."""
    return [
        make_event(
            number, cursor=f"{reading}-{number}", event_type="asset_trashed", created_at=NOW - timedelta(seconds=number)
        )
        for number in range(count, 0, -1)
    ]


async def test_a_feed_read_again_takes_the_place_of_the_rows() -> None:
    """The server rejected our cursor. Until there are rows the old ones stand, and every key works on them."""
    client = ScriptedClient([*activity(300, timedelta(seconds=1)), *burst(40, "first")])
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "slash", *"asset", "enter", "m")
        client.held = burst(30, "second")
        client.pages_left = 1
        await press(pilot, "r")
        await wait_until(pilot, lambda: client.asked[-1][1] is None)
        await press(pilot, *"jjy+", "escape", *"enM", "M", "T", "T")
        assert len(shown(app)) == 340
        client.gate.set()
        await wait_until(pilot, lambda: len(shown(app)) == 30)
        await wait_for_text(pilot, "The server rejected our cursor")
        await press(pilot, *"nejy")
        assert shown(app)[-1] == "second-30"


async def test_what_is_selected_stays_selected_in_a_feed_read_again() -> None:
    """However far down it is; the rows are shown anew once it was read."""
    events = activity(900, timedelta(seconds=1))
    client = ScriptedClient(events)
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, *"jjj", "pagedown", "pagedown")
        library = main_screen(app).library
        selected = library.selection.event()
        # The newest is gone, and with it the position behind it.
        client.held = [*events[:-1], *burst(9, "new")]
        await press(pilot, "r")
        await wait_for_text(pilot, "The server rejected our cursor")
        await wait_until(pilot, lambda: len(shown(app)) == 908)
        assert library.selection.event() == selected


async def test_a_frozen_view_outlasts_a_feed_read_again() -> None:
    """What is held still stays what it was, keys included; let go, it shows the new reading."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "space")
        client.held = burst(30, "second")
        await press(pilot, "r")
        opened = main_screen(app).library.opened
        await wait_until(pilot, lambda: opened.event_list.loaded == 30)
        await press(pilot, *"jjy}")
        assert len(shown(app)) == 60
        assert "-" not in line_with(app, "PAUSED").partition("PAUSED")[2]
        await press(pilot, "space")
        await wait_until(pilot, lambda: len(shown(app)) == 30)


async def test_an_event_that_was_opened_stays() -> None:
    """Also on the newest row: what one reads is not swapped for what comes; g follows again."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "enter")
        client.held.append(later(61))
        await press(pilot, "r")
        await wait_for_text(pilot, "1 new")
        assert selected_cursor(app) == cursor(60)
        await press(pilot, "escape", "g")
        client.held.append(later(62))
        await press(pilot, "r")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(62))


async def test_new_events_push_in_at_the_live_end() -> None:
    """With the cursor on the newest row a new event comes in on top and is selected."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        client.held += [later(61), later(62)]
        await press(pilot, "r")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(62))
        assert shown(app)[:3] == [cursor(62), cursor(61), cursor(60)]


async def test_away_from_the_live_end_new_events_are_counted() -> None:
    """The selected row and its line stay; the count of new events is shown, and a click on it goes there."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, *"jjj")
        line = screen.table.cursor_line
        client.held += [later(61), later(62), later(63)]
        await press(pilot, "r")
        await wait_for_text(pilot, "3 new")
        assert selected_cursor(app) == cursor(57)
        assert screen.table.cursor_line == line
        await click_text(pilot, "3 new")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(63))
        assert "3 new" not in screen_text(app)


async def test_oldest_first_the_live_end_is_below() -> None:
    """Oldest first, G goes to the live end at the bottom, and new events come in there."""
    client = ScriptedClient()
    app = make_app(client, order=Order.OLDEST)
    async with running(app) as pilot:
        await press(pilot, "G")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(60))
        client.held.append(later(61))
        await press(pilot, "r")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(61))


async def test_space_freezes_the_view_and_counts() -> None:
    """Frozen, no row moves; what comes is counted in the title; space again takes it in."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "space")
        assert "PAUSED" in line_with(app, "Gumnut activity")
        client.held += [later(61), later(62)]
        await press(pilot, "r")
        await wait_for_text(pilot, "2 new · space resumes")
        assert len(shown(app)) == main_screen(app).table.row_count == 60
        await press(pilot, "space")
        await wait_until(pilot, lambda: len(shown(app)) == 62)
        assert "LIVE" in line_with(app, "Gumnut activity")


async def test_counts_of_a_frozen_view_agree() -> None:
    """New is what will be shown: it matches the filter and lies behind the newest row; all that was read is loaded."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "d", "space")
        client.held += [
            later(61),
            make_event(62, entity_id="asset_1", event_type="asset_trashed", created_at=NOW),
            later(63),
        ]
        await press(pilot, "r")
        await wait_for_text(pilot, "1 new · space resumes", "6 shown of 63 loaded")
        await press(pilot, "d")
        await wait_for_text(pilot, "0 new · space resumes", "63 shown of 63 loaded")


async def test_new_events_of_an_entity_renew_what_is_known_of_it() -> None:
    """After a newer event an entity is asked for again."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "j")
        await wait_until(pilot, lambda: client.read == ["asset_00", "asset_19"])
        client.held.append(later(79))
        await press(pilot, "r", "g")
        await wait_until(pilot, lambda: client.read[-1] == "asset_19" and len(client.read) == 3)


async def test_a_filter_holds_for_what_arrives() -> None:
    """New events pass the filter or are only counted as loaded."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "d")
        client.held += [later(61), later(70)]
        await press(pilot, "r")
        await wait_for_text(pilot, "7 shown of 62 loaded")
        assert shown(app)[0] == cursor(70)


class Nameless(ScriptedClient):
    """Has no names to give while it is `down`."""

    down: GumnutError | None = ServerFailure("GET /api/assets", 503)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        if self.down is not None:
            raise self.down
        return await super().entities(kind, ids, library_id)


async def test_what_is_said_of_names_goes_when_they_can_be_read() -> None:
    """They are asked for again by themselves, once the service answers otherwise."""
    client, clock = Nameless(), HandClock()
    app = make_app(client, services={"clock": clock.now})
    async with running(app) as pilot:
        await wait_for_text(pilot, "names could not be read: GET /api/assets was answered 503")
        client.down = None
        await press(pilot, "r")
        await pilot.pause(0.05)
        assert "names could not be read" in screen_text(app)
        clock.add(16)
        await press(pilot, "r")
        await wait_until(pilot, lambda: "names could not be read" not in screen_text(app))
        await wait_for_text(pilot, "IMG_0019.JPG")


async def test_names_are_read_as_soon_as_the_service_is_back() -> None:
    """After an outage nobody waits for them."""
    client = Nameless()
    app = make_app(client)
    async with running(app) as pilot:
        await wait_for_text(pilot, "names could not be read")
        client.failure = ServerFailure("GET /api/events", 503)
        await press(pilot, "r")
        await wait_for_text(pilot, "RETRYING")
        client.failure = client.down = None
        await press(pilot, "r")
        await wait_for_text(pilot, "IMG_0019.JPG")
        assert "names could not be read" not in screen_text(app)


async def test_a_notice_has_its_time() -> None:
    """What was said goes by itself, and is not said for minutes."""
    clock = HandClock()
    app = make_app(services={"clock": clock.now, "tick": 0.01})
    async with running(app) as pilot:
        await press(pilot, "greater_than_sign")
        await wait_for_text(pilot, "no later filters")
        clock.add(9)
        await pilot.pause(0.05)
        assert "no later filters" in screen_text(app)
        clock.add(2)
        await wait_until(pilot, lambda: "no later filters" not in screen_text(app))
