"""Untrusted text made safe to draw: nothing invisible, nothing a terminal would obey, widths to rely on.

Every string the service sent passes `visible` before it is drawn. What comes out is plain text, never markup.

A cell is what Textual and tmux take for one: the widths of the Unicode tables, character by character. Terminals that
measure by grapheme (mode 2027) and those that do not disagree about sequences: a thumb with a skin tone has two cells
or four, a family two or six, a heart with a selector one or two. So no sequence is drawn: joined emoji stand side by
side, tones and selectors are left out, a flag is its two letters, a keycap its digit, Hangul letters are syllables; and
the few characters whose width changed from one Unicode version to another are marks. What is left has one width, but
for the vowel signs of India and its neighbours (कि), which names in those scripts cannot do without: `overhang` says
how many cells more they may take, `fit` leaves room for them, and the driver puts the cursor right behind them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

from gumnut_tui.formatting.cells import cell_width, is_spacing_mark, overhang

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
_KEYCAP, _KEYS = "\u20e3", frozenset("#*0123456789")
_LETTER_A = 0x1F1E6
"""The first of the 26 letters that make flags."""
_TAG = 0xE0000
_REGION_FLAG = re.compile("\U0001f3f4([\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6})\U000e007f")
_SYLLABLE = re.compile("[\u1100-\u115f][\u1160-\u11ff]+|[\uac00-\ud7a3][\u11a8-\u11ff]+")
_LOOSE_JAMO = re.compile("(?<![\u1100-\u11ff\ua960-\ua97c\uac00-\ud7ff])[\u1160-\u11ff\ud7b0-\ud7ff]+")
_SEQUENCED = re.compile("[\u200d\ufe0e\ufe0f\u20e3\u1160-\u11ff\U0001f3fb-\U0001f3ff\U000e007f]")
_DISPUTED = ((0x2630, 0x2637), (0x268A, 0x268F), (0x3248, 0x324F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D376))
_MARK_LENGTH_MAX = len("‹U+10FFFF›")
_IN_SHORT_ID = re.compile(f"{ELLIPSIS}+[0-9A-Za-z_-]*$")
_SHORT_ID = re.compile(f"{ELLIPSIS}(?=[0-9A-Za-z_-]{{4}}(?![0-9A-Za-z_-]))")
_HARMLESS = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02af…←]*")
"""Latin letters and the characters of our own texts: one cell each, and shown as they are."""


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
    shown = _LOOSE_JAMO.sub(lambda letters: "".join(_code_point(ord(char)) for char in letters[0]), _take_apart(text))
    shown = _limit_stacks(shown.translate(_MARKS))
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
    if _LETTER_A <= code < _LETTER_A + 26:
        return chr(ord("A") + code - _LETTER_A)
    if _is_tone(char) or _is_disputed(code):
        return _code_point(code)
    if not char.isprintable() or char in _INVISIBLE_LETTERS or _is_selector(code):
        return _code_point(code)
    return char


def _code_point(code: int) -> str:
    return f"‹U+{code:04X}›"


_MARKS = _MarkTable()


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code in (0x180B, 0x180C, 0x180D, 0x180F)


def _is_disputed(code: int) -> bool:
    """Whether newer and older terminals give the character different widths."""
    return any(first <= code <= last for first, last in _DISPUTED)


def _take_apart(text: str) -> str:
    """Real sequences in their parts, whose widths are certain; Unicode names these as the fallback.

    Only what belongs to a sequence is left out: loose glue, tones and selectors stay, and become marks.
    """
    if not _SEQUENCED.search(text):
        return text
    text = _SYLLABLE.sub(lambda letters: unicodedata.normalize("NFC", letters[0]), text)
    text = _REGION_FLAG.sub(lambda tags: tags[0][0] + "".join(chr(ord(tag) - _TAG) for tag in tags[1]), text)
    kept: list[str] = []
    for index, char in enumerate(text):
        before = kept[-1] if kept else ""
        if not _is_glue(char, before, text[index + 1 : index + 2]):
            kept.append(char)
    return "".join(kept)


def _is_glue(char: str, before: str, after: str) -> bool:
    """Whether the character changes how the one before it is drawn, and does nothing else."""
    if char in _EMOJI_SELECTORS:
        return _is_pictograph(before)
    if char == _JOINER:
        return _is_emoji(before) and _is_emoji(after)
    if char == _KEYCAP:
        return before in _KEYS
    return _is_tone(char) and _is_emoji(before)


def _is_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


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
    if size + overhang(text) <= width:
        return text + " " * (width - size)
    return _cut(text, width) if width > 0 else ""


def without_ellipses(text: str) -> str:
    """The text with its shortened ids written without the ellipsis: `asset 9pLe`."""
    return _SHORT_ID.sub("", text)


def fit_once(text: str, width: int) -> str:
    """As `fit` does, with one ellipsis at most: in a text that is cut, shortened ids go without theirs."""
    fitted = fit(text, width)
    return fit(without_ellipses(text), width) if fitted.count(ELLIPSIS) > 1 else fitted


def pad(text: str, width: int) -> str:
    """The text padded with spaces to `width` cells; a longer one is returned as it is."""
    return text + " " * max(width - cell_width(text), 0)


def _cut(text: str, width: int) -> str:
    room = width - cell_len(ELLIPSIS)
    used, marks, end = 0, 0, 0
    for end, char in enumerate(text):  # noqa: B007
        size, mark = get_character_cell_size(char), is_spacing_mark(char)
        if used + size + marks + mark > room:
            break
        used += size
        marks += mark
    # A text that was cut before gets no second ellipsis, and an id short already (`…9pLe`) none on either side.
    kept = _IN_SHORT_ID.sub("", text[:end])
    return kept + ELLIPSIS + " " * (room - used + end - len(kept))
