"""What is shown of the rows read: range and filter with the way back to those before, and what is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from gumnut_tui.app.event_list import SEVERAL
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import ChosenRange, choose_range, span_range
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.ports import Background, Dialogs, Notices, Question
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, operation_of
from gumnut_tui.formatting.escape import visible

T = TypeVar("T")


class Edit(NamedTuple):
    """A change of the filter to choose: its label, a note that tells it apart, and the change itself."""

    label: str
    note: str
    change: Callable[[EventFilter], EventFilter]


def toggled(
    chosen: frozenset[T] | None, value: T, everything: Iterable[T], *, only: bool = False
) -> frozenset[T] | None:
    """The choice with a value included or excluded; None, no restriction, once everything is included."""
    known = frozenset(everything) | {value}
    if only:
        return None if chosen == frozenset({value}) else frozenset({value})
    before = known if chosen is None else chosen
    after = before - {value} if value in before else before | {value}
    return None if after >= known else after


def toggle_type(wanted: EventFilter, entity_type: str, everything: Iterable[str], *, only: bool) -> EventFilter:
    """Include or exclude an entity type, or, with `only`, exclude all others."""
    return replace(wanted, entity_types=toggled(wanted.entity_types, entity_type, everything, only=only))


def toggle_operation(wanted: EventFilter, operation: Operation, *, only: bool) -> EventFilter:
    """Include or exclude an operation, or, with `only`, exclude all others."""
    return replace(wanted, operations=toggled(wanted.operations, operation, Operation, only=only))


def toggle_destructive(wanted: EventFilter) -> EventFilter:
    """Only destructive operations, or all again."""
    return replace(wanted, operations=None if wanted.operations == DESTRUCTIVE else DESTRUCTIVE)


def toggle_entity(wanted: EventFilter, entity_id: str) -> EventFilter:
    """Only events about one entity, or about all again."""
    return replace(wanted, entity_id=None if wanted.entity_id == entity_id else entity_id)


def with_text(wanted: EventFilter, text: str) -> EventFilter:
    """Only events that contain a text."""
    return replace(wanted, text=text)


class Named(NamedTuple):
    """An entity a value may be about."""

    id: str
    name: str


Kinds = Sequence[tuple[str, str]]
"""Of events, by entity type and event type: one of a single event, several of an action."""


def only_values(kinds: Kinds, entity: Named | None) -> list[Edit]:
    """The values of some events to narrow the filter to; the entity only if there is one."""
    return [
        *(Edit(f"operation {one.word}", "", partial(replace, operations=frozenset({one}))) for one in _done(kinds)),
        *(Edit(f"entity type {one}", "", partial(replace, entity_types=frozenset({one}))) for one in _of(kinds, 0)),
        *(Edit(f"event type {one}", "", partial(replace, event_types=frozenset({one}))) for one in _of(kinds, 1)),
        *([Edit("this entity", entity.name, partial(replace, entity_id=entity.id))] if entity else []),
    ]


def other_values(kinds: Kinds, entity: Named | None, known_types: Iterable[str]) -> list[Edit]:
    """The values of some events to exclude; the entity only if there is one."""
    types = list(known_types)

    def without_operation(operation: Operation, wanted: EventFilter) -> EventFilter:
        return replace(wanted, operations=(wanted.operations or frozenset(Operation)) - {operation})

    def without_type(entity_type: str, wanted: EventFilter) -> EventFilter:
        return replace(wanted, entity_types=(wanted.entity_types or frozenset(types)) - {entity_type})

    def without_event_type(event_type: str, wanted: EventFilter) -> EventFilter:
        return replace(wanted, not_event_types=wanted.not_event_types | {event_type})

    def without_entity(entity_id: str, wanted: EventFilter) -> EventFilter:
        return replace(wanted, not_entity_ids=wanted.not_entity_ids | {entity_id})

    return [
        *(Edit(f"operation {one.word}", "", partial(without_operation, one)) for one in _done(kinds)),
        *(Edit(f"entity type {one}", "", partial(without_type, one)) for one in _of(kinds, 0)),
        *(Edit(f"event type {one}", "", partial(without_event_type, one)) for one in _of(kinds, 1)),
        *([Edit("this entity", entity.name, partial(without_entity, entity.id))] if entity else []),
    ]


def _done(kinds: Kinds) -> list[Operation]:
    return list(dict.fromkeys(operation_of(event_type) for _, event_type in kinds))


def _of(kinds: Kinds, part: int) -> list[str]:
    return list(dict.fromkeys(kind[part] for kind in kinds))


def without(wanted: EventFilter, part: str) -> EventFilter:
    """The filter without one of its parts."""
    return replace(wanted, **{part: getattr(EventFilter(), part)})


def cleared(wanted: EventFilter) -> EventFilter:
    """Only the time range of the filter."""
    return EventFilter(since_us=wanted.since_us, until_us=wanted.until_us)


Change = Callable[[EventFilter], EventFilter]


class Work(Background, Dialogs, Notices, Protocol):
    """The ports needed here."""


class FilterController:
    """Changes range and filter of the library that is open."""

    def __init__(self, library: LibraryController, presenter: PanePresenter, ports: Work) -> None:
        self._library = library
        self._presenter = presenter
        self._ports = ports

    # Range

    def set_range(self, words: str) -> None:
        """Show a time range in words, or a preset by its name; raises `UsageProblem` for words that mean no time."""
        context = self._library.opened.context
        self._set_range(choose_range(words, now=context.services.clock(), zone=context.zone.now()))

    def set_span(self, since_us: int, until_us: int) -> None:
        """Show a time range by its bounds in µs."""
        self._set_range(self._span(since_us, until_us))

    async def ask_range(self) -> None:
        """Ask for a range in words."""
        chosen = self._library.opened.range
        placeholder = "yesterday · 24 Nov .. 26 Nov · 24 Nov 10:30 .. 11:00 · mon .. · 90m"
        words = "" if chosen.preset else chosen.words
        await self._ports.ask(Question("range", "Range", self._take_range, words, placeholder))

    def _take_range(self, text: str, _again: bool) -> None:
        self.set_range(text)

    def _set_range(self, chosen: ChosenRange) -> None:
        self._remember()
        self._library.show_range(chosen)

    def _span(self, since_us: int, until_us: int) -> ChosenRange:
        return span_range(since_us, until_us, self._library.opened.context.zone.now())

    # Filter

    def edit(self, change: Change) -> None:
        """Change the filter."""
        self._remember()
        event_list = self._library.event_list
        wanted = change(event_list.filter)
        if event_list.takes_long(wanted):
            self._ports.run(partial(self._edit_behind, wanted), "filter")
        else:
            self._show(wanted)

    async def _edit_behind(self, wanted: EventFilter) -> None:
        """Find the rows in a thread; the rows shown stay until all are found."""
        event_list = self._library.event_list
        self._ports.say("filtering…", seconds=None)
        view = await event_list.prepared(wanted)
        self._ports.say("")
        if event_list is self._library.event_list:
            self._library.refilter(lambda _: event_list.set_filter(wanted, view))

    def _show(self, wanted: EventFilter) -> None:
        self._library.refilter(lambda event_list: event_list.set_filter(wanted))

    def show_only(self, wanted: EventFilter) -> None:
        """Show a filter with its own range."""
        assert wanted.since_us is not None
        assert wanted.until_us is not None
        self.set_span(wanted.since_us, wanted.until_us)
        self._show(wanted)

    def toggle_type(self, entity_type: str, *, only: bool) -> None:
        """Include or exclude an entity type, or, with `only`, exclude all others."""
        known = self._presenter.known_types
        self.edit(lambda wanted: toggle_type(wanted, entity_type, known, only=only))

    def toggle_operation(self, operation: Operation, *, only: bool) -> None:
        """Include or exclude an operation, or, with `only`, exclude all others."""
        self.edit(lambda wanted: toggle_operation(wanted, operation, only=only))

    def toggle_destructive(self) -> None:
        """Only destructive events, or all."""
        self.edit(toggle_destructive)

    def toggle_entity(self, entity_id: str | None) -> None:
        """Only events about an entity, or about all; without one there are several."""
        if entity_id is None:
            self._ports.say(SEVERAL.format(self._presenter.key("pane.right")))
        else:
            self.edit(lambda wanted: toggle_entity(wanted, entity_id))

    def suspend(self) -> None:
        """Suspend the filters, or resume them."""
        if not self._library.event_list.has_filter:
            self._ports.say("no filter to suspend")
            return
        self._library.refilter(lambda event_list: event_list.suspend())

    def drop(self, name: str) -> None:
        """Drop one part of the filter; `marked` shows unmarked events again."""
        if name == "marked":
            self.toggle_marked()
        else:
            self.edit(lambda wanted: without(wanted, name))

    def clear(self) -> bool:
        """Show unmarked events again, or else drop the whole filter; False when there was nothing to drop."""
        event_list = self._library.event_list
        if event_list.marked is not None:
            self.toggle_marked()
        elif not event_list.filter.is_open:
            self.edit(cleared)
        else:
            return False
        return True

    async def ask_text(self) -> None:
        """Ask for a text that events must contain."""
        await self._ports.ask(Question("text", "Filter by text", self._take_text, self._library.event_list.filter.text))

    def _take_text(self, text: str, _again: bool) -> None:
        self.edit(lambda wanted: with_text(wanted, text))

    def narrow(self, *, keep: bool) -> None:
        """Only, or not, a value of the selected event, or of any event of the selected action."""
        selection = self._library.selection
        if kinds := selection.kinds():
            self._ports.run(partial(self._choose_value, kinds, selection.entity_id(), keep=keep), "dialogue")

    async def _choose_value(self, kinds: Kinds, entity_id: str | None, *, keep: bool) -> None:
        entity = None if entity_id is None else Named(entity_id, self._library.event_list.name_of(entity_id))
        values = only_values(kinds, entity) if keep else other_values(kinds, entity, self._presenter.known_types)
        choices = [(visible(each.label), visible(each.note, 40), each.change) for each in values]
        change = await self._ports.choose("Only" if keep else "Not", choices)
        if change is not None:
            self.edit(change)

    # The way back

    def step_history(self, step: int) -> None:
        """Back to the range and filter before, or forward again."""
        opened = self._library.opened
        here = (opened.range, opened.event_list.filter)
        there = opened.history.back(here) if step < 0 else opened.history.forward(here)
        if there is None:
            self._ports.say("no earlier filters" if step < 0 else "no later filters")
            return
        chosen, wanted = there
        self._library.show_range(chosen)
        self._show(wanted)

    def _remember(self) -> None:
        opened = self._library.opened
        opened.history.leave((opened.range, opened.event_list.filter))

    # Marks

    def toggle_marked(self) -> None:
        """Only marked events, or everything again."""
        event_list, marks = self._library.event_list, self._library.opened.marks
        if event_list.marked is None and not len(marks):
            self._ports.say(f"nothing marked yet: press {self._presenter.key('mark')} to mark")
            return
        marked = marks.rows if event_list.marked is None else None
        self._library.refilter(lambda event_list: event_list.show_only(marked))
