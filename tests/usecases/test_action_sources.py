"""Who is asked about actions: the service while it may be, the journal where there is one."""

from __future__ import annotations

from gumnut_tui.domain.models import EventPage
from gumnut_tui.domain.ports import EventQuery, no_others
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryKey
from gumnut_tui.usecases.action_sources import EVENTS_ALONE, sources_of
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.moves import JournaledLibraries, OtherLibraries
from gumnut_tui.usecases.origins import JournalTrashHistory
from tests.factories import NOW
from tests.journal.memory import memory_database


class Service:
    """A service with nothing in it."""

    async def events(self, query: EventQuery) -> EventPage:
        """The only page."""
        return EventPage((), None, has_more=False)


async def test_what_is_asked_about_actions() -> None:
    """Moves are looked for in the feeds of other libraries, offline in the journal; its past is asked either way."""
    assert sources_of(None, no_others, None) == EVENTS_ALONE
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        link = JournalLink(journal, await journal.begin(LibraryKey("https://api", "me", "lib_home"), name="Home"))
        online, offline = sources_of(Service(), no_others, link), sources_of(None, no_others, link)
    assert isinstance(online.elsewhere, OtherLibraries)
    assert isinstance(offline.elsewhere, JournaledLibraries)
    assert isinstance(sources_of(Service(), no_others, None).elsewhere, OtherLibraries)
    for sources in (online, offline):
        assert isinstance(sources.trash_history, JournalTrashHistory)
        assert sources.history is not None
