"""The client against the demo library, which imitates the service in each of its forms and knows the truth."""

from __future__ import annotations

from collections import defaultdict
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gumnut_tui.api.caller import CallContext, Wait
from gumnut_tui.api.client import Client
from gumnut_tui.api.decode import Generation
from gumnut_tui.demo.http.auth import SELECTED_KEY
from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from gumnut_tui.domain.errors import (
    BadRequest,
    CursorRefused,
    Forbidden,
    KeyRefused,
    NotFound,
    ServerFailure,
    UnexpectedAnswer,
    ValidationFailed,
)
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import Event, Presence
from gumnut_tui.domain.ports import EventQuery
from tests.demo import faults, servers

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GENERATIONS = pytest.mark.parametrize("generation", ["current", "seed2", "seed1", "b"])
OLDER = pytest.mark.parametrize("generation", ["seed2", "seed1", "b"])


@pytest.fixture(scope="module")
def world() -> World:
    """A small world that no test changes."""
    return World(seed=7, now=NOW, events=3000)


async def no_sleep(_: float) -> None:
    """A wait that takes no time."""


def client_of(world: World, generation: str = "current", plan: Any = None, key: str = "", **context: Any) -> Client:
    """A client of the world, in process, with waits that take no time."""
    demo = servers.connect(world, clock=lambda: NOW, generation=generation, faults=plan)
    calls = CallContext(sleep=no_sleep, **context)
    return Client(base_url=demo.base_url, key=key or demo.key, transport=demo.transport, context=calls)


def library_ids(world: World) -> list[str]:
    """The ids of the live libraries."""
    return [library["id"] for library in world.libraries("live")]


async def events_of(client: Client, library_id: str, slack: timedelta | None = None, **wishes: Any) -> list[Event]:
    """All events the feed gives."""
    async with aclosing(client.read_feed(EventQuery(library_id, **wishes), slack)) as pages:
        return [event async for page in pages for event in page.events]


def truth(world: World, library_id: str) -> list[tuple[str, str, int]]:
    """The feed as the world has it: event type, entity and time of each event."""
    feed = world.feed(library_id)
    rows = [feed.row(index) for index in range(len(feed))]
    return [(row.event_type, row.entity_id, row.created_at_us) for row in rows]


def told(events: list[Event]) -> list[tuple[str, str, int]]:
    """Events in the words of `truth`."""
    return [(event.event_type, event.entity_id, event.created_at_us) for event in events]


async def test_both_libraries_come_whole_and_in_feed_order(world: World) -> None:
    """Every event of the current form, each once, in pages of any size."""
    for library_id in library_ids(world):
        for limit in (200, 33):
            events = await events_of(client_of(world), library_id, limit=limit)
            assert told(events) == truth(world, library_id)
            assert len({event.cursor for event in events}) == len(events)


@OLDER
async def test_older_forms_come_whole_too(world: World, generation: str) -> None:
    """They know fewer events; what they know comes in order, whatever the size of pages."""
    library_id = library_ids(world)[0]
    client = client_of(world, generation)
    events = await events_of(client, library_id)
    assert client.generation is Generation.CURSOR
    assert events == await events_of(client_of(world, generation), library_id, limit=37)
    known = {kind for kind, _, _ in told(events)} - {"exif_created", "exif_updated", "exif_deleted"}
    expected = [row for row in truth(world, library_id) if row[0] in known]
    assert [row for row in told(events) if row[0] in known] == expected


@GENERATIONS
async def test_both_bounds_hold_whatever_the_server_does_with_them(world: World, generation: str) -> None:
    """The current form ignores the upper one, the older ones honour it: the events are the same."""
    library_id = library_ids(world)[0]
    everything = await events_of(client_of(world, generation), library_id)
    since, until = NOW - timedelta(days=9), NOW - timedelta(days=2)
    inside = [event for event in everything if since <= event.created_at < until]
    assert 0 < len(inside) < len(everything)
    for slack in (None, timedelta(hours=12)):
        found = await events_of(
            client_of(world, generation), library_id, created_at_gte=since, created_at_lt=until, slack=slack
        )
        assert told(found) == told(inside)


@GENERATIONS
@pytest.mark.parametrize("types", [{"album"}, {"metadata", "face"}, {"stack", "exif", "asset"}, {"library"}])
async def test_types_are_picked_alike_in_every_form(world: World, generation: str, types: set[str]) -> None:
    """Whether the server knows the filter, part of it, or refuses it."""
    for library_id in library_ids(world)[:2]:
        everything = await events_of(client_of(world, generation), library_id)
        found = await events_of(client_of(world, generation), library_id, entity_types=types)
        assert told(found) == told([event for event in everything if event.entity_type in types])


@GENERATIONS
async def test_raw_pages_hold_the_same_events(world: World, generation: str) -> None:
    """Each with the JSON it was made of."""
    library_id = library_ids(world)[0]
    page = await client_of(world, generation).events(EventQuery(library_id, raw=True))
    assert page.events == (await client_of(world, generation).events(EventQuery(library_id))).events
    assert all(event.entity_id.encode() in text for event, text in zip(page.events, page.raw, strict=True))


@GENERATIONS
async def test_every_entity_of_the_feed_is_found_or_gone(world: World, generation: str) -> None:
    """The batch finds exactly what the world still has in this library, and may show of it."""
    library_id = library_ids(world)[0]
    client = client_of(world, generation)
    ids: dict[str, set[str]] = defaultdict(set)
    for event in await events_of(client, library_id):
        if kind_of(event.entity_type) in KINDS:
            ids[kind_of(event.entity_type)].add(event.entity_id)
    assert len(ids["asset"]) > 200
    for kind in ids.keys() - {"stack", "library"}:
        found = await client.entities(kind, ids[kind], library_id)
        there = {each for each in ids[kind] if _is_shown(world, kind, each, library_id)}
        if generation == "current" or kind not in ("face", "album_asset"):
            assert set(found) == there, kind
        assert all(entity.kind == kind and entity.fields["id"] == each for each, entity in found.items())


def _is_shown(world: World, kind: str, entity_id: str, library_id: str) -> bool:
    return entity_id in world.ids(kind, library_id, Filters(state="all" if kind == "asset" else "live"))


async def test_live_trashed_moved_and_gone_are_told_apart(world: World) -> None:
    """For every asset the feed ever named, as the world knows it."""
    library_id = library_ids(world)[0]
    client = client_of(world)
    presences: dict[Presence, list[str]] = defaultdict(list)
    for asset_id in sorted({entity_id for kind, entity_id, _ in truth(world, library_id) if kind.startswith("asset_")}):
        asset = world.entity("asset", asset_id)
        presences[_presence(asset, library_id)].append(asset_id)
    for presence in set(Presence) - {Presence.AWAY}:
        assert presences[presence], presence
        for asset_id in presences[presence][:8]:
            assert (await client.entity("asset", asset_id, library_id)).presence is presence


def _presence(asset: dict[str, Any] | None, library_id: str) -> Presence:
    if asset is None:
        return Presence.GONE
    if asset["_library_id"] != library_id:
        return Presence.MOVED
    return Presence.TRASHED if asset["trashed_at"] else Presence.LIVE


async def test_related_entities(world: World) -> None:
    """From an album to its photos, from a photo to its albums."""
    library_id = library_ids(world)[0]
    client = client_of(world)
    album = next(
        each for each in world.ids("album", library_id) if world.ids("asset", library_id, Filters(album_id=each))
    )
    assets = await client.assets_of("album", album, library_id)
    assert {asset.id for asset in assets} <= set(world.ids("asset", library_id, Filters(album_id=album)))
    assert album in [each.id for each in await client.albums_of(assets[0].id, library_id)]


async def test_pictures_come_without_the_key(world: World) -> None:
    """The picture host, another origin, keeps a list of those who sent it one."""
    library_id = library_ids(world)[0]
    demo = servers.connect(world, clock=lambda: NOW)
    client = Client(base_url=demo.base_url, key=demo.key, transport=demo.transport)
    found = await client.entities("asset", world.ids("asset", library_id)[:20], library_id)
    urls = [
        url["url"] for asset in found.values() for name, url in asset.fields["asset_urls"].items() if "thumb" in name
    ]
    pictures = []
    for url in urls[:5]:
        try:
            pictures.append(await client.picture(url))
        except NotFound:
            pictures.append(await client.picture(url))  # a fresh video's still is there the second time
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert demo.pictures.leaks == []


@pytest.mark.parametrize(
    ("generation", "kind"), [("current", BadRequest), ("seed2", ValidationFailed), ("seed1", ValidationFailed)]
)
async def test_several_libraries_and_none_named_is_refused(
    world: World, generation: str, kind: type[Exception]
) -> None:
    """By either status; a filter is not blamed for it."""
    for types in (None, {"asset"}):
        with pytest.raises(kind):
            await client_of(world, generation).events(EventQuery(None, entity_types=types))


async def test_accounts_and_libraries(world: World) -> None:
    """Who one is, which libraries there are, and what a key limited to some of them may do."""
    client = client_of(world)
    assert (await client.me()).id == world.user["id"]
    assert [library.id for library in await client.libraries()] == library_ids(world)
    assert (await client.library(library_ids(world)[0])).name
    await client.ping()
    limited = client_of(world, key=SELECTED_KEY)
    with pytest.raises(Forbidden):
        await limited.libraries()
    assert (await limited.events(EventQuery(None))).events
    with pytest.raises(NotFound):
        await limited.events(EventQuery(library_ids(world)[1]))
    with pytest.raises(KeyRefused):
        await client_of(world, key="wrong").me()


@GENERATIONS
async def test_a_cursor_that_means_nothing_is_refused(world: World, generation: str) -> None:
    """Garbage, alone or with a filter the server knows or does not know."""
    for types in (None, {"asset"}, {"exif", "stack"}):
        with pytest.raises(CursorRefused):
            await client_of(world, generation).events(
                EventQuery(library_ids(world)[0], after_cursor="garbage", entity_types=types)
            )


async def test_a_cursor_of_another_library_is_refused(world: World) -> None:
    """Cursors belong to one feed."""
    first, second = library_ids(world)[:2]
    client = client_of(world)
    cursor = (await client.events(EventQuery(first, limit=1))).next_cursor
    with pytest.raises(CursorRefused):
        await client.events(EventQuery(second, after_cursor=cursor))


@pytest.mark.parametrize(
    "fault",
    [
        faults.rate_limited(retry_after="2"),
        faults.rate_limited(retry_after_ms="120"),
        faults.unavailable(),
        faults.bad_gateway(),
        faults.truncated(),
    ],
)
async def test_faults_in_the_middle_of_a_read_cost_nothing(world: World, fault: faults.Fault) -> None:
    """Each request fails once; the feed comes whole all the same, and every wait was announced."""
    library_id = library_ids(world)[1]
    waits: list[Wait] = []

    def every_other(asked: faults.Asked) -> faults.Fault | None:
        return fault if asked.number % 2 == 0 else None

    client = client_of(world, plan=every_other, on_wait=waits.append)
    assert told(await events_of(client, library_id)) == truth(world, library_id)
    assert len(waits) == client.requests // 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.final(), ServerFailure),
        (faults.html_page(), UnexpectedAnswer),
        (faults.wrong_shape(lambda page: page | {"data": {}}), UnexpectedAnswer),
        (faults.wrong_shape(lambda page: page["data"]), UnexpectedAnswer),
        (faults.wrong_shape(lambda page: page | {"has_more": None}), UnexpectedAnswer),
    ],
)
async def test_faults_that_stay_are_told_at_once(world: World, fault: faults.Fault, kind: type[Exception]) -> None:
    """One request, one error, no page."""
    client = client_of(world, plan=faults.always(fault))
    with pytest.raises(kind):
        await client.events(EventQuery(library_ids(world)[0]))
    assert client.requests == 1


@GENERATIONS
async def test_over_real_http(world: World, generation: str) -> None:
    """The same over a socket, with a line that fails now and then; pictures come from the other port."""

    def every_third(asked: faults.Asked) -> faults.Fault | None:
        return faults.truncated(100) if asked.number % 3 == 1 else None

    library_id = library_ids(world)[1]
    with servers.running(world, generation=generation, faults=every_third) as address:
        async with Client(base_url=address.base_url, key=address.key, context=CallContext(sleep=no_sleep)) as client:
            events = await events_of(client, library_id, limit=100)
            asset_id = next(each for each in world.ids("asset", library_id) if _is_photo(world.entity("asset", each)))
            asset = (await client.entity("asset", asset_id, library_id)).entity
            assert asset is not None
            assert (await client.picture(asset.fields["asset_urls"]["thumbnail"]["url"])).startswith(b"\x89PNG")
        assert address.pictures.leaks == []
    assert events == await events_of(client_of(world, generation), library_id)


def _is_photo(asset: dict[str, Any] | None) -> bool:
    return asset is not None and asset["mime_type"].startswith("image/")


async def test_a_feed_that_grows_is_followed_with_its_cursor() -> None:
    """The last cursor of a read gives what came since, and nothing twice."""
    now = [NOW]
    world = World(seed=7, now=NOW, events=3000)
    demo = servers.connect(world, clock=lambda: now[0], live=True)
    client = Client(base_url=demo.base_url, key=demo.key, transport=demo.transport)
    library_id = library_ids(world)[0]
    events: list[Event] = []
    cursor: str | None = None
    for _ in range(4):
        async with aclosing(client.read_feed(EventQuery(library_id, after_cursor=cursor))) as pages:
            async for page in pages:
                events += page.events
                cursor = page.next_cursor
        now[0] += timedelta(minutes=2)
    assert told(events) == truth(world, library_id)[: len(events)]
    assert max(event.created_at for event in events) > NOW
