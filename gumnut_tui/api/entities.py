"""Reads entities: in batches by id, or one with whether it is live, trashed, moved or gone.

Libraries are entities with rules of their own: one bare list, filtered by state.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from gumnut_tui.api import decode
from gumnut_tui.api.address import address
from gumnut_tui.api.caller import CallContext, Caller
from gumnut_tui.api.malformed import UNREADABLE
from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.errors import (
    AnswerTooLarge,
    ApiProblem,
    FeedStuck,
    Forbidden,
    NotFound,
    UnexpectedAnswer,
    UsageProblem,
    ValidationFailed,
    clip,
)
from gumnut_tui.domain.kinds import KINDS, Include, Kind, kind_of
from gumnut_tui.domain.models import Entity, EntityState, Library, Presence, User, presence_in

T = TypeVar("T")

LONGEST_ID = 256
"""Characters; a longer text in the place of an id is none, and would spoil the request for all others."""
CHUNKS = (PAGE_LIMIT, 100)
"""Ids one request may name: today's limit, and that of servers before July 2026."""
TOO_LONG = frozenset({413, 414, 431})
"""Statuses by which something on the way refuses an address for its length."""
SECOND_LOOK = 0.5
"""Seconds until a stack that was not found is requested again: its row may lag behind its event."""

ABOUT_INCLUDE = re.compile(r"include", re.IGNORECASE)
ABOUT_OTHERS = re.compile(r"\bids?\b|limit|library", re.IGNORECASE)


def route_of(kind: str) -> Kind:
    """How a kind or entity type is read; raises `UsageProblem` for one the API has no read for."""
    route = KINDS.get(kind_of(kind))
    if route is None:
        raise UsageProblem(f"entities of type {clip(kind, 40)} cannot be read, only: {', '.join(KINDS)}")
    return route


def photo_filter(kind: str) -> str:
    """The parameter that lists the photos of an entity of this kind; raises `UsageProblem` if none does."""
    known = KINDS.get(kind)
    if known is None or not known.photo_filter:
        able = ", ".join(name for name, each in KINDS.items() if each.photo_filter)
        raise UsageProblem(f"photos cannot be listed by {clip(kind, 40)}, only by: {able}")
    return known.photo_filter


class EntityReader(msgspec.Struct):
    """Reads entities of every kind but libraries; remembers how many ids and which groups the server accepts."""

    caller: Caller
    base: str
    context: CallContext
    _chunk: int = CHUNKS[0]
    _include_levels: dict[str, int] = msgspec.field(default_factory=dict)
    """Path -> which of its include lists this server accepts."""

    async def by_ids(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """The entities that are there, by id; one left out is not in this library.

        Raises `UsageProblem` for a kind that cannot be read, and what `Caller.ask` raises: then nothing is known.
        """
        kind, wanted = kind_of(kind), [one for one in dict.fromkeys(ids) if len(one) <= LONGEST_ID]
        found: dict[str, Entity] = {}
        while wanted:
            chunk = wanted[: self._chunk]
            try:
                found |= await self._batch(kind, chunk, library_id)
            except (ApiProblem, AnswerTooLarge) as refusal:
                if not self._takes_less(len(chunk), refusal):
                    raise
                continue
            del wanted[: len(chunk)]
        return found

    async def _batch(self, kind: str, ids: Sequence[str], library_id: str | None) -> dict[str, Entity]:
        """The entities of one request; of more requests where an id is unreadable, to find out which entity it is.

        Otherwise that entity would count as gone.
        """
        route = route_of(kind)
        items = await self._with_includes(route, partial(self._listed, route, ids, library_id))
        found = {item["id"]: self._entity(kind, item) for item in items if "id" in item}
        nameless = [item for item in items if "id" not in item]
        missing = [entity_id for entity_id in ids if entity_id not in found]
        if not nameless or not missing:
            return found
        if len(missing) == 1:
            return {**found, missing[0]: self._entity(kind, {"id": missing[0], **nameless[0]})}
        half = len(missing) // 2
        for part in (missing[:half], missing[half:]):
            found |= await self._batch(kind, part, library_id)
        return found

    async def state(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What the entity is now.

        The list of the library decides whether it is still there; an asset that only the single read finds lives in
        another library: moved (without its fields, if this key may not read them there).
        A face or membership whose photo is in the trash is hidden by the service and counts as gone.
        """
        kind = kind_of(kind)
        if len(entity_id) > LONGEST_ID:
            return EntityState(kind, entity_id, Presence.GONE, self._now())
        entity = (await self.by_ids(kind, [entity_id], library_id)).get(entity_id)
        if entity is None and kind == "stack":
            await self.context.sleep(SECOND_LOOK)
            entity = (await self.by_ids(kind, [entity_id], library_id)).get(entity_id)
        if entity is not None:
            return EntityState(kind, entity_id, presence_in(entity.fields), entity.read_at, entity)
        if kind != "asset":
            return EntityState(kind, entity_id, Presence.GONE, self._now())
        return await self._moved_or_gone(entity_id)

    async def _moved_or_gone(self, asset_id: str) -> EntityState:
        try:
            entity = await self.single("asset", asset_id)
        except NotFound:
            return EntityState("asset", asset_id, Presence.GONE, self._now())
        except Forbidden:
            return EntityState("asset", asset_id, Presence.MOVED, self._now())
        return EntityState("asset", asset_id, Presence.MOVED, entity.read_at, entity)

    async def single(self, kind: str, entity_id: str, library_id: str | None = None) -> Entity:
        """One entity by the single read; raises `NotFound` when it is not there or not visible."""
        kind, route = kind_of(kind), route_of(kind)
        scope = [("library_id", library_id)] if route.single_is_scoped and library_id else []

        def read(include: Include) -> Awaitable[dict[str, Any]]:
            params = [*scope, *(_include(include) if route.single_includes else [])]
            asked = f"GET {route.path}/{{id}}"
            url = address(self.base, route.single_path(entity_id), params)
            return self.caller.ask(asked, url, decode.single)

        return self._entity(kind, {"id": entity_id, **await self._with_includes(route, read)})

    async def first(self, kind: str, name: str, value: str, library_id: str | None, limit: int) -> list[Entity]:
        """The first entities of a kind for which the filter `name` has this value, in the list's own order.

        One with an unreadable id has `unreadable` for its id.
        """
        route = route_of(kind)
        params = [(name, value), *_scope(library_id), ("limit", str(limit))]
        items, _ = await self._ask_list(route, params)
        return [self._entity(kind, {"id": UNREADABLE, **item}) for item in items]

    async def _listed(
        self, route: Kind, ids: Sequence[str], library_id: str | None, include: Include
    ) -> list[dict[str, Any]]:
        """All entities with these ids, from all pages: only then does a missing one count as absent."""
        asked_for = set(ids)
        params = [
            *(("ids", entity_id) for entity_id in ids),
            *route.list_params,
            *_scope(library_id),
            *_include(include),
            ("limit", str(len(ids))),
        ]
        found: list[dict[str, Any]] = []
        has_more, after = True, ""
        while has_more:
            items, has_more = await self._ask_list(route, [*params, ("starting_after_id", after)] if after else params)
            self._check(route, items, has_more, after, asked_for)
            found += items
            after = _last_id(items) or after
        return found

    def _check(self, route: Kind, items: list[dict[str, Any]], has_more: bool, after: str, asked_for: set[str]) -> None:
        asked = f"GET {route.path}"
        for at, item in enumerate(items):
            if "id" in item and item["id"] not in asked_for:
                raise UnexpectedAnswer(asked, "an id that was asked for", f"data[{at}].id", item["id"])
        if has_more and _last_id(items) in ("", after):
            raise FeedStuck(asked, "further entities, as has_more is true", "the page", "nothing new")

    async def _ask_list(self, route: Kind, params: Sequence[tuple[str, str]]) -> tuple[list[dict[str, Any]], bool]:
        return await self.caller.ask(f"GET {route.path}", address(self.base, route.path, params), decode.listing)

    async def _with_includes(self, route: Kind, read: Callable[[Include], Awaitable[T]]) -> T:
        """Read with the best include list this server accepts; after a 422 that may be about it, with the next one."""
        level = self._include_levels.get(route.path, 0)
        while True:
            try:
                answer = await read(route.includes[level])
            except ValidationFailed as refusal:
                if level + 1 == len(route.includes) or not _may_be_about_include(refusal.detail):
                    raise
                level += 1
            else:
                # Remembered only if it helped: the refusal may have been about something else.
                self._include_levels[route.path] = level
                return answer

    def _takes_less(self, tried: int, refusal: ApiProblem | AnswerTooLarge) -> bool:
        """Whether a request for fewer ids may succeed; if so, requests are smaller from now on."""
        if isinstance(refusal, AnswerTooLarge):
            self._chunk = max(1, tried // 2)
            return tried > 1
        if tried <= CHUNKS[-1] or not (isinstance(refusal, ValidationFailed) or refusal.status in TOO_LONG):
            return False
        self._chunk = CHUNKS[-1]
        return True

    def _entity(self, kind: str, fields: dict[str, Any]) -> Entity:
        return Entity(kind, fields["id"], fields, self._now())

    def _now(self) -> datetime:
        return self.context.clock()


def _last_id(items: Sequence[dict[str, Any]]) -> str:
    """The id of the last entity that has one; empty when none has."""
    return next((item["id"] for item in reversed(items) if "id" in item), "")


def _scope(library_id: str | None) -> list[tuple[str, str]]:
    return [("library_id", library_id)] if library_id else []


def _include(include: Include) -> list[tuple[str, str]]:
    return [("include", ",".join(include))] if include else []


def _may_be_about_include(detail: str) -> bool:
    return bool(ABOUT_INCLUDE.search(detail)) or not ABOUT_OTHERS.search(detail)


LIBRARY = "library"
LIBRARY_ROUTE = KINDS[LIBRARY]
LIBRARY_STATES = ("live", "trashed", "all")


class LibraryReader(msgspec.Struct):
    """Reads the libraries a key may see."""

    caller: Caller
    base: str
    context: CallContext

    async def all(self, state: str = "live") -> list[Library]:
        """The libraries in a state of `LIBRARY_STATES`, live ones first.

        Raises `Forbidden` for a key limited to some libraries: it may read those, but not list them.
        """
        if state not in LIBRARY_STATES:
            raise UsageProblem(f"libraries are {', '.join(LIBRARY_STATES)}, not {state}")
        live, trashed = await self._listed(with_trashed=state != "live")
        return [
            *(library(fields) for fields in live if state != "trashed"),
            *(library(fields, trashed=True) for fields in trashed),
        ]

    async def one(self, library_id: str) -> dict[str, Any]:
        """The fields of one library; raises `NotFound` when it is not there or not visible."""
        url = address(self.base, LIBRARY_ROUTE.single_path(library_id))
        return {"id": library_id, **await self.caller.ask(f"GET {LIBRARY_ROUTE.path}/{{id}}", url, decode.single)}

    async def by_ids(self, ids: Collection[str]) -> dict[str, Entity]:
        """The libraries that are there, trashed or not, by id."""
        states = await self._states(ids)
        return {library_id: state.entity for library_id, state in states.items() if state.entity is not None}

    async def state(self, library_id: str) -> EntityState:
        """What the library is now.

        Where the key may not list libraries, the single read has to do, which does not show the trash.
        """
        return (await self._states([library_id]))[library_id]

    async def _states(self, ids: Collection[str]) -> dict[str, EntityState]:
        try:
            live, trashed = await self._listed(with_trashed=True)
        except Forbidden:
            return {library_id: await self._state_alone(library_id) for library_id in dict.fromkeys(ids)}
        found = {fields["id"]: self._state(fields["id"], Presence.LIVE, fields) for fields in live if "id" in fields}
        found |= {each["id"]: self._state(each["id"], Presence.TRASHED, each) for each in trashed if "id" in each}
        return {each: found.get(each) or self._state(each, Presence.GONE, None) for each in ids}

    async def _state_alone(self, library_id: str) -> EntityState:
        try:
            fields = await self.one(library_id)
        except NotFound:
            return self._state(library_id, Presence.GONE, None)
        return self._state(library_id, presence_in(fields), fields)

    async def _listed(self, *, with_trashed: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        live = await self._list([])
        if not with_trashed:
            return live, []
        live_ids = {fields.get("id") for fields in live}
        # A server without `state` lists the live ones again.
        trashed = await self._list([("state", "trashed")])
        return live, [fields for fields in trashed if fields.get("id") not in live_ids]

    async def _list(self, params: list[tuple[str, str]]) -> list[dict[str, Any]]:
        url = address(self.base, LIBRARY_ROUTE.path, params)
        return await self.caller.ask(f"GET {LIBRARY_ROUTE.path}", url, decode.objects)

    def _state(self, library_id: str, presence: Presence, fields: dict[str, Any] | None) -> EntityState:
        now: datetime = self.context.clock()
        entity = None if fields is None else Entity(LIBRARY, library_id, fields, now)
        return EntityState(LIBRARY, library_id, presence, now, entity)


def library(fields: dict[str, Any], *, trashed: bool = False) -> Library:
    """A library from its fields, any of which may be missing or of another type; without an id it cannot be chosen."""
    count = fields.get("asset_count")
    name = _text(fields, "name") or ""
    return Library(
        fields.get("id", ""),
        name if "id" in fields else f"{name} ({UNREADABLE}: {clip(repr(fields[UNREADABLE]), 60)})".lstrip(),
        _text(fields, "description"),
        count if isinstance(count, int) and not isinstance(count, bool) else None,
        _text(fields, "role"),
        trashed or presence_in(fields) is Presence.TRASHED,
    )


def user(fields: dict[str, Any]) -> User:
    """A user from its fields; all but the id may be missing or of another type. Raises `UnexpectedAnswer`."""
    names = ("email", "first_name", "last_name", "timezone")
    if "id" not in fields:
        raise UnexpectedAnswer("GET /api/users/me", "a text", "id", clip(repr(fields[UNREADABLE])))
    return User(fields["id"], *(_text(fields, name) for name in names))


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
