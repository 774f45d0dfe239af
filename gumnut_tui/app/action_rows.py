"""The rows of the table while it shows actions: each action, and the events of those that are unfolded."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from gumnut_tui.store.event_store import EventStore, View

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action, ActionRules
    from gumnut_tui.store.actions import Actions

MOST_FOUND = 1_000
"""Actions of which it is remembered what is true of them: those of many windows."""
ROWS_A_STEP = 10_000
"""Rows of a filter that are mapped to their actions in one step."""


class Unfolded(NamedTuple):
    """The events of an action, shown below it."""

    line: int
    """Where its action is on the screen."""
    rows: Sequence[int]
    """Its events, in the order of the screen."""


class ActionRows:
    """Row ids in the order of the screen. An event has its row in the store; an action the complement (`~`) of one.

    That is the row of whichever of its events was read first, so that the id holds while the action grows. It never
    changes: other rows are another object.
    """

    def __init__(
        self,
        actions: Actions,
        shown: Sequence[Action],
        view: View,
        *,
        newest_first: bool,
        unfolded: Sequence[Action] = (),
    ) -> None:
        """`shown` are those with an event in `view`, by the time of their first event, the oldest first."""
        self.view = view
        self.newest_first = newest_first
        self.actions = actions
        self.shown = shown
        self._ids: dict[int, int] = {}
        self._unfolded: list[Unfolded] = []
        self._hit: tuple[object, list[int]] = (None, [])
        """The lines with hits that were asked for last."""
        added = 0
        places = sorted(place for action in unfolded if (place := self._place(action)) is not None)
        for place in places:
            rows = self._events(self._action_at(place))
            self._unfolded.append(Unfolded(place + added, rows))
            added += len(rows)
        self._count = len(shown) + added

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int, /) -> int:
        if not 0 <= index < self._count:
            raise IndexError(index)
        place, inside = self._at(index)
        return self._id(place) if inside is None else inside

    def __iter__(self) -> Iterator[int]:
        return (self[index] for index in range(self._count))

    def action_of(self, row: int) -> Action | None:
        """The action a row id is of; of an event, the one it belongs to."""
        return self.actions.of_row(event_row(row))

    def is_unfolded(self, row: int) -> bool:
        """Whether the events of this action, or of the event's action, are shown."""
        action = self.action_of(row)
        place = None if action is None else self._place(action)
        return place is not None and self._block_of(place) is not None

    def created_at_us(self, index: int) -> int:
        """When the event in a line was created, or the action in it began, in µs."""
        place, inside = self._at(index)
        store: EventStore = self.view.store
        return self._action_at(place).first_us if inside is None else store.created_at_us(inside)

    def index_of(self, row: int) -> int | None:
        """The line of an action or of an event; of an event that is folded away, that of its action."""
        action = self.action_of(row)
        place = None if action is None else self._place(action)
        if place is None:
            return None
        block = self._block_of(place)
        if block is None:
            return place + sum(len(each.rows) for each in self._unfolded if each.line < self._line_of(place))
        return block.line + 1 + block.rows.index(row) if row >= 0 and row in block.rows else block.line

    def lines_with(self, hits: View) -> list[int]:
        """The lines with a hit, ascending: those of actions, and of events where these are unfolded."""
        key = hits, len(hits)
        if self._hit[0] != key:
            found = {self._place(action) for action in self.actions.counts(sorted(hits))}
            lines = {self._line_of(place) for place in found if place is not None}
            for block in self._unfolded:
                lines.discard(block.line)
                lines.update(block.line + 1 + at for at, row in enumerate(block.rows) if hits.index_of(row) is not None)
            self._hit = key, sorted(lines)
        return self._hit[1]

    def crossing(self, us: int) -> int:
        """The line, from the top of the screen on, of the first action that begins at or beyond a time.

        The number of lines if none does.
        """
        if self.newest_first:
            place = len(self.shown) - bisect_right(self.shown, us, key=_first)
        else:
            place = bisect_left(self.shown, us, key=_first)
        return self._line_of(place) if place < len(self.shown) else self._count

    def nearest(self, row: int) -> int | None:
        """The line of a row, or else of the action that begins next to it."""
        index = self.index_of(row)
        if index is not None or not self.shown:
            return index
        us = self.view.store.created_at_us(event_row(row))
        at = min(bisect_left(self.shown, us, key=_first), len(self.shown) - 1)
        return self._line_of(self._turned(at))

    def _at(self, index: int) -> tuple[int, int | None]:
        """The place of the action on a line, or of the one the event on it belongs to, and that event's row."""
        before = 0
        for block in self._unfolded:
            if index <= block.line:
                break
            if index <= block.line + len(block.rows):
                return block.line - before, block.rows[index - block.line - 1]
            before += len(block.rows)
        return index - before, None

    def _line_of(self, place: int) -> int:
        line = place
        for block in self._unfolded:
            if block.line >= line:
                break
            line += len(block.rows)
        return line

    def _block_of(self, place: int) -> Unfolded | None:
        line = self._line_of(place)
        return next((block for block in self._unfolded if block.line == line), None)

    def _turned(self, at: int) -> int:
        return len(self.shown) - 1 - at if self.newest_first else at

    def _action_at(self, place: int) -> Action:
        return self.shown[self._turned(place)]

    def _id(self, place: int) -> int:
        found = self._ids.get(place)
        if found is None:
            found = self._ids[place] = ~next(self.actions.rows(self._action_at(place)), 0)
        return found

    def _place(self, action: Action) -> int | None:
        """Where on the screen an action is, with all others folded."""
        low = bisect_left(self.shown, action.first_us, key=_first)
        high = bisect_right(self.shown, action.first_us, key=_first)
        for at in range(low, high):
            if self.shown[at].is_same(action):
                return self._turned(at)
        return None

    def _events(self, action: Action) -> list[int]:
        store: EventStore = self.view.store
        rows = in_feed_order(store, self.actions.rows(action))
        return rows[::-1] if self.newest_first else rows


def _first(action: Action) -> int:
    return action.first_us


def event_row(row: int) -> int:
    """The row of an event for any row id: of an action the one it is known by."""
    return row if row >= 0 else ~row


def in_feed_order(store: EventStore, rows: Iterator[int]) -> list[int]:
    """These rows, which come ascending, in the order of the feed."""
    wanted = list(rows)
    parts = (wanted[bisect_left(wanted, run.start) : bisect_left(wanted, run.stop)] for run in store.runs)
    return [row for part in parts for row in part]


T = TypeVar("T")


class OfActions(Generic[T]):
    """What is true of actions by their events; remembered until `forget`, as rows are drawn again and again."""

    def __init__(self, grouping: Callable[[], Grouping | None], find: Callable[[Actions, Action], T]) -> None:
        self._grouping = grouping
        self._find = find
        self._found: dict[Action, T] = {}

    def forget(self) -> None:
        """What was found may not be true any more. An action that grows is another one."""
        self._found.clear()

    def of(self, row: int) -> T | None:
        """What is true of the action that a row id is of; None when there is none."""
        grouping = self._grouping()
        action = None if grouping is None else grouping.actions.of_row(event_row(row))
        if grouping is None or action is None:
            return None
        if action not in self._found:
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[action] = self._find(grouping.actions, action)
        return self._found[action]


class Grouping:
    """The actions of one store, found step by step, and which of them are unfolded."""

    def __init__(self, store: EventStore, rules: ActionRules) -> None:
        self.store = store
        # Loaded only by those who look at actions: the screen is there sooner without.
        from gumnut_tui.store.actions import Actions

        self.actions = Actions(store, rules)
        self._unfolded: set[int] = set()
        """A row of each action that is unfolded."""
        self._passing: Sequence[Action] = ()
        self._passing_of: View | None = None
        """The view whose events these actions have."""

    def toggle(self, row: int, *, unfold: bool) -> None:
        """Show the events of the action that a row id is of, or fold them away."""
        action = self.actions.of_row(event_row(row))
        self._unfolded = {each for each in self._unfolded if self.actions.of_row(each) != action}
        if unfold:
            self._unfolded.add(event_row(row))

    def steps(self, view: View) -> Iterator[None]:
        """Take in what the store has gained, a few milliseconds at a time; then `rows` has all there is in the view."""
        while self.actions.step():
            yield
        if self._has_all(view):
            return
        found: dict[str, Action] = {}
        for start in range(0, len(view), ROWS_A_STEP):
            found.update(
                (action.id, action) for action in self.actions.counts(sorted(view[start : start + ROWS_A_STEP]))
            )
            if self._passing_of is not view:
                self._passing = sorted(found.values(), key=_first)
            yield
        self._passing, self._passing_of = sorted(found.values(), key=_first), view

    async def matching(self, view: View) -> dict[Action, int]:
        """The actions with an event in the view, the oldest first, and how many each has."""
        for _ in self.steps(view):
            await asyncio.sleep(0)
        if self._has_all(view):
            return {action: action.events for action in self.actions}
        counts = Counter[str]()
        for start in range(0, len(view), ROWS_A_STEP):
            found = self.actions.counts(sorted(view[start : start + ROWS_A_STEP]))
            counts.update({action.id: count for action, count in found.items()})
            await asyncio.sleep(0)
        return {action: counts[action.id] for action in self.actions if action.id in counts}

    def rows(self, view: View, *, newest_first: bool) -> ActionRows:
        """The rows to show, as far as actions are known by now."""
        opened = {action.id: action for row in self._unfolded if (action := self.actions.of_row(row)) is not None}
        shown = self.actions[:] if self._has_all(view) else self._passing
        return ActionRows(self.actions, shown, view, newest_first=newest_first, unfolded=list(opened.values()))

    def _has_all(self, view: View) -> bool:
        return len(view) == len(self.store)
