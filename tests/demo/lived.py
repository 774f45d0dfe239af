"""A demo library that somebody changes while a journal of it is kept, and what it was at every moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gumnut_tui.api.caller import CallContext
from gumnut_tui.api.client import Client
from gumnut_tui.demo.http.inprocess import DemoConnection, connect
from gumnut_tui.demo.world.edits.editor import Editor
from gumnut_tui.demo.world.edits.found import Clash, NotThere, Unfit
from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from gumnut_tui.feed.sync import Sync, SyncReport
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryKey, LibraryRecord
from tests.demo.worlds import KINDS, NOW
from tests.journal.memory import memory_database

ALL = Filters(state="all")
State = dict[tuple[str, str], dict[str, Any]]
"""Every entity of a library by kind and id, those in the trash too."""


@dataclass
class Lived:
    """One library of a world of its own, its clock, its editor and a journal of it."""

    events: int = 1_500
    days: int = 5
    now: datetime = NOW
    number: int = 0
    world: World = field(init=False)
    editor: Editor = field(init=False)
    demo: DemoConnection = field(init=False)
    client: Client = field(init=False)
    journal: Journal = field(init=False)
    record: LibraryRecord = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(seed=7, now=self.now, events=self.events, days=self.days)
        self.editor = self.world.editor(self.clock)
        self.demo = connect(self.world, clock=self.clock, editor=self.editor)
        self.client = Client(
            base_url=self.demo.base_url,
            key=self.demo.key,
            transport=self.demo.transport,
            context=CallContext(clock=self.clock),
        )
        self.journal = Journal(memory_database(), clock=self.clock)

    def clock(self) -> datetime:
        """The time both the service and the journal go by."""
        return self.now

    @property
    def library_id(self) -> str:
        """The library that is journaled."""
        return str(self.world.libraries("all")[self.number]["id"])

    @property
    def others(self) -> list[str]:
        """The other libraries."""
        return [str(one["id"]) for one in self.world.libraries("all") if one["id"] != self.library_id]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    async def sync(self) -> SyncReport:
        """Bring the journal up to date."""
        user = str(self.world.user["id"])
        self.record = await self.journal.begin(LibraryKey(self.client.base_url, user, self.library_id), name="Family")
        report = await Sync(self.client, self.journal, self.record).run()
        self.record = report.library
        return report

    def ids(self, kind: str, filters: Filters = ALL) -> list[str]:
        """The ids of a kind, in one order every time."""
        return sorted(self.world.ids(kind, self.library_id, filters))

    def state(self) -> State:
        """All there is."""
        return {
            (kind, one): entity
            for kind in KINDS
            for one in self.ids(kind)
            if (entity := self.world.entity(kind, one)) is not None
        }

    def do(self, deed: Callable[[Lived, int, int], None], first: int, second: int) -> bool:
        """Let somebody do something, to what two numbers choose; False where that cannot be done."""
        try:
            deed(self, first, second)
        except (Clash, NotThere, Unfit):
            return False
        return True

    def pick(self, kind: str, number: int, filters: Filters = ALL) -> str:
        """One of a kind, by a number of any size; NotThere when there is none."""
        ids = self.ids(kind, filters)
        if not ids:
            raise NotThere(kind)
        return ids[number % len(ids)]

    async def aclose(self) -> None:
        """Close client and journal."""
        await self.client.aclose()
        await self.journal.aclose()

    async def __aenter__(self) -> Lived:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
