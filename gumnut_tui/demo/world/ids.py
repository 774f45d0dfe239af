"""Ids like the service makes them, computed from an entity's number and back, so that none is stored."""

from __future__ import annotations

import random
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE: Final = len(ALPHABET)
_LENGTH: Final = 22
_PAIRS: Final = [first + second for first in ALPHABET for second in ALPHABET]
"""Two digits at a time: ids are most of the work of a page."""
_TWO_DIGITS: Final = _BASE**2
_TEN_DIGITS: Final = _BASE**10
_MASK: Final = (1 << 128) - 1
_FACTOR_1: Final = 0x9E3779B97F4A7C15F39CC0605CEDC835
_FACTOR_2: Final = 0xD1342543DE82EF95A3B195354A39B70D
_INVERSE_1: Final = pow(_FACTOR_1, -1, 1 << 128)
_INVERSE_2: Final = pow(_FACTOR_2, -1, 1 << 128)
_DIGIT: Final = {character: value for value, character in enumerate(ALPHABET)}

PREFIXES: Final = {
    "asset": "asset_",
    "album": "album_",
    "album_asset": "album_asset_",
    "person": "person_",
    "face": "face_",
    "stack": "asset_stack_",
    "library": "lib_",
    "version": "asset_version_",
    "user": "intuser_",
    "memory": "memory_",
}
_KIND_NUMBER: Final = {kind: number for number, kind in enumerate(PREFIXES)}


class IdSpace:
    """A reversible map between (kind, number) and an id of 22 characters; another seed gives other ids."""

    def __init__(self, seed: int) -> None:
        self._key = random.Random(f"ids {seed}").getrandbits(64) << 64

    def mixed(self, kind: str, number: int) -> int:
        """The number an id is written from; ids of one kind sort as these do."""
        value = self._key | _KIND_NUMBER[kind] << 48 | number
        value = value * _FACTOR_1 & _MASK
        value ^= value >> 67
        value = value * _FACTOR_2 & _MASK
        return value ^ value >> 71

    def encode(self, kind: str, number: int) -> str:
        """The id of an entity, with its prefix."""
        value, low = divmod(self.mixed(kind, number), _TEN_DIGITS)
        high, middle = divmod(value, _TEN_DIGITS)
        return PREFIXES[kind] + _PAIRS[high] + _ten_digits(middle) + _ten_digits(low)

    def decode(self, kind: str, text: str) -> int | None:
        """The number behind an id, or None when this space never made it for that kind."""
        prefix = PREFIXES[kind]
        if not text.startswith(prefix) or len(text) != len(prefix) + _LENGTH:
            return None
        value = 0
        for character in text[len(prefix) :]:
            digit = _DIGIT.get(character)
            if digit is None:
                return None
            value = value * _BASE + digit
        if value > _MASK:
            return None
        value ^= value >> 71
        value = value * _INVERSE_2 & _MASK
        value ^= value >> 67
        value = value * _INVERSE_1 & _MASK
        number = value & (1 << 48) - 1
        return number if value == self._key | _KIND_NUMBER[kind] << 48 | number else None


def _ten_digits(value: int) -> str:
    value, fifth = divmod(value, _TWO_DIGITS)
    value, fourth = divmod(value, _TWO_DIGITS)
    value, third = divmod(value, _TWO_DIGITS)
    first, second = divmod(value, _TWO_DIGITS)
    return _PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth] + _PAIRS[fifth]
