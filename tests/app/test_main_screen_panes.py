"""Going from pane to pane, and what small terminals do with them."""

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

LARGE, SMALL = (120, 34), (80, 24)


@pytest.mark.parametrize(
    ("keys", "pane"),
    [
        (("tab",), "detail"),
        (("tab", "tab"), "sidebar"),
        (("tab", "tab", "tab"), "histogram"),
        (("shift+tab",), "histogram"),
        (("shift+tab", "shift+tab"), "sidebar"),
        (("l",), "detail"),
        (("right",), "detail"),
        (("h",), "histogram"),
        (("left",), "histogram"),
        (("enter",), "detail"),
        (("f",), "sidebar"),
        (("f", "f"), "table"),
        (("enter", "escape"), "table"),
        (("f", "escape"), "table"),
    ],
)
async def test_keys_lead_from_pane_to_pane(keys: tuple[str, ...], pane: str) -> None:
    """tab goes round, h and l go sideways, enter opens the detail, f the filters, esc leads back to the rows."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, *keys)
        widget = main_screen(app).query_one(f"#{pane}")
        assert widget.has_focus or widget.has_focus_within


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


@pytest.mark.parametrize(("key", "pane"), [("f", "sidebar"), ("enter", "detail")])
async def test_outer_panes_are_overlays_on_a_small_terminal(key: str, pane: str) -> None:
    """At 80×24 the outer panes lie over the rows only while they are asked for."""
    app = make_app()
    async with running(app, SMALL) as pilot:
        screen = main_screen(app)
        widget = screen.query_one(f"#{pane}")
        assert not widget.display
        width = screen.table.size.width
        await press(pilot, key)
        assert widget.display
        assert widget.has_focus or widget.has_focus_within
        assert screen.table.size.width == width
        await press(pilot, "escape")
        assert not widget.display
        assert screen.table.has_focus


async def test_resizing_never_loses_the_selection() -> None:
    """Whatever the size, the selected event stays selected and in sight, and the focus stays somewhere useful."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, *"jjjjjjjjjjjjjjjjjjjjjjjjj")
        selected = selected_cursor(app)
        for size in (SMALL, (60, 15), (200, 60), (20, 5), LARGE):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert selected_cursor(app) == selected
            if size[1] > 5:
                assert main_screen(app).table.cursor_line is not None


async def test_a_pane_that_goes_away_gives_the_focus_to_the_rows() -> None:
    """When a resize hides the pane with the focus, keys move the rows."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "tab")
        assert screen.panes.detail.has_focus_within
        await pilot.resize_terminal(*SMALL)
        await wait_until(pilot, lambda: screen.table.has_focus)


async def test_esc_puts_away_what_lies_over_the_rows_before_it_drops_a_filter() -> None:
    """On a small terminal one goes back to the rows to see what a filter has left of them."""
    app = make_app()
    async with running(app, size=SMALL) as pilot:
        screen = main_screen(app)
        await press(pilot, "d", "f", "escape")
        assert not screen.panes.sidebar.display
        assert not screen.library.event_list.filter.is_open
        await press(pilot, "escape")
        assert screen.library.event_list.filter.is_open


@pytest.mark.parametrize(("key", "pane"), [("f", "sidebar"), ("enter", "detail")])
async def test_what_lies_over_the_rows_goes_when_they_get_the_keys(key: str, pane: str) -> None:
    """No key moves a cursor that is covered."""
    app = make_app()
    async with running(app, size=SMALL) as pilot:
        screen = main_screen(app)
        widget = screen.query_one(f"#{pane}")
        await press(pilot, key)
        assert widget.display
        for _ in range(3):
            if not screen.table.has_focus:
                await press(pilot, "tab")
        await wait_until(pilot, lambda: screen.table.has_focus and not widget.display)


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
