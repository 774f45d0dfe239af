"""Panes around the rows: shown, hidden, over the rows where there is little room, and which has the focus."""

from __future__ import annotations

import pytest

from tests.app.stage import make_app
from tests.app.waiting import main_screen, press, running, selected_cursor, wait_for_text, wait_until

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


@pytest.mark.parametrize("key", ["tab", "shift+tab", "l", "h"])
async def test_where_there_is_room_for_one_pane_only_it_says_how_to_see_the_others(key: str) -> None:
    """By the keys they have: those that were configured."""
    app = make_app(settings={"keys": {"filter.sidebar": "F"}})
    async with running(app, size=SMALL) as pilot:
        await press(pilot, key)
        await wait_for_text(pilot, "no room for other panes: F filters, enter detail")
