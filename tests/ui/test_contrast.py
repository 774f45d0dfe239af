"""Words stand out from what is behind them, whatever colours they were given."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from gumnut_tui.ui.contrast import SIXTEEN, Contrast, contrast, contrast_for

BACKGROUND = Color.parse("#1e1e1e")
parts = st.integers(0, 255)
colours = st.builds(ColorTriplet, parts, parts, parts)


def drawn(text: str, style: Style, system: ColorSystem = ColorSystem.TRUECOLOR) -> Style:
    """The style that a segment is drawn in."""
    (segment,) = Contrast(system).apply([Segment(text, style)], BACKGROUND)
    assert segment.text == text
    assert segment.style is not None
    return segment.style


def style_of(front: ColorTriplet, back: ColorTriplet, *, reverse: bool = False) -> Style:
    """A style of these colours, as one sees them."""
    ink, ground = (RichColor.from_triplet(colour) for colour in ((back, front) if reverse else (front, back)))
    return Style(color=ink, bgcolor=ground, reverse=reverse)


def seen(style: Style) -> tuple[RichColor, RichColor]:
    """The colours of the words and of the ground behind them."""
    assert style.color is not None
    assert style.bgcolor is not None
    return (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [((0, 0, 0), (255, 255, 255), 21.0), ((119, 119, 119), (255, 255, 255), 4.48), ((0, 0, 255), (0, 0, 255), 1.0)],
)
def test_the_ratio_is_that_of_wcag(one: tuple[int, int, int], other: tuple[int, int, int], ratio: float) -> None:
    """As others compute it, whichever colour is in front."""
    assert contrast(ColorTriplet(*one), ColorTriplet(*other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(ColorTriplet(*other), ColorTriplet(*one)) == pytest.approx(ratio, abs=0.005)


@given(colours, colours, st.booleans())
def test_words_stand_out_in_any_colours(front: ColorTriplet, back: ColorTriplet, reverse: bool) -> None:
    """On a ground that stays as it was."""
    before = style_of(front, back, reverse=reverse)
    ink, ground = seen(drawn("word", before))
    assert ground == seen(before)[1]
    assert contrast(ink.get_truecolor(), ground.get_truecolor()) >= 4.5


@given(colours, colours)
def test_words_stand_out_in_256_colours(front: ColorTriplet, back: ColorTriplet) -> None:
    """In those the terminal makes of what it is given."""
    ink, ground = (
        each.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        for each in seen(drawn("word", style_of(front, back), ColorSystem.EIGHT_BIT))
    )
    assert contrast(ink, ground) >= 4.5


@given(colours, colours, st.booleans())
def test_words_stand_out_in_16_colours(front: ColorTriplet, back: ColorTriplet, reverse: bool) -> None:
    """In the palette of each terminal; blanks beside words have the same ground."""
    before = style_of(front, back, reverse=reverse)
    ink, ground = seen(drawn("word", before, ColorSystem.STANDARD))
    assert ink.number is not None
    assert ground.number is not None
    assert min(contrast(palette[ink.number], palette[ground.number]) for palette in SIXTEEN) >= 4.5
    assert seen(drawn("  ", before, ColorSystem.STANDARD))[1] == ground


def test_what_stands_out_stays() -> None:
    """A theme's own colours are not touched where there is no need."""
    style = style_of(ColorTriplet(255, 255, 255), ColorTriplet(0, 0, 0)) + Style(bold=True)
    assert drawn("word", style) is style


def test_a_hue_is_kept() -> None:
    """A red that is too dark becomes a lighter red, not white."""
    ink = drawn("✗", style_of(ColorTriplet(120, 0, 0), ColorTriplet(30, 30, 30))).color
    assert ink is not None
    red, green, blue = ink.get_truecolor()
    assert red > green + 40
    assert green == blue


@pytest.mark.parametrize(("text", "system"), [*product(["▀▀", "╭──╮", "▁▂█", "│", "  "], ColorSystem)])
def test_pictures_bars_and_borders_stay(text: str, system: ColorSystem) -> None:
    """They are no words; of a blank only the ground is seen, which words beside it may need to be another."""
    style = style_of(ColorTriplet(40, 40, 40), ColorTriplet(41, 41, 41))
    if text.strip() or system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
        assert drawn(text, style, system) is style


def test_what_has_no_ground_of_its_own_is_upon_the_widgets() -> None:
    """As a segment without a background is drawn."""
    style = drawn("word", Style(color=RichColor.from_rgb(40, 40, 40)))
    assert style.color is not None
    assert style.bgcolor is None
    assert contrast(style.color.get_truecolor(), ColorTriplet(30, 30, 30)) >= 4.5


def test_a_terminals_own_colours_stay() -> None:
    """Nobody but the terminal knows what its default colours are."""
    style = Style(color="default", bgcolor="blue")
    assert drawn("word", style) is style
    assert drawn("word", style, ColorSystem.STANDARD) is style


@pytest.mark.parametrize("name", ["standard", "256", "truecolor", "windows", None])
def test_each_terminal_has_one_filter(name: str | None) -> None:
    """So that lines drawn through it can be kept."""
    assert contrast_for(name) is contrast_for(name)
