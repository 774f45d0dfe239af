"""Keeps everything around the rows true: title, status, sidebar, histogram, detail, words at the table's ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from gumnut_tui.app import view_state as panels
from gumnut_tui.app.open_library import Reading
from gumnut_tui.app.redraw_queue import Turns
from gumnut_tui.app.seek import grows_below
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.models import Library
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import zone_name
from gumnut_tui.ui.panes import Panes
from gumnut_tui.ui.widgets.detail_state import DetailState
from gumnut_tui.ui.widgets.status_line import FeedMode, Hint, StatusState, TitleState

if TYPE_CHECKING:
    from gumnut_tui.api.retry import Wait

HINTS = (Hint("?", "help", "app.help"), Hint("/", "search", "search"), Hint("d", "deletions", "destructive"))
"""The one to keep longest first, where there is little room."""


class Surroundings:
    """Draws from one `Reading`, or from none yet."""

    def __init__(
        self,
        panes: Panes,
        *,
        clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        after: Callable[[Callable[[], None]], object],
    ) -> None:
        """`after` calls something back when the next frame is over."""
        self._panes = panes
        self.turns = Turns(after)
        """Redraws that wait for a frame of their own."""
        self._clock = clock
        self._zone = zone
        self.is_demo = False
        """What is shown is the demo library."""
        self.reading: Reading | None = None
        self._has_failed = False
        self.libraries: Sequence[Library] = ()
        self._wait_ends: tuple[datetime, str] | None = None
        self.frozen_at: int | None = None
        """Rows there were when the view was frozen; None while it is not."""
        self.progress: Callable[[], str] = lambda: ""
        """Words on what is under way; they stand before the notice."""
        self.notice = ""

    def show(self) -> None:
        """Everything: the words at once, the costlier panes in their turn."""
        self.show_title()
        self.show_status()
        self.show_ends()
        self.turns.ask("sidebar", self.show_sidebar)
        self.turns.ask("histogram", self.show_histogram)

    def show_detail(self, state: DetailState) -> None:
        """What is selected, in its turn; what one moves past within a frame is left out."""
        self.turns.ask("detail", partial(self._panes.detail.show, state))

    def show_sight(self, first_us: int, last_us: int) -> None:
        """The times of the rows in sight, in their turn."""

        def draw() -> None:
            self._panes.histogram.sight = first_us, last_us

        self.turns.ask("sight", draw)

    @property
    def is_settled(self) -> bool:
        """Everything shows what there is."""
        return self.turns.are_over

    def fail(self, error: GumnutError) -> None:
        """There is nothing to read: say why in place of the rows."""
        self._has_failed = True
        self._panes.table.empty = panels.error_words(error)
        self.show_title()

    def say(self, words: str) -> None:
        """A word in the status line, until the next one."""
        self.notice = words
        self.show_status()

    def set_wait(self, wait: Wait | None) -> None:
        """The client waits before it asks again, or no longer does."""
        self._wait_ends = None if wait is None else (self._clock() + timedelta(seconds=wait.seconds), wait.reason)
        self.show_title()

    def show_title(self) -> None:
        """Library, mode and zone."""
        now = self._clock()
        zone = zone_name(self._zone(), now)
        reading = self.reading
        if reading is None:
            mode = FeedMode.OFFLINE if self._has_failed else FeedMode.READING
            self._panes.title.state = TitleState(mode=mode, zone=zone)
            return
        name = reading.library.name if reading.library else "your library"
        self._panes.title.state = TitleState(
            library=f"{name} (demo)" if self.is_demo else name,
            mode=self._mode(reading),
            note=self._mode_note(reading, now),
            zone=zone,
        )

    def _mode(self, reading: Reading) -> FeedMode:
        if reading.is_offline:
            return FeedMode.OFFLINE
        is_frozen = self.frozen_at is not None
        return panels.mode_of(reading.follower.state, waiting=self._wait_ends is not None, frozen=is_frozen)

    def _mode_note(self, reading: Reading, now: datetime) -> str:
        if reading.is_offline:
            return panels.offline_note(reading.link, self._zone(), now)
        if self.frozen_at is not None:
            new = max(0, reading.browser.loaded - self.frozen_at)
            return f"{number(new)} new · space resumes"
        if self._wait_ends is not None:
            return panels.retry_note(*self._wait_ends, now)
        return panels.mode_note(reading.follower.state, now)

    def show_status(self) -> None:
        """Progress or notice, filters, counts, and how far was read."""
        if self.reading is None:
            self._panes.status.state = StatusState(hints=HINTS)
            return
        browser = self.reading.browser
        message = self.progress() or self.notice
        reach = panels.reach_words(browser.feed, self._zone(), self._clock())
        self._panes.status.state = StatusState(
            shown=len(browser.rows),
            loaded=browser.loaded,
            reach="" if reach in message else reach,
            order="newest first" if browser.newest_first else "oldest first",
            message=message,
            chips=panels.chips_of(browser.filter, suspended=browser.suspended, only_marked=browser.marked is not None),
            hints=HINTS,
        )

    def show_ends(self) -> None:
        """The words beyond the rows, or in their place."""
        if self.reading is None:
            return
        browser, table = self.reading.browser, self._panes.table
        table.empty = panels.empty_words(browser, self.reading.range, self.reading.follower.state)
        words = panels.edge_words(browser, self._zone(), self._clock())
        table.set_note("bottom" if grows_below(browser) else "top", words)
        table.set_note("top" if grows_below(browser) else "bottom", "")

    def show_sidebar(self) -> None:
        """Choices and counts."""
        reading = self.reading
        if reading is not None:
            self._panes.sidebar.state = panels.sidebar_state(
                reading.browser, reading.range, self.libraries, reading.library_id
            )

    def show_histogram(self) -> None:
        """The rows over the chosen range."""
        histogram = self._panes.histogram
        if self.reading is None or not histogram.display:
            return
        buckets = histogram.buckets_for(histogram.size.width)
        histogram.data = panels.histogram_data(self.reading.browser, self.reading.range, buckets, self._zone())
