"""Stacks that were dissolved, and photos that were taken out of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.models import DEPARTURES, Operation
from gumnut_tui.undo.comparison import Standing, states
from gumnut_tui.undo.photos import BACK, Photos
from gumnut_tui.undo.plan import Step, StepKind
from gumnut_tui.undo.selection import span
from gumnut_tui.undo.situation import Situation

TOO_FEW = "fewer than two of its photos are there and free"
STACKED_ANEW = "in another stack since, left alone"
MEMBERS_UNKNOWN = "which photos it held is not known: that was before the journal began"


class Stacks:
    """Plans stacks."""

    def __init__(self, situation: Situation, photos: Photos) -> None:
        self._situation = situation
        self._photos = photos
        self._deleted = situation.selection.ids("stack", Operation.DELETED)
        self._former: dict[str, list[str]] = defaultdict(list)
        """The dissolved stacks a photo was ever in."""
        for stack in self._deleted:
            for asset in situation.history.photos_once_in(stack):
                self._former[asset].append(stack)

    def steps(self) -> Iterator[Step]:
        """Stacks to make again, photos to put back into one, and what cannot be."""
        taken, told = self._sorted()
        for stack in self._deleted:
            yield from self._made(stack, taken.pop(stack, []), told)
        for stack, assets in taken.items():
            if not self._situation.is_deleted("stack", stack):
                yield Step(StepKind.CREATE_STACK, "stack", tuple(assets), stack)
        if told:
            yield Step(StepKind.NOTE, "asset", tuple(told), reason=STACKED_ANEW)

    def _sorted(self) -> tuple[dict[str, list[str]], list[str]]:
        """The photos to put back, by the stack they were in; and those that somebody stacked anew later."""
        situation, selection = self._situation, self._situation.selection
        taken: dict[str, list[str]] = defaultdict(list)
        told: list[str] = []
        for asset in self._photos_concerned():
            stacks = [selection.about("stack", stack, Operation.DELETED) for stack in self._former.get(asset, ())]
            own = [
                placed
                for placed in selection.about("asset", asset, Operation.UPDATED)
                if "stack_id" in placed.event.details
            ]
            reach = span(own, situation.departures(asset), *stacks)
            if reach is None:
                continue
            seen = states(situation.history.stack_of(asset), reach)
            before = None if seen.before is None else seen.before.value
            if before is None or not self._photos.is_live(asset):
                continue
            now = self._stack_now(asset)
            if now is None:
                taken[before].append(asset)
            elif now != before and (situation.alias("asset", asset) != asset or seen.standing() is Standing.CHANGED):
                told.append(asset)
        return taken, told

    def _photos_concerned(self) -> list[str]:
        selection = self._situation.selection
        assets = list(self._former)
        for asset in selection.ids("asset", Operation.UPDATED):
            if any("stack_id" in placed.event.details for placed in selection.about("asset", asset, Operation.UPDATED)):
                assets.append(asset)
        assets += selection.ids("asset", *DEPARTURES)
        return list(dict.fromkeys(assets))

    def _made(self, stack: str, assets: list[str], told: list[str]) -> Iterator[Step]:
        if len(assets) >= 2:
            cover = fields_of.raw_id(self._situation.last("stack", stack), "primary_asset_id")
            values = {"primary_asset_id": cover} if cover in assets else {}
            yield Step(StepKind.CREATE_STACK, "stack", tuple(assets), stack, values=values)
            return
        members = list(self._situation.history.photos_once_in(stack))
        if not members:
            yield Step(StepKind.IMPOSSIBLE, "stack", (stack,), reason=MEMBERS_UNKNOWN)
        elif self._is_back(members):
            told[:] = [asset for asset in told if stack not in self._former[asset]]
            yield Step(StepKind.NOTE, "stack", (stack,), reason=BACK)
        elif not set(members) & set(told):
            yield Step(StepKind.IMPOSSIBLE, "stack", (stack,), reason=TOO_FEW)

    def _stack_now(self, asset: str) -> str | None:
        """The stack that a photo, or what stands in its place, is in now; None for none, or if it is not known."""
        timeline = self._situation.history.stack_of(self._situation.alias("asset", asset))
        now = timeline.at(timeline.end)
        return None if now is None else now.value

    def _is_back(self, members: list[str]) -> bool:
        """Whether all photos of a stack that are in the library are in one stack again."""
        stacks = [self._stack_now(asset) for asset in members if self._photos.is_live(asset)]
        return len(stacks) >= 2 and None not in stacks and len(set(stacks)) == 1
