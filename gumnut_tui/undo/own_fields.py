"""What a user can set of albums, people and photos, put back to what it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import Operation, Presence
from gumnut_tui.report.timelines import Known
from gumnut_tui.undo.comparison import States, states
from gumnut_tui.undo.photos import CHANGED
from gumnut_tui.undo.plan import Step, StepKind
from gumnut_tui.undo.selection import span
from gumnut_tui.undo.situation import PERSON_FIELDS, Situation, given

NAME_TAKEN = "its name from before is taken by another now"
UNKNOWN = "nothing was read from before the change"
IN_METADATA = ("description", "rating", "latitude", "longitude", "original_datetime")
CHOSEN_BY_SERVICE = ("album_cover_asset_id", "thumbnail_face_id")
"""Where none was set the service chooses one, without an event, so that there is no going back to none."""
OWN = {
    "album": ("name", "description", "album_cover_asset_id"),
    "person": (*PERSON_FIELDS, "thumbnail_face_id"),
    "asset": IN_METADATA,
}
"""The fields a user can set, by kind. A photo's are in its metadata; its own description is the service's text."""


def own_fields(kind: str, fields: Fields) -> dict[str, Any]:
    """Those of an entity's fields that a user can set; only the ones that are known."""
    return given(fields_of.group(fields, "metadata") if kind == "asset" else fields, OWN[kind])


def field_steps(situation: Situation, returning: Mapping[str, str]) -> Iterator[Step]:
    """The changes of own fields that are put back, if those are wanted; what was changed again is left alone.

    `returning` are the people whom the plan gives faces to, by the faces.
    """
    for kind in OWN if situation.changes else ():
        steps = [
            step
            for entity_id in situation.selection.ids(kind, Operation.UPDATED)
            if not situation.is_new(kind, entity_id)
            for step in _reverted(situation, kind, entity_id, returning)
        ]
        yield from steps if kind == "asset" else _with_free_names(situation, kind, steps)


def _with_free_names(situation: Situation, kind: str, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, each after the one that frees the name it gives back; a name that stays taken cannot be given back."""
    renamed = {step.ids[0] for step in steps if "name" in step.values}
    waiting: list[tuple[Step, str | None]] = []
    for step in steps:
        holder = situation.namesake(kind, fields_of.raw_id(step.values, "name"))
        if holder is None or holder == step.ids[0] or holder in renamed:
            waiting.append((step, holder))
            continue
        yield Step(StepKind.IMPOSSIBLE, kind, step.ids, name=step.name, reason=NAME_TAKEN)
        if values := {name: value for name, value in step.values.items() if name != "name"}:
            yield replace(step, values=values, was={name: was for name, was in step.was.items() if name in values})
    while waiting:
        left = {step.ids[0] for step, _ in waiting}
        ready = [one for one in waiting if one[1] not in left - {one[0].ids[0]}]
        yield from (step for step, _ in ready or waiting)
        waiting = [one for one in waiting if one not in ready] if ready else []


def _reverted(situation: Situation, kind: str, entity_id: str, returning: Mapping[str, str]) -> Iterator[Step]:
    reach = span(situation.selection.about(kind, entity_id, Operation.UPDATED))
    assert reach is not None
    seen = states(situation.history.fields(kind, entity_id), reach)
    if (elsewhere := _elsewhere(situation, kind, entity_id)) is not None:
        seen = replace(seen, now=Known(elsewhere), is_changed=False)
    name = fields_of.raw_id(situation.last(kind, entity_id), "original_file_name" if kind == "asset" else "name")
    if seen.now is None or seen.now.value is None:
        return  # gone: said where that is undone
    if seen.before is None or seen.before.value is None:
        yield Step(StepKind.IMPOSSIBLE, kind, (entity_id,), reason=UNKNOWN)
        return
    chosen = {field: situation.choice_before(kind, entity_id, field, reach) for field in CHOSEN_BY_SERVICE}
    before, now = own_fields(kind, seen.before.value), own_fields(kind, seen.now.value)
    before |= {field: value for field, value in chosen.items() if value and field in before}
    other = {
        field
        for field, value in before.items()
        if field in now and not _equal(now[field], value) and (value is not None or field not in CHOSEN_BY_SERVICE)
    }
    if "thumbnail_face_id" in other and not _is_theirs(situation, before["thumbnail_face_id"], entity_id, returning):
        other.discard("thumbnail_face_id")
    if not other:
        return
    later = _changed_later(kind, seen, other, now)
    if later:
        yield Step(StepKind.NOTE, kind, (entity_id,), name=name, reason=f"{', '.join(sorted(later))}: {CHANGED}")
    if values := _sendable({field: before[field] for field in before if field in other - later}, before):
        was = {field: now[field] for field in values if field in now and field not in CHOSEN_BY_SERVICE}
        yield Step(StepKind.UPDATE, kind, (entity_id,), name=name, values=values, was=was)


def _elsewhere(situation: Situation, kind: str, entity_id: str) -> Fields | None:
    """The fields of a photo that is in another library, from where it is moved back."""
    away = situation.away
    moves = kind == "asset" and situation.presence(entity_id) is Presence.MOVED and entity_id not in away.trashed
    return away.fields.get(entity_id) if moves else None


def _is_theirs(situation: Situation, face: str, person: str, returning: Mapping[str, str]) -> bool:
    """Whether a face is a person's, as far as is known, or will be: nobody is shown by a face of somebody else."""
    timeline = situation.history.owner(face)
    owner = timeline.at(timeline.end)
    return returning[face] == person if face in returning else owner is None or owner.value == person


def _changed_later(kind: str, seen: States[Any], other: set[str], now: Mapping[str, Any]) -> set[str]:
    """The fields that were changed again after the selected events."""
    if not seen.is_changed:
        return set()
    if seen.after is None or seen.after.value is None:
        return other
    after = own_fields(kind, seen.after.value)
    return {field for field in other if not _equal(after.get(field), now[field])}


def _equal(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same; a time may be written in several ways."""
    return one == other or (_moment(one) is not None and _moment(one) == _moment(other))


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None


def _sendable(values: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A place is sent whole: latitude with longitude."""
    if {"latitude", "longitude"} & values.keys():
        values |= {name: before.get(name) for name in ("latitude", "longitude")}
    return values


def uploaded_fields(situation: Situation, assets: Iterable[str]) -> Iterator[Step]:
    """The own fields of photos that are uploaded: the file may not hold them."""
    for asset in assets:
        fields = situation.last("asset", asset)
        values = {name: value for name, value in own_fields("asset", fields).items() if value is not None}
        if "latitude" not in values or "longitude" not in values:
            values = {name: value for name, value in values.items() if name not in ("latitude", "longitude")}
        if values:
            name = fields_of.raw_id(fields, "original_file_name")
            yield Step(StepKind.UPDATE, "asset", (asset,), name=name, values=values)
