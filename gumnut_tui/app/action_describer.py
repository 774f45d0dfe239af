"""What actions are called on the screen: their facts are read from their events, and names from where names are."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from gumnut_tui.app.action_rows import in_feed_order
from gumnut_tui.domain.action_facts import MOST_LOOKED_AT, Facts, What, facts_of
from gumnut_tui.domain.actions import Action
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.formatting.action_cells import action_lines, people_of
from gumnut_tui.formatting.action_sentences import Dress, sentence
from gumnut_tui.formatting.entity_names import field_text
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.picture import contact_sheet
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.store.actions import Actions

SLICE = 200
"""Events looked at before keys are heard again."""
MOST_PHOTOS = 200
"""Photos of an action whose fields are read to say what they are: as many as one request takes."""
KEPT = 500
"""Actions whose facts are remembered."""


class ActionDescriber:
    """Describes the actions of one store. Until an action was read, its figures alone are told."""

    def __init__(self, actions: Actions, names: NameCache) -> None:
        self.actions = actions
        self._names = names
        self._facts: dict[str, tuple[Action, Facts]] = {}

    def facts(self, action: Action) -> Facts:
        """What is known of the action by now."""
        known = self._facts.get(action.id)
        if known is not None and known[0] == action:
            return known[1]
        return facts_of(action, self.actions.kinds(action), ())

    def sentence(self, action: Action) -> str:
        """The action in one line, escaped."""
        return sentence(self.facts(action), Dress(name=self._names.name, fields=self._names.fields))

    def is_read(self, action: Action) -> bool:
        """Whether its events were looked at, as many as there are by now."""
        known = self._facts.get(action.id)
        return known is not None and known[0] == action

    async def read(self, action: Action) -> None:
        """Look at the action's events, and read the names its sentence needs; raises `GumnutError`."""
        if not self.is_read(action):
            events = await self._events(action)
            if len(self._facts) >= KEPT:
                self._facts.clear()
            self._facts[action.id] = (action, facts_of(action, self.actions.kinds(action), events))
        await self._names.resolve_references(_named(self.facts(action)))

    def lines(self, action: Action, *, zone: tzinfo, now: datetime, retention: timedelta) -> tuple[Fact, ...]:
        """What the detail pane tells about the action."""
        facts = self.facts(action)
        return action_lines(action, facts, zone=zone, now=now, name=self._names.name, retention=retention)

    def rows(self, action: Action) -> list[int]:
        """Its events in the order of the feed."""
        return in_feed_order(self.actions.store, self.actions.rows(action))

    async def contact_sheet(self, action: Action) -> Pixels | None:
        """Small pictures of its first photos, as far as they are known; raises `GumnutError`."""
        photos = self.facts(action).photos[: contact_sheet.MOST]
        await self._names.resolve_references([("asset", photo) for photo in photos])
        hashes = [field_text(self._names.fields("asset", photo) or {}, "thumbhash") for photo in photos]
        return await asyncio.to_thread(contact_sheet.make, [each for each in hashes if each])

    async def _events(self, action: Action) -> list[Event]:
        events = list[Event]()
        for row in islice(self.actions.rows(action), MOST_LOOKED_AT):
            events.append(self.actions.store.event(row))
            if len(events) % SLICE == 0:
                await asyncio.sleep(0)
        return events


def _named(facts: Facts) -> list[Reference]:
    """What a sentence about these facts names, and the photos whose cameras and fields it tells."""
    photos = facts.photos[:MOST_PHOTOS] if facts.what in (What.UPLOAD, What.EDITS) else ()
    return [
        *(("album", album) for album in facts.albums),
        *(("album_asset", link) for link in facts.links[:MOST_PHOTOS]),
        *(("person", person) for person in people_of(facts)),
        *(("asset", photo) for photo in photos),
    ]
