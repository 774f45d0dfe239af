"""The title line on top and the status line at the bottom: one line each, drawn from one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import ClassVar, Generic, NamedTuple, TypeVar

import msgspec
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number
from gumnut_tui.ui.widgets.styled_lines import LineBuilder, ink


class FeedMode(Enum):
    """The state of the feed on the screen; the value is the word that is shown."""

    LIVE = "LIVE"
    READING = "READING"
    PAUSED = "PAUSED"
    CATCHING_UP = "CATCHING UP"
    OFFLINE = "OFFLINE"
    RETRYING = "RETRYING"
    COMPLETE = "COMPLETE"

    @property
    def glyph(self) -> str:
        """One cell, shown beside the word, so that colour is never the only signal."""
        return _GLYPHS[self]


_GLYPHS = {
    FeedMode.LIVE: "●",
    FeedMode.READING: "◌",
    FeedMode.PAUSED: "‖",
    FeedMode.CATCHING_UP: "»",
    FeedMode.OFFLINE: "○",
    FeedMode.RETRYING: "↻",
    FeedMode.COMPLETE: "■",
}


NAME = " Gumnut activity   "
NOTE_CELLS = len("polled just now")
"""Cells that common notes take at most."""
ORDER_FITS = 100
"""Columns from which the status line also shows the order."""


BETWEEN = " · "


class TitleState(msgspec.Struct, frozen=True):
    """What the title line shows."""

    library: str = ""
    mode: FeedMode = FeedMode.READING
    note: str = ""
    """Details of the mode: `polled 2s ago`, `in 4 s (429)`, `12 new`."""
    zone: str = ""
    """The zone times are shown in: `Europe/Lisbon`."""


class Hint(NamedTuple):
    """A key worth knowing now, and the action that a click on it runs."""

    key: str
    label: str
    action: str = ""


class Chip(NamedTuple):
    """A filter that is on; a click drops it."""

    name: str
    label: str


class StatusState(msgspec.Struct, frozen=True):
    """What the status line shows: a field for each part of it."""

    shown: int = 0
    loaded: int = 0
    actions: str = ""
    """How many actions are shown, in words, where rows are actions."""
    reach: str = ""
    """How far back the feed was read: `scanned back to yesterday 14:00`."""
    order: str = ""
    """`newest first` or `oldest first`."""
    message: str = ""
    """Something that just happened or is in progress; shown first."""
    chips: Sequence[Chip] = ()
    hints: Sequence[Hint] = ()


class Part(NamedTuple):
    """A piece of a line: text, the component that colours it, and what a click on it means."""

    text: str
    component: str
    target: str = ""


State = TypeVar("State")


class PartsLine(Widget, Generic[State]):
    """One line of parts, some at the left, some at the right; when narrow, the right ones go first, from their end."""

    DEFAULT_CSS = "PartsLine { height: 1; width: 1fr; }"
    ALLOW_SELECT = False
    PREFIX: ClassVar[str]

    def __init__(self, state: State, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._state = state
        self._targets: list[tuple[int, int, str]] = []

    @property
    def state(self) -> State:
        """What the line says; assigning redraws it when it differs."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.refresh()

    def left_parts(self) -> Iterable[Part]:
        """Parts from the left; the last ones are cut when there is no room."""
        raise NotImplementedError

    def right_groups(self) -> Iterable[tuple[Part, ...]]:
        """Groups of parts at the right end, each shown whole or not at all, the most important first."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """The line, exactly as wide as the widget."""
        width = self.size.width
        base = self.rich_style
        if y > 0:
            return Strip.blank(width, base)
        left = list(self.left_parts())
        room = width - sum(cell_width(part.text) for part in left)
        right: list[Part] = []
        for group in self.right_groups():
            room -= sum(cell_width(part.text) for part in group)
            if room < 1:
                break
            right.extend(group)
        line = LineBuilder(width)
        self._targets = []
        self._add(line, width, left)
        if right:
            line.add(" " * (line.room - sum(cell_width(part.text) for part in right)), base)
            self._add(line, width, right)
        return line.strip(base)

    def _add(self, line: LineBuilder, width: int, parts: Iterable[Part]) -> None:
        for part in parts:
            start = width - line.room
            line.add(part.text, self._style(part.component))
            if part.target:
                self._targets.append((start, width - line.room, part.target))

    def _style(self, component: str) -> Style:
        if not component:
            return self.rich_style
        return self.rich_style + ink(self, f"{self.PREFIX}--{component}")

    def target_at(self, x: int) -> str | None:
        """What a click in column `x` means; None for nothing."""
        return next((target for start, end, target in self._targets if start <= x < end), None)


class TitleLine(PartsLine[TitleState]):
    """Program, library, the state of the feed, and the zone of all times."""

    PREFIX = "title-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title-line--name",
        "title-line--library",
        "title-line--note",
        *(f"title-line--{mode.name.lower().replace('_', '-')}" for mode in FeedMode),
    }
    DEFAULT_CSS = """
    TitleLine { background: $panel; }
    TitleLine > .title-line--name { color: $text-primary; text-style: bold; }
    TitleLine > .title-line--library { text-style: bold; }
    TitleLine > .title-line--note { color: $text-muted; }
    TitleLine > .title-line--live { color: $text-success; text-style: bold; }
    TitleLine > .title-line--reading { color: $text-accent; text-style: bold; }
    TitleLine > .title-line--paused { color: $text-warning; text-style: bold; }
    TitleLine > .title-line--catching-up { color: $text-accent; text-style: bold; }
    TitleLine > .title-line--offline { color: $text-error; text-style: bold; }
    TitleLine > .title-line--retrying { color: $text-warning; text-style: bold; }
    TitleLine > .title-line--complete { color: $text-muted; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(TitleState(), id=id, classes=classes)

    def left_parts(self) -> Iterable[Part]:
        """Program, library and mode: what is never dropped."""
        state = self._state
        mode = state.mode
        if self._has_room_for_name():
            yield Part(NAME, "name")
        yield Part(f" {visible(state.library, 40)}   " if state.library else " ", "library")
        yield Part(f"{mode.glyph} {mode.value}", mode.name.lower().replace("_", "-"))
        if state.note:
            yield Part(f" {state.note}", "note")

    def _has_room_for_name(self) -> bool:
        """Beside everything else, however long ago was polled: the line must not change with each poll."""
        state = self._state
        words = f"{visible(state.library, 40)}   {state.mode.value}   {state.note.ljust(NOTE_CELLS)}  {state.zone} "
        return self.size.width > len(NAME) + cell_width(words)

    def right_groups(self) -> Iterable[tuple[Part, ...]]:
        """The zone, with what it is the zone of where there is room."""
        zone = self._state.zone
        if not zone:
            return
        words = f"  created_at in {zone} "
        room = self.size.width - sum(cell_width(part.text) for part in self.left_parts())
        yield (Part(words if cell_width(words) < room else f" {zone} ", "note"),)


class StatusLine(PartsLine[StatusState]):
    """How much of what was loaded is shown, how far the feed was read, the filters, and keys worth knowing."""

    PREFIX = "status-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status-line--message",
        "status-line--chip",
        "status-line--key",
        "status-line--hint",
        "status-line--muted",
    }
    DEFAULT_CSS = """
    StatusLine { background: $panel; }
    StatusLine > .status-line--message { color: $text-warning; text-style: bold; }
    StatusLine > .status-line--chip { color: $text-accent; text-style: bold; }
    StatusLine > .status-line--key { color: $text-accent; text-style: bold; }
    StatusLine > .status-line--hint { color: $text-muted; }
    StatusLine > .status-line--muted { color: $text-muted; }
    """

    class HintChosen(Message):
        """A hint was clicked; `action` is the one it was given."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class ChipDropped(Message):
        """A filter's chip was clicked, to drop the filter; `name` is the one it was given."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(StatusState(), id=id, classes=classes)

    def left_parts(self) -> Iterable[Part]:
        """The message, the chips, the counts; how far was read and the order where they are not cut."""
        parts = list(self._first_parts())
        yield from parts
        room = self.size.width - sum(cell_width(part.text) for part in parts)
        # How far the feed was read matters more than the order, which is plain to see.
        reach, order = self._state.reach, self._state.order if self.size.width >= ORDER_FITS else ""
        if cell_width(reach) + len(BETWEEN) > room:
            reach = reach.removeprefix("scanned ")
        for text in (reach, order):
            room -= cell_width(text) + len(BETWEEN)
            if text and room >= 0:
                yield Part(f"{BETWEEN}{text}", "muted")

    def _first_parts(self) -> Iterable[Part]:
        state = self._state
        yield Part(" ", "")
        if state.message:
            yield Part(state.message, "message")
            yield Part(BETWEEN, "muted")
        for chip in state.chips:
            yield Part(f"[{visible(chip.label, 40)} ×]", "chip", f"chip:{chip.name}")
            yield Part(" ", "")
        events = f"{number(state.shown)} shown of {number(state.loaded)} loaded"
        yield Part(f"{state.actions}{BETWEEN}{events}" if state.actions else events, "")

    def right_groups(self) -> Iterable[tuple[Part, ...]]:
        """The hints."""
        for hint in self._state.hints:
            target = f"hint:{hint.action}" if hint.action else ""
            yield Part(f"  {hint.key}", "key", target), Part(f" {hint.label}", "hint", target)

    def on_click(self, event: events.Click) -> None:
        """Post what a click on a hint or a chip asks for."""
        kind, _, name = (self.target_at(event.x) or "").partition(":")
        if kind == "hint":
            self.post_message(self.HintChosen(name))
        elif kind == "chip":
            self.post_message(self.ChipDropped(name))
