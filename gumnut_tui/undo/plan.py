"""An undo plan as a value: its steps in the order they are run, what cannot be undone, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.fields import Reference

MOST_IDS = PAGE_LIMIT
"""Ids that one call of the API takes."""


class StepKind(Enum):
    """What a step does; the values are those of the jsonl form."""

    RESTORE = "restore"
    MOVE_BACK = "move_back"
    UPLOAD = "upload"
    CREATE_ALBUM = "create_album"
    ADD_TO_ALBUM = "add_to_album"
    SET_COVER = "set_cover"
    CREATE_PERSON = "create_person"
    ASSIGN_FACE = "assign_face"
    CREATE_FACE = "create_face"
    CREATE_STACK = "create_stack"
    UPDATE = "update"
    IMPOSSIBLE = "impossible"
    NOTE = "note"

    @property
    def acts(self) -> bool:
        """Whether there is something to do, not only something to say."""
        return self not in (StepKind.IMPOSSIBLE, StepKind.NOTE)


class Copy(NamedTuple):
    """A file with the bytes of a photo."""

    path: Path
    others: tuple[Path, ...] = ()
    """Further files with the same bytes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, of at most 200 ids. Ids are those of before; where the plan makes a new entity, they stand for it."""

    kind: StepKind
    entity_type: str
    ids: tuple[str, ...]
    holder: str = ""
    """The id of the album, person, stack or photo that the ids go to."""
    name: str = ""
    """What the step is about, as received: the name of an album, a person, a photo."""
    reason: str = ""
    """Why it cannot be undone or is left alone; what else one should know."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields to send."""
    was: Mapping[str, Any] = field(default_factory=dict)
    """What stood there when the plan was made, as far as only somebody changes it: else it was changed since.

    Of fields by their names; of faces under `person_id` all whose they were.
    """

    @property
    def batches(self) -> Iterator[Step]:
        """The step in parts that one call takes; a stack is made in one call."""
        if len(self.ids) <= MOST_IDS or self.kind is StepKind.CREATE_STACK:
            yield self
            return
        for start in range(0, len(self.ids), MOST_IDS):
            yield replace(self, ids=self.ids[start : start + MOST_IDS])


@dataclass(frozen=True, slots=True)
class Heading:
    """What a plan is for."""

    library_id: str | None
    library: str
    """The library's name as received; may be empty."""
    base_url: str
    """The server the plan is run against; empty when the journal is of another one than is configured."""
    scope: str
    """Which events are undone, in words."""
    as_of: datetime
    is_offline: bool
    """The service was not asked what is there now: that is as last seen in the journal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order they are run, then what cannot be undone, then notes."""

    heading: Heading
    steps: tuple[Step, ...]
    names: Mapping[Reference, str]
    """Escaped names of what the steps are about, as far as they are known."""

    @property
    def acting(self) -> Sequence[Step]:
        """The steps that do something."""
        return [step for step in self.steps if step.kind.acts]

    def of(self, *kinds: StepKind) -> Sequence[Step]:
        """The steps of these kinds."""
        return [step for step in self.steps if step.kind in kinds]


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps by what depends on what, each small enough for one call; equal ones stay in their order."""
    ordered = sorted(steps, key=_rank)
    acting = [batch for step in ordered if step.kind.acts for batch in step.batches]
    return (*acting, *_together(step for step in ordered if not step.kind.acts))


def _together(steps: Iterable[Step]) -> Iterator[Step]:
    """What is told for the same reason, once; photos, of which there may be thousands, whatever their names."""
    found: dict[tuple[StepKind, str, str, str, str], list[Step]] = {}
    for step in steps:
        name = "" if step.entity_type == "asset" else step.name
        found.setdefault((step.kind, step.entity_type, step.holder, name, step.reason), []).append(step)
    for (_, _, _, name, _), alike in found.items():
        ids = tuple(entity_id for step in alike for entity_id in step.ids)
        yield alike[0] if len(alike) == 1 else replace(alike[0], ids=ids, name=name)


_ORDER = list(StepKind)


def _rank(step: Step) -> tuple[int, bool]:
    # A library comes back before its photos; a thumbnail is set before other fields.
    library = step.kind is StepKind.RESTORE and step.entity_type == "library"
    if library:
        return -1, False
    if step.kind is StepKind.UPDATE and step.entity_type == "person" and step.holder:  # a name to be free again
        return _ORDER.index(StepKind.SET_COVER), True
    if step.kind is StepKind.UPDATE and set(step.values) == {"thumbnail_face_id"}:
        return _ORDER.index(StepKind.CREATE_STACK), False
    if step.kind is StepKind.RESTORE:
        return _ORDER.index(StepKind.MOVE_BACK), True
    return _ORDER.index(step.kind), step.kind is StepKind.CREATE_STACK
