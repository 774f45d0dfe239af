"""The title and status lines say one value each, in one line of exact width."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from gumnut_tui.ui.widgets.status_line import Chip, FeedMode, Hint, StatusLine, StatusState, TitleLine, TitleState
from tests.ui.widgets.recorded import Recorded
from tests.ui.widgets.table_app import screen_lines, settle

TITLE = TitleState("Family Photos", FeedMode.LIVE, "polled 2s ago", "Europe/Lisbon")
STATUS = StatusState(
    shown=1216,
    loaded=4310,
    reach="scanned back to yesterday 14:00",
    order="newest first",
    hints=(Hint("/", "search", "search"), Hint("d", "deletions", "deletions"), Hint("?", "help", "help")),
)


class LinesApp(App[None]):
    """Both lines, and what they said."""

    def __init__(self, title: TitleState = TITLE, status: StatusState = STATUS) -> None:
        super().__init__()
        self.shown = (title, status)
        self.said: list[Recorded] = []

    def compose(self) -> ComposeResult:
        """Title above status."""
        yield TitleLine()
        yield StatusLine()

    def on_mount(self) -> None:
        """Show the states."""
        self.query_one(TitleLine).state, self.query_one(StatusLine).state = self.shown

    def on_status_line_hint_chosen(self, message: StatusLine.HintChosen) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_status_line_chip_dropped(self, message: StatusLine.ChipDropped) -> None:
        """Keep it."""
        self.said.append(Recorded(message))


@pytest.mark.parametrize("width", range(60, 110, 5))
async def test_the_title_does_not_change_its_shape_with_each_poll(width: int) -> None:
    """Whether the program is named depends on the width, not on how long ago was polled."""
    app = LinesApp()
    named = set()
    async with app.run_test(size=(width, 4)) as pilot:
        for note in ("polled just now", "polled 2s ago", "polled 12s ago"):
            app.query_one(TitleLine).state = replace(TITLE, note=note)
            await settle(pilot)
            title = screen_lines(app)[0]
            named.add("Gumnut activity" in title)
            assert title.endswith("Europe/Lisbon ")
    assert len(named) == 1


async def test_a_wide_screen_says_everything() -> None:
    """State and library at the left, the zone and the hints at the right end."""
    app = LinesApp()
    async with app.run_test(size=(120, 4)) as pilot:
        await settle(pilot)
        title, status = screen_lines(app)[:2]
        assert title.split("  ")[0] == " Gumnut activity"
        assert "Family Photos   ● LIVE polled 2s ago" in title
        assert title.endswith("created_at in Europe/Lisbon ")
        assert status.startswith(" 1,216 shown of 4,310 loaded · scanned back to yesterday 14:00 · newest first ")
        assert status.endswith("/ search  d deletions  ? help")


async def test_a_narrow_screen_drops_the_right_parts_from_their_end() -> None:
    """The state never goes; the last hint goes first."""
    app = LinesApp()
    async with app.run_test(size=(84, 4)) as pilot:
        await settle(pilot)
        status = screen_lines(app)[1]
        assert "/ search" in status
        assert "help" not in status
        await pilot.resize_terminal(40, 4)
        await settle(pilot)
        title, status = screen_lines(app)[:2]
        assert "● LIVE" in title
        assert "created_at" not in title
        assert status.startswith(" 1,216 shown of 4,310 loaded")


async def test_how_far_was_read_is_never_cut() -> None:
    """Half a time is no time: it is shortened, then left out."""
    app = LinesApp()
    async with app.run_test(size=(64, 4)) as pilot:
        for width, reach in ((64, " · scanned back to yesterday 14:00"), (60, " · back to yesterday 14:00"), (40, "")):
            await pilot.resize_terminal(width, 4)
            await settle(pilot)
            assert screen_lines(app)[1].split("  ")[0].rstrip() == f" 1,216 shown of 4,310 loaded{reach}"


async def test_the_zone_stands_alone_where_there_is_little_room() -> None:
    """At 80 columns one still sees which zone times are in; the program's name goes before the state is cut."""
    app = LinesApp()
    async with app.run_test(size=(80, 4)) as pilot:
        await settle(pilot)
        title = screen_lines(app)[0]
        assert title.rstrip().endswith("Europe/Lisbon")
        assert "created_at" not in title
        await pilot.resize_terminal(60, 4)
        await settle(pilot)
        assert screen_lines(app)[0].startswith(" Family Photos   ● LIVE polled 2s ago  ")


async def test_a_hint_is_shown_whole_or_not_at_all() -> None:
    """No key stands there without the word for it, at any width."""
    app = LinesApp()
    async with app.run_test(size=(80, 4)) as pilot:
        for width in range(80, 121, 4):
            await pilot.resize_terminal(width, 4)
            await settle(pilot)
            status = screen_lines(app)[1]
            assert ("  d" in status) == ("deletions" in status)


@pytest.mark.parametrize("width", [1, 2, 10, 33, 60, 61, 79, 80, 133, 200])
async def test_both_lines_are_exactly_as_wide_as_the_screen(width: int) -> None:
    """At any width, with wide characters in the library's name."""
    status = StatusState(chips=(Chip("text", "日本の写真"),), message="copied", hints=STATUS.hints)
    app = LinesApp(TitleState("家族の写真 🏖", FeedMode.RETRYING, "in 4 s (429)", "UTC"), status)
    async with app.run_test(size=(width, 4)) as pilot:
        await settle(pilot)
        for widget in (app.query_one(TitleLine), app.query_one(StatusLine)):
            strip = widget.render_line(0)
            assert sum(segment.cell_length for segment in strip) == width == strip.cell_length


@pytest.mark.parametrize("mode", list(FeedMode))
async def test_every_state_has_a_glyph_and_a_word(mode: FeedMode) -> None:
    """Colour is never the only sign."""
    app = LinesApp(TitleState("Family Photos", mode, "in 4 s (429)"))
    async with app.run_test(size=(100, 4)) as pilot:
        await settle(pilot)
        assert f"{mode.glyph} {mode.value} in 4 s (429)" in screen_lines(app)[0]
    assert len({other.glyph for other in FeedMode}) == len(FeedMode)


async def test_a_click_on_a_hint_or_a_chip_says_which() -> None:
    """The mouse works where a key is shown, and a filter can be dropped."""
    app = LinesApp(status=StatusState(chips=(Chip("ops", "deleted"), Chip("text", "IMG")), hints=STATUS.hints))
    async with app.run_test(size=(120, 4)) as pilot:
        await settle(pilot)
        line = screen_lines(app)[1]
        for text in ("deletions", "IMG", "shown"):
            await pilot.click(StatusLine, offset=(line.index(text), 0))
        await settle(pilot)
        assert app.said == [StatusLine.HintChosen("deletions"), StatusLine.ChipDropped("text")]


async def test_a_message_stands_first() -> None:
    """What just happened is read before the counts."""
    app = LinesApp(status=StatusState(message="id copied"))
    async with app.run_test(size=(80, 4)) as pilot:
        await settle(pilot)
        assert screen_lines(app)[1].startswith(" id copied · 0 shown of 0 loaded")
