"""What several scenes share: skies, hills, trees and colours."""

from __future__ import annotations

from math import pi, sin
from random import Random

from gumnut_tui.demo.pictures.shapes import Colour, Disc, Paint, Shape, Taper, box, gradient, plain, tinted

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
