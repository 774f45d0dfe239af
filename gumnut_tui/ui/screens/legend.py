"""What each sign on the screen means: for the help."""

from __future__ import annotations

from gumnut_tui.domain.action_facts import What
from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.screens.help import HelpGroup
from gumnut_tui.ui.widgets.histogram import LOST_MARK, UNREAD
from gumnut_tui.ui.widgets.status_line import FeedMode
from gumnut_tui.ui.widgets.table_columns import GUTTERS, INCIDENT_MARK

_ROWS = ("selected", "marked", "selected and marked")
_FEED = {
    FeedMode.LIVE: "live: everything so far was read",
    FeedMode.READING: "reading the first rows",
    FeedMode.CATCHING_UP: "catching up with the newest events",
    FeedMode.PAUSED: "the view is frozen; events are still read",
    FeedMode.RETRYING: "no answer; trying again",
    FeedMode.OFFLINE: "offline: as last seen",
    FeedMode.COMPLETE: "complete: the range has an end",
}


def legend() -> tuple[HelpGroup, ...]:
    """The signs, in groups like keys."""
    rows = tuple((sign, words) for sign, words in zip(list(GUTTERS.values())[1:], _ROWS, strict=True))
    actions = dict[str, list[str]]()
    for what in What:
        actions.setdefault(what.glyph, []).append(what.word)
    return (
        HelpGroup("Signs of events", tuple((operation.glyph, operation.word) for operation in Operation)),
        HelpGroup("Signs of actions", tuple((glyph, ", ".join(words)) for glyph, words in actions.items())),
        HelpGroup("Signs of rows", (*rows, (INCIDENT_MARK, "part of an incident"))),
        HelpGroup(
            "Histogram",
            (
                (LOST_MARK, "something was lost then"),
                (UNREAD, "not read yet"),
                ("▾ ╶─╴", "the rows in sight"),
            ),
        ),
        HelpGroup("Feed", tuple((mode.glyph, words) for mode, words in _FEED.items())),
    )
