"""Plans are proved by running them: against a writable demo library, with the official SDK."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.models import Library, Operation, to_us
from gumnut_tui.undo.albums import NOTHING_KNOWN
from gumnut_tui.undo.own_fields import NAME_TAKEN as TAKEN
from gumnut_tui.undo.people import FIRST_GIVEN
from gumnut_tui.undo.plan import Copy, StepKind
from gumnut_tui.undo.script import script_text
from gumnut_tui.usecases.copies import Sought
from tests.demo import deeds
from tests.demo.deeds import DESTRUCTIVE
from tests.demo.lived import Lived
from tests.undo.proving import (
    FILE,
    begin,
    essence,
    events_of,
    out_of_reach,
    person_with_thumbnail,
    planned,
    run,
    run_twice,
    served,
    shown,
    unnamed_faces,
    untraceable,
    upload,
)

TAKING = tuple(deed for deed in DESTRUCTIVE if deed is not deeds.unassign)
"""What takes something away; a face without a person is a changed field."""
RANDOM = st.lists(
    st.tuples(st.sampled_from(TAKING), st.integers(0, 400), st.integers(0, 400), st.booleans()),
    min_size=1,
    max_size=7,
)
CHANGES = (deeds.unassign, deeds.assign, deeds.rename_album, deeds.set_cover, deeds.name_person, deeds.describe)


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""An example takes most of a second, so a failing one is not made smaller."""


@settings(deadline=None, max_examples=8, phases=PHASES, derandomize=True)
@given(RANDOM)
async def test_whatever_was_destroyed_comes_back(done: list[Any]) -> None:
    """Except what the plan calls impossible; a second run adds no event, and a plan made afterwards is empty."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        before = lived.state()
        for deed, first, second, is_synced in done:
            lived.wait(30)
            lived.do(deed, first, second)
            if is_synced:
                await lived.sync()
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address:
            events = events_of(lived)
            assert run(plan, address).code == 0
            assert events_of(lived) == events, "checking only reads"
            assert run(plan, address, "--yes").code == 0
            after, events = lived.state(), events_of(lived)
            assert run(plan, address, "--yes").code == 0
            assert events_of(lived) == events, "it was done already"
        without = out_of_reach(before, plan) | unnamed_faces(before, plan) | await untraceable(lived, before)
        assert essence(after, without) == essence(before, without)
        assert shown(before, without).items() <= shown(after, without).items()
        lived.wait(30)
        assert not (await planned(lived, since)).acting


@settings(deadline=None, max_examples=8, phases=PHASES, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=5))
async def test_own_fields_go_back_to_what_they_were(done: list[Any]) -> None:
    """Names, descriptions, covers, ratings and places, as far as a snapshot from before tells them."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        before = lived.state()
        for deed, first, second in done:
            lived.wait(30)
            lived.do(deed, first, second)
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        # Of what was never read nobody knows what it was; who gave a face to somebody first is not told either.
        lost = plan.of(StepKind.IMPOSSIBLE)
        assert all(step.entity_type == "asset" or step.reason == FIRST_GIVEN for step in lost)
        without = out_of_reach(before, plan).union(*(step.ids for step in lost))
        run_twice(lived, plan)
        assert essence(lived.state(), without) == essence(before, without)


async def test_what_an_undo_made_is_not_undone_by_the_next_one() -> None:
    """A face drawn anew was nobody's before it was its person's, but that is no state to go back to."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        face = next(one for one in lived.ids("face", deeds.LIVE) if _is_of_somebody(lived, one))
        lived.editor.faces.delete(lived.library_id, face)
        lived.do(deeds.delete_album, 1, 1)
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        lived.wait(30)
        again = await planned(lived, since, changes=True)
        assert [step for step in again.steps if step.kind.acts or step.kind is StepKind.IMPOSSIBLE] == []


def _is_of_somebody(lived: Lived, face: str) -> bool:
    person = (lived.world.entity("face", face) or {})["person_id"]
    return bool(person and (lived.world.entity("person", person) or {})["name"])


async def test_the_stories_of_the_last_day(tmp_path: Path) -> None:
    """Everything the demo's day took away comes back as far as it can, once and for all."""
    async with Lived(events=4_000, days=5) as lived:
        since = to_us(lived.now) - 86_400_000_000
        plan = await planned(lived, since)
        kinds = {step.kind for step in plan.acting}
        assert {StepKind.RESTORE, StepKind.MOVE_BACK, StepKind.ADD_TO_ALBUM, StepKind.CREATE_ALBUM} <= kinds
        run_twice(lived, plan)
        lived.wait(30)
        assert not (await planned(lived, since)).acting


def found_at(path: Path) -> Callable[[Sequence[Sought]], Any]:
    """A search that finds every photo in this file."""

    async def find(sought: Sequence[Sought]) -> Mapping[str, Copy]:
        return {one.asset_id: Copy(path, ()) for one in sought}

    return find


async def test_a_photo_deleted_for_good_comes_back_from_a_copy(tmp_path: Path) -> None:
    """With a new id, its place in albums, the faces drawn by hand, its rating; the second time nothing is added."""
    (tmp_path / "copy.jpg").write_bytes(FILE)
    async with Lived(events=600) as lived:
        asset = upload(lived)
        album = lived.pick("album", 3)
        person = next(one for one in lived.ids("person") if (lived.world.entity("person", one) or {})["name"])
        lived.editor.albums.add(album, [asset])
        lived.editor.faces.create(lived.library_id, asset, (1, 2, 30, 40), person)
        lived.editor.photos.describe({asset: {"rating": 4}})
        since = await begin(lived)
        before = lived.state()
        lived.editor.photos.delete(asset)
        lived.wait(30)
        assert [step.reason for step in (await planned(lived, since)).of(StepKind.IMPOSSIBLE)] == [
            "deleted for good; --copies FOLDER looks for a copy on a disk"
        ]
        plan = await planned(lived, since, copies=found_at(tmp_path / "copy.jpg"))
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
            assert essence(lived.state()) == essence(before)
            events = events_of(lived)
            assert run(plan, address, "--yes").code == 0
            assert events_of(lived) == events
        lived.wait(30)
        assert not (await planned(lived, since, copies=found_at(tmp_path / "copy.jpg"))).acting


async def test_a_copy_that_changed_since_is_not_sent(tmp_path: Path) -> None:
    """The bytes are hashed again right before."""
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(FILE)
    async with Lived(events=600) as lived:
        asset = upload(lived)
        since = await begin(lived)
        lived.editor.photos.delete(asset)
        lived.wait(30)
        plan = await planned(lived, since, copies=found_at(copy))
        copy.write_bytes(FILE + b"!")
        with served(lived) as address:
            events = events_of(lived)
            ran = run(plan, address, "--yes")
            assert ran.code == 1
            assert "is not the file any more" in ran.text
            assert events_of(lived) == events


HOSTILE = [
    '"""); raise SystemExit("out") #',
    "\\",
    "'''\n\\x00\x1b[31m",
    "x" * 5_000,
    "\u202egnp.exe",
    "{braces} %s",
    "\U0001f43b\u200d\u2744\ufe0f e\u0301",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_name_breaks_out(name: str) -> None:
    """A hostile album comes back under the very same name, and the script is plain ASCII data and code."""
    async with Lived(events=600) as lived:
        album, _ = lived.editor.albums.create(lived.library_id, {"name": name, "description": name})
        lived.editor.albums.add(album, lived.ids("asset", deeds.LIVE)[:3])
        since = await begin(lived)
        lived.editor.albums.delete(album)
        lived.wait(30)
        plan = await planned(lived, since)
        text = script_text(plan)
        assert text.isascii()
        assert "\x1b" not in text
        ast.parse(text)
        with served(lived) as address:
            ran = run(plan, address, "--yes")
        assert ran.code == 0
        assert "\x1b" not in ran.text
        names = [(lived.world.entity("album", one) or {})["name"] for one in lived.ids("album")]
        assert name.strip() in names


async def test_an_album_that_is_there_again_is_left_alone() -> None:
    """Somebody made it anew meanwhile; its name, written another way, is the same to the service."""
    async with Lived(events=600) as lived:
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays", "description": "2026"})
        since = await begin(lived)
        lived.editor.albums.delete(album)
        lived.editor.albums.create(lived.library_id, {"name": "HOLIDAYS ", "description": "2026"})
        lived.wait(30)
        plan = await planned(lived, since)
        assert not plan.acting
        assert [step.reason for step in plan.of(StepKind.NOTE)] == ["back already"]


async def test_what_somebody_made_anew_gets_what_belonged_to_it() -> None:
    """A photo uploaded again, an album and a person of the same name and values: with other ids than before."""
    async with Lived(events=600) as lived:
        asset, photo = upload(lived), lived.ids("asset", deeds.LIVE)[0]
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays", "description": "2026"})
        other, _ = lived.editor.albums.create(lived.library_id, {"name": "More", "description": None})
        lived.editor.albums.add(album, [photo, asset])
        lived.editor.albums.add(other, [asset])
        person = lived.editor.people.create(lived.library_id, {"name": "Grandma"})[0]
        lived.editor.faces.create(lived.library_id, photo, (1, 2, 30, 40), person)
        lived.editor.faces.create(lived.library_id, asset, (1, 2, 30, 40), person)
        since = await begin(lived)
        before = lived.state()
        lived.editor.photos.delete(asset)
        lived.editor.albums.delete(album)
        lived.editor.people.delete(person)
        lived.wait(30)
        upload(lived)
        lived.editor.albums.create(lived.library_id, {"name": "holidays", "description": "2026"})
        lived.editor.people.create(lived.library_id, {"name": "grandma"})
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address:
            ran = run(plan, address, "--yes")
            assert (ran.code, "missing" in ran.text) == (0, False)
            events = events_of(lived)
            assert run(plan, address, "--yes").code == 0
            assert events_of(lived) == events
        after = essence(lived.state())
        assert {name: after[name] for name in ("members", "albums", "people", "faces")} == {
            name: essence(before)[name] for name in ("members", "albums", "people", "faces")
        }
        lived.wait(30)
        assert not (await planned(lived, since)).acting


async def test_of_an_album_that_nothing_is_known_of_no_empty_one_is_made() -> None:
    """Without a journal from before there is neither a name nor a photo to put into it."""
    async with Lived(events=600) as lived:
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays"})
        lived.wait(1_000)
        since = to_us(lived.now)
        lived.wait(30)
        lived.editor.albums.delete(album)
        lived.wait(30)
        plan = await planned(lived, since)
        assert not plan.acting
        assert [step.reason for step in plan.of(StepKind.IMPOSSIBLE)] == [NOTHING_KNOWN]
        assert not plan.of(StepKind.NOTE)


async def test_without_a_journal_photos_put_back_by_hand_are_in_their_album() -> None:
    """Events of added photos need not say which album they were put into: it is read what they are about."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:12]
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays"})
        lived.editor.albums.add(album, photos)
        since = await begin(lived)
        lived.editor.albums.remove(album, photos)
        lived.wait(30)
        lost = await planned(lived, since, journalled=False)
        assert [len(step.ids) for step in lost.of(StepKind.ADD_TO_ALBUM)] == [len(photos)]
        lived.editor.albums.add(album, photos)
        lived.wait(30)
        assert not (await planned(lived, since, journalled=False)).acting


async def test_names_are_given_back_as_they_become_free() -> None:
    """Albums that got each other's names one after the other; one whose name somebody else has now keeps its own."""
    async with Lived(events=600) as lived:
        albums = [lived.editor.albums.create(lived.library_id, {"name": name})[0] for name in "ABX"]
        since = await begin(lived)
        for album, name in zip(albums, "CAY", strict=True):
            lived.editor.albums.update(album, {"name": name})
        lived.wait(30)
        lived.editor.albums.create(lived.library_id, {"name": "x", "description": "another"})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert [(step.ids[0], step.reason) for step in plan.of(StepKind.IMPOSSIBLE)] == [(albums[2], TAKEN)]
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        assert [(lived.world.entity("album", one) or {})["name"] for one in albums] == ["A", "B", "Y"]
        lived.wait(30)
        assert not (await planned(lived, since, changes=True)).acting


async def test_a_name_that_is_taken_is_impossible() -> None:
    """The service refuses an album of that name with another description, however often one asks."""
    async with Lived(events=600) as lived:
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays", "description": "2026"})
        lived.editor.albums.add(album, lived.ids("asset", deeds.LIVE)[:3])
        since = await begin(lived)
        lived.editor.albums.delete(album)
        lived.editor.albums.create(lived.library_id, {"name": "holidays", "description": "another"})
        lived.wait(30)
        plan = await planned(lived, since)
        assert not plan.acting
        assert [step.name for step in plan.of(StepKind.IMPOSSIBLE)] == ["Holidays"]


@pytest.mark.parametrize("description", ["2025", "2026"], ids=["same values", "other values"])
async def test_of_two_that_want_a_name_the_first_gets_it(description: str) -> None:
    """Deleted, made anew by somebody, and deleted again: with the same values they are one, with others one is lost."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:4]
        since = await begin(lived)
        for at, name in enumerate(("Trip", "trip ")):
            given = {"name": name, "description": "2025" if at == 0 else description}
            album, _ = lived.editor.albums.create(lived.library_id, given)
            lived.editor.albums.add(album, photos[2 * at : 2 * at + 2])
            person = lived.editor.people.create(
                lived.library_id, {"name": name, "is_favorite": given["description"] != description}
            )[0]
            await lived.sync()
            lived.editor.albums.delete(album)
            lived.editor.people.delete(person)
            lived.wait(30)
        plan = await planned(lived, since)
        lost = [(step.entity_type, step.name.strip()) for step in plan.of(StepKind.IMPOSSIBLE)]
        assert lost == ([("album", "trip"), ("person", "trip")] if description == "2026" else [])
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        lived.wait(30)
        assert not (await planned(lived, since)).acting


async def test_a_thumbnail_is_the_face_that_was_drawn_anew() -> None:
    """The face it showed was removed, and comes back with another id."""
    async with Lived(events=600) as lived:
        person, first, photo = person_with_thumbnail(lived)
        since = await begin(lived)
        lived.editor.faces.delete(lived.library_id, first)
        lived.editor.people.update(person, {"is_favorite": True})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        run_twice(lived, plan)
        shown = lived.world.entity("face", str((lived.world.entity("person", person) or {})["thumbnail_face_id"])) or {}
        assert shown["asset_id"] == photo
        lived.wait(30)
        assert not (await planned(lived, since, changes=True)).acting


async def test_a_thumbnail_is_not_taken_away() -> None:
    """A person of whom none was known gets one by the service: there is nothing to put back, now and each time."""
    async with Lived(events=600) as lived:
        person = lived.editor.people.create(lived.library_id, {"name": "Grandma"})[0]
        since = await begin(lived)
        lived.editor.faces.create(lived.library_id, lived.ids("asset", deeds.LIVE)[0], (1, 2, 30, 40), person)
        lived.editor.people.update(person, {"is_favorite": True})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert [dict(step.values) for step in plan.acting] == [{"is_favorite": False}]


async def test_a_time_written_otherwise_is_no_change() -> None:
    """The service may write a time back in another way than it was given."""
    async with Lived(events=600) as lived:
        asset = lived.ids("asset", deeds.LIVE)[0]
        since = await begin(lived)
        lived.editor.photos.describe({asset: {"original_datetime": "2020-01-01T00:00:00Z"}})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert [step.kind for step in plan.acting] == [StepKind.UPDATE]
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        lived.wait(30)
        assert not (await planned(lived, since, changes=True)).acting


async def test_a_photo_in_the_trash_of_another_library_cannot_be_moved_back() -> None:
    """The service moves live photos only. The plan says so, or else the run which one, and does the rest."""
    async with Lived(events=600) as lived:
        first, second = [
            one for one in lived.ids("asset") if not (lived.world.entity("asset", one) or {})["trashed_at"]
        ][:2]
        since = await begin(lived)
        lived.editor.photos.move([first, second], lived.library_id, lived.others[0])
        lived.wait(30)
        plan = await planned(lived, since, operations=frozenset({Operation.MOVED_OUT}))
        lived.editor.photos.trash(lived.others[0], [second])
        told = (await planned(lived, since, operations=frozenset({Operation.MOVED_OUT}))).of(StepKind.IMPOSSIBLE)
        assert [step.ids for step in told] == [(second,)]
        with served(lived) as address:
            ran = run(plan, address, "--yes")
        assert ran.code == 1
        assert f"{second}: unavailable" in ran.text
        assert "not all done (move 2)" in ran.text
        assert first in lived.ids("asset")


async def test_a_person_who_is_there_again_is_found_however_the_name_is_written() -> None:
    """Made anew by somebody after the plan was made: the service takes names without case, and so does the script."""
    async with Lived(events=600) as lived:
        person = lived.pick("person", 1, deeds.NAMED)
        fields = dict(lived.world.entity("person", person) or {})
        since = await begin(lived)
        lived.editor.people.delete(person)
        lived.wait(30)
        plan = await planned(lived, since)
        made = {name: fields[name] for name in ("birth_date", "is_favorite", "is_hidden")}
        lived.editor.people.create(lived.library_id, {"name": f" {fields['name'].upper()}", **made})
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        assert person not in lived.ids("person")


async def test_a_library_that_may_not_be_read_is_passed_over() -> None:
    """It was taken away since it was listed; the photos are found in another one."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        lived.editor.photos.move(lived.ids("asset", deeds.LIVE)[:2], lived.library_id, lived.others[0])
        lived.wait(30)

        async def others() -> Sequence[Library]:
            return [Library("lib_closed", "Closed"), Library(lived.others[0], "Studio")]

        (step,) = (await planned(lived, since, others=others)).of(StepKind.MOVE_BACK)
        assert (step.holder, len(step.ids)) == (lived.others[0], 2)
