"""Values as the service writes them."""

from __future__ import annotations

from zlib import crc32

from gumnut_tui.demo.world.instants import instant


def utc(us: int) -> str:
    """An instant with microseconds and `Z`."""
    return instant(us).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fraction(number: int, purpose: str) -> float:
    """A number in [0, 1) that always belongs to the same entity and purpose."""
    return crc32(f"{purpose} {number}".encode()) / 2**32
