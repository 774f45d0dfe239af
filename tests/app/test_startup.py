"""Starting without a key, or with one that does not work."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from textual.app import App
from textual.widgets import Input

from gumnut_tui.config.key_sources import Keep
from gumnut_tui.domain.errors import (
    ConnectionFailed,
    Forbidden,
    GumnutError,
    KeyRefused,
    LibraryNotChosen,
    RateLimited,
    ServerFailure,
    UnexpectedAnswer,
)
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import EventPage, Library
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.domain.service_clock import ServiceClock
from tests.app.scripted import ScriptedClient
from tests.app.stage import SECRET, HandClock, OutsideWorld, make_app
from tests.app.waiting import is_read, line_with, main_screen, press, running, screen_text, wait_for_text, wait_until
from tests.factories import NOW

REFUSED = KeyRefused("GET /api/libraries", 401, "Invalid or expired token")


def welcomes(app: App[Any]) -> bool:
    """Whether the first-start screen stands there."""
    return "Gumnut dashboard" in screen_text(app)


async def test_a_key_given_is_tested_kept_and_used() -> None:
    """Without a key the screen asks for one, tests it, keeps it where one wants, and reads the account."""
    outside = OutsideWorld()
    app = make_app(key=None, outside=outside)
    async with running(app, until=welcomes) as pilot:
        app.screen.query_one(Input).value = SECRET
        await press(pilot, "enter")
        await wait_for_text(pilot, "This key can read Home, Work.", "In the config file")
        assert SECRET not in screen_text(app)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: is_read(app))
        assert outside.kept == [(SECRET, Keep.FILE)]
        assert outside.keys == [SECRET, SECRET]
        assert SECRET not in screen_text(app)


async def test_a_key_need_not_be_kept() -> None:
    """Kept nowhere, the key still opens the account now."""
    outside = OutsideWorld()
    app = make_app(key=None, outside=outside)
    async with running(app, until=welcomes) as pilot:
        app.screen.query_one(Input).value = SECRET
        await press(pilot, "enter")
        await wait_for_text(pilot, "Not at all")
        await press(pilot, "G", "enter")
        await wait_until(pilot, lambda: is_read(app))
        assert outside.kept == []


async def test_the_demo_opens_from_the_first_start() -> None:
    """d opens the demo library from the choices, and the title says that it is the demo."""
    app = make_app(key=None)
    async with running(app, until=welcomes) as pilot:
        await press(pilot, "down", "d")
        await wait_until(pilot, lambda: is_read(app))
        assert "(demo)" in line_with(app, "Gumnut activity")


async def test_esc_leaves_the_program() -> None:
    """Neither key nor demo: the program ends."""
    app = make_app(key=None)
    async with running(app, until=welcomes) as pilot:
        await press(pilot, "escape")
        await wait_until(pilot, lambda: not app.is_running or app._exit)


async def test_a_refused_key_is_asked_for_again() -> None:
    """A configured key the service refuses leads to the first-start screen, which says so; another key goes on."""

    def account(key: Key) -> ScriptedClient:
        return ScriptedClient(failure=REFUSED if key.reveal() == SECRET else None)

    app = make_app(account)
    async with running(app, until=welcomes) as pilot:
        assert "401" in screen_text(app)
        app.screen.query_one(Input).value = "apikey_other"
        await press(pilot, "enter")
        await wait_for_text(pilot, "This key can read Home, Work.")
        await press(pilot, "G", "enter")
        await wait_until(pilot, lambda: is_read(app))


async def test_a_dead_network_at_the_start_is_told_and_overcome() -> None:
    """Without a network the screen says what is wrong and when it asks again; r asks now, and then rows come."""
    client = ScriptedClient(failure=ConnectionFailed("GET /api/events", "no route to host"))
    app = make_app(client)
    async with running(app, until=lambda app: "OFFLINE" in screen_text(app)) as pilot:
        assert "no route to host" in screen_text(app)
        client.failure = None
        await press(pilot, "r")
        await wait_until(pilot, lambda: is_read(app))
        assert "LIVE" in line_with(app, "Gumnut activity")


async def test_a_429_says_when_it_tries_again() -> None:
    """While the client waits to ask again the title says how long and why; the rows stay."""
    outside = OutsideWorld()
    app = make_app(outside=outside)
    async with running(app) as pilot:
        outside.wait(4, "429")
        await wait_for_text(pilot, "RETRYING in 4 s (429)")
        assert main_screen(app).table.row_count == 60
        await press(pilot, "r")
        await wait_for_text(pilot, "LIVE")


async def test_a_429_that_lasts_keeps_the_rows() -> None:
    """When asking failed for good the rows stay, the title counts, and r retries."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        client.failure = RateLimited("GET /api/events", 429, "slow down")
        await press(pilot, "r")
        await wait_for_text(pilot, "RETRYING", "(429)")
        assert main_screen(app).table.row_count == 60
        client.failure = ServerFailure("GET /api/events", 503, "down")
        await press(pilot, "r")
        await wait_for_text(pilot, "RETRYING", "(503)")
        client.failure = UnexpectedAnswer("GET /api/events", "JSON", "the body", "<html>")
        await press(pilot, "r")
        await wait_for_text(pilot, "RETRYING", "(unexpected answer)")
        client.failure = None
        await press(pilot, "r")
        await wait_for_text(pilot, "LIVE")


async def test_a_key_refused_while_running_keeps_the_rows() -> None:
    """A key revoked meanwhile is said in the title; the rows stay, keys work, and r retries."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        client.failure = REFUSED
        await press(pilot, "r")
        await wait_for_text(pilot, "key refused")
        await press(pilot, "j", "d")
        assert main_screen(app).table.row_count == 6
        client.failure = None
        await press(pilot, "r")
        await wait_for_text(pilot, "LIVE")


async def test_a_server_that_does_not_answer_is_not_called_live() -> None:
    """Within five seconds the title says so; the rows stay, and with the answer it is LIVE again."""
    client, clock = ScriptedClient(), HandClock()
    app = make_app(client, services={"clock": clock.now, "tick": 0.01})
    async with running(app) as pilot:
        client.gate.clear()
        await press(pilot, "r")
        await wait_until(pilot, lambda: len(client.asked) > 1)
        clock.add(2)
        await wait_for_text(pilot, "LIVE polled 2s ago")
        clock.add(2)
        await wait_for_text(pilot, "RETRYING no answer for 4 s")
        assert "LIVE" not in line_with(app, "Gumnut activity")
        assert main_screen(app).table.row_count == 60
        client.gate.set()
        await wait_for_text(pilot, "LIVE polled just now")


async def test_a_failed_connection_names_the_address() -> None:
    """What was tried may not be what was meant."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        client.failure = ConnectionFailed("GET /api/events", "reset", "api.example.org:443")
        await press(pilot, "r")
        await wait_for_text(pilot, "OFFLINE no connection to api.example.org:443 · retries in")


async def test_a_lost_network_while_running_keeps_the_rows() -> None:
    """Without a network the rows stay, and the title says OFFLINE and why."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app) as pilot:
        client.failure = ConnectionFailed("GET /api/events", "connection reset")
        await press(pilot, "r")
        await wait_for_text(pilot, "OFFLINE no connection · retries in")
        assert main_screen(app).table.row_count == 60


async def test_a_library_that_is_not_there_is_answered_with_the_list() -> None:
    """--library with a wrong name shows which libraries there are, each on its line."""
    app = make_app(library="Attic")
    async with running(app, until=lambda app: "no library called Attic" in screen_text(app)):
        assert "lib_home" in line_with(app, "Home")
        assert "lib_work" in line_with(app, "Work")
        assert "␊" not in screen_text(app)


async def test_the_connection_is_closed_on_leaving() -> None:
    """Leaving closes the client."""
    client = ScriptedClient()
    app = make_app(client)
    async with running(app):
        pass
    assert client.is_closed


OUTAGES = [
    UnexpectedAnswer("GET /api/libraries", "JSON", "the body", "<html>"),
    Forbidden("GET /api/libraries", 403),
    ServerFailure("GET /api/libraries", 503),
]


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: type(outage).__name__)
async def test_the_library_wanted_is_opened_once_an_outage_at_the_start_is_over(outage: GumnutError) -> None:
    """Not one the service has to choose: the libraries are asked for again until they are listed."""
    client = ScriptedClient(failure=outage)
    app = make_app(client, library="Work")
    async with running(app, until=lambda app: "RETRYING" in screen_text(app)) as pilot:
        client.failure = None
        await press(pilot, "r")
        await wait_until(pilot, lambda: is_read(app))
        assert "Work" in line_with(app, "Gumnut activity")
        assert {library for library, _ in client.asked} == {"lib_work"}
        assert app.problem is None


async def test_a_library_that_turns_out_not_to_be_there_after_an_outage_is_said() -> None:
    """Asking for it again would not help."""
    client = ScriptedClient(failure=ServerFailure("GET /api/libraries", 503))
    app = make_app(client, library="Attic")
    async with running(app, until=lambda app: "RETRYING" in screen_text(app)) as pilot:
        client.failure = None
        await press(pilot, "r")
        await wait_for_text(pilot, "no library called Attic", "lib_home")
        assert isinstance(app.problem, LibraryNotChosen)


HALF = timedelta(seconds=0.5)
"""Answers tell whole seconds, so that the middle of one is taken."""


@pytest.mark.parametrize("days", [-2, 2])
@pytest.mark.parametrize("asked", ["libraries", "events"])
async def test_the_last_hour_is_the_services(days: int, asked: str) -> None:
    """Our clock may be days off: the range counts by the service's as soon as an answer tells it, the feed's too."""
    clock = ServiceClock(lambda: NOW + timedelta(days=days))

    class Dated(ScriptedClient):
        """Its answers tell the time."""

        async def libraries(self, state: str = "live") -> list[Library]:
            if asked == "libraries":
                clock.learn(NOW - HALF, clock.local(), clock.local())
            return await super().libraries(state)

        async def events(self, query: EventQuery) -> EventPage:
            clock.learn(NOW - HALF, clock.local(), clock.local())
            return await super().events(query)

    app = make_app(Dated(), since="1h", services={"clock": clock})
    async with running(app) as pilot:
        await wait_until(pilot, lambda: main_screen(app).table.row_count == 12)
        await wait_for_text(pilot, "clock is 2 d")
        assert "‹1h›" in screen_text(app)


class Silent(ScriptedClient):
    """Does not say which libraries there are, nor whose key it is, before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.released = asyncio.Event()
        self.listed = 0

    async def libraries(self, state: str = "live") -> list[Library]:
        self.listed += 1
        await self.released.wait()
        return await super().libraries(state)


async def test_a_service_that_is_silent_at_the_start_is_told_and_waited_for() -> None:
    """The screen is shown without the libraries, and says for how long there was no answer; one request is enough."""
    client, clock = Silent(), HandClock()
    app = make_app(client, services={"clock": clock.now, "patience": 0.01})
    async with running(app, until=lambda app: "your library" in screen_text(app)) as pilot:
        clock.add(4)
        main_screen(app).presenter.look_at_clock()
        await wait_for_text(pilot, "RETRYING no answer for 4 s")
        client.released.set()
        await wait_until(pilot, lambda: is_read(app))
        assert "Home" in line_with(app, "Gumnut activity")
        assert client.listed == 1


async def test_a_key_refused_late_is_asked_for_again() -> None:
    """As one that is refused at once."""
    client = Silent()
    app = make_app(client, services={"patience": 0.01})
    async with running(app, until=lambda app: "your library" in screen_text(app)) as pilot:
        client.failure = REFUSED
        client.released.set()
        await wait_for_text(pilot, "paste it here")
