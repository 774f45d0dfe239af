"""Cells of a terminal, and those that one terminal gives a letter's marks and another does not."""

from __future__ import annotations

import pytest

from gumnut_tui.formatting.cells import cell_width, has_spacing_marks, is_spacing_mark, overhang


@pytest.mark.parametrize(("text", "cells"), [("", 0), ("IMG_1.jpg", 9), ("né", 2), ("写真", 4), ("📷x", 3)])
def test_wide_characters_take_two_cells(text: str, cells: int) -> None:
    """As Textual and tmux count them."""
    assert cell_width(text) == cells


@pytest.mark.parametrize(("text", "more"), [("कि", 1), ("काकी.jpg", 2), ("né 写真 📷", 0), ("", 0)])
def test_only_spacing_marks_may_take_cells_of_their_own(text: str, more: int) -> None:
    """One each."""
    assert overhang(text) == more == sum(map(is_spacing_mark, text))


@pytest.mark.parametrize(("text", "has"), [("कमल", True), ("〮", True), ("─ né 写真 📷", False)])
def test_scripts_that_have_such_marks_are_told_by_their_letters(text: str, has: bool) -> None:
    """Whether or not this text has one."""
    assert has_spacing_marks(text) is has
