"""Actions on the screen: in place of events, growing, unfolded, searched, and looked at."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gumnut_tui.app.event_list import SEVERAL
from gumnut_tui.report.digest import COLUMNS
from tests.app.scripted import ScriptedClient, activity, later
from tests.app.stage import make_app
from tests.app.waiting import answer, main_screen, press, running, screen_text, wait_for_text, wait_until
from tests.factories import NOW, make_event


async def test_a_turns_the_table_between_actions_and_events() -> None:
    """What was done stands in rows of its own, with all their events behind enter and the arrows."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app) as pilot:
        table = main_screen(app).table
        events = table.row_count
        await press(pilot, "a")
        await wait_until(pilot, lambda: table.is_grouped and 0 < table.row_count < events)
        folded = table.row_count
        assert " ACTION " in screen_text(app)
        assert f"{folded} actions · {events} shown" in screen_text(app)
        await press(pilot, "right")
        await wait_until(pilot, lambda: table.row_count > folded)
        assert table.cursor == 0
        await press(pilot, "j", "left")
        await wait_until(pilot, lambda: table.row_count == folded)
        assert table.cursor == 0
        await press(pilot, "enter", "a")
        await wait_until(pilot, lambda: table.row_count == events)


async def test_an_action_that_is_going_on_grows_in_place() -> None:
    """New events do not move the view; what is selected stays selected."""
    client = ScriptedClient(activity(60, timedelta(seconds=20)))
    app = make_app(client, since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.table.row_count > 0)
        await press(pilot, "G")
        row, line, count = screen.table.cursor_row, screen.table.cursor_line, screen.table.row_count
        client.held.append(later(61))
        await press(pilot, "r")
        await wait_until(pilot, lambda: screen.library.event_list.loaded == 61 and screen.library.is_current)
        grown = screen.table.row_count - count
        assert (screen.table.cursor_row, screen.table.cursor_line) == (row, (line or 0) + grown)


@pytest.mark.parametrize(("keys", "order"), [("j" * 40, "↑"), ("v" + "k" * 40, "↓")])
async def test_actions_that_begin_out_of_view_are_counted_as_new(keys: str, order: str) -> None:
    """Whether the selected one is in sight or not, nothing moves."""
    events = [
        make_event(
            number,
            event_type=("asset_trashed", "asset_restored")[number % 2],
            entity_id=f"asset_{number}",
            created_at=NOW - timedelta(minutes=10 * (100 - number)),
        )
        for number in range(100)
    ]
    client = ScriptedClient(events)
    app = make_app(client, since="all")
    async with running(app, size=(80, 24)) as pilot:
        table = main_screen(app).table
        await press(pilot, "a")
        await wait_until(pilot, lambda: table.is_grouped and table.row_count == 100)
        await press(pilot, *keys)
        for new, name in enumerate(("asset_moved_in", "asset_moved_out"), 1):
            lines = [line for line in screen_text(app).splitlines() if "photo" in line]
            client.held.append(make_event(200 + new, event_type=name, created_at=NOW))
            await press(pilot, "r")
            await wait_for_text(pilot, f"{order} {new} new")
            shown = screen_text(app)
            assert all(line[2:-3] in shown for line in lines)
            assert table.row_count == 100 + new
            table.scroll_to(y=table.scroll_y + 25 * (-1 if order == "↓" else 1), animate=False)
            await pilot.pause()


async def test_the_detail_of_an_action_grows_with_it() -> None:
    """Its figures are those of its row."""
    client = ScriptedClient(activity(60, timedelta(seconds=20)))
    app = make_app(client, since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.library.is_current)
        await press(pilot, "G")
        await wait_until(pilot, lambda: len(screen.details.state.history) > 1)
        row, known = screen.table.cursor_row, len(screen.details.state.history)
        client.held.append(later(61))
        await press(pilot, "r")
        await wait_until(pilot, lambda: screen.library.event_list.loaded == 61 and screen.library.is_current)
        action = screen.library.event_list.action_of(row or 0)
        assert action is not None
        await wait_until(pilot, lambda: len(screen.details.state.history) == action.events)
        assert action.events > known


async def test_an_action_in_an_incident_is_marked_whatever_was_read_first() -> None:
    """Events that take nothing away may come before and after those that do."""
    links = [
        make_event(
            number,
            entity_type="album_asset",
            entity_id=f"link_{number}",
            event_type="album_asset_removed" if 0 < number < 12 else "album_asset_added",
            payload={"album_id": "album_1", "asset_id": f"asset_{number}"},
            created_at=NOW - timedelta(seconds=60 - number),
        )
        for number in range(13)
    ]
    app = make_app(ScriptedClient(links), since="all")
    async with running(app) as pilot:
        await press(pilot, "a")
        await wait_for_text(pilot, "⊕ album")
        (line,) = (line for line in screen_text(app).splitlines() if "⊕ album" in line and "11:59:00" in line)
        assert "▸▎11:59:00 ⊕ album" in line


async def test_search_and_deletions_go_from_action_to_action() -> None:
    """Hits within the action one is on are not gone to one by one."""
    app = make_app(ScriptedClient(activity(60, timedelta(minutes=7))), since="all")
    async with running(app) as pilot:
        table = main_screen(app).table
        await press(pilot, "a")
        await wait_until(pilot, lambda: table.is_grouped and table.row_count > 0)
        before = table.cursor
        await press(pilot, "e")
        await wait_until(pilot, lambda: table.cursor != before)
        assert table.cursor_row is not None
        assert table.cursor_row < 0


@pytest.mark.parametrize(("key", "left"), [("plus", 2), ("minus", 4)])
async def test_plus_and_minus_offer_what_any_event_of_an_action_is(key: str, left: int) -> None:
    """An action is of several operations and types; none of them stands for it."""
    kinds = ["asset_created", "asset_updated", "asset_updated", "asset_created", "asset_updated", "asset_updated"]
    upload = [
        make_event(number, entity_id=f"asset_{number // 3}", event_type=kind, created_at=NOW - timedelta(seconds=60))
        for number, kind in enumerate(kinds)
    ]
    app = make_app(ScriptedClient(upload), since="all")
    async with running(app) as pilot:
        await press(pilot, "a")
        await wait_for_text(pilot, "+ upload")
        await press(pilot, key)
        await wait_for_text(pilot, "operation updated", "operation created", "event type asset_updated")
        await press(pilot, "j", "enter")
        await wait_for_text(pilot, f"1 action · {left} shown of 6")


@pytest.mark.parametrize("key", ["T", "}"])
async def test_what_is_asked_of_one_entity_is_asked_of_the_only_one_of_an_action(key: str) -> None:
    """Of an action about several it is said that there are several."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.details.state.history)
        await press(pilot, "G")
        await wait_until(pilot, lambda: len(screen.details.state.history) > 1)
        await press(pilot, key)
        await wait_for_text(pilot, SEVERAL.format("l"))
        await press(pilot, "g")
        await wait_until(pilot, lambda: len(screen.details.state.history) == 1)
        only = screen.library.selection.entity_id()
        await press(pilot, "T")
        assert only is not None
        await wait_until(pilot, lambda: screen.library.event_list.filter.entity_id == only)
        await wait_until(pilot, lambda: screen.table.row_count > 1)


async def test_one_comes_back_to_an_action_from_what_it_is_about() -> None:
    """Escape shows again what the action did; another zone tells it in that zone's time."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all", zone=ZoneInfo("Asia/Tokyo"))
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.details.state.history)
        told = screen.details.state.action
        await press(pilot, "J")
        await wait_for_text(pilot, "type to filter")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: screen.details.state.action != told and screen.details.state.known)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: screen.details.state.action == told and screen.details.state.history)
        await press(pilot, "tilde")
        await wait_until(pilot, lambda: screen.details.state.action != told)


async def test_on_a_small_screen_the_arrow_goes_on_to_the_detail_of_an_action() -> None:
    """First it unfolds it; escape comes back."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app, size=(80, 24)) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.library.is_current)
        await press(pilot, "right")
        await wait_until(pilot, lambda: screen.library.event_list.is_unfolded(screen.table.cursor_row or 0))
        assert not screen.panes.detail.display
        await press(pilot, "right")
        await wait_until(pilot, lambda: screen.panes.detail.display)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: screen.table.has_focus and not screen.panes.detail.display)


async def test_capital_y_copies_the_action_as_the_command_tells_it() -> None:
    """And how to read the feed from its first event."""
    app = make_app(ScriptedClient(activity(60, timedelta(minutes=7))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.details.subject is not None and screen.details.state.action)
        await press(pilot, "y")
        copied = app.clipboard
        await press(pilot, "Y")
        await wait_for_text(pilot, "cURL to read the feed from here")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: app.clipboard != copied)
        told = json.loads(app.clipboard)
        assert (told["id"], told["action"], told["incident"]) == (copied, "trash", None)


@pytest.mark.parametrize("form", ["csv", "jsonl", "md", "html"])
async def test_w_saves_the_actions_that_are_shown(tmp_path: Path, form: str) -> None:
    """Those with an event that passes, in the order of the screen, in the forms of the command."""
    app = make_app(ScriptedClient(activity(60, timedelta(minutes=7))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a", "d")
        await wait_until(pilot, lambda: screen.table.is_grouped and screen.library.is_current)
        lines = screen.library.event_list.lines
        shown = [screen.library.event_list.action_of(lines[index]) for index in range(len(lines))]
        assert shown
        await press(pilot, "w")
        await answer(pilot, str(tmp_path / f"a.{form}"))
        await wait_for_text(pilot, f"Saved {len(shown)} actions")
    text = (tmp_path / f"a.{form}").read_text()
    assert text.count("to the trash") == len(shown)
    if form == "jsonl":
        rows = [json.loads(line) for line in text.splitlines()]
        assert [(row["id"], row["events"]) for row in rows] == [(one.id, one.events) for one in shown if one]
        assert tuple(rows[0]) == COLUMNS


async def test_the_detail_of_an_action_tells_what_it_did() -> None:
    """Each tab has something to say, and none fails."""
    app = make_app(ScriptedClient(activity(60, timedelta(seconds=20))), since="all")
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "a")
        await wait_until(pilot, lambda: screen.details.state.action)
        assert "undo" in screen_text(app)
        await wait_until(pilot, lambda: screen.details.state.history)
        for _ in range(4):
            await press(pilot, "]")
        await press(pilot, "m", "y")
        assert len(screen.library.opened.marks) == len(screen.details.state.history) or screen.table.cursor != 0
