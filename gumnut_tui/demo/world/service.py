"""The demo service's tables, clock and feeds: what every action reads and changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, TypeVar

from gumnut_tui.demo.world.agenda import Agenda
from gumnut_tui.demo.world.events import EMPTY, NO_PAYLOAD, Feed
from gumnut_tui.demo.world.ids import IdSpace
from gumnut_tui.demo.world.records import Album, Asset, Face, LibraryRecord, Membership, Person, Stack

DAY: Final = 86_400.0
HOUR: Final = 3_600.0
MINUTE: Final = 60.0
SECOND_US: Final = 1_000_000

_FIRST_SEQ: Final = 78_112

_Record = TypeVar("_Record")


class Service:
    """Everything the service knows. An entity's number is its place in its table; None there means gone for good."""

    def __init__(self, *, seed: int, start_us: int, begin_us: int, settled_us: int) -> None:
        """Start the clock at `start_us`; feeds hold what happens from `begin_us` on; before `settled_us` the
        service wrote payloads carelessly."""
        self.rng = random.Random(f"service {seed}")
        self.agenda = Agenda(start_us)
        self.ids = IdSpace(seed)
        self.begin_us = begin_us
        self.settled_us = settled_us
        self.assets: list[Asset | None] = []
        self.faces: list[Face | None] = []
        self.people: list[Person | None] = []
        self.albums: list[Album | None] = []
        self.memberships: list[Membership | None] = []
        self.stacks: list[Stack | None] = []
        self.libraries: list[LibraryRecord] = []
        self.feeds: list[Feed] = []
        self.file_numbers: dict[tuple[int, int], int] = {}
        """The last file number of each camera, by (library, camera)."""
        self._random: Callable[[], float] = self.rng.random
        self._seq = _FIRST_SEQ

    @property
    def now_us(self) -> int:
        """The simulated instant, µs since the epoch."""
        return self.agenda.now_us

    @property
    def event_count(self) -> int:
        """Events in all feeds."""
        return sum(map(len, self.feeds))

    def chance(self, probability: float) -> bool:
        """Whether something happens this time."""
        return self._random() < probability

    def record(
        self,
        library: int,
        event: int,
        number: int,
        payload: int = NO_PAYLOAD,
        first: int = -1,
        second: int = -1,
        *,
        slow: bool = False,
    ) -> int:
        """Write an event to a library's feed and return its `created_at`, µs.

        The transaction began a moment before it is seen; a `slow` one (a background job's) now and then long before.
        """
        draw = self._random
        now_us = self.agenda.now_us
        luck = draw()
        if not slow or luck < 0.97:
            lag = 2_000 + int(luck * 60_000)
        elif luck < 0.998:
            lag = 1_000_000 + int(draw() * 7_000_000)
        else:
            lag = 20_000_000 + int(draw() * 80_000_000)
        created_us = now_us - lag
        if now_us < self.begin_us:
            return created_us
        if now_us < self.settled_us:
            payload = self._careless(payload)
        self._seq += 1 if draw() < 0.7 else 2 + int(draw() * 6)
        self.feeds[library].append(self._seq, max(created_us, self.begin_us), event, number, payload, first, second)
        return created_us

    def _careless(self, payload: int) -> int:
        luck = self._random()
        if payload == NO_PAYLOAD:
            return EMPTY if luck < 0.06 else NO_PAYLOAD
        if luck < 0.12:
            return EMPTY
        return NO_PAYLOAD if luck < 0.3 else payload

    def asset(self, number: int) -> Asset:
        """An asset that is known to exist."""
        return _there(self.assets[number])

    def face(self, number: int) -> Face:
        """A face that is known to exist."""
        return _there(self.faces[number])

    def person(self, number: int) -> Person:
        """A person that is known to exist."""
        return _there(self.people[number])

    def album(self, number: int) -> Album:
        """An album that is known to exist."""
        return _there(self.albums[number])

    def membership(self, number: int) -> Membership:
        """A membership that is known to exist."""
        return _there(self.memberships[number])

    def stack(self, number: int) -> Stack:
        """A stack that is known to exist."""
        return _there(self.stacks[number])

    def live_assets(
        self, library: LibraryRecord, count: int, wanted: Callable[[Asset], bool] | None = None
    ) -> list[Asset]:
        """Up to `count` different live assets of a library, drawn at random from those `wanted`."""
        found: dict[int, Asset] = {}
        for _ in range(count * 30 if library.assets else 0):
            if len(found) == count:
                break
            asset = self.assets[self.rng.choice(library.assets)]
            if asset is None or asset.trashed_us or asset.library != library.number:
                continue
            if wanted is None or wanted(asset):
                found[asset.number] = asset
        return list(found.values())

    def living_albums(self, library: LibraryRecord) -> list[Album]:
        """The library's albums, oldest first."""
        return [album for number in library.albums if (album := self.albums[number]) is not None]

    def living_people(self, library: LibraryRecord) -> list[Person]:
        """The library's people, oldest first."""
        return [person for number in library.people if (person := self.people[number]) is not None]

    def living_stacks(self, library: LibraryRecord) -> list[Stack]:
        """The library's stacks, oldest first."""
        return [stack for number in library.stacks if (stack := self.stacks[number]) is not None]


def _there(record: _Record | None) -> _Record:
    if record is None:
        raise LookupError("the entity is gone")
    return record
