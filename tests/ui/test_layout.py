"""The outline painted first stands where the panes will stand."""

from __future__ import annotations

import pytest

from gumnut_tui.ui.layout import FirstScreen, pane_widths
from tests.app.stage import make_app
from tests.app.waiting import main_screen, running


@pytest.mark.parametrize("columns", [80, 100, 119, 120, 179, 200])
async def test_nothing_moves_when_the_main_screen_takes_over(columns: int) -> None:
    """Sidebar and detail are as wide as the outline drew them, and hidden where it left them out."""
    app = make_app()
    async with running(app, (columns, 34)):
        panes = main_screen(app).panes
        widths = tuple(pane.region.width if pane.display else 0 for pane in (panes.sidebar, panes.detail))
        assert widths == pane_widths(columns)


@pytest.mark.parametrize(("columns", "lines"), [(140, 45), (80, 24), (30, 6), (4, 2), (1, 1)])
async def test_the_outline_fills_any_screen(columns: int, lines: int) -> None:
    """Every line is exactly as wide as the screen, on the smallest one too."""
    app = make_app()
    async with app.run_test(size=(columns, lines)):
        screen = FirstScreen()
        await app.push_screen(screen)
        drawn = [line.plain for line in screen.render().lines]
        assert len(drawn) == lines
        assert {len(line) for line in drawn} == {columns} or columns < 4
