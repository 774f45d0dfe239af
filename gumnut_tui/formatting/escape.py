"""Untrusted text made safe to draw: nothing invisible, nothing a terminal would obey, widths one can trust.

Every string the service sent passes `visible` before it is drawn. What comes out is plain text, never markup.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

LIMIT = 500
"""Characters of one untrusted string that are shown."""

ELLIPSIS = "…"
STACKED_MAX = 4
"""Combining characters allowed on one base; real scripts need at most that many."""

_SPACE_LOOKALIKES = frozenset("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
_TEXT_PICTOGRAPHS = frozenset("#*0123456789\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299")
_EMOJI_RANGES = (
    ("\u2194", "\u21aa"),
    ("\u231a", "\u23ff"),
    ("\u25aa", "\u25fe"),
    ("\u2600", "\u27bf"),
    ("\u2934", "\u2935"),
    ("\u2b05", "\u2b55"),
    ("\U0001f000", "\U0001faff"),
)
_EMOJI_SELECTORS = "\ufe0e\ufe0f"
_JOINER = "\u200d"
_MARK_LENGTH_MAX = len("‹U+10FFFF›")
_HARMLESS = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02af…←]*")
"""Latin letters and what our own words are made of: one cell each, and shown as they are."""


def visible(text: str, limit: int = LIMIT) -> str:
    """The text with everything invisible or dangerous shown as a mark: `␛`, `␊`, `‹U+202E›`.

    At most `limit` characters come back; what was cut off is an ellipsis. Marks are not escaped themselves:
    the text is for reading, not for turning back. Applying it twice changes nothing.
    """
    if len(text) <= limit and _HARMLESS.fullmatch(text):
        return text
    return _visible(text[: limit + 1], limit)


@lru_cache(maxsize=2048)
def _visible(text: str, limit: int) -> str:
    """`text` is one character longer than `limit` if anything is to be cut."""
    shown = _limit_stacks(_drop_emoji_joins(text).translate(_MARKS))
    if len(text) <= limit and len(shown) <= limit:
        return shown
    return _clip(shown, limit)


def _clip(shown: str, limit: int) -> str:
    kept = shown[: max(limit - len(ELLIPSIS), 0)]
    opened = kept.rfind("‹")
    if opened > kept.rfind("›") and len(kept) - opened < _MARK_LENGTH_MAX and len(kept) < len(shown):
        kept = kept[:opened]
    return (kept + ELLIPSIS)[:limit]


class _MarkTable(dict[int, str]):
    """What `str.translate` puts in place of a code point; filled as code points are met, and bounded."""

    def __missing__(self, code: int) -> str:
        replacement = _mark(chr(code))
        if len(self) < 8192:
            self[code] = replacement
        return replacement


def _mark(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in _SPACE_LOOKALIKES:
        return " "
    if not char.isprintable() or char in _INVISIBLE_LETTERS or _is_selector(code):
        return f"‹U+{code:04X}›"
    return char


_MARKS = _MarkTable()


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code in (0x180B, 0x180C, 0x180D, 0x180F)


def _drop_emoji_joins(text: str) -> str:
    """Take the invisible glue out of real emoji, which then stand side by side with a width that is certain.

    Terminals disagree about the width of joined emoji; Unicode names the parts in a row as the fallback.
    """
    if not any(glue in text for glue in (*_EMOJI_SELECTORS, _JOINER)):
        return text
    kept: list[str] = []
    for index, char in enumerate(text):
        before = kept[-1] if kept else ""
        after = text[index + 1 : index + 2]
        is_glue = (char in _EMOJI_SELECTORS and _is_pictograph(before)) or (
            char == _JOINER and _is_emoji(before) and _is_emoji(after)
        )
        if not is_glue:
            kept.append(char)
    return "".join(kept)


def _is_pictograph(char: str) -> bool:
    return char in _TEXT_PICTOGRAPHS or _is_emoji(char)


def _is_emoji(char: str) -> bool:
    return any(first <= char <= last for first, last in _EMOJI_RANGES)


def _limit_stacks(text: str) -> str:
    """At most `STACKED_MAX` combining characters on a base; the rest are counted, not drawn."""
    if text.isascii() or max(text) < "\u0300":
        return text
    kept: list[str] = []
    stacked = 0
    for char in text:
        if not _is_stacking(char):
            _tell_surplus(kept, stacked)
            stacked = 0
        else:
            if not kept:
                kept.append("◌")
            stacked += 1
            if stacked > STACKED_MAX:
                continue
        kept.append(char)
    _tell_surplus(kept, stacked)
    return "".join(kept)


def _tell_surplus(kept: list[str], stacked: int) -> None:
    if stacked > STACKED_MAX:
        kept.append(f"‹+{stacked - STACKED_MAX}›")


@lru_cache(maxsize=4096)
def _is_stacking(char: str) -> bool:
    return char >= "\u0300" and (unicodedata.category(char)[0] == "M" or get_character_cell_size(char) == 0)


def cell_width(text: str) -> int:
    """Terminal cells the text takes; exact for what `visible` gave back."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis; no wide character is split.

    The text has to come from `visible` or from us.
    """
    if text.isascii():
        size = len(text)
        if size <= width:
            return text.ljust(width)
        return text[: width - 1] + ELLIPSIS if width > 0 else ""
    size = cell_len(text)
    if size <= width:
        return text + " " * (width - size)
    return _cut(text, width) if width > 0 else ""


def pad(text: str, width: int) -> str:
    """The text with spaces behind it, `width` cells wide; a longer one stays as it is."""
    return text + " " * max(width - cell_width(text), 0)


def _cut(text: str, width: int) -> str:
    room = width - cell_len(ELLIPSIS)
    used = 0
    end = 0
    for end, char in enumerate(text):  # noqa: B007
        size = get_character_cell_size(char)
        if used + size > room:
            break
        used += size
    return text[:end] + ELLIPSIS + " " * (room - used)
