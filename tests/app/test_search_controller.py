"""Seeking rows, those not yet read included: hits, deletions, this entity's events, a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import UTC, date, timedelta
from functools import partial

import pytest

from gumnut_tui.app.seek import Progress
from gumnut_tui.app.view_state import seek_words
from gumnut_tui.config.values import Order
from gumnut_tui.domain.models import Entity
from gumnut_tui.feed.feed import Feed
from tests.app.scripted import ScriptedClient, activity, cursor, long_activity
from tests.app.stage import make_app, make_demo_app
from tests.app.waiting import (
    answer,
    is_read,
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


async def test_search_goes_from_hit_to_hit() -> None:
    """/ goes to the first hit below, n to the next, N back; names count, and upper and lower case are alike."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "slash", *"italy", "enter")
        assert selected_cursor(app) == cursor(56)
        await press(pilot, "n")
        assert selected_cursor(app) == cursor(49)
        await press(pilot, "N")
        assert selected_cursor(app) == cursor(56)
        assert len(shown(app)) == 60


async def test_a_search_goes_on_in_another_feed() -> None:
    """The other end of the feed has other rows: what was found is looked for again among them."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100))
    async with running(app) as pilot:
        await press(pilot, "slash", *"asset_07", "enter")
        await press(pilot, "v")
        await wait_until(pilot, lambda: is_read(app) and selected_cursor(app) == cursor(2000))
        await press(pilot, "N")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(1987))
        await press(pilot, "N")
        assert selected_cursor(app) == cursor(1947)


async def test_after_the_last_hit_the_search_goes_on_at_the_other_end_and_says_so() -> None:
    """Hits are numbered from the top of the screen; another key than n and N ends the remark."""
    app = make_app()
    async with running(app, (160, 34)) as pilot:
        await press(pilot, "slash", *"asset_19", "enter")
        assert "“asset_19” 1 of 3 · " in screen_text(app)
        await press(pilot, "n", "n")
        assert selected_cursor(app) == cursor(19)
        assert "“asset_19” 3 of 3 · " in screen_text(app)
        await press(pilot, "n")
        assert selected_cursor(app) == cursor(59)
        assert "“asset_19” 1 of 3, from the top · " in screen_text(app)
        await press(pilot, "N")
        assert selected_cursor(app) == cursor(19)
        assert "“asset_19” 3 of 3, from the bottom · " in screen_text(app)
        await press(pilot, "j")
        assert "“asset_19” 3 hits · " in screen_text(app)


async def test_while_names_are_read_the_search_says_what_it_covers() -> None:
    """Hits in ids, types and payloads are shown at once; a journal is offered, which has the names at hand."""
    client = ScriptedClient()
    gate = asyncio.Event()
    answers = client.entities

    async def entities(kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        await gate.wait()
        return await answers(kind, ids, library_id)

    client.entities = entities  # type: ignore[method-assign]
    app = make_app(client)
    async with running(app, (160, 34), until=lambda app: "60 shown" in screen_text(app)) as pilot:
        await press(pilot, "slash", *"asset_19", "enter")
        await wait_for_text(pilot, "“asset_19” 1 of 3 · names of 0 of 60 rows so far; S keeps them at hand")
        assert selected_cursor(app) == cursor(59)
        gate.set()
        await wait_until(pilot, lambda: "rows so far" not in screen_text(app))


async def test_a_search_that_finds_nothing_says_so() -> None:
    """Once everything was read."""
    app = make_app()
    async with running(app, (160, 34)) as pilot:
        await press(pilot, "slash", *"nowhere", "enter")
        await wait_for_text(pilot, "“nowhere” 0 hits", "no more found")


async def test_n_without_a_search_says_how_to_search() -> None:
    """n before any / is answered, not ignored."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "n")
        assert "press /" in screen_text(app)


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (("e",), 50),
        (("e", "e"), 40),
        (("e", "e", "E"), 50),
        (("right_curly_bracket",), 40),
        (("right_curly_bracket", "right_curly_bracket"), 20),
        (("right_curly_bracket", "right_curly_bracket", "left_curly_bracket"), 40),
    ],
)
async def test_keys_go_over_destructive_events_and_this_entity(keys: tuple[str, ...], number: int) -> None:
    """e and E go over destructive events, { and } over the events of the selected entity."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, *keys)
        assert selected_cursor(app) == cursor(number)


async def test_t_goes_to_a_time() -> None:
    """t asks for a time and selects the row nearest to it."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "t")
        await answer(pilot, "09:00")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(25))


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("day", ["2026-11-18", "18 Nov", "wed"])
async def test_t_lands_on_a_day_in_either_order(day: str, order: Order) -> None:
    """A day is gone to at its first row on the screen, never at the last of the day before."""
    app = make_app(ScriptedClient(activity(60, timedelta(hours=2))), since="all", order=order)
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "t")
        await answer(pilot, day)
        await wait_until(pilot, lambda: selected_cursor(app) in (cursor(31), cursor(42)))
        row = screen.table.cursor_row
        assert row is not None
        assert screen.library.store.event(row).created_at.date() == date(2026, 11, 18)
        assert selected_cursor(app) == (cursor(42) if order is Order.NEWEST else cursor(31))


@pytest.mark.parametrize("order", Order)
async def test_a_moment_between_two_events_leads_to_the_later_one(order: Order) -> None:
    """In either order t goes to what happened at the time or next after it."""
    app = make_app(order=order)
    async with running(app) as pilot:
        await press(pilot, "t")
        await answer(pilot, "09:01")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(26))


async def test_a_day_without_events_is_said_to_have_none() -> None:
    """t goes to the nearest row then, and says that it is not of that day."""
    events = [make_event(1, created_at=NOW - timedelta(days=4)), make_event(2, created_at=NOW - timedelta(hours=1))]
    app = make_app(ScriptedClient(events), since="all")
    async with running(app) as pilot:
        await press(pilot, "t")
        await answer(pilot, "18 Nov")
        await wait_for_text(pilot, "no events on that day")


async def test_a_wrong_time_can_be_mended() -> None:
    """A time that is none is answered beside the question, which stays open."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "t")
        await answer(pilot, "soon")
        await wait_for_text(pilot, "soon")
        assert main_screen(app).panes.prompt.purpose == "time"
        await answer(pilot, "11:00")
        await wait_until(pilot, lambda: main_screen(app).table.has_focus)
        assert selected_cursor(app) == cursor(49)


async def test_t_reaches_behind_the_range() -> None:
    """A time before the range widens the range, and is gone to."""
    app = make_app(since="1h")
    async with running(app) as pilot:
        await press(pilot, "t")
        await answer(pilot, "08:00")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(13))


async def test_a_seek_reads_on_until_it_arrives() -> None:
    """A hit far beyond what was read is read for, and then selected."""
    events = long_activity()
    events[2] = make_event(3, entity_id="asset_wanted", created_at=events[2].created_at)
    app = make_app(ScriptedClient(events, page_rows=100))
    async with running(app) as pilot:
        assert cursor(3) not in shown(app)
        await press(pilot, "slash", *"wanted", "enter")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(3))


async def test_esc_stops_a_seek_and_keeps_what_was_read() -> None:
    """A seek says how far it is; esc ends it where it is, with the selection where it was."""
    client = ScriptedClient(long_activity(), page_rows=100)
    app = make_app(client)
    async with running(app) as pilot:
        client.gate.clear()
        await press(pilot, "slash", *"nowhere", "enter")
        await wait_for_text(pilot, "searching “nowhere”", "esc stops")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: "esc stops" not in screen_text(app))
        before = len(shown(app))
        client.gate.set()
        await wait_until(pilot, lambda: len(shown(app)) >= before)
        assert selected_cursor(app) == cursor(2000)
        assert len(shown(app)) < 2000


async def test_jump_to_a_related_entity_and_back() -> None:
    """J offers what the entity has to do with; esc comes back to where one jumped from."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "j")
        await wait_until(pilot, lambda: screen.panes.detail.state.title == "IMG_0019.JPG")
        await press(pilot, "J")
        await wait_for_text(pilot, "Jump to", "Italy")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: screen.panes.detail.state.title == "Italy")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: screen.panes.detail.state.title == "IMG_0019.JPG")
        assert selected_cursor(app) == cursor(59)


async def test_jump_to_an_entity_without_an_event() -> None:
    """An entity no event at hand is about can be jumped to all the same, and shows what it is."""
    person = Entity("person", "person_1", {"id": "person_1", "name": "Ana"}, NOW)
    photo = Entity(
        "asset", "asset_00", {"original_file_name": "A.JPG", "people": [{"id": "person_1", "name": "Ana"}]}, NOW
    )
    app = make_app(ScriptedClient(entities=[person, photo]))
    async with running(app) as pilot:
        await press(pilot, "J")
        await wait_for_text(pilot, "Jump to", "Ana")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.title == "Ana")
        await wait_for_text(pilot, "Ana", "LIVE")


async def test_related_entities_of_the_demo_can_be_jumped_to() -> None:
    """On the demo library a photo's relations are read and offered."""
    app = make_demo_app()
    async with running(app) as pilot:
        await press(pilot, "J")
        await wait_for_text(pilot, "Jump to", "type to filter")
        await press(pilot, "escape")
        assert app.screen is main_screen(app)


async def test_only_what_is_marked_needs_no_reading() -> None:
    """However few rows are marked, nothing more is read to fill the screen with."""
    client = ScriptedClient(long_activity(), page_rows=100)
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "m")
        before = client.requests
        await press(pilot, "M")
        await wait_until(pilot, lambda: shown(app) == [cursor(2000)])
        assert client.requests == before


def test_a_seek_tells_pages_reach_and_rate() -> None:
    """Once a second has gone by one sees how fast it goes; a count of one has no plural."""
    feed = Feed(ScriptedClient([]), "lib_1", clock=lambda: NOW)
    words = partial(seek_words, "reading to the start", feed, zone=UTC, now=NOW)
    assert words(progress=Progress(1, 0, 0.2)) == "reading to the start: 1 page · esc stops"
    assert words(progress=Progress(1200, 3000, 2.0)) == "reading to the start: 1,200 pages, 1,500 events/s · esc stops"


async def test_a_word_about_nothing_further_goes_when_one_goes_on() -> None:
    """It is about where one was."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "E")
        await wait_for_text(pilot, "no more found")
        await press(pilot, "j")
        await wait_until(pilot, lambda: "no more found" not in screen_text(app))


async def test_a_search_hides_no_message() -> None:
    """What a key has to say stands before the hits, also where there is little room."""
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "slash", *"trashed", "enter")
        await wait_for_text(pilot, "“trashed”")
        await press(pilot, "M")
        await wait_for_text(pilot, "nothing marked yet")
