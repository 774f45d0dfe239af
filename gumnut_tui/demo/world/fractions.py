"""Numbers that look random and always belong to the same entity, so that the world need not keep them."""

from __future__ import annotations

from zlib import crc32


def fraction(number: int, purpose: str) -> float:
    """A number in [0, 1) that always belongs to the same entity and purpose."""
    return crc32(f"{purpose} {number}".encode()) / 2**32
