"""Filters, ranges, order and library, by key and by mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import Input

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.when import PRESETS
from tests.app.scripted import ScriptedClient, cursor, long_activity
from tests.app.stage import make_app
from tests.app.waiting import (
    answer,
    click_text,
    is_read,
    line_with,
    main_screen,
    press,
    running,
    screen_text,
    selected_cursor,
    shown,
    wait_for_text,
    wait_until,
)
from tests.factories import NOW, make_event

TRASHED = [cursor(number) for number in range(60, 0, -10)]
ALBUM = [cursor(number) for number in (56, 49, 42, 35, 28, 21, 14, 7)]


AGES = [timedelta(days=90), timedelta(days=20), timedelta(days=3), timedelta(hours=12), timedelta(minutes=30)]


@pytest.mark.parametrize(("key", "count", "preset"), [*zip("12345", range(1, 6), PRESETS[:5], strict=True)])
async def test_digits_choose_the_range(key: str, count: int, preset: str) -> None:
    """1 to 5 show the last hour, 24 hours, 7 days, 30 days and everything."""
    events = [make_event(number, created_at=NOW - age) for number, age in enumerate(AGES, 1)]
    app = make_app(ScriptedClient(events))
    async with running(app) as pilot:
        await press(pilot, key)
        await wait_until(pilot, lambda: len(shown(app)) == count)
        await wait_for_text(pilot, f"‹{preset}›")


async def test_d_shows_destructive_events_only() -> None:
    """d leaves what took something away, says so, and d again shows all."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "d")
        assert shown(app) == TRASHED
        assert "[destructive ×]" in screen_text(app)
        assert "6 shown of 60 loaded" in screen_text(app)
        await press(pilot, "d")
        assert len(shown(app)) == 60


async def test_the_selected_event_stays_selected_under_a_filter() -> None:
    """What passes the filter stays selected; what does not gives way to the nearest row."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, *"j" * 10)
        assert selected_cursor(app) == cursor(50)
        await press(pilot, "d")
        assert selected_cursor(app) == cursor(50)
        await press(pilot, "d", "j", "d")
        assert selected_cursor(app) in (cursor(50), cursor(40))
        assert main_screen(app).table.cursor_line is not None


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (("enter",), TRASHED),
        (("j", "enter"), [cursor(n) for n in range(60, 0, -1) if cursor(n) not in ALBUM]),
        (("j", "j", "enter"), TRASHED),
        (("j", "j", "j", "enter"), [cursor(60), cursor(40), cursor(20)]),
    ],
    ids=["operation", "entity type", "event type", "entity"],
)
async def test_plus_narrows_to_a_value_of_the_row(choices: tuple[str, ...], expected: list[str]) -> None:
    """+ offers the operation, types and entity of the selected event, and shows only these."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "plus", *choices)
        await wait_until(pilot, lambda: shown(app) == expected)


@pytest.mark.parametrize("key", ["plus", "minus"])
async def test_the_entity_to_choose_is_called_by_its_name(key: str) -> None:
    """While one chooses, rows may come in and another one be selected."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, key)
        await wait_until(pilot, lambda: "IMG_0000.JPG" in line_with(app, "this entity"))


NOT_ASSETS = [cursor(number) for number in range(60, 0, -1) if cursor(number) not in ALBUM]


@pytest.mark.parametrize(
    ("choices", "left_out", "chip"),
    [
        (("enter",), TRASHED, "[not trashed ×]"),
        (("j", "enter"), NOT_ASSETS, "[not asset ×]"),
        (("j", "j", "enter"), TRASHED, "[not asset_trashed ×]"),
        (("j", "j", "j", "enter"), [cursor(60), cursor(40), cursor(20)], "[not IMG_0000.JPG ×]"),
    ],
    ids=["operation", "entity type", "event type", "entity"],
)
async def test_minus_leaves_a_value_of_the_row_out(choices: tuple[str, ...], left_out: list[str], chip: str) -> None:
    """- offers the same values as +, hides the one chosen, and says which in words; a click brings it back."""
    app = make_app()
    async with running(app, (140, 34)) as pilot:
        await press(pilot, "minus", *choices)
        expected = [c for c in map(cursor, range(60, 0, -1)) if c not in left_out]
        await wait_until(pilot, lambda: shown(app) == expected)
        await click_text(pilot, chip, at=2)
        await wait_until(pilot, lambda: len(shown(app)) == 60)


async def test_a_filter_by_entity_is_called_by_its_name() -> None:
    """No id that nobody knows stands among the filters."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "T")
        await wait_for_text(pilot, "[IMG_0000.JPG ×]")


async def test_t_is_about_what_the_detail_shows() -> None:
    """After a jump that is not the entity of the row."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "J")
        await wait_for_text(pilot, "Italy")
        await press(pilot, *"italy", "enter")
        await wait_until(pilot, lambda: is_read(app))
        await press(pilot, "T")
        await wait_until(pilot, lambda: shown(app) == ALBUM)
        await wait_for_text(pilot, "[Italy ×]")


@pytest.mark.parametrize("key", ["plus", "minus", "T", "m", "right_curly_bracket", "J", "y", "Y"])
async def test_a_key_about_an_event_says_when_there_is_none(key: str) -> None:
    """Instead of doing nothing."""
    app = make_app(ScriptedClient([]))
    async with running(app, until=lambda app: "Nothing happened" in screen_text(app)) as pilot:
        await press(pilot, key)
        await wait_for_text(pilot, "no event is selected")


async def test_keys_that_have_no_room_on_a_small_screen_say_so() -> None:
    """The histogram needs lines, and tabs a detail to turn in."""
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "b")
        await wait_for_text(pilot, "the histogram needs a screen of 30 lines")
        await press(pilot, "right_square_bracket")
        await wait_for_text(pilot, "the detail is not shown: enter opens it")


async def test_esc_in_the_chooser_changes_nothing() -> None:
    """Going away without choosing leaves the filter as it was."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "plus", "escape")
        assert len(shown(app)) == 60
        assert app.screen is main_screen(app)


async def test_backslash_suspends_and_resumes() -> None:
    """\\ lets everything pass while the filter stays written down, and takes it back into force."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "d", "backslash")
        assert len(shown(app)) == 60
        assert "(destructive)" in screen_text(app)
        await press(pilot, "backslash")
        assert shown(app) == TRASHED


async def test_without_a_filter_there_is_nothing_to_suspend() -> None:
    """It says so; a time range is none."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "1", "backslash")
        await wait_for_text(pilot, "no filter to suspend")


async def test_a_new_filter_ends_the_suspension() -> None:
    """A filter one sets acts at once, also when filters were suspended."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "d", "backslash", "T")
        assert shown(app) == [cursor(60), cursor(40), cursor(20)]


async def test_t_shows_this_entity_only() -> None:
    """T leaves the events of the selected entity, and T again all."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "j", "T")
        assert shown(app) == [cursor(59), cursor(39), cursor(19)]
        await press(pilot, "T")
        assert len(shown(app)) == 60
        assert selected_cursor(app) == cursor(59)


async def test_a_chip_is_dropped_by_a_click() -> None:
    """A click on a filter in the status line drops just that one."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "d", "T")
        await click_text(pilot, "[destructive ×]", at=2)
        assert "destructive ×" not in screen_text(app)
        assert shown(app) == [cursor(60), cursor(40), cursor(20)]


async def test_a_hint_is_chosen_by_a_click() -> None:
    """A click on a key in the status line does what the key does."""
    app = make_app()
    async with running(app) as pilot:
        await click_text(pilot, "d deletions")
        assert shown(app) == TRASHED


@pytest.mark.parametrize(
    ("label", "count", "left_out"), [("album ", "8", ALBUM), ("▽ trashed", "6", TRASHED)], ids=["type", "operation"]
)
async def test_a_click_in_the_sidebar_lets_a_value_out(label: str, count: str, left_out: list[str]) -> None:
    """Types and operations are switched by clicking them, and counts stay those of what is loaded."""
    app = make_app()
    async with running(app, (120, 40)) as pilot:
        await click_text(pilot, f"[x] {label}", at=4)
        await wait_until(pilot, lambda: shown(app) == [c for c in map(cursor, range(60, 0, -1)) if c not in left_out])
        assert line_with(app, f"[ ] {label}").split("│")[1].split()[-1] == count


async def test_the_sidebar_works_by_keys() -> None:
    """In the sidebar space toggles what is under the cursor, + leaves only that, - takes it out."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await press(pilot, "f", "G", "k", "k")
        assert getattr(screen.panes.sidebar.item, "operation", None) is Operation.TRASHED
        await press(pilot, "plus")
        assert shown(app) == TRASHED
        await press(pilot, "plus")
        await press(pilot, "minus")
        assert len(shown(app)) == 54
        await press(pilot, "space")
        assert len(shown(app)) == 60


async def test_a_preset_is_chosen_by_a_click() -> None:
    """The ranges in the sidebar can be clicked."""
    app = make_app()
    async with running(app) as pilot:
        await click_text(pilot, " 1h ", at=1)
        await wait_until(pilot, lambda: len(shown(app)) == 12)


async def test_a_custom_range_is_asked_for() -> None:
    """custom… takes two times in the WHEN grammar, and says what is wrong with a bad one."""
    app = make_app()
    async with running(app) as pilot:
        await click_text(pilot, "custom…", at=1)
        await answer(pilot, "nonsense")
        await wait_for_text(pilot, "nonsense")
        assert main_screen(app).panes.prompt.purpose == "range"
        await answer(pilot, "10:00 - 11:00")
        await wait_until(pilot, lambda: is_read(app) and len(shown(app)) == 12)


@pytest.mark.parametrize("words", ["yesterday", "19 Nov", "2026-11-19", "Thu 19 Nov", "19 Nov 00:00 .. 20 Nov 00:00"])
async def test_a_day_as_a_range_is_that_day(words: str) -> None:
    """Not all that came since it began: `yesterday` is yesterday."""
    ages = (timedelta(hours=60), timedelta(hours=30), timedelta(hours=20), timedelta(hours=1))
    events = [make_event(number, created_at=NOW - age) for number, age in enumerate(ages, 1)]
    app = make_app(ScriptedClient(events))
    async with running(app) as pilot:
        await click_text(pilot, "custom…", at=1)
        await answer(pilot, words)
        await wait_until(pilot, lambda: is_read(app) and shown(app) == [cursor(3), cursor(2)])


async def test_the_question_for_a_range_holds_the_one_in_force() -> None:
    """So that it can be changed instead of typed anew."""
    app = make_app()
    async with running(app) as pilot:
        await click_text(pilot, "custom…", at=1)
        await answer(pilot, "10:00 - 11:00")
        await wait_until(pilot, lambda: is_read(app) and len(shown(app)) == 12)
        await click_text(pilot, "‹10:00", at=1)
        await wait_until(pilot, lambda: app.screen.query_one(Input).value == "10:00 - 11:00")


async def test_text_is_a_filter_in_the_sidebar() -> None:
    """The text of the sidebar leaves only rows that hold it, in names too."""
    app = make_app()
    async with running(app, (120, 40)) as pilot:
        await click_text(pilot, "none", at=1)
        await answer(pilot, "italy")
        await wait_until(pilot, lambda: shown(app) == ALBUM)
        assert "[“italy” ×]" in screen_text(app)


async def test_another_library_is_chosen_by_a_click() -> None:
    """The sidebar lists the account's libraries; choosing one reads that one."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await click_text(pilot, "○ Work", at=2)
        await wait_until(pilot, lambda: is_read(app) and client.asked[-1][0] == "lib_work")
        assert "Work" in line_with(app, "Gumnut activity")


async def test_v_turns_the_order_and_keeps_the_selection() -> None:
    """With everything read, v turns the rows around the selected event without asking the service."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        await press(pilot, "j", "j")
        asked = len(client.asked)
        await press(pilot, "v")
        assert shown(app) == [cursor(number) for number in range(1, 61)]
        assert selected_cursor(app) == cursor(58)
        assert "oldest first" in screen_text(app)
        assert len(client.asked) == asked


async def test_v_reads_from_the_other_end_when_that_was_not_read() -> None:
    """Turned before everything was read, the screen begins with the oldest event of the range."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100))
    async with running(app) as pilot:
        await press(pilot, "v")
        await wait_until(pilot, lambda: is_read(app) and shown(app)[0] == cursor(1))
        rows = shown(app)
        assert rows == [cursor(number) for number in range(1, len(rows) + 1)]


async def test_a_drag_over_the_histogram_chooses_the_range() -> None:
    """What the mouse marks on the histogram becomes the range; esc and 2 lead back."""
    app = make_app()
    async with running(app) as pilot:
        histogram = main_screen(app).panes.histogram
        width = histogram.size.width
        await pilot.mouse_down(histogram, offset=(width - 9, 1))
        await pilot.hover(histogram, offset=(width - 4, 1))
        await pilot.mouse_up(histogram, offset=(width - 4, 1))
        await wait_until(pilot, lambda: is_read(app) and 0 < len(shown(app)) < 40)
        assert "‹24h›" not in screen_text(app)


async def test_keys_choose_a_span_of_the_histogram() -> None:
    """In the histogram h and H mark a span, and enter makes it the range."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "shift+tab", "h", "H", "H", "H", "enter")
        await wait_until(pilot, lambda: is_read(app) and 0 < len(shown(app)) < 60)


async def test_filters_of_the_command_line_act_from_the_start() -> None:
    """What was asked for on the command line is in force, and visible as a filter one can drop."""
    app = make_app(filter=EventFilter(operations=frozenset({Operation.TRASHED})))
    async with running(app) as pilot:
        assert shown(app) == TRASHED
        assert "[trashed ×]" in screen_text(app)
        await press(pilot, "escape")
        assert len(shown(app)) == 60


async def test_a_filter_without_a_match_says_how_to_leave() -> None:
    """No row is an answer with a way out, and esc brings the rows back."""
    app = make_app(filter=EventFilter(event_types=frozenset({"face_created"})))
    async with running(app, until=lambda app: "No event matches" in screen_text(app)) as pilot:
        await press(pilot, "j", "k", "G", "g", "enter", "escape")
        await wait_until(pilot, lambda: len(shown(app)) == 60)


async def test_an_empty_range_says_so() -> None:
    """A quiet range is said to be quiet, with a key that reaches further."""
    app = make_app(ScriptedClient([]))
    async with running(app, until=lambda app: "Nothing happened" in screen_text(app)):
        assert "LIVE" in screen_text(app)


async def test_where_no_row_is_left_nothing_is_looked_at() -> None:
    """The detail does not go on about an event that is filtered out; with the rows it comes back."""
    app = make_app()
    async with running(app) as pilot:
        before = selected_cursor(app)
        await press(pilot, "f", "G", "enter", *"nowhere to be found", "enter")
        await wait_for_text(pilot, "No event matches the filters", "No event is selected.")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: selected_cursor(app) == before)
        assert "No event is selected." not in screen_text(app)


async def test_the_way_back_from_nothing_is_told_by_the_keys_there_are() -> None:
    """Those that were configured."""
    keys = {"filter.suspend": "f9", "range.all": "A"}
    app = make_app(settings={"keys": keys}, filter=EventFilter(event_types=frozenset({"face_created"})))
    async with running(app, until=lambda app: "No event matches" in screen_text(app)) as pilot:
        await wait_for_text(pilot, "esc clears them, f9 suspends them")
