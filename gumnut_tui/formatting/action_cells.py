"""An action as text: its row, and what the detail pane says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from gumnut_tui.domain.action_facts import ONE_PHOTO_EACH, Facts, What
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, from_us, operation_of
from gumnut_tui.formatting.action_sentences import tone_of
from gumnut_tui.formatting.entity_lines import trash_words
from gumnut_tui.formatting.entity_names import NameOf, short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import join_names, number, plural
from gumnut_tui.formatting.times import moment_words, row_time, span_words

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class ActionCells:
    """The texts of a row, escaped."""

    time: str
    """When it began: `12:03:22`, with the day when it was not today."""
    span: str
    """How long it took; empty for less than a second."""
    glyph: str
    word: str
    tone: Tone
    sentence: str
    photos: str
    events: str


def action_cells(action: Action, facts: Facts, sentence: str, *, zone: tzinfo, now: datetime) -> ActionCells:
    """The row of an action, which `sentence` describes."""
    seconds = (action.last_us - action.first_us) / SECOND
    return ActionCells(
        row_time(action.first_us, zone, now),
        span_words(seconds) if seconds >= 1 else "",
        facts.what.glyph,
        facts.what.word,
        tone_of(facts.what),
        sentence,
        number(facts.photo_count) if facts.photo_count else "",
        number(action.events),
    )


NAMED = 8
"""Albums and people that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """What lines about an action are written by."""

    zone: tzinfo
    now: datetime
    name: NameOf
    retention: timedelta
    """How long the service keeps what is in the trash."""
    became: Mapping[Operation | None, int] = field(default_factory=dict)
    """What became since of photos that the action put into the trash, and of how many."""


def action_lines(action: Action, facts: Facts, sentence: str, pane: Pane) -> tuple[Fact, ...]:
    """What is known of an action: when, how many events of each kind, whom and what it concerns, what can be undone."""
    zone, now = pane.zone, pane.now
    seconds = (action.last_us - action.first_us) / SECOND
    took = f", {span_words(seconds)}" if seconds >= 1 else ""
    lines = [
        Fact("", f"{facts.what.glyph} {facts.what.word}", Tone.HEAD),
        Fact("", sentence),
        Fact("from", moment_words(action.first_us, zone, now)),
        Fact("to", f"{moment_words(action.last_us, zone, now)}{took}"),
        Fact("events", number(action.events)),
        *(Fact("", f"{number(count)} {visible(event_type, 60)}") for event_type, count in facts.types.items()),
        *_named("albums", "album", list(facts.albums), pane.name),
        *_named("people", "person", people_of(facts), pane.name),
        Fact("undo", undo_words(action, facts, pane)),
        Fact("id", action.id, Tone.DIM),
    ]
    return tuple(lines)


def people_of(facts: Facts) -> list[str]:
    """The ids of the people an action is about."""
    hands = facts.hands
    handed = {person for pair in hands.handed for person in pair}
    return sorted({*hands.created, *hands.updated, *hands.deleted, *hands.given, *hands.taken, *handed})


class DayTally:
    """Counts what was done on a day, an action at a time."""

    def __init__(self) -> None:
        self._actions = Counter[Family]()
        self._photos = Counter[str]()

    def take(self, action: Action, kinds: Mapping[tuple[str, str], int]) -> None:
        """Count an action, with how many events it has of each kind."""
        self._actions[action.family] += 1
        for (_, event_type), count in kinds.items():
            if event_type in ONE_PHOTO_EACH:
                self._photos[event_type] += count

    def parts(self) -> list[str]:
        """`2 uploads (136 photos)`, `200 trashed`, `1 on albums`: what one most wants to know of the day first."""
        uploads, albums = self._actions[Family.UPLOAD], self._actions[Family.ALBUM]
        parts = []
        if uploads:
            parts.append(f"{plural(uploads, 'upload')} ({plural(self._photos['asset_created'], 'photo')})")
        parts += [f"{number(count)} {word}" for kind, word in _TALLIED.items() if (count := self._photos[kind])]
        if albums:
            parts.append(f"{number(albums)} on albums")
        others = self._actions.total() - uploads - albums - sum(self._actions[family] for family in _TOLD_BY_PHOTOS)
        if others:
            parts.append(f"{number(others)} other")
        return parts


_TALLIED = {
    "asset_trashed": "trashed",
    "asset_restored": "restored",
    "asset_deleted": "deleted for good",
    "asset_moved_out": "moved out",
    "asset_moved_in": "moved in",
}
_TOLD_BY_PHOTOS = (
    Family.TRASH, Family.RESTORE, Family.DELETE, Family.PURGE, Family.MOVED_OUT, Family.MOVED_IN,
)  # fmt: skip


def _named(label: str, kind: str, ids: Sequence[str], name: NameOf) -> Iterator[Fact]:
    if ids:
        names = [visible(name(kind, each) or short_id(kind, each), 60) for each in ids]
        yield Fact(label, join_names(names, NAMED))


def undo_words(action: Action, facts: Facts, pane: Pane) -> str:
    """What of an action can be taken back."""
    if facts.what is What.TRASH:
        return _untrash_words(action, facts, pane)
    if not any(operation_of(event_type) in UNDONE for event_type in facts.types):
        return "nothing was taken away"
    return _UNDO.get(facts.what, "nothing was taken away")


def _untrash_words(action: Action, facts: Facts, pane: Pane) -> str:
    gone = pane.became.get(Operation.DELETED, 0)
    left = max(0, facts.photo_count - gone - pane.became.get(Operation.RESTORED, 0))
    words = []
    if left:
        kept = trash_words(from_us(action.last_us), zone=pane.zone, now=pane.now, retention=pane.retention)
        words.append(f"{plural(left, 'photo')} in the trash{kept}")
    if gone:
        words.append(f"{plural(gone, 'photo')} deleted for good since: only from a copy kept elsewhere")
    return "; ".join(words) or "all photos are back"


UNDONE = DESTRUCTIVE | {Operation.UPDATED}
"""What plans bring something back of."""
_UNDO = {
    What.DELETE: "deleted for good: only from a copy kept elsewhere",
    What.PURGE: "deleted for good: only from a copy kept elsewhere",
    What.MOVED_OUT: "the photos can be moved back",
    What.ALBUM: "albums and their photos can be put back as far as they are known",
    What.PEOPLE: "people and names can be put back as far as they are known",
    What.FACES: "faces can be given back as far as they are known",
    What.CLUSTERING: "faces can be given back as far as they are known",
    What.CHANGES: "people, names and faces can be put back as far as they are known",
    What.EDITS: "what was edited can be put back as far as it is known",
    What.STACKS: "stacks can be made again as far as they are known",
    What.LIBRARY: "a library in the trash can be restored",
}
