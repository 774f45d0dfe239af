"""Lines as values: wrapping, clipping and labels, in cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.ui.widgets.styled_lines import Ink, clip, labelled_rows, wrap


@given(st.text(max_size=200), st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_only_spaces(text: str, width: int) -> None:
    """No line is wider than asked for, and nothing but the spaces at a break goes away."""
    shown = visible(text)
    lines = wrap(shown, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")


@given(st.text(max_size=80), st.integers(0, 40))
def test_clipped_text_fits(text: str, width: int) -> None:
    """A clipped text is never wider than asked for."""
    assert cell_width(clip(visible(text), width)) <= width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("two  spaces", 20, ["two  spaces"]),
        ("写真写真", 5, ["写真", "写真"]),
        ("", 5, [""]),
    ],
)
def test_breaks_at_spaces_first(text: str, width: int, lines: list[str]) -> None:
    """A line breaks at a space where it can, inside a word where it must, and never inside a wide character."""
    assert wrap(text, width) == lines


def test_values_stand_in_one_column() -> None:
    """Values begin in the same cell, and go on below themselves."""
    rows = labelled_rows([Fact("id", "x"), Fact("camera", "a long name of a camera")], 24)
    assert ["".join(span.text for span in row.spans) for row in rows] == [
        "id      x",
        "camera  a long name of a",
        "        camera",
    ]


def test_a_narrow_pane_puts_values_below_labels() -> None:
    """Where two columns have no room, the value is indented below its label."""
    rows = labelled_rows([Fact("camera", "Pixel 8", Tone.BAD)], 18)
    assert [[*row.spans] for row in rows] == [[("camera", Ink.LABEL)], [("  ", Ink.TEXT), ("Pixel 8", Ink.BAD)]]
