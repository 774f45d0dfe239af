"""The sidebar shows choices with counts and says what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.message import Message

from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.widgets.filter_sidebar import (
    CUSTOM,
    FilterSidebar,
    Item,
    LibraryItem,
    OperationFacet,
    OperationItem,
    PresetItem,
    SidebarState,
    TextItem,
    TypeFacet,
    TypeItem,
)
from tests.ui.widgets.recorded import Recorded
from tests.ui.widgets.table_app import screen_lines, settle

STATE = SidebarState(
    libraries=(("lib_1", "Family Photos"), ("lib_2", "Work")),
    library="lib_1",
    types=(TypeFacet("asset", 1204), TypeFacet("album", 12, checked=False), TypeFacet("hologram", 3)),
    operations=tuple(OperationFacet(operation, 840) for operation in Operation),
)
SIZE = (22, 40)


class SidebarApp(App[None]):
    """The sidebar alone, and what it said."""

    CSS = "FilterSidebar { height: 100%; }"

    def __init__(self, state: SidebarState = STATE) -> None:
        super().__init__()
        self.shown = state
        self.said: list[Recorded] = []

    def compose(self) -> ComposeResult:
        """The sidebar."""
        yield FilterSidebar()

    def on_mount(self) -> None:
        """Show the state at once."""
        self.sidebar.state = self.shown
        self.sidebar.focus()

    @property
    def sidebar(self) -> FilterSidebar:
        """The sidebar under test."""
        return self.query_one(FilterSidebar)

    def on_filter_sidebar_library_chosen(self, message: FilterSidebar.LibraryChosen) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_filter_sidebar_preset_chosen(self, message: FilterSidebar.PresetChosen) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_filter_sidebar_custom_range_asked(self, message: FilterSidebar.CustomRangeAsked) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_filter_sidebar_type_toggled(self, message: FilterSidebar.TypeToggled) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_filter_sidebar_operation_toggled(self, message: FilterSidebar.OperationToggled) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_filter_sidebar_text_asked(self, message: FilterSidebar.TextAsked) -> None:
        """Keep it."""
        self.said.append(Recorded(message))


def line_with(app: App[Any], text: str) -> int:
    """The line of the screen that shows the text."""
    return next(y for y, line in enumerate(screen_lines(app)) if text in line)


def under_cursor(app: SidebarApp) -> Item:
    """The choice under the cursor now."""
    return app.sidebar.item


async def test_every_section_is_shown_with_counts_at_the_right() -> None:
    """Names as they are, unknown types too; counts with thousands apart, in the last column."""
    app = SidebarApp()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        for title in ("Library", "Time", "Entities", "Operations", "Text"):
            assert line_with(app, title) >= 0
        assert lines[line_with(app, "Family")].startswith(" ● Family Photos")
        assert lines[line_with(app, "asset")] == "[x] asset        1,204"
        assert lines[line_with(app, "album")] == "[ ] album           12"
        assert lines[line_with(app, "hologram")] == "[x] hologram         3"
        assert lines[line_with(app, "deleted")] == "[x] ✗ deleted      840"
        assert "‹24h›" in lines[line_with(app, "24h")]


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("Work", 3, FilterSidebar.LibraryChosen("lib_2")),
        ("30d", 16, FilterSidebar.PresetChosen("30d")),
        ("1h", 1, FilterSidebar.PresetChosen("1h")),
        ("custom", 8, FilterSidebar.CustomRangeAsked()),
        ("album", 1, FilterSidebar.TypeToggled("album", only=False)),
        ("trashed", 8, FilterSidebar.OperationToggled(Operation.TRASHED, only=False)),
        ("none", 2, FilterSidebar.TextAsked()),
    ],
)
async def test_a_click_chooses(text: str, x: int, said: Message) -> None:
    """Each kind of choice says its own message."""
    app = SidebarApp()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.click(FilterSidebar, offset=(x, line_with(app, text)))
        await settle(pilot)
        assert app.said == [said]


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_keys_go_from_choice_to_choice_and_choose(key: str) -> None:
    """Down passes over titles; sideways goes along the time ranges."""
    app = SidebarApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g")
        assert under_cursor(app) == LibraryItem("lib_1")
        await pilot.press("down", "j")
        assert under_cursor(app) == PresetItem("1h")
        await pilot.press("right", "l", "left", key)
        assert app.said == [FilterSidebar.PresetChosen("24h")]
        await pilot.press(*["down"] * 5, key)
        assert app.said[1:] == [FilterSidebar.TypeToggled("album", only=False)]
        await pilot.press("G", key)
        assert under_cursor(app) == TextItem()
        assert app.said[2:] == [FilterSidebar.TextAsked()]


async def test_only_this_and_not_this() -> None:
    """Plus asks for this value alone; minus takes it out, and does nothing when it is out already."""
    app = SidebarApp()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("g", *["down"] * 6, "plus", "minus", "down", "minus")
        await settle(pilot)
        assert under_cursor(app) == TypeItem("album")
        assert app.said == [
            FilterSidebar.TypeToggled("asset", only=True),
            FilterSidebar.TypeToggled("asset", only=False),
        ]


async def test_the_cursor_stays_on_its_choice_when_the_state_changes() -> None:
    """Counts and new types move lines, not the cursor."""
    app = SidebarApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(FilterSidebar, offset=(6, line_with(app, "deleted")))
        app.sidebar.state = replace(STATE, types=(*STATE.types, TypeFacet("face", 9)))
        await settle(pilot)
        assert under_cursor(app) == OperationItem(Operation.DELETED)
        assert "face" in screen_lines(app)[line_with(app, "face")]


async def test_a_custom_range_is_shown_in_place_of_the_word() -> None:
    """No preset is in force then."""
    app = SidebarApp(replace(STATE, preset=None, custom="3 – 7 Nov"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "‹3 – 7 Nov›" in "\n".join(screen_lines(app))
        assert CUSTOM not in "\n".join(screen_lines(app))
        app.sidebar.state = replace(STATE, preset=None, custom="2026-11-03 10:00:00 – 2026-11-03 12:30:00")
        await settle(pilot)
        lines = screen_lines(app)
        at = line_with(app, "‹2026-11-03 10:00:00")
        assert lines[at + 1].startswith("– 2026-11-03 12:30:00›")


async def test_suspended_filters_say_so() -> None:
    """The sections keep their checks and are marked off."""
    app = SidebarApp(replace(STATE, suspended=True))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "Entities off" in "\n".join(screen_lines(app))


async def test_a_list_higher_than_the_screen_scrolls_with_the_cursor() -> None:
    """The last choice can be reached on a small terminal, and the first title seen again."""
    app = SidebarApp()
    async with app.run_test(size=(22, 10)) as pilot:
        await pilot.press("G")
        await settle(pilot)
        assert "none" in screen_lines(app)[9]
        await pilot.press("g")
        await settle(pilot)
        assert "Library" in screen_lines(app)[0]


async def test_hostile_names_are_shown_as_marks() -> None:
    """A library or type name is text, without control characters or markup."""
    app = SidebarApp(replace(STATE, libraries=(("lib_1", "[red]\x1b]0;x\x07"),), types=(TypeFacet("a\u202eb", 1),)))
    async with app.run_test(size=(40, 40)) as pilot:
        await settle(pilot)
        text = "\n".join(screen_lines(app))
        assert "[red]␛]0;x␇" in text
        assert "‹U+202E›" in text
