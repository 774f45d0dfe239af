"""Words contrast with their background, in every theme and on terminals of few colours.

The measure is WCAG's contrast ratio, and its 4.5 for text. What contrasts too little is drawn lighter or darker, in
the same hue as far as that goes. Pictures, bars and borders are no words and stay as they are.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

LEAST = 4.5
"""The ratio from which text is read with ease."""
STEPS = 20
"""Steps from a colour to black or white."""
BLACK, WHITE = 0, 15
"""Numbers of these among the sixteen colours."""
_BLACK, _WHITE = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)
_WORDS = re.compile(r"[^\s\u2500-\u259f]")
_VGA = (
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
)  # fmt: skip
_XTERM = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
)  # fmt: skip
SIXTEEN = tuple(tuple(ColorTriplet(*colour) for colour in palette) for palette in (_VGA, _XTERM))
"""How terminals show the sixteen colours; words must have contrast in each of these palettes."""


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(4096)
def _luminance(colour: ColorTriplet) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Contrast(LineFilter):
    """Gives words a colour with contrast. On a terminal of few colours it is one of those the terminal has."""

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._styled = lru_cache(4096)(_SixteenColours() if system in _SIXTEEN_SYSTEMS else _ManyColours(system))

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, those of words with contrasting colours; `background` is behind those without one."""
        behind = background.rich_color
        drawn = []
        for segment in segments:
            style = segment.style
            if style is not None and style.color is not None:
                words, blank = self._styled(style, behind)
                wanted = words if _WORDS.search(segment.text) else style if segment.text.strip() else blank
                if wanted is not style:
                    segment = Segment(segment.text, wanted)
            drawn.append(segment)
        return drawn


_SIXTEEN_SYSTEMS = (ColorSystem.STANDARD, ColorSystem.WINDOWS)


@cache
def contrast_for(system: str | None) -> Contrast:
    """The filter for a terminal's colours, by rich's name for them."""
    return Contrast(
        {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}.get(system or "", ColorSystem.TRUECOLOR)
    )


class _ManyColours:
    """Styles of words on terminals that have, nearly, all colours."""

    def __init__(self, system: ColorSystem) -> None:
        self._system = system

    def __call__(self, style: Style, behind: RichColor) -> tuple[Style, Style]:
        """The style for words, and the one for blanks beside them."""
        front, back = _sides(style, behind)
        if front is None or back is None or front.triplet is None or back.triplet is None:
            return style, style
        ground = self._shown(back.triplet)
        if contrast(self._shown(front.triplet), ground) >= LEAST:
            return style, style
        far = max(_BLACK, _WHITE, key=lambda colour: contrast(colour, ground))
        for step in range(1, STEPS + 1):
            colour = _between(front.triplet, far, step / STEPS)
            if contrast(self._shown(colour), ground) >= LEAST:
                return _with(style, RichColor.from_triplet(colour)), style
        return style, style

    def _shown(self, colour: ColorTriplet) -> ColorTriplet:
        """The colour the terminal makes of it."""
        if self._system is ColorSystem.TRUECOLOR:
            return colour
        return RichColor.from_triplet(colour).downgrade(self._system).get_truecolor()


class _SixteenColours:
    """Styles of words on terminals that have sixteen colours, each in its own way."""

    def __call__(self, style: Style, behind: RichColor) -> tuple[Style, Style]:
        """The style for words, and the one for blanks beside them; both on a colour on which words can be read."""
        front, back = _sides(style, behind)
        if front is None or back is None or front.is_default or back.is_default:
            return style, style
        ground, ink = _readable_ground(_number(back)), _number(front)
        inks = (ink, ink ^ 8, WHITE, BLACK)
        chosen = next((number for number in inks if _least_contrast(number, ground) >= LEAST), ink)
        words, blank = (RichColor(f"color({number})", ColorType.STANDARD, number) for number in (chosen, ground))
        made = style + (Style(color=blank, bgcolor=words) if style.reverse else Style(color=words, bgcolor=blank))
        return made, made


def _sides(style: Style, behind: RichColor) -> tuple[RichColor | None, RichColor | None]:
    """The colours of the words and of what is behind them."""
    back = style.bgcolor or behind
    return (back, style.color) if style.reverse else (style.color, back)


def _with(style: Style, colour: RichColor) -> Style:
    """The style with another colour for its words."""
    return style + (Style(bgcolor=colour) if style.reverse else Style(color=colour))


def _between(one: ColorTriplet, other: ColorTriplet, share: float) -> ColorTriplet:
    return ColorTriplet(*(round(a + (b - a) * share) for a, b in zip(one, other, strict=True)))


def _number(colour: RichColor) -> int:
    number = colour.downgrade(ColorSystem.STANDARD).number
    return BLACK if number is None else number


@cache
def _readable_ground(number: int) -> int:
    """The colour itself, unless words in black and in white are both hard to read upon it; then one of these."""
    if max(_least_contrast(BLACK, number), _least_contrast(WHITE, number)) >= LEAST:
        return number
    return min(BLACK, WHITE, key=lambda ground: _least_contrast(ground, number))


@cache
def _least_contrast(one: int, other: int) -> float:
    """The contrast of two of the sixteen colours where it is least."""
    return min(contrast(palette[one], palette[other]) for palette in SIXTEEN)
