"""What the detail pane shows: the event at once; the entity, its picture and its relations when they are read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace

from gumnut_tui.app.action_details import ActionDetails
from gumnut_tui.app.action_rows import event_row
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import Background, DetailView, Dialogs, Job, Notices
from gumnut_tui.app.related_entities import MOST_RELATED, name_groups, read_related
from gumnut_tui.app.subject import ACTION, Subject
from gumnut_tui.app.unread import Unread
from gumnut_tui.app.view_state import diff_snapshots, place, unread_names_words
from gumnut_tui.domain.errors import GumnutError, JournalProblem, explain
from gumnut_tui.domain.fields import linked, references
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import DEPARTURES, Entity, EntityState, Event, Presence
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.entity_history import Belongings, EntityHistory
from gumnut_tui.feed.poller import PollState
from gumnut_tui.formatting.entity_lines import status_line
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.picture.pixels import decode_image
from gumnut_tui.picture.thumbnails import thumbhash_picture, thumbnail_url
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.ui.widgets.detail_pages import DetailState, Past, RelatedGroup

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action

NAMED_EVENTS = 200
"""The newest events of a history, which are named: a request or two."""
THUMBNAIL_EDGE = 360
"""Pixels of the smallest picture the service keeps."""


class Work(Background, Dialogs, Notices, Protocol):
    """The ports needed here."""


class DetailController:
    """Reads about one subject after the other, and shows more each time more is known."""

    def __init__(self, library: OpenLibrary, view: DetailView, ports: Work) -> None:
        """`library` is read until `reset` names another one."""
        self._library = library
        self._view = view
        self._ports = ports
        self._reading: Job | None = None
        self._action = ActionDetails(ports)
        self.subject: Subject | None = None
        self.state = DetailState()
        self._visited: list[Subject] = []
        self._unread = Unread(library.context.services.clock)

    # What becomes of the rows

    def reset(self, library: OpenLibrary) -> None:
        """Nothing is selected; what is selected next is in this library."""
        if library is not self._library and self._reading is not None:
            self._reading.cancel()
        self._library = library
        self.forget()

    def rows_came(self) -> None:
        """More of the feed was read: it may belong to the subject's history."""
        subject = self.subject
        if subject is not None and subject.kind == ACTION:
            self._reading = self._action.look_again() or self._reading
            return
        if subject is None or not self.state.history:
            return
        history = self._store.history(subject.id)
        if history != self.state.history:
            self._add(subject, history=history)
            self._add(subject, differences=self._placed(one for _, one in self.state.differences))

    def state_changed(self, state: PollState) -> None:
        """What could not be read of the subject is read again once the service answers."""
        if self._unread.is_due(state) and self.state.error:
            self._begin_reading()

    def rows_replaced(self) -> None:
        """Without any row nothing is selected."""
        if not len(self._library.event_list.rows):
            self.forget()

    def select(self, row: int) -> bool:
        """The table has moved on to this row, and the way back is forgotten; False when it was there already."""
        if self.state.row == row:
            return False
        self._visited.clear()
        action = self._library.event_list.action_of(row) if row < 0 else None
        if action is not None:
            self.look_at_action(row, action)
            return True
        event = self._store.event(event_row(row))
        self.look_at(Subject(event.kind, event.entity_id, event, row))
        self._begin_reading()
        return True

    @property
    def entity_id(self) -> str | None:
        """The id of the subject; of an action that of the only thing it is about, if it is one."""
        subject = self.subject
        if subject is None or subject.kind != ACTION or subject.row is None:
            return None if subject is None else subject.id
        return self._library.only_entity(subject.row)

    # Going from one subject to the next

    def look_at(self, subject: Subject) -> None:
        """Show at once what is known without a request; `read` fetches the rest."""
        self.subject = subject
        known = self._library.entity_cache.known(subject.kind, subject.id)
        state = replace(self._empty_state(), event=subject.event, row=subject.row)
        self._unread.is_over()
        self._say(replace(state, title=self._title(subject), reading=subject.kind in KINDS))
        if known is not None:
            self._say(self._with_state(known))

    def look_at_action(self, row: int, action: Action) -> None:
        """Show what an action did as far as that is known, and look at its events and photos for the rest."""
        self.subject = subject = Subject(ACTION, action.id, None, row)
        self._say(replace(self._empty_state(), row=row))
        self._reading = self._action.look_at(self._library, row, action, partial(self._add, subject))

    def redraw(self) -> None:
        """Show the same again, in another zone."""
        empty = self._empty_state()
        self._say(replace(self.state, zone=empty.zone, now=empty.now))
        if self.subject is not None and self.subject.kind == ACTION:
            self._action.redraw()
        if self.state.entity is not None:
            self._say(self._with_state(self.state.entity))

    def forget(self) -> None:
        """Nothing is selected."""
        self.subject = None
        self._visited.clear()
        self._say(self._empty_state())

    def visit(self, kind: str, entity_id: str) -> None:
        """Go from the subject to a related entity; `go_back` returns."""
        if self.subject is not None:
            self._visited.append(self.subject)
        store = self._store
        latest_first = ((row, store.event(row)) for row in reversed(store.history(entity_id)))
        # Its history also holds events that only mention it: none of those is its own.
        row, event = next((found for found in latest_first if found[1].entity_id == entity_id), (None, None))
        self.look_at(Subject(kind, entity_id, event, row))
        self._begin_reading()

    def go_back(self) -> bool:
        """Return from a related entity; False when there is nothing to return to."""
        if not self._visited:
            return False
        subject = self._visited.pop()
        action = None if subject.kind != ACTION else self._library.event_list.action_of(subject.row or 0)
        if action is not None and subject.row is not None:
            self.look_at_action(subject.row, action)
        else:
            self.look_at(subject)
            self._begin_reading()
        return True

    async def jump(self) -> bool:
        """Choose a related entity and show it; False when none was chosen."""
        if self.subject is None:
            return False
        groups = await self.read_related()
        related = [(each.name, group.title, each) for group in groups for each in group.items]
        chosen = await self._ports.choose("Jump to", related, filterable=True, empty="Nothing related is known.")
        if chosen is None:
            return False
        self.visit(chosen.kind, chosen.id)
        return True

    # Reading

    def show_related(self) -> None:
        """Read the related entities, as they are on the screen."""
        self._ports.run(self._read_related, "related")

    async def _read_related(self) -> None:
        await self.read_related()

    def _begin_reading(self) -> None:
        self._reading = self._ports.run(self._read, "entity")

    async def _read(self) -> None:
        await self.read()
        if self._view.is_related_shown:
            await self.read_related()
        elif self._view.is_history_shown:
            await self._read_history_names()

    def show_history(self) -> None:
        """Read the names in the history, as it is on the screen."""
        self._ports.run(self._read_history_names, "related")

    async def _read_history_names(self) -> None:
        """Read the names of what the subject's newest events are about besides: the photos of an album."""
        subject, rows = self.subject, self.state.history[-NAMED_EVENTS:]
        if subject is None:
            return
        try:
            await self._names.resolve([self._store.event(row) for row in rows])
        except GumnutError as error:
            self._ports.say(unread_names_words(error))
        self._add(subject)

    async def read(self) -> None:
        """Read what the subject is now, after a short pause; a later read cancels this one."""
        subject, services = self.subject, self._library.context.services
        if subject is None:
            return
        await services.sleep(services.debounce)
        if self.subject != subject:
            return
        self._add(subject, history=self._store.history(subject.id))
        if subject.kind not in KINDS:
            return
        last = await self._recall(subject)
        await self._library.rest()
        if self.subject != subject:
            return
        try:
            answer = await self._library.entity_cache.state(subject.kind, subject.id)
            if answer.entity is not None:
                self._names.learn(answer.entity)
            elif last is not None:
                self._names.recall(last)
            if self.subject != subject:
                return
            self._say(replace(self._with_state(answer), error=""))
            await self._read_past(subject, answer)
            await self._read_around(subject, answer)
        except GumnutError as error:
            picture = self.state.picture or thumbhash_picture(self.state.known)
            self._unread.failed()
            self._add(subject, reading=False, error=explain(error).what, picture=picture)

    async def read_related(self) -> tuple[RelatedGroup, ...]:
        """The entities related to the subject, to jump to; read once per subject."""
        subject = self.subject
        if subject is None:
            return ()
        if self.state.related is not None:
            return self.state.related
        self._say(replace(self.state, related_note="reading…"))
        try:
            if subject.kind == ACTION:
                groups = name_groups(self._names, subject, self._action.related(MOST_RELATED))
            else:
                known = await self._known(subject)
                groups = await read_related(self._library, subject, known, await self._past_belongings(subject))
        except GumnutError as error:
            self._add(subject, related_note=explain(error).what)
            return ()
        self._add(subject, related=groups, related_note="")
        return groups

    async def _recall(self, subject: Subject) -> Entity | None:
        """Show what the subject was when last seen and what changed until then; returns the last copy."""
        memory: EntityHistory | None = self._library.memory
        if memory is None:
            return None
        try:
            remembered = diff_snapshots(await memory.snapshots(subject.kind, subject.id))
            # A service that does not answer keeps nobody from the names that are known.
            fields = {} if remembered.last is None else remembered.last.fields
            await self._names.remember_references([(subject.kind, subject.id), *linked(fields)])
        except JournalProblem as problem:
            self._add(subject, memory_note=explain(problem).what)
            return None
        self._add(subject, last_known=remembered.last, title=self._title(subject))
        self._add(subject, differences=self._placed(remembered.differences))
        return remembered.last

    async def _read_past(self, subject: Subject, answer: EntityState) -> None:
        """Show what a photo that is not live once had, and read the names for that."""
        if answer.presence is Presence.LIVE:
            return
        if answer.entity is None and self.state.known is not None:
            await self._names.resolve_references([(subject.kind, subject.id)])
            self._add(subject, title=self._title(subject))
        belongings = await self._belongings(subject)
        if belongings is not None:
            albums_then, people_then = references("album", belongings.albums), references("person", belongings.people)
            await self._names.resolve_references([*albums_then, *people_then])
            albums = tuple(self._name(*album) for album in albums_then)
            people = tuple(self._name(*person) for person in people_then)
            self._add(subject, past=Past(albums, people))

    async def _belongings(self, subject: Subject) -> Belongings | None:
        memory: EntityHistory | None = self._library.memory
        if memory is None or subject.kind != "asset":
            return None
        try:
            return await memory.belongings(subject.id)
        except JournalProblem as problem:
            self._add(subject, memory_note=explain(problem).what)
            return None

    async def _past_belongings(self, subject: Subject) -> Belongings | None:
        """What a photo had when it was last seen, unless it is live and can be asked."""
        state = self._library.entity_cache.known(subject.kind, subject.id)
        return None if state is None or state.presence is Presence.LIVE else await self._belongings(subject)

    async def _known(self, subject: Subject) -> Entity | None:
        """The subject's fields, read now if `read` has not done so yet."""
        if self.state.known is not None or subject.kind not in KINDS:
            return self.state.known
        answer = await self._library.entity_cache.state(subject.kind, subject.id)
        return answer.entity or self._last_known(answer)

    def _placed(self, differences: Iterable[Difference]) -> tuple[tuple[int, Difference], ...]:
        """Differences between the events of the history that is shown."""
        store = self._store
        return place(differences, (store.created_at_us(row) for row in self.state.history))

    def _add(self, subject: Subject, **changes: Any) -> None:
        """Show more about the subject, unless another one has been selected meanwhile."""
        if self.subject == subject:
            self._say(replace(self.state, **changes))

    def _say(self, state: DetailState) -> None:
        self.state = state
        self._view.show_detail(state)

    def _empty_state(self) -> DetailState:
        context = self._library.context
        return DetailState(
            event_at=self._store.event,
            name=self._names.name,
            presence=self._names.presence,
            zone=context.zone.now(),
            now=context.services.clock(),
            is_offline=context.is_offline,
        )

    @property
    def _names(self) -> NameCache:
        return self._library.names

    @property
    def _store(self) -> EventStore:
        return self._library.event_list.store

    def _title(self, subject: Subject) -> str:
        return self._name(subject.kind, subject.id)

    def _name(self, kind: str, entity_id: str) -> str:
        return self._names.name(kind, entity_id) or short_id(kind, entity_id)

    def _with_state(self, answer: EntityState) -> DetailState:
        subject = self.subject
        assert subject is not None
        empty, last_known = self._empty_state(), self._last_known(answer)
        return replace(
            self.state,
            title=self._title(subject),
            entity=answer,
            last_known=last_known,
            status=status_line(
                answer,
                zone=empty.zone,
                now=empty.now,
                gone_since_us=self._gone_since(answer, subject.id),
                retention=self._library.context.settings.retention_period,
            ),
            reading=False,
            now=empty.now,
            picture=self.state.picture or thumbhash_picture(answer.entity or last_known),
        )

    def _last_known(self, answer: EntityState) -> Entity | None:
        """The newest copy of what is gone, from this session or the journal; one dated in the future comes last."""
        if answer.entity is not None:
            return None
        copies = (self._names.last_read(answer.kind, answer.id), self.state.last_known)
        now = self._library.context.services.clock()
        found = [copy for copy in copies if copy is not None]
        return max(found, key=lambda copy: (copy.read_at <= now, copy.read_at), default=None)

    def _gone_since(self, answer: EntityState, entity_id: str) -> int | None:
        store = self._store
        rows = [row for row in store.history(entity_id) if DEPARTURES.get(store.operation(row)) is answer.presence]
        # A photo's metadata carries its id too, but the photo does not go with it.
        of_entity = [row for row in rows if _names_subject(store.event(row), answer.kind, entity_id)]
        return store.created_at_us(of_entity[-1]) if of_entity else None

    async def _read_around(self, subject: Subject, answer: EntityState) -> None:
        if answer.entity is None:
            return
        if subject.kind == "asset":
            albums = await self._library.context.client.albums_of(subject.id, self._library.context.library_id)
            for album in albums:
                self._names.learn(album)
            names = tuple(self._names.name("album", album.id) or "" for album in albums)
            self._add(subject, albums=names)
        await self._read_picture(subject, answer.entity)

    async def _read_picture(self, subject: Subject, entity: Entity) -> None:
        url = thumbnail_url(entity)
        if url is None:
            return
        try:
            data = await self._library.context.client.picture(url)
            picture = await asyncio.to_thread(decode_image, data, THUMBNAIL_EDGE)
        except (GumnutError, ValueError):
            # No picture, or not yet: the blurred one stays, and the entity is fine.
            return
        if picture is not None:
            self._add(subject, picture=picture)


def _names_subject(event: Event, kind: str, entity_id: str) -> bool:
    return event.entity_type == kind and event.entity_id == entity_id
