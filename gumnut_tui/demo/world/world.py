"""The demo service as a whole: its libraries, entities and feeds, and the passing of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from gumnut_tui.demo.world.catalog import Catalog, Ids
from gumnut_tui.demo.world.documents import Document, Documents
from gumnut_tui.demo.world.edits.editor import Editor
from gumnut_tui.demo.world.entity_filters import EVERY_LIVE, Filters
from gumnut_tui.demo.world.events import Feed
from gumnut_tui.demo.world.instants import microseconds, utc
from gumnut_tui.demo.world.records import LibraryRecord
from gumnut_tui.demo.world.script import PREHISTORY, Plan, stage
from gumnut_tui.demo.world.service import DAY, SECOND_US, Service

_FIRST_NAME: Final = "Inês"
_LAST_NAME: Final = "Oliveira"
_STORAGE_LIMIT: Final = 2_000_000_000_000
_CARELESS_SHARE: Final = 0.08

_Record = TypeVar("_Record")


class World:
    """State of the demo service; the same for the same (seed, now, events, days)."""

    def __init__(
        self, *, seed: int = 7, now: datetime, events: int, days: int = 30, reached: datetime | None = None
    ) -> None:
        """Simulate `days` days up to `now` (aware), with `events` events in all feeds together.

        The set pieces alone leave some hundred events, so a smaller `events` is not met. With `reached` it stops at
        that moment, as it was on the way to `now`; `advance` goes on.
        """
        now_us = microseconds(now)
        span_us = int(days * DAY * SECOND_US)
        begin_us = now_us - span_us
        start_us = begin_us - int(PREHISTORY * SECOND_US)
        self._service = Service(
            seed=seed,
            start_us=start_us,
            begin_us=begin_us,
            settled_us=begin_us + int(span_us * _CARELESS_SHARE),
        )
        self._user_id = self._service.ids.encode("user", 1)
        self._joined_us = start_us
        self._documents = Documents(self._service, self._user_id, f"{_FIRST_NAME} {_LAST_NAME}")
        self._catalog = Catalog(self._service)
        self._answers: dict[object, Ids] = {}
        self._answers_at = 0
        stage(self._service, Plan(begin_us, now_us, events))
        self._service.agenda.run(now_us if reached is None else microseconds(reached))

    @property
    def user(self) -> dict[str, Any]:
        """The user as `GET /api/users/me` shows them."""
        libraries = self._service.libraries
        return {
            "id": self._user_id,
            "email": "ines@example.com",
            "first_name": _FIRST_NAME,
            "last_name": _LAST_NAME,
            "is_active": True,
            "is_superuser": False,
            "is_verified": True,
            "storage_used_bytes": sum(library.stored_bytes for library in libraries),
            "storage_limit_bytes": _STORAGE_LIMIT,
            "timezone": "Europe/Lisbon",
            "home_country": "PT",
            "home_subdivision": "11",
            "immich_library_id": self._service.ids.encode("library", libraries[0].number),
            "favorite_display_mode": "favorite",
            "demo_mode_enabled": False,
            "face_detection_available": True,
            "face_detection_preference": True,
            "created_at": utc(self._joined_us),
            "updated_at": utc(self._joined_us),
        }

    def libraries(self, state: str = "live") -> list[dict[str, Any]]:
        """The libraries in a state (`live`, `trashed`, `all`), in the order they were made."""
        return [
            self._documents.library(library)
            for library in self._service.libraries
            if state == "all" or (state == "trashed") == bool(library.trashed_us)
        ]

    def feed(self, library_id: str) -> Feed:
        """The feed of a library; KeyError when there is no such library."""
        library = self._library(library_id)
        if library is None:
            raise KeyError(library_id)
        return self._service.feeds[library.number]

    def entity(self, kind: str, entity_id: str) -> dict[str, Any] | None:
        """An entity as it is now with all its groups, also a trashed one; None when it is gone or never was."""
        number = self._number(kind, entity_id)
        if number is None:
            return None
        service, documents = self._service, self._documents
        match kind:
            case "asset":
                return _written(service.assets[number], documents.asset)
            case "face":
                return _written(service.faces[number], documents.face)
            case "person":
                return _written(service.people[number], documents.person)
            case "album":
                return _written(service.albums[number], documents.album)
            case "album_asset":
                return _written(service.memberships[number], documents.membership)
            case _:
                return _written(service.stacks[number], documents.stack)

    def ids(self, kind: str, library_id: str | None, filters: Filters = EVERY_LIVE) -> Sequence[str]:
        """The ids of a kind that pass all filters, in listing order; without a library those of all of them.

        Membership tests and `index` on the answer are quick, whatever its length.
        """
        question = (kind, library_id, filters)
        if self._answers_at != self._service.event_count:
            self._answers.clear()
            self._answers_at = self._service.event_count
        if question not in self._answers:
            self._answers[question] = self._list(*question)
        return self._answers[question]

    def advance(self, now: datetime) -> int:
        """Let life go on until `now` and return how many events that brought; the past is never changed."""
        before = self._service.event_count
        self._service.agenda.run(microseconds(now))
        return self._service.event_count - before

    def editor(self, clock: Callable[[], datetime] | None = None) -> Editor:
        """Changes the world as clients may, at the time of a clock; without one, at the world's own time."""
        return Editor(self._service, clock)

    def _list(self, kind: str, library_id: str | None, filters: Filters) -> Ids:
        library = self._library(library_id) if library_id is not None else None
        album, asset, stack = (
            self._number(each, given) if given is not None else None
            for each, given in (("album", filters.album_id), ("asset", filters.asset_id), ("stack", filters.stack_id))
        )
        people = [number for each in filters.person_ids if (number := self._number("person", each)) is not None]
        given = (library_id, filters.album_id, filters.asset_id, filters.stack_id)
        found = (library, album, asset, stack)
        unknown = any(a is not None and b is None for a, b in zip(given, found, strict=True))
        if unknown or len(people) < len(filters.person_ids):
            return Ids(self._service.ids, kind, [])
        catalog, state = self._catalog, filters.state
        match kind:
            case "asset":
                return catalog.assets(library, state=state, album=album, people=people, stack=stack)
            case "album":
                return catalog.albums(library, asset=asset)
            case "album_asset":
                return catalog.memberships(library, state=state, album=album, asset=asset)
            case "person":
                names, hidden = filters.name_filter, filters.include_hidden
                return catalog.people(library, asset=asset, album=album, name_filter=names, include_hidden=hidden)
            case "face":
                return catalog.faces(library, state=state, asset=asset, people=people)
            case "stack":
                return catalog.stacks(library, asset=asset)
            case _:
                raise ValueError(f"no entities of kind {kind!r}")

    def _library(self, library_id: str) -> LibraryRecord | None:
        number = self._service.ids.decode("library", library_id)
        libraries = self._service.libraries
        return libraries[number] if number is not None and number < len(libraries) else None

    def _number(self, kind: str, entity_id: str) -> int | None:
        """The number of an entity that is or was there."""
        service = self._service
        tables: dict[str, Sequence[object]] = {
            "asset": service.assets,
            "album": service.albums,
            "album_asset": service.memberships,
            "person": service.people,
            "face": service.faces,
            "stack": service.stacks,
        }
        if kind not in tables:
            return None
        number = service.ids.decode(kind, entity_id)
        return number if number is not None and number < len(tables[kind]) else None


def _written(record: _Record | None, write: Callable[[_Record], Document]) -> Document | None:
    return None if record is None else write(record)
