"""The history in the detail pane: its events, what changed between them, and how it keeps its place."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.formatting.facts import Fact
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.ui.widgets.detail_history import history_page
from gumnut_tui.ui.widgets.detail_pages import Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from tests.factories import NOW, make_event
from tests.ui.widgets.detail_app import DetailApp, make_state, press


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


def test_what_a_line_has_no_room_for_goes_on_below_it() -> None:
    """So that a name, and what became of a photo, are never what is cut."""
    removed = make_event(
        1,
        entity_type="album_asset",
        entity_id="link_1",
        event_type="album_asset_removed",
        payload={"album_id": "album_1", "asset_id": "asset_9"},
    )
    state = make_state(0, history=(0,), event_at=lambda _row: removed)
    lines = ["".join(span.text for span in row.spans).rstrip() for row in history_page(state, 36).rows]
    assert lines[0].startswith("▸ 19 Nov 12:00:01  − removed")
    assert " ".join(" ".join(lines[1:]).split()) == "asset …et_9 ← album …um_1 photo may be safe"
    assert all(len(line) <= 36 for line in lines)
    assert len(history_page(state, 100).rows) == 1
