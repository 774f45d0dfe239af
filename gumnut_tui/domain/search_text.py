"""Texts as a person searches them: what a payload says, and when two texts are the same to whoever looks for one."""

from __future__ import annotations

import re
from unicodedata import normalize

_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<code>[0-9a-fA-F]{4})|(?P<one>.))",
    re.DOTALL,
)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
PLAIN_TEXTS = re.compile(rb'"([^"]*)"\s*(:?)')
"""The texts of a JSON value without escapes, each with a colon where it is a field's name."""
_TEXTS = re.compile(rb'"((?:[^"\\]++|\\.)*+)"\s*(:?)', re.DOTALL)
"""The same where there may be escapes."""


def folded(text: str) -> str:
    """The text as it is compared: without case, and in one of the ways Unicode has to write it (NFKC).

    `É`, `é` and `e` with a combining accent are one; so are full-width and plain letters, `ß` and `ss`.
    """
    if text.isascii():
        return text.lower()
    # Folding may take a letter apart again.
    return normalize("NFKC", normalize("NFKC", text).casefold())


def said(payload: bytes) -> str:
    """The JSON with its escapes resolved; of `null` nothing. Text that is no UTF-8 or no JSON is taken as it stands."""
    return "" if payload == b"null" else _resolved(payload)


def texts_in(payload: bytes) -> list[str]:
    """The texts that are values, at any depth, in lists too; names of fields are none. Broken JSON is read as far."""
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
