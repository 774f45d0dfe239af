"""What differs between two moments as text, as Markdown and as rows for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Presence
from gumnut_tui.formatting.entity_names import NameOf, short_id
from gumnut_tui.formatting.field_changes import changes
from gumnut_tui.formatting.interchange import markdown_text
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.report.difference import Difference, Fate, HolderChange, PhotoChange

FRESH_US = 60_000_000
"""How long ago, in µs, a journal may have been brought up to date without it being told."""
MOST_PHOTOS = 200
"""Photos named of each that became the same; `jsonl` names all."""
MOST_HELD = 20
"""Photos named of an album, in or out."""

_Became = tuple[str, str, str]
"""A word for programs, a sign, and words."""
_BECAME: Mapping[Presence, Mapping[Presence | None, _Became]] = {
    Presence.LIVE: {
        Presence.GONE: ("new", "+", "new"),
        Presence.MOVED: ("moved_in", "+", "came from another library"),
        Presence.TRASHED: ("restored", "+", "restored from the trash"),
        None: ("there", "+", "there, which it may have been before"),
    },
    Presence.TRASHED: {
        Presence.GONE: ("new_trashed", "▽", "new, and in the trash"),
        Presence.MOVED: ("moved_in_trashed", "▽", "came from another library, and in the trash"),
        Presence.LIVE: ("trashed", "▽", "in the trash"),
        None: ("trashed", "▽", "in the trash, where it may have been before"),
    },
    Presence.GONE: {Presence.MOVED: ("deleted", "✗", "deleted for good, after a move")},
    Presence.MOVED: {Presence.GONE: ("moved_out", "→", "moved to another library")},
}
"""What became of a photo, by where it is and where it was."""
_AFTER: Mapping[Presence, _Became] = {
    Presence.GONE: ("deleted", "✗", "deleted for good"),
    Presence.MOVED: ("moved_out", "→", "moved to another library"),
}
_UNKNOWN = ("unknown", "?", "changed, but not known how")
_FATES = {
    Fate.NEW: ("+", "new"),
    Fate.DELETED: ("✗", "deleted"),
    Fate.CHANGED: ("·", "changed"),
    Fate.UNCERTAIN: ("?", "not known whether it was there before"),
}
_HELD = {"album": ("asset", "photo"), "person": ("face", "face")}


def became(photo: PhotoChange) -> _Became:
    """A word for programs, a sign and words for what became of a photo."""
    if photo.after is None:
        return _UNKNOWN
    return _BECAME.get(photo.after, {}).get(photo.before) or _AFTER.get(photo.after, _UNKNOWN)


def mentioned(found: Difference) -> Iterator[Reference]:
    """Everything that is named in it."""
    yield from (("asset", photo.id) for photo in found.photos)
    for change in (*found.albums, *found.people):
        yield change.kind, change.id
        kind = _HELD[change.kind][0]
        yield from ((kind, one) for one in (*change.came, *change.went, *change.uncertain))


@dataclass(frozen=True, slots=True)
class _Entry:
    sign: str
    name: str
    words: str
    held: tuple[str, ...] = ()
    """What it gained and lost, a line each."""


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    entries: Sequence[_Entry]


@dataclass(frozen=True, slots=True)
class DifferenceText:
    """Writes a difference for people."""

    title: str
    found: Difference
    name: NameOf
    zone: tzinfo
    now: datetime
    synced_us: int | None = None
    """When the journal was last brought up to date, in µs."""

    def table(self) -> Iterator[str]:
        """The difference as indented lines."""
        yield from self._head()
        for section in self._sections():
            yield ""
            yield section.title
            for entry in section.entries:
                yield f"  {entry.sign} {entry.name}  {entry.words}"
                yield from (f"      {line}" for line in entry.held)

    def markdown(self) -> Iterator[str]:
        """The difference as headings and lists."""
        first, *rest = self._head()
        yield f"# {markdown_text(first)}"
        for line in rest:
            yield from ("", markdown_text(line))
        for section in self._sections():
            yield from ("", f"## {markdown_text(section.title)}", "")
            for entry in section.entries:
                yield f"- {entry.sign} **{markdown_text(entry.name)}**: {markdown_text(entry.words)}"
                yield from (f"  - {markdown_text(line)}" for line in entry.held)

    def limits(self) -> Iterator[str]:
        """Why the answer may be incomplete, in sentences."""
        found = self.found
        if found.from_us < found.covered_us:
            begins = self._moment(found.covered_us)
            yield f"The journal begins {begins}: of what was before that it knows only what it read later."
        if self.synced_us is not None and self.synced_us + FRESH_US < found.to_us:
            synced = self._moment(self.synced_us)
            yield f"The journal was last brought up to date {synced}: what came later is not in it."
        if found.unplaced:
            photos = plural(found.unplaced, "photo")
            yield f"{photos} came into albums or left them, and neither album nor photo is known."
        if found.unowned:
            faces = plural(found.unowned, "face")
            yield f"{faces} changed hands, and neither whose before nor whose after is known."
        if found.lost_with_albums:
            photos = plural(found.lost_with_albums, "photo")
            yield f"{photos} of old events may have been in an album that is deleted: their albums are not known."

    def _head(self) -> Iterator[str]:
        start, end = self._moment(self.found.from_us), self._moment(self.found.to_us)
        yield f"{self.title}: what differs between {start} and {end}"
        yield from self.limits()
        if not (self.found.photos or self.found.albums or self.found.people):
            yield "Nothing differs." if self.found.is_empty else "Nothing else differs."

    def _moment(self, us: int) -> str:
        return moment_words(us, self.zone, self.now)

    def _sections(self) -> Iterator[_Section]:
        if self.found.photos:
            yield self._photos()
        for title, changed in (("Albums", self.found.albums), ("People", self.found.people)):
            if changed:
                counts = Counter(change.fate for change in changed)
                told = " · ".join(f"{number(counts[fate])} {_FATES[fate][1]}" for fate in Fate if counts[fate])
                yield _Section(f"{title}: {told}", [self._holder(change) for change in _sorted(changed)])

    def _photos(self) -> _Section:
        kinds: dict[_Became, list[str]] = {}
        for photo in sorted(self.found.photos, key=_order):
            kinds.setdefault(became(photo), []).append(photo.id)
        entries: list[_Entry] = []
        for (_, sign, words), ids in kinds.items():
            entries += [_Entry(sign, self._called("asset", one), words) for one in ids[:MOST_PHOTOS]]
            if len(ids) > MOST_PHOTOS:
                entries.append(_Entry(sign, f"and {number(len(ids) - MOST_PHOTOS)} more", words))
        told = " · ".join(f"{number(len(ids))} {words}" for (_, _, words), ids in kinds.items())
        return _Section(f"Photos: {told}", entries)

    def _holder(self, change: HolderChange) -> _Entry:
        kind, noun = _HELD[change.kind]
        sign, fate = _FATES[change.fate]
        told = [] if change.fate is Fate.CHANGED else [fate]
        for field, old, new in change.fields:
            told += [f"{fact.label}: {fact.value}" for fact in changes({field: old}, {field: new})]
        if change.is_unclear:
            told.append("changed, and not read before or after it")
        for ids, way in ((change.came, "in"), (change.went, "out"), (change.uncertain, "in or out, not known which")):
            if ids:
                told.append(f"{plural(len(ids), noun)} {way}")
        held = [
            *self._held("+", kind, change.came),
            *self._held("−", kind, change.went),
            *self._held("?", kind, change.uncertain),
        ]
        return _Entry(sign, self._called(change.kind, change.id), "; ".join(told), tuple(held))

    def _held(self, sign: str, kind: str, ids: Sequence[str]) -> Iterator[str]:
        yield from (f"{sign} {self._called(kind, one)}" for one in ids[:MOST_HELD])
        if len(ids) > MOST_HELD:
            yield f"{sign} and {number(len(ids) - MOST_HELD)} more"

    def _called(self, kind: str, entity_id: str) -> str:
        return self.name(kind, entity_id) or short_id(kind, entity_id)


def rows(found: Difference, name: NameOf) -> Iterator[dict[str, Any]]:
    """The difference for programs: one object for each photo, album and person, ids and all."""
    for photo in found.photos:
        yield {
            "kind": "asset",
            "id": photo.id,
            "name": name("asset", photo.id),
            "change": became(photo)[0],
            "before": None if photo.before is None else photo.before.value,
            "after": None if photo.after is None else photo.after.value,
        }
    for change in (*found.albums, *found.people):
        yield {
            "kind": change.kind,
            "id": change.id,
            "name": name(change.kind, change.id),
            "change": change.fate.value,
            "fields": {field: {"before": old, "after": new} for field, old, new in change.fields},
            "fields_unknown": change.is_unclear,
            "came": change.came,
            "went": change.went,
            "uncertain": change.uncertain,
        }


def _order(photo: PhotoChange) -> int:
    """Those that came first, those not known last."""
    return len(Presence) if photo.after is None else list(Presence).index(photo.after)


def _sorted(changed: Sequence[HolderChange]) -> list[HolderChange]:
    order = list(Fate)
    return sorted(changed, key=lambda change: order.index(change.fate))
