"""Searching text: the text of a payload, and when two texts count as the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from unicodedata import combining, normalize

_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<code>[0-9a-fA-F]{4})|(?P<one>.))",
    re.DOTALL,
)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
PLAIN_TEXTS = re.compile(rb'"([^"]*)"\s*(:?)')
"""The strings in JSON without escapes, with a colon after the name of a member."""
_TEXTS = re.compile(rb'"((?:[^"\\]++|\\.)*+)"\s*(:?)', re.DOTALL)
"""The same where there may be escapes."""


_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
"""Marks that are ignored; not those that make another letter, as in kana and the scripts of India."""
_STROKES = str.maketrans("łøđħŧı", "lodhti")
"""Letters with a stroke, and the dotless i: Unicode does not decompose them."""


def folded(text: str) -> str:
    """The text as it is compared: without case and accents, in one Unicode form (NFKC).

    `São`, `SÃO`, `sao` and one with a combining tilde are the same; so are full-width and plain letters, `ß` and `ss`,
    `İ` and `i`. A text of accents alone keeps them.
    """
    if text.isascii():
        return text.lower()
    return _without_accents(text) or normalize("NFKC", text)


def _without_accents(text: str) -> str:
    apart = _ACCENTS.sub("", normalize("NFKD", text))
    # Case folding may decompose a letter again.
    apart = _ACCENTS.sub("", normalize("NFKD", apart.casefold()))
    return normalize("NFKC", apart.translate(_STROKES))


def spans_of(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each match of a folded text in a written one; a letter includes its accents."""
    if not wanted:
        return
    letters = [text[start:end] for start, end in pairwise(_starts(text))]
    pieces = [folded(letter) for letter in letters]
    places = [number for number, piece in enumerate(pieces) for _ in piece]
    ends = [0, *accumulate(map(len, letters))]
    compared = "".join(pieces)
    at = compared.find(wanted)
    while at >= 0:
        last = places[at + len(wanted) - 1]
        yield ends[places[at]], ends[last + 1]
        at = compared.find(wanted, bisect_right(places, last))


def _starts(text: str) -> Iterator[int]:
    """The start of each character with its marks, a decomposed Korean syllable being one; and the end."""
    yield from (at for at, character in enumerate(text) if not at or not _goes_on(character))
    yield len(text)


def _goes_on(character: str) -> bool:
    return bool(combining(character)) or "\u1160" <= character <= "\u11ff"


def said(payload: bytes) -> str:
    """The JSON with its escapes resolved; empty for `null`. Invalid UTF-8 or JSON is used as it is."""
    return "" if payload == b"null" else _resolved(payload)


def texts_in(payload: bytes) -> list[str]:
    """The strings that are values, at any depth, in lists too, but not names of members. Invalid JSON is no error."""
    if len(payload) <= 2:
        return []
    if b"\\" not in payload:
        return [text.decode("utf-8", "replace") for text, colon in PLAIN_TEXTS.findall(payload) if not colon]
    return [_resolved(text) for text, colon in _TEXTS.findall(payload) if not colon]


def _resolved(written: bytes) -> str:
    text = written.decode("utf-8", "replace")
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    if high := escape["high"]:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(escape["low"], 16) - 0xDC00)
    if code := escape["code"]:
        return chr(int(code, 16))
    return _CONTROLS.get(escape["one"], escape["one"])
