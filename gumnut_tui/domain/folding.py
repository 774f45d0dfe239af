"""Names compared as a person would: upper and lower case, composed and decomposed letters are alike."""

from __future__ import annotations

from unicodedata import normalize


def folded(name: str) -> str:
    """What is the same for two names that differ only in case or in how their accents are encoded."""
    return normalize("NFD", normalize("NFD", name).casefold())
