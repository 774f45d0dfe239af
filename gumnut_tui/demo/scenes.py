"""What the demo library's photos show: a seed chooses a scene, its light and everything in it."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sin
from random import Random

from gumnut_tui.demo.shapes import (
    Colour,
    Disc,
    Paint,
    Ridge,
    Scene,
    Shape,
    Taper,
    box,
    gradient,
    mix,
    plain,
    tinted,
)

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

_GREENS: tuple[Colour, ...] = ((74, 120, 62), (96, 134, 70), (58, 104, 72), (120, 138, 66), (88, 110, 84))
_ROCKS: tuple[Colour, ...] = ((92, 100, 118), (108, 98, 96), (84, 92, 104), (120, 112, 116))
_BRIGHTS: tuple[Colour, ...] = (
    (206, 62, 56),
    (236, 150, 46),
    (242, 204, 76),
    (86, 158, 92),
    (62, 124, 186),
    (150, 88, 166),
    (232, 120, 140),
)
_SKINS: tuple[Colour, ...] = ((246, 212, 184), (232, 186, 150), (202, 150, 112), (150, 102, 72), (104, 70, 52))
_HAIRS: tuple[Colour, ...] = (
    (38, 30, 28),
    (84, 56, 38),
    (140, 96, 52),
    (206, 172, 104),
    (160, 70, 40),
    (168, 168, 172),
)
_WHITE: Colour = (250, 250, 248)


def scene(seed: int, aspect: float) -> Scene:
    """The scene of ``seed``, ``aspect`` times as wide as high."""
    random = Random(seed)
    return random.choice(_SCENES)(random, aspect)


def portrait(seed: int, aspect: float) -> Scene:
    """The likeness of ``seed``."""
    return _portrait(Random(seed), aspect)


def _sky(random: Random, aspect: float, horizon: float) -> tuple[Paint, list[Shape], Colour]:
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
            shapes.append(Disc(random.uniform(0, aspect), random.uniform(0, horizon), star, star, plain(_WHITE)))
    for size, share in ((3.4, 0.12), (2.2, 0.25), (1.5, 0.45)):
        shapes.append(Disc(x, y, radius * size, radius * size, tinted(sky, body, share)))
    shapes.append(Disc(x, y, radius, radius, plain(body)))
    if light != _NIGHT:
        shapes.extend(_clouds(random, aspect, horizon, tinted(sky, _WHITE, 0.6)))
    return sky, shapes, land


def _clouds(random: Random, aspect: float, horizon: float, paint: Paint) -> list[Shape]:
    shapes: list[Shape] = []
    for _ in range(random.randint(0, 3)):
        x, y, size = random.uniform(0, aspect), horizon * random.uniform(0.1, 0.6), random.uniform(0.04, 0.09)
        shapes.append(Disc(x, y, size * 2.6, size * 0.5, paint))
        shapes.append(Disc(x + size * 0.5, y - size * 0.4, size * 1.3, size * 0.6, paint))
    return shapes


def _rolling(random: Random, aspect: float, level: float, swing: float) -> list[tuple[float, float]]:
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


def _height_at(points: list[tuple[float, float]], x: float, aspect: float) -> float:
    return points[min(len(points) - 1, max(0, round(x / aspect * (len(points) - 1))))][1]


def _hills(random: Random, aspect: float) -> Scene:
    horizon = random.uniform(0.45, 0.6)
    sky, shapes, land = _sky(random, aspect, horizon)
    green = random.choice(_GREENS)
    for depth in range(3):
        level = horizon + depth * (1 - horizon) * 0.32
        points = _rolling(random, aspect, level, 0.07)
        colour = mix(mix(green, (20, 30, 20), depth * 0.16), land, 0.42 - depth * 0.18)
        shapes.append(Ridge(points, gradient(mix(colour, land, 0.12), mix(colour, (0, 0, 0), 0.22), level - 0.07)))
    for _ in range(random.randint(2, 6)):
        x = random.uniform(0, aspect)
        shapes.extend(
            _fir(x, _height_at(points, x, aspect) + 0.03, random.uniform(0.07, 0.16), mix(green, (8, 24, 16), 0.6))
        )
    return Scene(aspect, sky, shapes)


def _fir(x: float, foot: float, height: float, colour: Colour) -> list[Shape]:
    half = height * 0.26
    return [
        box(x - height * 0.03, foot - height * 0.15, x + height * 0.03, foot, plain((70, 52, 40))),
        Taper(foot - height, (x, x), foot - height * 0.1, (x - half, x + half), plain(colour)),
    ]


def _sea(random: Random, aspect: float) -> Scene:
    horizon = random.uniform(0.42, 0.58)
    sky, shapes, land = _sky(random, aspect, horizon)
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
        shapes.append(Ridge(_rolling(random, aspect, 0.88, 0.04), gradient(mix(sand, _WHITE, 0.3), sand, 0.85, 1)))
    return Scene(aspect, sky, shapes)


def _boat(random: Random, x: float, y: float) -> list[Shape]:
    size = random.uniform(0.07, 0.14)
    sail = plain(mix(random.choice(_BRIGHTS), _WHITE, random.choice((0.0, 0.8))))
    return [
        Taper(y - size * 1.3, (x, x), y - size * 0.15, (x, x + size * 0.6), sail),
        Taper(
            y - size * 1.1,
            (x - size * 0.05, x - size * 0.05),
            y - size * 0.15,
            (x - size * 0.45, x - size * 0.05),
            plain(_WHITE),
        ),
        Taper(
            y - size * 0.1,
            (x - size * 0.6, x + size * 0.7),
            y + size * 0.12,
            (x - size * 0.4, x + size * 0.5),
            plain((74, 50, 44)),
        ),
    ]


def _mountains(random: Random, aspect: float) -> Scene:
    horizon = random.uniform(0.62, 0.74)
    sky, shapes, land = _sky(random, aspect, horizon * 0.7)
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
        shapes.append(Taper(peak, (x, x), snow, (x - half, x + half * 0.7), plain(mix(_WHITE, land, 0.2))))
    lake = mix((60, 108, 130), land, 0.3)
    if random.random() < 0.55:
        shapes.append(box(0, horizon, aspect, 1, gradient(mix(lake, land, 0.4), lake, horizon, 1)))
    else:
        green = mix(random.choice(_GREENS), land, 0.12)
        points = _rolling(random, aspect, horizon, 0.03)
        shapes.append(Ridge(points, gradient(green, mix(green, (10, 20, 10), 0.4), horizon, 1)))
        for _ in range(random.randint(4, 9)):
            x = random.uniform(0, aspect)
            shapes.extend(
                _fir(x, random.uniform(horizon + 0.05, 0.98), random.uniform(0.08, 0.2), mix(green, (8, 24, 16), 0.55))
            )
    return Scene(aspect, sky, shapes)


def _city(random: Random, aspect: float) -> Scene:
    ground = random.uniform(0.82, 0.92)
    sky, shapes, land = _sky(random, aspect, ground * 0.8)
    dark = random.choice(((52, 58, 78), (70, 62, 74), (44, 54, 66)))
    lit = sum(land) < 330
    for depth in range(2):
        x = -random.uniform(0, 0.1)
        while x < aspect:
            wide, top = random.uniform(0.08, 0.17), random.uniform(0.24, 0.55) + depth * 0.18
            colour = mix(dark, land, random.uniform(0.3, 0.42) - depth * 0.26)
            shapes.append(box(x, top, x + wide, ground, gradient(colour, mix(colour, (0, 0, 0), 0.2), top, ground)))
            if depth:
                glass: Colour = (255, 216, 130) if lit else mix(colour, _WHITE, 0.35)
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


def _portrait(random: Random, aspect: float) -> Scene:
    wall = random.choice(_BRIGHTS + _GREENS)
    backdrop = gradient(mix(wall, _WHITE, 0.55), mix(wall, (40, 40, 50), 0.25))
    skin, hair = random.choice(_SKINS), random.choice(_HAIRS)
    shirt = random.choice(_BRIGHTS)
    x, y = aspect * random.uniform(0.46, 0.54), random.uniform(0.4, 0.46)
    size = min(0.2, aspect * 0.24)
    shadow = mix(skin, (60, 30, 30), 0.22)
    long_hair = random.random() < 0.5
    shapes: list[Shape] = []
    if long_hair:
        shapes.append(Disc(x, y + size * 0.55, size * 1.12, size * 1.75, plain(hair)))
    shapes += [
        Disc(x, 1.06, size * 2.1, 0.34, gradient(shirt, mix(shirt, (0, 0, 0), 0.25), 0.7, 1)),
        box(x - size * 0.36, y + size * 0.8, x + size * 0.36, y + size * 1.75, plain(shadow)),
        Disc(x, y - size * 0.22, size * 1.08, size * 1.22, plain(hair)),
        Disc(x, y, size * 0.92, size * 1.2, gradient(skin, shadow, y - size * 0.2, y + size * 1.6)),
        Disc(x, y - size * 0.85, size * 0.95, size * 0.52, plain(hair), floor=y - size * 0.5),
    ]
    for side in (-1, 1):
        eye = x + side * size * 0.36
        shapes.append(Disc(eye, y - size * 0.06, size * 0.15, size * 0.1, plain(_WHITE)))
        shapes.append(Disc(eye, y - size * 0.06, size * 0.075, size * 0.085, plain((44, 36, 34))))
        shapes.append(box(eye - size * 0.18, y - size * 0.28, eye + size * 0.18, y - size * 0.22, plain(hair)))
        shapes.append(
            Disc(x + side * size * 0.5, y + size * 0.38, size * 0.16, size * 0.1, plain(mix(skin, (226, 90, 90), 0.25)))
        )
    shapes.append(Disc(x, y + size * 0.22, size * 0.09, size * 0.14, plain(shadow)))
    shapes.append(Disc(x, y + size * 0.62, size * 0.3, size * 0.12, plain((176, 72, 72))))
    shapes.append(box(x - size * 0.3, y + size * 0.48, x + size * 0.3, y + size * 0.6, plain(skin)))
    return Scene(aspect, backdrop, shapes)


def _plate(random: Random, aspect: float) -> Scene:
    wood = random.choice(((150, 106, 70), (186, 150, 112), (84, 92, 104), (206, 190, 170)))
    x, y = aspect / 2, random.uniform(0.48, 0.54)
    size = min(0.36, aspect * 0.38)
    flat = random.uniform(0.72, 1.0)
    rim = mix(_WHITE, random.choice(_BRIGHTS), random.choice((0.0, 0.12, 0.5)))
    shapes: list[Shape] = [
        box(0, line / 5, aspect, line / 5 + 0.006, plain(mix(wood, (0, 0, 0), 0.2))) for line in range(1, 5)
    ]
    shapes += [
        Disc(x + 0.02, y + 0.04, size, size * flat, plain(mix(wood, (0, 0, 0), 0.4))),
        Disc(x, y, size, size * flat, plain(rim)),
        Disc(x, y, size * 0.8, size * 0.8 * flat, plain(mix(rim, (120, 120, 120), 0.12))),
        Disc(x, y, size * 0.77, size * 0.77 * flat, plain(mix(_WHITE, rim, 0.3))),
    ]
    for _ in range(random.randint(5, 11)):
        food = mix(random.choice(_BRIGHTS), (150, 100, 50), 0.15)
        fx, fy = x + random.uniform(-0.5, 0.5) * size, y + random.uniform(-0.45, 0.45) * size * flat
        part = size * random.uniform(0.1, 0.26)
        shapes.append(Disc(fx, fy + part * 0.12, part, part * flat, plain(mix(food, (30, 10, 10), 0.35))))
        shapes.append(Disc(fx, fy, part, part * flat, plain(food)))
        shapes.append(Disc(fx - part * 0.3, fy - part * 0.3, part * 0.35, part * 0.3, plain(mix(food, _WHITE, 0.35))))
    for side in (-1, 1):
        shapes.append(
            box(
                x + side * size * 1.22 - 0.012,
                y - size * 0.7,
                x + side * size * 1.22 + 0.012,
                y + size * 0.7,
                plain((196, 200, 206)),
            )
        )
    return Scene(aspect, gradient(mix(wood, _WHITE, 0.1), mix(wood, (0, 0, 0), 0.15)), shapes)


def _forest(random: Random, aspect: float) -> Scene:
    mist = random.choice(((206, 218, 214), (226, 214, 186), (176, 196, 206)))
    green = random.choice(_GREENS)
    shapes: list[Shape] = []
    for depth in range(4):
        colour = mix(mist, mix(green, (10, 24, 18), 0.5), 0.25 + depth * 0.25)
        for _ in range(5 + depth):
            height = random.uniform(0.4, 0.65) + depth * 0.08
            shapes.extend(_fir(random.uniform(0, aspect), 0.72 + depth * 0.09, height, colour))
    floor = mix(green, (24, 24, 12), 0.55)
    shapes.append(Ridge(_rolling(random, aspect, 0.9, 0.02), plain(floor)))
    return Scene(aspect, gradient(mix(mist, _WHITE, 0.5), mist), shapes)


def _flower(random: Random, aspect: float) -> Scene:
    green = random.choice(_GREENS)
    petal = random.choice(_BRIGHTS)
    x, y = aspect * random.uniform(0.38, 0.62), random.uniform(0.36, 0.46)
    size = min(random.uniform(0.11, 0.15), aspect * 0.18)
    shapes: list[Shape] = []
    for _ in range(7):
        blur = random.uniform(0.06, 0.18)
        tint = mix(green, random.choice(((220, 230, 160), (30, 60, 40), petal)), 0.3)
        shapes.append(Disc(random.uniform(0, aspect), random.uniform(0, 1), blur, blur, plain(tint)))
    shapes.append(box(x - 0.012, y, x + 0.012, 1, plain(mix(green, (20, 60, 20), 0.5))))
    shapes.append(Disc(x + size * 0.8, 0.8, size * 0.8, size * 0.28, plain(mix(green, (30, 80, 30), 0.4))))
    count = random.randint(6, 9)
    for at in range(count):
        angle = 2 * pi * at / count
        px, py = x + size * 0.95 * sin(angle), y + size * 0.95 * sin(angle + pi / 2)
        shade = mix(petal, _WHITE, 0.12 + 0.18 * (at % 2))
        shapes.append(Disc(px, py, size * 0.62, size * 0.62, plain(shade)))
    shapes.append(Disc(x, y, size * 0.55, size * 0.55, gradient((250, 214, 90), (214, 140, 40), y - size, y + size)))
    return Scene(aspect, gradient(mix(green, (220, 236, 190), 0.35), mix(green, (10, 30, 16), 0.45)), shapes)


def _balloons(random: Random, aspect: float) -> Scene:
    horizon = random.uniform(0.74, 0.84)
    sky, shapes, land = _sky(random, aspect, horizon)
    green = mix(random.choice(_GREENS), land, 0.2)
    shapes.append(
        Ridge(_rolling(random, aspect, horizon, 0.05), gradient(green, mix(green, (0, 0, 0), 0.3), horizon, 1))
    )
    for _ in range(random.randint(2, 5)):
        x, y, size = aspect * random.uniform(0.1, 0.9), random.uniform(0.15, 0.55), random.uniform(0.06, 0.15)
        one, other = random.sample(_BRIGHTS, 2)
        shapes += [
            Taper(
                y + size * 0.6,
                (x - size * 0.76, x + size * 0.76),
                y + size * 1.5,
                (x - size * 0.2, x + size * 0.2),
                plain(mix(one, (0, 0, 0), 0.15)),
            ),
            Disc(x, y, size, size, gradient(mix(one, _WHITE, 0.25), one, y - size, y + size)),
            Disc(x, y, size * 0.5, size, gradient(mix(other, _WHITE, 0.25), other, y - size, y + size)),
            Disc(x, y, size * 0.16, size, plain(one)),
            box(x - size * 0.18, y + size * 1.62, x + size * 0.18, y + size * 1.9, plain((112, 76, 48))),
        ]
    return Scene(aspect, sky, shapes)


def _cabin(random: Random, aspect: float) -> Scene:
    horizon = random.uniform(0.55, 0.65)
    sky, shapes, land = _sky(random, aspect, horizon)
    ground = mix(random.choice((*_GREENS, (236, 240, 246), (214, 186, 120))), land, 0.15)
    shapes.append(Ridge(_rolling(random, aspect, horizon - 0.06, 0.05), plain(mix(ground, land, 0.45))))
    shapes.append(
        Ridge(
            _rolling(random, aspect, horizon + 0.06, 0.03),
            gradient(ground, mix(ground, (20, 20, 30), 0.25), horizon, 1),
        )
    )
    x, foot, size = aspect * random.uniform(0.35, 0.65), horizon + 0.22, random.uniform(0.13, 0.19)
    wall, roof = random.choice(((150, 92, 60), (196, 60, 52), (238, 230, 214), (92, 110, 130))), (70, 58, 62)
    for _ in range(random.randint(1, 3)):
        shapes.extend(
            _fir(
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
            gradient(mix(wall, _WHITE, 0.1), mix(wall, (0, 0, 0), 0.2), foot - size, foot),
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


_SCENES: tuple[Callable[[Random, float], Scene], ...] = (
    _hills,
    _sea,
    _mountains,
    _city,
    _portrait,
    _plate,
    _forest,
    _flower,
    _balloons,
    _cabin,
)
