"""What one thing was over time, told by events that change it and by sights of it.

A *thing* is a value that is one at any time: an entity's fields, whose a face is, whether a photo is in an album. An
event may say what a thing was before it, or after it, or neither. A sight says what the thing was when it was read.
Events keep the order of the feed, which is that of the changes; a sight stands behind the last event whose time is not
later than its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Known(NamedTuple, Generic[T]):
    """A value that is certain; None stands in its place for one that is not."""

    value: T


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """An event of the thing. `place` is its place in the feed, `us` its time in µs since the epoch."""

    place: int
    us: int
    before: Known[T] | None = None
    after: Known[T] | None = None
    unless_other: Known[T] | None = None
    """Set for a change that only concerns a thing of this value, as a person's deletion does faces that are theirs."""


@dataclass(frozen=True, slots=True)
class Sight(Generic[T]):
    """The thing was read, and was the same from the first to the last of these times, in µs since the epoch."""

    first_us: int
    last_us: int
    value: T
    read_us: int | None = None
    """When it was first read like this, where it is known to have been so before."""


@dataclass(frozen=True, slots=True)
class _Mark(Generic[T]):
    us: int
    change: Change[T] | None
    sight: Known[T] | None
    seen_us: int = 0


@dataclass(slots=True)
class Timeline(Generic[T]):
    """The changes and sights of one thing. A *cut* is a place between them, counted from 0."""

    changes: Sequence[Change[T]]
    sights: Iterable[Sight[T]] = ()
    _marks: list[_Mark[T]] = field(init=False)

    def __post_init__(self) -> None:
        changes = sorted(self.changes, key=lambda change: change.place)
        latest = _running_maximum([change.us for change in changes])
        gaps: list[list[_Mark[T]]] = [[] for _ in range(len(changes) + 1)]
        for sight in self.sights:
            read_us = sight.first_us if sight.read_us is None else sight.read_us
            for us, seen_us in dict.fromkeys(((sight.first_us, read_us), (sight.last_us, sight.last_us))):
                gaps[bisect_right(latest, us)].append(_Mark(us, None, Known(sight.value), seen_us))
        self._marks = sorted(gaps[0], key=_time)
        for change, behind in zip(changes, gaps[1:], strict=True):
            self._marks += [_Mark(change.us, change, None), *sorted(behind, key=_time)]

    @property
    def end(self) -> int:
        """The cut behind everything."""
        return len(self._marks)

    def cut_at(self, us: int) -> int:
        """The cut behind all that happened or was seen up to a time, that time included."""
        return next((cut for cut in range(len(self._marks), 0, -1) if self._marks[cut - 1].us <= us), 0)

    def cut_before(self, place: int) -> int:
        """The cut right before the event at this place of the feed, or before the first one behind it."""
        return next(
            (cut for cut, mark in enumerate(self._marks) if mark.change and mark.change.place >= place), self.end
        )

    def cut_after(self, place: int) -> int:
        """The cut right behind the event at this place of the feed, or the last one before it."""
        marks = self._marks
        return next((cut for cut in range(len(marks), 0, -1) if (c := marks[cut - 1].change) and c.place <= place), 0)

    def at(self, cut: int) -> Known[T] | None:
        """What the thing was there, as far as it is certain."""
        if cut < len(self._marks) and (told := self._before(cut)) is not None:
            return told
        return self.since(cut) or self.until(cut)

    def since(self, cut: int) -> Known[T] | None:
        """What it was there, from what is known before."""
        if cut == 0:
            return None
        mark = self._marks[cut - 1]
        if mark.change is None:
            return mark.sight
        concerned = mark.change.unless_other
        if concerned is None:
            return mark.change.after
        was = self.since(cut - 1) or mark.change.before
        return was if was is not None and was != concerned else (mark.change.after if was is not None else None)

    def until(self, cut: int) -> Known[T] | None:
        """What it was there, from what is known of later."""
        if cut == len(self._marks):
            return None
        mark = self._marks[cut]
        if mark.change is None:
            return mark.sight
        concerned = mark.change.unless_other
        if concerned is None:
            return mark.change.before
        later = self.until(cut + 1)
        # What is left over after such a change was either as it is, or was what the change concerned.
        return later if later is not None and later != mark.change.after else None

    def certain(self, cut: int, *, is_covered: bool, is_born: bool = False) -> Known[T] | None:
        """What it was there, from what is known before; from what is known of later only where no event is missing.

        That is so where events are covered, and before the first event of a thing that was made by it.
        """
        told = self.since(cut)
        return self.until(cut) if told is None and (is_covered or (is_born and cut == 0)) else told

    def last_sight(self, cut: int) -> tuple[T, int] | None:
        """The last sight before a cut, and when it was read, in µs; what happened between them may have changed it."""
        return next(
            ((mark.sight.value, mark.seen_us) for mark in reversed(self._marks[:cut]) if mark.sight is not None), None
        )

    def next_sight(self, cut: int) -> tuple[T, int] | None:
        """The first sight behind a cut, and when it was read, in µs."""
        return next(((mark.sight.value, mark.seen_us) for mark in self._marks[cut:] if mark.sight is not None), None)

    def is_sight(self, cut: int) -> bool:
        """Whether what stands behind a cut is a sight."""
        return self._marks[cut].sight is not None

    def mentions(self, value: T) -> bool:
        """Whether the thing ever had a value, as far as anything says so."""
        wanted = Known(value)
        return any(
            wanted in (mark.sight, *((mark.change.before, mark.change.after) if mark.change else ()))
            for mark in self._marks
        )

    def changes_between(self, first_cut: int, last_cut: int) -> list[Change[T]]:
        """The events between two cuts, in feed order."""
        return [mark.change for mark in self._marks[first_cut:last_cut] if mark.change is not None]

    def _before(self, cut: int) -> Known[T] | None:
        """What the event behind a cut says of the time before it."""
        change = self._marks[cut].change
        return change.before if change is not None and change.unless_other is None else None


def _running_maximum(times: Iterable[int]) -> list[int]:
    """Each time, or a later one that stands before it."""
    found: list[int] = []
    for us in times:
        found.append(us if not found or us > found[-1] else found[-1])
    return found


def _time(mark: _Mark[T]) -> int:
    return mark.us
