"""Keeps everything around the rows true: title, status, sidebar, histogram, and the words at the table's ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from gumnut_tui.app import panels
from gumnut_tui.app.panes import Panes
from gumnut_tui.app.reading import Reading
from gumnut_tui.app.walk import grows_below
from gumnut_tui.formatting.times import zone_name
from gumnut_tui.formatting.words import number
from gumnut_tui.models import Library
from gumnut_tui.widgets.status_line import FeedMode, Hint, StatusState, TitleState

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
        """`after` calls something back in a moment."""
        self._panes = panes
        self._after = after
        self._is_due = False
        self._is_outdated = False
        self._clock = clock
        self._zone = zone
        self.is_demo = False
        """What is shown is the demo library."""
        self.reading: Reading | None = None
        self.libraries: Sequence[Library] = ()
        self._wait_ends: tuple[datetime, str] | None = None
        self.frozen_at: int | None = None
        """Rows there were when the view was frozen; None while it is not."""
        self.progress: Callable[[], str] = lambda: ""
        """Words on what is under way; they stand before the notice."""
        self.notice = ""

    def show_all(self) -> None:
        """Everything."""
        self.show_title()
        self.show_status()
        self.show_ends()
        self.show_sidebar()
        self.show_histogram()

    def show_soon(self) -> None:
        """Everything, the costlier panes in frames of their own: none of them holds up the keys for long."""
        self.show_title()
        self.show_status()
        self.show_ends()
        self._is_outdated = True
        if not self._is_due:
            self._is_due = True
            self._after(self._show_sidebar_then)

    def _show_sidebar_then(self) -> None:
        self._is_outdated = False
        self.show_sidebar()
        self._after(self._show_histogram_last)

    def _show_histogram_last(self) -> None:
        self.show_histogram()
        self._is_due = self._is_outdated
        if self._is_due:
            # More has come since the sidebar was drawn.
            self._after(self._show_sidebar_then)

    @property
    def is_settled(self) -> bool:
        """Everything shows what there is."""
        return not self._is_due

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
            self._panes.title.state = TitleState(zone=zone)
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
            return f"{number(len(reading.feed.store) - self.frozen_at)} new · space resumes"
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
        histogram.data = panels.histogram_data(
            self.reading.browser, self.reading.range, buckets, self._zone(), self._clock()
        )
