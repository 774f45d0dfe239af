"""To which action's family each row belongs, and where in time it is anchored: `domain.actions` applied to columns."""

from __future__ import annotations

from array import array
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, repeat
from operator import sub

import msgspec

from gumnut_tui.domain.actions import (
    AFTERMATH,
    CLOSE,
    COMPANY,
    EARLY,
    IN_TRASH,
    JUST_CREATED,
    ActionRules,
    Family,
    Rule,
    Tie,
    rule_of,
)
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.anchors import Anchors, Around, Runs, Span, hours_of, wider
from gumnut_tui.store.columns import Columns, EventKind
from gumnut_tui.store.payload_ids import ALBUM_LINK, FACE_OF_NOBODY, Ids, ids_in, key_of

MANY_PAYLOADS = 6
"""When a row in so many needs its payload, those of all rows are split at once."""
_OTHERS = b"\xff" + bytes(255)
"""Turns 0 into a byte full of ones, and all else into 0."""
MOST_RUNS = 255
"""Runs whose numbers fit in one byte."""
_NEVER = -(1 << 62)
_LINKS = frozenset({"album_asset_added", "album_asset_removed"})


@dataclass(slots=True)
class Attributed:
    """Where some rows belong, by their place among them."""

    families: bytearray
    times: list[int]
    """µs since the epoch."""
    ordered: list[int]
    """The same, ascending."""
    anchors: dict[int, int]
    """Those that differ from the time, except of uploads."""
    keys: dict[int, int]
    """The key of what the event is about; 0 or none where that is not known."""
    uploads: Runs
    upload_of: bytearray | array[int]
    """The number of the run, counted from 1, for rows of an upload; 0 for all others."""


class Attribution:
    """Learns of rows what others may belong to, and says of rows to what they belong."""

    def __init__(self, columns: Columns, rules: ActionRules) -> None:
        self._columns = columns
        self._upload_pause = rules.pause_us(Family.UPLOAD)
        self._created, self._people, self._deleted, self._moved = Anchors(), Anchors(), Anchors(), Anchors()
        self._trash_moments: dict[int, list[tuple[int, bool]]] = {}
        """When photos went into the trash (true) and came back, by their keys."""
        self._deletions: dict[int, list[int]] = {}
        self._tables = _Tables()
        self._lately: tuple[object, Around] = (None, Around())

    def learn(self, rows: range) -> list[Span]:
        """Take in rows others may belong to; returns the spans in which that may matter to rows known before."""
        tables = self._tables.up_to_date(self._columns)
        tiles = self._columns.tiles
        anchoring = tiles.codes[rows.start : rows.stop].translate(tables.anchoring)
        for row in self._columns.rare_rows(rows):
            anchoring[row - rows.start] = _anchoring_of(self._columns.kind(row))
        keys, times = self._columns.keys[rows.start : rows.stop], tiles.times[rows.start : rows.stop]
        spans = list[Span]()
        for number in set(anchoring) - {0}:
            places = places_of(anchoring, number)
            own = [list(map(column.__getitem__, places)) for column in (keys, times)]
            spans += self._learn(_ANCHORING[number], *own)
        return spans

    def _learn(self, event_type: str, keys: list[int], times: list[int]) -> Iterator[Span]:
        match event_type:
            case "asset_created":
                yield from wider(self._created.add(keys, times), EARLY, AFTERMATH)
            case "person_created":
                yield from wider(self._people.add(keys, times), EARLY, AFTERMATH)
            case "asset_moved_out":
                yield from wider(self._moved.add(keys, times), COMPANY, COMPANY)
            case "asset_deleted":
                yield from wider(self._deleted.add(keys, times), COMPANY, COMPANY)
                for key, us in zip(keys, times, strict=True):
                    insort(self._deletions.setdefault(key, []), us)
            case _:
                for key, us in zip(keys, times, strict=True):
                    insort(self._trash_moments.setdefault(key, []), (us, event_type == "asset_trashed"))
                    yield from ((at - COMPANY, at + COMPANY) for at in self._deletions.get(key, ()))

    def attribute(self, rows: range) -> Attributed:
        """Where the rows belong, as far as is known by now."""
        return _Task(self, self._columns, self._tables.up_to_date(self._columns), rows).run()

    def around(self, times: Sequence[int]) -> Around:
        """What is known that events at these times, ascending, may belong to."""
        hours = hours_of(times, AFTERMATH, EARLY)
        every = (self._created, self._people, self._deleted, self._moved)
        asked = (hours, *(each.version for each in every))
        if self._lately[0] != asked:
            created, people, deleted, moved = (each.within(hours) for each in every)
            runs = Runs.of(created.sorted, self._upload_pause)
            self._lately = asked, Around(created, people, deleted, moved, runs)
        return self._lately[1]

    def became(self, photo: str, since_us: int) -> Operation | None:
        """What became of a photo from a time on, as far as that is known: deleted, restored or trashed, the last."""
        key = key_of(photo)
        if key is None:
            return None
        if self._deletions.get(key, [since_us - 1])[-1] >= since_us:
            return Operation.DELETED
        moments = self._trash_moments.get(key, [(since_us - 1, False)])
        if moments[-1][0] < since_us:
            return None
        return Operation.TRASHED if moments[-1][1] else Operation.RESTORED

    def deletion_family(self, key: int | None, us: int) -> Family:
        """Whether the photo deleted for good at that time is purged: it had been in the trash for long."""
        moments = self._trash_moments.get(key, ()) if key is not None else ()
        index = bisect_right(moments, (us, True))
        is_purged = index and moments[index - 1][1] and us - moments[index - 1][0] > IN_TRASH
        return Family.PURGE if is_purged else Family.DELETE


_ANCHORING = (
    "",
    "asset_created",
    "person_created",
    "asset_moved_out",
    "asset_deleted",
    "asset_trashed",
    "asset_restored",
)
"""The event types others may belong to."""
_NO_STEP, _PHOTOS = 0, 1


class _Tables:
    """What the rules say, by the code of a kind in the columns; that of rare kinds says nothing."""

    def __init__(self) -> None:
        self.families = bytearray([Family.OTHER]) * 256
        self.steps = bytearray(256)
        """By code, the place of the work to be done in `_STEPS`."""
        self.anchoring = bytearray(256)
        self._codes = 0

    def up_to_date(self, columns: Columns) -> _Tables:
        """The tables with all kinds the columns have by now."""
        for code, kind in columns.kinds(self._codes):
            rule = rule_of(kind.event_type)
            self.families[code] = rule.family
            self.steps[code] = _step_of(kind, rule)
            self.anchoring[code] = _anchoring_of(kind)
            self._codes = code + 1
        return self


@cache
def _ones_to(value: int) -> bytes:
    """Turns 1 into the value, and leaves 0."""
    return bytes([0, value]).ljust(256, b"\0")


@cache
def table_of(value: int) -> bytes:
    """Turns the value into 1 and all others into 0."""
    return bytes(number == value for number in range(256))


def places_of(column: bytes | bytearray, value: int) -> list[int]:
    """The places of the value in the column, ascending."""
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
        self._keys = columns.keys[rows.start : rows.stop]
        self._around = Around()
        self._family_by_time: dict[int, Family] = {}
        times = columns.tiles.times[rows.start : rows.stop].tolist()
        self._found = Attributed(
            codes.translate(tables.families), times, sorted(times), {}, {}, Runs([], []), bytearray(len(rows))
        )
        for row in columns.rare_rows(rows):
            kind = columns.kind(row)
            rule = rule_of(kind.event_type)
            self._found.families[row - rows.start] = rule.family
            self._steps[row - rows.start] = _step_of(kind, rule)

    def run(self) -> Attributed:
        """Rows stay in the family of their type, at their own time, unless a step finds otherwise."""
        found = self._found
        self._around = around = self._attribution.around(found.ordered)
        found.uploads = around.runs
        if len(around.runs.lows) > MOST_RUNS:
            found.upload_of = array("L", bytes(array("L").itemsize * len(found.times)))
        for number in sorted(set(self._steps) - {_NO_STEP}):
            if number == _PHOTOS:
                self._photos(self._steps.translate(table_of(_PHOTOS)))
            else:
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

    def _payloads(self, places: Sequence[int]) -> Iterable[bytes]:
        """What begins with the payloads of these rows, and may go on after them."""
        if len(places) * MANY_PAYLOADS > len(self._rows):
            return map(self._columns.split(self._rows)[1].__getitem__, places)
        return (self._columns.entity_and_payload(self._rows.start + place)[1] for place in places)

    def _payload(self, place: int) -> Ids:
        return ids_in(self._columns.entity_and_payload(self._rows.start + place)[1])

    def _hand(self, place: int, family: int, anchor: int) -> None:
        self._found.families[place] = family
        self._found.anchors[place] = anchor

    def _upload(self, places: Iterable[int], numbers: Iterable[int]) -> None:
        """Give rows to uploads, each to the run of a number counted from 1."""
        upload_of = self._found.upload_of
        for place, number in zip(places, numbers, strict=False):
            upload_of[place] = number

    def _upload_all(self, marks: bytearray, number: int) -> None:
        """Give all rows that are marked with 1 to one upload."""
        upload_of = self._found.upload_of
        if isinstance(upload_of, bytearray):
            more = int.from_bytes(marks.translate(_ones_to(number)), "little")
            upload_of[:] = (more | int.from_bytes(upload_of, "little")).to_bytes(len(marks), "little")
        else:
            self._upload(compress(range(len(marks)), marks), repeat(number))

    def _numbers(self, anchors: list[int]) -> list[int]:
        lows = self._around.runs.lows
        return [1] * len(anchors) if len(lows) == 1 else list(map(bisect_right, repeat(lows), anchors))

    def _own_times(self, places: list[int]) -> list[int]:
        return list(map(self._found.times.__getitem__, places))

    def _photos(self, marks: bytearray) -> None:
        """Photos created or updated: part of the upload of the photo, else of its stack, else edits.

        Rows by their marks and not by their places, as there are more of these than of all others.
        """
        keys, own = compress(self._keys, marks), list(compress(self._found.times, marks))
        created = self._around.created
        if created.twins:
            nearest = [created.of(key, us, AFTERMATH, EARLY) for key, us in zip(keys, own, strict=True)]
            anchors = [_NEVER if at is None else at for at in nearest]
        else:
            anchors = list(map(created.times.get, keys, repeat(_NEVER)))
        lows, low, high = self._around.runs.lows, min(anchors), max(anchors)
        if not self._are_near(own, anchors, low, high):
            places = list(compress(range(len(marks)), marks))
            parts = [-EARLY <= age <= AFTERMATH for age in map(sub, own, anchors)]
            self._of_stack([place for place, is_part in zip(places, parts, strict=True) if not is_part])
            self._upload(compress(places, parts), self._numbers(list(compress(anchors, parts))))
        elif (number := bisect_right(lows, low)) == bisect_right(lows, high):
            self._upload_all(marks, number)
        else:
            self._upload(compress(range(len(marks)), marks), self._numbers(anchors))

    def _are_near(self, own: list[int], anchors: list[int], low: int, high: int) -> bool:
        """Whether each of these times is near its anchor, of which these are the lowest and the highest."""
        ordered = self._found.ordered
        if low == _NEVER:
            return False
        if ordered[-1] - low > AFTERMATH and max(map(sub, own, anchors)) > AFTERMATH:
            return False
        return ordered[0] - high >= -EARLY or min(map(sub, own, anchors)) >= -EARLY

    def _of_stack(self, places: list[int]) -> None:
        for place, payload in zip(places, self._payloads(places), strict=True):
            if b'"stack_id"' in payload and self._payload(place).stack_id is not msgspec.UNSET:
                self._found.families[place] = Family.STACKS

    def of_upload(self, places: list[int]) -> None:
        """What the service finds: part of the upload that last created a photo in the hour before."""
        lows, highs = self._around.runs
        if not lows or not places:
            return
        own = self._own_times(places)
        last = max(own)
        only = bisect_right(lows, last)
        if only and lows[only - 1] <= min(own) and last - highs[only - 1] <= AFTERMATH:
            self._upload(places, repeat(only))
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
        return self._around.people.of(self._keys[place], self._found.times[place], back, EARLY)

    def assigned(self, places: list[int]) -> None:
        """Faces of nobody, or of people who live for less than an hour, are given to people by the service."""
        frees = self._columns.ending(map(self._rows.start.__add__, places), FACE_OF_NOBODY)
        self.of_upload([place for place, is_free in zip(places, frees, strict=True) if is_free or self._is_free(place)])

    def _is_free(self, place: int) -> bool:
        before, us = key_of(self._payload(place).previous_person_id), self._found.times[place]
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
            key, us = self._keys[place], self._found.times[place]
            self._found.families[place] = self._attribution.deletion_family(key, us)

    def of_album(self, places: list[int]) -> None:
        """The key of an album is its own id."""
        self._found.keys.update((place, self._keys[place]) for place in places)

    def linked(self, places: list[int]) -> None:
        """The key of a membership is the album's id, where the payload has it."""
        for place, payload in zip(places, self._payloads(places), strict=True):
            if at_once := ALBUM_LINK(payload):
                self._found.keys[place] = hash(at_once[1])
            elif b'"album_id"' in payload:
                self._found.keys[place] = key_of(self._payload(place).album_id) or 0

    def unlinked(self, places: list[int]) -> None:
        """So is that of one that ends, unless the photo is lost with it."""
        for place in places:
            ids, us = self._payload(place), self._found.times[place]
            photo = key_of(ids.asset_id)
            if (at := self._around.deleted.of(photo, us, COMPANY, COMPANY)) is not None:
                self._hand(place, self._attribution.deletion_family(photo, at), at)
            elif (at := self._around.moved.of(photo, us, COMPANY, COMPANY)) is not None:
                self._hand(place, Family.MOVED_OUT, at)
            else:
                self._found.keys[place] = key_of(ids.album_id) or 0

    def unknown(self, places: list[int]) -> None:
        """The key of an unknown event is its type."""
        for place in places:
            self._found.keys[place] = hash(self._columns.kind(self._rows.start + place).event_type)


_Step = Callable[[_Task, list[int]], None]


def _no_step(_task: _Task, _places: list[int]) -> None:
    """The event belongs to no other."""


_STEPS: tuple[_Step, ...] = (
    _no_step,
    _no_step,
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
    Tie.UPLOAD: _Task.of_upload,
    Tie.NEW_PERSON: _Task.of_new_person,
    Tie.FLEETING_PERSON: _Task.of_fleeting_person,
    Tie.ASSIGNMENT: _Task.assigned,
    Tie.DELETION: _Task.of_deletion,
    Tie.PURGE: _Task.purged,
    Tie.LOST_PHOTO: _Task.unlinked,
}


def _anchoring_of(kind: EventKind) -> int:
    return _ANCHORING.index(kind.event_type) if kind.event_type in _ANCHORING else 0


def _step_of(kind: EventKind, rule: Rule) -> int:
    if rule.tie is Tie.PHOTO or rule.family is Family.UPLOAD:
        return _PHOTOS
    if rule.tie is not Tie.NONE:
        return _STEPS.index(_STEP_OF_TIE[rule.tie])
    if rule.family is Family.ALBUM:
        return _STEPS.index(_Task.linked if kind.event_type in _LINKS else _Task.of_album)
    return _STEPS.index(_Task.unknown) if rule.family is Family.OTHER else _NO_STEP
