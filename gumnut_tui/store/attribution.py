"""To which action's family each row belongs, and where in time it is anchored: `domain.actions` applied to columns.

What an event belongs to depends on others that lie within an hour of it: they are kept by the hour, so that an answer
needs only few of them, and so that it is known which rows have to be asked about again when more become known.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import compress, pairwise, repeat
from operator import sub
from typing import Any, NamedTuple

import msgspec

from gumnut_tui.domain.actions import (
    AFTERMATH,
    CLOSE,
    COMPANY,
    EARLY,
    HOUR,
    IN_TRASH,
    JUST_CREATED,
    ActionRules,
    Family,
    Rule,
    Tie,
    rule_of,
)
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.columns import Columns, EventKind
from gumnut_tui.store.packed import encoded

Span = tuple[int, int]
"""From and to, both included, in µs since the epoch."""

MOST_SPLIT = 16
"""Stretches of rows whose texts are kept at a time."""
MANY_HOURS = 64
"""A span of so many hours is not gone through hour by hour."""
_OTHERS = b"\xff" + bytes(255)
"""Turns 0 into a byte full of ones, and all else into 0."""
MOST_RUNS = 255
"""Runs that are told by one byte."""
_NEVER = -(1 << 62)
_LINKS = frozenset({"album_asset_added", "album_asset_removed"})


class Ids(msgspec.Struct, gc=False):
    """The ids in a payload that decide where an event belongs. Anything may be under these names."""

    asset_id: Any = None
    album_id: Any = None
    person_id: Any = None
    previous_person_id: Any = None
    stack_id: Any = msgspec.UNSET


_DECODE = msgspec.json.Decoder(Ids).decode
NO_IDS = Ids()
_NOBODYS = re.compile(rb'\{\s*"person_id"\s*:\s*(?:null|"[^"\\]*")\s*,\s*"previous_person_id"\s*:\s*null\s*\}').match
_LINK = re.compile(rb'\{\s*"album_id"\s*:\s*"([^"\\]*)"\s*,\s*"asset_id"\s*:\s*(?:null|"[^"\\]*")\s*\}').match
"""These match what begins with such a payload, as the most do: quicker than to decode it."""


def _ids_in(payload: bytes) -> Ids:
    if not payload:
        return NO_IDS
    try:
        return _DECODE(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_IDS


def _key(value: Any) -> int | None:
    """What an id is told by; None for no id. Two ids share one as good as never."""
    return hash(encoded(value)) if isinstance(value, str) and value else None


class Anchors:
    """Events others may belong to: the key of what they are about, and their time, by the hour."""

    def __init__(self) -> None:
        self._hours: dict[int, tuple[array[int], array[int]]] = {}
        self.version = 0
        """Another after each change."""

    def add(self, keys: Sequence[int], times: Sequence[int]) -> list[Span]:
        """Add some; returns the spans of their times, hour by hour."""
        if not times:
            return []
        self.version += 1
        low, high = min(times), max(times)
        if low // HOUR == high // HOUR:
            known = self._hours.setdefault(low // HOUR, (array("q"), array("q")))
            known[0].extend(keys)
            known[1].extend(times)
            return [(low, high)]
        by_hour: dict[int, list[int]] = {}
        for place, us in enumerate(times):
            by_hour.setdefault(us // HOUR, []).append(place)
        for hour, places in by_hour.items():
            known = self._hours.setdefault(hour, (array("q"), array("q")))
            known[0].extend(map(keys.__getitem__, places))
            known[1].extend(map(times.__getitem__, places))
        found = [list(map(times.__getitem__, places)) for places in by_hour.values()]
        return [(min(each), max(each)) for each in found]

    def within(self, hours: Iterable[int]) -> Known:
        """Those of some hours."""
        parts = [part for hour in hours if (part := self._hours.get(hour)) is not None]
        known = Known(parts)
        for keys, times in parts:
            known.times.update(zip(keys, times, strict=True))
            known.sorted += times
        known.sorted.sort()
        if len(known.times) < len(known.sorted):
            every = defaultdict[int, list[int]](list)
            for key, us in known.pairs():
                every[key].append(us)
            known.twins = {key: sorted(each) for key, each in every.items() if len(each) > 1}
        return known


Texts = tuple[list[bytes], list[bytes]]
"""Entity ids, and what holds the payloads."""


@dataclass(slots=True)
class Known:
    """Anchors of some hours."""

    parts: Sequence[tuple[array[int], array[int]]] = ()
    times: dict[int, int] = field(default_factory=dict)
    """By what they are about."""
    sorted: list[int] = field(default_factory=list)
    twins: dict[int, list[int]] = field(default_factory=dict)
    """The times of what has more than one."""

    def pairs(self) -> Iterator[tuple[int, int]]:
        """What each is about, and its time."""
        return (pair for keys, times in self.parts for pair in zip(keys, times, strict=True))

    def of(self, key: int | None, us: int, back: int, ahead: int) -> int | None:
        """When what the key tells had its anchor: at most `back` before a time, else at most `ahead` after it."""
        if key is None:
            return None
        if key in self.twins:
            return _nearest(self.twins[key], us, back, ahead)
        at = self.times.get(key)
        return at if at is not None and -ahead <= us - at <= back else None

    def near(self, us: int, back: int, ahead: int) -> int | None:
        """The last anchor at most `back` before a time, else the first at most `ahead` after it."""
        return _nearest(self.sorted, us, back, ahead)


def _nearest(times: Sequence[int], us: int, back: int, ahead: int) -> int | None:
    index = bisect_right(times, us)
    if index and us - times[index - 1] <= back:
        return times[index - 1]
    return times[index] if index < len(times) and times[index] - us <= ahead else None


class Runs(NamedTuple):
    """Creations of photos that follow one another without a long pause: where each run begins and ends."""

    lows: list[int]
    highs: list[int]

    @classmethod
    def of(cls, times: Sequence[int], pause: int) -> Runs:
        """The runs of some times, ascending."""
        if not times:
            return cls([], [])
        if times[-1] - times[0] <= pause or max(map(sub, times[1:], times)) <= pause:
            return cls([times[0]], [times[-1]])
        cuts = [pair for pair in pairwise(times) if pair[1] - pair[0] > pause]
        return cls([times[0], *(after for _, after in cuts)], [*(before for before, _ in cuts), times[-1]])


@dataclass(slots=True)
class Attributed:
    """Where some rows belong, by their place among them."""

    families: bytearray
    times: list[int]
    """µs since the epoch."""
    anchors: dict[int, int]
    """Those that differ from the time, except of uploads."""
    keys: dict[int, int]
    """What the event's subject is told by; 0 or none where it has none that is known."""
    uploads: Runs
    upload_of: bytearray | array[int]
    """The number of the run, counted from 1, for rows of an upload; 0 for all others."""


@dataclass(frozen=True, slots=True)
class Around:
    """What others may belong to, of the hours around some rows."""

    created: Known = field(default_factory=Known)
    people: Known = field(default_factory=Known)
    deleted: Known = field(default_factory=Known)
    moved: Known = field(default_factory=Known)
    runs: Runs = field(default_factory=lambda: Runs([], []))


class Attribution:
    """Learns of rows what others may belong to, and says of rows to what they belong."""

    def __init__(self, columns: Columns, rules: ActionRules) -> None:
        self._columns = columns
        self._upload_pause = rules.pause_us(Family.UPLOAD)
        self._created, self._people, self._deleted, self._moved = Anchors(), Anchors(), Anchors(), Anchors()
        self._shelf: dict[int, list[tuple[int, bool]]] = {}
        """When photos went into the trash (true) and came back, by what they are told by."""
        self._deletions: dict[int, list[int]] = {}
        self._tables = _Tables()
        self._lately: tuple[object, Around] = (None, Around())
        self._split: dict[range, Texts] = {}

    def learn(self, rows: range) -> list[Span]:
        """Take in rows others may belong to; returns the spans in which that may matter to rows known before."""
        tables = self._tables.up_to_date(self._columns)
        tiles = self._columns.tiles
        lessons = tiles.codes[rows.start : rows.stop].translate(tables.lessons)
        for row in self._columns.rare_rows(rows):
            lessons[row - rows.start] = _lesson_of(self._columns.kind(row))
        if not lessons.strip(b"\0"):
            return []
        ids, _ = self.split(rows)
        spans = list[Span]()
        for lesson in set(lessons) - {0}:
            places = places_of(lessons, lesson)
            keys = [hash(ids[place]) for place in places]
            times = [tiles.times[rows.start + place] for place in places]
            spans += self._learn(_LESSONS[lesson], keys, times)
        return spans

    def _learn(self, event_type: str, keys: list[int], times: list[int]) -> Iterator[Span]:
        match event_type:
            case "asset_created":
                yield from _wider(self._created.add(keys, times), EARLY, AFTERMATH)
            case "person_created":
                yield from _wider(self._people.add(keys, times), EARLY, AFTERMATH)
            case "asset_moved_out":
                yield from _wider(self._moved.add(keys, times), COMPANY, COMPANY)
            case "asset_deleted":
                yield from _wider(self._deleted.add(keys, times), COMPANY, COMPANY)
                for key, us in zip(keys, times, strict=True):
                    insort(self._deletions.setdefault(key, []), us)
            case _:
                for key, us in zip(keys, times, strict=True):
                    insort(self._shelf.setdefault(key, []), (us, event_type == "asset_trashed"))
                    yield from ((at - COMPANY, at + COMPANY) for at in self._deletions.get(key, ()))

    def attribute(self, rows: range) -> Attributed:
        """Where the rows belong, as far as is known by now."""
        task = _Task(self, self._columns, self._tables.up_to_date(self._columns), rows)
        self._split.pop(rows, None)
        return task.run()

    def split(self, rows: range) -> Texts:
        """The ids and payloads of rows; kept from when the rows were learnt of until they are attributed."""
        if rows not in self._split:
            if len(self._split) >= MOST_SPLIT:
                self._split.clear()
            self._split[rows] = self._columns.split(rows)
        return self._split[rows]

    def around(self, times: Sequence[int]) -> Around:
        """What is known of the hours around these times."""
        hours = hours_of(times)
        if isinstance(hours, range):
            wider: Iterable[int] = range(hours.start - 1, hours.stop + 1)
        else:
            wider = sorted({hour + step for hour in hours for step in (-1, 0, 1)})
        every = (self._created, self._people, self._deleted, self._moved)
        asked = (wider, *(each.version for each in every))
        if self._lately[0] != asked:
            created, people, deleted, moved = (each.within(wider) for each in every)
            runs = Runs.of(created.sorted, self._upload_pause)
            self._lately = asked, Around(created, people, deleted, moved, runs)
        return self._lately[1]

    def became(self, photo: str, since_us: int) -> Operation | None:
        """What became of a photo from a time on, as far as that is known: deleted, restored or trashed, the last."""
        key = _key(photo)
        if key is None:
            return None
        if self._deletions.get(key, [since_us - 1])[-1] >= since_us:
            return Operation.DELETED
        shelf = self._shelf.get(key, [(since_us - 1, False)])
        if shelf[-1][0] < since_us:
            return None
        return Operation.TRASHED if shelf[-1][1] else Operation.RESTORED

    def deletion_family(self, key: int | None, us: int) -> Family:
        """Whether the photo deleted for good at that time is purged: it had been in the trash for long."""
        shelf = self._shelf.get(key, ()) if key is not None else ()
        index = bisect_right(shelf, (us, True))
        is_purged = index and shelf[index - 1][1] and us - shelf[index - 1][0] > IN_TRASH
        return Family.PURGE if is_purged else Family.DELETE


def hours_of(times: Sequence[int]) -> range | set[int]:
    """The hours in which these times lie; if they are close together, also those between them."""
    low, high = min(times) // HOUR, max(times) // HOUR
    return range(low, high + 1) if high - low <= MANY_HOURS else {us // HOUR for us in times}


def _wider(spans: Iterable[Span], before: int, after: int) -> Iterator[Span]:
    return ((low - before, high + after) for low, high in spans)


_LESSONS = (
    "",
    "asset_created",
    "person_created",
    "asset_moved_out",
    "asset_deleted",
    "asset_trashed",
    "asset_restored",
)
"""The event types others may belong to."""
_NO_STEP = 0


class _Tables:
    """What the rules say, by the code of a kind in the columns; that of rare kinds says nothing."""

    def __init__(self) -> None:
        self.families = bytearray([Family.OTHER]) * 256
        self.steps = bytearray(256)
        """By code, the place of the work to be done in `_STEPS`."""
        self.lessons = bytearray(256)
        self._codes = 0

    def up_to_date(self, columns: Columns) -> _Tables:
        """The tables with all kinds the columns have by now."""
        for code, kind in columns.kinds(self._codes):
            rule = rule_of(kind.event_type)
            self.families[code] = rule.family
            self.steps[code] = _step_of(kind, rule)
            self.lessons[code] = _lesson_of(kind)
            self._codes = code + 1
        return self


@cache
def table_of(value: int) -> bytes:
    """Turns the value into 1 and all others into 0."""
    return bytes(number == value for number in range(256))


def places_of(column: bytes | bytearray, value: int) -> list[int]:
    """Where the value stands in the column, ascending."""
    count = column.count(value)
    if count * 16 > len(column):
        return list(compress(range(len(column)), column.translate(table_of(value))))
    places, at = list[int](), -1
    for _ in range(count):
        at = column.index(value, at + 1)
        places.append(at)
    return places


class _Task:
    """Attributes one stretch of rows."""

    def __init__(self, attribution: Attribution, columns: Columns, tables: _Tables, rows: range) -> None:
        self._attribution = attribution
        self._columns = columns
        self._rows = rows
        codes = columns.tiles.codes[rows.start : rows.stop]
        self._steps = codes.translate(tables.steps)
        self._texts = attribution.split(rows) if self._steps.strip(b"\0") else ([], [])
        self._around = Around()
        self._family_by_time: dict[int, Family] = {}
        times = columns.tiles.times[rows.start : rows.stop].tolist()
        self._found = Attributed(codes.translate(tables.families), times, {}, {}, Runs([], []), bytearray(len(rows)))
        for row in columns.rare_rows(rows):
            kind = columns.kind(row)
            rule = rule_of(kind.event_type)
            self._found.families[row - rows.start] = rule.family
            self._steps[row - rows.start] = _step_of(kind, rule)

    def run(self) -> Attributed:
        """Rows stay in the family of their type, at their own time, unless a step finds otherwise."""
        found = self._found
        self._around = around = self._attribution.around(found.times)
        found.uploads = around.runs
        if len(around.runs.lows) > MOST_RUNS:
            found.upload_of = array("L", bytes(array("L").itemsize * len(found.times)))
        for number in sorted(set(self._steps) - {_NO_STEP}):
            _STEPS[number](self, places_of(self._steps, number))
        self._mark_uploads()
        return found

    def _mark_uploads(self) -> None:
        families, upload_of = self._found.families, self._found.upload_of
        if isinstance(upload_of, bytearray):
            # The family of uploads is 0: their bytes are blanked, all at once.
            others = int.from_bytes(upload_of.translate(_OTHERS), "little") & int.from_bytes(families, "little")
            families[:] = others.to_bytes(len(families), "little")
        else:
            families[:] = bytes(0 if run else family for run, family in zip(upload_of, families, strict=True))

    def _payload(self, place: int) -> Ids:
        return _ids_in(self._columns.entity_and_payload(self._rows.start + place)[1])

    def _hand(self, place: int, family: int, anchor: int) -> None:
        self._found.families[place] = family
        self._found.anchors[place] = anchor

    def _upload(self, places: Iterable[int], numbers: Iterable[int]) -> None:
        """Give rows to uploads, each to the run of a number counted from 1."""
        upload_of = self._found.upload_of
        for place, number in zip(places, numbers, strict=False):
            upload_of[place] = number

    def _numbers(self, anchors: list[int]) -> Iterable[int]:
        lows = self._around.runs.lows
        return repeat(1) if len(lows) == 1 else map(bisect_right, repeat(lows), anchors)

    def _own_times(self, places: list[int]) -> list[int]:
        return list(map(self._found.times.__getitem__, places))

    def created(self, places: list[int]) -> None:
        """Photos that were created belong to the run they are in."""
        self._upload(places, self._numbers(self._own_times(places)))

    def of_photo(self, places: list[int]) -> None:
        """Updates of photos: part of the upload of the photo, else of its stack, else edits."""
        keys = map(hash, map(self._texts[0].__getitem__, places))
        created, own = self._around.created, self._own_times(places)
        if created.twins:
            nearest = [created.of(key, us, AFTERMATH, EARLY) for key, us in zip(keys, own, strict=True)]
            anchors = [_NEVER if at is None else at for at in nearest]
        else:
            anchors = list(map(created.times.get, keys, repeat(_NEVER)))
        ages = list(map(sub, own, anchors))
        if min(ages) < -EARLY or max(ages) > AFTERMATH:
            marks = [-EARLY <= age <= AFTERMATH for age in ages]
            self._of_stack([place for place, is_part in zip(places, marks, strict=True) if not is_part])
            places, anchors = list(compress(places, marks)), list(compress(anchors, marks))
        self._upload(places, self._numbers(anchors))

    def _of_stack(self, places: list[int]) -> None:
        payloads = self._texts[1]
        for place in places:
            if b'"stack_id"' in payloads[place] and self._payload(place).stack_id is not msgspec.UNSET:
                self._found.families[place] = Family.STACKS

    def of_upload(self, places: list[int]) -> None:
        """What the service finds: part of the upload that last created a photo in the hour before."""
        lows, highs = self._around.runs
        if not lows or not places:
            return
        own = self._own_times(places)
        if len(lows) == 1 and lows[0] - EARLY <= min(own) and max(own) <= highs[0] + AFTERMATH:
            self._upload(places, repeat(1))
            return
        parts, numbers = list[int](), list[int]()
        for place, us, number in zip(places, own, map(bisect_right, repeat(lows), own), strict=True):
            if number and us - highs[number - 1] <= AFTERMATH:
                parts.append(place)
                numbers.append(number)
            elif number < len(lows) and lows[number] - us <= EARLY:
                parts.append(place)
                numbers.append(number + 1)
        self._upload(parts, numbers)

    def of_new_person(self, places: list[int]) -> None:
        """A person that has just been created is changed by whoever created it."""
        self.of_upload([place for place in places if self._person_created(place, JUST_CREATED) is not None])

    def of_fleeting_person(self, places: list[int]) -> None:
        """People who live for less than an hour are the service's."""
        self.of_upload([place for place in places if self._person_created(place, AFTERMATH) is not None])

    def _person_created(self, place: int, back: int) -> int | None:
        return self._around.people.of(hash(self._texts[0][place]), self._found.times[place], back, EARLY)

    def assigned(self, places: list[int]) -> None:
        """Faces of nobody, or of people who live for less than an hour, are given to people by the service."""
        told = map(_NOBODYS, map(self._texts[1].__getitem__, places))
        self.of_upload([place for place, at_once in zip(places, told, strict=True) if at_once or self._is_free(place)])

    def _is_free(self, place: int) -> bool:
        before, us = _key(self._payload(place).previous_person_id), self._found.times[place]
        return before is None or self._around.people.of(before, us, AFTERMATH, EARLY) is not None

    def of_deletion(self, places: list[int]) -> None:
        """Faces deleted beside a photo were on it."""
        for place in places:
            at = self._around.deleted.near(self._found.times[place], CLOSE, CLOSE)
            if at is not None:
                self._hand(place, self._family_at(at), at)

    def _family_at(self, at: int) -> Family:
        """The family of the deletions at a time; where they differ, it is not said to be a purge."""
        if not self._family_by_time:
            for key, us in self._around.deleted.pairs():
                family = self._attribution.deletion_family(key, us)
                self._family_by_time[us] = min(family, self._family_by_time.get(us, family))
        return self._family_by_time[at]

    def purged(self, places: list[int]) -> None:
        """Photos deleted for good, from the trash or not."""
        for place in places:
            key, us = hash(self._texts[0][place]), self._found.times[place]
            self._found.families[place] = self._attribution.deletion_family(key, us)

    def of_album(self, places: list[int]) -> None:
        """Albums are told by their own id."""
        self._found.keys.update((place, hash(self._texts[0][place])) for place in places)

    def linked(self, places: list[int]) -> None:
        """Memberships are told by the album's id, where the payload has it."""
        payloads = self._texts[1]
        for place in places:
            if at_once := _LINK(payloads[place]):
                self._found.keys[place] = hash(at_once[1])
            elif b'"album_id"' in payloads[place]:
                self._found.keys[place] = _key(self._payload(place).album_id) or 0

    def unlinked(self, places: list[int]) -> None:
        """So are those that end, unless the photo is lost with them."""
        for place in places:
            ids, us = self._payload(place), self._found.times[place]
            photo = _key(ids.asset_id)
            if (at := self._around.deleted.of(photo, us, COMPANY, COMPANY)) is not None:
                self._hand(place, self._attribution.deletion_family(photo, at), at)
            elif (at := self._around.moved.of(photo, us, COMPANY, COMPANY)) is not None:
                self._hand(place, Family.MOVED_OUT, at)
            else:
                self._found.keys[place] = _key(ids.album_id) or 0

    def unknown(self, places: list[int]) -> None:
        """Events nothing is known of are told by their type."""
        for place in places:
            self._found.keys[place] = hash(self._columns.kind(self._rows.start + place).event_type)


_Step = Callable[[_Task, list[int]], None]


def _no_step(_task: _Task, _places: list[int]) -> None:
    """The event stands for itself."""


_STEPS: tuple[_Step, ...] = (
    _no_step,
    _Task.created,
    _Task.of_photo,
    _Task.of_upload,
    _Task.of_new_person,
    _Task.of_fleeting_person,
    _Task.assigned,
    _Task.of_deletion,
    _Task.purged,
    _Task.of_album,
    _Task.linked,
    _Task.unlinked,
    _Task.unknown,
)
_STEP_OF_TIE: dict[Tie, _Step] = {
    Tie.PHOTO: _Task.of_photo,
    Tie.UPLOAD: _Task.of_upload,
    Tie.NEW_PERSON: _Task.of_new_person,
    Tie.FLEETING_PERSON: _Task.of_fleeting_person,
    Tie.ASSIGNMENT: _Task.assigned,
    Tie.DELETION: _Task.of_deletion,
    Tie.PURGE: _Task.purged,
    Tie.LOST_PHOTO: _Task.unlinked,
}


def _lesson_of(kind: EventKind) -> int:
    return _LESSONS.index(kind.event_type) if kind.event_type in _LESSONS else 0


def _step_of(kind: EventKind, rule: Rule) -> int:
    if rule.tie is not Tie.NONE:
        return _STEPS.index(_STEP_OF_TIE[rule.tie])
    if rule.family is Family.UPLOAD:
        return _STEPS.index(_Task.created)
    if rule.family is Family.ALBUM:
        return _STEPS.index(_Task.linked if kind.event_type in _LINKS else _Task.of_album)
    return _STEPS.index(_Task.unknown) if rule.family is Family.OTHER else _NO_STEP
