"""All a plan is made from: what happened, what was selected, and what is there now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.fields import Fields, Reference, checksum_of, file_of
from gumnut_tui.domain.models import DEPARTURES, SECOND, Operation, Presence, to_us
from gumnut_tui.report.history import History, Placed
from gumnut_tui.undo.plan import Copy
from gumnut_tui.undo.selection import Selection, Span, span


@dataclass(frozen=True, slots=True)
class Away:
    """Photos that are in other libraries now, as far as this key can see those."""

    holders: Mapping[str, str] = field(default_factory=dict)
    """The library each is in, by the photo's id."""
    trashed: Collection[str] = ()
    """Those that are in the trash there."""
    fields: Mapping[str, Fields] = field(default_factory=dict)
    """The fields of each, as they are now."""
    faces: Mapping[str, str] = field(default_factory=dict)
    """The photo each face is on."""
    libraries: Mapping[str, str] = field(default_factory=dict)
    """Names of the account's other libraries, by id."""


@dataclass(frozen=True)
class Situation:
    """What is known when a plan is made."""

    history: History
    """With sights of now, as far as the service was asked."""
    selection: Selection
    newcomers: Mapping[Reference, Fields] = field(default_factory=dict)
    """Albums, people and photos made or changed since the first selected event, as they are now."""
    copies: Mapping[str, Copy] | None = None
    """Files with the bytes of photos, by the photo's id; None when none were looked for."""
    unplaced: Collection[str] = ()
    """Memberships that came and went since without anything that says what they joined."""
    away: Away = Away()
    """The photos that were moved away."""
    room: int | None = None
    """Bytes that can still be uploaded; None where there is no limit, or none is known."""
    changes: bool = False
    """Own fields are put back too."""

    def presence(self, asset_id: str) -> Presence | None:
        """What a photo is now, as far as it is known."""
        timeline = self.history.presence(asset_id)
        found = timeline.at(timeline.end)
        return None if found is None else found.value

    @cached_property
    def successors(self) -> Mapping[Reference, str]:
        """What stands now in the place of an entity that is gone: same bytes, or same name and same values."""
        found: dict[Reference, str] = {}
        for asset in self.selection.ids("asset", Operation.DELETED):
            if twin := self._with_bytes_of(asset):
                found["asset", asset] = twin
        for album in self.selection.ids("album", Operation.DELETED):
            twin = self.namesake("album", album_name(self.last("album", album), album))
            if twin and _same(self.newcomers["album", twin], self.last("album", album), ("description",)):
                found["album", album] = twin
        for person in self.selection.ids("person", Operation.DELETED):
            fields = self.last("person", person)
            twin = self.namesake("person", fields_of.raw_id(fields, "name"))
            if twin and self.heir(person) is None and _same(self.newcomers["person", twin], fields, PERSON_FIELDS[1:]):
                found["person", person] = twin
        return found

    def alias(self, kind: str, entity_id: str) -> str:
        """The id of what stands in an entity's place now; its own when nothing does."""
        return self.successors.get((kind, entity_id), entity_id)

    def namesake(self, kind: str, name: str) -> str | None:
        """The album or person of this name now, however its letters are written: names are taken once."""
        return self._namesakes.get((kind, taken_as(name))) if taken_as(name) else None

    @cached_property
    def _namesakes(self) -> Mapping[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for (kind, entity_id), fields in self.newcomers.items():
            if kind != "asset":
                found.setdefault((kind, taken_as(fields_of.raw_id(fields, "name"))), entity_id)
        return found

    def last(self, kind: str, entity_id: str) -> Fields:
        """What an entity was right before the selected events, else as last seen before or after; may be empty."""
        timeline = self.history.fields(kind, entity_id)
        about = self.selection.about(kind, entity_id)
        cut = timeline.cut_before(about[0].place) if about else timeline.end
        found = timeline.at(cut)
        if found is not None and found.value is not None:
            return found.value
        sight = timeline.last_sight(cut)
        if sight is not None and sight[0] is not None:
            return sight[0]
        return self.history.latest(kind, entity_id) or {}

    def file(self, asset_id: str) -> Fields:
        """The file a photo was uploaded as, by any sight of it: not every read tells it; empty where none does."""
        seen = (one.fields or {} for one in reversed(self.history.seen("asset", asset_id)))
        return next((file for fields in (self.last("asset", asset_id), *seen) if (file := file_of(fields))), {})

    def heir(self, person: str) -> tuple[str, str | None] | None:
        """Who took over the name of a person merged into them: their id, and the name they had before.

        Of a merge the one with the name may be the source; then the service gives its name to the target.
        """
        deleted = self.selection.about("person", person, Operation.DELETED)
        twin = self.namesake("person", fields_of.raw_id(self.last("person", person), "name"))
        if twin is None or not deleted:
            return None
        timeline = self.history.fields("person", twin)
        before = timeline.at(timeline.cut_before(deleted[0].place))
        renamed = self.history.about("person", twin)
        later = [one for one in renamed if one.event.operation is Operation.UPDATED and one.place > deleted[0].place]
        if before is None or before.value is None or later != self.selection.about("person", twin, Operation.UPDATED):
            return None
        name = fields_of.raw_id(before.value, "name")
        return (
            None
            if taken_as(name) == taken_as(fields_of.raw_id(self.last("person", person), "name"))
            else (twin, name or None)
        )

    def is_new(self, kind: str, entity_id: str) -> bool:
        """Whether an entity came after the first event that is undone: then there is nothing to go back to."""
        first = self.selection.events[0]
        return any(
            placed.place > first.place or abs(first.event.created_at_us - placed.event.created_at_us) <= SAME_CALL
            for placed in self.history.about(kind, entity_id)
            if placed.event.operation in (Operation.CREATED, Operation.MOVED_IN)
        )

    def is_deleted(self, kind: str, entity_id: str) -> bool:
        """Whether an event, selected or not, tells that an entity was deleted."""
        about = self.history.about(kind, entity_id)
        return any(placed.event.operation is Operation.DELETED for placed in about)

    def departures(self, asset_id: str) -> list[Placed]:
        """The selected events by which a photo left the library."""
        return self.selection.about("asset", asset_id, *DEPARTURES)

    def membership_span(self, album: str, asset: str, rows: Iterable[str]) -> Span | None:
        """The selected events that may have taken a photo out of an album."""
        removed = [self.selection.about("album_asset", row, Operation.REMOVED) for row in rows]
        return span(*removed, self.selection.about("album", album, Operation.DELETED), self.departures(asset))

    def choice_before(self, kind: str, entity_id: str, name: str, reach: Span) -> str:
        """What a field that the service may choose held before any of the selected events; empty if it is not known.

        What the service chose because of them, which no event and no `updated_at` tells, is no state to go back to.
        `reach` are the events about the entity: another one between the read and these leaves it open who chose what.
        """
        first_us = self.selection.events[0].event.created_at_us
        seen = [one for one in self.history.seen(kind, entity_id) if to_us(one.seen_at) <= first_us]
        changes = (placed for placed in self.history.about(kind, entity_id) if placed.place < reach.first)
        if not seen or any(placed.event.created_at_us > to_us(seen[-1].seen_at) for placed in changes):
            return ""
        return fields_of.raw_id(seen[-1].fields or {}, name)

    def lost_choice(self, kind: str, entity_id: str, name: str, ids: Collection[str]) -> str:
        """The one of these ids that a field held before the selected events took it away; empty if none.

        Also when something else may have been set since, and when changed fields are put back anyway.
        """
        if self.changes and self.selection.about(kind, entity_id, Operation.UPDATED):
            return ""
        before = self.choice_before(kind, entity_id, name, Span(NO_PLACE, NO_PLACE))
        now = fields_of.raw_id(self.history.latest(kind, entity_id) or {}, name)
        return before if before in ids and before != now else ""

    def _with_bytes_of(self, asset_id: str) -> str | None:
        twin = self._by_bytes.get(fields_of.raw_id(self.file(asset_id), "checksum"))
        return None if twin == asset_id else twin

    @cached_property
    def _by_bytes(self) -> Mapping[str, str]:
        """The photos that came since and are not in the trash, by their checksum."""
        found: dict[str, str] = {}
        for (kind, entity_id), fields in self.newcomers.items():
            if kind == "asset" and (checksum := checksum_of(fields)) and not fields.get("trashed_at"):
                found[checksum] = entity_id
        return found


NO_PLACE = 1 << 62
"""Behind every place of the feed."""
SAME_CALL = SECOND
"""How far apart events may be that one call caused, in µs: that of a new face, and that of whom it was given to."""
PERSON_FIELDS = ("name", "birth_date", "is_favorite", "is_hidden")
"""A person's own fields that can be given when one is made."""


def album_name(album: Fields, album_id: str) -> str:
    """The name of an album that is made anew: one without a name, or whose name is not known, needs one."""
    return fields_of.raw_id(album, "name").strip() or f"Restored album {album_id[-4:]}"


def taken_as(name: str) -> str:
    """The form in which names of albums and of people are compared: without case and outer blanks."""
    return name.strip().casefold()


def given(fields: Fields, names: Sequence[str]) -> dict[str, Any]:
    """Those of the fields that are known."""
    return {name: fields[name] for name in names if name in fields}


def _same(one: Fields, other: Fields, names: Sequence[str]) -> bool:
    return all((one.get(name) or None) == (other.get(name) or None) for name in names if name in other)
