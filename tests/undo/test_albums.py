"""What is planned for albums, and proved by running it."""

from __future__ import annotations

import pytest

from gumnut_tui.undo.albums import SILENT_MEMBERS, Albums
from gumnut_tui.undo.photos import Photos
from gumnut_tui.undo.plan import StepKind
from gumnut_tui.undo.selection import Selection
from gumnut_tui.undo.situation import Situation
from tests.demo import deeds
from tests.demo.lived import Lived
from tests.report.test_history import event, history, seen
from tests.undo.proving import album_with_cover, begin, planned, run, run_twice, served


@pytest.mark.parametrize("is_moved", [False, True], ids=["taken out", "moved away"])
async def test_an_album_shows_the_photo_again_that_was_taken_out(is_moved: bool) -> None:
    """The service chose another cover when it went."""
    async with Lived(events=600) as lived:
        album, photos = album_with_cover(lived)
        since = await begin(lived)
        if is_moved:
            lived.editor.photos.move(photos[2:], lived.library_id, lived.others[0])
        else:
            lived.editor.albums.remove(album, photos[2:])
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        assert (lived.world.entity("album", album) or {})["album_cover_asset_id"] == photos[2]
        lived.wait(30)
        assert not (await planned(lived, since)).acting


async def test_a_cover_that_somebody_chose_since_is_left() -> None:
    """Only the photo goes back into the album."""
    async with Lived(events=600) as lived:
        album, photos = album_with_cover(lived)
        since = await begin(lived)
        lived.editor.albums.remove(album, photos[2:])
        lived.editor.albums.update(album, {"album_cover_asset_id": photos[1]})
        lived.wait(30)
        plan = await planned(lived, since)
        assert [step.kind for step in plan.acting] == [StepKind.ADD_TO_ALBUM]


async def test_what_the_service_chose_as_cover_is_nothing_to_go_back_to() -> None:
    """Not the cover it chose when the one before was taken out, nor none of an album that was empty."""
    async with Lived(events=600) as lived:
        album, photos = album_with_cover(lived)
        empty, _ = lived.editor.albums.create(lived.library_id, {"name": "Empty"})
        since = await begin(lived)
        lived.editor.albums.remove(album, photos[2:])
        await lived.sync()
        lived.editor.albums.update(album, {"description": "new"})
        lived.editor.albums.add(empty, photos)
        lived.editor.albums.update(empty, {"description": "new"})
        lived.wait(30)
        plan = await planned(lived, since, changes=True)
        run_twice(lived, plan)
        assert (lived.world.entity("album", album) or {})["album_cover_asset_id"] == photos[2]
        lived.wait(30)
        assert not (await planned(lived, since, changes=True)).acting


def test_the_cover_of_an_album_was_in_it() -> None:
    """Though nothing else tells so: it was put there before the journal began."""
    past = history(
        seen(1, "album", "album_1", name="Alps", description=None, album_cover_asset_id="asset_1", asset_count=1),
        seen(1, "asset", "asset_1", trashed_at=None),
        deleted := event(20, "album_deleted", "album_1"),
    )
    situation = Situation(past, Selection(past, [deleted.cursor]))
    steps = list(Albums(situation, Photos(situation)).steps())
    assert [(step.kind, step.ids) for step in steps if step.kind.acts] == [
        (StepKind.CREATE_ALBUM, ("album_1",)),
        (StepKind.ADD_TO_ALBUM, ("asset_1",)),
        (StepKind.SET_COVER, ("asset_1",)),
    ]


async def test_an_album_made_again_shows_what_it_showed_before_its_photos_went() -> None:
    """The photo was moved away first, whereupon the service chose another cover, and then the album was deleted."""
    async with Lived(events=600) as lived:
        album, photos = album_with_cover(lived)
        since = await begin(lived)
        lived.editor.photos.move([photos[2]], lived.library_id, lived.others[0])
        await lived.sync()
        lived.editor.albums.delete(album)
        lived.wait(30)
        plan = await planned(lived, since)
        assert [step.ids for step in plan.of(StepKind.SET_COVER)] == [(photos[2],)]


def test_a_photo_of_which_nothing_is_known_is_put_back() -> None:
    """Without the service nobody says that it is away; the script looks before it acts."""
    past = history(
        event(10, "album_asset_added", "row_1", album_id="album_1", asset_id="asset_1"),
        removed := event(20, "album_asset_removed", "row_1", album_id="album_1", asset_id="asset_1"),
    )
    situation = Situation(past, Selection(past, [removed.cursor]))
    (step,) = Albums(situation, Photos(situation)).steps()
    assert (step.kind, step.ids) == (StepKind.ADD_TO_ALBUM, ("asset_1",))


async def test_photos_that_no_event_names_are_told() -> None:
    """Without a journal nothing says which photos an album held whose events of added photos are silent."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays"})
        lived.editor.albums.add(album, lived.ids("asset", deeds.LIVE)[:20])
        lived.editor.albums.delete(album)
        lived.wait(30)
        plan = await planned(lived, since, journalled=False)
        (step,) = plan.of(StepKind.ADD_TO_ALBUM)
        assert len(step.ids) < 20
        assert [step.reason for step in plan.of(StepKind.NOTE)] == [SILENT_MEMBERS]
