"""What the rows say: their cells, and the days between them."""

from __future__ import annotations

from datetime import timedelta

from tests.app.scripted import ScriptedClient, activity
from tests.app.stage import make_app
from tests.app.waiting import main_screen, press, running, screen_text, wait_until
from tests.factories import NOW


async def test_days_stand_between_the_rows_and_move_on_at_midnight() -> None:
    """The rows of today become yesterday's while one looks at them; the header tells the day of the top row."""
    clock = [NOW]
    app = make_app(ScriptedClient(activity(60, timedelta(hours=2))), since="all", services={"clock": lambda: clock[0]})
    async with running(app) as pilot:
        assert "│today      OP " in screen_text(app)
        assert "yesterday ──" in screen_text(app)
        assert "Wed 18 Nov ──" in screen_text(app)
        clock[0] = NOW + timedelta(hours=13)
        main_screen(app).library.look_at_clock()
        await pilot.pause()
        assert "│yesterday  OP " in screen_text(app)
        assert "Thu 19 Nov ──" in screen_text(app)


async def test_the_day_of_an_action_is_that_of_its_first_event() -> None:
    """Its cells tell what was done; an event among them tells its own."""
    app = make_app(ScriptedClient(activity(60, timedelta(hours=2))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        rows, event_list = screen.library.rows, screen.library.event_list
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.library.is_current)
        row = event_list.lines[0]
        action = event_list.action_of(row)
        assert action is not None
        first = next(iter(event_list.rows_of(action)))
        assert rows.day_of(row) == rows.day_of(first)
        assert rows.cells_of(row) != rows.cells_of(first)
