"""Flat shapes in continuous coordinates, and a painter that draws them at any size.

A picture is one unit high; x runs from 0 to its aspect (width over height). For a height ``y`` a shape gives the
stretches of x it covers, so large and small pictures of one scene agree. Below are the parts that several scenes share:
skies, hills, trees and colours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import pi, sin, sqrt
from random import Random
from typing import Protocol

Colour = tuple[int, int, int]
Paint = Callable[[float], Colour]
"""A colour for each height."""
Span = tuple[float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    return (
        int(one[0] + (other[0] - one[0]) * share),
        int(one[1] + (other[1] - one[1]) * share),
        int(one[2] + (other[2] - one[2]) * share),
    )


def plain(colour: Colour) -> Paint:
    """The same colour everywhere."""
    return lambda y: colour


def gradient(top: Colour, bottom: Colour, y0: float = 0.0, y1: float = 1.0) -> Paint:
    """From ``top`` at height ``y0`` to ``bottom`` at ``y1``."""
    height = max(y1 - y0, 1e-6)
    return lambda y: mix(top, bottom, min(1.0, max(0.0, (y - y0) / height)))


def tinted(paint: Paint, colour: Colour, share: float) -> Paint:
    """``paint`` seen through a veil of ``colour``."""
    return lambda y: mix(paint(y), colour, share)


class Shape(Protocol):
    """Something that covers stretches of x between two heights."""

    @property
    def top(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def paint(self) -> Paint: ...
    def spans(self, y: float) -> Sequence[Span]: ...


class Disc:
    """An ellipse, or the part of it above ``floor``."""

    def __init__(self, x: float, y: float, rx: float, ry: float, paint: Paint, *, floor: float | None = None) -> None:
        self.x, self.y, self.rx, self.ry = x, y, rx, ry
        self.paint = paint
        self.top = y - ry
        self.bottom = y + ry if floor is None else min(y + ry, floor)

    def spans(self, y: float) -> Sequence[Span]:
        part = (y - self.y) / self.ry
        half = self.rx * sqrt(max(0.0, 1 - part * part))
        return ((self.x - half, self.x + half),)


class Taper:
    """A shape with level top and bottom edges and straight sides: boxes, triangles, roofs, sails."""

    def __init__(self, top: float, upper: Span, bottom: float, lower: Span, paint: Paint) -> None:
        self.top, self.bottom = top, bottom
        self.upper, self.lower = upper, lower
        self.paint = paint

    def spans(self, y: float) -> Sequence[Span]:
        part = (y - self.top) / (self.bottom - self.top)
        left = self.upper[0] + (self.lower[0] - self.upper[0]) * part
        right = self.upper[1] + (self.lower[1] - self.upper[1]) * part
        return ((left, right),)


def box(x0: float, y0: float, x1: float, y1: float, paint: Paint) -> Taper:
    """A rectangle."""
    return Taper(y0, (x0, x1), y1, (x0, x1), paint)


class Ridge:
    """Everything below a line of points that run from left to right."""

    bottom = 1.0

    def __init__(self, points: Sequence[tuple[float, float]], paint: Paint) -> None:
        self._points = points
        self.paint = paint
        self.top = min(y for _, y in points)

    def spans(self, y: float) -> Sequence[Span]:
        found: list[Span] = []
        start: float | None = None
        before_x, before_y = self._points[0]
        if before_y <= y:
            start = before_x
        for x, height in self._points:
            if (height <= y) != (start is not None):
                cross = before_x + (x - before_x) * (y - before_y) / (height - before_y)
                if start is None:
                    start = cross
                else:
                    found.append((start, cross))
                    start = None
            before_x, before_y = x, height
        if start is not None:
            found.append((start, before_x))
        return found


@dataclass(frozen=True, slots=True)
class Scene:
    """A backdrop and the shapes in front of it, nearest last."""

    aspect: float
    backdrop: Paint
    shapes: Sequence[Shape]

    def rows(self, width: int, height: int) -> list[bytearray]:
        """The picture in ``width`` by ``height`` cells, as rows of red, green and blue bytes."""
        scale = width / self.aspect
        rows: list[bytearray] = []
        for at in range(height):
            y = (at + 0.5) / height
            row = bytearray(bytes(self.backdrop(y)) * width)
            for shape in self.shapes:
                if shape.top <= y <= shape.bottom:
                    colour = shape.paint(y)
                    for left, right in shape.spans(y):
                        _fill(row, left * scale, right * scale, width, colour)
            rows.append(row)
        return rows


def _fill(row: bytearray, left: float, right: float, width: int, colour: Colour) -> None:
    """Cover ``left`` to ``right`` (in cells) of ``row``, the cells at the ends in part."""
    left, right = max(left, 0.0), min(right, float(width))
    if right <= left:
        return
    first, last = int(left), int(right)
    if first == last:
        _blend(row, first, colour, right - left)
        return
    whole = first
    if left > first:
        _blend(row, first, colour, first + 1 - left)
        whole = first + 1
    row[whole * 3 : last * 3] = bytes(colour) * (last - whole)
    if right > last:
        _blend(row, last, colour, right - last)


def _blend(row: bytearray, at: int, colour: Colour, share: float) -> None:
    at *= 3
    row[at] += int((colour[0] - row[at]) * share)
    row[at + 1] += int((colour[1] - row[at + 1]) * share)
    row[at + 2] += int((colour[2] - row[at + 2]) * share)


# Top and bottom of the sky, the sun or moon, and the light that lies on the land.
_LIGHTS: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((70, 130, 205), (190, 222, 240), (255, 250, 225), (255, 255, 255)),
    ((42, 96, 178), (150, 200, 238), (255, 252, 235), (250, 252, 255)),
    ((96, 84, 150), (250, 172, 120), (255, 226, 160), (240, 160, 120)),
    ((54, 48, 110), (240, 120, 96), (255, 190, 120), (210, 110, 110)),
    ((140, 176, 214), (250, 214, 190), (255, 244, 214), (255, 224, 196)),
    ((12, 18, 48), (44, 60, 108), (236, 238, 224), (40, 56, 110)),
    ((150, 164, 178), (214, 218, 220), (238, 238, 236), (190, 200, 210)),
)
_NIGHT = 5

GREENS: tuple[Colour, ...] = ((74, 120, 62), (96, 134, 70), (58, 104, 72), (120, 138, 66), (88, 110, 84))
BRIGHTS: tuple[Colour, ...] = (
    (206, 62, 56),
    (236, 150, 46),
    (242, 204, 76),
    (86, 158, 92),
    (62, 124, 186),
    (150, 88, 166),
    (232, 120, 140),
)
WHITE: Colour = (250, 250, 248)


def open_sky(random: Random, aspect: float, horizon: float) -> tuple[Paint, list[Shape], Colour]:
    """A sky with a sun or moon, and the light below it."""
    light = random.choices(range(len(_LIGHTS)), weights=(6, 5, 3, 3, 3, 2, 3))[0]
    top, bottom, body, land = _LIGHTS[light]
    sky = gradient(top, bottom, 0.0, horizon)
    x, y = aspect * random.uniform(0.15, 0.85), horizon * random.uniform(0.2, 0.85)
    radius = random.uniform(0.035, 0.075)
    shapes: list[Shape] = []
    if light == _NIGHT:
        for _ in range(random.randint(8, 16)):
            star = random.uniform(0.002, 0.005)
            shapes.append(Disc(random.uniform(0, aspect), random.uniform(0, horizon), star, star, plain(WHITE)))
    for size, share in ((3.4, 0.12), (2.2, 0.25), (1.5, 0.45)):
        shapes.append(Disc(x, y, radius * size, radius * size, tinted(sky, body, share)))
    shapes.append(Disc(x, y, radius, radius, plain(body)))
    if light != _NIGHT:
        shapes.extend(_clouds(random, aspect, horizon, tinted(sky, WHITE, 0.6)))
    return sky, shapes, land


def _clouds(random: Random, aspect: float, horizon: float, paint: Paint) -> list[Shape]:
    shapes: list[Shape] = []
    for _ in range(random.randint(0, 3)):
        x, y, size = random.uniform(0, aspect), horizon * random.uniform(0.1, 0.6), random.uniform(0.04, 0.09)
        shapes.append(Disc(x, y, size * 2.6, size * 0.5, paint))
        shapes.append(Disc(x + size * 0.5, y - size * 0.4, size * 1.3, size * 0.6, paint))
    return shapes


def rolling(random: Random, aspect: float, level: float, swing: float) -> list[tuple[float, float]]:
    """A soft line of hills around ``level``."""
    waves = [(random.uniform(0.6, 1.6) * 2 * pi / aspect, random.uniform(0, 2 * pi)) for _ in range(2)]
    steps = 24
    return [
        (
            aspect * at / steps,
            level + swing * sum(sin(wave * aspect * at / steps + phase) for wave, phase in waves) / 2,
        )
        for at in range(steps + 1)
    ]


def height_at(points: list[tuple[float, float]], x: float, aspect: float) -> float:
    """How high a line of hills stands at ``x``."""
    return points[min(len(points) - 1, max(0, round(x / aspect * (len(points) - 1))))][1]


def fir(x: float, foot: float, height: float, colour: Colour) -> list[Shape]:
    """A fir standing on ``foot``."""
    half = height * 0.26
    return [
        box(x - height * 0.03, foot - height * 0.15, x + height * 0.03, foot, plain((70, 52, 40))),
        Taper(foot - height, (x, x), foot - height * 0.1, (x - half, x + half), plain(colour)),
    ]
