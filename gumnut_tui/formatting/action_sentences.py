"""What an action did, in a sentence: figures from the feed, names, devices and fields only where they are known.

Everything that comes out is escaped. Nothing is guessed: without names it says how many, and of what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.action_facts import Facts, What
from gumnut_tui.domain.fields import Fields
from gumnut_tui.formatting.entity_names import NameOf, field_text, short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Tone
from gumnut_tui.formatting.quantities import join_names, number, plural

MOST_NAMES = 3
"""Names spelled out in a sentence."""
NAME_LIMIT = 60
"""Characters of a name in it."""

Changed = Callable[[str, str], Mapping[str, tuple[Any, Any]]]
"""Finds the fields of an entity that the action changed, each before and after; empty where that is not known."""


def _nothing_changed(_kind: str, _entity_id: str) -> Mapping[str, tuple[Any, Any]]:
    return {}


@dataclass(frozen=True, slots=True)
class Dress:
    """What is known of the entities of an action, and of what followed."""

    name: NameOf = lambda _kind, _id: None
    fields: Callable[[str, str], Fields | None] = lambda _kind, _id: None
    changed: Changed = _nothing_changed
    albums: tuple[str, ...] = ()
    """Ids of the albums that photos of an upload were put into in the same stretch."""
    since: Mapping[str, int] | None = None
    """What became of trashed photos since, in words, and of how many."""
    elsewhere: str = ""
    """The name of the library that moved photos went to or came from."""
    fresh: int = 0
    """Of photos that were edited, those that had just been created, before the events that were read."""


PLAIN = Dress()
"""Nothing is known but what the feed says."""


def sentence(facts: Facts, dress: Dress = PLAIN) -> str:
    """The action in one line: `132 photos, 4 videos · iPhone 15, X100V · 240 faces, 6 new people`."""
    return " · ".join(part for part in _WRITERS[facts.what](facts, dress) if part)


def tone_of(what: What) -> Tone:
    """How an action is coloured: gone for good, gone but not for good, come or come back, anything else."""
    return _TONES.get(what, Tone.NORMAL)


_TONES = {
    What.DELETE: Tone.BAD,
    What.PURGE: Tone.BAD,
    What.TRASH: Tone.WARN,
    What.MOVED_OUT: Tone.WARN,
    What.RESTORE: Tone.GOOD,
    What.UPLOAD: Tone.GOOD,
    What.MOVED_IN: Tone.GOOD,
}


def _upload(facts: Facts, dress: Dress) -> Iterator[str]:
    count = facts.count("asset_created")
    yield _photos(count, facts.photos, dress)
    yield join_names(_devices(facts.photos, dress), MOST_NAMES)
    if dress.albums:
        yield f"into {_album_names(dress.albums, dress)}"
    people = len(facts.hands.created - facts.hands.deleted)
    found = [plural(facts.count("face_created"), "face")] if facts.count("face_created") else []
    found += [plural(people, "new person", "new people")] if people else []
    found += [plural(facts.count("stack_created"), "stack")] if facts.count("stack_created") else []
    yield ", ".join(found)


def _photos(count: int, photos: Sequence[str], dress: Dress) -> str:
    """Photos and videos apart where the kind of each is known."""
    types = [field_text(dress.fields("asset", photo) or {}, "mime_type") for photo in photos]
    videos = sum(kind.startswith("video/") for kind in types)
    if not videos:
        return plural(count, "photo")
    if not all(types) or len(types) != count:
        return f"{number(count)} photos and videos"
    both = [plural(count - videos, "photo")] if count > videos else []
    return ", ".join([*both, plural(videos, "video")])


def _devices(photos: Sequence[str], dress: Dress) -> list[str]:
    """The cameras of the photos, the one with the most first."""
    models = Counter[str]()
    for photo in photos:
        metadata = field.group(dress.fields("asset", photo) or {}, "metadata")
        if model := field_text(metadata, "model"):
            models[visible(model, NAME_LIMIT)] += 1
    return [model for model, _ in models.most_common()]


def _edits(facts: Facts, dress: Dress) -> Iterator[str]:
    photos = plural(facts.photo_count, "photo") if facts.photo_count else "photos"
    if dress.fresh and dress.fresh == facts.photo_count:
        what = f"{photos} processed after {'its' if facts.photo_count == 1 else 'their'} upload"
    else:
        what = f"{photos} edited{f', {number(dress.fresh)} of them just after their upload' if dress.fresh else ''}"
    yield f"{what}: {names}" if (names := _changed_fields("asset", facts.photos, dress)) else what


def _changed_fields(kind: str, ids: Sequence[str], dress: Dress) -> str:
    """The fields that changed, in words, the most frequent first."""
    counts = Counter[str]()
    for entity_id in ids:
        counts.update({_FIELDS.get(key, key.replace("_", " ")) for key in dress.changed(kind, entity_id)})
    return join_names([visible(words, NAME_LIMIT) for words, _ in counts.most_common()], MOST_NAMES)


_FIELDS = {
    **dict.fromkeys(
        (
            "latitude", "longitude", "altitude", "city", "state", "country", "country_code", "sublocation",
            "place_name", "display_label",
        ),
        "place",
    ),
    **dict.fromkeys(("width", "height", "current_version_id", "kind", "file_size_bytes", "orientation"), "picture"),
    **dict.fromkeys(("original_datetime", "local_datetime", "timezone"), "time"),
    "thumbhash": "picture",
    "quality_score": "quality",
    "is_hidden": "hidden",
    "is_favorite": "favorite",
    "birth_date": "birth date",
}  # fmt: skip
"""What the fields of the API are called where several are one thing to a person."""


def _album(facts: Facts, dress: Dress) -> Iterator[str]:
    album = next(iter(facts.albums), "")
    added, removed = facts.count("album_asset_added"), facts.count("album_asset_removed")
    others = facts.count("album_created", "album_updated", "album_deleted")
    if not others and not (added and removed):
        yield _into(added, facts, dress) if added else _out_of(removed, facts, dress)
        return
    done = ["created"] if facts.count("album_created") else []
    old = dress.changed("album", album).get("name", (None, None))[0]
    if isinstance(old, str) and old:
        done.append(f"renamed (was {visible(old, NAME_LIMIT)})")
    elif facts.count("album_updated") and not facts.count("album_created"):
        done.append("changed")
    done += [f"{plural(added, 'photo')} added"] if added else []
    done += [f"{plural(removed, 'photo')} taken out"] if removed else []
    done += ["deleted"] if facts.count("album_deleted") else []
    yield f"{_album_names(tuple(facts.albums), dress)} {', '.join(done)}"


def _into(count: int, facts: Facts, dress: Dress) -> str:
    return f"{plural(count, 'photo')} into {_album_names(_albums_of(facts, dress), dress)}"


def _out_of(count: int, facts: Facts, dress: Dress) -> str:
    return f"{plural(count, 'photo')} taken out of {_album_names(_albums_of(facts, dress), dress)}"


def _albums_of(facts: Facts, dress: Dress) -> tuple[str, ...]:
    """The albums that the events name, and those that memberships name which are known."""
    linked = [field.raw_id(dress.fields("album_asset", link) or {}, "album_id") for link in facts.links]
    return tuple(dict.fromkeys((*facts.albums, *filter(None, linked))))


def _album_names(albums: Sequence[str], dress: Dress) -> str:
    """`Italy`, `album …9pLe`, `2 albums`, or `an album` where nothing is known."""
    if not albums:
        return "an album"
    names = [visible(name, NAME_LIMIT) if (name := dress.name("album", each)) else "" for each in albums]
    if all(names):
        return join_names(names, MOST_NAMES)
    return short_id("album", albums[0]) if len(albums) == 1 else plural(len(albums), "album")


def _trash(facts: Facts, dress: Dress) -> Iterator[str]:
    since = [f"{number(count)} {words}" for words, count in (dress.since or {}).items() if count]
    yield ", ".join([f"{plural(facts.photo_count, 'photo')} to the trash", *since])


def _restore(facts: Facts, _dress: Dress) -> Iterator[str]:
    yield f"{plural(facts.photo_count, 'photo')} restored"


def _delete(facts: Facts, _dress: Dress) -> Iterator[str]:
    count = facts.count("asset_deleted")
    from_trash = [f"{number(facts.purged)} of them from the trash"] if facts.purged else []
    yield ", ".join([f"{plural(count, 'photo')} deleted for good", *from_trash])
    if facts.untold:
        of_some = f" of {number(facts.untold)}" if facts.untold < count else ""
        yield f"not known{of_some} whether from the trash"
    yield _company(facts)


def _purge(facts: Facts, _dress: Dress) -> Iterator[str]:
    yield f"{plural(facts.count('asset_deleted'), 'photo')} purged from the trash"
    yield _company(facts)


def _company(facts: Facts) -> str:
    faces, links = facts.count("face_deleted"), facts.count("album_asset_removed")
    lost = [plural(faces, "face")] if faces else []
    lost += [plural(links, "place in albums", "places in albums")] if links else []
    return f"with {join_names(lost)}" if lost else ""


def _moved_out(facts: Facts, dress: Dress) -> Iterator[str]:
    yield f"{plural(facts.count('asset_moved_out'), 'photo')} to {dress.elsewhere or 'another library'}"


def _moved_in(facts: Facts, dress: Dress) -> Iterator[str]:
    yield f"{plural(facts.count('asset_moved_in'), 'photo')} from {dress.elsewhere or 'another library'}"


def _people(facts: Facts, dress: Dress) -> Iterator[str]:
    if not facts.entities:
        # No event was looked at yet.
        yield ", ".join(_counted_people(facts))
        return
    hands, merges = facts.hands, facts.hands.merges
    for source, (target, faces) in merges.items():
        yield f"{_person(source, dress)} merged into {_person(target, dress)}, {plural(faces, 'face')}"
    created = sorted(hands.created - hands.deleted)
    if created:
        yield f"{_group(created, dress)} added"
    yield from _updated([person for person in hands.updated if person not in hands.created], merges, dress)
    gone = sorted(hands.deleted - hands.created - set(merges))
    if gone:
        yield f"{_group(gone, dress)} deleted"
    yield from _faces(facts, dress)


def _counted_people(facts: Facts) -> Iterator[str]:
    """What counts by kind tell of people and faces: how many changes, not who did them."""
    for event_type, one, several in (
        ("face_updated", "face changed", "faces changed"),
        ("face_created", "face added", "faces added"),
        ("face_deleted", "face removed", "faces removed"),
        ("person_created", "person added", "people added"),
        ("person_updated", "person edited", "people edited"),
        ("person_deleted", "person deleted", "people deleted"),
    ):
        if count := facts.count(event_type):
            yield plural(count, one, several)


def _updated(people: Sequence[str], merges: Mapping[str, tuple[str, int]], dress: Dress) -> Iterator[str]:
    """People whose own fields changed: named or hidden where that is known, else just edited."""
    targets = {target for target, _ in merges.values()}
    edits, unknown = dict[str, list[str]](), list[str]()
    for person in people:
        words = _update_words(dress.changed("person", person))
        if words:
            edits.setdefault(words, []).append(person)
        elif person not in targets:
            unknown.append(person)
    for words, group in edits.items():
        yield f"{_group(group, dress)} {words}"
    if unknown:
        yield f"{_group(unknown, dress)} edited"


def _update_words(changed: Mapping[str, tuple[Any, Any]]) -> str:
    if "name" in changed:
        before = changed["name"][0]
        return f"renamed (was {visible(before, NAME_LIMIT)})" if isinstance(before, str) and before else "named"
    if "is_hidden" in changed:
        return "hidden" if changed["is_hidden"][1] else "shown again"
    return "made a favorite" if changed.get("is_favorite", (None, None))[1] else ""


def _faces(facts: Facts, dress: Dress) -> Iterator[str]:
    hands, merges = facts.hands, facts.hands.merges
    got = Counter[str](hands.given)
    for (before, after), count in hands.handed.items():
        if before not in merges:
            got[after] += count
    if len(got) <= MOST_NAMES:
        yield from (f"{plural(count, 'face')} {_given(person, facts, dress)}" for person, count in got.most_common())
    else:
        yield f"{plural(got.total(), 'face')} given to {plural(len(got), 'person', 'people')}"
    taken = Counter[str]({person: count for person, count in hands.taken.items() if person not in hands.deleted})
    if taken:
        yield f"{plural(taken.total(), 'face')} taken from {_group(list(taken), dress)}"
    if drawn := facts.count("face_created"):
        yield f"{plural(drawn, 'face')} {'found or drawn' if facts.what is What.CHANGES else 'drawn'}"
    if removed := facts.count("face_deleted"):
        yield f"{plural(removed, 'face')} removed"
    if hands.unexplained:
        yield f"{plural(hands.unexplained, 'face')} changed"


def _given(person: str, facts: Facts, dress: Dress) -> str:
    """What somebody did who gave faces to a person: named them, if the person has a name and it was not the service."""
    is_named = facts.what is not What.CHANGES and dress.name("person", person) and _is_named(person, dress)
    return f"{'named' if is_named else 'given to'} {_person(person, dress)}"


def _group(people: Sequence[str], dress: Dress) -> str:
    """`Anna and Leo`, `Anna and 2 others`, `3 people`."""
    names = [name for person in people if (name := dress.name("person", person)) and _is_named(person, dress)]
    others = len(people) - len(names)
    if not names:
        return plural(others, "person", "people")
    shown = [visible(name, NAME_LIMIT) for name in names]
    return join_names(shown if not others else [*shown, plural(others, "other")], MOST_NAMES + 1)


def _is_named(person: str, dress: Dress) -> bool:
    return bool(field_text(dress.fields("person", person) or {"name": "?"}, "name"))


def _person(person: str, dress: Dress) -> str:
    name = dress.name("person", person)
    return visible(name, NAME_LIMIT) if name else short_id("person", person)


def _clustering(facts: Facts, _dress: Dress) -> Iterator[str]:
    hands = facts.hands
    done = [plural(hands.changes, "face")] if hands.changes else []
    gone = len(hands.deleted - hands.created - set(hands.merges))
    new = len(hands.created - hands.deleted)
    done += [f"{plural(gone, 'person', 'people')} gone"] if gone else []
    done += [f"{plural(new, 'new person', 'new people')}"] if new else []
    done += [f"{plural(found, 'face')} found"] if (found := facts.count("face_created")) else []
    yield f"regrouped: {', '.join(done)}"


def _stacks(facts: Facts, _dress: Dress) -> Iterator[str]:
    done = [
        f"{plural(count, 'stack')} {word}"
        for event_type, word in (
            ("stack_created", "made"),
            ("stack_deleted", "taken apart"),
            ("stack_updated", "changed"),
        )
        if (count := facts.count(event_type))
    ]
    members = plural(facts.photo_count, "photo") if facts.photo_count else ""
    yield ", ".join([*done, members] if done and members else done or [f"{members} stacked or unstacked"])


def _library(facts: Facts, _dress: Dress) -> Iterator[str]:
    yield join_names([f"library {name.removeprefix('library_')}" for name in facts.types], len(facts.types))


def _other(facts: Facts, _dress: Dress) -> Iterator[str]:
    yield join_names(
        [f"{number(count)} {visible(name, NAME_LIMIT)}" for name, count in facts.types.items()], MOST_NAMES
    )


_Writer = Callable[[Facts, Dress], Iterator[str]]
_WRITERS: dict[What, _Writer] = {
    What.UPLOAD: _upload,
    What.EDITS: _edits,
    What.ALBUM: _album,
    What.TRASH: _trash,
    What.RESTORE: _restore,
    What.DELETE: _delete,
    What.PURGE: _purge,
    What.MOVED_OUT: _moved_out,
    What.MOVED_IN: _moved_in,
    What.PEOPLE: _people,
    What.FACES: _people,
    What.CLUSTERING: _clustering,
    What.CHANGES: _people,
    What.STACKS: _stacks,
    What.LIBRARY: _library,
    What.OTHER: _other,
}
