"""When two texts are the same to a person who looks for one: upper and lower case, composed and decomposed alike."""

from __future__ import annotations

from unicodedata import normalize


def folded(text: str) -> str:
    """The text as it is compared: without case, and in one of the ways Unicode has to write it (NFKC).

    `É`, `é` and `e` with a combining accent are one; so are full-width and plain letters, `ß` and `ss`.
    """
    if text.isascii():
        return text.lower()
    # Folding may take a letter apart again.
    return normalize("NFKC", normalize("NFKC", text).casefold())
