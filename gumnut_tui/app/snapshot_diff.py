"""What the snapshots of an entity tell the detail pane: its last copy, and what changed from read to read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from gumnut_tui.domain.models import Entity, to_us
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.field_changes import Difference, changes
from gumnut_tui.journal.records import Snapshot

MOST_COMPARED = 300
"""Snapshots compared with those before them; the newest count."""
NOT_COMPARED = Fact("", "earlier changes are not compared", Tone.DIM)


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """An entity as its snapshots have it."""

    last: Entity | None = None
    """The last copy; None when it was never seen."""
    differences: tuple[Difference, ...] = ()
    """Oldest first."""


def diff_snapshots(snapshots: Sequence[Snapshot]) -> SnapshotDiff:
    """What these snapshots of one entity tell, oldest first."""
    last = next((one.entity for one in reversed(snapshots) if one.fields is not None), None)
    differences = tuple(_differences(snapshots[-MOST_COMPARED - 1 :]))
    if differences and len(snapshots) > MOST_COMPARED + 1:
        oldest, *others = differences
        differences = (replace(oldest, lines=(NOT_COMPARED, *oldest.lines)), *others)
    return SnapshotDiff(last, differences)


def _differences(snapshots: Sequence[Snapshot]) -> Iterator[Difference]:
    for before, after in pairwise(snapshots):
        lines = changes(before.fields, after.fields)
        if lines:
            yield Difference(before.seen_at, after.read_at, tuple(lines))


def place(differences: Iterable[Difference], times_us: Iterable[int]) -> tuple[tuple[int, Difference], ...]:
    """Each difference with how many events, whose times in µs these are in feed order, stand before it.

    It stands before the first event that is later than the read; events may be a little out of order.
    """
    reached = list(accumulate(times_us, max))
    return tuple((bisect_right(reached, to_us(one.read_at)), one) for one in differences)
