"""The entities that are related to what is selected: by groups, each entity once, with their names."""

from __future__ import annotations

from collections.abc import Iterable

from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.subject import Subject
from gumnut_tui.domain.fields import Reference, concerned, links_of, mentioned, references
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, Presence
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.entity_history import Belongings
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.ui.widgets.detail_pages import Related, RelatedGroup

MOST_RELATED = 50
"""Photos of an album, a person, a stack or an action that are listed."""

SHOWN_OF_HISTORY = ("asset", "album", "person")
"""Kinds that are listed of what a history mentions: memberships and faces say nothing more."""

Group = tuple[str, list[Reference]]
"""A title, and the entities below it."""


async def read_related(
    library: OpenLibrary, subject: Subject, known: Entity | None, past: Belongings | None
) -> tuple[RelatedGroup, ...]:
    """Find and name what is related to an entity; raises `GumnutError` when the service does not tell.

    `known` are its fields, if they are known; `past` is what a photo had that is not live.
    """
    groups = [*_in_event(subject), *(links_of(known.fields) if known else ()), *_in_past(past)]
    context = library.context
    state = library.entity_cache.known(subject.kind, subject.id)
    if subject.kind == "asset" and (state is None or state.presence is not Presence.GONE):
        albums = await context.client.albums_of(subject.id, context.library_id)
        groups.append(_learnt(library.names, "Albums", albums))
    if (kind := KINDS.get(subject.kind)) is not None and kind.photo_filter:
        own = (subject.kind, subject.id, context.library_id)
        photos = await context.client.assets_of(*own, limit=MOST_RELATED)
        groups.append(_learnt(library.names, "Photos", photos))
        if not photos:
            groups.append(("In its history", _in_history(library, subject.id)))
    await library.names.resolve_references([reference for _, group in groups for reference in group])
    return name_groups(library.names, subject, groups)


def name_groups(names: NameCache, subject: Subject, groups: Iterable[Group]) -> tuple[RelatedGroup, ...]:
    """The groups by the names known now, without the subject and what stands in a group before."""
    seen = {(subject.kind, subject.id)}
    named = []
    for title, group in groups:
        fresh = [one for one in dict.fromkeys(group) if one[1] and one not in seen]
        seen.update(fresh)
        items = tuple(Related(kind, eid, names.name(kind, eid) or short_id(kind, eid)) for kind, eid in fresh)
        if items:
            named.append(RelatedGroup(title, items))
    return tuple(named)


def _in_event(subject: Subject) -> Iterable[Group]:
    if subject.event is not None and (named := mentioned(subject.event)):
        yield "In the event", named


def _in_history(library: OpenLibrary, entity_id: str) -> list[Reference]:
    """What its events mention besides: all that is known of the photos of an album or person that is gone."""
    store = library.event_list.store
    rows = reversed(store.history(entity_id))
    found = dict.fromkeys(one for row in rows for one in concerned(store.event(row)) if one[0] in SHOWN_OF_HISTORY)
    return list(found)[:MOST_RELATED]


def _in_past(past: Belongings | None) -> Iterable[Group]:
    if past is not None:
        yield "Albums then", references("album", past.albums)
        yield "People then", references("person", past.people)
        yield "Faces then", references("face", past.faces)


def _learnt(names: NameCache, title: str, entities: Iterable[Entity]) -> Group:
    """A group of entities as just read, whose names are kept."""
    found = list(entities)
    for entity in found:
        names.learn(entity)
    return title, [(entity.kind, entity.id) for entity in found]
