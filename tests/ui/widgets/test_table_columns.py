"""A row is drawn in exactly the cells there are, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from gumnut_tui.domain.action_facts import What
from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.search_text import folded
from gumnut_tui.formatting.action_cells import ActionCells
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Tone
from gumnut_tui.ui.widgets.styled_lines import fit_middle, fit_right, wrap
from gumnut_tui.ui.widgets.table_columns import (
    CURSOR,
    RowStyles,
    action_strip,
    cells_text,
    columns_for,
    day_text,
    header_strip,
    row_strip,
)
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
    strip = row_strip(cells, columns_for(width), STYLES, flags, folded(hit))
    assert real_length(strip) == width == strip.cell_length


def make_action(sentence: str, photos: str = "55", events: str = "288", what: What = What.UPLOAD) -> ActionCells:
    """An action of today."""
    return ActionCells("22:07:35", "12 s", what.glyph, what.word, Tone.NORMAL, sentence, photos, events)


@given(
    width=st.integers(10, 200),
    sentence=WILD,
    photos=st.sampled_from(["", "7", "1,234,567"]),
    flags=st.integers(0, 63),
    hit=st.text(max_size=2),
)
def test_an_action_takes_exactly_its_width(width: int, sentence: str, photos: str, flags: int, hit: str) -> None:
    """Whatever it says, and of however many photos."""
    strip = action_strip(make_action(sentence, photos, "1,234,567"), width, STYLES, flags, folded(hit))
    assert real_length(strip) == width == strip.cell_length


def action_text(cells: ActionCells, width: int = 74, flags: int = 0) -> str:
    """The row of an action as text."""
    return action_strip(cells, width, STYLES, flags, "").text


def test_a_long_sentence_takes_the_blanks_of_the_counts() -> None:
    """A short one leaves them where they are, at the ends of their columns."""
    short, long = (action_text(make_action(text)) for text in ("2 photos", "x" * 80))
    assert short.endswith(f"{'55'.rjust(8)}{'288'.rjust(7)}")
    assert long.endswith("x… 55    288")
    assert action_text(make_action("x" * 80, photos="")).endswith("x… 288")


def test_the_selected_action_tells_its_day_where_there_is_room() -> None:
    """The line above the days' first action says it anyhow; what was done comes first."""
    assert "│ today" in action_text(make_action("2 photos"), flags=CURSOR)
    assert "│ today" not in action_text(make_action("x" * 33), flags=CURSOR)


@pytest.mark.parametrize("what", What)
def test_the_word_for_an_action_is_never_cut(what: What) -> None:
    """Where words are shown at all."""
    assert f"{what.glyph} {what.word} " in action_text(make_action("", what=what), width=44)


@pytest.mark.parametrize("news", ["", "↑ 1,234,567 new"])
def test_the_header_takes_exactly_its_width(news: str) -> None:
    """With and without a count of new rows."""
    for width in range(10, 201):
        assert real_length(header_strip(columns_for(width), STYLES, "2024-11-19", news)) == width


@given(width=st.integers(0, 40), text=WILD)
def test_text_at_the_right_or_in_the_middle_takes_exactly_its_width(width: int, text: str) -> None:
    """Numbers and notes are placed without changing the length of the line."""
    assert cell_len(fit_right(text, width)) == cell_len(fit_middle(text, width)) == width


def test_a_wide_row_has_all_columns_and_a_narrow_one_keeps_glyph_and_name() -> None:
    """What does not fit goes; what the event did and to what stays."""
    wide = row_strip(make_cells(8), columns_for(100), STYLES, 0, "").text
    assert [wide.split()[n] for n in (0, 1, 3, 4, 5)] == ["00:00:08", "✗", "asset", "IMG_0000008.JPG", "photo"]
    narrow = row_strip(make_cells(8), columns_for(22), STYLES, 0, "").text
    assert narrow.split() == ["✗", "IMG_0000008.JPG"]


def test_the_cursor_is_told_by_a_sign_not_by_colour_alone() -> None:
    """Without colours the selected row is still found."""
    assert row_strip(make_cells(1), columns_for(80), STYLES, CURSOR, "").text.startswith("▸")


@pytest.mark.parametrize(
    ("time", "day"), [("12:03:22", "today"), ("9 Nov 12:03:22", "9 Nov"), ("2024-11-19 12:03", "2024-11-19")]
)
def test_the_selected_row_tells_its_day_at_every_width(time: str, day: str) -> None:
    """At its end, so that all columns stay where they are; the others are listed under the line of their day."""
    cells = make_cells(1, time=time)
    for width in range(16, 201):
        assert row_strip(cells, columns_for(width), STYLES, CURSOR, "").text.endswith(f" {day}")
        assert day not in row_strip(cells, columns_for(width), STYLES, 0, "").text


@pytest.mark.parametrize("day", ["today", "Thu 19 Nov", "Thu 19 Nov 2024"])
def test_a_day_line_takes_exactly_its_width(day: str) -> None:
    """The day first, and a rule to the end."""
    for width in range(10, 201):
        text = day_text(day, width)
        assert cell_len(text) == width
        assert text.startswith(f"  {day}"[:width].rstrip() if width > len(day) + 2 else "  ")


@pytest.mark.parametrize("width", [40, 52, 72, 100, 140])
@pytest.mark.parametrize("day", ["today", "Thu 19 Nov", "Thu 19 Nov 2024"])
def test_the_header_begins_with_the_day_of_the_top_row(day: str, width: int) -> None:
    """In full; the other titles stay where they are."""
    columns = columns_for(width)
    text = header_strip(columns, STYLES, day, "").text
    assert text.startswith(f"{day} ")
    if columns.what:
        assert text.index("WHAT") == width - columns.what - columns.entity - columns.more


ANSWERS = ("photo may be safe", "photo in another library", "or merged or regrouped", "recoverable")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("flags", [0, CURSOR])
def test_the_answer_to_what_became_of_a_photo_is_never_cut(answer: str, flags: int) -> None:
    """A name is, before it: it can be read in the detail."""
    cells = make_cells(8, time="9 Nov 12:03:22", operation=Operation.REMOVED, entity="x" * 60, more=answer)
    for width in range(46, 201):
        assert f"{answer} " in f"{cells_text(cells, columns_for(width), flags)} "


@pytest.mark.parametrize(
    ("entity", "more", "cut"),
    [
        ("x" * 20, "y" * 20, False),
        ("x" * 45, "y" * 10, False),
        ("x" * 10, "y" * 45, False),
        ("x" * 50, "", False),
        ("x" * 45, "y" * 30, True),
    ],
)
def test_names_and_remarks_share_their_room_by_need(entity: str, more: str, cut: bool) -> None:
    """Neither is cut as long as both fit, wherever the column begins."""
    cells = make_cells(1, operation=Operation.UPDATED, entity=entity, more=more)
    text = cells_text(cells, columns_for(99))
    assert ("…" in text) is cut
    assert cut or (entity in text and more in text)


@pytest.mark.parametrize(
    ("entity", "more"),
    [
        ("asset …9pLe ← " + "x" * 80, "recoverable"),
        ("asset …9pLe ← album …8kLm", "now in stack …7jKl"),
        ("x" * 80, "now in stack …7jKl"),
        ("x" * 80, "y" * 80),
        ("face of person …9pLe on asset …8kLm", "from person …7jKl to person …6hJk"),
    ],
)
@pytest.mark.parametrize("operation", [Operation.UPDATED, Operation.DELETED])
@pytest.mark.parametrize("flags", [0, CURSOR])
def test_a_row_has_one_ellipsis_at_most(entity: str, more: str, operation: Operation, flags: int) -> None:
    """A shortened id beside a text that is cut goes without its own, and two texts are not cut in one row."""
    cells = make_cells(1, operation=operation, entity=entity, more=more)
    for width in range(24, 201):
        assert cells_text(cells, columns_for(width), flags).count("…") <= 1


def test_an_action_has_one_ellipsis_at_most() -> None:
    """Its sentence may name several entities by shortened ids."""
    sentence = "12 photos into album …9pLe and album …8kLm, 3 taken out of album …7jKl"
    for width in range(24, 201):
        text = action_text(make_action(sentence), width)
        assert text.count("…") <= 1 or sentence in text


def test_a_shortened_id_is_whole_beside_an_answer() -> None:
    """The kind gives way, which the id tells as well."""
    cells = make_cells(1, time="29 Oct 01:52:06", operation=Operation.DELETED, what="person", entity="person …RhDZ")
    cells = replace(cells, more="or merged or regrouped")
    for width in range(68, 201):
        assert "person …RhDZ or" in " ".join(cells_text(cells, columns_for(width), CURSOR).split())


def test_a_row_that_is_not_cut_writes_a_shortened_id_as_everywhere() -> None:
    """With the ellipsis that says so."""
    assert "asset …9pLe" in cells_text(make_cells(1, entity="asset …9pLe", more="recoverable"), columns_for(100))


def test_every_hit_in_a_row_is_set_off() -> None:
    """Neither case nor accents matter, and the text stays as it is."""
    cells = make_cells(1, entity="Café IMG.jpg", more="caf\u00c9")
    strip = row_strip(cells, columns_for(120), STYLES, 0, "cafe")
    assert [segment.text for segment in strip if segment.style and segment.style.bold] == ["Café", "cafÉ"]


def test_words_are_broken_at_spaces() -> None:
    """No line is longer than the width unless a single word is."""
    assert wrap("Nothing happened in the last 24 h.\nPress 3", 20) == [
        "Nothing happened in",
        "the last 24 h.",
        "Press 3",
    ]
