"""How many terminal cells a text takes; `escape` says what is taken for a cell, and why."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len

_SPACING = re.compile("[\u0900-\u1cff\u302e\u302f\ua800-\uabff\U00011000-\U0001d1ff]")
"""Blocks in which there are spacing marks."""


def cell_width(text: str) -> int:
    """Terminal cells the text takes; exact for what `visible` gave back."""
    return len(text) if text.isascii() else cell_len(text)


def overhang(text: str) -> int:
    """Cells more than `cell_width` that the text may take, in terminals that give each spacing mark one of its own."""
    return sum(map(is_spacing_mark, text)) if has_spacing_marks(text) else 0


def has_spacing_marks(text: str) -> bool:
    """Whether the text holds letters of a script that has spacing marks."""
    return _SPACING.search(text) is not None


@lru_cache(maxsize=1024)
def is_spacing_mark(char: str) -> bool:
    """Whether the character may take a cell of its own beside the letter it belongs to."""
    return unicodedata.category(char) == "Mc"
