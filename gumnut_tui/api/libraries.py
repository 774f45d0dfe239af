"""Reads libraries, which have their own rules: one bare list, filtered by state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gumnut_tui.api import decode
from gumnut_tui.api.address import address
from gumnut_tui.api.caller import CallContext, Caller
from gumnut_tui.api.odd import UNREADABLE
from gumnut_tui.domain.errors import Forbidden, NotFound, UnexpectedAnswer, UsageProblem, clip
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, EntityState, Library, Presence, User, presence_in

KIND = "library"
ROUTE = KINDS[KIND]
STATES = ("live", "trashed", "all")


@dataclass
class LibraryReader:
    """Reads the libraries a key may see."""

    caller: Caller
    base: str
    context: CallContext

    async def all(self, state: str = "live") -> list[Library]:
        """The libraries in a state of `STATES`, live ones first.

        Raises `Forbidden` for a key limited to some libraries: it may read those, but not list them.
        """
        if state not in STATES:
            raise UsageProblem(f"libraries are {', '.join(STATES)}, not {state}")
        live, trashed = await self._listed(with_trashed=state != "live")
        return [
            *(library(fields) for fields in live if state != "trashed"),
            *(library(fields, trashed=True) for fields in trashed),
        ]

    async def one(self, library_id: str) -> dict[str, Any]:
        """The fields of one library; raises `NotFound` when it is not there or not visible."""
        url = address(self.base, ROUTE.single_path(library_id))
        return {"id": library_id, **await self.caller.ask(f"GET {ROUTE.path}/{{id}}", url, decode.single)}

    async def by_ids(self, ids: Collection[str]) -> dict[str, Entity]:
        """The libraries that are there, trashed or not, by id."""
        states = await self._states(ids)
        return {library_id: state.entity for library_id, state in states.items() if state.entity is not None}

    async def state(self, library_id: str) -> EntityState:
        """What the library is now.

        Where the key may not list libraries the single read answers, which cannot tell that one is in the trash.
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
        # A server that does not know `state` lists the live ones again.
        trashed = await self._list([("state", "trashed")])
        return live, [fields for fields in trashed if fields.get("id") not in live_ids]

    async def _list(self, params: list[tuple[str, str]]) -> list[dict[str, Any]]:
        url = address(self.base, ROUTE.path, params)
        return await self.caller.ask(f"GET {ROUTE.path}", url, decode.objects)

    def _state(self, library_id: str, presence: Presence, fields: dict[str, Any] | None) -> EntityState:
        now: datetime = self.context.clock()
        entity = None if fields is None else Entity(KIND, library_id, fields, now)
        return EntityState(KIND, library_id, presence, now, entity)


def library(fields: dict[str, Any], *, trashed: bool = False) -> Library:
    """A library from its fields, any of which may be missing or of another kind; without an id it cannot be chosen."""
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
    """A user from its fields; all but the id may be missing or of another kind. Raises `UnexpectedAnswer`."""
    names = ("email", "first_name", "last_name", "timezone")
    if "id" not in fields:
        raise UnexpectedAnswer("GET /api/users/me", "a text", "id", clip(repr(fields[UNREADABLE])))
    return User(fields["id"], *(_text(fields, name) for name in names))


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
