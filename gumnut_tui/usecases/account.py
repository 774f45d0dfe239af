"""The account: a client for it (or for the demo library inside this process), its id, and which library is meant.

Heavy modules are imported when they are needed, so that this can happen in a thread after the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.defaults import DEMO_EVENTS, DEMO_SEED
from gumnut_tui.domain.errors import Forbidden, LibraryNotChosen, NotFound, UsageProblem, clip
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Library
from gumnut_tui.domain.search_text import folded

if TYPE_CHECKING:
    from gumnut_tui.api.caller import Wait
    from gumnut_tui.api.client import Client
    from gumnut_tui.domain.models import Entity, EntityState, EventPage
    from gumnut_tui.domain.ports import EventQuery


def account_client(
    settings: Settings,
    key: Key,
    *,
    clock: Callable[[], datetime],
    environ: Mapping[str, str] = MappingProxyType({}),
    on_wait: Callable[[Wait], None] | None = None,
    on_silence: Callable[[str], None] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    transport: Any | None = None,
) -> Client:
    """A client of the configured server, with the proxies and certificates of `environ`.

    Raises `RefusedAddress`, and `ConfigProblem` when the environment makes requests impossible.
    """
    from gumnut_tui.api.caller import CallContext, RetryPolicy
    from gumnut_tui.api.client import Client
    from gumnut_tui.config.network import Network

    return Client(
        base_url=settings.base_url,
        key=key,
        headers=dict(settings.headers),
        network=Network(environ),
        transport=transport,
        context=CallContext(
            RetryPolicy(longest_asked=settings.longest_wait), clock, sleep, on_wait=on_wait, on_silence=on_silence
        ),
    )


def demo_address() -> str:
    """The base URL of the demo library in this process."""
    from gumnut_tui.demo.http.inprocess import BASE_URL

    return BASE_URL


def demo_client(
    *,
    clock: Callable[[], datetime],
    events: int = DEMO_EVENTS,
    live: bool = True,
    on_wait: Callable[[Wait], None] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Client:
    """A client of a new demo library; creating one of the default size takes a second."""
    from gumnut_tui.api.caller import CallContext
    from gumnut_tui.api.client import Client
    from gumnut_tui.demo.http.inprocess import connect
    from gumnut_tui.demo.world.world import World

    demo = connect(World(now=clock(), events=events, seed=DEMO_SEED), clock=clock, live=live)
    return Client(
        base_url=demo.base_url,
        key=demo.key,
        transport=demo.transport,
        context=CallContext(clock=clock, sleep=sleep, on_wait=on_wait),
    )


class LazyClient:
    """Connects on the first call; a call that cannot raises why, and the next one tries again."""

    def __init__(
        self, base_url: str, connect: Callable[[], Awaitable[Client]], asked: Callable[[], Client | None] = lambda: None
    ) -> None:
        self.base_url = base_url
        self._connect = connect
        self._client: Client | None = None
        self._asked = asked
        """The client that `connect` asks, if there is one by now; its waits can be ended too."""
        self._connecting = asyncio.Lock()

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests if self._client else 0

    def hurry(self) -> None:
        """End every wait of the client."""
        client = self._client or self._asked()
        if client is not None:
            client.hurry()

    async def client(self) -> Client:
        """The client itself."""
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def events(self, query: EventQuery) -> EventPage:
        """One page of the feed."""
        return await (await self.client()).events(query)

    async def read_feed(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until nothing further is ready."""
        client = await self.client()
        async with aclosing(client.read_feed(query)) as pages:
            async for page in pages:
                yield page

    async def libraries(self, state: str = "live") -> list[Library]:
        """The account's libraries."""
        return await (await self.client()).libraries(state)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """Entities by id."""
        return await (await self.client()).entities(kind, ids, library_id)

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What an entity is now."""
        return await (await self.client()).entity(kind, entity_id, library_id)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo is in."""
        return await (await self.client()).albums_of(asset_id, library_id)

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        """Photos of an album, a person or a stack."""
        return await (await self.client()).assets_of(kind, entity_id, library_id, limit=limit)

    async def picture(self, url: str) -> bytes:
        """A picture's bytes."""
        return await (await self.client()).picture(url)

    async def aclose(self) -> None:
        """Close the connections, if there are any."""
        if self._client is not None:
            await self._client.aclose()


async def account_id(client: Client) -> str:
    """The id of the key's user; empty when the key may not read it, or the server does not know it.

    Any other failure is raised: a library must not be journaled under a second account because of an outage.
    """
    try:
        return (await client.me()).id
    except (Forbidden, NotFound):
        return ""


async def listed_libraries(client: Client, state: str = "live") -> list[Library] | None:
    """The account's libraries; None when the key is limited to some of them and may not list any."""
    try:
        return await client.libraries(state)
    except Forbidden:
        return None


async def libraries_to_choose_from(client: Client, wanted: str | None) -> list[Library] | None:
    """The same, for one who waits for better times: raises `Forbidden` where a name can only be found in the list."""
    is_name = wanted is not None and not wanted.startswith(ID_PREFIX)
    return await (client.libraries() if is_name else listed_libraries(client))


Candidate = TypeVar("Candidate")
ID_PREFIX = KINDS["library"].id_prefix


def called(wanted: str, candidates: Iterable[Candidate], library_of: Callable[[Candidate], Library]) -> list[Candidate]:
    """Those whose id or name is exactly `wanted`; if there are none, those whose folded name is the same."""
    pairs = [(candidate, library_of(candidate)) for candidate in candidates]
    exact = [candidate for candidate, library in pairs if wanted in (library.id, library.name)]
    return exact or [candidate for candidate, library in pairs if folded(library.name) == folded(wanted)]


def choose(libraries: Sequence[Library] | None, wanted: str | None) -> Library | None:
    """The library called `wanted`, or the only one; None when there is none, or the service has to choose.

    `libraries` is None when the key may not list them. An id that is not listed is accepted: libraries in the trash can
    be read too. Raises LibraryNotChosen when several are meant or none is, UsageProblem when a name was
    given to a key that may not list libraries.
    """
    # One with an unreadable id cannot be opened.
    libraries = None if libraries is None else [library for library in libraries if library.id]
    if wanted is None:
        if libraries and len(libraries) > 1:
            raise LibraryNotChosen(libraries)
        return libraries[0] if libraries else None
    found = called(wanted, libraries or (), lambda library: library)
    if len(found) == 1:
        return found[0]
    if wanted.startswith(ID_PREFIX):
        return Library(wanted)
    if libraries is None:
        raise UsageProblem(
            f"this key may not list libraries, so '{clip(wanted, 60)}' cannot be found by name; give its id (lib_…)."
        )
    raise LibraryNotChosen(found or libraries, wanted, is_ambiguous=bool(found))


async def choose_library(client: Client, wanted: str | None, *, waits: bool = False) -> Library | None:
    """The library called `wanted`, or the only one, as `choose` has it; of one named by its id only that is known.

    With `waits` a key that may not list libraries, which a name needs, is a `Forbidden` that may pass.
    """
    if wanted is not None and wanted.startswith(ID_PREFIX):
        return Library(wanted)
    return choose(await (libraries_to_choose_from(client, wanted) if waits else listed_libraries(client)), wanted)


async def choose_library_id(client: Client, wanted: str | None, *, waits: bool = False) -> str | None:
    """The id of the library that is meant; None leaves the choice to the service."""
    library = await choose_library(client, wanted, waits=waits)
    return library.id if library else None
