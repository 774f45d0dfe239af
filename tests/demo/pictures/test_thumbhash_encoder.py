"""ThumbHashes are made as everybody makes them."""

from __future__ import annotations

import base64

import pytest

from gumnut_tui.demo.pictures.thumbhash_encoder import encode

# Made with the reference implementation (the npm package thumbhash 0.1.1) from the pattern below.
VECTORS = [
    (24, 18, 1, "2gcOPYphh3dwiIeGd2h4eGJ/BpzJ"),
    (18, 24, 2, "3icKPQgxWDB5OYiIh5SIWEN/C7Kk"),
    (20, 20, 3, "ngcKTwREg2dwh3h2iGiHaIh3h/V4CosN"),
    (32, 8, 4, "WxgGKoZANQZyh2iIT3yW9vg="),
    (100, 75, 5, "3wcCBYBjQnh1eWBUJmN3Vjox8N+U"),
]


@pytest.mark.parametrize(("width", "height", "step", "expected"), VECTORS)
def test_thumbhash_agrees_with_the_reference(width: int, height: int, step: int, expected: str) -> None:
    """The encoder gives byte for byte what the reference implementation gives."""
    rows = [
        (
            [(x * 7 * step + y * 3) % 256 for x in range(width)],
            [(x * y * step + 40) % 256 for x in range(width)],
            [(y * 11 + x * step) % 256 for x in range(width)],
        )
        for y in range(height)
    ]
    assert base64.b64encode(encode(rows, aspect=width / height)).decode() == expected
