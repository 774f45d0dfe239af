"""Texts a person takes for the same are the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafe\u0301"),
        ("CAFÉ", "cafe\u0301"),
        ("Straße", "STRASSE"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("Ａｌｂｕｍ", "album"),
        ("\u212b", "å"),
        ("Q\u0323\u0307", "q\u0307\u0323"),
        ("IMG_0001", "img_0001"),
    ],
)
def test_case_and_ways_to_write_do_not_count(one: str, other: str) -> None:
    """Composed or decomposed, full-width or plain, marks in any order."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("cafe", "café"), ("a b", "ab"), ("", "a")])
def test_other_letters_do(one: str, other: str) -> None:
    """An accent makes another letter, as it does in the library."""
    assert folded(one) != folded(other)


@given(st.text(st.characters()))
def test_folding_again_changes_nothing(text: str) -> None:
    """Whatever the text, half surrogate pairs included, in every form of Unicode."""
    once = folded(text)
    assert folded(once) == once
    for form in ("NFC", "NFD"):
        assert folded(unicodedata.normalize(form, text)) == once
