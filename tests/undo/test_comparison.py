"""Three states of a thing: before the selected events, after them, now."""

from __future__ import annotations

import pytest

from gumnut_tui.report.timelines import Change, Known, Sight, Timeline
from gumnut_tui.undo.comparison import Standing, states
from gumnut_tui.undo.selection import Span

IN, OUT = Known(True), Known(False)
REMOVED = Change(5, 500, IN, OUT)
ADDED = Change(8, 800, OUT, IN)
TAKEN_AGAIN = Change(9, 900, IN, OUT)


@pytest.mark.parametrize(
    ("changes", "sights", "standing"),
    [
        ([REMOVED], [], Standing.LOST),
        ([REMOVED, ADDED], [], Standing.BACK),
        ([REMOVED, ADDED, TAKEN_AGAIN], [], Standing.CHANGED),
        ([Change(5, 500, None, OUT)], [], Standing.UNKNOWN),
        ([Change(5, 500, None, OUT)], [Sight(100, 100, True)], Standing.LOST),
        ([REMOVED], [Sight(900, 900, True)], Standing.BACK),
    ],
    ids=["lost", "back", "changed again", "unknown", "seen before", "seen back"],
)
def test_what_follows_from_events_and_sights(
    changes: list[Change[bool]], sights: list[Sight[bool]], standing: Standing
) -> None:
    """What came back or was changed again is no loss; what it was before must be known."""
    assert states(Timeline(changes, sights), Span(5, 5)).standing() is standing
