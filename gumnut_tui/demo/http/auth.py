"""Who is asking: bearer keys, and which libraries a key may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.refusals import Problem

KEY = "demo"
SELECTED_KEY = "demo-selected"
"""A key limited to selected libraries: it sees the first library and may not list them."""
READ_KEY = "demo-read"
"""A key that may only read, as one for an audit should be."""
WRITE_KEY = "demo-write"
"""A key that may read and write, but delete nothing."""

_READ = frozenset({"read"})
_WRITE = _READ | {"write"}
_EVERYTHING = _WRITE | {"delete", "delete_permanently"}
_ACTIONS = {KEY: _EVERYTHING, SELECTED_KEY: _EVERYTHING, READ_KEY: _READ, WRITE_KEY: _WRITE}
"""What each key may do."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the caller's key opens."""

    world: LibraryWorld
    selected_only: bool
    actions: frozenset[str] = _READ
    """What the key may do: `read`, `write`, `delete`, `delete_permanently`."""

    def need(self, *actions: str) -> None:
        """Raise the 403 of a key that may not do all of this."""
        for action in actions:
            if action not in self.actions:
                raise Problem(403, f"This API key lacks the action {action}")

    def libraries(self, state: str = "live") -> list[dict[str, Any]]:
        """The libraries this key can see, in their listing order."""
        if not self.selected_only:
            return self.world.libraries(state)
        chosen = self.world.libraries("live")[:1] or self.world.libraries("all")[:1]
        wanted = {library["id"] for library in chosen}
        return [library for library in self.world.libraries(state) if library["id"] in wanted]

    def sees(self, library_id: str | None) -> bool:
        """Whether ``library_id`` exists and this key opens it."""
        return any(library["id"] == library_id for library in self.libraries("all"))

    def library_id(self, given: str | None, generation: Generation) -> str:
        """The library a request means; raises the service's 404, or its refusal when several are possible."""
        if given:
            if not self.sees(given):
                raise self.no_library(given)
            return given
        live = self.libraries("live")
        if len(live) == 1 or (live and generation.default_library):
            return str(live[0]["id"])
        if not live:
            raise Problem(404, f"No library found for user {self.world.user['id']}")
        raise Problem(
            generation.missing_library_status,
            f"library_id is required: user {self.world.user['id']} has {len(live)} live libraries",
        )

    def no_library(self, library_id: str) -> Problem:
        """The 404 of a library that does not exist or is not the caller's: one cannot tell which."""
        return Problem(404, f"Library {library_id} not found for user {self.world.user['id']}")


def access(request: Request, world: LibraryWorld) -> Access:
    """What the request's bearer token opens; raises the 401 of a missing or wrong one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    challenge = {"WWW-Authenticate": "Bearer"}
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "Not authenticated", challenge)
    key = token.strip()
    if key not in _ACTIONS:
        raise Problem(401, "Invalid authentication credentials", challenge)
    return Access(world, selected_only=key == SELECTED_KEY, actions=_ACTIONS[key])
