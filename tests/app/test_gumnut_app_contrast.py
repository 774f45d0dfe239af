"""Every word on the screen can be read, in each theme, in sixteen colours and without colour."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
from rich.color import Color, ColorSystem, ColorType
from rich.color_triplet import ColorTriplet
from rich.console import Console
from textual.app import App
from textual.color import Color as TextualColor
from textual.filter import LineFilter, Monochrome
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES

from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.ui.contrast import SIXTEEN, contrast_for
from tests.app.stage import make_app
from tests.app.waiting import is_read, main_screen, press, running, screen_text, wait_for_text, wait_until

MOST_USED = ("textual-dark", "textual-light", "nord", "gruvbox")
BLACK = TextualColor(0, 0, 0)
NOT_A_WORD = re.compile(r"[\s\u2500-\u259f]*")


def ratio(one: ColorTriplet, other: ColorTriplet) -> float:
    """The contrast ratio as WCAG 2 defines it."""
    lights = []
    for colour in (one, other):
        parts = [part / 255 for part in colour]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return max(lights) / min(lights)


def least_ratio(one: Color, other: Color) -> float:
    """The ratio of two colours; of two of the sixteen the least there is on any terminal."""
    if one.type is other.type is ColorType.STANDARD:
        assert one.number is not None
        assert other.number is not None
        return min(ratio(palette[one.number], palette[other.number]) for palette in SIXTEEN)
    return ratio(one.get_truecolor(), other.get_truecolor())


def faint_words(
    app: App[Any], through: Sequence[LineFilter] = (), system: ColorSystem = ColorSystem.TRUECOLOR
) -> Iterator[str]:
    """Words on the screen that stand out too little, with their colours; as drawn, or `through` more filters."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        segments = list(strip)
        for each in through:
            segments = each.apply(segments, BLACK)
        for segment in segments:
            style = segment.style
            if NOT_A_WORD.fullmatch(segment.text):
                continue
            assert style is not None
            assert style.color is not None
            assert style.bgcolor is not None
            found = least_ratio(style.color.downgrade(system), style.bgcolor.downgrade(system))
            if found < 4.5:
                yield f"line {y}: {segment.text!r} {found:.2f} ({style})"


async def places(app: GumnutApp, pilot: Pilot[Any]) -> AsyncIterator[str]:
    """Goes through all that can be seen, a place after the other."""
    screen = main_screen(app)
    yield "rows"
    for _ in range(4):
        await press(pilot, "right_square_bracket")
        await wait_until(pilot, lambda: is_read(app))
        yield f"tab {screen.panes.detail.tab.value}"
    await press(pilot, "m", "j", "m", "d", "T", "backslash")
    yield "marks, and filters that are suspended"
    await press(pilot, "backslash", "escape", "slash", *"photo", "enter")
    await wait_until(pilot, lambda: is_read(app))
    yield "hits"
    await press(pilot, "escape", "f")
    yield "sidebar"
    await press(pilot, "tab", "h", "H", "H")
    yield "histogram with a selection"
    await press(pilot, "escape", "tab", "tab")
    yield "detail"
    await press(pilot, "escape", "t", *"nonsense", "enter")
    await wait_for_text(pilot, "nonsense")
    yield "question that was not answered well"
    await press(pilot, "escape", "y")
    yield "notice"
    app.screen.notify("a warning", severity="warning")
    app.screen.notify("an error", severity="error")
    await wait_for_text(pilot, "an error")
    yield "notices of all kinds"
    app.clear_notifications()
    for key, words in (("question_mark", "next row"), ("plus", "enter choose"), ("i", "· esc")):
        await press(pilot, key)
        await wait_for_text(pilot, words)
        yield f"what {key} shows"
        await press(pilot, "escape")
    await press(pilot, "ctrl+p", *"order")
    await wait_for_text(pilot, "Reverse the order")
    yield "palette"
    await press(pilot, "escape", "escape")
    await wait_until(pilot, lambda: len(app.screen_stack) == 1)


Way = tuple[Sequence[LineFilter], ColorSystem]
AS_DRAWN: Way = ((), ColorSystem.TRUECOLOR)
TERMINALS: tuple[Way, ...] = (
    ([contrast_for("256")], ColorSystem.EIGHT_BIT),
    ([contrast_for("standard")], ColorSystem.STANDARD),
    ([Monochrome(), contrast_for("truecolor")], ColorSystem.TRUECOLOR),
    ([Monochrome(), contrast_for("standard")], ColorSystem.STANDARD),
)
"""What becomes of what is drawn where there are fewer colours, and with NO_COLOR."""


async def seen_faintly(app: GumnutApp, size: tuple[int, int], *ways: Way) -> list[str]:
    """Words that stand out too little anywhere."""
    async with running(app, size) as pilot:
        return [
            f"{place}, {words}"
            async for place in places(app, pilot)
            for way in (AS_DRAWN, *ways)
            for words in faint_words(app, *way)
        ]


@pytest.mark.parametrize("theme", MOST_USED)
async def test_words_stand_out(theme: str) -> None:
    """In all panes and all that lies over them, at least 4.5 to 1; in 256 and 16 colours, and without colour."""
    assert await seen_faintly(make_app(settings={"theme": theme}), (140, 45), *TERMINALS) == []


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_words_stand_out_on_small_screens(theme: str) -> None:
    """Where panes lie over others."""
    assert await seen_faintly(make_app(settings={"theme": theme}), (80, 24)) == []


async def test_sixteen_colours_are_drawn_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program asks the terminal which colours it has; with NO_COLOR it has grey ones."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(services={"colours": None})
    app.console = Console(color_system="standard", force_terminal=True)
    async with running(app):
        assert list(faint_words(app)) == []
        strips = app.screen._compositor.render_strips()
        words = [one for strip in strips for one in strip if one.style and not NOT_A_WORD.fullmatch(one.text)]
        assert {one.style.color.number for one in words if one.style and one.style.color} <= {0, 7, 8, 15}


@pytest.mark.parametrize("theme", BUILTIN_THEMES)
async def test_each_theme_can_be_chosen(theme: str) -> None:
    """The program starts in it, and what lies over the rows opens."""
    app = make_app(settings={"theme": theme})
    async with running(app) as pilot:
        assert app.theme == theme
        await press(pilot, "question_mark", "escape", "plus")
        await wait_until(pilot, lambda: "enter choose" in screen_text(app))


async def test_a_theme_can_be_turned_to() -> None:
    """As the palette does it, from the colours of the terminal to others and back."""
    app = make_app()
    async with running(app) as pilot:
        for theme in ("ansi-dark", "textual-light", "ansi-light", "nord"):
            app.theme = theme
            await pilot.pause()
            assert "shown of" in screen_text(app)
