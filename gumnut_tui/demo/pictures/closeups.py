"""Scenes near at hand: a face, a meal, a flower."""

from __future__ import annotations

from math import pi, sin
from random import Random

from gumnut_tui.demo.pictures.shapes import (
    BRIGHTS,
    GREENS,
    WHITE,
    Colour,
    Disc,
    Scene,
    Shape,
    box,
    gradient,
    mix,
    plain,
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


def portrait(random: Random, aspect: float) -> Scene:
    """Somebody looking at the camera."""
    wall = random.choice(BRIGHTS + GREENS)
    backdrop = gradient(mix(wall, WHITE, 0.55), mix(wall, (40, 40, 50), 0.25))
    skin, hair = random.choice(_SKINS), random.choice(_HAIRS)
    shirt = random.choice(BRIGHTS)
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
        shapes.append(Disc(eye, y - size * 0.06, size * 0.15, size * 0.1, plain(WHITE)))
        shapes.append(Disc(eye, y - size * 0.06, size * 0.075, size * 0.085, plain((44, 36, 34))))
        shapes.append(box(eye - size * 0.18, y - size * 0.28, eye + size * 0.18, y - size * 0.22, plain(hair)))
        shapes.append(
            Disc(x + side * size * 0.5, y + size * 0.38, size * 0.16, size * 0.1, plain(mix(skin, (226, 90, 90), 0.25)))
        )
    shapes.append(Disc(x, y + size * 0.22, size * 0.09, size * 0.14, plain(shadow)))
    shapes.append(Disc(x, y + size * 0.62, size * 0.3, size * 0.12, plain((176, 72, 72))))
    shapes.append(box(x - size * 0.3, y + size * 0.48, x + size * 0.3, y + size * 0.6, plain(skin)))
    return Scene(aspect, backdrop, shapes)


def plate(random: Random, aspect: float) -> Scene:
    """A plate of something good, from above."""
    wood = random.choice(((150, 106, 70), (186, 150, 112), (84, 92, 104), (206, 190, 170)))
    x, y = aspect / 2, random.uniform(0.48, 0.54)
    size = min(0.36, aspect * 0.38)
    flat = random.uniform(0.72, 1.0)
    rim = mix(WHITE, random.choice(BRIGHTS), random.choice((0.0, 0.12, 0.5)))
    shapes: list[Shape] = [
        box(0, line / 5, aspect, line / 5 + 0.006, plain(mix(wood, (0, 0, 0), 0.2))) for line in range(1, 5)
    ]
    shapes += [
        Disc(x + 0.02, y + 0.04, size, size * flat, plain(mix(wood, (0, 0, 0), 0.4))),
        Disc(x, y, size, size * flat, plain(rim)),
        Disc(x, y, size * 0.8, size * 0.8 * flat, plain(mix(rim, (120, 120, 120), 0.12))),
        Disc(x, y, size * 0.77, size * 0.77 * flat, plain(mix(WHITE, rim, 0.3))),
    ]
    for _ in range(random.randint(5, 11)):
        food = mix(random.choice(BRIGHTS), (150, 100, 50), 0.15)
        fx, fy = x + random.uniform(-0.5, 0.5) * size, y + random.uniform(-0.45, 0.45) * size * flat
        part = size * random.uniform(0.1, 0.26)
        shapes.append(Disc(fx, fy + part * 0.12, part, part * flat, plain(mix(food, (30, 10, 10), 0.35))))
        shapes.append(Disc(fx, fy, part, part * flat, plain(food)))
        shapes.append(Disc(fx - part * 0.3, fy - part * 0.3, part * 0.35, part * 0.3, plain(mix(food, WHITE, 0.35))))
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
    return Scene(aspect, gradient(mix(wood, WHITE, 0.1), mix(wood, (0, 0, 0), 0.15)), shapes)


def flower(random: Random, aspect: float) -> Scene:
    """One flower before a blurred meadow."""
    green = random.choice(GREENS)
    petal = random.choice(BRIGHTS)
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
        shade = mix(petal, WHITE, 0.12 + 0.18 * (at % 2))
        shapes.append(Disc(px, py, size * 0.62, size * 0.62, plain(shade)))
    shapes.append(Disc(x, y, size * 0.55, size * 0.55, gradient((250, 214, 90), (214, 140, 40), y - size, y + size)))
    return Scene(aspect, gradient(mix(green, (220, 236, 190), 0.35), mix(green, (10, 30, 16), 0.45)), shapes)
