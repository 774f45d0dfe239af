"""What differs between two moments: photos come and gone, albums and people with what they held.

Made from the events between the moments and the snapshots around them. Where those do not tell how something was, it
is said that it changed, and not guessed how.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import Operation, Presence
from gumnut_tui.report.history import History
from gumnut_tui.report.timelines import Known, Timeline

T = TypeVar("T")

OWN_FIELDS = {
    "album": ("name", "description"),
    "person": ("name", "birth_date", "is_favorite", "is_hidden"),
}
"""Of each kind that holds others: the fields somebody sets; the rest follows from what it holds."""


class Fate(Enum):
    """What became of an album or a person between the moments."""

    NEW = "new"
    DELETED = "deleted"
    CHANGED = "changed"
    UNCERTAIN = "uncertain"
    """It is not known whether it was there at one of the moments."""


@dataclass(frozen=True, slots=True)
class PhotoChange:
    """A photo that is not where it was."""

    id: str
    before: Presence | None
    """None: not known."""
    after: Presence | None


@dataclass(frozen=True, slots=True)
class HolderChange:
    """An album with its photos, or a person with their faces."""

    kind: str
    id: str
    fate: Fate
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """Name, old and new value of each field of its own that differs."""
    is_unclear: bool = False
    """Its own fields were changed, and it is not known from what or to what."""
    came: tuple[str, ...] = ()
    """Ids of the photos or faces that it holds only since."""
    went: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    """Those that were put in or taken out, of which it is not known whether they were there at one of the moments."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two moments."""

    from_us: int
    to_us: int
    """Both in µs since the epoch, what happened at that time included."""
    covered_us: int
    """From when on the journal has every event."""
    photos: tuple[PhotoChange, ...] = ()
    albums: tuple[HolderChange, ...] = ()
    people: tuple[HolderChange, ...] = ()
    unplaced: int = 0
    """Photos put into albums or taken out, of which it is not known which photo and which album."""
    unowned: int = 0
    """Faces given to people or taken from them, of which it is not known to whom and from whom."""
    lost_with_albums: int = 0
    """Photos that were in some album before, not known which: they may have been in one that is deleted."""

    @property
    def is_empty(self) -> bool:
        """Nothing differs, as far as is known."""
        return not (self.photos or self.albums or self.people or self.unplaced or self.unowned)


class _Around(NamedTuple):
    """What a thing was at both moments, as far as it is certain."""

    before: Known[Any] | None
    after: Known[Any] | None
    is_touched: bool
    """Something happened to it in between."""

    @property
    def differs(self) -> bool:
        """It was another, or it may have been."""
        if self.before is None or self.after is None:
            return self.is_touched
        return bool(self.before != self.after)


@dataclass(slots=True)
class _Held:
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)


def difference(history: History, from_us: int, to_us_: int) -> Difference:
    """What differs between two times, in µs since the epoch, of all that the history was gathered for."""
    return _Comparison(history, from_us, to_us_).all()


@dataclass(frozen=True, slots=True)
class _Comparison:
    history: History
    from_us: int
    to_us: int

    def all(self) -> Difference:
        photos = (self._photo(one) for one in self.history.known("asset"))
        albums = self._holders("album", self._memberships())
        unplaced = [self._around("album_asset", row, self.history.membership(row)) for row in self.history.endless()]
        are_deleted = any(album.fate in (Fate.DELETED, Fate.UNCERTAIN) for album in albums)
        faces, unowned = self._faces()
        return Difference(
            self.from_us,
            self.to_us,
            self.history.covered_us,
            tuple(photo for photo in photos if photo is not None),
            albums,
            self._holders("person", faces),
            sum(one.differs for one in unplaced),
            unowned,
            sum(one.before != Known(False) and not one.differs for one in unplaced) if are_deleted else 0,
        )

    def _around(self, kind: str, entity_id: str, timeline: Timeline[T]) -> _Around:
        first, last = timeline.cut_at(self.from_us), timeline.cut_at(self.to_us)
        is_born, covered_us = self.history.is_born(kind, entity_id), self.history.covered_us
        return _Around(
            timeline.certain(first, is_covered=self.from_us >= covered_us, is_born=is_born),
            timeline.certain(last, is_covered=self.to_us >= covered_us, is_born=is_born),
            bool(timeline.changes_between(first, last)),
        )

    def _photo(self, asset_id: str) -> PhotoChange | None:
        around = self._around("asset", asset_id, self.history.presence(asset_id))
        if not around.differs:
            return None
        before, after = (None if one is None else one.value for one in around[:2])
        if before is None and self._came_from_elsewhere(asset_id):
            before = Presence.MOVED
        return None if before is not None and before is after else PhotoChange(asset_id, before, after)

    def _came_from_elsewhere(self, asset_id: str) -> bool:
        """Whether the first that happened to it in between is that it came from another library."""
        about = (event for _, event in self.history.about("asset", asset_id) if event.entity_type == "asset")
        between = (event.operation for event in about if self._is_between(event.created_at_us))
        return next((one for one in between if one in _ELSEWHERE), None) is Operation.MOVED_IN

    def _memberships(self) -> dict[str, _Held]:
        found: dict[str, _Held] = defaultdict(_Held)
        for row, ends in self.history.ends.items():
            around = self._around("album_asset", row, self.history.membership(row))
            if not around.differs:
                continue
            held = found[ends.album]
            if around.before is None or around.after is None:
                held.uncertain.append(ends.asset)
            else:
                (held.came if around.after.value else held.went).append(ends.asset)
        return found

    def _faces(self) -> tuple[dict[str, _Held], int]:
        """What each person gained or lost, and how many faces changed hands of which nobody is named."""
        found: dict[str, _Held] = defaultdict(_Held)
        unowned = 0
        for face in self.history.known("face"):
            around = self._around("face", face, self.history.owner(face))
            if not around.differs:
                continue
            # A face nobody ever read may have left with its photo, whichever that is.
            is_sure = face in self.history.face_photos and around.before is not None and around.after is not None
            owners = [one.value if one is not None else None for one in (around.before, around.after)]
            for side, owner in enumerate(owners):
                if isinstance(owner, str):
                    held = found[owner]
                    (held.uncertain if not is_sure else held.came if side else held.went).append(face)
            unowned += None in (around.before, around.after) and not any(isinstance(one, str) for one in owners)
        return found, unowned

    def _holders(self, kind: str, held: dict[str, _Held]) -> tuple[HolderChange, ...]:
        ids = dict.fromkeys((*self.history.known(kind), *held))
        changes = (self._holder(kind, one, held.get(one, _Held())) for one in ids)
        return tuple(change for change in changes if change is not None)

    def _holder(self, kind: str, entity_id: str, held: _Held) -> HolderChange | None:
        there = self._around(kind, entity_id, self.history.existence(kind, entity_id))
        fields, is_unclear = self._own(kind, entity_id)
        fate = _fate(there)
        # What was taken out and put in again is neither.
        came, went = _less(held.came, held.went), _less(held.went, held.came)
        uncertain = _less(held.uncertain, (*came, *went))
        is_same = fate is Fate.CHANGED and not (fields or is_unclear or came or went or uncertain)
        if is_same or (there.before == there.after == Known(False)):
            return None
        return HolderChange(kind, entity_id, fate, fields, is_unclear, came, went, uncertain)

    def _own(self, kind: str, entity_id: str) -> tuple[tuple[tuple[str, Any, Any], ...], bool]:
        """The own fields that differ, and whether they may differ without it being known how."""
        around = self._around(kind, entity_id, self.history.fields(kind, entity_id))
        if not around.is_touched:
            return (), False
        if around.before is None or around.after is None:
            absent = Known(None)
            return (), absent not in (around.before, around.after) and self._was_updated(kind, entity_id)
        old, new = around.before.value, around.after.value
        return (() if old is None or new is None else tuple(_differing(kind, old, new))), False

    def _was_updated(self, kind: str, entity_id: str) -> bool:
        return any(
            event.operation is Operation.UPDATED and self._is_between(event.created_at_us)
            for _, event in self.history.about(kind, entity_id)
        )

    def _is_between(self, us: int) -> bool:
        return self.from_us < us <= self.to_us


def _fate(there: _Around) -> Fate:
    if there.before is None or there.after is None:
        return Fate.UNCERTAIN if there.is_touched else Fate.CHANGED
    if there.before == there.after:
        return Fate.CHANGED
    return Fate.NEW if there.after.value else Fate.DELETED


def _differing(kind: str, old: Fields, new: Fields) -> Iterator[tuple[str, Any, Any]]:
    for key in OWN_FIELDS[kind]:
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _less(ids: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left_out = set(others)
    return tuple(dict.fromkeys(one for one in ids if one not in left_out))


_ELSEWHERE = frozenset({Operation.CREATED, Operation.DELETED, Operation.MOVED_IN, Operation.MOVED_OUT})
