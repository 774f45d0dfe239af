"""The head of the detail pane: name, picture, what became of it, and when that was read."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar, NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.formatting.entity_lines import entity_lines
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Tone
from gumnut_tui.formatting.quantities import join_names
from gumnut_tui.picture.pixels import Color as Rgb
from gumnut_tui.picture.pixels import Pixels, half_blocks
from gumnut_tui.ui.widgets.detail_pages import DetailState, note_of
from gumnut_tui.ui.widgets.styled_lines import INK_OF_TONE, Ink, clip, wrap

FACTS = 3
TITLE_LINES = 3
STATUS_LINES = 3
ERROR_LINES = 4
FACT_LINES = 2
FACTS_PANE = 28
"""Rows a pane needs to have room for the first facts, which the entity's tab shows as well."""


class _Room(NamedTuple):
    """What has room in the head."""

    title: int
    picture: bool
    status: int
    note: int
    facts: int


NO_ROOM = _Room(1, False, 0, 1, 0)


class DetailHead(Widget):
    """Draws the head of a state; its height changes only when an entity of another shape has arrived."""

    DEFAULT_CSS = """
    DetailHead {
        height: auto;
        width: 1fr;

        & > .detail-head--text { color: $foreground; }
        & > .detail-head--label { color: $foreground-muted; }
        & > .detail-head--muted { color: $foreground-muted; }
        & > .detail-head--heading { color: $foreground; text-style: bold; }
        & > .detail-head--good { color: $text-success; }
        & > .detail-head--warning { color: $text-warning; text-style: bold; }
        & > .detail-head--bad { color: $text-error; text-style: bold; }
        & > .detail-head--accent { color: $text-accent; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"detail-head--{ink.value}" for ink in Ink}

    def __init__(self) -> None:
        super().__init__()
        self._state = DetailState()
        self._facts: tuple[str, ...] = ()
        self._room = NO_ROOM
        self._pane_height = 0
        self._picture: tuple[Pixels, tuple[int, int, Rgb], list[list[Segment]]] | None = None

    def show(self, state: DetailState) -> None:
        """Draws a state; while its entity is not known yet, the room for it stays as it was."""
        self._state = state
        self._facts = first_facts(state)
        room = self._room_for(state)
        changed = room != self._room
        self._room = room
        self.refresh(layout=changed)

    def on_resize(self) -> None:
        """Name and status wrap, so their height depends on the width."""
        self.show(self._state)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Name, picture, status, note, first facts; nothing at all without an event."""
        self._pane_height = container.height
        if self._state.is_empty:
            return 0
        facts = self._room.facts if container.height >= FACTS_PANE else 0
        return self._room.title + self._picture_rows(width) + self._room.status + self._room.note + facts

    def render_line(self, y: int) -> Strip:
        """One line of the head, filled to the exact width."""
        width = self.size.width
        base = self.get_component_rich_style("detail-head--text")
        picture_rows = self._picture_rows(width)
        row = y - self._room.title
        if 0 <= row < picture_rows:
            lines = self._picture_lines(width, picture_rows)
            segments = lines[row] if row < len(lines) else []
        else:
            segments = self._segments(y if row < 0 else y - picture_rows, width)
        return Strip(segments).adjust_cell_length(width, base)

    def _segments(self, line: int, width: int) -> list[Segment]:
        words = self._words(width)
        if line >= len(words):
            return []
        text, ink = words[line]
        return [Segment(clip(text, width), self.get_component_rich_style(f"detail-head--{ink.value}"))]

    def _words(self, width: int) -> list[tuple[str, Ink]]:
        """The lines of text, the picture left out."""
        state = self._state
        title = _filled(_title_lines(state, width, self._room.title), self._room.title)
        status = _filled(_status_lines(state, width), self._room.status)
        ink = INK_OF_TONE[state.status.tone] if state.status else Ink.TEXT
        return [
            *((words, Ink.HEADING) for words in title),
            *((words, ink) for words in status),
            *_note_lines(state, width),
            *((words, Ink.TEXT) for words in self._fact_lines(width)),
        ]

    def _room_for(self, state: DetailState) -> _Room:
        if state.is_empty:
            return NO_ROOM
        is_open = state.entity is None and not state.error
        kept = self._room if is_open else NO_ROOM
        status = len(_status_lines(state, self.size.width))
        return _Room(
            kept.title if is_open and state.reading else max(1, len(_title_lines(state, self.size.width, TITLE_LINES))),
            state.picture is not None or kept.picture,
            max(1, status, kept.status if state.status is None else 0),
            len(_note_lines(state, self.size.width)),
            max(len(self._fact_lines(self.size.width)), kept.facts),
        )

    def _fact_lines(self, width: int) -> list[str]:
        return [line for fact in self._facts for line in (_at_most(FACT_LINES, fact, width) if width else [fact])]

    def _picture_rows(self, width: int) -> int:
        return rows_for_picture(width, self._pane_height) if self._room.picture else 0

    def _picture_lines(self, width: int, rows: int) -> list[list[Segment]]:
        """The picture as drawn last, unless it, its place or the background is another."""
        pixels = self._state.picture
        if pixels is None:
            return []
        frame = (width, rows, self.background_colors[1].rgb)
        if self._picture is None or self._picture[0] is not pixels or self._picture[1] != frame:
            self._picture = (pixels, frame, picture_lines(pixels, *frame))
        return self._picture[2]


def first_facts(state: DetailState) -> tuple[str, ...]:
    """The two or three most wanted facts about an entity, and the albums a photo was in when last seen."""
    known = state.known
    if known is None:
        return ()
    lines = entity_lines(known.kind, known.fields, zone=state.zone, now=state.now, name=state.name)
    facts = [f"{line.label} {line.value}" for line in lines if line.tone is Tone.NORMAL][:FACTS]
    return (*facts, *_past_facts(state))


def _past_facts(state: DetailState) -> list[str]:
    albums = state.past.albums if state.past is not None else ()
    return [f"in {join_names([visible(album) for album in albums], 2)} when last seen"] if albums else []


def _title_lines(state: DetailState, width: int, most: int) -> list[str]:
    """The name in at most so many lines; what does not fit into the last one is cut there."""
    title = visible(state.title or (state.event.entity_id if state.event else ""))
    return _at_most(most, title, width) if width else [title]


def _filled(lines: list[str], count: int) -> list[str]:
    return lines + [""] * (count - len(lines))


def _status_lines(state: DetailState, width: int) -> list[str]:
    return wrap(visible(state.status.value), width)[:STATUS_LINES] if state.status and width else []


def _note_lines(state: DetailState, width: int) -> list[tuple[str, Ink]]:
    """When it was read, on a line; why it could not be read, on as many as that takes."""
    words, ink = note_of(state)
    lines = _at_most(ERROR_LINES, words, width) if state.error and width else [words]
    return [(line, ink) for line in lines]


def _at_most(most: int, words: str, width: int) -> list[str]:
    """The words on lines, the last of which is cut if there are more."""
    lines = wrap(words, width)
    return lines if len(lines) <= most else [*lines[: most - 1], clip(" ".join(lines[most - 1 :]), width)]


ROWS_MAX = 16
ROWS_MIN = 4
"""With fewer rows than this a picture is only noise, and is left out."""
LOW_PANE = 18
"""Rows a pane needs to have room for a picture."""


def rows_for_picture(width: int, pane_height: int) -> int:
    """Rows set aside for any picture: a third of the pane at most, so that the text never jumps with its shape."""
    if pane_height < LOW_PANE:
        return 0
    rows = min(pane_height // 3, -(-width * 3 // 8), ROWS_MAX)  # 3/8: two pixels a cell, landscape 4:3
    return rows if rows >= ROWS_MIN else 0


def picture_lines(pixels: Pixels, columns: int, rows: int, background: Rgb) -> list[list[Segment]]:
    """The picture as lines of half blocks, at most `columns` × `rows` cells."""
    return [
        [Segment(char * len(list(same)), _style(upper, lower)) for (char, upper, lower), same in groupby(line)]
        for line in half_blocks(pixels, columns, rows, background)
    ]


def _style(upper: Rgb, lower: Rgb) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
