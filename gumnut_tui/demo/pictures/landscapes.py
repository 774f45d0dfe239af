"""Scenes out of doors: land, water and towns under a sky."""

from __future__ import annotations

from random import Random

from gumnut_tui.demo.pictures.shapes import (
    BRIGHTS,
    GREENS,
    WHITE,
    Colour,
    Disc,
    Ridge,
    Scene,
    Shape,
    Taper,
    box,
    fir,
    gradient,
    height_at,
    mix,
    open_sky,
    plain,
    rolling,
)

_ROCKS: tuple[Colour, ...] = ((92, 100, 118), (108, 98, 96), (84, 92, 104), (120, 112, 116))


def hills(random: Random, aspect: float) -> Scene:
    """Three lines of hills with a few firs."""
    horizon = random.uniform(0.45, 0.6)
    sky, shapes, land = open_sky(random, aspect, horizon)
    green = random.choice(GREENS)
    for depth in range(3):
        level = horizon + depth * (1 - horizon) * 0.32
        points = rolling(random, aspect, level, 0.07)
        colour = mix(mix(green, (20, 30, 20), depth * 0.16), land, 0.42 - depth * 0.18)
        shapes.append(Ridge(points, gradient(mix(colour, land, 0.12), mix(colour, (0, 0, 0), 0.22), level - 0.07)))
    for _ in range(random.randint(2, 6)):
        x = random.uniform(0, aspect)
        shapes.extend(
            fir(x, height_at(points, x, aspect) + 0.03, random.uniform(0.07, 0.16), mix(green, (8, 24, 16), 0.6))
        )
    return Scene(aspect, sky, shapes)


def sea(random: Random, aspect: float) -> Scene:
    """Open water, at times with a sailing boat and a beach."""
    horizon = random.uniform(0.42, 0.58)
    sky, shapes, land = open_sky(random, aspect, horizon)
    deep = mix(random.choice(((26, 84, 128), (34, 110, 130), (40, 76, 110))), land, 0.18)
    shapes.append(box(0, horizon, aspect, 1, gradient(mix(deep, land, 0.45), deep, horizon, 0.95)))
    for _ in range(random.randint(8, 14)):
        y = random.uniform(horizon + 0.02, 0.95)
        x, half = random.uniform(0, aspect), random.uniform(0.02, 0.12) * (0.4 + y)
        shapes.append(box(x - half, y, x + half, y + 0.004 + 0.008 * (y - horizon), plain(mix(deep, land, 0.55))))
    if random.random() < 0.6:
        shapes.extend(_boat(random, aspect * random.uniform(0.2, 0.8), horizon + random.uniform(0.03, 0.15)))
    if random.random() < 0.5:
        sand = mix((226, 200, 156), land, 0.2)
        shapes.append(Ridge(rolling(random, aspect, 0.88, 0.04), gradient(mix(sand, WHITE, 0.3), sand, 0.85, 1)))
    return Scene(aspect, sky, shapes)


def _boat(random: Random, x: float, y: float) -> list[Shape]:
    size = random.uniform(0.07, 0.14)
    sail = plain(mix(random.choice(BRIGHTS), WHITE, random.choice((0.0, 0.8))))
    return [
        Taper(y - size * 1.3, (x, x), y - size * 0.15, (x, x + size * 0.6), sail),
        Taper(
            y - size * 1.1,
            (x - size * 0.05, x - size * 0.05),
            y - size * 0.15,
            (x - size * 0.45, x - size * 0.05),
            plain(WHITE),
        ),
        Taper(
            y - size * 0.1,
            (x - size * 0.6, x + size * 0.7),
            y + size * 0.12,
            (x - size * 0.4, x + size * 0.5),
            plain((74, 50, 44)),
        ),
    ]


def mountains(random: Random, aspect: float) -> Scene:
    """Snowy peaks above a lake or a meadow."""
    horizon = random.uniform(0.62, 0.74)
    sky, shapes, land = open_sky(random, aspect, horizon * 0.7)
    rock = mix(random.choice(_ROCKS), land, 0.25)
    for _ in range(random.randint(3, 5)):
        x, peak = random.uniform(0, aspect), random.uniform(0.16, 0.42)
        slope = random.uniform(0.75, 1.15)
        half = (horizon - peak) * slope
        shapes.append(
            Taper(peak, (x, x), horizon, (x - half, x + half), gradient(rock, mix(rock, land, 0.3), peak, horizon))
        )
        shapes.append(
            Taper(peak, (x, x), horizon, (x, x + half), gradient(mix(rock, (20, 24, 40), 0.28), rock, peak, horizon))
        )
        snow = peak + (horizon - peak) * random.uniform(0.2, 0.36)
        half = (snow - peak) * slope
        shapes.append(Taper(peak, (x, x), snow, (x - half, x + half * 0.7), plain(mix(WHITE, land, 0.2))))
    lake = mix((60, 108, 130), land, 0.3)
    if random.random() < 0.55:
        shapes.append(box(0, horizon, aspect, 1, gradient(mix(lake, land, 0.4), lake, horizon, 1)))
    else:
        green = mix(random.choice(GREENS), land, 0.12)
        points = rolling(random, aspect, horizon, 0.03)
        shapes.append(Ridge(points, gradient(green, mix(green, (10, 20, 10), 0.4), horizon, 1)))
        for _ in range(random.randint(4, 9)):
            x = random.uniform(0, aspect)
            shapes.extend(
                fir(x, random.uniform(horizon + 0.05, 0.98), random.uniform(0.08, 0.2), mix(green, (8, 24, 16), 0.55))
            )
    return Scene(aspect, sky, shapes)


def city(random: Random, aspect: float) -> Scene:
    """Two rows of houses, lit at night."""
    ground = random.uniform(0.82, 0.92)
    sky, shapes, land = open_sky(random, aspect, ground * 0.8)
    dark = random.choice(((52, 58, 78), (70, 62, 74), (44, 54, 66)))
    lit = sum(land) < 330
    for depth in range(2):
        x = -random.uniform(0, 0.1)
        while x < aspect:
            wide, top = random.uniform(0.08, 0.17), random.uniform(0.24, 0.55) + depth * 0.18
            colour = mix(dark, land, random.uniform(0.3, 0.42) - depth * 0.26)
            shapes.append(box(x, top, x + wide, ground, gradient(colour, mix(colour, (0, 0, 0), 0.2), top, ground)))
            if depth:
                glass: Colour = (255, 216, 130) if lit else mix(colour, WHITE, 0.35)
                shapes.extend(_windows(random, x, top, wide, ground, glass))
            x += wide + random.uniform(0.0, 0.04)
    shapes.append(box(0, ground, aspect, 1, gradient(mix(dark, (30, 30, 34), 0.5), (28, 28, 34), ground, 1)))
    return Scene(aspect, sky, shapes)


def _windows(random: Random, x: float, top: float, wide: float, ground: float, glass: Colour) -> list[Shape]:
    shapes: list[Shape] = []
    y = top + 0.03
    while y < ground - 0.05:
        for part in (0.18, 0.56):
            if random.random() < 0.7:
                shapes.append(box(x + wide * part, y, x + wide * (part + 0.24), y + 0.028, plain(glass)))
        y += 0.065
    return shapes


def forest(random: Random, aspect: float) -> Scene:
    """Firs in the mist."""
    mist = random.choice(((206, 218, 214), (226, 214, 186), (176, 196, 206)))
    green = random.choice(GREENS)
    shapes: list[Shape] = []
    for depth in range(4):
        colour = mix(mist, mix(green, (10, 24, 18), 0.5), 0.25 + depth * 0.25)
        for _ in range(5 + depth):
            height = random.uniform(0.4, 0.65) + depth * 0.08
            shapes.extend(fir(random.uniform(0, aspect), 0.72 + depth * 0.09, height, colour))
    floor = mix(green, (24, 24, 12), 0.55)
    shapes.append(Ridge(rolling(random, aspect, 0.9, 0.02), plain(floor)))
    return Scene(aspect, gradient(mix(mist, WHITE, 0.5), mist), shapes)


def balloons(random: Random, aspect: float) -> Scene:
    """Hot-air balloons over a hill."""
    horizon = random.uniform(0.74, 0.84)
    sky, shapes, land = open_sky(random, aspect, horizon)
    green = mix(random.choice(GREENS), land, 0.2)
    shapes.append(
        Ridge(rolling(random, aspect, horizon, 0.05), gradient(green, mix(green, (0, 0, 0), 0.3), horizon, 1))
    )
    for _ in range(random.randint(2, 5)):
        x, y, size = aspect * random.uniform(0.1, 0.9), random.uniform(0.15, 0.55), random.uniform(0.06, 0.15)
        one, other = random.sample(BRIGHTS, 2)
        shapes += [
            Taper(
                y + size * 0.6,
                (x - size * 0.76, x + size * 0.76),
                y + size * 1.5,
                (x - size * 0.2, x + size * 0.2),
                plain(mix(one, (0, 0, 0), 0.15)),
            ),
            Disc(x, y, size, size, gradient(mix(one, WHITE, 0.25), one, y - size, y + size)),
            Disc(x, y, size * 0.5, size, gradient(mix(other, WHITE, 0.25), other, y - size, y + size)),
            Disc(x, y, size * 0.16, size, plain(one)),
            box(x - size * 0.18, y + size * 1.62, x + size * 0.18, y + size * 1.9, plain((112, 76, 48))),
        ]
    return Scene(aspect, sky, shapes)


def cabin(random: Random, aspect: float) -> Scene:
    """A small house among firs."""
    horizon = random.uniform(0.55, 0.65)
    sky, shapes, land = open_sky(random, aspect, horizon)
    ground = mix(random.choice((*GREENS, (236, 240, 246), (214, 186, 120))), land, 0.15)
    shapes.append(Ridge(rolling(random, aspect, horizon - 0.06, 0.05), plain(mix(ground, land, 0.45))))
    shapes.append(
        Ridge(
            rolling(random, aspect, horizon + 0.06, 0.03),
            gradient(ground, mix(ground, (20, 20, 30), 0.25), horizon, 1),
        )
    )
    x, foot, size = aspect * random.uniform(0.35, 0.65), horizon + 0.22, random.uniform(0.13, 0.19)
    wall, roof = random.choice(((150, 92, 60), (196, 60, 52), (238, 230, 214), (92, 110, 130))), (70, 58, 62)
    for _ in range(random.randint(1, 3)):
        shapes.extend(
            fir(
                aspect * random.uniform(0.03, 0.97),
                foot - 0.04,
                random.uniform(0.25, 0.42),
                mix((40, 84, 60), land, 0.15),
            )
        )
    shapes += [
        box(x + size * 0.5, foot - size * 1.9, x + size * 0.75, foot - size, plain((96, 70, 64))),
        box(
            x - size,
            foot - size,
            x + size,
            foot,
            gradient(mix(wall, WHITE, 0.1), mix(wall, (0, 0, 0), 0.2), foot - size, foot),
        ),
        Taper(
            foot - size * 1.75,
            (x - size * 0.15, x + size * 0.15),
            foot - size * 0.95,
            (x - size * 1.2, x + size * 1.2),
            plain(roof),
        ),
        box(x - size * 0.2, foot - size * 0.62, x + size * 0.2, foot, plain(mix(wall, (30, 20, 16), 0.6))),
    ]
    for side in (-1, 1):
        wx = x + side * size * 0.6
        shapes.append(
            box(wx - size * 0.18, foot - size * 0.68, wx + size * 0.18, foot - size * 0.36, plain((255, 226, 150)))
        )
    return Scene(aspect, sky, shapes)
