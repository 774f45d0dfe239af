"""What the detail pane tells of an action: read until it has not grown meanwhile, and again when it grows later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import Background, Job
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.fields import Reference, references

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action

Add = Callable[..., None]
"""Shows more of the subject: fields of the pane's state by name. Does nothing once another one is selected."""


class _Look(msgspec.Struct):
    library: OpenLibrary
    row: int
    add: Add
    read: Action | None = None
    """The action as it was when it was read; None until then."""

    @property
    def action(self) -> Action | None:
        """The action as it is now."""
        return self.library.event_list.action_of(self.row)

    def grown(self, before: Action) -> Action | None:
        """The action as it is now, if that is not as it was before."""
        now = self.action
        return None if now == before else now


class ActionDetails:
    """Reads about the action that was looked at last."""

    def __init__(self, ports: Background) -> None:
        self._ports = ports
        self._look: _Look | None = None

    def look_at(self, library: OpenLibrary, row: int, action: Action, add: Add) -> Job:
        """Tell what is known at once, and read the rest."""
        self._look = look = _Look(library, row, add)
        add(**_described(library, action))
        return self._start(look, action)

    def look_again(self) -> Job | None:
        """Read an action anew that has grown since it was read; one that is being read sees to that itself."""
        look = self._look
        grown = None if look is None or look.read is None else look.grown(look.read)
        return None if look is None or grown is None else self._start(look, grown)

    def redraw(self) -> None:
        """Tell the same again, in another zone."""
        if self._look is not None and (action := self._look.action) is not None:
            self._look.add(**_described(self._look.library, action))

    def related(self, most: int) -> list[tuple[str, list[Reference]]]:
        """The albums and people it is about, and its first photos."""
        look = self._look
        describer, action = (None, None) if look is None else (look.library.describer, look.action)
        if describer is None or action is None:
            return []
        facts = describer.facts(action)
        return [
            ("Albums", references("album", facts.albums)),
            ("People", references("person", describer.people(action))),
            ("Photos", references("asset", facts.photos[:most])),
        ]

    def _start(self, look: _Look, action: Action) -> Job:
        look.read = None
        return self._ports.run(partial(self._read, look, action), "entity")

    async def _read(self, look: _Look, action: Action) -> None:
        services = look.library.context.services
        grown: Action | None = action
        while grown is not None:
            action = grown
            await services.sleep(services.debounce)
            await look.library.rest()
            describer = look.library.describer
            if describer is None or look is not self._look:
                return
            try:
                await describer.read(action)
                look.add(**_described(look.library, action), history=describer.rows(action))
                look.add(picture=await describer.contact_sheet(action))
            except GumnutError as error:
                look.add(error=explain(error).what)
            grown = look.grown(action)
        look.read = action


def _described(library: OpenLibrary, action: Action) -> dict[str, Any]:
    describer, context = library.describer, library.context
    if describer is None:
        return {}
    zone, now, retention = context.zone.now(), context.services.clock(), context.settings.retention_period
    lines = describer.lines(action, zone=zone, now=now, retention=retention)
    return {"title": describer.sentence(action), "action": lines}
