"""What somebody may do to a library, each to what two numbers choose."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from gumnut_tui.demo.world.edits.found import NotThere
from gumnut_tui.demo.world.entity_filters import Filters
from tests.demo.lived import Lived

Deed = Callable[[Lived, int, int], None]
LIVE = Filters()
TRASHED = Filters(state="trashed")
NAMED = Filters(name_filter="named")


def _some(lived: Lived, kind: str, first: int, count: int, filters: Filters = LIVE) -> list[str]:
    ids = lived.ids(kind, filters)
    start = first % max(1, len(ids))
    return list(islice(ids, start, start + 1 + count % 4))


def _album_of(lived: Lived, row: str) -> tuple[str, str]:
    link = lived.world.entity("album_asset", row) or {}
    return link["album_id"], link["asset_id"]


def trash(lived: Lived, first: int, second: int) -> None:
    """A few photos."""
    lived.editor.photos.trash(lived.library_id, _some(lived, "asset", first, second))


def delete_photo(lived: Lived, first: int, second: int) -> None:
    """One, from wherever it is."""
    lived.editor.photos.delete(lived.pick("asset", first))


def move_out(lived: Lived, first: int, second: int) -> None:
    """A few, to the next library."""
    moved = lived.editor.photos.move(_some(lived, "asset", first, second), lived.library_id, lived.others[0])
    if all(one["outcome"] == "failed" for one in moved):
        raise NotThere("nothing moved")


def take_out(lived: Lived, first: int, second: int) -> None:
    """A photo out of an album."""
    album, asset = _album_of(lived, lived.pick("album_asset", first))
    lived.editor.albums.remove(album, [asset])


def delete_album(lived: Lived, first: int, second: int) -> None:
    """One."""
    lived.editor.albums.delete(lived.pick("album", first))


def delete_person(lived: Lived, first: int, second: int) -> None:
    """Somebody with a name, or sometimes without."""
    lived.editor.people.delete(lived.pick("person", first, NAMED if second % 3 else LIVE))


def merge(lived: Lived, first: int, second: int) -> None:
    """One person into another."""
    target = lived.pick("person", first)
    lived.editor.people.merge(target, [lived.pick("person", second, NAMED)])


def unassign(lived: Lived, first: int, second: int) -> None:
    """A face that is somebody's."""
    face = lived.pick("face", first, LIVE)
    if (lived.world.entity("face", face) or {})["person_id"] is None:
        raise NotThere("nothing to do")
    lived.editor.faces.assign(lived.library_id, face, None)


def delete_face(lived: Lived, first: int, second: int) -> None:
    """One on a live photo."""
    lived.editor.faces.delete(lived.library_id, lived.pick("face", first, LIVE))


def dissolve(lived: Lived, first: int, second: int) -> None:
    """A stack."""
    lived.editor.stacks.dissolve(lived.pick("stack", first))


def restore(lived: Lived, first: int, second: int) -> None:
    """A few from the trash."""
    lived.editor.photos.restore(lived.library_id, _some(lived, "asset", first, second, TRASHED))


def move_in(lived: Lived, first: int, second: int) -> None:
    """One from the next library."""
    ids = sorted(lived.world.ids("asset", lived.others[0]))[first % 30 :][:1]
    lived.editor.photos.move(ids, lived.others[0], lived.library_id)


def create_album(lived: Lived, first: int, second: int) -> None:
    """One with a few photos."""
    name = f"Album {first % 7}"
    album, _ = lived.editor.albums.create(lived.library_id, {"name": name, "description": "d" if second % 2 else None})
    lived.editor.albums.add(album, _some(lived, "asset", first, second))


def add(lived: Lived, first: int, second: int) -> None:
    """A few photos to an album."""
    lived.editor.albums.add(lived.pick("album", first), _some(lived, "asset", second, first))


def rename_album(lived: Lived, first: int, second: int) -> None:
    """Another name, no description."""
    lived.editor.albums.update(lived.pick("album", first), {"name": f"Name {second % 9}", "description": None})


def set_cover(lived: Lived, first: int, second: int) -> None:
    """One of its photos."""
    album, asset = _album_of(lived, lived.pick("album_asset", first, LIVE))
    lived.editor.albums.update(album, {"album_cover_asset_id": asset})


def name_person(lived: Lived, first: int, second: int) -> None:
    """A name, and a favourite."""
    given = {"name": f"Person {second % 9}", "is_favorite": bool(second % 2)}
    lived.editor.people.update(lived.pick("person", first), given)


def assign(lived: Lived, first: int, second: int) -> None:
    """A face to somebody else."""
    face, person = lived.pick("face", first, LIVE), lived.pick("person", second)
    if (lived.world.entity("face", face) or {})["person_id"] == person:
        raise NotThere("nothing to do")
    lived.editor.faces.assign(lived.library_id, face, person)


def draw_face(lived: Lived, first: int, second: int) -> None:
    """A face by hand."""
    photo, person = lived.pick("asset", first, LIVE), lived.pick("person", second)
    lived.editor.faces.create(lived.library_id, photo, (1, 2, 30, 40), person)


def stack(lived: Lived, first: int, second: int) -> None:
    """A few photos, wherever they were stacked."""
    ids = _some(lived, "asset", first, second)
    lived.editor.stacks.create(lived.library_id, ids, ids[0] if second % 2 else None)


def unstack(lived: Lived, first: int, second: int) -> None:
    """A photo out of its stack."""
    chosen = lived.pick("stack", first)
    members = (lived.world.entity("stack", chosen) or {})["asset_ids"]
    lived.editor.stacks.remove(chosen, [members[second % len(members)]]) if members else False


def describe(lived: Lived, first: int, second: int) -> None:
    """Stars and words."""
    change = {"rating": second % 6, "description": f"words {second}" if second % 2 else None}
    lived.editor.photos.describe({lived.pick("asset", first): change})


DESTRUCTIVE: tuple[Deed, ...] = (
    trash,
    delete_photo,
    move_out,
    take_out,
    delete_album,
    delete_person,
    merge,
    unassign,
    delete_face,
    dissolve,
)
CONSTRUCTIVE: tuple[Deed, ...] = (
    restore,
    move_in,
    create_album,
    add,
    rename_album,
    set_cover,
    name_person,
    assign,
    draw_face,
    stack,
    unstack,
    describe,
)
