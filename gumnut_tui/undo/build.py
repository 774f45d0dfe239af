"""From a situation to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gumnut_tui.domain.fields import Reference
from gumnut_tui.formatting.entity_names import display_name
from gumnut_tui.formatting.escape import visible
from gumnut_tui.undo.albums import Albums
from gumnut_tui.undo.own_fields import field_steps, uploaded_fields
from gumnut_tui.undo.people import People
from gumnut_tui.undo.photos import Photos
from gumnut_tui.undo.plan import Heading, Plan, Step, StepKind, in_order
from gumnut_tui.undo.situation import Situation
from gumnut_tui.undo.stacks import Stacks

KINDS_TO_READ = ("asset", "album", "person", "face", "stack")
"""The kinds of which a plan needs to know what they are now; memberships follow from events."""


def build_plan(situation: Situation, heading: Heading) -> Plan:
    """The plan for a situation."""
    photos = Photos(situation)
    steps = [
        *photos.steps,
        *Albums(situation, photos).steps(),
        *People(situation, photos).steps(),
        *Stacks(situation, photos).steps(),
        *uploaded_fields(situation, sorted(photos.anew)),
    ]
    steps += field_steps(situation, dict(_given(steps)))
    ordered = in_order(_as_now(situation, step) if step.kind.acts else step for step in steps)
    libraries = {("library", one): visible(name, 60) for one, name in situation.away.libraries.items() if name}
    return Plan(heading, ordered, {**libraries, **dict(_names(situation, ordered))})


def _given(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """The faces that steps give to people, with these."""
    for step in steps:
        if step.kind in (StepKind.ASSIGN_FACE, StepKind.CREATE_FACE):
            owner = step.holder if step.kind is StepKind.ASSIGN_FACE else step.values["person_id"] or ""
            yield from ((face, owner) for face in step.ids)


def _as_now(situation: Situation, step: Step) -> Step:
    """A step with the ids of what stands now in the place of what is gone: uploaded or made anew by somebody."""
    twins = {old_id: twin for (_, old_id), twin in situation.successors.items()}
    if not twins:
        return step
    ids = tuple(dict.fromkeys(twins.get(one, one) for one in step.ids))
    values = {name: twins.get(value, value) if name in _REFERENCES else value for name, value in step.values.items()}
    return replace(step, ids=ids, holder=twins.get(step.holder, step.holder), values=values)


_REFERENCES = ("person_id", "primary_asset_id")


def _names(situation: Situation, steps: Iterable[Step]) -> Iterator[tuple[Reference, str]]:
    history = situation.history
    for kind, entity_id in dict.fromkeys(reference for step in steps for reference in about(step)):
        # A stack has no photos left when it goes.
        if fields := situation.last(kind, entity_id) if kind == "stack" else history.latest(kind, entity_id):
            yield (kind, entity_id), display_name(kind, fields, history.latest)


def about(step: Step) -> Iterator[Reference]:
    """The entities that a step's ids name."""
    kind = {"album_asset": "asset", "stack": "asset"}.get(step.entity_type, step.entity_type)
    if step.entity_type == "stack" and not step.kind.acts:
        kind = "stack"
    if step.entity_type == "album" and step.kind is StepKind.SET_COVER:
        kind = "asset"
    for entity_id in step.ids:
        yield kind, entity_id
    if step.kind is StepKind.CREATE_FACE:
        yield "asset", step.holder
