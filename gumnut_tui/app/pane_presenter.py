"""Keeps everything around the rows current: title, status, sidebar, histogram, detail, words at the table's ends.

Each of the costlier panes is redrawn in a frame of its own: together they would block the keys for too long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from textual.containers import Vertical
from textual.content import Content

from gumnut_tui.app import view_state
from gumnut_tui.app.frozen_view import FrozenView
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import NOTICE_SECONDS
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.models import Library
from gumnut_tui.feed.poller import PollPhase
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import zone_name
from gumnut_tui.ui.keymap import ACTIONS, key_sign
from gumnut_tui.ui.widgets.detail_pages import DetailState, Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.filter_sidebar import FilterSidebar
from gumnut_tui.ui.widgets.histogram import Histogram
from gumnut_tui.ui.widgets.prompt import Prompt
from gumnut_tui.ui.widgets.status_line import FeedMode, Hint, StatusLine, StatusState, TitleLine, TitleState

if TYPE_CHECKING:
    from gumnut_tui.api.caller import Wait

TITLE_FRAME = 4
"""Cells that the frame keeps of the line with the title."""
HINTED = (("help", "help"), ("actions", "actions"), ("search", "search"), ("filter.destructive", "deletions"))
"""Actions in the status line, each with its word; the most important first, as there may be little room."""


Draw = Callable[[], None]


class Panes(msgspec.Struct, frozen=True):
    """The widgets of the main screen, a field each; made once, composed by it."""

    activity: Vertical
    """Holds histogram and table."""
    table: EventTable
    sidebar: FilterSidebar
    histogram: Histogram
    detail: DetailPane
    title: TitleLine
    status: StatusLine
    prompt: Prompt


class RedrawQueue:
    """A queue of redraws by name; one asked for again while it waits is done once, as last asked for."""

    def __init__(self, after: Callable[[Draw], object]) -> None:
        """`after` calls something back when the next frame is over."""
        self._after = after
        self._waiting: dict[str, Draw] = {}

    @property
    def are_over(self) -> bool:
        """Nothing waits to be redrawn."""
        return not self._waiting

    def ask(self, name: str, draw: Draw) -> None:
        """Redraw something soon."""
        if self.are_over:
            self._after(self._next)
        self._waiting[name] = draw

    def _next(self) -> None:
        # What is selected is looked at before what surrounds it.
        draw = self._waiting.pop("detail" if "detail" in self._waiting else next(iter(self._waiting)))
        if self._waiting:
            self._after(self._next)
        draw()


class Notice(NamedTuple):
    """A message in the status line: what it is about, and until when it is shown."""

    words: str = ""
    about: str = ""
    ends_at: datetime | None = None
    """None: not before the next one."""


class PanePresenter:
    """Draws from one `OpenLibrary`, or from none yet."""

    def __init__(
        self,
        panes: Panes,
        *,
        clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        after: Callable[[Callable[[], None]], object],
        keys: Mapping[str, str],
    ) -> None:
        """`after` calls something back when the next frame is over; `keys` are those of the settings."""
        self._panes = panes
        self._keys = keys
        self._hints = tuple(Hint(key_sign(name, keys), word, ACTIONS[name].runs) for name, word in HINTED)
        self.redraws = RedrawQueue(after)
        """Redraws that wait for a frame of their own."""
        self._clock = clock
        self._zone = zone
        self.is_demo = False
        """What is shown is the demo library."""
        self._library: OpenLibrary | None = None
        self._has_failed = False
        self.libraries: Sequence[Library] = ()
        self._wait_ends: tuple[datetime, str] | None = None
        self.frozen: FrozenView | None = None
        """The view as it was frozen; None while it is not."""
        self.progress: Callable[[], str] = lambda: ""
        """Words on what is in progress; they take precedence over the notice."""
        self._notice = Notice()

    def reset(self, library: OpenLibrary) -> None:
        """Show this library from now on."""
        self._library = library
        self.frozen = None
        self._notice = Notice()

    def show(self) -> None:
        """Show everything: the words at once, the costlier panes in their turn."""
        self.show_title()
        self.show_status()
        self.show_ends()
        self.redraws.ask("sidebar", self.show_sidebar)
        self.redraws.ask("histogram", self.show_histogram)

    def listed(self) -> Sequence[Library]:
        """The libraries of the account."""
        return self.libraries

    def show_detail(self, state: DetailState) -> None:
        """Show what is selected, in its turn; what the cursor passes within a frame is left out."""
        self.redraws.ask("detail", partial(self._panes.detail.show, state))

    def show_sight(self, first_us: int, last_us: int) -> None:
        """Show the times of the rows in view, in their turn."""

        def draw() -> None:
            self._panes.histogram.sight = first_us, last_us

        self.redraws.ask("sight", draw)

    @property
    def is_history_shown(self) -> bool:
        """Whether the history is on the screen."""
        return self._panes.detail.tab is Tab.HISTORY

    @property
    def is_related_shown(self) -> bool:
        """Whether the tab of related entities is shown."""
        return self._panes.detail.tab is Tab.RELATED

    @property
    def known_types(self) -> Sequence[str]:
        """Entity types there are to filter by."""
        return [facet.entity_type for facet in self._panes.sidebar.state.types]

    @property
    def is_settled(self) -> bool:
        """Every pane is up to date."""
        return self.redraws.are_over

    def fail(self, error: GumnutError) -> None:
        """There is nothing to read: show why in place of the rows."""
        self._has_failed = True
        self._panes.table.empty = view_state.error_words(error)
        self.show_title()

    def say(self, words: str, *, about: str = "", seconds: float | None = NOTICE_SECONDS) -> None:
        """Show words in the status line for so many seconds, or else until the next ones; `about` is their subject."""
        ends_at = None if seconds is None else self._clock() + timedelta(seconds=seconds)
        self._notice = Notice(words, about, ends_at)
        self.show_status()

    def unsay(self, about: str) -> None:
        """Take the words in the status line away if they are about this."""
        if self._notice.words and self._notice.about == about:
            self.say("")

    def look_at_clock(self) -> None:
        """Count seconds in the title, and take away what was shown for long enough."""
        self.show_title()
        if self._notice.ends_at is not None and self._clock() >= self._notice.ends_at:
            self.say("", seconds=None)

    def set_wait(self, wait: Wait | None) -> None:
        """The client waits before it retries, or no longer does."""
        self._wait_ends = None if wait is None else (self._clock() + timedelta(seconds=wait.seconds), wait.reason)
        self.show_title()

    def show_title(self) -> None:
        """Library, mode and zone."""
        now = self._clock()
        zone = zone_name(self._zone(), now)
        library = self._library
        if library is None:
            mode = FeedMode.OFFLINE if self._has_failed else FeedMode.READING
            self._panes.title.state = TitleState(mode=mode, zone=zone)
            return
        name = library.context.library.name if library.context.library else "your library"
        self._panes.title.state = TitleState(
            library=f"{name} (demo)" if self.is_demo else name,
            mode=self._mode(library),
            note=self._mode_note(library, now),
            zone=zone,
        )

    def _mode(self, library: OpenLibrary) -> FeedMode:
        if library.context.is_offline:
            return FeedMode.OFFLINE
        is_frozen, is_waiting, poller = self.frozen is not None, self._wait_ends is not None, library.poller
        return view_state.mode_of(poller.state, waiting=is_waiting, frozen=is_frozen, silence=poller.silence())

    def _mode_note(self, library: OpenLibrary, now: datetime) -> str:
        if library.context.is_offline:
            return view_state.offline_note(library.context.link, self._zone(), now)
        if self.frozen is not None:
            return f"{number(self.frozen.count_new())} new · {self.key('freeze')} resumes"
        if self._wait_ends is not None:
            return view_state.retry_note(*self._wait_ends, now)
        note = view_state.mode_note(library.poller.state, now, library.poller.silence())
        if library.poller.state.phase is not PollPhase.REFUSED:
            return note
        # It is not asked again by itself.
        return f"{note}{' · ' if note else ''}{self.key('ask')} retries"

    def key(self, name: str) -> str:
        """The key of an action, as a person writes it."""
        return key_sign(name, self._keys)

    def show_status(self) -> None:
        """Progress or notice, filters, counts, and how far the feed was read."""
        if self._library is None:
            self._panes.status.state = StatusState(hints=self._hints)
            return
        event_list = self._library.event_list
        # What was just said comes first: a search is on the screen for long, and must not hide an answer to a key.
        message = " · ".join(filter(None, (self._notice.words, self.progress())))
        reach = view_state.reach_words(event_list.feed, self._zone(), self._clock())
        late = view_state.late_words_of(event_list.feed, self.key)
        self._panes.status.state = StatusState(
            shown=len(event_list.rows),
            loaded=event_list.loaded,
            actions=view_state.actions_words(event_list),
            reach=" · ".join(filter(None, ("" if reach in message else reach, late))),
            order="newest first" if event_list.newest_first else "oldest first",
            message=message,
            chips=view_state.chips_of(event_list, self.known_types),
            hints=self._hints,
        )

    def show_day(self, day: str = "", parts: Sequence[str] = ()) -> None:
        """What was done on the newest day, where actions are shown: as many parts as there is room for."""
        title = f"Activity · {day}: " if parts else "Activity"
        room = self._panes.activity.size.width - TITLE_FRAME
        for part in parts:
            longer = f"{title}{part}" if title.endswith(": ") else f"{title} · {part}"
            title = longer if cell_width(longer) <= room else title
        self._panes.activity.border_title = Content(title.removesuffix(": "))

    def show_ends(self) -> None:
        """The words beyond the rows, or in their place."""
        library = self._library
        if library is None:
            return
        event_list, table = library.event_list, self._panes.table
        table.empty = view_state.empty_words(event_list, library.range, library.poller.state, self.key)
        words = view_state.edge_words(event_list, self._zone(), self._clock())
        table.set_note("bottom" if event_list.grows_below else "top", words)
        table.set_note("top" if event_list.grows_below else "bottom", "")

    def show_sidebar(self) -> None:
        """Choices and counts."""
        library = self._library
        if library is not None:
            self._panes.sidebar.state = view_state.sidebar_state(
                library.event_list, library.range, self.libraries, library.context.library_id
            )

    def show_histogram(self) -> None:
        """The rows over the chosen range."""
        library, histogram = self._library, self._panes.histogram
        if library is None or not histogram.display:
            return
        buckets = histogram.buckets_for(histogram.size.width)
        histogram.data = view_state.histogram_data(library.event_list, library.range, buckets, self._zone())
