"""Incidents on the screen: listed, marked in the table, shown, copied and saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.app.unread import RETRY
from gumnut_tui.domain.errors import ConnectionFailed
from gumnut_tui.domain.models import Event
from tests.app.missing_photos import (
    DELETED,
    DELETION,
    FEW,
    TRASH,
    TRASHED,
    burst,
    cursors,
    listed,
    make_missing,
    missing_photos,
)
from tests.app.scripted import ScriptedClient, long_activity
from tests.app.stage import SECRET, HandClock, make_app
from tests.app.waiting import (
    answer,
    line_with,
    main_screen,
    press,
    running,
    screen_text,
    shown,
    wait_for_text,
    wait_until,
)


async def test_i_lists_the_incidents_newest_first() -> None:
    """How many of what, from when to when, and how many can be had back; `esc` leads back to the rows."""
    app = make_missing()
    async with running(app) as pilot:
        before = shown(app)
        await listed(pilot)
        text = screen_text(app)
        assert "15 photos deleted" in text
        assert "12 photos trashed" in text
        assert "12 recoverable" in line_with(app, "03:00:00–03:00:11")
        assert text.index("15 photos deleted") < text.index("12 photos trashed")
        await press(pilot, "escape")
        assert "recoverable" not in line_with(app, "03:00:00–")
        assert shown(app) == before


@pytest.mark.parametrize(("keys", "events"), [(["enter"], DELETION), (["j", "enter"], TRASH)])
async def test_enter_shows_exactly_its_events(keys: list[str], events: list[Event]) -> None:
    """Nothing before, nothing after, no other kind; `<` leads back to what was shown."""
    app = make_missing()
    async with running(app) as pilot:
        before = shown(app)
        await listed(pilot)
        await press(pilot, *keys)
        await wait_until(pilot, lambda: shown(app) == cursors(events))
        await press(pilot, "<")
        await wait_until(pilot, lambda: shown(app) == before)


async def test_esc_leads_from_an_incident_to_the_list_and_to_the_range_before() -> None:
    """The list is where it was left; a filter set meanwhile is dropped first."""
    app = make_missing()
    async with running(app) as pilot:
        before = shown(app)
        await listed(pilot)
        await press(pilot, "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "escape")
        await wait_for_text(pilot, "as of today 12:00:00", "12 photos trashed")
        assert "12 recoverable" in screen_text(app)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "escape")
        await wait_for_text(pilot, "as of today 12:00:00")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: shown(app) == before and app.screen is main_screen(app))
        await press(pilot, "escape")
        assert app.screen is main_screen(app)


async def test_the_list_reads_on_to_the_end_of_the_range() -> None:
    """It says from when it was read, and what comes later is added while one looks at it."""
    client = ScriptedClient([*burst("asset_deleted", DELETED, 3000, 20), *long_activity()], page_rows=100)
    app = make_app(client)
    async with running(app) as pilot:
        assert main_screen(app).library.event_list.more_to_read
        client.gate.clear()
        await press(pilot, "i")
        await wait_for_text(pilot, "older ones are not read yet")
        client.gate.set()
        await wait_for_text(pilot, "15 photos deleted")
        await wait_until(pilot, lambda: "not read yet" not in screen_text(app))
        assert "events from 2026-11-19 12:00:00 (UTC)" in screen_text(app)
        await press(pilot, "escape")
        await pilot.pause()
        assert not main_screen(app).library.opened.reads_on


async def test_rows_of_an_incident_carry_its_sign() -> None:
    """Rows of both incidents, and no other row."""
    app = make_missing()
    async with running(app, size=(140, 60)):
        screen = main_screen(app)
        rows = screen.library.event_list.rows
        signed = {screen.library.store.event(row).cursor for row in rows.view if row in screen.table.incidents}
        assert signed == {event.cursor for event in (*TRASH, *DELETION)}


async def test_y_copies_the_incident_and_capital_r_the_restore_command() -> None:
    """Markdown with its events only; a command for the photos in the trash, without the key."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "j", "y")
        await wait_until(pilot, lambda: "IMG_0100.JPG" in app.clipboard)
        assert "asset_deleted" not in app.clipboard
        await press(pilot, "R")
        await wait_for_text(
            pilot, f"Restore command for {TRASHED} photos", "curl -sS", "this program only reads".capitalize()
        )
        await press(pilot, "y")
        await wait_until(pilot, lambda: "curl" in app.clipboard)
        assert app.clipboard.count('"asset_1') == TRASHED
        assert "$GUMNUT_API_KEY" in app.clipboard
        assert SECRET not in app.clipboard
        await press(pilot, "escape")
        await wait_for_text(pilot, "Incidents")


@pytest.mark.parametrize("ending", ["md", "html", "csv", "jsonl"])
async def test_w_saves_the_report(tmp_path: Path, ending: str) -> None:
    """In the form the name ends with; every destructive event of the range, also those of no incident."""
    app = make_missing()
    path = tmp_path / f"report.{ending}"
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "w")
        await answer(pilot, str(path))
        await wait_for_text(pilot, f"Saved {TRASHED + DELETED + FEW} events")
    text = path.read_text()
    assert "IMG_0100.JPG" in text
    assert SECRET not in text
    if ending == "jsonl":
        rows = [json.loads(line) for line in text.splitlines()]
        assert len(rows) == TRASHED + DELETED + FEW
        assert {row["status"] for row in rows} == {"trashed", "gone"}
        assert sum(row["incident"] is None for row in rows) == FEW


async def test_another_ending_is_refused(tmp_path: Path) -> None:
    """Nothing is written, and the question stays."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "w")
        await answer(pilot, str(tmp_path / "report.pdf"))
        await wait_until(pilot, lambda: ".jsonl" in screen_text(app))
        assert main_screen(app).panes.prompt.purpose == "report"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "count"),
    [({"incident_size": FEW, "incident_pause": 100.0}, 3), ({"incident_size": 13}, 1), ({"incident_pause": 0.5}, 0)],
    ids=["small and slow", "large only", "no pause"],
)
async def test_pause_and_size_are_settings(settings: dict[str, Any], count: int) -> None:
    """What counts as one is configured."""
    app = make_missing(settings=settings)
    async with running(app, size=(120, 50)) as pilot:
        await listed(pilot)
        text = screen_text(app)
        assert text.count(" photos deleted in ") + text.count(" photos trashed in ") == count
        assert ("No incident" in text) == (not count)


async def test_a_service_that_does_not_answer_leaves_the_list_as_it_is() -> None:
    """The incidents are there, and it says why nobody knows what became of them."""
    client = missing_photos()
    app = make_app(client)
    async with running(app) as pilot:

        async def fail(*_asked: object) -> Any:
            raise ConnectionFailed("GET /api/assets", "no route to host")

        client.entities = fail  # type: ignore[method-assign, assignment]
        await press(pilot, "i")
        await wait_for_text(pilot, "15 photos deleted", "no route to host")


async def test_what_became_of_it_is_asked_again_once_the_service_answers() -> None:
    """While the list is open; the error is told once."""
    client, clock = missing_photos(), HandClock()
    app = make_app(client, services={"clock": clock.now})
    async with running(app) as pilot:
        asked = list[object]()
        answer = client.entities

        async def fail(*wanted: object) -> Any:
            asked.append(wanted)
            raise ConnectionFailed("GET /api/assets", "no route to host")

        client.entities = fail  # type: ignore[method-assign, assignment]
        await press(pilot, "i")
        await wait_for_text(pilot, "no route to host")
        clock.add(RETRY.total_seconds())
        await wait_until(pilot, lambda: len(asked) > 1)
        client.entities = answer  # type: ignore[method-assign]
        clock.add(RETRY.total_seconds())
        await wait_for_text(pilot, "15 gone for good", f"{TRASHED} in the trash")
