"""The pages of the detail pane: event, entity, history, related, JSON."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from textual.geometry import Offset

from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.ui.widgets.detail_pages import Past, Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from tests.factories import NOW, make_event
from tests.ui.widgets.detail_app import FIELDS, RELATED, DetailApp, make_state, press


async def test_only_history_in_sight_is_made() -> None:
    """Without its tab no event of a history is asked for; with it, about a screenful, however long it is."""
    app = DetailApp(make_state(history=range(100_000)))
    async with app.run_test(size=(50, 30)) as pilot:
        await pilot.pause()
        assert app.asked == []
        app.pane.show_tab(Tab.HISTORY)
        await pilot.pause()
        assert 0 < len(set(app.asked)) < 40


async def test_history_begins_at_the_event_and_says_what_was_chosen() -> None:
    """The cursor stands on the event itself; enter on another one says its row."""
    app = DetailApp(make_state(7, history=range(20, -1, -1)), tab=Tab.HISTORY)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert app.body_lines[app.body.cursor - app.body.scroll_offset.y].startswith("▸")
        await press(pilot, "j", "enter")
        assert app.said == [DetailPane.HistoryChosen(6)]


async def test_a_growing_history_keeps_the_cursor_on_its_event() -> None:
    """New events of the entity push in above; the event under the cursor stays the same."""
    app = DetailApp(make_state(7, history=range(20, -1, -1)), tab=Tab.HISTORY)
    async with app.run_test(size=(60, 30)) as pilot:
        await press(pilot, "j", "j")
        app.show(make_state(7, history=range(25, -1, -1)))
        await press(pilot, "enter")
        assert app.said == [DetailPane.HistoryChosen(5)]


async def test_related_says_what_was_chosen() -> None:
    """Headings and notes are passed over; enter says kind and id."""
    app = DetailApp(make_state(related=RELATED), tab=Tab.RELATED)
    async with app.run_test(size=(60, 30)) as pilot:
        await press(pilot, "enter", "j", "enter", "G", "enter")
        assert app.said == [
            DetailPane.RelatedChosen("album", "album_1"),
            DetailPane.RelatedChosen("person", "person_1"),
            DetailPane.RelatedChosen("person", "person_2"),
        ]
        assert "and 3 more" in app.body_text


async def test_a_click_opens_a_related_entity() -> None:
    """One click on a name is enough; one on a heading does nothing."""
    app = DetailApp(make_state(related=RELATED), tab=Tab.RELATED)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        y = next(y for y, line in enumerate(app.body_lines) if "Bo" in line)
        await pilot.click(app.body, offset=Offset(3, y))
        await pilot.click(app.body, offset=Offset(3, 0))
        assert app.said == [DetailPane.RelatedChosen("person", "person_2")]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (make_state(related=()), "No related entities"),
        (make_state(related=None), "Not read yet"),
        (make_state(related=None, related_note="reading…"), "reading…"),
        (make_state(related=None, related_note="GET /api/albums got no answer"), "no answer"),
    ],
)
async def test_related_says_why_it_is_empty(state: object, words: str) -> None:
    """Nothing there, not asked for, being read, or failed: four different words."""
    app = DetailApp(state, tab=Tab.RELATED)  # type: ignore[arg-type]
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert words in app.body_text


async def test_json_is_the_event_as_the_api_gives_it() -> None:
    """Under the API's names, its time as the service writes it."""
    app = DetailApp(make_state(event=make_event(created_at=NOW)), tab=Tab.JSON)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert f'"created_at": "{NOW:%Y-%m-%dT%H:%M:%S}Z"' in app.body_text


async def test_json_nested_too_deeply_is_said_to_be() -> None:
    """A payload nested as deeply as can be read at all does not end the program."""
    event = msgspec.structs.replace(make_event(), payload=msgspec.Raw(b'{"a":' + b"[" * 985 + b"]" * 985 + b"}"))
    app = DetailApp(make_state(event=event), tab=Tab.JSON)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert "nested too deeply" in app.body_text


async def test_in_the_trash_no_album_list_is_not_none() -> None:
    """The service hides the albums of what is in the trash; what it was in before stands there instead."""
    trashed = EntityState("asset", "asset_1", Presence.TRASHED, NOW, Entity("asset", "asset_1", FIELDS, NOW))
    app = DetailApp(make_state(entity=trashed, albums=(), past=Past(("Italy",))), tab=Tab.ENTITY, width=70)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        assert "albums then Italy" in app.body_text
        assert "albums none" not in app.body_text
        app.show(make_state(albums=()))
        assert "albums none" in app.body_text


def difference(minutes: int, *lines: Fact) -> Difference:
    """Found by a read so many minutes after `NOW`."""
    return Difference(NOW, NOW + timedelta(minutes=minutes), lines)


async def test_history_shows_what_changed_between_the_events() -> None:
    """Where two reads differ, what changed stands between the events, with both times; events are picked as before."""
    rename = difference(5, Fact("name", "Italy → Rome"), Fact("description", "— → 2026"))
    differences = [
        (0, difference(1, Fact("a", "1 → 2"))),
        (2, rename),
        (2, difference(9, Fact("", "no longer there"))),
    ]
    app = DetailApp(make_state(0, history=range(3), differences=differences), tab=Tab.HISTORY, width=70)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        rows = [line.strip() for line in app.body_lines if line.strip()]
        assert [row[:1] for row in rows] == list("┆┆▸1┆┆┆┆┆1")
        assert rows[4:9] == [
            "┆ read 12:05:00, changed since 12:00:00",
            "┆ name         Italy → Rome",
            "┆ description  — → 2026",
            "┆ read 12:09:00, changed since 12:00:00",
            "┆ no longer there",
        ]
        await press(pilot, "j", "j", "enter")
        assert app.said == [DetailPane.HistoryChosen(2)]
        app.show(make_state(0, history=range(4), differences=differences[1:]))
        await press(pilot, "enter")
        assert app.said[1:] == [DetailPane.HistoryChosen(2)]


async def test_a_long_history_stays_quick() -> None:
    """Ten thousand events and hundreds of changes: an event that comes in makes no more rows than are in sight."""
    differences = [(10 * number, difference(number, Fact("name", "a → b"))) for number in range(500)]
    app = DetailApp(make_state(9_000, history=range(10_000), differences=differences), tab=Tab.HISTORY)
    async with app.run_test(size=(60, 30)) as pilot:
        await press(pilot, "k")
        assert len(app.body.page.rows) > 11_000
        app.asked.clear()
        app.show(make_state(9_000, history=range(10_001), differences=differences))
        await press(pilot, "enter")
        assert app.said == [DetailPane.HistoryChosen(8_999)]
        assert len(set(app.asked)) < 40


async def test_without_events_what_changed_is_shown_all_the_same() -> None:
    """An entity one jumped to may have no event at hand, but reads that differ."""
    app = DetailApp(make_state(history=(), differences=[(0, difference(1, Fact("a", "1 → 2")))]), tab=Tab.HISTORY)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert "None of its events is loaded." in app.body_text
        assert "1 → 2" in app.body_text
