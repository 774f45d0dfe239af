"""Three states of one thing: before the first selected event, after the last, and now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from gumnut_tui.report.timelines import Known, Timeline
from gumnut_tui.undo.selection import Span

T = TypeVar("T")


class Standing(Enum):
    """Whether something is to be undone."""

    LOST = "lost"
    """It is as the selected events left it."""
    BACK = "back"
    """It is again as it was before them."""
    CHANGED = "changed"
    """Somebody changed it again later, so it is left alone."""
    UNKNOWN = "unknown"
    """What it was before is not known."""


@dataclass(frozen=True, slots=True)
class States(Generic[T]):
    """What a thing was; None for what is not known."""

    before: Known[T] | None
    after: Known[T] | None
    now: Known[T] | None
    is_changed: bool
    """Events changed it after the last selected one."""

    def standing(self, *, as_before: bool | None = None) -> Standing:
        """What follows; `as_before` when the caller knows better whether the state now is that of before."""
        if self.before is None:
            return Standing.UNKNOWN
        if as_before if as_before is not None else self.now == self.before:
            return Standing.BACK
        if self.is_changed or (self.after is not None and self.now is not None and self.after != self.now):
            return Standing.CHANGED
        return Standing.LOST


def states(timeline: Timeline[T], span: Span) -> States[T]:
    """The three states of a thing."""
    after = timeline.cut_after(span.last)
    return States(
        timeline.at(timeline.cut_before(span.first)),
        timeline.at(after),
        timeline.at(timeline.end),
        is_changed=bool(timeline.changes_between(after, timeline.end)),
    )
