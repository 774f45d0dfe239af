"""A detail controller with everything around it made up: what it reads and shows can be told step by step."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from PIL import Image

from gumnut_tui.app.detail_controller import DetailController, Work
from gumnut_tui.app.open_library import FeedListener, LibraryContext, OpenLibrary, ViewChoice, ZoneChoice, choose_range
from gumnut_tui.app.subject import Subject
from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.errors import ConnectionFailed, GumnutError
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Entity, EntityState, Event, Library
from gumnut_tui.domain.ports import LibraryClient
from gumnut_tui.feed.entity_history import EntityHistory
from gumnut_tui.ui.widgets.detail_pages import DetailState
from gumnut_tui.usecases.journals import JournalLink
from tests.app.stage import OutsideWorld, make_services
from tests.factories import NOW, RETENTION, make_event
from tests.feed.entity_sources import EntityShelf, make_entity

THUMBHASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"
PICTURE_URL = "https://pictures.example.com/1"
CREATED = make_event(1, entity_id="asset_1")
DELETED = make_event(2, entity_id="asset_1", event_type="asset_deleted")
ITALY = make_entity("album", "album_1", name="Italy")
T = TypeVar("T")
BROKEN = ConnectionFailed("GET /api/albums", "gone")


def jpeg() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 4), "red").save(data, "JPEG")
    return data.getvalue()


@dataclass
class FakeRelations:
    """Albums, photos and pictures; `meanwhile` happens before each answer arrives, and `error` replaces it."""

    albums: list[Entity] = field(default_factory=list)
    assets: list[Entity] = field(default_factory=list)
    data: bytes = b""
    error: GumnutError | None = None
    meanwhile: Callable[[], None] = lambda: None

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        return self._answer(self.albums)

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        return self._answer(self.assets[:limit])

    async def picture(self, url: str) -> bytes:
        return self._answer(self.data)

    def _answer(self, answer: T) -> T:
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return answer


@dataclass
class BenchClient:
    """Answers from a shelf and from relations."""

    shelf: EntityShelf
    relations: FakeRelations

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        return await self.shelf.entities(kind, ids, library_id)

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        return await self.shelf.entity(kind, entity_id, library_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.relations, name)


@dataclass
class FakeLink:
    """A library's place in a journal that is not complete yet."""

    memory: EntityHistory
    is_complete = False


class Bench:
    """A detail controller over a shelf of entities; what it says is kept, and its rest takes no time."""

    def __init__(
        self,
        *entities: Entity,
        events: tuple[Event, ...] = (CREATED,),
        memory: EntityHistory | None = None,
        retention: timedelta = RETENTION,
    ) -> None:
        self.shelf = EntityShelf(*entities)
        self.relations = FakeRelations()
        self.rests: list[float] = []
        self.rest: Callable[[], Awaitable[Any]] = lambda: asyncio.sleep(0)
        self.said: list[DetailState] = []
        self.now = NOW
        client = cast(LibraryClient, BenchClient(self.shelf, self.relations))
        services = make_services(client, OutsideWorld(), clock=lambda: self.now, debounce=0.15, sleep=self._sleep)
        context = LibraryContext(
            client=client,
            services=services,
            settings=Settings(Path("none.toml"), retention=retention.days),
            zone=ZoneChoice(UTC),
            library=Library("lib_1", "Home"),
            link=None if memory is None else cast(JournalLink, FakeLink(memory)),
        )
        everything = ViewChoice(choose_range("all", now=NOW, zone=UTC), EventFilter(), newest_first=True)
        opened = OpenLibrary(context, everything, cast(FeedListener, self))
        self.entity_cache, self.names, self.store = opened.entity_cache, opened.names, opened.feed.store
        self.store.append(events)
        self.details = DetailController(opened, self, cast(Work, self))

    async def _sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        await self.rest()

    def more_wanted(self) -> bool:
        """Nothing is read on."""
        return False

    def rows_pass(self) -> bool:
        """Nor do rows go by."""
        return False

    rows_read = state_changed = None

    def show_detail(self, state: DetailState) -> None:
        """Keep it."""
        self.said.append(state)

    is_related_shown = is_history_shown = False

    def run(self, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, exclusive: bool = True) -> None:
        """Nothing runs by itself: each test reads when it wants to."""

    @property
    def state(self) -> DetailState:
        """What was said last."""
        return self.said[-1]

    async def look(self, event: Event = CREATED, row: int = 0) -> DetailState:
        """Look at an event and read to the end."""
        self.details.look_at(Subject(event.kind, event.entity_id, event, row))
        await self.details.read()
        return self.state


def groups(bench: Bench) -> list[tuple[str, list[str]]]:
    return [(group.title, [item.name for item in group.items]) for group in bench.state.related or ()]
