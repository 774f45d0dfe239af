"""A row is drawn in exactly the cells there are, whatever stands in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.escape import visible
from gumnut_tui.ui.widgets.styled_lines import fit_middle, fit_right, wrap
from gumnut_tui.ui.widgets.table_columns import CURSOR, WITH_DAY, RowStyles, columns_for, header_strip, row_strip
from tests.ui.widgets.table_app import make_cells

PLAIN = Style()
STYLES = RowStyles(
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, Style(bold=True), PLAIN, dict.fromkeys(Operation, PLAIN)
)
WILD = st.text(max_size=60).map(visible) | st.text("ab日本🏖️👩‍👩‍👧🇵🇹é\u0301\u200b", max_size=30).map(visible)


def real_length(strip: Strip) -> int:
    """Cells the segments take, counted anew."""
    return sum(cell_len(segment.text) for segment in strip)


@given(width=st.integers(10, 200), what=WILD, entity=WILD, more=WILD, flags=st.integers(0, 15), hit=st.text(max_size=2))
def test_a_row_takes_exactly_its_width(width: int, what: str, entity: str, more: str, flags: int, hit: str) -> None:
    """Any text, any width, any state, with or without a hit."""
    cells = make_cells(1, what=what, entity=entity, more=more)
    hits = re.compile(re.escape(hit), re.IGNORECASE) if hit else None
    strip = row_strip(cells, columns_for(width), STYLES, flags, hits)
    assert real_length(strip) == width == strip.cell_length


@pytest.mark.parametrize("width", range(10, 201))
def test_the_header_takes_exactly_its_width(width: int) -> None:
    """With and without a count of new rows."""
    for news in ("", "↑ 1,234,567 new"):
        assert real_length(header_strip(columns_for(width), STYLES, "2024-11-19", news)) == width


@given(width=st.integers(0, 40), text=WILD)
def test_text_at_the_right_or_in_the_middle_takes_exactly_its_width(width: int, text: str) -> None:
    """Numbers and notes are placed without changing the length of the line."""
    assert cell_len(fit_right(text, width)) == cell_len(fit_middle(text, width)) == width


def test_a_wide_row_has_all_columns_and_a_narrow_one_keeps_glyph_and_name() -> None:
    """What does not fit goes; what the event did and to what stays."""
    wide = row_strip(make_cells(8), columns_for(100), STYLES, 0, None).text
    assert [wide.split()[n] for n in (0, 1, 3, 4, 5)] == ["00:00:08", "✗", "asset", "IMG_0000008.JPG", "link"]
    narrow = row_strip(make_cells(8), columns_for(22), STYLES, 0, None).text
    assert narrow.split() == ["✗", "IMG_0000008.JPG"]


def test_the_cursor_is_told_by_a_sign_not_by_colour_alone() -> None:
    """Without colours the selected row is still found."""
    assert row_strip(make_cells(1), columns_for(80), STYLES, CURSOR, None).text.startswith("▸")


@pytest.mark.parametrize(
    ("time", "shown", "hidden"),
    [
        ("12:03:22", "  today   12:03:22 ", "          12:03:22 "),
        ("9 Nov 12:03:22", "  9 Nov   12:03:22 ", "          12:03:22 "),
        ("2024-11-19 12:03", "  2024-11-19 12:03 ", "             12:03 "),
    ],
)
def test_the_day_stands_before_the_time_where_it_changes(time: str, shown: str, hidden: str) -> None:
    """The clock stands in one column, with the day before it or without."""
    cells = make_cells(1, time=time)
    assert row_strip(cells, columns_for(110), STYLES, WITH_DAY, None).text.startswith(shown)
    assert row_strip(cells, columns_for(110), STYLES, 0, None).text.startswith(hidden)


def test_every_hit_in_a_row_is_set_off() -> None:
    """Case does not matter, and the text stays as it is."""
    strip = row_strip(make_cells(1), columns_for(120), STYLES, 0, re.compile("IMG|photo", re.IGNORECASE))
    assert [segment.text for segment in strip if segment.style and segment.style.bold] == ["IMG", "photo"]


def test_words_are_broken_at_spaces() -> None:
    """No line is longer than the width unless a single word is."""
    assert wrap("Nothing happened in the last 24 h.\nPress 3", 20) == [
        "Nothing happened in",
        "the last 24 h.",
        "Press 3",
    ]
