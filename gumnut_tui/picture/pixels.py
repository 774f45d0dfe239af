"""A picture in memory."""

from __future__ import annotations

from dataclasses import dataclass


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
