"""The detail pane shows what it is given, at once, and says what was chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rich.cells import cell_len
from textual.geometry import Offset

from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.formatting.field_changes import Difference, changes
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.ui.widgets.detail_head import DetailHead
from gumnut_tui.ui.widgets.detail_pages import TABS, Past, Related, RelatedGroup, Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane, TabStrip
from tests.factories import NOW, make_event
from tests.ui.widgets.detail_app import FIELDS, RELATED, DetailApp, make_state, make_unread, press

PICTURE = Pixels(8, 6, bytes([200, 100, 50, 255]) * 48)
GONE = EntityState("asset", "asset_1", Presence.GONE, NOW)
HOSTILE = {
    "control": "a\x00b\x07c\x1b[31md\x9be\nf\tg",
    "markup": "[bold red]x[/] [@click=app.quit]y[/] [link=http://e.x]z",
    "bidi": "\u202egpj.exe\u202c \u2066x\u2069",
    "zero width": "a\u200bb\u200dc\ufeffd",
    "long": "x" * 5000,
    "wide": "写真" * 400,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "stacked": "Z" + "\u0301" * 50,
    "surrogate": "a\ud800b",
}


async def test_without_an_event_there_is_a_hint() -> None:
    """Nothing selected: words on what the pane is for, and no tabs."""
    app = DetailApp()
    async with app.run_test(size=(50, 30)) as pilot:
        await pilot.pause()
        assert "No event is selected." in app.body_text
        assert not app.query_one(TabStrip).display


async def test_the_event_stands_there_while_its_entity_is_read() -> None:
    """The event's own fields show at once; `reading…` is said in words."""
    app = DetailApp(make_unread())
    async with app.run_test(size=(50, 30)) as pilot:
        await pilot.pause()
        assert "asset_created" in app.body_text
        assert any("reading…" in line for line in app.head_lines)


async def test_the_entity_of_another_event_disappears_at_once() -> None:
    """Nothing of the entity before is left under the next event, in any tab."""
    app = DetailApp(make_state(picture=PICTURE, related=RELATED))
    async with app.run_test(size=(50, 40)) as pilot:
        for tab in TABS:
            app.show(make_state(picture=PICTURE, related=RELATED))
            app.pane.show_tab(tab)
            app.show(make_unread(2, title="album of Bo"))
            shown = "\n".join(app.head_lines) + app.body_text
            assert "Lisbon" not in shown
            assert "Italy" not in shown
            assert "▀" not in shown
            assert "IMG_2031" not in shown
        await pilot.pause()


async def test_the_same_event_with_more_known_keeps_the_scroll() -> None:
    """What arrives later for the same event does not move what one reads; another event begins at its top."""
    fields = {"id": "x", **{f"field_{number}": "value" for number in range(60)}}
    entity = EntityState("thing", "x", Presence.LIVE, NOW, Entity("thing", "x", fields, NOW))
    app = DetailApp(make_state(entity=entity), tab=Tab.ENTITY)
    async with app.run_test(size=(50, 30)) as pilot:
        await press(pilot, "j", "j", "j")
        assert app.body.scroll_offset.y == 3
        app.show(make_state(entity=entity, related=RELATED))
        await pilot.pause()
        assert app.body.scroll_offset.y == 3
        app.show(make_state(2, entity=entity))
        await pilot.pause()
        assert app.body.scroll_offset.y == 0


async def test_an_error_stands_in_words_beside_the_event() -> None:
    """A failed read hides nothing of the event, and is told in full in the entity's tab."""
    app = DetailApp(make_unread(error="GET /api/assets was answered 503: busy", reading=False))
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert "asset_created" in app.body_text
        app.pane.show_tab(Tab.ENTITY)
        assert "GET /api/assets was answered 503: busy" in app.body_text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_from_the_service_is_drawn_unescaped(text: str) -> None:
    """Wherever a string can show, it is plain, visible, of the exact width, and never markup."""
    fields = {"id": text, "original_file_name": text, "description": text, "metadata": {"make": text}, text: text}
    album = Related("album", text, text, text)
    event = make_event(entity_id=text, event_type=text, cursor=text)
    state = make_state(
        event=event,
        title=text,
        fields=fields,
        related=(RelatedGroup(text, (album,), text),),
        related_note=text,
        albums=(text,),
        history=(1, 2),
        differences=[(1, Difference(NOW, NOW, tuple(changes({text: 1, "a": text}, {text: text}))))],
        past=Past((text,), (text,)),
        memory_note=text,
    )
    ghost = make_state(2, event=event, title=text, entity=GONE, last_known=state.known, past=state.past)
    app = DetailApp(state, width=40)
    async with app.run_test(size=(60, 40)) as pilot:
        for changed in (state, make_unread(2, event=event, title=text, error=text), ghost):
            app.show(changed)
            for tab in TABS:
                app.pane.show_tab(tab)
                await pilot.pause()
                for line in [*app.head_lines, *app.body_lines]:
                    assert (
                        cell_len(line) == app.body.scrollable_content_region.width
                        or cell_len(line) == app.query_one(DetailHead).size.width
                    )
                    assert line.isprintable()
                    assert all(ord(char) < 0x200B or ord(char) > 0x200F for char in line)
        if text.startswith("[bold"):
            assert any("[bold red]x[/]" in line for line in app.head_lines)


async def test_the_kind_names_the_pane() -> None:
    """The border says it, an unknown one in the service's words, as plain text; and it changes with the event."""
    app = DetailApp(make_state(event=make_event(entity_type="[red]new_kind")))
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert "─ [red]new_kind ─" in app.top_border
        app.show(make_state(event=make_event(entity_type="face")))
        await pilot.pause()
        assert "─ face ─" in app.top_border


async def test_resizing_keeps_the_choice() -> None:
    """Lines are made anew for another width; the cursor stays on what it was on."""
    app = DetailApp(make_state(related=RELATED), tab=Tab.RELATED)
    async with app.run_test(size=(60, 30)) as pilot:
        await press(pilot, "G")
        await pilot.resize_terminal(30, 20)
        await pilot.pause()
        await press(pilot, "enter")
        assert app.said == [DetailPane.RelatedChosen("person", "person_2")]


def seen(**fields: object) -> Entity:
    """The photo as seen 17 days ago."""
    return Entity("asset", "asset_1", FIELDS | fields, NOW - timedelta(days=17))


async def test_a_ghost_is_said_to_be_one_in_every_tab() -> None:
    """Head, entity and JSON say that this is the last known state, and of when; facts and albums stand there."""
    past = Past(albums=("Italy", "Best of"), people=("Ana",))
    app = DetailApp(make_state(entity=GONE, last_known=seen(), past=past, picture=PICTURE), tab=Tab.ENTITY, width=70)
    async with app.run_test(size=(80, 50)) as pilot:
        await pilot.pause()
        head = "\n".join(app.head_lines)
        assert "last seen Tue 3 Nov 12:00; checked 12:00:00" in head
        assert "taken 3 May 2025" in head
        assert "in Italy and Best of when last seen" in head
        assert "▀" in head
        assert "last known state, as last seen Tue 3 Nov 12:00" in app.body_text
        assert "albums then Italy and Best of" in app.body_text
        assert "people then Ana" in app.body_text
        app.pane.show_tab(Tab.JSON)
        await press(pilot, "pagedown")
        assert "asset, last known state, as last seen Tue 3 Nov 12:00" in app.body_text


@pytest.mark.parametrize("presence", [Presence.GONE, Presence.MOVED])
async def test_what_nobody_ever_read_is_said_to_be_unknown(presence: Presence) -> None:
    """Gone or moved before anybody looked: no guess, and the way to what is known."""
    app = DetailApp(make_state(entity=EntityState("asset", "asset_1", presence, NOW)), tab=Tab.ENTITY)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert "what it was is unknown" in app.body_text
        assert ("moved to another library" in app.body_text) is (presence is Presence.MOVED)
        assert "last seen" not in "".join(app.head_lines)


async def test_what_cannot_be_read_now_shows_as_last_seen() -> None:
    """Without an answer the last copy stands there, beside the reason."""
    app = DetailApp(make_unread(error="no route", reading=False, last_known=seen()), tab=Tab.ENTITY, width=70)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        assert "last seen Tue 3 Nov 12:00; could not be read: no route" in app.body_text
        assert "iPhone 15 Pro" in app.body_text
        app.show(make_state(memory_note="disk I/O error"))
        assert "The journal could not be read: disk I/O error" in app.body_text


@pytest.mark.parametrize(("key", "tab"), [("]", Tab.ENTITY), ("[", Tab.JSON), ("right", Tab.ENTITY), ("h", Tab.JSON)])
async def test_keys_turn_tabs(key: str, tab: Tab) -> None:
    """`[ ]`, the arrows and `h l` turn tabs around the ends, and it is said which one is looked at."""
    app = DetailApp(make_state())
    async with app.run_test(size=(50, 30)) as pilot:
        await press(pilot, key)
        assert app.pane.tab is tab
        assert app.said == [DetailPane.TabShown(tab)]


async def test_a_click_turns_tabs() -> None:
    """Every tab can be reached with the mouse, on two lines as well."""
    app = DetailApp(make_state(), width=28)
    async with app.run_test(size=(50, 30)) as pilot:
        await pilot.pause()
        strip = app.query_one(TabStrip)
        assert strip.size.height == 2
        texts = [strip.render_line(y).text for y in range(2)]
        for tab in (Tab.JSON, Tab.RELATED, Tab.EVENT):
            y = next(y for y, text in enumerate(texts) if tab.value in text)
            await pilot.click(strip, offset=Offset(texts[y].index(tab.value), y))
            assert app.pane.tab is tab
