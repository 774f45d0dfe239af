"""What an action did, in figures and ids: all that a sentence about it needs from its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.fields import raw_id
from gumnut_tui.domain.models import Event

TypePair: TypeAlias = tuple[str, str]
"""Entity type and event type."""

CLUSTERED = 10
"""So many changes of faces at least make a clustering run; a few may be anybody's."""
CLUSTERED_PEOPLE = 3
"""Faces that went to so many people at least were grouped by the service, if they are enough."""
LINKS = ("album_asset_added", "album_asset_removed")
MOST_LOOKED_AT = 2_000
"""So many events of an action are read whatever they are; the counts of each kind are known without reading."""
TELLING: Mapping[Family, frozenset[str]] = {
    Family.UPLOAD: frozenset({"asset_created", "person_created", "person_deleted"}),
    Family.ALBUM: frozenset({"album_created", "album_updated", "album_deleted", *LINKS}),
    Family.TRASH: frozenset({"asset_trashed"}),
    Family.PEOPLE: frozenset({"person_created", "person_updated", "person_deleted", "face_updated"}),
}
"""The types of events that are all read, however many there are: their ids tell what counts by kind do not."""


SAMPLE = 10
"""Entities of an action that are named by their ids."""
ONE_PHOTO_EACH = (
    "asset_created", "asset_trashed", "asset_restored", "asset_deleted", "asset_moved_in", "asset_moved_out",
)  # fmt: skip
"""Events of which an action has one for each photo, as a rule."""


class What(Enum):
    """What an action is called, and its sign, one cell wide."""

    UPLOAD = "upload", "+"
    EDITS = "edits", "~"
    ALBUM = "album", "⊕"
    TRASH = "trash", "▽"
    RESTORE = "restore", "↺"
    DELETE = "delete", "✗"
    PURGE = "purge", "✗"
    MOVED_OUT = "move out", "→"
    MOVED_IN = "move in", "←"
    PEOPLE = "people", "@"
    FACES = "faces", "@"
    CLUSTERING = "clustering", "≈"
    CHANGES = "changes", "?"
    STACKS = "stacks", "≡"
    LIBRARY = "library", "■"
    OTHER = "other", "·"

    @property
    def word(self) -> str:
        """What a person calls it."""
        return self.value[0]

    @property
    def glyph(self) -> str:
        """Shown beside the word, so that colour is never the only sign."""
        return self.value[1]


@dataclass(slots=True)
class Hands:
    """What happened to people and faces. Faces are counted; people are named by their ids."""

    created: set[str] = field(default_factory=set)
    updated: dict[str, None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    given: Counter[str] = field(default_factory=Counter)
    """Faces of nobody that a person was given."""
    taken: Counter[str] = field(default_factory=Counter)
    """Faces taken from a person and given to nobody."""
    handed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Faces that went from one person to another."""
    unexplained: int = 0
    """Changes of faces that do not say what changed, as in feeds before March 2026."""

    def take(self, event: Event) -> None:
        """Look at an event about a person or a face."""
        match event.event_type:
            case "person_created":
                self.created.add(event.entity_id)
            case "person_updated":
                self.updated[event.entity_id] = None
            case "person_deleted":
                self.deleted.add(event.entity_id)
            case "face_updated":
                self._take_face(event.details)

    def _take_face(self, details: Mapping[str, object]) -> None:
        before, after = raw_id(details, "previous_person_id"), raw_id(details, "person_id")
        if before and after:
            self.handed[before, after] += 1
        elif after:
            self.given[after] += 1
        elif before:
            self.taken[before] += 1
        else:
            self.unexplained += 1

    @property
    def merges(self) -> dict[str, tuple[str, int]]:
        """People who were merged away, each into whom and with how many faces (API, section 5.7).

        Such a person is deleted, was not made in the same action, and all faces went to one other that is still there.
        """
        targets = dict[str, list[tuple[str, int]]]()
        for (before, after), count in self.handed.items():
            targets.setdefault(before, []).append((after, count))
        found = dict[str, tuple[str, int]]()
        for source in sorted((self.deleted - self.created).intersection(targets)):
            target, *others = targets[source]
            if not others and target[0] not in self.deleted and source not in self.taken:
                found[source] = target
        return found

    @property
    def changes(self) -> int:
        """How many changes of faces there were, apart from merges and from faces of people who were deleted."""
        merged = sum(count for _, count in self.merges.values())
        left = sum(count for person, count in self.taken.items() if person not in self.deleted)
        return self.given.total() + left + self.handed.total() + self.unexplained - merged

    @property
    def receivers(self) -> set[str]:
        """The people who got faces, apart from merges."""
        merges = self.merges
        return {*self.given, *(after for before, after in self.handed if before not in merges)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an action did. Ids are in the order of the events, each once, and only of events that were read."""

    what: What
    kinds: Mapping[TypePair, int]
    """How many events of each entity type and event type, all counted."""
    photos: tuple[str, ...]
    """Photos the events are about, or name as part of an album."""
    albums: Mapping[str, Counter[str]]
    """For each album how many photos were `added` to it and `removed`; both 0 where only the album itself changed."""
    links: tuple[str, ...]
    """Memberships that do not tell their album."""
    hands: Hands
    stacks: tuple[str, ...]
    entities: tuple[str, ...]
    """The first entities the events are about, whatever their kind."""
    photo_count: int
    """How many photos there are, those included that a membership in an album does not name."""
    purged: int = 0
    """Of the photos deleted for good, those that had been in the trash, where only older events or a copy tell that."""
    untold: int = 0
    """Those of which nothing tells it."""

    def count(self, *event_types: str) -> int:
        """How many events there are of these types."""
        return sum(count for (_, event_type), count in self.kinds.items() if event_type in event_types)

    @property
    def types(self) -> dict[str, int]:
        """How many events of each event type, the most first."""
        counts = Counter[str]()
        for (_, event_type), count in self.kinds.items():
            counts[event_type] += count
        return dict(counts.most_common())


def with_origin(facts: Facts, purged: int, untold: int) -> Facts:
    """The facts of a deletion, once it is known how many of its photos came from the trash; of all, it is a purge."""
    is_purge = 0 < purged == facts.count("asset_deleted")
    return replace(facts, what=What.PURGE if is_purge else facts.what, purged=purged, untold=untold)


class FactFinder:
    """Finds what an action did, from as many of its events as are taken, one by one."""

    def __init__(self) -> None:
        self.taken = 0
        """Events looked at so far."""
        self._entities = dict[str, None]()
        self._photos, self._links, self._stacks = dict[str, None](), dict[str, None](), dict[str, None]()
        self._albums, self._hands = dict[str, Counter[str]](), Hands()
        self._photo_of = dict[str, str]()
        """By membership, as far as an event about it names the photo; else empty."""

    def take(self, event: Event) -> None:
        """Look at an event of the action."""
        self.taken += 1
        if len(self._entities) < SAMPLE:
            self._entities[event.entity_id] = None
        match event.kind:
            case "asset":
                self._photos[event.entity_id] = None
                if stack := raw_id(event.details, "stack_id"):
                    self._stacks[stack] = None
            case "album":
                self._albums.setdefault(event.entity_id, Counter())
            case "album_asset":
                self._take_link(event)
            case "stack":
                self._stacks[event.entity_id] = None
            case _:
                self._hands.take(event)

    def _take_link(self, event: Event) -> None:
        photo, album = (raw_id(event.details, key) for key in ("asset_id", "album_id"))
        if photo:
            self._photos[photo] = None
        if photo or event.entity_id not in self._photo_of:
            self._photo_of[event.entity_id] = photo or ""
        if album:
            self._albums.setdefault(album, Counter())[event.operation.value] += 1
        else:
            self._links[event.entity_id] = None

    def facts(
        self,
        action: Action,
        kinds: Mapping[TypePair, int],
        photo_count: int | None = None,
        *,
        is_early: bool = False,
    ) -> Facts:
        """The facts of the action, which has so many events of each kind.

        How many photos it is about is counted among the events taken, unless it is said; where not all were, by kinds.
        An action `is_early` that may be what the service did after an upload of which nothing was read.
        """
        if photo_count is None:
            photo_count = len(self._photos) + list(self._photo_of.values()).count("")
            if self.taken < sum(kinds.values()):
                photo_count = max(photo_count, sum(kinds.get(("asset", name), 0) for name in ONE_PHOTO_EACH))
        what = What[action.family.name]
        if action.family is Family.PEOPLE:
            what = _people_what(kinds, self._hands) if self.taken else What.CHANGES
            if is_early and what in (What.FACES, What.CLUSTERING) and self._may_be_of_upload(kinds):
                what = What.CHANGES
        return Facts(
            what,
            kinds,
            tuple(self._photos),
            self._albums,
            tuple(self._links),
            self._hands,
            tuple(self._stacks),
            tuple(self._entities),
            photo_count,
        )

    def _may_be_of_upload(self, kinds: Mapping[TypePair, int]) -> bool:
        """Whether it has events of those that follow an upload: faces and people found, faces of nobody given."""
        return bool(self._hands.given) or not {"face_created", "person_created"}.isdisjoint(name for _, name in kinds)


def facts_of(action: Action, kinds: Mapping[TypePair, int], events: Iterable[Event] = ()) -> Facts:
    """The facts of an action, from how many events it has of each kind, and the events that were read."""
    finder = FactFinder()
    for event in events:
        finder.take(event)
    return finder.facts(action, kinds)


def _people_what(kinds: Mapping[TypePair, int], hands: Hands) -> What:
    """Whether people were changed, faces, or everything was grouped anew; what cannot be known is `CHANGES`.

    The service groups many faces, or people come and go by it. Somebody names, merges, hides or deletes people, draws
    faces, removes them, or says whose they are. Both at a time, or a few of the first kind, nobody can tell.
    """
    counts = Counter[str]({event_type: count for (_, event_type), count in kinds.items()})
    merges = hands.merges
    is_by_hand = bool(merges) or bool(set(hands.updated) - hands.created) or counts["face_deleted"] > 0
    come_and_gone = (hands.created | hands.deleted) - set(merges)
    is_grouping = bool(come_and_gone) and hands.changes > 0
    is_many = hands.changes >= CLUSTERED and (is_grouping or len(hands.receivers) >= CLUSTERED_PEOPLE)
    if is_many or counts["face_created"] >= CLUSTERED:
        return What.CHANGES if is_by_hand else What.CLUSTERING
    if is_grouping or hands.unexplained:
        return What.CHANGES
    return What.PEOPLE if merges or hands.updated or come_and_gone else What.FACES
