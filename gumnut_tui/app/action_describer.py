"""What the screen tells of an action beside its sentence: its lines in the detail pane, its events, its pictures."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, tzinfo

from gumnut_tui.app.action_rows import in_feed_order
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.formatting.action_cells import Pane, action_lines, people_of
from gumnut_tui.formatting.entity_names import field_text
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.picture import contact_sheet
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.usecases.action_describer import ActionDescriber


class PaneDescriber(ActionDescriber):
    """Describes actions in a row and in the detail pane."""

    def lines(self, action: Action, *, zone: tzinfo, now: datetime, retention: timedelta) -> tuple[Fact, ...]:
        """What the detail pane tells about the action."""
        facts = self.facts(action)
        became = self.became(action, facts)
        pane = Pane(zone=zone, now=now, name=self.names.name, retention=retention, became=became)
        return action_lines(action, facts, self.sentence(action), pane)

    def people(self, action: Action) -> list[str]:
        """The ids of the people it is about."""
        return people_of(self.facts(action))

    def only_entity(self, action: Action) -> str | None:
        """The id of the only album, photo or other entity it is about; None for several, or before it is read."""
        facts = self.facts(action)
        albums = tuple(facts.albums) if action.family is Family.ALBUM else ()
        return next((ids[0] for ids in (albums, facts.photos, facts.entities) if len(ids) == 1), None)

    def rows(self, action: Action) -> list[int]:
        """Its events in the order of the feed."""
        return in_feed_order(self.actions.store, self.actions.rows(action))

    async def contact_sheet(self, action: Action) -> Pixels | None:
        """Small pictures of its first photos, as far as they are known; raises `GumnutError`."""
        photos = self.facts(action).photos[: contact_sheet.MOST]
        await self.names.resolve_references([("asset", photo) for photo in photos])
        hashes = [field_text(self.names.fields("asset", photo) or {}, "thumbhash") for photo in photos]
        return await asyncio.to_thread(contact_sheet.make, [each for each in hashes if each])
