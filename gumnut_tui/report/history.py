"""The past of a library's entities and of the links between them, from events and snapshots.

Rules, as the API documents them: deleting an album takes its memberships with it and says nothing of them; deleting a
person leaves faces to nobody; moving a photo away takes it out of albums, people and stack; a photo in the trash keeps
all of that, but reads hide its faces and memberships, so that not finding those proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields, Reference
from gumnut_tui.domain.models import Event, Operation, Presence, presence_in, to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.sights import NEVER, changed_us, since_made
from gumnut_tui.report.timelines import Change, Known, Sight, Timeline

HIDDEN_BY_TRASH: Final = frozenset({"face", "album_asset"})
"""Kinds whose entities reads leave out while their photo is in the trash."""


class Gone(Enum):
    """What a face is once it is removed, or its photo is in another library."""

    GONE = "gone"


Owner = str | None | Gone
"""Whose a face is: a person's id, nobody's, or it is not there."""

NOBODY: Final[Known[Owner]] = Known(None)
REMOVED: Final[Known[Owner]] = Known(Gone.GONE)
LOOSE: Final[Known[str | None]] = Known(None)
"""In no stack."""
ABSENT: Final[Known[Fields | None]] = Known(None)


class Placed(NamedTuple):
    """An event and its place in the feed."""

    place: int
    event: Event


class Ends(NamedTuple):
    """Ids of the album and the photo a membership joins."""

    album: str
    asset: str


class History:
    """Everything known of some entities, and what follows from it. Events are in feed order."""

    def __init__(
        self,
        events: Iterable[Placed],
        snapshots: Iterable[Snapshot],
        *,
        covered_us: int,
        faces_elsewhere: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.covered_us = covered_us
        """From this time on, in µs, every event is known that there was."""
        self.faces_elsewhere = faces_elsewhere
        """The photo each face is on, of photos that are in other libraries now: of these nothing else may be read."""
        self.events = list(events)
        self._about: dict[Reference, list[Placed]] = defaultdict(list)
        for placed in self.events:
            self._about[placed.event.kind, placed.event.entity_id].append(placed)
        self._seen: dict[Reference, list[Snapshot]] = defaultdict(list)
        for snapshot in snapshots:
            self._seen[snapshot.kind, snapshot.id].append(snapshot)
            for face in field.groups(snapshot.fields or {}, "faces") if snapshot.kind == "asset" else ():
                self._take_face(snapshot, face)
        for seen in self._seen.values():
            seen.sort(key=lambda one: one.read_at)

    def _take_face(self, photo: Snapshot, face: Fields) -> None:
        """A face as a photo's snapshot holds it; it may never have been read by itself."""
        face_id = field.raw_id(face, "id")
        if face_id:
            own = {"asset_id": photo.id, **face}
            self._seen["face", face_id].append(Snapshot("face", face_id, photo.read_at, photo.seen_at, own))

    def about(self, kind: str, entity_id: str) -> Sequence[Placed]:
        """The events about an entity itself."""
        return self._about.get((kind, entity_id), ())

    def seen(self, kind: str, entity_id: str) -> Sequence[Snapshot]:
        """The snapshots of an entity, oldest first."""
        return self._seen.get((kind, entity_id), ())

    @property
    def snapshots(self) -> Iterator[Snapshot]:
        """All that was seen, those of one entity oldest first."""
        return (snapshot for seen in self._seen.values() for snapshot in seen)

    def latest(self, kind: str, entity_id: str) -> Fields | None:
        """The fields an entity was last seen with."""
        return next((one.fields for one in reversed(self.seen(kind, entity_id)) if one.fields is not None), None)

    def is_born(self, kind: str, entity_id: str) -> bool:
        """Whether the first event about an entity is that it was made: ids are never given again."""
        events = (event for _, event in self.about(kind, entity_id) if event.entity_type == kind)
        first = next(events, None)
        return first is not None and first.operation in (Operation.CREATED, Operation.ADDED)

    def known(self, kind: str) -> Iterator[str]:
        """Ids of all entities of a kind that an event or a snapshot is about."""
        return iter(dict.fromkeys(one for own, one in (*self._about, *self._seen) if own == kind))

    # Fields

    def fields(self, kind: str, entity_id: str) -> Timeline[Fields | None]:
        """An entity's fields; None while it is not there. Being in the trash is told by `presence` alone."""
        changes = [
            # Of a photo's metadata that it came or went says nothing of whether the photo was there.
            Change(place, event.created_at_us, *(_fields_around(event.operation) if event.entity_type == kind else ()))
            for place, event in self.about(kind, entity_id)
            if event.operation not in (Operation.TRASHED, Operation.RESTORED)
        ]
        changes += [Change(place, event.created_at_us, after=ABSENT) for place, event in self._ends(kind, entity_id)]
        changes += [Change(place, event.created_at_us, ABSENT) for place, event in self._comes_with(kind, entity_id)]
        return Timeline(changes, self._sights(kind, entity_id))

    def _ends(self, kind: str, entity_id: str) -> Iterator[Placed]:
        """The events of others that took an entity out of the library with them."""
        if kind == "album_asset" and (ends := self.ends.get(entity_id)) is not None:
            yield from self._deletions("album", ends.album)
            yield from self.departures(ends.asset)
        elif kind == "face":
            yield from self.departures(self.face_photos.get(entity_id, ""))

    def _comes_with(self, kind: str, entity_id: str) -> Iterator[Placed]:
        """The events of a photo that brought its face into the library."""
        if kind == "face":
            yield from self.arrivals(self.face_photos.get(entity_id, ""))

    def _sights(self, kind: str, entity_id: str) -> Iterator[Sight[Fields | None]]:
        """The snapshots, each from the time on that the entity says it changed last, if it was here by then.

        A face may have come with its photo from another library, which it does not say.
        """
        came = [
            placed.event.created_at_us for placed in self.about(kind, entity_id) if placed.event.operation in _COMING
        ]
        before_us, seen_us = 0, NEVER
        for snapshot in self.seen(kind, entity_id):
            first_us, last_us = to_us(snapshot.read_at), to_us(snapshot.seen_at)
            if snapshot.fields is not None:
                if came_us := max((us for us in came if before_us < us <= first_us), default=0):
                    before_us, seen_us = came_us, NEVER
                told_us = NEVER if kind == "face" else changed_us(snapshot.fields)
                # After the same change it was read before: what differs since has no event, and no time.
                since_us = first_us if told_us == seen_us else max(told_us, before_us)
                yield Sight(min(first_us, since_us), last_us, snapshot.fields, first_us)
                seen_us = told_us
            elif kind not in HIDDEN_BY_TRASH:
                yield Sight(first_us, last_us, None)
            before_us = last_us + 1

    def existence(self, kind: str, entity_id: str) -> Timeline[bool]:
        """Whether an album, a person or a stack is there; read once, it was there since it was made."""
        changes = [
            Change(place, event.created_at_us, *_EXISTENCE_AROUND.get(event.operation, (Known(True), Known(True))))
            for place, event in self.about(kind, entity_id)
        ]
        seen = self.seen(kind, entity_id)
        sights = (Sight(to_us(one.read_at), to_us(one.seen_at), one.fields is not None) for one in seen)
        return Timeline(changes, since_made(sights, seen))

    # Photos

    def presence(self, asset_id: str) -> Timeline[Presence]:
        """Whether a photo is in the library, in its trash, or not there."""
        changes = [
            Change(place, event.created_at_us, *around)
            for place, event in self.about("asset", asset_id)
            if event.entity_type == "asset" and (around := _PRESENCE_AROUND.get(event.operation))
        ]
        left = [change for change in changes if change.after in (_GONE, _MOVED)]
        sights = [
            Sight(
                to_us(one.read_at),
                to_us(one.seen_at),
                _absence(one, left) if one.fields is None else presence_in(one.fields),
            )
            for one in self.seen("asset", asset_id)
        ]
        return Timeline(changes, sights)

    def departures(self, asset_id: str) -> Iterator[Placed]:
        """The events by which a photo left the library."""
        for placed in self.about("asset", asset_id):
            if placed.event.entity_type == "asset" and placed.event.operation in (
                Operation.DELETED,
                Operation.MOVED_OUT,
            ):
                yield placed

    def arrivals(self, asset_id: str) -> Iterator[Placed]:
        """The events by which a photo came from another library."""
        for placed in self.about("asset", asset_id):
            if placed.event.operation is Operation.MOVED_IN:
                yield placed

    def stack_of(self, asset_id: str) -> Timeline[str | None]:
        """The stack a photo is in; None for none."""
        changes: list[Change[str | None]] = []
        for place, event in self.about("asset", asset_id):
            if event.entity_type != "asset":
                continue
            if event.operation is Operation.CREATED:
                changes.append(Change(place, event.created_at_us, after=LOOSE))
            elif "stack_id" in (details := event.details):
                changes.append(
                    Change(place, event.created_at_us, after=Known(field.raw_id(details, "stack_id") or None))
                )
        changes += [Change(place, event.created_at_us, after=LOOSE) for place, event in self.departures(asset_id)]
        sights = [
            Sight(to_us(one.read_at), to_us(one.seen_at), field.raw_id(one.fields, "stack_id") or None)
            for one in self.seen("asset", asset_id)
            if one.fields is not None and "stack_id" in one.fields
        ]
        sights += [
            Sight(to_us(one.read_at), to_us(one.seen_at), one.id) for one in self._stacks_seen_with.get(asset_id, ())
        ]
        told = (*(change.after for change in changes if change.after), *(Known(sight.value) for sight in sights))
        stacks = {one.value for one in told if one.value}
        changes += [
            Change(place, event.created_at_us, after=LOOSE, unless_other=Known(stack))
            for stack in stacks
            for place, event in self._deletions("stack", stack)
        ]
        return Timeline(changes, sights)

    def photos_once_in(self, stack_id: str) -> Sequence[str]:
        """The photos of which it is known that they were in a stack at some time."""
        return self._once_in_stack.get(stack_id, ())

    @cached_property
    def _once_in_stack(self) -> Mapping[str, list[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for asset_id, stack_id in self._named_by("asset", "stack_id"):
            found[stack_id][asset_id] = None
        for asset_id, snapshots in self._stacks_seen_with.items():
            for snapshot in snapshots:
                found[snapshot.id][asset_id] = None
        return {stack_id: list(assets) for stack_id, assets in found.items()}

    def _named_by(self, kind: str, *keys: str) -> Iterator[tuple[str, str]]:
        """Ids of the entities of a kind, each with the ids that its events and snapshots ever held under these keys."""
        for (own, entity_id), about in self._about.items():
            for placed in about if own == kind else ():
                details = placed.event.details
                yield from ((entity_id, other) for key in keys if (other := field.raw_id(details, key)))
        for (own, entity_id), seen in self._seen.items():
            for snapshot in seen if own == kind else ():
                fields = snapshot.fields or {}
                yield from ((entity_id, other) for key in keys if (other := field.raw_id(fields, key)))

    @cached_property
    def _stacks_seen_with(self) -> Mapping[str, list[Snapshot]]:
        found: dict[str, list[Snapshot]] = defaultdict(list)
        for (kind, _), snapshots in self._seen.items():
            for snapshot in snapshots if kind == "stack" else ():
                for asset_id in field.ids(snapshot.fields or {}, "asset_ids"):
                    found[asset_id].append(snapshot)
        return found

    # Albums

    @cached_property
    def ends(self) -> Mapping[str, Ends]:
        """The ends of each membership of which both are known, by its id."""
        found: dict[str, Ends] = {}
        for (kind, entity_id), placed in self._about.items():
            for _, event in placed if kind == "album_asset" else ():
                _note_ends(found, entity_id, event.details)
        for (kind, entity_id), snapshots in self._seen.items():
            for snapshot in snapshots if kind == "album_asset" else ():
                _note_ends(found, entity_id, snapshot.fields or {})
        return found

    def endless(self) -> list[str]:
        """Ids of the memberships of which neither album nor photo is known."""
        return [row for row in self.known("album_asset") if row not in self.ends]

    @cached_property
    def rows_of(self) -> Mapping[Reference, list[str]]:
        """Ids of the memberships of each album and each photo, by kind and id of either."""
        found: dict[Reference, list[str]] = defaultdict(list)
        for row, (album, asset) in self.ends.items():
            found["album", album].append(row)
            found["asset", asset].append(row)
        return found

    def membership(self, row: str) -> Timeline[bool]:
        """Whether a membership is there; a photo in the trash keeps its own."""
        changes = [
            Change(place, event.created_at_us, *_MEMBERSHIP_AROUND[event.operation])
            for place, event in self.about("album_asset", row)
            if event.operation in _MEMBERSHIP_AROUND
        ]
        ends = self._ends("album_asset", row)
        changes += [Change(place, event.created_at_us, after=Known(False)) for place, event in ends]
        sights = (
            Sight(to_us(one.read_at), to_us(one.seen_at), True)
            for one in self.seen("album_asset", row)
            if one.fields is not None
        )
        return Timeline(changes, since_made(sights, self.seen("album_asset", row)))

    # Faces

    @cached_property
    def face_photos(self) -> Mapping[str, str]:
        """The photo each face is on, as far as it is known."""
        seen = (one for (kind, _), snapshots in self._seen.items() if kind == "face" for one in snapshots)
        own = {one.id: asset for one in seen if (asset := field.raw_id(one.fields or {}, "asset_id"))}
        return {**self.faces_elsewhere, **own}

    @cached_property
    def faces_on(self) -> Mapping[str, list[str]]:
        """The faces known on each photo."""
        found: dict[str, list[str]] = defaultdict(list)
        for face, asset in self.face_photos.items():
            found[asset].append(face)
        return found

    def faces_lost_by(self, person_id: str) -> Sequence[Placed]:
        """The events by which faces of a person became somebody else's, nobody's, or were removed."""
        return self._face_losses.get(person_id, ())

    @cached_property
    def _face_losses(self) -> Mapping[str, list[Placed]]:
        found: dict[str, list[Placed]] = defaultdict(list)
        for placed in self.events:
            if placed.event.kind == "face" and (before := field.raw_id(placed.event.details, "previous_person_id")):
                found[before].append(placed)
        return found

    def faces_once_of(self, person_id: str) -> Sequence[str]:
        """The faces of which it is known that they were a person's at some time."""
        return self._once_owned.get(person_id, ())

    @cached_property
    def _once_owned(self) -> Mapping[str, list[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for face_id, person_id in self._named_by("face", "person_id", "previous_person_id"):
            found[person_id][face_id] = None
        return {person_id: list(faces) for person_id, faces in found.items()}

    def owner(self, face_id: str) -> Timeline[Owner]:
        """Whose a face is."""
        changes: list[Change[Owner]] = [
            Change(place, event.created_at_us, *_owners_around(event)) for place, event in self.about("face", face_id)
        ]
        for place, event in self.departures(self.face_photos.get(face_id, "")):
            changes.append(Change(place, event.created_at_us, after=REMOVED))
        for place, event in self._comes_with("face", face_id):
            changes.append(Change(place, event.created_at_us, REMOVED, NOBODY))
        sights: list[Sight[Owner]] = [
            Sight(to_us(one.read_at), to_us(one.seen_at), field.raw_id(one.fields, "person_id") or None)
            for one in self.seen("face", face_id)
            if one.fields is not None
        ]
        told = [one.value for change in changes for one in (change.before, change.after) if one is not None]
        people = {one for one in (*told, *(sight.value for sight in sights)) if isinstance(one, str)}
        changes += [
            Change(place, event.created_at_us, after=NOBODY, unless_other=Known(person))
            for person in people
            for place, event in self._deletions("person", person)
        ]
        return Timeline(changes, sights)

    def _deletions(self, kind: str, entity_id: str) -> list[Placed]:
        return [placed for placed in self.about(kind, entity_id) if placed.event.operation is Operation.DELETED]


_LIVE, _TRASHED, _GONE, _MOVED = map(Known, (Presence.LIVE, Presence.TRASHED, Presence.GONE, Presence.MOVED))
_PRESENCE_AROUND: Final[Mapping[Operation, tuple[Known[Presence] | None, Known[Presence]]]] = {
    Operation.CREATED: (_GONE, _LIVE),
    Operation.TRASHED: (_LIVE, _TRASHED),
    Operation.RESTORED: (_TRASHED, _LIVE),
    Operation.DELETED: (None, _GONE),
    Operation.MOVED_OUT: (_LIVE, _MOVED),
    Operation.MOVED_IN: (None, _LIVE),
}
"""What a photo was before such an event and is after it."""
_EXISTENCE_AROUND: Final = {
    Operation.CREATED: (Known(False), Known(True)),
    Operation.DELETED: (Known(True), Known(False)),
}
_MEMBERSHIP_AROUND: Final = {
    Operation.ADDED: (Known(False), Known(True)),
    Operation.REMOVED: (Known(True), Known(False)),
}


def _absence(snapshot: Snapshot, left: Iterable[Change[Presence]]) -> Presence:
    """What a photo was that a read did not find: by the last event until then with which it left, else gone."""
    told = [change.after for change in left if change.after and change.us <= to_us(snapshot.seen_at)]
    return told[-1].value if told else Presence.GONE


def _fields_around(operation: Operation) -> tuple[Known[Fields | None] | None, Known[Fields | None] | None]:
    match operation:
        case Operation.CREATED | Operation.ADDED | Operation.MOVED_IN:
            return ABSENT, None
        case Operation.DELETED | Operation.REMOVED | Operation.MOVED_OUT:
            return None, ABSENT
        case _:
            return None, None


def _owners_around(event: Event) -> tuple[Known[Owner] | None, Known[Owner] | None]:
    details = event.details
    before = _owner_in(details, "previous_person_id")
    match event.operation:
        case Operation.CREATED:
            return REMOVED, NOBODY
        case Operation.DELETED:
            return before, REMOVED
        case _:
            return before, _owner_in(details, "person_id")


def _owner_in(details: Mapping[str, Any], key: str) -> Known[Owner] | None:
    return Known(field.raw_id(details, key) or None) if key in details else None


def _note_ends(found: dict[str, Ends], row: str, told: Fields) -> None:
    album, asset = field.raw_id(told, "album_id"), field.raw_id(told, "asset_id")
    if album and asset:
        found[row] = Ends(album, asset)


_COMING: Final = frozenset({Operation.CREATED, Operation.ADDED, Operation.MOVED_IN})
