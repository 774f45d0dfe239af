"""The help names every key, in columns that fit."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.binding import Binding

from gumnut_tui.ui.screens.help import HelpGroup, HelpScreen, groups_of, help_rows
from gumnut_tui.ui.widgets.line_list import LineList
from tests.ui.screens.screen_text import screen_text

GROUPS = tuple(
    HelpGroup(f"Group {group}", tuple((f"{group}{key}", f"does thing {key} of group {group}") for key in range(6)))
    for group in range(6)
)


class HelpApp(App[None]):
    """Opens the help."""

    def on_mount(self) -> None:
        """Opens the screen."""
        self.push_screen(HelpScreen(GROUPS))


@pytest.mark.parametrize("width", [20, 37, 76, 118, 200])
def test_every_key_is_there_at_every_width(width: int) -> None:
    """Nothing is left out, and no line is wider than the box."""
    lines = ["".join(span.text for span in row.spans) for row in help_rows(GROUPS, width)]
    assert all(len(line.rstrip()) <= width for line in lines)
    text = " ".join(lines)
    for group in GROUPS:
        assert group.title in text
        assert all(keys in text for keys, _ in group.keys)


def test_wide_screens_need_fewer_lines() -> None:
    """Columns are used where there is room, of about the same height."""
    one, two, three = (len(help_rows(GROUPS, width)) for width in (40, 80, 120))
    assert (one, two, three) == (48, 24, 16)


def test_groups_come_from_bindings() -> None:
    """Bindings are grouped by their group, the keys of one action together; what has no words is left out."""
    move = Binding.Group("Move")
    bindings = [
        Binding("down", "move(1)", "Next row", group=move),
        Binding("j", "move(1)", "Next row", group=move),
        Binding("q", "quit", "Quit"),
        Binding("x", "secret"),
        Binding("ctrl+q", "system_quit", "Quit at once", system=True),
    ]
    assert groups_of(bindings, lambda binding: binding.key) == (
        HelpGroup("Move", (("down j", "Next row"),)),
        HelpGroup("Other", (("q", "Quit"),)),
    )


async def test_a_low_screen_scrolls() -> None:
    """At 80×24 the rest comes into sight by scrolling, and the way out always shows."""
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "esc close" in screen_text(app)
        assert app.screen.size.height == app.screen.virtual_size.height
        assert "55" not in screen_text(app)
        await pilot.press("G")
        await pilot.pause()
        assert "55" in screen_text(app)
        assert app.screen.query_one(LineList).scroll_offset.y > 0


@pytest.mark.parametrize("key", ["escape", "question_mark", "q", "f1"])
async def test_closes(key: str) -> None:
    """Each of its keys closes the help."""
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(app.screen, HelpScreen)
