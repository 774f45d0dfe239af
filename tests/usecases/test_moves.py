"""Where photos went, as the other libraries' feeds tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.errors import Forbidden
from gumnut_tui.domain.models import Event, EventPage, Library, to_us
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryKey
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.moves import MOST_PAGES, JournaledLibraries, OtherLibraries
from tests.factories import NOW, make_event
from tests.journal.memory import memory_database

STUDIO, PORTO = Library("lib_studio", "Studio\x1b"), Library("lib_porto", "Porto")
OUT = Action(Family.MOVED_OUT, "", to_us(NOW), to_us(NOW) + 2_000_000, 2)
PHOTOS = ("asset_1", "asset_2")


class Feeds:
    """The feeds of libraries by id, in pages of two events; what is missing may not be read."""

    def __init__(self, **feeds: list[Event]) -> None:
        self._feeds = feeds
        self.asked: list[EventQuery] = []

    async def events(self, query: EventQuery) -> EventPage:
        """A page from the beginning, or behind a cursor."""
        self.asked.append(query)
        feed = self._feeds.get(query.library_id or "")
        if feed is None:
            raise Forbidden("not yours", 403)
        start = next((at for at, event in enumerate(feed, 1) if event.cursor == query.after_cursor), 0)
        page = feed[start : start + 2]
        return EventPage(tuple(page), page[-1].cursor if page else None, start + 2 < len(feed))


def moved(*photos: str, event_type: str = "asset_moved_in", seconds: float = 0) -> list[Event]:
    """One event for each photo."""
    at = NOW + timedelta(seconds=seconds)
    return [
        make_event(number, event_type=event_type, entity_id=photo, created_at=at)
        for number, photo in enumerate(photos, 1 + int(seconds))
    ]


def libraries(feeds: Feeds, *others: Library) -> OtherLibraries:
    """An account with these beside the one looked at."""

    async def listed() -> Sequence[Library]:
        return others

    return OtherLibraries(feeds, listed)


async def test_the_library_that_got_all_photos_is_named() -> None:
    """Escaped; those before it that got none, or may not be read, do not matter."""
    feeds = Feeds(lib_porto=moved("asset_3"), lib_studio=moved("asset_0", *PHOTOS))
    look = libraries(feeds, Library("lib_closed", "Closed"), PORTO, STUDIO)
    assert (await look(OUT, PHOTOS)).startswith("Studio")
    assert "\x1b" not in await look(OUT, PHOTOS)


async def test_photos_that_came_are_looked_for_where_they_left() -> None:
    """Each move has an event here and one there."""
    there = moved(*PHOTOS, event_type="asset_moved_out")
    look = libraries(Feeds(lib_porto=moved(*PHOTOS), lib_studio=there), PORTO, STUDIO)
    assert (await look(Action(Family.MOVED_IN, "", OUT.first_us, OUT.last_us, 2), PHOTOS)).startswith("Studio")


async def test_nothing_is_said_of_photos_that_went_several_ways() -> None:
    """Nor of those whose other end is in no feed that can be read."""
    feeds = Feeds(lib_porto=moved("asset_1"), lib_studio=moved("asset_2"))
    assert await libraries(feeds, PORTO, STUDIO)(OUT, PHOTOS) == ""
    assert await libraries(Feeds())(OUT, PHOTOS) == ""


async def test_only_what_happened_meanwhile_is_read() -> None:
    """The feed is not read on once it is past the move, nor for long; and for other actions not at all."""
    later = Feeds(lib_porto=[*moved("asset_7"), *moved("asset_8", *PHOTOS, seconds=3600)])
    assert await libraries(later, PORTO)(OUT, PHOTOS) == ""
    assert len(later.asked) == 1
    busy = Feeds(lib_porto=moved(*map(str, range(40))))
    assert await libraries(busy, PORTO)(OUT, PHOTOS) == ""
    assert len(busy.asked) == MOST_PAGES
    assert await libraries(busy, PORTO)(Action(Family.TRASH, "", 0, 0, 2), PHOTOS) == ""
    assert len(busy.asked) == MOST_PAGES


async def test_offline_the_other_libraries_of_the_journal_are_looked_into() -> None:
    """Those of the same account alone: a library shared by two accounts is journaled for each."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        own = await journal.begin(LibraryKey("https://api", "me", "lib_home"), name="Home")
        for account, library, there in (
            ("else", "lib_porto", moved(*PHOTOS)),
            ("me", "lib_garden", moved("asset_1")),
            ("me", "lib_studio", moved("asset_0", *PHOTOS)),
        ):
            record = await journal.begin(LibraryKey("https://api", account, library), name=library.title())
            await journal.append(record, EventPage(tuple(there), "c", has_more=False))
        look = JournaledLibraries(JournalLink(journal, own))
        assert await look(OUT, PHOTOS) == "Lib_Studio"
        assert await look(OUT, ("asset_9",)) == ""
