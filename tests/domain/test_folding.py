"""Names are the same however they are written."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.folding import folded


@given(st.text(), st.sampled_from(["NFC", "NFD"]))
def test_composed_and_decomposed_letters_are_alike(name: str, form: str) -> None:
    """File systems and servers differ in how they encode an accent."""
    assert folded(normalize(form, name)) == folded(name)  # type: ignore[arg-type]


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    """What is folded is its own folded form."""
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize(("one", "other"), [("FAMILY", "family"), ("Straße", "STRASSE"), ("Été", "e\u0301te\u0301")])
def test_case_does_not_matter(one: str, other: str) -> None:
    """Nor do a sharp s, or an accent on a capital letter."""
    assert folded(one) == folded(other)


def test_other_letters_are_other_names() -> None:
    """An accent makes another name."""
    assert folded("Ete") != folded("Été")
