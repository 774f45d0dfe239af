"""The histogram never shows unread time as quiet, and a span of it can be chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.app import App, ComposeResult

from gumnut_tui.domain.models import Operation, to_us
from gumnut_tui.ui.widgets.histogram import (
    LOST_MARK,
    UNREAD,
    Bucket,
    Histogram,
    HistogramData,
    bucket_of,
    stacked_eighths,
)
from tests.factories import NOW
from tests.ui.widgets.table_app import screen_lines, settle

HOUR = 3_600_000_000
END = to_us(NOW)
START = END - 24 * HOUR
WIDTH = 48
"""Two columns an hour."""


def make_data(buckets: dict[int, Bucket], read_from_us: int = START) -> HistogramData:
    """A day in half hours, read from the start unless told otherwise."""
    counts = tuple(buckets.get(index, Bucket()) for index in range(WIDTH))
    return HistogramData(START, END, counts, read_from_us, END)


class HistogramApp(App[None]):
    """The histogram alone, and what it said."""

    def __init__(self, data: HistogramData) -> None:
        super().__init__()
        self.shown = data
        self.spans: list[tuple[int, int]] = []
        self.wanted: list[int] = []

    def compose(self) -> ComposeResult:
        """The histogram."""
        yield Histogram()

    def on_mount(self) -> None:
        """Show the data."""
        self.histogram.data = self.shown
        self.histogram.focus()

    @property
    def histogram(self) -> Histogram:
        """The histogram under test."""
        return self.query_one(Histogram)

    def on_histogram_span_chosen(self, message: Histogram.SpanChosen) -> None:
        """Keep it."""
        self.spans.append((message.since_us, message.until_us))

    def on_histogram_buckets_wanted(self, message: Histogram.BucketsWanted) -> None:
        """Keep it."""
        self.wanted.append(message.buckets)


async def test_bars_stand_where_something_happened_and_losses_are_marked_above() -> None:
    """The highest bar fills the height; a loss carries its sign whatever its share."""
    app = HistogramApp(make_data({4: Bucket(made=100), 20: Bucket(made=50), 30: Bucket(made=99, lost=1)}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await settle(pilot)
        marks, upper, lower, _ = screen_lines(app)
        assert (upper[4], lower[4]) == ("█", "█")
        assert (upper[20], lower[20]) == (" ", "█")
        assert [x for x, char in enumerate(marks) if char == LOST_MARK] == [30]
        assert upper[10] == lower[10] == " "


async def test_unread_parts_are_hatched_and_never_look_quiet() -> None:
    """Left of what was read, every column without a bar is hatched; right of it none is."""
    app = HistogramApp(make_data({30: Bucket(made=5)}, read_from_us=START + 12 * HOUR))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await settle(pilot)
        for line in screen_lines(app)[1:3]:
            assert line[:24] == UNREAD * 24
            assert UNREAD not in line[24:]


async def test_what_the_table_shows_is_shown_above_the_bars() -> None:
    """A line over the columns of the rows in sight; a mark of a loss stays."""
    app = HistogramApp(make_data({12: Bucket(lost=1)}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        app.histogram.sight = (START + 5 * HOUR, START + 7 * HOUR)
        await settle(pilot)
        assert screen_lines(app)[0][9:16] == " ╶─✗─╴ "


async def test_a_drag_chooses_a_span() -> None:
    """From the first column's start to the last column's end, in either direction."""
    app = HistogramApp(make_data({}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await settle(pilot)
        await pilot.mouse_down(Histogram, offset=(13, 1))
        await pilot.hover(Histogram, offset=(10, 1))
        await settle(pilot)
        assert app.histogram.selection == (START + 5 * HOUR, START + 7 * HOUR)
        await pilot.mouse_up(Histogram, offset=(10, 1))
        await settle(pilot)
        assert app.spans == [(START + 5 * HOUR, START + 7 * HOUR)]
        assert app.histogram.selection is None


async def test_keys_choose_a_span() -> None:
    """Move, extend, take; the axis says which span it is."""
    app = HistogramApp(make_data({}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await pilot.press("left", "left", "shift+left", "shift+left", "shift+left")
        await settle(pilot)
        assert "20 Nov 09:30 – 11:30  nothing" in screen_lines(app)[3]
        await pilot.press("enter")
        await settle(pilot)
        assert app.spans == [(START + 21 * HOUR + HOUR // 2, START + 23 * HOUR + HOUR // 2)]


@pytest.mark.parametrize(
    ("bucket", "words"),
    [
        (Bucket(), "nothing"),
        (Bucket(changed=1), "1 event: 1 changed"),
        (Bucket(made=1200, changed=3, lost=2), "1,205 events: 2 lost, 1,200 added, 3 changed"),
    ],
)
def test_a_bar_says_its_numbers(bucket: Bucket, words: str) -> None:
    """What was lost first."""
    assert bucket.words == words


async def test_the_numbers_of_a_bar_are_shown_under_the_mouse_and_the_selection() -> None:
    """In place of the axis; of several columns together; and the axis again when the mouse has left."""
    app = HistogramApp(make_data({10: Bucket(made=7), 11: Bucket(changed=1, lost=2)}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await pilot.hover(Histogram, offset=(10, 1))
        await settle(pilot)
        assert screen_lines(app)[3].strip() == "19 Nov 17:00 – 17:30  7 events: 7 added"
        await pilot.mouse_down(Histogram, offset=(10, 1))
        await pilot.hover(Histogram, offset=(11, 1))
        await settle(pilot)
        assert screen_lines(app)[3].strip().startswith("19 Nov 17:00 – 18:00  10 events: 2 lost")
        app.histogram.action_drop()
        app.histogram.on_leave()
        await settle(pilot)
        assert "events" not in screen_lines(app)[3]


async def test_a_selection_stays_on_its_time_while_the_feed_goes_on() -> None:
    """New events move one end of the axis; another range, of which both ends are others, drops it."""
    app = HistogramApp(make_data({}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await settle(pilot)
        await pilot.press("left", "left", "left", "shift+left")
        chosen = app.histogram.selection
        assert chosen is not None
        grown = app.histogram.data
        app.histogram.data = replace(grown, end_us=grown.end_us + HOUR // 4)
        kept = app.histogram.selection
        assert kept is not None
        assert all(abs(now - then) <= HOUR for now, then in zip(kept, chosen, strict=True))
        app.histogram.data = replace(grown, start_us=grown.start_us - HOUR, end_us=grown.end_us + HOUR)
        assert app.histogram.selection is None


async def test_escape_drops_the_selection() -> None:
    """Nothing is chosen then."""
    app = HistogramApp(make_data({}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await pilot.press("right", "escape")
        await settle(pilot)
        assert app.histogram.selection is None
        assert app.spans == []


async def test_another_width_asks_for_as_many_buckets_and_draws_the_old_ones_meanwhile() -> None:
    """Counts are merged until new ones come; none is lost."""
    app = HistogramApp(make_data({4: Bucket(lost=1), 5: Bucket(lost=2)}))
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await settle(pilot)
        await pilot.resize_terminal(24, 4)
        await settle(pilot)
        assert app.wanted == [WIDTH, 24]
        assert screen_lines(app)[0][2] == LOST_MARK
        assert screen_lines(app)[1][2] == "█"


def test_a_wider_widget_shows_no_gaps_between_old_buckets() -> None:
    """A column without a bucket of its own shows the one it lies in, not a quiet moment."""
    assert make_data({n: Bucket(made=1) for n in range(WIDTH)}).resampled(100) == [Bucket(made=1)] * 100


@pytest.mark.parametrize("width", [1, 7, 30, 85])
async def test_every_line_is_exactly_as_wide_as_the_widget(width: int) -> None:
    """Whatever the number of buckets in the data, with and without a selection."""
    app = HistogramApp(make_data({n: Bucket(n, n % 5, n % 7) for n in range(WIDTH)}))
    async with app.run_test(size=(width, 5)) as pilot:
        await settle(pilot)
        for key in ("shift+right", "shift+right"):
            assert [app.histogram.render_line(y).cell_length for y in range(4)] == [width] * 4
            await pilot.press(key)


async def test_without_a_range_nothing_is_drawn() -> None:
    """Before the first data the widget is blank and keys do nothing."""
    app = HistogramApp(HistogramData())
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await pilot.press("left", "enter", "escape")
        await settle(pilot)
        assert "".join(screen_lines(app)).strip() == ""


def test_operations_fall_into_three_kinds() -> None:
    """Destructive ones apart, moved out among them; an unknown one counts as a change."""
    counts = dict.fromkeys(Operation, 1)
    assert bucket_of(counts) == Bucket(made=4, changed=2, lost=4)


@given(
    made=st.integers(0, 10**6), changed=st.integers(0, 10**6), lost=st.integers(0, 10**6), extra=st.integers(0, 10**6)
)
def test_what_is_there_is_never_rounded_away(made: int, changed: int, lost: int, extra: int) -> None:
    """A single loss among a million keeps an eighth; no bar is higher than the highest."""
    bucket = Bucket(made, changed, lost)
    total, low, middle = stacked_eighths(bucket, bucket.total + extra, 16)
    assert 0 <= low + middle <= total <= 16
    assert (total > 0) == (bucket.total > 0)
    assert (low > 0) == (lost > 0)
