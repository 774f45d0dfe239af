"""Actions: what people, or the service, did, as groups of events. The rules are tables; nothing else decides.

Actions partition the events of a library: each event belongs to exactly one. Only what the feed itself says counts:
event types, ids, payloads and times, never names, and never the order in which events were read.

An event has a *family*, given by its type, and a place in time, its *anchor*. Events of one family, and for some
families of one subject, whose anchors follow one another without a longer pause than the family's are one action. Most
events are anchored at their own time. Some belong to what caused them, as far as the feed shows, and are anchored
there: see `Tie`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from zlib import crc32

import msgspec

from gumnut_tui.domain.defaults import INCIDENT_PAUSE, INCIDENT_SIZE
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import DESTRUCTIVE, from_us, operation_of

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


class Family(IntEnum):
    """Events that may follow one another in an action."""

    UPLOAD = 0
    EDITS = 1
    ALBUM = 2
    """Only of one album, where the feed says which."""
    TRASH = 3
    RESTORE = 4
    DELETE = 5
    PURGE = 6
    """Deletions for good of photos that had been in the trash for more than an hour."""
    MOVED_OUT = 7
    MOVED_IN = 8
    PEOPLE = 9
    STACKS = 10
    LIBRARY = 11
    OTHER = 12
    """Event types that nothing is known of: only of one type."""


class Tie(Enum):
    """How an event may belong to what caused it, and so to that action, instead of to its own family."""

    NONE = "it belongs to no other"
    PHOTO = "the photo it is about was created within the hour before: part of that upload (API, section 6.2)"
    UPLOAD = "the service found it: part of the upload that created a photo within the hour before (API, section 6.2)"
    NEW_PERSON = "as UPLOAD, if the person had just been created; else somebody changed the person"
    FLEETING_PERSON = "as UPLOAD, if the person was created within the hour before; else it is about people"
    ASSIGNMENT = "as UPLOAD, if the face was nobody's, or a fleeting person's; else it changed hands (API, section 5.7)"
    LOST_PHOTO = "the photo was deleted for good, or moved out, within a minute: part of that (API, sections 5.4, 5.6)"
    DELETION = "a photo was deleted for good within half a minute: part of that (API, sections 5.4, 6.2)"
    PURGE = "the photo had been in the trash for more than an hour: a purge, not a deletion (API, section 5.4)"


class Rule(msgspec.Struct, frozen=True):
    """What is known of an event type."""

    family: Family
    tie: Tie = Tie.NONE


RULES: Mapping[str, Rule] = {
    "asset_created": Rule(Family.UPLOAD),
    "asset_updated": Rule(Family.EDITS, Tie.PHOTO),  # of `STACKS` when its payload is about a stack
    "metadata_updated": Rule(Family.EDITS, Tie.PHOTO),
    "exif_created": Rule(Family.EDITS, Tie.PHOTO),
    "exif_updated": Rule(Family.EDITS, Tie.PHOTO),
    "exif_deleted": Rule(Family.EDITS, Tie.PHOTO),
    "asset_trashed": Rule(Family.TRASH),
    "asset_restored": Rule(Family.RESTORE),
    "asset_deleted": Rule(Family.DELETE, Tie.PURGE),
    "asset_moved_out": Rule(Family.MOVED_OUT),
    "asset_moved_in": Rule(Family.MOVED_IN),
    "album_created": Rule(Family.ALBUM),
    "album_updated": Rule(Family.ALBUM),
    "album_deleted": Rule(Family.ALBUM),
    "album_asset_added": Rule(Family.ALBUM),
    "album_asset_removed": Rule(Family.ALBUM, Tie.LOST_PHOTO),
    "person_created": Rule(Family.PEOPLE, Tie.UPLOAD),
    "person_updated": Rule(Family.PEOPLE, Tie.NEW_PERSON),
    "person_deleted": Rule(Family.PEOPLE, Tie.FLEETING_PERSON),
    "face_created": Rule(Family.PEOPLE, Tie.UPLOAD),
    "face_updated": Rule(Family.PEOPLE, Tie.ASSIGNMENT),
    "face_deleted": Rule(Family.PEOPLE, Tie.DELETION),
    "stack_created": Rule(Family.STACKS, Tie.UPLOAD),
    "stack_updated": Rule(Family.STACKS),
    "stack_deleted": Rule(Family.STACKS),
    "library_trashed": Rule(Family.LIBRARY),
    "library_restored": Rule(Family.LIBRARY),
}
"""By event type; the set is open, and everything else is `OTHER`."""
UNKNOWN = Rule(Family.OTHER)

AFTERMATH = HOUR
"""For so long after a photo's creation, in µs, what the service does to it is part of the upload."""
EARLY = 2 * MINUTE
"""So much earlier than its cause, in µs, an event may be dated: times are those at which transactions began."""
JUST_CREATED = 2 * MINUTE
"""For so long after its creation, in µs, a change of a person is the service's."""
COMPANY = MINUTE
"""What names a photo that is deleted or moved lies within so many µs of that."""
CLOSE = 30 * SECOND
"""What does not name a photo is laid to a deletion only within so many µs."""
IN_TRASH = HOUR
"""Photos deleted for good after more than so many µs in the trash are purged."""


@dataclass(frozen=True, slots=True)
class ActionRules:
    """What may be set."""

    incident_pause: float = INCIDENT_PAUSE
    """The longest pause, in seconds, in an action that trashes, restores or deletes photos."""
    incident_size: int = INCIDENT_SIZE
    """How many destructive events make an incident, which actions are part of."""
    pause: float = 300.0
    """The longest pause, in seconds, in all others."""

    @property
    def incidents(self) -> IncidentRules:
        """What makes destructive events, of whatever actions, an incident."""
        return IncidentRules(self.incident_pause, self.incident_size)

    def pause_us(self, family: Family) -> int:
        """The longest pause in an action of this family, in µs."""
        return round((self.incident_pause if family in _LIKE_INCIDENTS else self.pause) * SECOND)


_LIKE_INCIDENTS = frozenset({Family.TRASH, Family.RESTORE, Family.DELETE, Family.PURGE})


class Action(msgspec.Struct, frozen=True):
    """Events that belong together, as they are known by now."""

    family: Family
    subject: str
    """The album's id, or the event type nothing is known of; empty where there is none, or the feed does not say."""
    first_us: int
    last_us: int
    """The times of its first and its last event, µs since the epoch."""
    events: int
    """How many events it has."""
    anchor_us: int | None = None
    """Its first anchor, if known: actions of one family and subject may share a time, but no anchor."""

    def is_same(self, other: Action) -> bool:
        """Whether it is that action, which may have grown at its end."""
        return (self.family, self.subject, self.anchor_us) == (other.family, other.subject, other.anchor_us)

    @property
    def id(self) -> str:
        """Made of its family and the time it began at, with a mark of its subject: `upload-20261120T…Z`.

        That is its first anchor: it stays the same while the action grows at its end; what turns out to be earlier
        changes it, unless that is only dated before what it belongs to.
        """
        began_us = self.first_us if self.anchor_us is None else self.anchor_us
        word = self.family.name.lower().replace("_", "-")
        mark = f"-{crc32(self.subject.encode('utf-8', 'surrogatepass')):08x}" if self.subject else ""
        return f"{word}-{from_us(began_us):%Y%m%dT%H%M%S.%fZ}{mark}"


def destroyed(kinds: Mapping[tuple[str, str], int]) -> int:
    """How many events, counted by entity type and event type, took something away."""
    return sum(count for (_, event_type), count in kinds.items() if operation_of(event_type) in DESTRUCTIVE)


def rule_of(event_type: str) -> Rule:
    """The rule for an event type."""
    return RULES.get(event_type, UNKNOWN)
