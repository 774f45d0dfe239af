"""A plan for reading: the summary, each step with its counts and names, what cannot be undone, what is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import join_names, plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.undo.build import about
from gumnut_tui.undo.plan import Plan, Step, StepKind

MOST_NAMES = 6
"""Names that a step spells out."""


def plan_lines(plan: Plan, zone: tzinfo, now: datetime) -> Iterator[Fact]:
    """The plan line by line; labels are the number of a step, or empty."""
    yield Fact("", title(plan))
    yield Fact("", summary(plan), Tone.GOOD if plan.acting else Tone.NORMAL)
    yield Fact("", _as_of(plan, zone, now), Tone.DIM)
    if plan.acting:
        yield Fact("", "")
        yield Fact("", TITLES[0])
        for at, step in enumerate(plan.acting, 1):
            yield Fact(f"{at}.", sentence(step, plan))
            yield from _names(step, plan)
            if step.reason:
                yield Fact("", f"   {visible(step.reason, 400)}", Tone.DIM)
    for above, kind, tone in _ENDS:
        steps = plan.of(kind)
        if steps:
            yield Fact("", "")
            yield Fact("", above)
            for step in steps:
                yield Fact("", f"· {_told(step, plan)}", tone)


TITLES = ("Steps, in the order they are run", "What cannot be undone", "What is left alone")
_ENDS = (
    (TITLES[1], StepKind.IMPOSSIBLE, Tone.WARN),
    (TITLES[2], StepKind.NOTE, Tone.DIM),
)


def title(plan: Plan) -> str:
    """What is undone, in which library."""
    library = f"{visible(plan.heading.library, 60)}: " if plan.heading.library else ""
    return f"{library}undo of {plan.heading.scope}"


def summary(plan: Plan) -> str:
    """What the plan brings back, and how much it cannot."""
    counts = [
        plural(count, *nouns)
        for nouns, types, kinds, by_ids in _COUNTED
        if (count := sum(len(step.ids) if by_ids else 1 for step in plan.of(*kinds) if step.entity_type in types))
    ]
    brings = f"Brings back {', '.join(counts)}." if counts else "There is nothing to bring back."
    lost = sum(len(step.ids) for step in plan.of(StepKind.IMPOSSIBLE))
    return f"{brings} {plural(lost, 'thing')} cannot be undone." if lost else brings


_COUNTED = (
    (("library", "libraries"), ("library",), (StepKind.RESTORE,), True),
    (("photo", "photos"), ("asset",), (StepKind.RESTORE, StepKind.MOVE_BACK, StepKind.UPLOAD), True),
    (("album", "albums"), ("album",), (StepKind.CREATE_ALBUM,), False),
    (("place in an album", "places in albums"), ("album_asset",), (StepKind.ADD_TO_ALBUM,), True),
    (("person", "people"), ("person",), (StepKind.CREATE_PERSON,), False),
    (("face", "faces"), ("face",), (StepKind.ASSIGN_FACE, StepKind.CREATE_FACE), True),
    (("stack", "stacks"), ("stack",), (StepKind.CREATE_STACK,), False),
    (("change", "changes"), ("album", "person", "asset"), (StepKind.UPDATE, StepKind.SET_COVER), False),
)
"""What a summary counts: nouns, entity types and kinds of steps, and whether by ids instead of by steps."""


def _as_of(plan: Plan, zone: tzinfo, now: datetime) -> str:
    at = moment_words(to_us(plan.heading.as_of), zone, now)
    if plan.heading.is_offline:
        return f"Made without the service, from the journal as of {at}. The script checks every step before it acts."
    return f"Compared with what was there {at}. The script checks every step again before it acts."


def sentence(step: Step, plan: Plan) -> str:
    """What a step does, in one line."""
    count = len(step.ids)
    photos, faces = plural(count, "photo"), plural(count, "face")
    name = f"“{visible(step.name, 80)}”" if step.name else ""
    holder = name or short_id(_HOLDERS.get(step.kind, "entity"), step.holder)
    match step.kind:
        case StepKind.RESTORE:
            return (
                "Restore the library from the trash"
                if step.entity_type == "library"
                else f"Restore {photos} from the trash"
            )
        case StepKind.MOVE_BACK:
            return f"Move {photos} back from {plan.names.get(('library', step.holder), visible(step.holder))}"
        case StepKind.UPLOAD:
            return f"Upload {name or 'a photo'} from {visible(str(step.values['path']), 400)}"
        case StepKind.CREATE_ALBUM:
            return f"Make the album {name}"
        case StepKind.ADD_TO_ALBUM:
            return f"Put {photos} into the album {holder}"
        case StepKind.SET_COVER:
            return f"Set the cover of the album {holder}"
        case StepKind.CREATE_PERSON:
            return f"Make the person {name}"
        case StepKind.ASSIGN_FACE:
            return f"Give {faces} to {holder}" if step.holder else f"Take {faces} from the people they were given to"
        case StepKind.CREATE_FACE:
            return (
                f"Draw a face{f' of {name}' if name else ''} on {plan.names.get(('asset', step.holder), 'its photo')}"
            )
        case StepKind.CREATE_STACK:
            return f"Stack {photos}" if count > 1 else "Put 1 photo back into its stack"
        case _ if step.entity_type == "person" and step.holder:
            return f"Take the name {name} from the person it went to"
        case _:
            return f"Set {_fields(step)} of {name or short_id(step.entity_type, step.ids[0])}"


_HOLDERS = {StepKind.ADD_TO_ALBUM: "album", StepKind.SET_COVER: "album", StepKind.ASSIGN_FACE: "person"}


def _fields(step: Step) -> str:
    return join_names([_FIELDS.get(field, field.replace("_", " ")) for field in step.values], 6)


_FIELDS = {
    "album_cover_asset_id": "cover",
    "thumbnail_face_id": "thumbnail",
    "original_datetime": "capture time",
    "is_favorite": "favourite",
    "is_hidden": "hidden",
}


def _names(step: Step, plan: Plan) -> Iterator[Fact]:
    if step.kind in (StepKind.RESTORE, StepKind.MOVE_BACK, StepKind.ADD_TO_ALBUM, StepKind.CREATE_STACK):
        names = [plan.names[reference] for reference in about(step) if reference in plan.names]
        if names:
            yield Fact("", f"   {_some(names, len(step.ids))}", Tone.DIM)


def _some(names: Sequence[str], count: int) -> str:
    """Some of the names, and how many more there are of `count`, with a known name or without."""
    shown = names[:MOST_NAMES]
    if count > len(shown):
        return f"{', '.join(shown)} and {count - len(shown):,} more"
    return join_names(shown, MOST_NAMES)


_NOUNS = {
    "asset": ("photo", "photos"), "album": ("album", "albums"),
    "album_asset": ("photo of an album", "photos of an album"),
    "person": ("person", "people"), "face": ("face", "faces"), "stack": ("stack", "stacks"),
    "library": ("library", "libraries"),
}  # fmt: skip


def _told(step: Step, plan: Plan) -> str:
    """Something that is not done, and why."""
    count = len(step.ids)
    if step.entity_type == "album_asset" and step.name:
        subject = f"{plural(count, 'photo')} of “{visible(step.name, 80)}”"
    elif count == 1 and step.name:
        subject = f"{_NOUNS[step.entity_type][0]} “{visible(step.name, 80)}”"
    else:
        subject = _counted(step, plan)
    return f"{subject}: {visible(step.reason, 400)}"


def _counted(step: Step, plan: Plan) -> str:
    references: Sequence[tuple[str, str]] = list(about(step))
    names = [plan.names[one] for one in references if one in plan.names] if step.entity_type != "face" else []
    subject = plural(len(step.ids), *_NOUNS.get(step.entity_type, ("entity", "entities")))
    if names:
        return f"{subject} ({_some(names, len(references))})"
    return subject
