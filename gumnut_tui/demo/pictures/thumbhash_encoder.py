"""ThumbHash: a picture's blurred likeness in about 25 bytes.

The picture is split into luminance, a yellow-blue and a red-green channel; of each, the lowest frequencies of a
two-dimensional cosine transform are kept, scaled to the largest of them and rounded to four bits. Pictures here are
opaque, so the format's alpha channel is never written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi
from operator import mul

Row = Sequence[int]

_LUMINANCE_TERMS = 7
_COLOUR_TERMS = 3


def encode(rows: Sequence[tuple[Row, Row, Row]], *, aspect: float) -> bytes:
    """The hash of a picture given as rows of (reds, greens, blues), 0 to 255, at any resolution.

    ``aspect`` is the picture's width over its height; the rows may be sampled more coarsely in one direction.
    """
    landscape = aspect > 1
    long_side, short_side = _LUMINANCE_TERMS, _terms(1 / aspect if landscape else aspect)
    across, down = (long_side, short_side) if landscape else (short_side, long_side)
    lightness, yellow_blue, red_green = _channels(rows)
    l_dc, l_scale, l_ac = _transform(lightness, max(3, across), max(3, down))
    p_dc, p_scale, p_ac = _transform(yellow_blue, _COLOUR_TERMS, _COLOUR_TERMS)
    q_dc, q_scale, q_ac = _transform(red_green, _COLOUR_TERMS, _COLOUR_TERMS)
    head = _round(63 * l_dc) | _round(31.5 + 31.5 * p_dc) << 6 | _round(31.5 + 31.5 * q_dc) << 12
    head |= _round(31 * l_scale) << 18
    tail = (down if landscape else across) | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9
    tail |= int(landscape) << 15
    nibbles = [_round(15 * value) for value in (*l_ac, *p_ac, *q_ac)]
    nibbles += [0] * (len(nibbles) % 2)
    packed = bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return head.to_bytes(3, "little") + tail.to_bytes(2, "little") + packed


def _terms(shorter: float) -> int:
    """How many luminance terms the shorter side gets, ``shorter`` being its share of the longer one."""
    return max(1, _round(_LUMINANCE_TERMS * shorter))


def _round(value: float) -> int:
    return int(value + 0.5)


def _channels(
    rows: Sequence[tuple[Row, Row, Row]],
) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    lightness, yellow_blue, red_green = [], [], []
    for reds, greens, blues in rows:
        lightness.append([(r + g + b) / 765 for r, g, b in zip(reds, greens, blues, strict=True)])
        yellow_blue.append([(r + g) / 510 - b / 255 for r, g, b in zip(reds, greens, blues, strict=True)])
        red_green.append([(r - g) / 255 for r, g in zip(reds, greens, strict=True)])
    return lightness, yellow_blue, red_green


def _transform(channel: list[list[float]], across: int, down: int) -> tuple[float, float, list[float]]:
    """The mean, the scale and the other terms of a channel; terms are scaled to lie between 0 and 1."""
    height, width = len(channel), len(channel[0])
    waves_x, waves_y = _waves(width, across), _waves(height, down)
    columns = [[sum(map(mul, row, wave)) for row in channel] for wave in waves_x]
    terms = [
        sum(map(mul, columns[x], waves_y[y])) / (width * height)
        for y in range(down)
        for x in range(across)
        if x * down < across * (down - y)
    ]
    mean, rest = terms[0], terms[1:]
    scale = max((abs(term) for term in rest), default=0.0)
    if scale:
        rest = [0.5 + 0.5 / scale * term for term in rest]
    return mean, scale, rest


@lru_cache(maxsize=256)
def _waves(size: int, count: int) -> tuple[tuple[float, ...], ...]:
    """Cosines of 0 to ``count - 1`` half waves, sampled in the middle of ``size`` cells."""
    return tuple(tuple(cos(pi / size * wave * (at + 0.5)) for at in range(size)) for wave in range(count))
