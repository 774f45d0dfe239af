"""From options to a library on the screen: the demo, the journal alone, or an account, with or without a key yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.journal_controller import JournalController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.ports import Ports
from gumnut_tui.app.unread import Unread
from gumnut_tui.domain.errors import (
    GumnutError,
    JournalDamaged,
    KeyRefused,
    LibraryNotChosen,
    RefusedAddress,
    UsageProblem,
    explain,
)
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import Library
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import clock_words
from gumnut_tui.usecases.account import (
    LazyClient,
    account_id,
    choose,
    demo_address,
    libraries_to_choose_from,
    listed_libraries,
)
from gumnut_tui.usecases.journals import JournalAccess, JournalLink

if TYPE_CHECKING:
    from gumnut_tui.api.caller import Wait
    from gumnut_tui.api.client import Client
    from gumnut_tui.ui.screens.welcome import KeyGiven


Listing = asyncio.Future[list[Library] | None]
"""The account's libraries, once the service has told them; None where the key may not list them."""
LOOK_SECONDS = 0.5
"""Between two looks at whether the service answers again."""
NOTICE_SECONDS = 15.0
"""How long warnings about the environment are shown."""


class Startup:
    """Holds the client and the journal, and opens libraries."""

    def __init__(
        self,
        options: ScreenOptions,
        library: LibraryController,
        journal: JournalController,
        access: JournalAccess,
        presenter: PanePresenter,
        ports: Ports,
    ) -> None:
        self._options = options
        self._services = library.opened.context.services
        self._library = library
        self._journal = journal
        self._access = access
        self._presenter = presenter
        self._ports = ports
        self._libraries: Sequence[Library] = ()
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._is_demo = False
        self.problem: GumnutError | None = None
        """What keeps the library from being opened."""
        access.tell_damage(self._tell_damage)
        if isinstance(self._services.clock, ServiceClock):
            self._services.clock.on_difference = self._tell_difference
            self._services.clock.on_set = self._put_clock_right

    def start(self) -> None:
        """Open what the options ask for; without a key, ask for one."""
        # Later, as notices sent before the main screen is up are not drawn on it.
        self._ports.after(self._services.loading, self._tell_notices)
        self._ports.run(self._start, "connect")

    async def _start(self) -> None:
        if self._options.offline:
            await self._open_offline()
        elif self._options.demo:
            await self._open_demo()
        elif self._options.key is None:
            await self._ask_for_key("")
        else:
            await self._open_account(self._options.key)

    async def close(self) -> None:
        """Close the connections, then the journal."""
        await self._journal.stop()
        if self._client is not None:
            await self._client.aclose()
        await self._access.aclose()

    def show_library(self, library_id: str) -> None:
        """Open another one of the account's libraries."""
        library = next((each for each in self._libraries if each.id == library_id), None)
        if library is not None and library_id != self._library.opened.context.library_id:
            show = partial(self._show_offline, library.id) if self._options.offline else partial(self._show, library)
            self._ports.run(show, "connect")

    def ask_about_journal(self) -> None:
        """Offer to keep a journal of the library shown, or show what it holds."""
        self._ports.run(self._ask_about_journal, "dialogue")

    async def _ask_about_journal(self) -> None:
        if self._is_demo and not self._options.demo:
            self._ports.say("the demo has its own journal: start with --demo")
        elif self._client is not None:
            await self._journal.ask(self._client, is_demo=self._is_demo)
        elif (link := self._library.opened.context.link) is not None:
            await self._journal.tell(link)

    async def _show(self, library: Library | None) -> None:
        """Open a library, from its journal if one is kept; a first sync that was not finished is resumed."""
        self.problem = None
        assert self._client is not None
        link = None if self._is_demo else await self._link(library)
        self._library.open(self._client, library, link)
        if link is not None:
            self._journal.index(link)
            if not link.is_complete:
                self._journal.resume(link)

    async def _open_demo(self) -> None:
        self._presenter.is_demo = True
        self._is_demo = True
        client = await asyncio.to_thread(self._services.demo, self._tell_wait)
        # A library that was asked for along with a key is not one of the demo's.
        await self._browse(client, self._options.library if self._options.demo else None)

    async def _open_offline(self) -> None:
        await self._show_offline(self._options.library)
        with suppress(RefusedAddress):
            self._list([link.library for link in await self._access.complete(self._address())])

    def _address(self) -> str:
        """The address of the service, or of the embedded library; raises `RefusedAddress`."""
        from gumnut_tui.api.address import base_address

        return demo_address() if self._options.demo else base_address(self._options.settings.base_url)

    async def _show_offline(self, wanted: str | None) -> None:
        from gumnut_tui.usecases.reading import open_offline

        try:
            # Copied commands carry the key there, even when no request is made now.
            opened = await open_offline(self._access, wanted, self._address(), takes_latest=True)
        except GumnutError as error:
            self._fail(error)
            return
        assert opened.link is not None
        self._library.open(opened.client, opened.library, opened.link)
        self._journal.index(opened.link)

    async def _open_account(self, key: Key) -> None:
        settings = self._options.settings
        link = await self._access.at_once(settings.base_url, self._options.library)
        if self._access.warning:
            self._warn(self._access.warning)
        if link is not None:
            client_to_be = LazyClient(settings.base_url, self._owner(key, link), lambda: self._client)
            self._library.open(client_to_be, link.library, link)
            # Until the service lists all of them, which it may not do for long.
            self._list([link.library])
            # Loading what a client needs would delay the rows that are at hand.
            await self._library.opened.has_opened.wait()
            self._journal.index(link)
        try:
            client = await self._account(key)
        except GumnutError as error:
            self._fail(error)
        else:
            await self._browse(client, self._options.library, link)

    def _owner(self, key: Key, link: JournalLink) -> Callable[[], Awaitable[Client]]:
        """Connects as the account the journaled library belongs to; another account's feed never goes into it."""

        async def connect() -> Client:
            client = await self._account(key)
            if await account_id(client) != link.record.key.account:
                raise LibraryNotChosen([], link.record.name)
            return client

        return connect

    async def _account(self, key: Key) -> Client:
        """The one client of the account."""
        async with self._connecting:
            if self._client is None:
                self._client = await asyncio.to_thread(self._services.account, key, self._tell_wait)
            return self._client

    async def _browse(self, client: Client, wanted: str | None, shown: JournalLink | None = None) -> None:
        """Show the library that was asked for, unless it is `shown` from the journal already."""
        self._client = self._client or client
        listing = asyncio.ensure_future(libraries_to_choose_from(client, wanted))
        try:
            if shown is None:
                await asyncio.wait((listing,), timeout=self._services.patience)
                if not listing.done():
                    self._wait_for_libraries(client, wanted, listing)
                    return
            libraries = await listing
            account = await account_id(client) if shown else ""
        except KeyRefused as error:
            await self._ask_for_key(explain(error).what)
            return
        except GumnutError as error:
            # The feed retries by itself; it only has to be started.
            if shown is None:
                self._fail(error)
                self._wait_for_libraries(client, wanted)
            else:
                self._ports.run(partial(self._browse_later, client, wanted, shown), "feed", exclusive=False)
            return
        self._list(libraries)
        if shown is None or shown.record.key.account != account:
            await self._show_wanted(libraries, wanted)

    async def _browse_later(self, client: Client, wanted: str | None, shown: JournalLink) -> None:
        """The rows come from the journal; the libraries are asked for again once the feed answers."""
        unread = Unread(self._services.clock)
        unread.failed()
        while not unread.is_due(self._library.opened.poller.state):
            await self._services.sleep(LOOK_SECONDS)
        await self._browse(client, wanted, shown)

    def _wait_for_libraries(self, client: Client, wanted: str | None, listing: Listing | None = None) -> None:
        """Show a feed that asks for the libraries, at first with what was asked already, until they are listed."""
        connect = self._listing(client, wanted, listing)
        self._library.open(LazyClient(client.base_url, connect, lambda: client), None, None)

    def _listing(self, client: Client, wanted: str | None, listing: Listing | None) -> Callable[[], Awaitable[Client]]:
        """Asks for the libraries until they are listed; then the one wanted takes the place of the feed that asks."""
        asked = [] if listing is None else [listing]

        async def connect() -> Client:
            try:
                libraries = await (asked.pop() if asked else libraries_to_choose_from(client, wanted))
            except KeyRefused as error:
                self._ports.run(partial(self._ask_for_key, explain(error).what), "connect")
                raise
            self._list(libraries)
            self._ports.run(partial(self._show_wanted, libraries, wanted), "connect")
            await asyncio.Event().wait()  # until that feed is cancelled
            return client

        return connect

    def _list(self, libraries: list[Library] | None) -> None:
        self._libraries = self._presenter.libraries = libraries or []
        self._presenter.show_sidebar()

    async def _show_wanted(self, libraries: list[Library] | None, wanted: str | None) -> None:
        try:
            await self._show(_library_to_open(libraries, wanted))
        except UsageProblem as error:
            self._fail(error)

    async def _link(self, library: Library | None) -> JournalLink | None:
        assert self._client is not None
        try:
            return await self._access.link(self._client, library)
        except JournalDamaged:
            # It was reported where it was found.
            return None
        except GumnutError as error:
            self._warn(explain(error).what)
            return None

    def _fail(self, error: GumnutError) -> None:
        """Nothing can be read: say why in place of the rows."""
        self.problem = error
        self._presenter.fail(error)

    def _tell_damage(self, damage: JournalDamaged) -> None:
        self._warn(f"{explain(damage).what} Press {self._presenter.key('journal')} to see what can be done.")

    def _warn(self, words: str) -> None:
        self._ports.notify(visible(words, 300), title="The journal", severity="warning")

    def _tell_notices(self) -> None:
        for notice in self._options.notices:
            self._ports.notify(notice, severity="warning", seconds=NOTICE_SECONDS)

    def _put_clock_right(self, ahead: timedelta) -> None:
        # Later, as the answer that told the time may be one that the feed waits for.
        self._ports.after(0, partial(self._library.put_clock_right, ahead))

    def _tell_difference(self, ahead: timedelta) -> None:
        words = f"{clock_words(ahead)[:1].upper()}{clock_words(ahead)[1:]}; times follow the service's clock."
        self._ports.notify(words, title="The clock", severity="warning")

    def _tell_wait(self, wait: Wait) -> None:
        self._presenter.set_wait(wait)

    # The key

    async def _ask_for_key(self, reason: str) -> None:
        from gumnut_tui.ui.screens.welcome import KeyGiven, OpenDemo, WelcomeScreen

        has_keyring = await asyncio.to_thread(self._services.has_keyring)
        answer = await self._ports.show(
            WelcomeScreen(
                self._check_key,
                config_path=str(self._options.settings.config_path),
                has_keyring=has_keyring,
                reason=visible(reason, 300),
            )
        )
        match answer:
            case KeyGiven():
                await self._keep_key(answer)
                self._client = None
                await self._open_account(Key(answer.key))
            case OpenDemo():
                await self._open_demo()
            case _:
                self._ports.leave()

    async def _check_key(self, text: str) -> str:
        client = await asyncio.to_thread(self._services.account, Key(text), lambda _wait: None)
        async with client:
            libraries = await listed_libraries(client)
            if libraries is None:
                return "This key works; it is limited to some libraries."
            names = ", ".join(visible(library.name, 40) for library in libraries[:3])
            return f"This key can read {names}." if names else "This key works; the account has no library yet."

    async def _keep_key(self, answer: KeyGiven) -> None:
        from gumnut_tui.config.key_sources import Keep
        from gumnut_tui.ui.screens.welcome import Keep as Wish

        places = {Wish.CONFIG: Keep.FILE, Wish.KEYRING: Keep.KEYRING}
        place = places.get(answer.keep)
        if place is None:
            return
        try:
            where = await asyncio.to_thread(self._services.keep_key, Key(answer.key), place)
        except GumnutError as error:
            self._ports.notify(explain(error).what, title="The key was not saved", severity="error")
        else:
            self._ports.notify(f"Saved in {where}.", title="The key")


def _library_to_open(libraries: list[Library] | None, wanted: str | None) -> Library | None:
    """The library wanted, else the first: others are a key away. Raises `UsageProblem` when none has that name."""
    if wanted is None:
        return libraries[0] if libraries else None
    return choose(libraries, wanted)
