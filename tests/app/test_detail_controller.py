"""Rules for the detail pane's reading: what is known at once, the rest after a rest, and never of another subject."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest

from gumnut_tui.app.subject import Subject
from gumnut_tui.app.view_state import MOST_COMPARED, NOT_COMPARED
from gumnut_tui.domain.errors import ConnectionFailed, JournalProblem
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.feed.entity_history import Belongings, LastSeen
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.ui.widgets.detail_pages import Past
from tests.app.detail_bench import BROKEN, CREATED, DELETED, ITALY, PICTURE_URL, THUMBHASH, Bench, groups, jpeg
from tests.factories import NOW, make_event
from tests.feed.entity_sources import make_entity, photo


async def test_the_event_shows_at_once_and_the_entity_after_a_rest() -> None:
    """Looking asks nothing; reading rests first, then brings entity, history and status."""
    bench = Bench(photo(), events=(CREATED, make_event(2), make_event(3, entity_id="f", payload={"a": "asset_1"})))
    bench.details.look_at(Subject("asset", "asset_1", CREATED, 0))
    assert (bench.state.event, bench.state.row, bench.state.reading, bench.shelf.asked) == (CREATED, 0, True, [])
    await bench.details.read()
    assert bench.rests == [0.15]
    assert bench.state.title == "IMG_2031.HEIC"
    assert bench.state.known == photo()
    assert list(bench.state.history) == [0, 2]
    assert bench.state.status is not None
    assert bench.state.status.value == "IN THE LIBRARY"
    assert not bench.state.reading


async def test_moving_on_during_the_rest_asks_nothing() -> None:
    """A cursor that runs over thirty rows sends one request, for the row it rests on."""
    bench = Bench(photo())
    resting = asyncio.Event()
    bench.rest = resting.wait
    for number in range(30):
        bench.details.look_at(Subject("asset", f"asset_{number}"))
        task = asyncio.create_task(bench.details.read())
        await asyncio.sleep(0)
        task.cancel()
    resting.set()
    await bench.look()
    assert bench.shelf.asked == [("asset", ("asset_1",))]


@pytest.mark.parametrize("leave", ["look", "forget"])
@pytest.mark.parametrize("moment", ["rest", "entity", "related", "failure"])
async def test_an_answer_for_another_subject_is_not_shown(leave: str, moment: str) -> None:
    """Whatever arrives after one has moved on, late or failed, changes nothing on the pane."""
    bench = Bench(photo(asset_urls={"thumbnail": {"url": PICTURE_URL}}))
    bench.relations.data = jpeg()

    def move_on() -> None:
        bench.relations.meanwhile = bench.shelf.meanwhile = lambda: None
        if leave == "look":
            bench.details.look_at(Subject("album", "album_9"))
        else:
            bench.details.forget()
        bench.said.append(bench.state)

    async def move_on_resting() -> None:
        move_on()

    if moment == "rest":
        bench.rest = move_on_resting
    elif moment == "entity":
        bench.shelf.meanwhile = move_on
    else:
        bench.relations.meanwhile = move_on
        bench.relations.error = BROKEN if moment == "failure" else None
    await bench.look()
    assert bench.said[-1] is bench.said[-2]
    assert bench.state.known is None
    assert bench.state.albums is None


async def test_what_was_read_shows_at_once_the_next_time() -> None:
    """Coming back to an entity shows it without a request, until an event says it has changed."""
    bench = Bench(photo())
    await bench.look()
    bench.details.look_at(Subject("asset", "asset_1", CREATED, 0))
    assert bench.state.known == photo()
    bench.entity_cache.changed([CREATED])
    bench.details.look_at(Subject("asset", "asset_1", CREATED, 0))
    assert bench.state.entity is None


async def test_gone_is_an_answer() -> None:
    """A deleted photo says since when, and shows the last copy with the time at which that was read."""
    metadata = make_event(3, entity_id="asset_1", entity_type="exif", event_type="exif_deleted")
    bench = Bench(photo(), events=(CREATED, DELETED, metadata))
    await bench.look()
    bench.shelf.held.clear()
    bench.entity_cache.changed([DELETED])
    bench.now += timedelta(hours=5)
    state = await bench.look(DELETED, 1)
    assert state.error == ""
    assert state.last_known == photo()
    assert state.last_known.read_at == NOW
    assert state.title == "IMG_2031.HEIC"
    assert state.status is not None
    assert state.status.value == "GONE since yesterday 12:00"


async def test_gone_before_it_was_read() -> None:
    """Nothing is known of it but its id, and nothing is wrong."""
    state = await Bench().look()
    assert (state.known, state.last_known, state.error, state.reading) == (None, None, "", False)
    assert state.title == "asset …et_1"


async def test_the_configured_retention_tells_until_when_a_photo_can_be_had_back() -> None:
    """Who keeps the trash for a week is not told ninety days."""
    state = await Bench(photo(trashed_at="2026-11-20T11:00:00Z"), retention=timedelta(days=7)).look()
    assert state.status is not None
    assert "until about 27 Nov 2026 (7 days" in state.status.value


async def test_a_photo_in_the_trash_says_so() -> None:
    """Trashed is told with the time, from the entity's own fields."""
    state = await Bench(photo(trashed_at="2026-11-20T11:00:00Z")).look()
    assert state.status is not None
    assert state.status.value.startswith("IN TRASH since")


async def test_a_moved_photo_says_when_it_left() -> None:
    """The last event that took it out of this library tells the time; the entity read elsewhere still shows."""
    moved = make_event(2, entity_id="asset_1", event_type="asset_moved_out")
    bench = Bench(events=(CREATED, moved))

    async def elsewhere(kind: str, entity_id: str, library_id: str | None) -> EntityState:
        return EntityState(kind, entity_id, Presence.MOVED, NOW, photo())

    bench.shelf.entity = elsewhere  # type: ignore[method-assign]
    state = await bench.look(moved, 1)
    assert state.status is not None
    assert state.status.value == "MOVED to another library since yesterday 12:00"
    assert state.known == photo()


async def test_a_kind_that_cannot_be_asked_for_is_not_read() -> None:
    """An unknown entity type shows its event and its history, and no request is sent."""
    event = make_event(1, entity_type="ghost", entity_id="ghost_1")
    bench = Bench(events=(event,))
    state = await bench.look(event)
    assert (bench.shelf.asked, state.reading, list(state.history)) == ([], False, [0])


async def test_a_failed_read_is_told_in_words() -> None:
    """The event stays, and the error stands beside it."""
    bench = Bench(photo())
    bench.shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    state = await bench.look()
    assert state.error == "GET /api/assets got no answer: no route to host"
    assert (state.event, state.reading) == (CREATED, False)


async def test_an_error_goes_with_its_cause() -> None:
    """Once the subject could be read there is nothing left of it."""
    bench = Bench(photo())
    bench.shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    await bench.look()
    bench.shelf.error = None
    await bench.details.read()
    assert (bench.state.error, bench.state.known) == ("", photo())


async def test_a_photo_shows_blurred_and_then_sharp() -> None:
    """The thumbhash shows with the entity, the picture replaces it, and another zone does not take it away."""
    bench = Bench(photo(thumbhash=THUMBHASH, asset_urls={"thumbnail": {"url": PICTURE_URL}}))
    bench.relations.albums = [ITALY]
    bench.relations.data = jpeg()
    sharp = (await bench.look()).picture
    blurred = next(state.picture for state in bench.said if state.picture)
    assert sharp is not None
    assert (sharp.width, sharp.height) == (8, 4)
    assert blurred != sharp
    assert bench.state.albums == ("Italy",)
    bench.details.redraw()
    assert bench.state.picture == sharp


@pytest.mark.parametrize("thumbhash", ["", "?", 7, None, "////"])
@pytest.mark.parametrize("data", [b"", b"no picture"])
async def test_a_broken_picture_is_no_error(thumbhash: object, data: bytes) -> None:
    """Whatever stands where a picture should be, the entity shows all the same."""
    bench = Bench(photo(thumbhash=thumbhash, asset_urls={"thumbnail": {"url": PICTURE_URL}}))
    bench.relations.data = data
    state = await bench.look()
    assert (state.error, state.known is None) == ("", False)


async def test_visits_lead_back_the_way_one_came() -> None:
    """Jump after jump can be undone, until the table moves on."""
    bench = Bench(photo(), ITALY)
    await bench.look()
    bench.details.visit("album", "album_1")
    bench.details.visit("person", "person_1")
    assert (bench.state.event, bench.state.row) == (None, None)
    assert bench.details.go_back()
    assert bench.details.subject == Subject("album", "album_1")
    assert bench.details.go_back()
    assert bench.state.event == CREATED
    assert not bench.details.go_back()
    bench.details.visit("album", "album_1")
    assert bench.details.select(0)
    assert not bench.details.go_back()


async def test_a_visit_shows_an_event_of_its_own() -> None:
    """An event that only mentions what is visited is in its history, but is not shown as its event."""
    put = make_event(2, entity_type="album_asset", event_type="album_asset_added", payload={"album_id": "album_1"})
    bench = Bench(ITALY, events=(CREATED, put))
    bench.details.visit("album", "album_1")
    assert (bench.state.event, bench.state.row) == (None, None)
    bench.store.append((make_event(3, entity_type="album", entity_id="album_1", event_type="album_updated"), put))
    bench.details.visit("album", "album_1")
    assert bench.state.kind == "album"


async def test_nothing_is_read_about_nothing() -> None:
    """Without a subject there is nothing to read and nothing related."""
    bench = Bench()
    bench.details.forget()
    await bench.details.read()
    assert await bench.details.read_related() == ()
    assert (bench.rests, bench.shelf.asked) == ([], [])


class Remembering:
    """Remembers what a photo was, or cannot be read."""

    def __init__(
        self, *snapshots: Snapshot, belongings: Belongings | None = None, others: tuple[Entity, ...] = ()
    ) -> None:
        self.held = list(snapshots)
        self.had = belongings or Belongings()
        self.others = {(entity.kind, entity.id): entity for entity in others}
        self.error: JournalProblem | None = None

    async def latest(self, references: Collection[Reference]) -> dict[Reference, LastSeen]:
        return {each: LastSeen(self.others[each], True) for each in references if each in self.others}

    async def snapshots(self, kind: str, entity_id: str) -> list[Snapshot]:
        if self.error is not None:
            raise self.error
        return [one for one in self.held if (one.kind, one.id) == (kind, entity_id)]

    async def belongings(self, asset_id: str) -> Belongings:
        if self.error is not None:
            raise self.error
        return self.had


def snapshot(minutes: float, fields: dict[str, Any] | None, *, kind: str = "asset", id: str = "asset_1") -> Snapshot:
    """Read so many minutes before `NOW`, and once more ten seconds later."""
    at = NOW - timedelta(minutes=minutes)
    return Snapshot(kind, id, at, at + timedelta(seconds=10), None if fields is None else {"id": id} | fields)


def name(text: str, **more: Any) -> dict[str, Any]:
    return {"original_file_name": text} | more


BELONGINGS = Belongings(("album_1",), ("person_1",), ("face_1",))
ANA = make_entity("person", "person_1", name="Ana")


async def test_a_ghost_shows_what_the_photo_was() -> None:
    """Gone before this session: the last copy, its picture, albums, people and when that was, from memory."""
    memory = Remembering(
        snapshot(60, name("old.jpg", thumbhash=THUMBHASH)),
        snapshot(5, None),
        belongings=BELONGINGS,
        others=(ITALY, ANA),
    )
    bench = Bench(events=(CREATED, DELETED), memory=memory)
    state = await bench.look(DELETED, 1)
    assert state.title == "old.jpg"
    assert state.last_known is not None
    assert state.last_known.read_at == NOW - timedelta(minutes=60) + timedelta(seconds=10)
    assert state.is_remembered
    assert state.picture is not None
    assert state.past == Past(("Italy",), ("Ana",))
    assert bench.names.presence("asset", "asset_1") is not Presence.LIVE
    await bench.details.read_related()
    assert groups(bench) == [
        ("Albums then", ["Italy"]),
        ("People then", ["Ana"]),
        ("Faces then", ["face face_1"]),
    ]


async def test_what_this_session_read_last_is_the_ghost() -> None:
    """A copy newer than the journal's last is the one that is shown."""
    bench = Bench(photo(), memory=Remembering(snapshot(60, name("old.jpg"))))
    await bench.look()
    bench.shelf.held.clear()
    bench.entity_cache.changed([DELETED])
    assert (await bench.look(DELETED, 1)).last_known == photo()


async def test_what_is_there_has_no_ghost() -> None:
    """A live entity is what the service says, whatever was remembered while it was asked."""
    bench = Bench(photo(), memory=Remembering(snapshot(60, name("old.jpg")), belongings=BELONGINGS))
    state = await bench.look()
    assert (state.known, state.is_remembered, state.past, state.title) == (photo(), False, None, "IMG_2031.HEIC")


async def test_a_photo_in_the_trash_tells_what_it_was_in() -> None:
    """The service hides the albums of what is in the trash."""
    memory = Remembering(snapshot(60, name("a.jpg")), belongings=BELONGINGS, others=(ITALY, ANA))
    state = await Bench(photo(trashed_at="2026-11-20T11:00:00Z"), memory=memory).look()
    assert (state.past, state.is_remembered) == (Past(("Italy",), ("Ana",)), False)


async def test_nothing_remembered_is_nothing_claimed() -> None:
    """Gone, and no copy was ever kept: no fields, no error."""
    state = await Bench(memory=Remembering(snapshot(5, None))).look()
    assert (state.known, state.error, state.memory_note, state.differences) == (None, "", "", ())


async def test_without_an_answer_the_last_copy_shows() -> None:
    """The service cannot be reached: what it was stays in sight by its name, as last seen, beside the reason."""
    last = snapshot(60, name("old.jpg", thumbhash=THUMBHASH))
    assert last.entity is not None
    bench = Bench(memory=Remembering(last, others=(last.entity,)))
    bench.shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    state = await bench.look()
    assert state.error
    assert state.title == "old.jpg"
    assert state.is_remembered
    assert state.picture is not None


async def test_a_journal_that_cannot_be_read_is_in_nobody_s_way() -> None:
    """The entity shows as without a journal, and why there is no more stands beside it."""
    memory = Remembering()
    memory.error = JournalProblem("disk I/O error")
    bench = Bench(photo(trashed_at="2026-11-20T11:00:00Z"), memory=memory)
    state = await bench.look()
    assert state.known is not None
    assert (state.error, "disk I/O error" in state.memory_note) == ("", True)


async def test_what_changed_stands_between_the_events() -> None:
    """Each difference stands before the first event that is later than the read that found it."""
    events = [make_event(n, entity_id="asset_1", created_at=NOW - timedelta(minutes=50 - 10 * n)) for n in range(5)]
    memory = Remembering(
        snapshot(45, name("a")), snapshot(35, name("b")), snapshot(34, name("b", updated_at="x")), snapshot(5, None)
    )
    state = await Bench(photo(), events=tuple(events), memory=memory).look(events[0])
    assert [(before, [line.value for line in one.lines]) for before, one in state.differences] == [
        (2, ["a → b"]),
        (5, ["no longer there"]),
    ]
    assert state.differences[0][1].since == NOW - timedelta(minutes=45) + timedelta(seconds=10)


async def test_a_difference_belongs_to_one_subject() -> None:
    """One has moved on while the journal was read: nothing of it is shown."""
    memory = Remembering(snapshot(45, name("a")), snapshot(35, name("b")))
    bench = Bench(memory=memory)

    class Slow(Remembering):
        async def snapshots(self, kind: str, entity_id: str) -> list[Snapshot]:
            bench.details.look_at(Subject("album", "album_9"))
            return await memory.snapshots(kind, entity_id)

    bench = Bench(memory=Slow())
    state = await bench.look()
    assert (state.title, state.differences, state.last_known) == ("album …um_9", (), None)


async def test_of_very_many_copies_only_the_newest_are_compared() -> None:
    """So that ten thousand events and a thousand copies stay quick; that older ones are not compared is said."""
    events = tuple(make_event(n, entity_id="asset_1") for n in range(10_000))
    memory = Remembering(*(snapshot(2_000 - n, name(f"{n}.jpg")) for n in range(1_000)))
    bench = Bench(photo(), events=events, memory=memory)
    state = await bench.look(events[-1], 9_999)
    assert len(state.history) == 10_000
    assert len(state.differences) == MOST_COMPARED
    assert state.differences[0][1].lines[0] == NOT_COMPARED
