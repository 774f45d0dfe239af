"""What the keys of the main screen lead to in the panes: layers, tabs, history."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.scripted import ScriptedClient, activity, later
from tests.app.stage import NEVER, make_app
from tests.app.waiting import (
    click_text,
    main_screen,
    press,
    running,
    screen_text,
    selected_cursor,
    wait_for_text,
    wait_until,
)
from tests.factories import make_event


async def test_esc_goes_back_layer_by_layer() -> None:
    """One esc ends the search, the next one drops the filter, the last one leaves the pane."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "d", "slash", *"IMG_0000", "enter", "enter")
        assert screen.table.highlight == "IMG_0000"
        await press(pilot, "escape")
        assert screen.table.highlight == ""
        assert not screen.library.event_list.filter.is_open
        await press(pilot, "escape")
        assert screen.library.event_list.filter.is_open
        assert screen.panes.detail.has_focus_within
        await press(pilot, "escape")
        assert screen.table.has_focus


async def test_esc_closes_the_question_first() -> None:
    """In the question line esc asks nothing and touches no filter."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "d", "slash", "x", "escape")
        assert screen.table.has_focus
        assert screen.panes.prompt.purpose == ""
        assert "destructive" in screen_text(app)


async def test_tabs_turn_with_brackets_and_mouse() -> None:
    """[ and ] turn the tabs from anywhere; a click on a tab shows it."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "right_square_bracket")
        await wait_for_text(pilot, "4032×3024")
        await click_text(pilot, "JSON")
        await wait_for_text(pilot, '"event_type": "asset_trashed"')
        await press(pilot, "right_square_bracket")
        assert main_screen(app).panes.detail.tab.value == "Event"


async def test_the_detail_follows_the_cursor() -> None:
    """Resting on a row shows its entity; an entity read once is not asked for again."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "j")
        await wait_for_text(pilot, "as it is now")
        await wait_until(pilot, lambda: client.read[-1] == "asset_19")
        await press(pilot, "k")
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.title == "IMG_0000.JPG")
        assert client.read == ["asset_00", "asset_19"]


async def test_history_leads_to_its_event() -> None:
    """An event of the history, opened, is selected in the table."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "enter", "right_square_bracket", "right_square_bracket")
        await wait_until(pilot, lambda: len(main_screen(app).panes.detail.state.history) == 3)
        await press(pilot, "g", "enter")
        await wait_until(pilot, lambda: selected_cursor(app) in ("cursor-000020", "cursor-000060"))
        await press(pilot, "j", "enter")
        await wait_until(pilot, lambda: selected_cursor(app) == "cursor-000040")


async def test_esc_returns_from_an_event_of_the_history() -> None:
    """To the event one came from, once; where one has moved on since, there is nothing to return from."""
    app = make_app()
    async with running(app, (140, 34)) as pilot:
        before = selected_cursor(app)
        await press(pilot, "enter", "right_square_bracket", "right_square_bracket")
        await wait_until(pilot, lambda: len(main_screen(app).panes.detail.state.history) == 3)
        await press(pilot, "g", "enter")
        await wait_until(pilot, lambda: selected_cursor(app) == "cursor-000020")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: selected_cursor(app) == before)
        await press(pilot, "g", "enter")
        await wait_until(pilot, lambda: selected_cursor(app) == "cursor-000020")
        main_screen(app).table.focus()
        await press(pilot, "j", "escape")
        assert selected_cursor(app) == "cursor-000019"


async def test_the_history_of_an_album_names_its_photos() -> None:
    """Also those that no row in sight is about."""
    link = {"album_id": "album_1", "asset_id": "asset_05"}
    events = [
        make_event(1, entity_type="album_asset", entity_id="link_1", event_type="album_asset_added", payload=link),
        *activity(60)[1:],
    ]
    app = make_app(ScriptedClient(events))
    async with running(app) as pilot:
        await press(pilot, "J")
        await wait_for_text(pilot, "Jump to")
        await press(pilot, *"italy", "enter")
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.title == "Italy")
        await press(pilot, "right_square_bracket", "right_square_bracket")
        await wait_for_text(pilot, "IMG_0005 ← Italy")


async def test_what_changes_under_a_dialog_is_drawn_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each frame there draws the dialog too; once the dialog is closed, everything is up to date."""
    client = ScriptedClient()
    app = make_app(client, services={"covered": NEVER})
    async with running(app) as pilot:
        await press(pilot, "question_mark")
        await wait_for_text(pilot, "esc close")
        await pilot.pause()
        frames = list[object]()
        display = app._display

        def counted(*what: Any) -> None:
            frames.append(what)
            display(*what)

        monkeypatch.setattr(app, "_display", counted)
        client.held.append(later(61))
        library = main_screen(app).library
        library.ask_now()
        await wait_until(pilot, lambda: len(library.store) == 61 and library.is_current)
        await pilot.pause()
        assert frames == []
        await press(pilot, "escape")
        await wait_for_text(pilot, "61 shown of 61 loaded")
        assert frames
