"""What a terminal types, from bytes to text that Textual's parser understands, whatever the bytes are.

A terminal may send what is not UTF-8: clicks in the form xterm began with, whose coordinates are bare bytes; alt with
a key as the key's eighth bit; control sequences in one byte; and whatever a paste holds. What has a meaning is put
into the form Textual knows, the rest is dropped. A paste is text, never keys: escape sequences in it do nothing.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

import msgspec

PASTE_BYTES_MAX = 64 * 1024
"""A longer paste is cut to this; no field of ours has use for more."""
BURST_BYTES = 512
"""Nobody types more than this at once: it was pasted, in a terminal that does not mark pastes."""
HELD_SECONDS = 0.03
"""How long the start of a sequence is held back until the rest comes."""
BURST_SECONDS = 0.1
"""Silence of that length ends an unmarked paste."""
PASTE_SECONDS = 5.0
"""After silence of that length a paste counts as ended, so that keys work again."""

_PASTE_BEGIN, _PASTE_END = b"\x1b[200~", b"\x1b[201~"
_REPLY = (
    rb"\x1b(?:\]\d[^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[PX^_][^\x1b]{0,4096}\x1b\\"
    rb"|\[[?>=][\d;:]{0,60}[cnuRSt]|\[\d[\d;]{0,20}[cn])"
)
"""What a terminal answers to a program before us: what it is and can do, its colours; not keys that somebody typed."""
_TOKEN = re.compile(
    rb"\x1b\[M(?P<x10>[\s\S]{3})|\x1b\[(?P<urxvt>\d{1,4};\d{1,5};\d{1,5})M|(?P<paste>\x1b\[200~)|(?P<reply>"
    + _REPLY
    + rb")"
)
_BEGUN = re.compile(
    rb"\x1b(?:\[(?:M[\s\S]{0,2}|[?>=]?[\d;:]{0,60})?|\](?:\d[^\x07\x1b]{0,4096}\x1b?)?|[PX^_][^\x1b]{0,4096}\x1b?)?\Z"
)
"""The beginning of a token at the end of what was read."""
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\[O])")
_OFFSET = 32
"""What xterm's first form of mouse reports adds to each of its three numbers."""
_BUTTON, _MOVE, _WHEEL = 3, 32, 64
"""Bits of a mouse report's first number."""
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in b"\t\n"}
_TYPED: dict[int, str | None] = {
    **dict.fromkeys((*range(0x80, 0xA0), *range(0xDC80, 0xDD00))),
    # Control sequences begin with one byte in terminals that are set to eight bits.
    **dict.fromkeys((0x9B, 0xDC9B), "\x1b["),
    **dict.fromkeys((0x8F, 0xDC8F), "\x1bO"),
}
"""What was not UTF-8 comes as half a surrogate pair; it is dropped unless it begins a sequence."""


class Pasted(msgspec.Struct, frozen=True):
    """Pasted text, without what a terminal would obey."""

    text: str


class TerminalInput:
    """Takes bytes as they are read; returns text to be parsed, and pastes, in their order."""

    def __init__(self) -> None:
        self._held = b""
        self._decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        self._paste: bytearray | None = None
        self._is_burst = False
        self._pressed = 0

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `quiet` wants to be called; None while nothing is pending."""
        if self._paste is not None:
            return BURST_SECONDS if self._is_burst else PASTE_SECONDS
        return HELD_SECONDS if self._held else None

    def read(self, data: bytes) -> list[str | Pasted]:
        """What the next bytes mean; the beginning of something is held back until its rest is read."""
        data = self._held + data
        self._held = b""
        found: list[str | Pasted] = []
        while data:
            data = self._read_paste(data, found) if self._paste is not None else self._read_keys(data, found)
        return found

    def quiet(self) -> list[str | Pasted]:
        """Nothing came for `patience` seconds: what was held back is all there is."""
        if self._paste is not None:
            self._paste += self._held
            self._held = b""
            return [self._end_paste()]
        held, self._held = self._held, b""
        text = self._typed(held)
        return [text] if text else []

    def _read_keys(self, data: bytes, found: list[str | Pasted]) -> bytes:
        """Take what was typed, up to a paste; returns the rest."""
        if _is_burst(data):
            self._paste, self._is_burst = bytearray(), True
            return data
        begun = _BEGUN.search(data)
        if begun is not None:
            data, self._held = data[: begun.start()], data[begun.start() :]
        text = ""
        end = 0
        for token in _TOKEN.finditer(data):
            text += self._typed(data[end : token.start()])
            end = token.end()
            if token["paste"]:
                self._paste, self._is_burst = bytearray(), False
                break
            if not token["reply"]:
                text += self._mouse(token)
        else:
            text += self._typed(data[end:])
            end = len(data)
        if text:
            found.append(text)
        if self._paste is None:
            return b""
        rest, self._held = data[end:] + self._held, b""
        return rest

    def _read_paste(self, data: bytes, found: list[str | Pasted]) -> bytes:
        assert self._paste is not None
        # The end may be divided between two reads.
        content, end, rest = data.partition(_PASTE_END)
        if not end:
            kept = next((size for size in range(len(_PASTE_END) - 1, 0, -1) if data.endswith(_PASTE_END[:size])), 0)
            content, self._held = data[: len(data) - kept], data[len(data) - kept :]
        self._paste += content[: PASTE_BYTES_MAX - len(self._paste)]
        if end:
            found.append(self._end_paste())
        return rest

    def _end_paste(self) -> Pasted:
        assert self._paste is not None
        content, self._paste = bytes(self._paste), None
        if self._is_burst:
            content = content.replace(_PASTE_BEGIN, b"")
        text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        return Pasted(text.translate(_CONTROLS))

    def _mouse(self, token: re.Match[bytes]) -> str:
        """A report of the mouse in the form Textual knows, out of one of the older two."""
        if token["x10"]:
            button, column, row = (number - _OFFSET for number in token["x10"])
        else:
            button, column, row = map(int, token["urxvt"].split(b";"))
            button -= _OFFSET
        if button < 0 or column < 1 or row < 1:  # beyond column 223 xterm's first form has no number
            return ""
        is_release = button & (_MOVE | _WHEEL | _BUTTON) == _BUTTON
        if is_release:  # which doesn't say of which button
            button = button & ~_BUTTON | self._pressed
        elif not button & (_MOVE | _WHEEL):
            self._pressed = button & _BUTTON
        return f"\x1b[<{button};{column};{row}{'m' if is_release else 'M'}"

    def _typed(self, data: bytes) -> str:
        return self._decode(data).translate(_TYPED)


def _is_burst(data: bytes) -> bool:
    """Whether that is more than anyone types at once; reports of mouse and terminal are sequences, not text."""
    if len(data) <= BURST_BYTES or _PASTE_BEGIN in data:
        return False
    return len(_SEQUENCE.sub(b"", _TOKEN.sub(b"", data))) > BURST_BYTES
