"""The client: all reads of the API, one client per base URL and key.

It only reads. It retries in one layer, never sends the key anywhere but to the base URL's origin, and gives models
or errors of `gumnut_tui.domain.errors`. Its parts know the rules: `events` the feed, `entities` entities and
libraries, `caller` requests and retries, `http` the network.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from gumnut_tui import __version__
from gumnut_tui.api import decode
from gumnut_tui.api.address import Origin, address, base_address, origin_of
from gumnut_tui.api.caller import CallContext, Caller
from gumnut_tui.api.decode import Generation
from gumnut_tui.api.entities import LIBRARY, EntityReader, LibraryReader, library, photo_filter, user
from gumnut_tui.api.events import EventReader, read_pages
from gumnut_tui.api.http import Http
from gumnut_tui.api.problems import PICTURE_KINDS
from gumnut_tui.config.network import Network
from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.errors import RefusedAddress, UnexpectedAnswer
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import Entity, EntityState, EventPage, Library, User
from gumnut_tui.domain.ports import EventQuery

T = TypeVar("T")

LONGEST_BODY = 64 * 1024 * 1024
LONGEST_PICTURE = 8 * 1024 * 1024
NO_NETWORK = Network()
"""No proxies, and the usual certificates."""


class Client:
    """Reads the API as one account.

    Raises `RefusedAddress` for a base URL the key must not go to, `KeyMissing` for an empty key, `ConfigProblem` when
    `network`, the environment's proxies and certificates, makes requests impossible.
    `headers` are sent along with every API request, never with pictures. `transport` (any httpx transport) replaces
    the network, and `context` waiting, chance and time. `hurry`, or cancelling the task, ends a wait.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: Key | str,
        context: CallContext | None = None,
        headers: Mapping[str, str] | None = None,
        network: Network = NO_NETWORK,
        transport: Any | None = None,
    ) -> None:
        self.base_url = base_address(base_url)
        self._origin = origin_of(self.base_url)
        key = key if isinstance(key, Key) else Key(key)
        context = context or CallContext()
        self._http = Http(
            headers=_headers(key, headers or {}),
            longest_body=LONGEST_BODY,
            network=network,
            transport=transport,
        )
        if transport is None:
            self._http.check(self._origin)
        self._caller = Caller(self._http, context, may_visit=self._origin.__eq__)
        self._events = EventReader(self._caller, self.base_url, context.clock)
        self._entities = EntityReader(self._caller, self.base_url, context)
        self._libraries = LibraryReader(self._caller, self.base_url, context)
        self._picture_http = Http(
            headers={"User-Agent": user_agent(), "Accept": "image/*"},
            longest_body=LONGEST_PICTURE,
            network=network,
            transport=transport,
        )
        # Pictures come from elsewhere: what time it is there says nothing.
        quiet = replace(context, clock=lambda: context.clock(), on_wait=None)
        self._pictures = Caller(self._picture_http, quiet, may_visit=self._may_hold_pictures, kinds=PICTURE_KINDS)

    @property
    def generation(self) -> Generation | None:
        """Which form of the feed this server has; None until a page was read."""
        return self._events.generation

    @property
    def requests(self) -> int:
        """Requests sent so far, pictures included."""
        return self._http.requests + self._picture_http.requests

    async def events(self, query: EventQuery) -> EventPage:
        """One page of the feed, as the server gave it: it may ignore the time bounds.

        A filter the server does not support is applied here, so a page may be empty though there is more. Raises
        `CursorRefused` when the feed has to be read again without a cursor, `FeedStuck` for a page that leads
        nowhere, `UnsupportedFeed` for a server older than cursors, and every `ApiProblem`, `NetworkProblem` and
        `UnexpectedAnswer`.
        """
        return await self._events.page(query if query.limit else replace(query, limit=PAGE_LIMIT))

    async def accepts_type(self, entity_type: str, library_id: str | None) -> bool:
        """Whether the server knows this entity type, as far as it can be told: it accepts it as a filter."""
        return await self._events.accepts(entity_type, library_id)

    def read_feed(self, query: EventQuery, slack: timedelta | None = None) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until nothing further is ready, cut to the bounds of the query.

        The next page is fetched while one is used. `slack` ends the reading once a page lies wholly that far
        beyond the upper bound, instead of at the feed's end. Close the iterator to drop the request under way.
        """
        return read_pages(self.events, query, slack)

    async def libraries(self, state: str = "live") -> list[Library]:
        """The account's libraries that are `live`, `trashed` or `all`; `Forbidden` if the key may not list them."""
        return await self._libraries.all(state)

    async def library(self, library_id: str) -> Library:
        """One library; raises `NotFound`."""
        return library(await self._libraries.one(library_id))

    async def me(self) -> User:
        """The account the key belongs to; raises `KeyRefused` if it belongs to none."""
        return user(await self._ask("/api/users/me", decode.single))

    async def ping(self) -> None:
        """Check that the API answers; raises what prevents it."""
        word = await self._ask("/api/server/ping", decode.text)
        if word != "pong":
            raise UnexpectedAnswer("GET /api/server/ping", "“pong”", "the top", word[:100])

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """The entities of a kind (or entity type) that are in the library, trashed ones included, by id.

        An id left out is not there. Raises `UsageProblem` for a kind that cannot be read.
        """
        if kind_of(kind) == LIBRARY:
            return await self._libraries.by_ids(ids)
        return await self._entities.by_ids(kind, ids, library_id)

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What an entity is now: live, trashed, moved to another library, or gone.

        Raises `UsageProblem` for a kind that cannot be read.
        """
        if kind_of(kind) == LIBRARY:
            return await self._libraries.state(entity_id)
        return await self._entities.state(kind, entity_id, library_id)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo is in."""
        return await self._entities.first("album", "asset_id", asset_id, library_id, PAGE_LIMIT)

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int = 50) -> list[Entity]:
        """The first photos of an album, a person or a stack, without field groups; trashed ones are left out."""
        name = photo_filter(kind)
        return await self._entities.first("asset", name, entity_id, library_id, limit)

    async def picture(self, url: str) -> bytes:
        """A picture's bytes, fetched without the key.

        Raises `NotFound` when there is none (yet), `RefusedAddress` for an address that is not https (http is taken
        only on loopback, and only when the API is there too), and other `ApiProblem`s and `NetworkProblem`s.
        """
        if not self._may_hold_pictures(origin_of(url)):
            raise RefusedAddress("the address of the picture is not https")
        return await self._pictures.ask("GET picture", url, _bytes)

    def hurry(self) -> None:
        """End every wait, even one the service asked for, and send the waiting requests now."""
        self._caller.hurry()
        self._pictures.hurry()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()
        await self._picture_http.aclose()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _may_hold_pictures(self, origin: Origin) -> bool:
        return origin.scheme == "https" or (origin.is_private and self._origin.is_loopback)

    async def _ask(self, path: str, decoder: Callable[[str, bytes], T]) -> T:
        return await self._caller.ask(f"GET {path}", address(self.base_url, path), decoder)


def user_agent() -> str:
    """The `User-Agent` of requests: name and version of this program."""
    return f"gumnut-tui/{__version__}"


def _headers(key: Key, more: Mapping[str, str]) -> dict[str, str]:
    own = {
        "Authorization": f"Bearer {key.reveal()}",
        "User-Agent": user_agent(),
        "Accept": "application/json",
    }
    replaced = {name.lower() for name in more}
    return {name: value for name, value in own.items() if name.lower() not in replaced} | dict(more)


def _bytes(_: str, body: bytes) -> bytes:
    return body
