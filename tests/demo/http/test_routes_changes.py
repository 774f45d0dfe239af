"""A writable demo library takes changes as the service does; the official client, strict, makes each of them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from gumnut import APIStatusError, Gumnut

from gumnut_tui.demo.world.world import World
from tests.demo.servers import Address, running

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, now=NOW, events=1500)


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[Address]:
    with running(world, editor=world.editor(lambda: LATER)) as address:
        yield address


def client_of(address: Address, key: str) -> Gumnut:
    return Gumnut(
        api_key=key,
        base_url=address.base_url,
        max_retries=0,
        http_client=httpx.Client(trust_env=False),
        _strict_response_validation=True,
    )


@pytest.fixture
def sdk(address: Address) -> Iterator[Gumnut]:
    with client_of(address, address.key) as client:
        yield client


@pytest.fixture(scope="module")
def home(world: World) -> str:
    return str(world.libraries()[0]["id"])


@pytest.fixture(scope="module")
def other(world: World) -> str:
    return str(world.libraries()[1]["id"])


class Tail:
    """The events of a library since it was last asked."""

    def __init__(self, world: World, library: str) -> None:
        self._feed = world.feed(library)
        self._read = len(self._feed)

    def names(self) -> list[str]:
        """Types of the events that came since."""
        rows = [self._feed.row(index) for index in range(self._read, len(self._feed))]
        self._read = len(self._feed)
        return [row.event_type for row in rows]


@pytest.fixture
def tail(world: World, home: str) -> Tail:
    return Tail(world, home)


def refused(call: Callable[[], object]) -> int:
    """The status a call is refused with; the body has a detail."""
    with pytest.raises(APIStatusError) as caught:
        call()
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["detail"]
    return caught.value.status_code


def photos(sdk: Gumnut, library: str, count: int, **filters: Any) -> list[str]:
    """Ids of live photos, oldest capture first."""
    return [one.id for one in sdk.assets.list(library_id=library, limit=count, order="asc", **filters).data]


def test_trash_and_restore(sdk: Gumnut, home: str, tail: Tail) -> None:
    """Both take what is there and pass over the rest, so that both may be repeated; events happen now."""
    ids = photos(sdk, home, 3)
    sdk.assets.trash(ids=[*ids, "asset_nowhere"], library_id=home)
    assert tail.names() == ["asset_trashed"] * 3
    assert not sdk.assets.list(library_id=home, ids=ids).data
    trashed = sdk.assets.retrieve(ids[0]).trashed_at
    assert trashed is not None
    assert LATER - timedelta(minutes=1) < trashed <= LATER
    sdk.assets.restore(ids=ids, library_id=home)
    sdk.assets.restore(ids=ids, library_id=home)
    assert tail.names() == ["asset_restored"] * 3
    assert len(sdk.assets.list(library_id=home, ids=ids).data) == 3
    assert refused(lambda: sdk.assets.restore(ids=["asset_x"] * 201, library_id=home)) == 422
    assert refused(lambda: sdk.assets.restore(ids=ids)) == 400
    assert refused(lambda: sdk.assets.restore(ids=ids, library_id="lib_nowhere")) == 404


def test_albums(sdk: Gumnut, home: str, other: str, tail: Tail) -> None:
    """A name is one album's, without case and outer blanks; its photos are live ones of its library."""
    made = sdk.albums.with_raw_response.create(library_id=home, name=" Alps ", description="d")
    album = made.parse()
    assert (made.http_response.status_code, album.name, album.asset_count) == (201, "Alps", 0)
    again = sdk.albums.with_raw_response.create(library_id=home, name="ALPS", description="d")
    assert (again.http_response.status_code, again.parse().id) == (200, album.id)
    assert refused(lambda: sdk.albums.create(library_id=home, name="alps", description="other")) == 409
    assert refused(lambda: sdk.albums.create(library_id=home, name="  ")) == 422
    assert tail.names() == ["album_created"]

    ids, foreign = photos(sdk, home, 4), photos(sdk, other, 1)
    sdk.assets.trash(ids=ids[3:], library_id=home)
    sdk.albums.assets_associations.add(album.id, asset_ids=ids[:1])
    added = sdk.albums.assets_associations.add(album.id, asset_ids=[*ids, *foreign])
    assert added.added_assets == ids[1:3]
    assert added.duplicate_assets == ids[:1]
    assert added.not_found_assets == [ids[3], *foreign]
    sdk.assets.restore(ids=ids, library_id=home)
    tail.names()

    assert sdk.albums.update(album.id, album_cover_asset_id=ids[1]).album_cover_asset_id == ids[1]
    assert refused(lambda: sdk.albums.update(album.id, album_cover_asset_id=ids[3])) == 422
    second = sdk.albums.create(library_id=home, name="Other")
    assert refused(lambda: sdk.albums.update(second.id, name="alps")) == 409
    cleared = sdk.albums.update(album.id, description=None, name="Alps 2")
    assert (cleared.name, cleared.description, cleared.album_cover_asset_id) == ("Alps 2", None, ids[1])
    sdk.albums.assets_associations.remove(album.id, asset_ids=[ids[0], ids[3]])
    sdk.albums.delete(second.id)
    assert tail.names() == ["album_updated", "album_created", "album_updated", "album_asset_removed", "album_deleted"]
    assert refused(lambda: sdk.albums.delete(second.id)) == 404


def test_people_and_faces(sdk: Gumnut, home: str, tail: Tail) -> None:
    """A name is one person's; faces on live photos are assigned, drawn and removed; merging deletes the sources."""
    made = sdk.people.with_raw_response.create(library_id=home, name="Nadja", birth_date="1990-02-03", is_favorite=True)
    person = made.parse()
    assert (made.http_response.status_code, str(person.birth_date), person.is_hidden) == (201, "1990-02-03", False)
    again = sdk.people.with_raw_response.create(library_id=home, name="nadja")
    assert (again.http_response.status_code, again.parse().id) == (200, person.id)
    assert refused(lambda: sdk.people.create(library_id=home, name="NADJA", is_hidden=True)) == 409
    unnamed = [sdk.people.create(library_id=home).id for _ in range(2)]
    assert len({person.id, *unnamed}) == 3
    assert tail.names() == ["person_created"] * 3

    photo = sdk.assets.list(library_id=home, limit=1, media_type="image").data[0]
    assert photo.width
    box = {"x": 10, "y": 20, "w": 100, "h": 130}
    face = sdk.faces.create(library_id=home, asset_id=photo.id, bounding_box=box, person_id=person.id)  # type: ignore[arg-type]
    assert (face.source, face.person_id, face.bounding_box) == ("manual", person.id, box)
    assert tail.names() == ["face_created", "face_updated"]
    wide = {**box, "w": photo.width}
    assert refused(lambda: sdk.faces.create(library_id=home, asset_id=photo.id, bounding_box=wide)) == 422  # type: ignore[arg-type]
    assert sdk.faces.update(face.id, library_id=home, person_id=unnamed[0]).person_id == unnamed[0]
    assert sdk.people.update(unnamed[0], thumbnail_face_id=face.id).thumbnail_face_id == face.id
    assert refused(lambda: sdk.people.update(unnamed[0], name="nadja ")) == 409
    merged = sdk.people.merge(person.id, source_person_ids=unnamed)
    assert merged.id == person.id
    assert sdk.faces.retrieve(face.id, library_id=home).person_id == person.id
    assert tail.names() == ["face_updated", "person_updated", "face_updated", "person_deleted", "person_deleted"]

    assert sdk.people.update(person.id, name=None).name is None
    assert sdk.faces.update(face.id, library_id=home, person_id=None).person_id is None
    sdk.assets.trash(ids=[photo.id], library_id=home)
    assert refused(lambda: sdk.faces.update(face.id, library_id=home, person_id=person.id)) == 404
    sdk.assets.restore(ids=[photo.id], library_id=home)
    sdk.faces.delete(face.id)
    sdk.people.delete(person.id)
    assert refused(lambda: sdk.people.retrieve(person.id)) == 404


def test_stacks(sdk: Gumnut, home: str, tail: Tail) -> None:
    """Photos of other stacks are pulled out of them, and a stack of one dissolves."""
    loose = [one.id for one in sdk.assets.list(library_id=home, limit=100) if one.stack_id is None][:5]
    first = sdk.stacks.create_stack(asset_ids=loose[:2], library_id=home)
    assert (first.origin, first.asset_count, first.primary_asset_id) == ("user", 2, None)
    assert tail.names() == ["stack_created", "asset_updated", "asset_updated"]
    second = sdk.stacks.create_stack(asset_ids=loose[1:4], library_id=home, primary_asset_id=loose[2])
    assert (second.asset_count, second.primary_asset_id) == (3, loose[2])
    assert refused(lambda: sdk.stacks.retrieve_stack(first.id)) == 404
    assert sdk.stacks.add_assets_to_stack(second.id, asset_ids=loose[3:]).asset_count == 4
    assert sdk.stacks.set_cover(second.id, primary_asset_id=loose[4]).primary_asset_id == loose[4]
    sdk.stacks.remove_assets(second.id, asset_ids=loose[4:])
    assert sdk.stacks.retrieve_stack(second.id).primary_asset_id is None
    assert refused(lambda: sdk.stacks.create_stack(asset_ids=loose[:1], library_id=home)) == 422
    sdk.stacks.delete(second.id)
    assert {sdk.assets.retrieve(one).stack_id for one in loose} == {None}


def test_moves(sdk: Gumnut, world: World, home: str, other: str, tail: Tail) -> None:
    """One result an asset, in the order asked; what is moved already is a success; ids and faces stay."""
    one, two, three = photos(sdk, home, 3)
    sdk.assets.trash(ids=[three], library_id=home)
    tail.names()
    there = Tail(world, other)
    asked = [one, "asset_nowhere", three, one]
    result = sdk.assets.move(asset_ids=asked, source_library_id=home, destination_library_id=other).data
    assert [(each.asset_id, each.outcome, each.failure) for each in result] == [
        (one, "moved", None),
        ("asset_nowhere", "failed", "unavailable"),
        (three, "failed", "unavailable"),
    ]
    assert tail.names()[-1] == "asset_moved_out"
    assert there.names() == ["asset_moved_in"]
    again = sdk.assets.move(asset_ids=[one, two], source_library_id=home, destination_library_id=other).data
    assert [each.outcome for each in again] == ["already_in_destination", "moved"]
    back = sdk.assets.move(asset_ids=[one, two], source_library_id=other, destination_library_id=home).data
    assert [each.outcome for each in back] == ["moved", "moved"]
    sdk.assets.restore(ids=[three], library_id=home)
    assert refused(lambda: sdk.assets.move(asset_ids=[one], source_library_id=home, destination_library_id=home)) == 422


def test_metadata(sdk: Gumnut, home: str, tail: Tail) -> None:
    """Users' values hide those of the file until they are taken away; a batch is all or nothing."""
    first, second = photos(sdk, home, 2)

    def metadata(asset_id: str) -> Any:
        return sdk.assets.retrieve(asset_id, include=["metadata"]).metadata

    before = metadata(first)
    sdk.assets.update_asset(
        first, description="D", rating=4, latitude=1.5, longitude=-2.0, original_datetime="1901-02-03T04:05:06+02:00"
    )
    now = metadata(first)
    assert (now.description, now.rating, now.latitude, now.longitude) == ("D", 4, 1.5, -2.0)
    assert now.original_datetime.isoformat() == "1901-02-03T04:05:06+02:00"
    assert sdk.assets.retrieve(first).local_datetime.isoformat() == "1901-02-03T04:05:06+02:00"
    assert photos(sdk, home, 1) == [first]
    sdk.assets.update_asset(first, description=None, rating=None, latitude=None, longitude=None, original_datetime=None)
    now = metadata(first)
    assert (now.latitude, now.original_datetime) == (before.latitude, before.original_datetime)
    assert tail.names() == ["metadata_updated"] * 2
    assert refused(lambda: sdk.assets.update_asset(first, latitude=1.0)) == 422
    assert refused(lambda: sdk.assets.update_asset(first, rating=6)) == 422
    changes: list[Any] = [{"id": one, "change": {"rating": 2}} for one in (first, second)]
    sdk.assets.bulk_update_assets(updates=changes)
    assert (metadata(first).rating, metadata(second).rating) == (2, 2)
    wrong: list[Any] = [*changes, {"id": "asset_nowhere", "change": {"rating": 3}}]
    wrong[0] = {"id": first, "change": {"rating": 5}}
    assert refused(lambda: sdk.assets.bulk_update_assets(updates=wrong)) == 404
    assert metadata(first).rating == 2


def test_uploads(sdk: Gumnut, home: str, tail: Tail) -> None:
    """The same bytes are the same photo, also one in the trash, which stays there; deleted ones come as new."""
    content = b"not really a picture"

    def upload(name: str = 'é "1".HEIC') -> tuple[int, Any]:
        sent = sdk.assets.with_raw_response.create(
            asset_data=(name, content),
            device_asset_id="d-1",
            device_id="Ann’s phone",
            file_created_at="2020-05-06T07:08:09+02:00",
            file_modified_at="2020-05-06T07:08:10Z",
            library_id=home,
        )
        return sent.http_response.status_code, sent.parse()

    status, photo = upload()
    assert (status, photo.original_file_name, photo.mime_type) == (201, 'é "1".HEIC', "image/heic")
    assert tail.names() == ["asset_created", "metadata_updated"]
    file = sdk.assets.retrieve(photo.id, include=["file_data"]).file_data
    assert file is not None
    assert file.checksum == b64encode(hashlib.sha256(content).digest()).decode()
    assert (file.device_id, file.file_size_bytes) == ("Ann’s phone", len(content))
    assert file.file_created_at == datetime(2020, 5, 6, 5, 8, 9, tzinfo=UTC)
    sdk.assets.trash(ids=[photo.id], library_id=home)
    status, twin = upload("other.jpg")
    assert (status, twin.id, twin.trashed_at is None) == (200, photo.id, False)
    sdk.assets.delete(photo.id)
    status, new = upload()
    assert status == 201
    assert new.id != photo.id
    assert refused(lambda: upload("notes.txt")) == 422


def test_libraries(sdk: Gumnut, other: str) -> None:
    """A library comes back whole; both may be repeated."""
    sdk.libraries.trash(other)
    sdk.libraries.trash(other)
    assert other not in {one.id for one in sdk.libraries.list()}
    for _ in range(2):
        assert sdk.libraries.restore(other).id == other
    assert other in {one.id for one in sdk.libraries.list()}


CHANGES: list[Callable[[Gumnut, str], object]] = [
    lambda sdk, home: sdk.assets.restore(ids=[], library_id=home),
    lambda sdk, home: sdk.assets.trash(ids=[], library_id=home),
    lambda sdk, home: sdk.albums.create(name="x", library_id=home),
    lambda sdk, home: sdk.albums.update("album_x", name="y"),
    lambda sdk, home: sdk.albums.assets_associations.add("album_x", asset_ids=[]),
    lambda sdk, home: sdk.people.create(library_id=home),
    lambda sdk, home: sdk.people.update("person_x", name="y"),
    lambda sdk, home: sdk.faces.update("face_x", library_id=home, person_id="person_x"),
    lambda sdk, home: sdk.faces.create(asset_id="a", bounding_box={"x": 0, "y": 0, "w": 1, "h": 1}, library_id=home),
    lambda sdk, home: sdk.stacks.create_stack(asset_ids=["a", "b"], library_id=home),
    lambda sdk, home: sdk.stacks.add_assets_to_stack("asset_stack_x", asset_ids=[]),
    lambda sdk, home: sdk.assets.update_asset("asset_x", rating=1),
    lambda sdk, home: sdk.assets.bulk_update_assets(updates=[]),
    lambda sdk, home: sdk.assets.move(asset_ids=[], source_library_id=home, destination_library_id=home),
    lambda sdk, home: sdk.libraries.restore(home),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_key_that_may_only_read_changes_nothing(
    address: Address, home: str, tail: Tail, change: Callable[[Gumnut, str], object]
) -> None:
    """Whatever it asks for is a 403; reading goes on."""
    with client_of(address, "demo-read") as sdk:
        assert refused(lambda: change(sdk, home)) == 403
        assert sdk.libraries.list()
    with client_of(address, "wrong") as sdk:
        assert refused(lambda: change(sdk, home)) == 401
    assert tail.names() == []


def test_deleting_and_moving_need_more_than_writing(address: Address, home: str, other: str) -> None:
    """A move needs `delete_permanently` as well; a selected key reaches no other library."""
    with client_of(address, "demo-write") as sdk:
        asset_id = photos(sdk, home, 1)[0]
        move = {"asset_ids": [asset_id], "source_library_id": home, "destination_library_id": other}
        assert refused(lambda: sdk.assets.move(**move)) == 403  # type: ignore[arg-type]
        assert refused(lambda: sdk.assets.delete(asset_id)) == 403
        sdk.assets.restore(ids=[asset_id], library_id=home)
    with client_of(address, "demo-selected") as sdk:
        assert refused(lambda: sdk.assets.move(**move)) == 404  # type: ignore[arg-type]


def test_only_a_writable_library_takes_changes(world: World, home: str) -> None:
    """Asked for nothing else, the demo is as read-only as it was."""
    with running(world) as address, client_of(address, address.key) as sdk:
        for change in CHANGES:
            assert refused(lambda change=change: change(sdk, home)) in (404, 405)  # type: ignore[misc]
