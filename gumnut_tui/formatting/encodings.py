"""Text in the encoding of a terminal; what the encoding lacks is replaced by something readable.

Terminals and files in latin-1, KOI8-R, the code pages of DOS or plain ASCII lack most of our signs, and of what the
service says as much. An ellipsis is three dots there, a dash a hyphen, é an e, a bar of the histogram a number sign.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NOTHING_LIKE_IT = "?"

_STAND_INS = {
    "…": "...", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": "<<", "»": ">>", "‹": "<", "›": ">",
    "×": "x", "✗": "x", "✓": "+", "·": ".", "•": "*", "●": "*", "○": "o", "◉": "@", "◌": "o", "⊕": "+",
    "★": "*", "☆": "*", "■": "#", "▽": "v", "▾": "v", "▼": "v", "▸": ">", "▶": ">",
    "←": "<-", "→": "->", "↑": "^", "↓": "v", "↺": "@", "↻": "@", "‖": "=",
    "␛": "^[", "␊": "^J", "␍": "^M", "␉": "^I", "␀": "^@", "␡": "^?",
    "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "oe",
    "Œ": "OE", "µ": "u", "€": "EUR", "£": "GBP", "©": "(c)", "®": "(R)", "™": "(TM)", "°": "deg", "¿": "?", "¡": "!",
}  # fmt: skip
_LINES = {
    **dict.fromkeys("─━╌╍┄┅┈┉╴╶╸╺═", "-"),
    **dict.fromkeys("│┃╎╏┆┇┊┋╵╷╹╻║", "|"),
    **dict.fromkeys("┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┬┯┰┳┴┷┸┻┼┿╂╋╭╮╯╰╔╗╚╝╠╣╦╩╬", "+"),
    **dict.fromkeys("╱", "/"),
    **dict.fromkeys("▁▂▃", "_"),
    **dict.fromkeys("▄▅▆▇█▀▌▐▎▊▋", "#"),
    **dict.fromkeys("░▒▓", ":"),
}


def encoded(text: str, encoding: str, *, keep_width: bool = False) -> bytes:
    """The text as bytes; never fails. With `keep_width` a stand-in takes as many cells as what it stands for."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitting(char, encoding, keep_width) for char in text).encode(encoding, "replace")
    except LookupError:
        return encoded(text, "ascii", keep_width=keep_width)


def readable(text: str, encoding: str) -> str:
    """The text with stand-ins for what the encoding lacks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitting(char, encoding, False) for char in text)
    except LookupError:
        return readable(text, "ascii")
    return text


@lru_cache(maxsize=4096)
def _fitting(char: str, encoding: str, keep_width: bool) -> str:
    if _has(encoding, char):
        return char
    words = _stand_in(char, encoding)
    if not keep_width:
        return words
    # Only the screen needs it: the command line starts without the tables of widths.
    from gumnut_tui.formatting.cells import cell_width

    width = cell_width(char)
    return words[:width].ljust(width, NOTHING_LIKE_IT)


def _stand_in(char: str, encoding: str) -> str:
    known = _STAND_INS.get(char) or _LINES.get(char)
    if known is not None:
        return known
    # é is an e with something on it, ﬁ an f and an i.
    parts = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in parts if not unicodedata.combining(part) and _has(encoding, part))
    if kept or unicodedata.combining(char):
        return kept
    return NOTHING_LIKE_IT


def _has(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
