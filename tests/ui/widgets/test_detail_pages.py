"""The pages of the detail pane: event, entity, history, related, JSON."""

from __future__ import annotations

import msgspec
import pytest
from textual.geometry import Offset

from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.ui.widgets.detail_pages import Past, Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from tests.factories import NOW, make_event
from tests.ui.widgets.detail_app import FIELDS, RELATED, DetailApp, make_state, press


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


@pytest.mark.parametrize(
    ("presence", "file_data", "is_told"),
    [
        (Presence.GONE, {"checksum": "3q2+7w=="}, True),
        (Presence.GONE, None, False),
        (Presence.MOVED, {"checksum": "3q2+7w=="}, False),
    ],
)
async def test_a_copy_of_a_photo_that_is_gone_may_be_looked_for(
    presence: Presence, file_data: object, is_told: bool
) -> None:
    """Where its checksum is known, by which alone it can be found; one that was moved is not lost."""
    last = Entity("asset", "asset_1", {**FIELDS, "file_data": file_data}, NOW)
    state = make_state(entity=EntityState("asset", "asset_1", presence, NOW), last_known=last)
    app = DetailApp(state, tab=Tab.ENTITY, width=90)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        assert ("A copy may lie on a disk: `gumnut-tui undo --copies FOLDER` looks." in app.body_text) is is_told
