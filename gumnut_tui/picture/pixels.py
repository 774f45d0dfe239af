"""A picture in memory."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture row by row from the top left; four bytes a pixel, colour not multiplied by alpha."""

    width: int
    height: int
    rgba: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.rgba) != self.width * self.height * 4:
            raise ValueError(f"{len(self.rgba)} bytes are no picture of {self.width}×{self.height}")

    @property
    def is_opaque(self) -> bool:
        """No pixel lets the background through."""
        return self.rgba[3::4].count(255) == self.width * self.height


FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 40_000_000
"""Pixels a picture may have; more would take more memory than a thumbnail is worth."""


def decode_image(data: bytes, max_edge: int = 360) -> Pixels | None:
    """The picture (PNG, JPEG or WebP), upright, its long edge at most `max_edge` pixels.

    None means that Pillow is not installed. Raises ValueError when the bytes are no picture, or one too large.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return None
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise ValueError(f"a picture of {image.width}×{image.height} pixels is too large")
            image.draft("RGB", (max_edge, max_edge))
            image.thumbnail((max_edge, max_edge))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:  # hostile bytes make decoders fail in any way they like
        raise ValueError(f"not a picture: {type(error).__name__}") from error
    return Pixels(upright.width, upright.height, upright.tobytes())
