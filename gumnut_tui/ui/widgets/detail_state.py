"""What the detail pane is given: one value, so that nothing on it can belong to another event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum

from gumnut_tui.domain.models import EPOCH, Entity, EntityState, Event, Presence
from gumnut_tui.formatting.entity_names import NameOf
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.picture.pixels import Pixels


class Tab(Enum):
    """The tabs of the pane, in their order."""

    EVENT = "Event"
    ENTITY = "Entity"
    HISTORY = "History"
    RELATED = "Related"
    JSON = "JSON"


TABS = tuple(Tab)


@dataclass(frozen=True, slots=True)
class Related:
    """An entity one can jump to."""

    kind: str
    id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """Related entities of one sort; `note` says what is missing: `and 120 more`."""

    title: str
    items: tuple[Related, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """The names of what a photo had to do with when it was last seen."""

    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def _no_event(row: int) -> Event:
    raise LookupError(f"no events to find row {row} among")


def _no_name(_kind: str, _entity_id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class DetailState:
    """All the pane shows. The state of an entity is that at its `read_at`, never that at the event's time.

    One field for each thing shown, more than a constructor should take: what is not known yet is left out.
    """

    event: Event | None = None
    row: int | None = None
    """The event's row in the store, to be marked in the history."""
    title: str = ""
    status: Fact | None = None
    """What became of the entity, as `status_line` words it: `GONE since today 12:03`."""
    entity: EntityState | None = None
    last_known: Entity | None = None
    """The last copy read, of an entity that is gone or that cannot be read now; its `read_at` tells when that was."""
    past: Past | None = None
    """What a photo had, that is not simply there; None where nobody remembers."""
    memory_note: str = ""
    """Why what is remembered could not be read."""
    albums: tuple[str, ...] | None = None
    """The names of a photo's albums; None while they are not known."""
    reading: bool = False
    """The entity is being asked for, or soon will be."""
    error: str = ""
    """Why the entity could not be read, in words."""
    picture: Pixels | None = None
    history: Sequence[int] = ()
    """Rows of the store: every event held about this entity, in the order to be shown."""
    event_at: Callable[[int], Event] = _no_event
    """Finds the event of a row of the history."""
    name: NameOf = _no_name
    """What is known of an entity's name by now."""
    differences: Sequence[tuple[int, Difference]] = ()
    """What reads of the entity found changed, each with how many events of the history stand before it."""
    related: tuple[RelatedGroup, ...] | None = None
    """None while nobody asked for them."""
    related_note: str = ""
    """`reading…`, or why they could not be read."""
    zone: tzinfo = UTC
    now: datetime = EPOCH

    @property
    def known(self) -> Entity | None:
        """The fields there are: those of now, else the last ones seen."""
        current = self.entity.entity if self.entity is not None else None
        return current if current is not None else self.last_known

    @property
    def is_remembered(self) -> bool:
        """The fields there are come from an earlier read, not from the service's last answer."""
        return self.known is not None and self.known is self.last_known

    @property
    def is_there(self) -> bool:
        """The entity is live, as last asked."""
        return self.entity is not None and self.entity.presence is Presence.LIVE

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being looked at; an entity may be, without any event of it at hand."""
        return self.event is None and not self.title

    @property
    def kind(self) -> str:
        """The kind of what is looked at, as far as it is known."""
        if self.event is not None:
            return self.event.kind
        return self.entity.kind if self.entity is not None else ""

    def is_about(self, other: DetailState) -> bool:
        """Whether both are about the same event."""
        mine, theirs = self.event, other.event
        if mine is None or theirs is None:
            return mine is theirs and self.title == other.title
        return mine is theirs or (mine.cursor, mine.entity_id) == (theirs.cursor, theirs.entity_id)
