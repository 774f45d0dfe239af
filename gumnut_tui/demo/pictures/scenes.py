"""What the demo library's photos show: a seed chooses a scene, its light and everything in it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gumnut_tui.demo.pictures import closeups, landscapes
from gumnut_tui.demo.pictures.shapes import Scene

_SCENES: tuple[Callable[[Random, float], Scene], ...] = (
    landscapes.hills,
    landscapes.sea,
    landscapes.mountains,
    landscapes.city,
    closeups.portrait,
    closeups.plate,
    landscapes.forest,
    closeups.flower,
    landscapes.balloons,
    landscapes.cabin,
)


def scene(seed: int, aspect: float) -> Scene:
    """The scene of ``seed``, ``aspect`` times as wide as high."""
    random = Random(seed)
    return random.choice(_SCENES)(random, aspect)


def portrait(seed: int, aspect: float) -> Scene:
    """The likeness of ``seed``."""
    return closeups.portrait(Random(seed), aspect)
