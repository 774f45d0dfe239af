"""The columns of the event table: which fit at a width, and one row drawn into them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from rich.style import Style
from textual.strip import Strip

from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import ELLIPSIS, fit, fit_once
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.formatting.facts import Tone
from gumnut_tui.formatting.side_by_side import ANSWER_MOST, is_short_of_room, side_by_side
from gumnut_tui.ui.widgets.styled_lines import LineBuilder

if TYPE_CHECKING:
    from gumnut_tui.formatting.action_cells import ActionCells

CURSOR, FOCUSED, MARKED, IN_INCIDENT, INSIDE, UNFOLDED = 1, 2, 4, 8, 16, 32
"""How a row is drawn, as flags: what its strip depends on besides the row itself."""

GUTTERS = {0: " ", CURSOR: "▸", MARKED: "●", CURSOR | MARKED: "◉"}
"""The sign before a row, by its flags."""
INCIDENT_MARK = "▎"


class Columns(msgspec.Struct, frozen=True):
    """Widths in cells; 0 means the column does not fit and is left out."""

    width: int
    gutter: int
    time: int
    operation: int
    what: int
    entity: int
    more: int


GAP = 1
ENTITY_FIRST = 36
"""Cells reserved for names before the last column gets any."""
GLYPH = 2
"""Cells of an operation without its word."""
ACTION_WORD = 12
"""Cells of the longest word for an action, with its sign: `≈ clustering`."""


@lru_cache(maxsize=256)
def columns_for(width: int) -> Columns:
    """The columns that fit: the entity's name stays the longest, then time, operation, kind, the rest."""
    gutter = 2 if width >= 30 else 1
    time = 8 + GAP if width >= 28 else 0
    operation = 11 + GAP if width >= 44 else GLYPH
    what = 11 + GAP if width >= 52 else 0
    rest = max(0, width - gutter - time - operation - what)
    more = max(14, rest * 40 // 100) if rest >= ENTITY_FIRST else 0
    return Columns(width, gutter, time, operation, what, rest - more, more)


class RowStyles(msgspec.Struct, frozen=True):
    """Resolved styles of the table, a field each; comparable, so that an unchanged theme keeps the drawn strips."""

    base: Style
    cursor: Style
    cursor_blurred: Style
    header: Style
    new: Style
    note: Style
    muted: Style
    day: Style
    hit: Style
    mark: Style
    operations: dict[Operation, Style]

    def background(self, flags: int) -> Style:
        """The background of a row with these flags."""
        if not flags & CURSOR:
            return self.base
        return self.cursor if flags & FOCUSED else self.cursor_blurred


def row_strip(cells: Cells, columns: Columns, styles: RowStyles, flags: int, wanted: str) -> Strip:
    """One event as a line of exactly `columns.width` cells; the selected one shows its day at every width."""
    base = styles.background(flags)
    # The focused cursor has a strong background, on which only its own colour is sure to be readable.
    muted = base if flags & FOCUSED else base + styles.muted
    inks = {
        "day": base if flags & FOCUSED else base + styles.day,
        "operation": base if flags & FOCUSED else base + styles.operations[cells.operation],
        "entity": base,
    }
    line = LineBuilder(columns.width)
    _add_gutter(line, columns, styles, flags)
    for name, text, width in row_pieces(cells, columns, with_day=bool(flags & CURSOR)):
        line.add_with_hits(text, inks.get(name, muted), width, "" if name in ("time", "day") else wanted, styles.hit)
    return line.strip(base)


def _add_gutter(line: LineBuilder, columns: Columns, styles: RowStyles, flags: int) -> None:
    """What distinguishes rows at their left edge: selected, marked, part of an incident, of an action, unfolded."""
    base = styles.background(flags)
    sign = GUTTERS[flags & (CURSOR | MARKED)]
    if flags & INSIDE and columns.gutter > 1:
        line.add(sign, base + styles.mark)
        line.add("│", base if flags & FOCUSED else base + styles.muted)
    elif flags & IN_INCIDENT and columns.gutter > 1:
        line.add(sign, base + styles.mark)
        line.add(INCIDENT_MARK, base + styles.operations[Operation.DELETED])
    else:
        line.add(fit(sign, columns.gutter), base + styles.mark)


_LIKE = {Tone.BAD: Operation.DELETED, Tone.WARN: Operation.TRASHED, Tone.GOOD: Operation.CREATED}
"""Actions are coloured as the operations they resemble."""


class ActionColumns(msgspec.Struct, frozen=True):
    """Widths in cells of an action's row behind its gutter; 0 means the column does not fit."""

    time: int
    span: int
    what: int
    sentence: int
    photos: int
    events: int


@lru_cache(maxsize=256)
def action_columns_for(width: int) -> ActionColumns:
    """The columns that fit: the sentence stays the longest, then when, what, how many events and photos, how long."""
    columns = columns_for(width)
    time = columns.time
    what = ACTION_WORD + GAP if width >= 44 else GLYPH
    events = 7 if width >= 56 else 0
    photos = 8 if width >= 72 else 0
    span = 13 + GAP if width >= 112 else 0
    sentence = max(0, width - columns.gutter - time - what - events - photos - span)
    return ActionColumns(time, span, what, sentence, photos, events)


def action_strip(cells: ActionCells, width: int, styles: RowStyles, flags: int, wanted: str) -> Strip:
    """One action as a line of exactly `width` cells; the selected one shows its day at every width."""
    base = styles.background(flags)
    muted = base if flags & FOCUSED else base + styles.muted
    columns = action_columns_for(width)
    day, _, clock = cells.time.rpartition(" ")
    shown_day = f" │ {day or 'today'}" if flags & CURSOR and columns.time else ""
    line = LineBuilder(width)
    _add_gutter(line, columns_for(width), styles, flags)
    line.add(_cell(clock, columns.time), muted)
    line.add(_cell(cells.span, columns.span), muted)
    word = f"{cells.glyph} {cells.word}" if columns.what > GLYPH else cells.glyph
    like = _LIKE.get(cells.tone)
    line.add(_cell(word, columns.what), base if flags & FOCUSED or like is None else base + styles.operations[like])
    sentence = f"{'▾' if flags & UNFOLDED else '▸'} {cells.sentence}"
    counts = _counts(cells, columns, cell_width(sentence) - columns.sentence)
    room = columns.sentence + columns.photos + columns.events - len(counts)
    if cell_width(sentence) + len(shown_day) > room:
        # The line above says which day it is.
        shown_day = ""
    room -= len(shown_day)
    line.add_with_hits(fit_once(sentence, room), base, room, wanted, styles.hit)
    line.add(shown_day, base if flags & FOCUSED else base + styles.day)
    line.add(counts, muted)
    return line.strip(base)


def _counts(cells: ActionCells, columns: ActionColumns, lacking: int) -> str:
    """How many photos and events, at the ends of their columns; blanks before them go to a sentence short of room."""
    text = f"{cells.photos.rjust(columns.photos) if columns.photos else ''}{cells.events.rjust(columns.events)}"
    if not columns.events:
        return ""
    spare = len(text) - len(text.lstrip()) - GAP
    return text[min(max(0, lacking), max(0, spare)) :]


def action_titles(width: int) -> list[tuple[str, int]]:
    """The titles of the columns behind the first, with their widths in cells."""
    columns = action_columns_for(width)
    return [
        ("TOOK", columns.span),
        ("WHAT" if columns.what > GLYPH else "", columns.what),
        ("  ACTION", columns.sentence),
        ("PHOTOS".rjust(columns.photos) if columns.photos else "", columns.photos),
        ("EVENTS".rjust(columns.events) if columns.events else "", columns.events),
    ]


def cells_text(cells: Cells, columns: Columns, flags: int = 0) -> str:
    """One event as plain text of exactly `columns.width` cells, laid out as a drawn row is."""
    pieces = [text for _, text, _ in row_pieces(cells, columns, with_day=bool(flags & CURSOR))]
    return fit(fit(GUTTERS[flags & (CURSOR | MARKED)], columns.gutter) + "".join(pieces), columns.width)


def row_pieces(cells: Cells, columns: Columns, *, with_day: bool) -> Iterator[tuple[str, str, int]]:
    """The cells of a row behind its gutter, with its day at the end if wanted: column, text, and width in cells."""
    day = f" │ {day_of(cells)}" if with_day else ""
    room = columns.width - columns.gutter - columns.time - len(day)
    widths = _kept(cells, columns, room)
    room = max(0, room - sum(widths))
    operation = _cell(cells.op if widths[0] > GLYPH else cells.operation.glyph, widths[0])
    what = _cell(cells.what, widths[1])
    entity, more = side_by_side(
        cells.entity,
        cells.more if columns.time else "",
        room,
        max(0, columns.more - len(day)),
        is_answer=cells.operation.is_destructive,
        ellipses=operation.count(ELLIPSIS) + what.count(ELLIPSIS),
    )
    yield "time", _cell(cells.time.rpartition(" ")[2], columns.time), columns.time
    yield "operation", operation, widths[0]
    yield "what", what, widths[1]
    yield "entity", entity, cell_width(entity)
    yield "more", more, cell_width(more)
    yield "day", day, len(day)


def _kept(cells: Cells, columns: Columns, room: int) -> tuple[int, int]:
    """The widths of operation and kind: they give way where name and answer have less than they need."""
    operation, what, is_answer = columns.operation, columns.what, cells.operation.is_destructive
    if is_short_of_room(cells.entity, cells.more, room - operation - what, is_answer=is_answer):
        what = 0
    if is_answer and room - operation < min(cell_width(cells.more), ANSWER_MOST):
        operation = GLYPH
    return operation, what


def day_text(day: str, width: int) -> str:
    """The words of a line between rows of different days, exactly so wide."""
    return fit(f"  {day} {'─' * width}"[:width], width)


def day_of(cells: Cells) -> str:
    """The day in a row's time; rows of today do not carry one."""
    return cells.time.rpartition(" ")[0] or "today"


def header_strip(columns: Columns, styles: RowStyles, day: str, news: str, grouped: bool = False) -> Strip:
    """The column titles, the first of them the day of the top row; `news` ("37 new") is at the right end.

    `grouped` rows are actions.
    """
    line = LineBuilder(columns.width)
    news = f" {news} " if news else ""
    before = columns.gutter + columns.time
    # A day is longer than a clock: it begins at the edge, and the next title makes room for a year.
    first = f"{day} " if day and columns.time else f"{'':{columns.gutter}}{'TIME' if columns.time else ''}"
    others = (
        action_titles(columns.width)
        if grouped
        else [
            ("OP" if columns.operation > GLYPH else "", columns.operation),
            ("WHAT", columns.what),
            ("ENTITY", columns.entity),
            ("MORE", columns.more),
        ]
    )
    late = max(0, len(first) - before)
    next_up = next((at for at, (_, room) in enumerate(others) if room > late), 0)
    others[next_up] = (others[next_up][0], others[next_up][1] - late)
    titles = ((first.ljust(before), max(before, len(first))), *others)
    text = "".join(fit(title, width) for title, width in titles).rstrip()
    line.add(fit(text, columns.width - len(news)) if len(news) < columns.width else "", styles.header)
    line.add(news, styles.new)
    return line.strip(styles.header)


def _cell(text: str, width: int) -> str:
    """The text with a gap behind it."""
    return fit(text, width - GAP) + " " * GAP if width > GAP else fit("", width)
