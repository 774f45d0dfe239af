"""The official client, with strict response validation, reads the demo library over a real connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from gumnut import APIStatusError, Gumnut
from gumnut.types import EventsResponse

from gumnut_tui.demo.world.world import World
from tests.demo.servers import Address, running

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GROUPS = ["metadata", "faces", "people", "file_data", "variants"]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, now=NOW, events=2000)


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[Address]:
    with running(world) as address:
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


def read_feed(sdk: Gumnut, library_id: str, **params: Any) -> list[Any]:
    """A library's events from the first to the last."""
    events: list[Any] = []
    while True:
        page: EventsResponse = sdk.events.get(library_id=library_id, limit=200, **params)
        events += page.data
        if not page.has_more:
            return events
        assert page.next_cursor
        params["after_cursor"] = page.next_cursor


def test_all_feeds_are_read_to_the_end(sdk: Gumnut, world: World) -> None:
    """Paging every library's feed gives each event once, in feed order."""
    libraries = sdk.libraries.list(state="all")
    assert len(libraries) >= 2
    for library in libraries:
        events = read_feed(sdk, library.id)
        feed = world.feed(library.id)
        expected = [(row.entity_id, row.event_type) for row in map(feed.row, range(len(feed)))]
        assert [(event.entity_id, event.event_type) for event in events] == expected
        assert len({event.cursor for event in events}) == len(feed)


def test_feeds_by_type_add_up(sdk: Gumnut) -> None:
    """Feeds read one type at a time, under one as_of, hold what the whole feed holds of them."""
    library = sdk.libraries.list()[0]
    first = sdk.events.get(library_id=library.id, limit=1)
    whole = read_feed(sdk, library.id)
    for name in ("asset", "album", "person", "face", "album_asset", "metadata", "stack"):
        part = read_feed(sdk, library.id, entity_types=[name], as_of=first.as_of)
        assert [event.cursor for event in part] == [event.cursor for event in whole if event.entity_type == name]


def test_account_reads(sdk: Gumnut) -> None:
    """Ping, the user, the libraries and one library."""
    assert sdk.ping.get() == '"pong"'  # the client hands out the JSON text as it came
    user = sdk.users.me()
    for state in ("live", "trashed", "all"):
        for library in sdk.libraries.list(state=state):
            assert library.user_id == user.id
            assert sdk.libraries.retrieve(library.id) == library


def test_assets(sdk: Gumnut) -> None:
    """Lists of every state page to their end; ids find the same assets; a single read agrees."""
    for library in sdk.libraries.list():
        listed = list(sdk.assets.list(library_id=library.id, state="all", include=GROUPS, limit=100))
        chosen = sdk.assets.list(
            library_id=library.id,
            state="all",
            ids=[asset.id for asset in reversed(listed[:150])],
            include=GROUPS,
            limit=150,
        )
        assert chosen.data == listed[:150]
        for asset in listed[:12]:
            assert sdk.assets.retrieve(asset.id, include=GROUPS) == asset
        live = {asset.id for asset in sdk.assets.list(library_id=library.id, limit=200)}
        trashed = {asset.id for asset in sdk.assets.list(library_id=library.id, state="trashed", limit=200)}
        assert live | trashed == {asset.id for asset in listed}
        assert not live & trashed
        assert len(live) == library.asset_count


def test_albums_and_memberships(sdk: Gumnut) -> None:
    """Albums, their memberships and their assets agree with one another."""
    for library in sdk.libraries.list():
        for album in sdk.albums.list(library_id=library.id, limit=6).data:
            assert sdk.albums.retrieve(album.id) == album
            links = list(sdk.album_assets.list(library_id=library.id, album_id=album.id, limit=200))
            assets = list(sdk.assets.list(library_id=library.id, album_id=album.id, limit=200))
            assert {link.asset_id for link in links} == {asset.id for asset in assets}
            assert len(links) == album.asset_count
            for link in links[:3]:
                assert sdk.album_assets.get(link.id) == link
                found = sdk.album_assets.list(library_id=library.id, ids=[link.id])
                assert found.data == [link]
                holding = list(sdk.albums.list(library_id=library.id, asset_id=link.asset_id))
                assert album in holding


def test_people_and_faces(sdk: Gumnut) -> None:
    """People of every kind, their faces and their photos agree with one another."""
    for library in sdk.libraries.list():
        everybody = list(
            sdk.people.list(
                library_id=library.id,
                name_filter="all",
                include_hidden=True,
                include=["cluster_metrics"],
                limit=200,
            )
        )
        named = list(sdk.people.list(library_id=library.id, limit=200))
        assert all(person.name is not None and not person.is_hidden for person in named)
        found = sdk.people.list(
            library_id=library.id,
            ids=[person.id for person in everybody[:200]],
            include=["cluster_metrics"],
            limit=200,
        )
        assert found.data == everybody[:200]
        for person in everybody[:6]:
            assert sdk.people.retrieve(person.id, include=["cluster_metrics"]) == person
            for face in sdk.faces.list(library_id=library.id, person_id=person.id, limit=5).data:
                assert face.person_id == person.id
                single = sdk.faces.retrieve(face.id, library_id=library.id, include=["cluster_assignment"])
                assert single.cluster_assignment is not None
            photos = list(sdk.assets.list(library_id=library.id, person_ids=[person.id], limit=200))
            assert len(photos) == person.asset_count


def test_stacks(sdk: Gumnut) -> None:
    """Stacks are listed by id, with their members when asked for."""
    for library in sdk.libraries.list():
        stacks = list(sdk.stacks.list_stacks(library_id=library.id, include=["asset_ids"], limit=7))
        assert [stack.id for stack in stacks] == sorted(stack.id for stack in stacks)
        for stack in stacks[:5]:
            assert sdk.stacks.retrieve_stack(stack.id).asset_count == stack.asset_count
            members = list(sdk.assets.list(library_id=library.id, stack_id=stack.id, order="asc", limit=200))
            assert [asset.id for asset in members] == stack.asset_ids
            assert sdk.stacks.list_stacks(library_id=library.id, ids=[stack.id]).data[0].id == stack.id


def test_batches_of_a_page_of_events(sdk: Gumnut) -> None:
    """What a page's events name can be read in batches; what is left out is gone, trashed or elsewhere."""
    library = sdk.libraries.list()[0]
    events = read_feed(sdk, library.id)[-200:]
    wanted: dict[str, set[str]] = {}
    for event in events:
        kind = "asset" if event.entity_type == "metadata" else event.entity_type
        wanted.setdefault(kind, set()).add(event.entity_id)
    lists: dict[str, Callable[..., Any]] = {
        "asset": sdk.assets.list,
        "album": sdk.albums.list,
        "album_asset": sdk.album_assets.list,
        "person": sdk.people.list,
        "face": sdk.faces.list,
        "stack": sdk.stacks.list_stacks,
    }
    for kind, ids in wanted.items():
        if kind in lists:
            page = lists[kind](library_id=library.id, ids=sorted(ids), limit=200)
            assert {entity.id for entity in page.data} <= ids


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda sdk: sdk.events.get(), 400),
        (lambda sdk: sdk.events.get(library_id="lib_nowhere"), 404),
        (lambda sdk: sdk.events.get(library_id=sdk.libraries.list()[0].id, limit=201), 422),
        (lambda sdk: sdk.assets.retrieve("asset_nowhere"), 404),
        (lambda sdk: sdk.assets.list(ids=["asset_x"] * 3), 400),
    ],
)
def test_refusals_reach_the_client(sdk: Gumnut, call: Callable[[Gumnut], object], status: int) -> None:
    """The client raises its own error for each refusal, with the body decoded."""
    with pytest.raises(APIStatusError) as caught:
        call(sdk)
    assert caught.value.status_code == status
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["detail"]


@pytest.mark.parametrize(("key", "status"), [("wrong", 401), ("demo-selected", 403)])
def test_keys(address: Address, key: str, status: int) -> None:
    """A wrong key is refused, a selected one may not list libraries."""
    with client_of(address, key) as sdk, pytest.raises(APIStatusError) as caught:
        sdk.libraries.list()
    assert caught.value.status_code == status
