"""Makes an undo plan for a library, and finds the events that one can be made for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, UNDOABLE, Event, Operation, Presence
from gumnut_tui.undo.build import build_plan
from gumnut_tui.undo.plan import Copy, Heading, Plan
from gumnut_tui.undo.situation import Situation
from gumnut_tui.usecases.copies import Sought
from gumnut_tui.usecases.situation_reader import SituationReader

if TYPE_CHECKING:
    from gumnut_tui.usecases.reading import LibraryReading

FindCopies = Callable[[Sequence[Sought]], Awaitable[Mapping[str, Copy]]]
"""Searches disks for the bytes of photos, of which there may be none."""


async def undoable(
    reading: LibraryReading, wanted: EventFilter, *, changes: bool = False, exact: bool = False
) -> list[Event]:
    """The events that match and can be undone; with `changes` those of fields, too."""
    able = UNDOABLE if changes else DESTRUCTIVE
    operations = able if wanted.operations is None else wanted.operations & able
    return await reading.read_all(msgspec.structs.replace(wanted, operations=operations), exact=exact)


@dataclass(frozen=True)
class Planner:
    """Makes plans for one library."""

    reading: LibraryReading
    tell: Callable[[str], object] = lambda _words: None
    """Called with what is being done."""

    async def plan(
        self,
        events: Sequence[Event],
        heading: Heading,
        *,
        changes: bool = False,
        find_copies: FindCopies | None = None,
    ) -> Plan:
        """The plan that undoes these events; raises what journal and service raise."""
        if not events:
            return Plan(heading, (), {})
        reader = SituationReader(self.reading, events, self.tell, changes=changes)
        situation = await reader.read()
        if find_copies is not None:
            copies = await find_copies(sought(situation))
            situation = replace(situation, copies=copies, room=await reader.room() if copies else None)
        return build_plan(situation, heading)


def sought(situation: Situation) -> list[Sought]:
    """The photos a copy of whose bytes would bring back."""
    found = []
    for asset in situation.selection.ids("asset", Operation.TRASHED, Operation.DELETED):
        file = situation.file(asset)
        size, checksum = fields_of.count(file, "file_size_bytes"), fields_of.raw_id(file, "checksum")
        is_gone = situation.presence(asset) is Presence.GONE and ("asset", asset) not in situation.successors
        if is_gone and checksum and size is not None:
            found.append(Sought(asset, size, checksum))
    return found


async def plan_heading(reading: LibraryReading, scope: str, configured: str) -> Heading:
    """What a plan for this library is for; `configured` is the server it would be run against."""
    from gumnut_tui.usecases.export import command_address

    opened = reading.opened
    record = None if opened.link is None else opened.link.record
    is_offline = opened.service is None
    if opened.service is not None:
        base_url, as_of = opened.service.base_url, reading.terms.clock()
    else:
        assert record is not None
        base_url, as_of = command_address(configured, record.key.base_url), record.as_of
    library = opened.library
    return Heading(opened.library_id, library.name if library else "", base_url, scope, as_of, is_offline)
