"""How deep JSON may be nested: what is drawn, compared or stored goes down into it, and must come up again."""

from __future__ import annotations

import re

DEEPEST = 64
"""Lists and objects inside each other; the service's own have five."""
LONGEST = 1024 * 1024
"""Bytes of a payload that is looked into."""

_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def is_shallow(raw: bytes) -> bool:
    """Whether lists and objects of a JSON text are inside each other at most `DEEPEST` times."""
    signs = raw.translate(None, _OTHERS)
    if len(signs) <= 2 * DEEPEST:
        return True
    for _ in range(DEEPEST // 2):
        # Each time at least the innermost ones go.
        left = signs.replace(b"[]", b"").replace(b"{}", b"")
        if not left:
            return True
        if len(left) == len(signs):
            break
        signs = left
    return _depth(raw) <= DEEPEST


def _depth(raw: bytes) -> int:
    """The same, exactly: brackets inside of texts do not count."""
    depth = deepest = 0
    for sign in _SIGN.finditer(raw):
        match raw[sign.start()]:
            case 0x5B | 0x7B:
                depth += 1
                deepest = max(deepest, depth)
                if deepest > DEEPEST:
                    break
            case 0x5D | 0x7D:
                depth -= 1
            case _:
                pass
    return deepest
