"""The tabs of the detail pane."""

from __future__ import annotations

import pytest
from textual.geometry import Offset

from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.detail_state import Tab
from gumnut_tui.ui.widgets.tab_strip import TabStrip
from tests.ui.widgets.detail_app import DetailApp, make_state, press


@pytest.mark.parametrize(("key", "tab"), [("]", Tab.ENTITY), ("[", Tab.JSON), ("right", Tab.ENTITY), ("h", Tab.JSON)])
async def test_keys_turn_tabs(key: str, tab: Tab) -> None:
    """`[ ]`, the arrows and `h l` turn tabs around the ends, and it is said which one is looked at."""
    app = DetailApp(make_state())
    async with app.run_test(size=(50, 30)) as pilot:
        await press(pilot, key)
        assert app.pane.tab is tab
        assert app.said == [DetailPane.TabShown(tab)]


async def test_a_click_turns_tabs() -> None:
    """Every tab can be reached with the mouse, on two lines as well."""
    app = DetailApp(make_state(), width=28)
    async with app.run_test(size=(50, 30)) as pilot:
        await pilot.pause()
        strip = app.query_one(TabStrip)
        assert strip.size.height == 2
        texts = [strip.render_line(y).text for y in range(2)]
        for tab in (Tab.JSON, Tab.RELATED, Tab.EVENT):
            y = next(y for y, text in enumerate(texts) if tab.value in text)
            await pilot.click(strip, offset=Offset(texts[y].index(tab.value), y))
            assert app.pane.tab is tab
