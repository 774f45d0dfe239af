"""Rows are laid out once, and again only when they would look different."""

from __future__ import annotations

from textual.geometry import Region

from tests.ui.widgets.table_app import TableApp, make_cells, screen_lines, settle

SIZE = (100, 21)
"""Twenty lines of rows below the header."""


async def test_moving_the_cursor_lays_out_two_lines() -> None:
    """Only the line left and the line reached are laid out again."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = app.table.painter.drawn
        app.table.refreshed.clear()
        app.table.action_move(1)
        assert app.table.refreshed == [Region(0, 1, 100, 2)]
        await settle(pilot)
        assert app.table.painter.drawn - before == 2


async def test_scrolling_back_comes_from_the_cache() -> None:
    """Rows seen before are not laid out again."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("pagedown", "pageup", "pagedown")
        await settle(pilot)
        drawn, hits = app.table.painter.drawn, app.table.painter.cache_hits
        await pilot.press("pageup")
        await settle(pilot)
        await pilot.press("pagedown")
        await settle(pilot)
        assert app.table.painter.drawn == drawn
        assert app.table.painter.cache_hits > hits


async def test_names_that_arrived_redraw_their_rows_only() -> None:
    """A resolved name lays out the lines of its rows in sight, no other."""
    names = {3: "?"}
    app = TableApp(range(1000), lambda row: make_cells(row, entity=names.get(row, "known")))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = app.table.painter.drawn
        names[3] = "Lisbon.JPG"
        app.table.refreshed.clear()
        app.table.refresh_rows([3, 700])
        assert app.table.refreshed == [Region(0, 4, 100, 1)]
        await settle(pilot)
        assert app.table.painter.drawn - before == 1
        assert "Lisbon.JPG" in screen_lines(app)[4]


async def test_a_new_revision_forgets_what_was_drawn() -> None:
    """Row ids of another library mean other events."""
    app = TableApp(range(10))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.table.show(range(10), lambda row: make_cells(row, entity="other"), revision=1)
        await settle(pilot)
        assert "other" in screen_lines(app)[1]


async def test_a_search_text_is_set_off_in_the_rows_in_sight() -> None:
    """The hits are drawn in another style; taking the text away takes them away."""
    app = TableApp(range(100))
    async with app.run_test(size=SIZE) as pilot:
        app.table.highlight = "img_"
        await settle(pilot)
        underlined = [segment.text for segment in app.table.render_line(2) if segment.style and segment.style.underline]
        assert underlined == ["IMG_"]
        app.table.highlight = ""
        assert not [segment for segment in app.table.render_line(2) if segment.style and segment.style.underline]
