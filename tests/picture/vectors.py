"""ThumbHashes and what the reference implementation makes of them.

Made with the npm package `thumbhash` 0.1.1 under node: ten drawn scenes of various shapes were encoded, each hash
was decoded again, and size, five pixels and sums were written down here.
"""

from __future__ import annotations

from typing import NamedTuple


class Vector(NamedTuple):
    name: str
    thumbhash: str
    size: tuple[int, int]
    pixels: tuple[tuple[int, int, int, int, int, int], ...]
    """x, y, red, green, blue, alpha."""
    sums: tuple[int, int, int, int]
    """Of each channel over all pixels."""


VECTORS = [
    Vector(
        "landscape",
        "noYRNYqGh4d/eHh3eFiIh3VwePeU",
        (32, 23),
        (
            (0, 0, 98, 128, 242, 255),
            (31, 0, 210, 187, 255, 255),
            (16, 11, 70, 137, 147, 255),
            (8, 22, 19, 107, 53, 255),
            (31, 22, 43, 167, 73, 255),
        ),
        (55738, 100421, 110337, 187680),
    ),
    Vector(
        "portrait",
        "mCkGRBJYP2RbibBJeohgZXcHdw==",
        (18, 32),
        (
            (0, 0, 9, 104, 149, 255),
            (17, 0, 18, 88, 0, 255),
            (9, 16, 148, 110, 47, 255),
            (4, 31, 174, 69, 93, 255),
            (17, 31, 181, 82, 9, 255),
        ),
        (71643, 59938, 36055, 146880),
    ),
    Vector(
        "square",
        "mCkGRxJYT4hDtoWVaAibRIqHCFZ2d3AH",
        (32, 32),
        (
            (0, 0, 0, 86, 131, 255),
            (31, 0, 16, 87, 0, 255),
            (16, 16, 134, 97, 37, 255),
            (8, 31, 173, 67, 87, 255),
            (31, 31, 177, 78, 5, 255),
        ),
        (127357, 106571, 64278, 261120),
    ),
    Vector(
        "panorama",
        "noYRMYqGh4d/eHiIhXB495Q=",
        (32, 5),
        (
            (0, 0, 122, 155, 255, 255),
            (31, 0, 216, 198, 255, 255),
            (16, 2, 76, 143, 161, 255),
            (8, 4, 12, 100, 51, 255),
            (31, 4, 24, 147, 48, 255),
        ),
        (12122, 21835, 24037, 40800),
    ),
    Vector(
        "tower",
        "mCkGQRI6QlWJsJR3YHV3B3c=",
        (5, 32),
        (
            (0, 0, 0, 75, 103, 255),
            (4, 0, 25, 95, 0, 255),
            (2, 16, 148, 112, 54, 255),
            (1, 31, 185, 78, 97, 255),
            (4, 31, 192, 92, 9, 255),
        ),
        (19934, 16652, 10014, 40800),
    ),
    Vector(
        "alpha_square",
        "otuCDQQ3gI54h8iHiIB4+IiICFiIiICJWA==",
        (32, 32),
        (
            (0, 0, 241, 106, 65, 0),
            (31, 0, 226, 135, 50, 0),
            (16, 16, 229, 123, 59, 255),
            (8, 31, 235, 113, 63, 12),
            (31, 31, 225, 134, 52, 0),
        ),
        (236427, 124506, 60261, 127195),
    ),
    Vector(
        "alpha_landscape",
        "XFeGG4w3cHdDd4SAQwTHtIh3j3iIiIg=",
        (32, 19),
        (
            (0, 0, 43, 27, 130, 255),
            (31, 0, 212, 19, 121, 240),
            (16, 9, 131, 107, 126, 111),
            (8, 18, 109, 95, 129, 30),
            (31, 18, 155, 90, 120, 23),
        ),
        (78054, 50966, 76813, 71795),
    ),
    Vector(
        "alpha_portrait",
        "otuCCgQ3gIiIfIiAh/h4hwhYiIiAeVg=",
        (13, 32),
        (
            (0, 0, 238, 109, 65, 0),
            (12, 0, 226, 134, 52, 0),
            (6, 16, 229, 122, 60, 255),
            (3, 31, 237, 111, 63, 27),
            (12, 31, 226, 135, 50, 0),
        ),
        (96047, 50583, 24497, 51633),
    ),
    Vector(
        "flat",
        "oOcBBYAPCW96d4h3eIh3iPd3CH+I",
        (32, 23),
        (
            (0, 0, 119, 131, 137, 255),
            (31, 0, 119, 131, 137, 255),
            (16, 11, 119, 131, 137, 255),
            (8, 22, 119, 131, 137, 255),
            (31, 22, 119, 131, 137, 255),
        ),
        (87584, 96416, 100832, 187680),
    ),
    Vector(
        "black",
        "AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA",
        (32, 32),
        (
            (0, 0, 3, 0, 0, 255),
            (31, 0, 3, 0, 0, 255),
            (16, 16, 3, 0, 0, 255),
            (8, 31, 3, 0, 0, 255),
            (31, 31, 3, 0, 0, 255),
        ),
        (3072, 0, 0, 261120),
    ),
]
