"""Who knows of actions what their events do not tell: the journal, and the account's other libraries."""

from __future__ import annotations

from dataclasses import dataclass

from gumnut_tui.domain.ports import EventSource, Others
from gumnut_tui.usecases.action_changes import CopyHistory
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.moves import Elsewhere, JournaledLibraries, OtherLibraries, nowhere
from gumnut_tui.usecases.origins import JournalTrashHistory, TrashHistory, no_trash_history


@dataclass(frozen=True, kw_only=True)
class ActionSources:
    """What describes actions asks these; by default they know nothing."""

    history: CopyHistory | None = None
    """What entities were when they were read before."""
    elsewhere: Elsewhere = nowhere
    """The libraries that photos were moved to or came from."""
    trash_history: TrashHistory = no_trash_history
    """Whether photos deleted for good had been in the trash."""


EVENTS_ALONE = ActionSources()
"""Nothing but the events tells of actions."""


def sources_of(service: EventSource | None, others: Others, link: JournalLink | None) -> ActionSources:
    """All there are for a library; without `service` nothing is requested."""
    if service is not None:
        elsewhere: Elsewhere = OtherLibraries(service, others)
    else:
        elsewhere = nowhere if link is None else JournaledLibraries(link)
    if link is None:
        return ActionSources(elsewhere=elsewhere)
    return ActionSources(history=link.memory, elsewhere=elsewhere, trash_history=JournalTrashHistory(link))
