"""The head of the detail pane: what the entity is, was, or cannot be known to be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.ui.widgets.detail_head import DetailHead, rows_for_picture
from gumnut_tui.ui.widgets.detail_pages import Tab
from tests.factories import NOW
from tests.ui.widgets.detail_app import FIELDS, DetailApp, make_state, make_unread

PICTURE = Pixels(8, 6, bytes([200, 100, 50, 255]) * 48)


GONE = EntityState("asset", "asset_1", Presence.GONE, NOW)


async def test_the_head_does_not_move_while_the_next_entity_is_read() -> None:
    """Picture and facts keep their place until it is known that the next entity has none."""
    app = DetailApp(make_state(picture=PICTURE))
    async with app.run_test(size=(50, 40)) as pilot:
        await pilot.pause()
        head = app.query_one(DetailHead)
        before = head.size.height
        app.show(make_unread(2))
        await pilot.pause()
        assert head.size.height == before
        app.show(make_state(2))
        await pilot.pause()
        assert head.size.height < before


async def test_gone_is_an_answer() -> None:
    """A gone entity shows its status and, where one was read before, its last copy, said to be that."""
    status = Fact("", "GONE since today 11:00", Tone.BAD)
    app = DetailApp(make_state(entity=GONE, status=status), tab=Tab.ENTITY)
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert any("GONE since today 11:00" in line for line in app.head_lines)
        assert "It is gone" in app.body_text
        assert "as it is now" not in "".join(app.head_lines)
        app.show(make_state(entity=GONE, status=status, last_known=Entity("asset", "asset_1", FIELDS, NOW)))
        assert "iPhone 15 Pro" in app.body_text
        assert "as last seen today 12:00" in app.body_text


async def test_the_entity_is_said_to_be_as_of_now() -> None:
    """The fields are those of the reading, not of the event, and the pane says so."""
    app = DetailApp(make_state(), tab=Tab.ENTITY)
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        assert any("as it is now, read 12:00:00" in line for line in app.head_lines)
        assert "not as it was at the event" in app.body_text


@pytest.mark.parametrize(("height", "has_picture"), [(45, True), (24, True), (16, False)])
async def test_a_low_pane_has_no_picture(height: int, has_picture: bool) -> None:
    """The picture takes a third of the pane at most, and goes away where the pane is low."""
    app = DetailApp(make_state(picture=PICTURE))
    async with app.run_test(size=(60, height)) as pilot:
        await pilot.pause()
        rows = sum("▀" in line for line in app.head_lines)
        assert bool(rows) is has_picture
        assert rows <= height / 3


@pytest.mark.parametrize("width", [1, 10, 26, 40, 100])
@pytest.mark.parametrize("height", [5, 20, 60])
def test_pictures_leave_room(width: int, height: int) -> None:
    """Whatever the shape of the pane, a picture's place is at most a third of it."""
    assert rows_for_picture(width, height) <= height // 3


async def test_an_answer_of_another_day_is_not_called_now() -> None:
    """An answer that still holds but is older says its day."""
    older = EntityState(
        "asset", "asset_1", Presence.LIVE, NOW - timedelta(days=1), Entity("asset", "asset_1", FIELDS, NOW)
    )
    app = DetailApp(make_state(entity=older), width=70)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        assert any("as it was when read yesterday 12:00:00" in line for line in app.head_lines)


LONG = "Ein sehr langer Titel eines Albums, der nicht in eine Zeile passt und auch nicht in zwei"


async def test_a_long_name_is_told_in_full() -> None:
    """It wraps, below it stands all that was there, and the head grows when the entity has come, not before."""
    app = DetailApp(make_state(picture=PICTURE), width=44)
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        head = app.query_one(DetailHead)
        before, lines = head.size.height, app.head_lines
        app.show(make_unread(2, title=LONG))
        await pilot.pause()
        assert head.size.height == before
        assert app.head_lines[0].rstrip().endswith("…")
        app.show(make_state(2, title=LONG, picture=PICTURE))
        await pilot.pause()
        assert head.size.height == before + 2
        assert " ".join(line.strip() for line in app.head_lines[:3]) == LONG
        assert app.head_lines[3:] == lines[1:]


async def test_why_it_could_not_be_read_is_told_in_full() -> None:
    """On as many lines as that takes, and on one again when it is over."""
    error = "GET /api/assets was answered 503: the storage behind this service is not there right now"
    app = DetailApp(make_state(), width=44)
    async with app.run_test(size=(60, 40)) as pilot:
        app.show(make_state(2, error=error))
        await pilot.pause()
        assert f"could not be read: {error}" in " ".join(line.strip() for line in app.head_lines)
        height = app.query_one(DetailHead).size.height
        app.show(make_state())
        await pilot.pause()
        assert app.query_one(DetailHead).size.height < height


async def test_a_long_fact_is_told_in_full() -> None:
    """On a second line; one without end is cut there."""
    place = "Miradouro da Senhora do Monte, Graça, Lisbon, Portugal"
    fields = {**FIELDS, "metadata": {"display_label": place}}
    app = DetailApp(make_state(fields=fields), width=44)
    async with app.run_test(size=(60, 40)) as pilot:
        app.show(make_state(2, fields=fields))
        await pilot.pause()
        assert f"where {place}" in " ".join(line.strip() for line in app.head_lines)
        app.show(make_state(3, fields={**FIELDS, "metadata": {"display_label": "x" * 500}}))
        await pilot.pause()
        assert [line.strip()[-1] for line in app.head_lines if "xxx" in line] == ["…"]


async def test_a_name_without_end_is_cut() -> None:
    """It leaves room for what became of the entity."""
    app = DetailApp(make_state(title="x" * 1000), width=44)
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        assert [line.strip()[-1] for line in app.head_lines[:3]] == ["x", "x", "…"]
        assert "IN THE LIBRARY" in app.head_lines[3]
