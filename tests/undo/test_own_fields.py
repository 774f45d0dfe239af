"""What is put back of fields that somebody set, and proved by running it."""

from __future__ import annotations

from gumnut_tui.undo.plan import StepKind
from tests.demo import deeds
from tests.demo.lived import Lived
from tests.undo.proving import begin, planned, run, served


async def test_what_somebody_changed_between_plan_and_run_is_left_alone() -> None:
    """Weeks later, say; the other fields are put back, and the run ends with 1 and says which are not."""
    async with Lived(events=600) as lived:
        photo = lived.ids("asset", deeds.LIVE)[0]
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Trip", "description": "2025"})
        lived.editor.photos.describe({photo: {"rating": 4, "latitude": 1.0, "longitude": 2.0}})
        since = await begin(lived)
        lived.editor.albums.update(album, {"name": "Oops", "description": None})
        lived.editor.photos.describe({photo: {"rating": 1, "latitude": 5.0, "longitude": 6.0}})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert [step.kind for step in plan.acting] == [StepKind.UPDATE] * 2
        lived.wait(30 * 86_400)
        lived.editor.albums.update(album, {"name": "Alps"})
        lived.editor.photos.describe({photo: {"latitude": 7.0, "longitude": 6.0}})
        with served(lived) as address:
            checked, ran = run(plan, address), run(plan, address, "--yes")
            again = run(plan, address, "--yes")
        for told in (checked, ran, again):
            assert told.code == 1
            assert "missing: Set name and description of “Trip”: name: changed again since, left alone" in told.text
            assert "latitude, longitude: changed again since, left alone" in told.text
        fields = lived.world.entity("album", album) or {}
        assert (fields["name"], fields["description"]) == ("Alps", "2025")
        metadata = (lived.world.entity("asset", photo) or {})["metadata"]
        assert (metadata["rating"], metadata["latitude"], metadata["longitude"]) == (4, 7.0, 6.0)


async def test_what_was_changed_of_a_photo_before_it_was_moved_away_is_put_back() -> None:
    """It comes back as it was before both."""
    async with Lived(events=600) as lived:
        photo = lived.ids("asset", deeds.LIVE)[0]
        lived.editor.photos.describe({photo: {"rating": 2, "description": "mine"}})
        since = await begin(lived)
        lived.editor.photos.describe({photo: {"rating": 5, "description": None}})
        lived.wait(30)
        lived.editor.photos.move([photo], lived.library_id, lived.others[0])
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        assert not (await planned(lived, since)).of(StepKind.UPDATE)
        with served(lived) as address:
            assert run(plan, address).code == 0
            assert run(plan, address, "--yes").code == 0
        metadata = (lived.world.entity("asset", photo) or {})["metadata"]
        assert (metadata["rating"], metadata["description"]) == (2, "mine")
        lived.wait(30)
        assert not (await planned(lived, since, changes=True)).acting
