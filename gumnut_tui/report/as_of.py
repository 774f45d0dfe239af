"""What an entity was at a time, and what was in an album, whose faces a person had, which photos a stack held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from gumnut_tui.domain.fields import Fields, Reference, concerned, linked, references
from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.formatting.entity_lines import entity_lines
from gumnut_tui.formatting.entity_names import NameOf, short_id
from gumnut_tui.formatting.event_lines import history_line
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.report.history import History
from gumnut_tui.report.timelines import Known, Timeline

T = TypeVar("T")


class Certainty(Enum):
    """How sure it is what an entity was."""

    KNOWN = "known"
    """Seen like this, with nothing that changed it between the sight and the time asked for."""
    CHANGED = "changed"
    """Known to have been different from what was last seen: events changed it, and do not say how."""
    ABSENT = "absent"
    """Known not to have been there: not made yet, or gone."""
    UNKNOWN = "unknown"
    """Nothing is known of it from that time."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """An entity at a time."""

    kind: str
    id: str
    us: int
    """The time asked for, in µs since the epoch."""
    certainty: Certainty
    fields: Fields | None = None
    """As known for that time, else as last seen before it."""
    seen_us: int | None = None
    """When they were seen, in µs."""
    changed_by: tuple[Event, ...] = ()
    """The events between the sight and the time asked for."""
    later: tuple[Event, ...] = ()
    """The events about it since that time."""
    begins_us: int = 0
    """From when on the journal holds every event, in µs."""
    presence: Presence | None = None
    """Of a photo: whether it was in the trash; None where that is not known."""
    is_there: bool | None = None
    """Of an album, a person or a stack: whether it was there, whatever is known of its fields."""
    members: Members | None = None
    """Of an album its photos, of a person their faces, of a stack its photos."""

    @property
    def is_before_journal(self) -> bool:
        """The time lies before anything the journal holds."""
        return self.us < self.begins_us

    @property
    def mentioned(self) -> set[Reference]:
        """The entities whose names are needed to show it: its own, those of its members, its fields and its events."""
        members = () if self.members is None else references(self.members.kind, self.members.ids)
        events = (reference for event in (*self.changed_by, *self.later) for reference in concerned(event))
        return {(self.kind, self.id), *members, *events, *linked(self.fields or {})}


@dataclass(frozen=True, slots=True)
class Members:
    """What an entity held at a time."""

    kind: str
    ids: tuple[str, ...]
    """Those known to have been in it."""
    uncertain: tuple[str, ...] = ()
    """Those of which it is not known whether they were."""
    unplaced: int = 0
    """How many photos were in some album, or faces somebody's, not known whose: they may have been in this one."""
    count: int | None = None
    """How many there were by the entity's own count, where that was seen."""

    @property
    def are_known(self) -> bool:
        """These are all, and each of them is certain."""
        return not (self.uncertain or self.unplaced)


_HOLDERS = frozenset({"album", "person", "stack"})


def as_of(history: History, kind: str, entity_id: str, us: int) -> AsOf:
    """What an entity was at a time, in µs since the epoch."""
    timeline = history.fields(kind, entity_id)
    cut = timeline.cut_at(us)
    found = _known(history, kind, entity_id, timeline, us)
    later = tuple(placed.event for placed in history.about(kind, entity_id) if placed.event.created_at_us > us)
    sight = timeline.last_sight(cut) or (timeline.next_sight(cut) if found is not None else None)
    changed_by: tuple[Event, ...] = ()
    if found is None and sight is not None:
        places = {change.place for change in timeline.changes_between(_cut_of_sight(timeline, cut), cut)}
        changed_by = tuple(event for place, event in history.about(kind, entity_id) if place in places)
    fields = found.value if found is not None else None if sight is None else sight[0]
    return AsOf(
        kind,
        entity_id,
        us,
        _certainty(found, fields),
        fields,
        None if sight is None else sight[1],
        changed_by,
        later,
        begins_us=history.covered_us,
        presence=_presence(history, entity_id, us) if kind == "asset" else None,
        is_there=_is_there(history, kind, entity_id, us) if kind in _HOLDERS else None,
        members=members(history, kind, entity_id, us, fields),
    )


def _known(history: History, kind: str, entity_id: str, timeline: Timeline[T], us: int) -> Known[T] | None:
    """What is certain of a thing that belongs to an entity."""
    is_born = history.is_born(kind, entity_id)
    return timeline.certain(timeline.cut_at(us), is_covered=us >= history.covered_us, is_born=is_born)


def _certainty(found: Known[Fields | None] | None, fields: Fields | None) -> Certainty:
    if found is not None:
        return Certainty.ABSENT if found.value is None else Certainty.KNOWN
    return Certainty.UNKNOWN if fields is None else Certainty.CHANGED


def _cut_of_sight(timeline: Timeline[Fields | None], cut: int) -> int:
    """The cut behind the last sight before a cut."""
    return next((one for one in range(cut, 0, -1) if timeline.is_sight(one - 1)), 0)


def _presence(history: History, asset_id: str, us: int) -> Presence | None:
    found = _known(history, "asset", asset_id, history.presence(asset_id), us)
    return None if found is None else found.value


def _is_there(history: History, kind: str, entity_id: str, us: int) -> bool | None:
    found = _known(history, kind, entity_id, history.existence(kind, entity_id), us)
    return None if found is None else found.value


def members(history: History, kind: str, entity_id: str, us: int, fields: Fields | None = None) -> Members | None:
    """What an album, a person or a stack held at a time; None for other kinds."""
    match kind:
        case "album":
            rows = history.rows_of.get((kind, entity_id), ())
            photos = (
                _Thing(history.ends[row].asset, "album_asset", row, history.membership(row), True) for row in rows
            )
            held = _held("asset", photos, us, history, fields)
            return replace(held, unplaced=_unplaced(history, us))
        case "person":
            faces = (_Thing(face, "face", face, history.owner(face), entity_id) for face in history.known("face"))
            held = _held("face", faces, us, history, None)
            # A face nobody ever read may have left with its photo, whichever that is.
            lost = tuple(face for face in held.ids if face not in history.face_photos)
            sure = tuple(face for face in held.ids if face in history.face_photos)
            return Members("face", sure, (*held.uncertain, *lost), _unowned(history, entity_id, us))
        case "stack":
            assets = (_Thing(one, "asset", one, history.stack_of(one), entity_id) for one in history.known("asset"))
            return _held("asset", assets, us, history, fields)
        case _:
            return None


class _Thing(NamedTuple):
    """Something that an entity may hold: its id, and the entity whose value says so when it is as wanted."""

    id: str
    kind: str
    entity_id: str
    timeline: Timeline[Any]
    wanted: Any


def _held(kind: str, things: Iterable[_Thing], us: int, history: History, fields: Fields | None) -> Members:
    """The things that had a value at a time, and those that may have had it."""
    ids: dict[str, None] = {}
    uncertain: dict[str, None] = {}
    for thing in things:
        found = _known(history, thing.kind, thing.entity_id, thing.timeline, us)
        if found is not None:
            if found.value == thing.wanted:
                ids[thing.id] = None
        elif thing.timeline.mentions(thing.wanted):
            uncertain[thing.id] = None
    count = (fields or {}).get("asset_count")
    return Members(
        kind,
        tuple(ids),
        tuple(one for one in uncertain if one not in ids),
        count=count if isinstance(count, int) and not isinstance(count, bool) else None,
    )


def _unplaced(history: History, us: int) -> int:
    """Memberships that there were, or may have been, of which neither album nor photo is known."""
    found = (_known(history, "album_asset", row, history.membership(row), us) for row in history.endless())
    return sum(one is None or one.value for one in found)


def _unowned(history: History, person: str, us: int) -> int:
    """Faces of which nothing says whose they were, and never that they were this person's."""
    if us < history.covered_us:
        return 0
    owners = ((face, history.owner(face)) for face in history.known("face"))
    return sum(
        _known(history, "face", face, owner, us) is None and not owner.mentions(person) for face, owner in owners
    )


def as_of_head(state: AsOf, *, zone: tzinfo, now: datetime, name: NameOf, most: int | None = None) -> Iterator[Fact]:
    """How sure it is what an entity was, and at most so many of the events that changed it since it was seen."""
    at = moment_words(state.us, zone, now)
    yield Fact("", f"As of {at}: {_headline(state, zone, now)}", _TONES[state.certainty])
    for event in state.changed_by[:most]:
        yield history_line(event, about=state.id, zone=zone, now=now, name=name)
    yield from _more(len(state.changed_by), most)


def as_of_lines(state: AsOf, *, zone: tzinfo, now: datetime, name: NameOf, most: int | None = None) -> list[Fact]:
    """What is known, how sure it is, and what the entity held; at most `most` of that and of its events."""
    lines = list(as_of_head(state, zone=zone, now=now, name=name, most=most))
    if state.fields is not None:
        lines += [Fact("", ""), *entity_lines(state.kind, _then(state), zone=zone, now=now, name=name)]
    else:
        lines.append(Fact("", name(state.kind, state.id) or short_id(state.kind, state.id)))
    lines += _member_lines(state, zone, now, name, most)
    if state.later:
        lines += [Fact("", ""), Fact("", "Events about it since then")]
        lines += [history_line(event, about=state.id, zone=zone, now=now, name=name) for event in state.later[:most]]
        lines += _more(len(state.later), most)
    return lines


_TONES = {
    Certainty.KNOWN: Tone.GOOD,
    Certainty.CHANGED: Tone.WARN,
    Certainty.ABSENT: Tone.BAD,
    Certainty.UNKNOWN: Tone.WARN,
}


_LEFT = {Presence.GONE: "gone for good", Presence.MOVED: "in another library"}
"""What became of a photo that was not there any more."""


def _headline(state: AsOf, zone: tzinfo, now: datetime) -> str:
    seen = "" if state.seen_us is None else moment_words(state.seen_us, zone, now)
    match state.certainty:
        case Certainty.KNOWN:
            where = ", in the trash" if state.presence is Presence.TRASHED else ""
            return f"known{where}, as seen {seen}"
        case Certainty.CHANGED:
            count = len(state.changed_by)
            where = "in the trash, and " if state.presence is Presence.TRASHED else ""
            by = f"changed since then by {plural(count, 'event')}, not read between"
            return f"{where}different from what was seen {seen}: {by}"
        case Certainty.ABSENT:
            made = any(event.operation in (Operation.CREATED, Operation.MOVED_IN) for event in state.later)
            left = None if state.presence is None else _LEFT.get(state.presence)
            return "not there yet, it came later" if made else left or "not there any more"
        case Certainty.UNKNOWN:
            if state.is_before_journal:
                return f"not known; the journal begins {moment_words(state.begins_us, zone, now)}"
            return "not known; it was not read before it changed" if state.later else "not known; never read"


def _then(state: AsOf) -> Fields:
    """The fields without what they say of other entities, which may have changed without them."""
    assert state.fields is not None
    stale = {"faces", "people"} if state.kind == "asset" else set[str]()
    if state.members is not None and state.certainty is Certainty.KNOWN:
        stale |= {"asset_count", "asset_ids"} if state.kind in ("album", "stack") else set()
    return {key: value for key, value in state.fields.items() if key not in stale}


_MEMBER_TITLES = {"album": "Photos", "stack": "Photos", "person": "Faces"}


def _member_lines(state: AsOf, zone: tzinfo, now: datetime, name: NameOf, most: int | None) -> Iterator[Fact]:
    members = state.members
    if members is None or state.certainty is Certainty.ABSENT:
        return
    told = [number(len(members.ids))]
    if members.count is not None and members.count != len(members.ids) and state.kind != "person":
        when = "" if state.seen_us is None else f" when it was read {moment_words(state.seen_us, zone, now)}"
        told.append(f"{number(members.count)} by its own count{when}")
    if members.uncertain:
        told.append(f"{number(len(members.uncertain))} of which it is not known")
    if members.unplaced:
        told.append(f"perhaps more: of {_unplaced_words(members)}")
    if state.is_before_journal:
        told.append("perhaps others: what came or went before the journal begins is not known")
    yield Fact("", "")
    yield Fact("", f"{_MEMBER_TITLES[state.kind]} then: {', '.join(told)}")
    for entity_id in members.ids[:most]:
        yield Fact("", f"  {name(members.kind, entity_id) or short_id(members.kind, entity_id)}")
    yield from _more(len(members.ids), most)


def _unplaced_words(members: Members) -> str:
    count = members.unplaced
    if members.kind == "face":
        return f"{plural(count, 'face')} it is not known whose {'it was' if count == 1 else 'they were'}"
    return f"{plural(count, 'photo')} it is not known in which album {'it was' if count == 1 else 'they were'}"


def _more(count: int, most: int | None) -> list[Fact]:
    hidden = 0 if most is None else count - most
    return [Fact("", f"  and {number(hidden)} more", Tone.DIM)] if hidden > 0 else []
