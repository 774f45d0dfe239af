"""Blocks: rows with the piece of an action each belongs to, in a few bytes a row."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, pairwise, repeat
from operator import sub

from gumnut_tui.domain.actions import Family
from gumnut_tui.store.attribution import Attributed, places_of, table_of
from gumnut_tui.store.chains import Piece, track_of

BLOCK = 1024
"""Rows in a block, but for the last."""
_KEYED = frozenset({Family.ALBUM, Family.OTHER})
_OWN_TIME = frozenset(Family) - {Family.UPLOAD, Family.DELETE, Family.PURGE, Family.MOVED_OUT}
"""Families whose events are all anchored at their own time."""
_SPAN = 4


class Block:
    """Consecutive rows, in pieces: events of one family and subject that follow one another without a long pause."""

    __slots__ = ("_events", "_families", "_keys", "_places", "_spans", "numbers", "rows")

    def __init__(self, rows: range, found: Attributed | None = None, pauses: Sequence[int] = ()) -> None:
        self.rows = rows
        self.numbers: bytearray | array[int] = bytearray(len(rows))
        """The piece each row belongs to."""
        self._families = bytearray()
        self._keys = array("q")
        self._spans = array("q")
        self._events = array("H")
        self._places = array("H")
        if found is not None:
            self._fill(found, pauses)

    def reaches(self, low: int, high: int) -> bool:
        """Whether an event of it may lie between two times, ends included."""
        firsts, lasts = self._spans[2::_SPAN], self._spans[3::_SPAN]
        return bool(firsts) and min(firsts) <= high and max(lasts) >= low

    def pieces(self) -> Iterator[tuple[int, Piece]]:
        """All pieces with their numbers."""
        return ((number, self.piece(number)) for number in range(len(self._families)))

    def pieces_of(self, track: int, low: int, high: int) -> Iterator[tuple[int, Piece]]:
        """The pieces that may be in chains of this track, and whose anchors reach between two times."""
        family = track & 0xFF
        # Those of a family stand side by side.
        for number in (
            range(self._families.find(family), self._families.rfind(family) + 1) if family in self._families else ()
        ):
            is_between = self._spans[_SPAN * number] <= high and self._spans[_SPAN * number + 1] >= low
            if is_between and track_of(family, self._keys[number]) == track:
                yield number, self.piece(number)

    def piece(self, number: int) -> Piece:
        """One piece."""
        low, high, first, last = self._spans[_SPAN * number : _SPAN * number + _SPAN]
        row = self.rows.start + self._places[number]
        return Piece(self._families[number], self._keys[number], low, high, first, last, self._events[number], row)

    def marks(self, numbers: Sequence[int]) -> bytes:
        """For each row 1 if it belongs to one of these pieces, else 0."""
        if isinstance(self.numbers, bytearray):
            table = bytearray(256)
            for number in numbers:
                table[number] = 1
            return bytes(self.numbers.translate(table))
        return bytes(map(set(numbers).__contains__, self.numbers))

    def _fill(self, found: Attributed, pauses: Sequence[int]) -> None:
        table, apart = bytearray(256), list[tuple[int, list[int]]]()
        for family in sorted(set(found.families)):
            first = len(self._families)
            if family == Family.UPLOAD:
                continue
            for key, run, low, high in _runs(family, found, pauses[family]):
                apart.append((len(self._families), run))
                self._add(family, key, run, (low, high), found)
            if len(self._families) == first + 1 <= 256:
                # One piece takes all rows of the family.
                table[family] = first
                apart.pop()
        uploads = self._add_uploads(found)
        if len(self._families) <= 256 and isinstance(found.upload_of, bytearray):
            number_of = bytearray(256)
            for upload, piece in uploads.items():
                number_of[upload] = piece
            numbers = int.from_bytes(found.families.translate(table), "little")
            numbers |= int.from_bytes(found.upload_of.translate(number_of), "little")
            self.numbers = bytearray(numbers.to_bytes(len(found.families), "little"))
        else:
            pairs = zip(found.families, found.upload_of, strict=True)
            self.numbers = array("H", [uploads[run] if run else table[family] for family, run in pairs])
        for number, places in apart:
            for place in places:
                self.numbers[place] = number

    def _add_uploads(self, found: Attributed) -> dict[int, int]:
        """The number of its piece for each run of uploads that rows belong to."""
        numbers = dict[int, int]()
        runs = found.upload_of
        for run in sorted(set(runs) - {0}):
            numbers[run] = len(self._families)
            anchors = found.uploads.lows[run - 1], found.uploads.highs[run - 1]
            self._put(Family.UPLOAD, 0, (*anchors, *_times_of(run, found)), runs.count(run), runs.index(run))
        return numbers

    def _put(self, family: int, key: int, span: tuple[int, int, int, int], events: int, place: int) -> None:
        self._families.append(family)
        self._keys.append(key)
        self._spans.extend(span)
        self._events.append(events)
        self._places.append(place)

    def _add(self, family: int, key: int, places: Sequence[int], anchors: tuple[int, int], found: Attributed) -> None:
        times = anchors
        if family not in _OWN_TIME:
            own = list(map(found.times.__getitem__, places))
            times = min(own), max(own)
        self._put(family, key, (*anchors, *times), len(places), places[0])


def _times_of(run: int, found: Attributed) -> tuple[int, int]:
    """The times of the first and the last event of a run of uploads."""
    runs = found.upload_of
    if isinstance(runs, bytearray):
        if found.ordered == found.times:
            return found.times[runs.index(run)], found.times[runs.rindex(run)]
        own = list(compress(found.times, runs.translate(table_of(run))))
    else:
        own = list(compress(found.times, map(run.__eq__, runs)))
    return min(own), max(own)


_Run = tuple[int, list[int], int, int]
"""Key, places, and the anchors of the first and the last."""


def _runs(family: int, found: Attributed, pause: int) -> Iterator[_Run]:
    """The rows of a family in runs without a long pause, those of different subjects apart."""
    places = places_of(found.families, family)
    groups = _grouped(places, lambda place: found.keys.get(place, 0)) if family in _KEYED else {0: places}
    for key, group in groups.items():
        values = list(map(found.times.__getitem__, group))
        if found.anchors:
            values = [found.anchors.get(place, us) for place, us in zip(group, values, strict=True)]
        for run, low, high in _parted(group, values, pause):
            yield key, run, low, high


def _grouped(places: Iterable[int], what: Callable[[int], int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for place in places:
        groups.setdefault(what(place), []).append(place)
    return groups


def _parted(places: list[int], values: list[int], pause: int) -> Iterator[tuple[list[int], int, int]]:
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    if high - low <= pause or max(map(sub, ordered[1:], ordered)) <= pause:
        yield places, low, high
        return
    starts = [low, *(after for before, after in pairwise(ordered) if after - before > pause)]
    lasts = [ordered[bisect_left(ordered, start) - 1] for start in starts[1:]]
    runs = _grouped_by_start(places, values, starts)
    yield from zip(runs, starts, (*lasts, high), strict=True)


def _grouped_by_start(places: list[int], values: list[int], starts: list[int]) -> list[list[int]]:
    runs: list[list[int]] = [[] for _ in starts]
    for place, number in zip(places, map(bisect_right, repeat(starts), values), strict=True):
        runs[number - 1].append(place)
    return runs
