"""Opaque positions in a feed: nothing in them can be read, compared, counted or made up."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b
from typing import NamedTuple

_MASK = (1 << 80) - 1
_SPREAD = 0x9E3779B97F4A7C15F39D
_CURSOR, _BOUND = "c", "b"


class Position(NamedTuple):
    """Events before ``start`` were read; ``pin`` is the feed's length this read stops at (None: wherever it ends)."""

    start: int
    pin: int | None


class CursorCodec:
    """Makes and reads the cursors of one library: 10 scrambled bytes and a 5-byte seal, 21 characters."""

    def __init__(self, library_id: str, secret: bytes) -> None:
        self._seal = blake2b(library_id.encode(), digest_size=5, key=secret)

    def cursor(self, index: int, pin: int | None = None) -> str:
        return self._encode(_CURSOR, (index << 40) | (0 if pin is None else pin + 1))

    def bound(self, length: int) -> str:
        return self._encode(_BOUND, length)

    def read_cursor(self, text: str) -> Position | None:
        """The position ``text`` stands for, or None if it was not made here for this library."""
        value = self._decode(_CURSOR, text)
        if value is None:
            return None
        index, pin = value >> 40, value & ((1 << 40) - 1)
        return Position(index, pin - 1 if pin else None)

    def read_bound(self, text: str) -> int | None:
        """The length of feed ``text`` stands for, or None if it was not made here for this library."""
        return self._decode(_BOUND, text)

    def _tag(self, kind: str, value: int) -> bytes:
        seal = self._seal.copy()
        seal.update(kind.encode() + value.to_bytes(10, "big"))
        return seal.digest()

    def _encode(self, kind: str, value: int) -> str:
        tag = self._tag(kind, value)
        body = (value ^ (int.from_bytes(tag, "big") * _SPREAD)) & _MASK
        return kind + base64.urlsafe_b64encode(body.to_bytes(10, "big") + tag).decode()

    def _decode(self, kind: str, text: str) -> int | None:
        if len(text) != 21 or text[0] != kind:
            return None
        try:
            raw = base64.b64decode(text[1:], altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        tag = raw[10:]
        value = (int.from_bytes(raw[:10], "big") ^ (int.from_bytes(tag, "big") * _SPREAD)) & _MASK
        return value if self._tag(kind, value) == tag else None
