"""The API key as a value that does not print itself."""

from __future__ import annotations

from gumnut_tui.domain.errors import KeyMissing, UsageProblem
from gumnut_tui.domain.redaction import HIDDEN, remember_secret

KEY_HEADER = '"Authorization: Bearer $GUMNUT_API_KEY"'
"""The header of a command to copy, quoted for a shell: it names the key, and never holds it."""


class Key:
    """An API key; only `reveal` returns it, all ways of printing it show a placeholder.

    Once created, its text is hidden in everything that passes `redact`.

    Raises `KeyMissing` for a blank text, `UsageProblem` for one that is not valid in a header.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        text = text.strip()
        if not text:
            raise KeyMissing("the API key is empty")
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise UsageProblem("the API key contains an invalid character; copy it again")
        self._text = text
        remember_secret(text)

    def reveal(self) -> str:
        """The key itself, for the request header and for saving it."""
        return self._text

    def __repr__(self) -> str:
        return f"Key({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
