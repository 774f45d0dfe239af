"""Events over time in stacked blocks: what was created and changed, and set apart, what was destroyed.

What was not read yet is hatched: an empty bar means that nothing happened, and only that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import ClassVar, NamedTuple

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import axis_text, moment_label
from gumnut_tui.ui.widgets.styled_lines import ink

BLOCKS = " ▁▂▃▄▅▆▇█"
LOST_MARK = "✗"
UNREAD = "╱"


class Bucket(NamedTuple):
    """How many events fall into one part of the range, by what they mean for a photo."""

    made: int = 0
    """Created, added, restored, moved in."""
    changed: int = 0
    """Updated, and unknown operations."""
    lost: int = 0
    """Destructive ones."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.made + self.changed + self.lost

    @property
    def words(self) -> str:
        """The numbers, as a person reads them."""
        parts = ((self.lost, "lost"), (self.made, "added"), (self.changed, "changed"))
        shown = ", ".join(f"{number(count)} {word}" for count, word in parts if count)
        return f"{plural(self.total, 'event')}: {shown}" if shown else "nothing"


_MADE = frozenset({Operation.CREATED, Operation.ADDED, Operation.RESTORED, Operation.MOVED_IN})


def bucket_of(counts: dict[Operation, int]) -> Bucket:
    """Counts by operation as a bucket."""
    made = sum(count for operation, count in counts.items() if operation in _MADE)
    lost = sum(count for operation, count in counts.items() if operation.is_destructive)
    return Bucket(made, sum(counts.values()) - made - lost, lost)


class HistogramData(msgspec.Struct, frozen=True):
    """Equal parts of the range `[start_us, end_us)`, and the part of it that was read."""

    start_us: int = 0
    end_us: int = 0
    buckets: Sequence[Bucket] = ()
    read_from_us: int = 0
    read_to_us: int = 0
    zone: tzinfo = UTC

    def time_at(self, part: int, parts: int) -> int:
        """The time at which part number `part` of `parts` equal ones begins, in µs."""
        return self.start_us + (self.end_us - self.start_us) * part // parts

    def part_of(self, us: int, parts: int) -> int:
        """Which of `parts` equal parts a time is in; times outside the range count for the outermost."""
        span = max(1, self.end_us - self.start_us)
        return max(0, min(parts - 1, (us - self.start_us) * parts // span))

    def resampled(self, parts: int) -> list[Bucket]:
        """The counts in another number of parts, for the moments between a resize and new data."""
        have = len(self.buckets)
        if have == parts:
            return list(self.buckets)
        if 0 < have < parts:
            return [self.buckets[column * have // parts] for column in range(parts)]
        merged = [[0, 0, 0] for _ in range(parts)]
        for index, bucket in enumerate(self.buckets):
            for kind, count in enumerate(bucket):
                merged[index * parts // have][kind] += count
        return [Bucket(*counts) for counts in merged]


class _Look(NamedTuple):
    """Resolved styles, a field each."""

    base: Style
    made: Style
    changed: Style
    lost: Style
    unread: Style
    axis: Style
    span: Style
    selection: Style


class Histogram(Widget, can_focus=True):
    """A line of marks, bars, and a time axis; a span of it can be chosen by mouse or keys."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"histogram--{part}" for part in ("made", "changed", "lost", "unread", "axis", "span")
    }
    DEFAULT_CSS = """
    Histogram { height: 4; }
    Histogram > .histogram--made { color: $success; }
    Histogram > .histogram--changed { color: $primary; }
    Histogram > .histogram--lost { color: $error; text-style: bold; }
    Histogram > .histogram--unread { color: $foreground 25%; }
    Histogram > .histogram--axis { color: $text-muted; }
    Histogram > .histogram--span { color: $text-accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Earlier", show=False, id="histogram.earlier"),
        Binding("right,l", "move(1)", "Later", show=False, id="histogram.later"),
        Binding("shift+left,H", "extend(-1)", "Extend to earlier", show=False, id="histogram.extend_earlier"),
        Binding("shift+right,L", "extend(1)", "Extend to later", show=False, id="histogram.extend_later"),
        Binding("enter", "take", "Make the selection the time range", show=False, id="histogram.take"),
        Binding("escape", "drop", "Drop the selection", show=False, id="histogram.drop"),
    ]

    class SpanChosen(Message):
        """`[since_us, until_us)` is to be the time range."""

        def __init__(self, since_us: int, until_us: int) -> None:
            super().__init__()
            self.since_us = since_us
            self.until_us = until_us

    class BucketsWanted(Message):
        """The widget has another width: data in this many buckets would fit it."""

        def __init__(self, buckets: int) -> None:
            super().__init__()
            self.buckets = buckets

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._data = HistogramData()
        self._sight: tuple[int, int] | None = None
        self._selection: tuple[int, int] | None = None
        self._dragging = False
        self._hovered: int | None = None
        """The column under the mouse."""
        self._columns: list[Bucket] = []
        self._look: _Look | None = None

    @property
    def data(self) -> HistogramData:
        """What is drawn; assigning redraws it. A selection stays on its time while one end of the range stays."""
        return self._data

    @data.setter
    def data(self, data: HistogramData) -> None:
        if data == self._data:
            return
        if self._selection is not None and not self._dragging:
            self._selection = self._selection_upon(data)
        self._data = data
        self._columns = []
        self.refresh()

    @property
    def sight(self) -> tuple[int, int] | None:
        """First and last time, in µs, of what the table shows."""
        return self._sight

    @sight.setter
    def sight(self, span: tuple[int, int] | None) -> None:
        if span != self._sight:
            self._sight = span
            self.refresh()

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected span `[since_us, until_us)`; None when nothing is selected."""
        if self._selection is None:
            return None
        first, last = sorted(self._selection)
        width = self._width
        return self._data.time_at(first, width), self._data.time_at(last + 1, width)

    @staticmethod
    def buckets_for(width: int) -> int:
        """How many buckets fit a width: one for each column."""
        return max(1, width)

    @property
    def _width(self) -> int:
        return max(1, self.size.width)

    @property
    def _has_range(self) -> bool:
        return self._data.end_us > self._data.start_us

    def _selection_upon(self, data: HistogramData) -> tuple[int, int] | None:
        """The columns of other data at the times of those selected; None when those are of another range."""
        before, width = self._data, self._width
        if self._selection is None or (data.start_us != before.start_us and data.end_us != before.end_us):
            return None
        anchor, head = (data.part_of(before.time_at(2 * x + 1, 2 * width), width) for x in self._selection)
        return anchor, head

    # Choosing

    def _select(self, selection: tuple[int, int] | None) -> None:
        self._selection = selection
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the selection, at first to the later end."""
        if not self._has_range:
            raise SkipAction
        last = self._width - 1
        if self._selection is None:
            self._select((last, last) if by < 0 else (0, 0))
            return
        head = max(0, min(last, self._selection[1] + by))
        self._select((head, head))

    def action_extend(self, by: int) -> None:
        """Move the end of the selection that moved last; the other stays."""
        if self._selection is None:
            self.action_move(by)
            return
        anchor, head = self._selection
        self._select((anchor, max(0, min(self._width - 1, head + by))))

    def action_take(self) -> None:
        """Say that the selection is to be the time range."""
        if self.selection is None:
            raise SkipAction
        since_us, until_us = self.selection
        self._select(None)
        self.post_message(self.SpanChosen(since_us, until_us))

    def action_drop(self) -> None:
        """Drop the selection; without one the key is the app's."""
        if self._selection is None:
            raise SkipAction
        self._select(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A selection begins."""
        if self._has_range and event.button == 1:
            self._dragging = True
            self.capture_mouse()
            x = self._column_at(event)
            self._select((x, x))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The selection follows the mouse; without a drag, the numbers of what is under it are shown."""
        self._hover(self._column_at(event) if self._has_range else None)
        if self._dragging and self._selection is not None:
            selection = (self._selection[0], self._column_at(event))
            if selection != self._selection:
                self._select(selection)

    def on_leave(self) -> None:
        """The axis is shown again."""
        self._hover(None)

    def _hover(self, column: int | None) -> None:
        if column != self._hovered:
            self._hovered = column
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A drag over more than one column chooses; a click leaves the column selected, for the keys."""
        if not self._dragging:
            return
        self._dragging = False
        self.release_mouse()
        if self._selection is not None and self._selection[0] != self._selection[1]:
            self.action_take()

    def _column_at(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset_capture(self)
        return max(0, min(self._width - 1, offset.x))

    # Drawing

    def notify_style_update(self) -> None:
        """A theme changed."""
        super().notify_style_update()
        self._look = None

    def on_resize(self) -> None:
        """Say how many buckets fit now; until they come, the old ones are merged or spread."""
        self._columns = []
        self._selection = None
        self.post_message(self.BucketsWanted(self.buckets_for(self.size.width)))

    def render_line(self, y: int) -> Strip:
        """Marks on the first line, the axis on the last, bars between."""
        width, height = self.size.width, self.size.height
        look = self._resolved()
        if not self._has_range or width < 1:
            return Strip.blank(width, look.base)
        if len(self._columns) != width:
            self._columns = self._data.resampled(width)
        if y == height - 1:
            return self._axis_line(width, look)
        cells = self._mark_cells(width, look) if y == 0 else self._bar_cells(height - 2 - y, height - 2, look)
        return _joined(self._selected(cells, look))

    def _axis_line(self, width: int, look: _Look) -> Strip:
        if self._selection is not None:
            first, last = sorted(self._selection)
            return self._numbers(first, last, width, look, "   enter sets the range")
        if self._hovered is not None:
            return self._numbers(self._hovered, self._hovered, width, look)
        text = axis_text(self._data.start_us, self._data.end_us, self._data.zone, width)
        return Strip([Segment(text, look.base + look.axis)], width)

    def _numbers(self, first: int, last: int, width: int, look: _Look, hint: str = "") -> Strip:
        """How many events the columns stand for, and the hint if there is room for it."""
        times = (self._data.time_at(first, self._width), self._data.time_at(last + 1, self._width))
        since, until = (moment_label(us, self._data.zone) for us in times)
        day = since[: since.rindex(" ") + 1]
        buckets = self._columns[first : last + 1]
        made, changed, lost = (sum(getattr(one, part) for one in buckets) for part in Bucket._fields)
        words = f" {since} – {until.removeprefix(day)}  {Bucket(made, changed, lost).words}"
        words += hint if cell_width(words + hint) <= width else ""
        return Strip([Segment(fit(words, width), look.base + look.span)])

    def _mark_cells(self, width: int, look: _Look) -> list[tuple[str, Style]]:
        """Where something was destroyed, and which columns the table's rows in view span."""
        blank, lost, span = (" ", look.base), (LOST_MARK, look.base + look.lost), look.base + look.span
        cells = [lost if bucket.lost else blank for bucket in self._columns]
        if self._sight is None or self._sight[1] < self._data.start_us or self._sight[0] >= self._data.end_us:
            return cells
        first, last = sorted(self._data.part_of(us, width) for us in self._sight)
        for x in range(first, last + 1):
            if cells[x] == blank:
                end = "╶" if x == first else "╴" if x == last else "─"
                cells[x] = ("▾" if first == last else end, span)
        return cells

    def _bar_cells(self, level: int, levels: int, look: _Look) -> list[tuple[str, Style]]:
        """One line of the bars; level 0 is the lowest."""
        most = max((bucket.total for bucket in self._columns), default=0)
        width = len(self._columns)
        blank, hatched = (" ", look.base), (UNREAD, look.base + look.unread)
        cells = []
        for x, bucket in enumerate(self._columns):
            cell = self._bar_cell(bucket, most, level, levels, look) if bucket.total else None
            cells.append(cell or (blank if self._was_read(x, width) else hatched))
        return cells

    def _was_read(self, x: int, width: int) -> bool:
        """The whole of the column's time was read."""
        data = self._data
        return data.time_at(x, width) >= data.read_from_us and data.time_at(x + 1, width) <= data.read_to_us

    @staticmethod
    def _bar_cell(bucket: Bucket, most: int, level: int, levels: int, look: _Look) -> tuple[str, Style] | None:
        """The cell of a bar on a level, in eighths: destroyed, then changed, then created; None above its top."""
        total, lost, changed = stacked_eighths(bucket, most, levels * 8)
        foot = level * 8
        top = min(8, total - foot)
        if top <= 0:
            return None
        tiers = ((lost, look.lost), (lost + changed, look.changed), (total, look.made))
        lower = next(index for index, (edge, _) in enumerate(tiers) if edge > foot)
        edge, style = tiers[lower]
        if edge >= foot + top:
            return BLOCKS[top], look.base + style
        above = next(other for end, other in tiers[lower + 1 :] if end > edge)
        if top < 8:
            # Three colours do not fit into one cell: the tier that fills more of it represents both.
            return BLOCKS[top], look.base + (style if (edge - foot) * 2 > top else above)
        return BLOCKS[edge - foot], Style(color=style.color, bgcolor=above.color)

    def _selected(self, cells: list[tuple[str, Style]], look: _Look) -> list[tuple[str, Style]]:
        if self._selection is None:
            return cells
        first, last = sorted(self._selection)
        return [
            (text, style + look.selection) if first <= x <= last else (text, style)
            for x, (text, style) in enumerate(cells)
        ]

    def _resolved(self) -> _Look:
        if self._look is None:
            inks = {
                part: ink(self, f"histogram--{part}") for part in _Look._fields if part not in ("base", "selection")
            }
            self._look = _Look(base=self.rich_style, selection=Style(reverse=True), **inks)
        return self._look


def stacked_eighths(bucket: Bucket, most: int, full: int) -> tuple[int, int, int]:
    """Heights of the whole bar, its destroyed and its changed part, out of `full`; nothing is rounded to zero."""
    if not bucket.total or most <= 0:
        return 0, 0, 0
    total = max(1, round(bucket.total * full / most))
    lost = max(1, round(bucket.lost * total / bucket.total)) if bucket.lost else 0
    changed = round(bucket.changed * total / bucket.total)
    return total, min(lost, total), min(changed, total - min(lost, total))


def _joined(cells: list[tuple[str, Style]]) -> Strip:
    """Cells as a strip, neighbours of one style in one segment."""
    segments: list[Segment] = []
    text, style = "", None
    for char, own in cells:
        if own != style and text:
            segments.append(Segment(text, style))
            text = ""
        text, style = text + char, own
    if text:
        segments.append(Segment(text, style))
    return Strip(segments, len(cells))
