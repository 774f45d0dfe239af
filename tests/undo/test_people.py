"""What is planned for people and faces, and proved by running it."""

from __future__ import annotations

from unittest.mock import patch

import httpx

from gumnut_tui.domain.models import Operation
from gumnut_tui.undo.people import FIRST_GIVEN
from gumnut_tui.undo.plan import StepKind
from tests.demo import deeds
from tests.demo.lived import Lived
from tests.undo.proving import begin, person_with_thumbnail, planned, run, served

SEND = httpx.Client.send


async def test_who_is_on_a_photo_that_somebody_moved_back_is_told_again() -> None:
    """It came back by itself, without its places in albums, its people and its stack; a face given away since stays."""
    async with Lived(events=600) as lived:
        photo, other = lived.ids("asset", deeds.LIVE)[:2]
        ana, ben = (lived.editor.people.create(lived.library_id, {"name": name})[0] for name in ("Ana", "Ben"))
        kept, given = (lived.editor.faces.create(lived.library_id, photo, (at, 2, 30, 40), ana) for at in (1, 50))
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays"})
        lived.editor.albums.add(album, [photo, other])
        since = await begin(lived)
        lived.editor.photos.move([photo], lived.library_id, lived.others[0])
        lived.wait(30)
        lived.editor.photos.move([photo], lived.others[0], lived.library_id)
        lived.editor.faces.assign(lived.library_id, given, ben)
        lived.wait(30)
        plan = await planned(lived, since, operations=frozenset({Operation.MOVED_OUT}))
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        owners = [(lived.world.entity("face", one) or {})["person_id"] for one in (kept, given)]
        assert owners == [ana, ben]
        lived.wait(30)
        assert not (await planned(lived, since, operations=frozenset({Operation.MOVED_OUT}))).acting


async def test_a_person_shows_the_face_again_that_was_taken_from_them() -> None:
    """The service chose another when it was removed; drawn anew it has a new id."""
    async with Lived(events=600) as lived:
        person, first, photo = person_with_thumbnail(lived)
        since = await begin(lived)
        lived.editor.faces.delete(lived.library_id, first)
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        shown = lived.world.entity("face", str((lived.world.entity("person", person) or {})["thumbnail_face_id"])) or {}
        assert shown["asset_id"] == photo
        lived.wait(30)
        assert not (await planned(lived, since)).acting


async def test_a_thumbnail_that_somebody_chose_since_is_left() -> None:
    """Only the face comes back."""
    async with Lived(events=600) as lived:
        person = lived.editor.people.create(lived.library_id, {"name": "Grandma"})[0]
        photos = lived.ids("asset", deeds.LIVE)[:3]
        first, _, third = [lived.editor.faces.create(lived.library_id, one, (1, 2, 30, 40), person) for one in photos]
        since = await begin(lived)
        lived.editor.faces.delete(lived.library_id, first)
        lived.editor.people.update(person, {"thumbnail_face_id": third})
        lived.wait(30)
        plan = await planned(lived, since)
        assert [step.kind for step in plan.acting] == [StepKind.CREATE_FACE]


async def test_a_long_name_is_not_sent_in_an_address() -> None:
    """Which many servers do not take; its beginning finds the person, too."""
    name = "Ö" * 5_000
    async with Lived(events=600) as lived:
        person = lived.editor.people.create(lived.library_id, {"name": name})[0]
        since = await begin(lived)
        lived.editor.people.delete(person)
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address, patch.object(httpx.Client, "send", autospec=True, side_effect=SEND) as sent:
            for _ in range(2):
                assert run(plan, address, "--yes").code == 0
            assert max(len(str(call.args[1].url)) for call in sent.call_args_list) < 2_000
        assert [one for one in lived.ids("person") if (lived.world.entity("person", one) or {})["name"] == name]


async def test_faces_that_the_service_grouped_anew_go_back_to_their_person() -> None:
    """Into a group without a name; one that somebody gave to a person with a name is theirs."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:3]
        ana, ben = (lived.editor.people.create(lived.library_id, {"name": name})[0] for name in ("Ana", "Ben"))
        first, second, third = [lived.editor.faces.create(lived.library_id, one, (1, 2, 30, 40), ana) for one in photos]
        since = await begin(lived)
        lived.editor.people.delete(ana)
        lived.wait(30)
        group = lived.editor.people.create(lived.library_id, {})[0]
        lived.editor.faces.assign(lived.library_id, first, group)
        lived.editor.faces.assign(lived.library_id, second, ben)
        lived.wait(30)
        plan = await planned(lived, since)
        (step,) = plan.of(StepKind.ASSIGN_FACE)
        assert set(step.ids) == {first, third}
        lived.editor.faces.assign(lived.library_id, third, ben)  # between plan and run
        with served(lived) as address:
            ran = run(plan, address, "--yes")
        assert (ran.code, "1 given to somebody else since, left alone" in ran.text) == (1, True)
        owners = [(lived.world.entity("face", one) or {})["person_id"] for one in (first, second, third)]
        assert owners[1:] == [ben, ben]
        assert (lived.world.entity("person", owners[0]) or {})["name"] == "Ana"


async def test_who_gave_a_face_to_somebody_first_is_not_told() -> None:
    """It is taken back only where nothing but faces is undone."""
    async with Lived(events=600) as lived:
        person = lived.editor.people.create(lived.library_id, {"name": "Ana"})[0]
        face = lived.editor.faces.create(lived.library_id, lived.ids("asset", deeds.LIVE)[0], (1, 2, 30, 40), None)
        since = await begin(lived)
        lived.editor.faces.assign(lived.library_id, face, person)
        lived.editor.people.update(person, {"name": "Anna"})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert [step.entity_type for step in plan.acting] == ["person"]
        assert [(step.ids, step.reason) for step in plan.of(StepKind.IMPOSSIBLE)] == [((face,), FIRST_GIVEN)]
        faces = await planned(lived, since, changes=True, entity_types=frozenset({"face"}))
        assert [(step.kind, step.ids, step.holder) for step in faces.acting] == [(StepKind.ASSIGN_FACE, (face,), "")]
