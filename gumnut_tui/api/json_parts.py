"""JSON taken apart without building it: for answers that are too large to build, or broken in one place.

A container is split into its parts at the commas and brackets outside of texts, so that what is wrong inside one
part (NaN, broken UTF-8, too deep a nesting) costs only that part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

MOST_SPLIT = 4 * 1024 * 1024
"""Bytes that are split; a search through more would hold up the screen."""
LONGEST_PLAIN = 3 * 1024 * 1024
"""Bytes of JSON that may become values without a look at what they would cost."""
MOST_MEMORY = 96 * 1024 * 1024
"""Bytes the values of one answer may cost."""

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(_TEXT + rb"|[\[\]{},]", re.DOTALL)
_NAME = re.compile(rb"\s*(" + _TEXT + rb")\s*:", re.DOTALL)
_COSTS = ((b"{", 200), (b"[", 80), (b",", 90))
"""Bytes that an object, a list, and what stands between two commas take in memory, at most."""


class CutOff(ValueError):
    """The text ends inside a container."""


def elements(text: bytes) -> Iterator[bytes]:
    """The parts of a list, or of an object as `"name": value`; raises `CutOff` where the text ends too early."""
    depth, begin = 0, 1
    for token in _TOKEN.finditer(text):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"," if depth == 1:
                yield text[begin : token.start()].strip()
                begin = token.end()
            case b"]" | b"}":
                depth -= 1
                if depth == 0:
                    if last := text[begin : token.start()].strip():
                        yield last
                    return
            case _:
                pass
    raise CutOff(f"the text ends after {len(text):,} bytes inside a list or an object")


def members(text: bytes) -> dict[str, bytes]:
    """The members of an object by name, each value as it stands; of two with one name the last counts."""
    found: dict[str, bytes] = {}
    for part in elements(text):
        name = _NAME.match(part)
        if name is not None:
            found[as_text(name[1])] = part[name.end() :].strip()
    return found


def as_text(raw: bytes) -> str:
    """A JSON text decoded; where it is none, or broken, the bytes as they stand, with `\\xff` for what is no UTF-8."""
    try:
        return msgspec.json.decode(raw, type=str)
    except (ValueError, RecursionError):
        return shown(raw)


def shown(raw: bytes) -> str:
    """Bytes as they stand; those that are no UTF-8 as `\\xff`."""
    return raw.decode("utf-8", "backslashreplace")


class Budget:
    """How much memory the values of one answer may still take."""

    def __init__(self, left: int = MOST_MEMORY) -> None:
        self._left = left

    def affords(self, raw: bytes) -> bool:
        """Whether these bytes of JSON may become values; counts what they will cost."""
        cost = 32 * len(raw) if len(raw) < LONGEST_PLAIN // 200 else _cost(raw)
        if cost > self._left:
            return False
        self._left -= cost
        return True


def _cost(raw: bytes) -> int:
    # A text takes up to four bytes a character once one of its characters needs them.
    return (1 if raw.isascii() else 4) * len(raw) + sum(raw.count(sign) * bytes_ for sign, bytes_ in _COSTS)
