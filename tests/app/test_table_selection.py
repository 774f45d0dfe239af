"""What is selected: what is under the cursor, and what is marked."""

from __future__ import annotations

from datetime import timedelta

from tests.app.scripted import ScriptedClient, activity
from tests.app.stage import make_app
from tests.app.waiting import main_screen, press, running, wait_until


async def test_marked_events_are_told_in_feed_order() -> None:
    """Whatever the order in which they were marked, and however the rows are ordered."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        selection = screen.library.selection
        newest = selection.event()
        await press(pilot, "m", "m", "j", "m")
        marked = selection.marked_events()
        assert [event.cursor for event in marked] == sorted(event.cursor for event in marked)
        assert (len(marked), marked[-1]) == (3, newest)
        await press(pilot, "g", "m")
        assert selection.marked_events() == marked[:-1]


async def test_marking_an_action_marks_its_events() -> None:
    """All of them at once; the cursor goes on to the next action."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        selection = screen.library.selection
        assert selection.action() is None
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.library.is_current)
        await press(pilot, "g")
        action, event = selection.action(), selection.event()
        assert action is not None
        await press(pilot, "m")
        assert len(selection.marked_events()) == action.events
        assert event in selection.marked_events()
        assert selection.action() != action
