"""Whatever a service answers, the screen stays and keeps its rows."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from hypothesis import HealthCheck, Phase, example, given, settings

from gumnut_tui.api.caller import CallContext
from gumnut_tui.api.client import Client
from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.domain.service_clock import ServiceClock
from tests.api.fakes import BASE, KEY
from tests.app.stage import make_app, no_sleep
from tests.app.waiting import main_screen, running, wait_until
from tests.factories import NOW
from tests.wild_answers import ENTITIES, WELL, Raw, as_json, event, services
from tests.wild_answers import Service as WildService

Service = Callable[[httpx.Request], httpx.Response]
KEYS = ("j", "enter", "]", "]", "]", "]", "/", "b", "o", "a", "t", "enter", "n", "d", "d", "S", "r", "G", "k")


FEW = settings(
    deadline=None,
    max_examples=2,
    # Each takes a second or more: too long to look for a smaller one.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def with_album(**dates: str) -> Service:
    """A service with one album, and its events, as it was found to end the program."""
    album = ENTITIES["/api/albums"] | dates
    page = as_json({"data": [event(1), event(7, payload=Raw("NaN"))], "has_more": False, "next_cursor": "end"})

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/events":
            return httpx.Response(200, content=page)
        if request.url.path == "/api/libraries":
            return httpx.Response(200, json=[{"id": "lib_1", "name": "Home"}])
        if request.url.path == "/api/albums":
            return httpx.Response(200, json={"data": [album], "has_more": False})
        return httpx.Response(422, content=as_json({"detail": Raw("[" * 900 + "]" * 900)}))

    return serve


def make_wild_app(service: Service) -> GumnutApp:
    """The app on the service, with its clock."""
    clock = ServiceClock(lambda: NOW)
    context = CallContext(clock=clock, sleep=no_sleep)
    client = Client(base_url=BASE, key=KEY, transport=httpx.MockTransport(service), context=context)
    return make_app(client, services={"clock": clock})


@FEW
@given(service=services())
@example(service=with_album(start_date="9999-12-31T23:59:59.999999-14:00", end_date="0001-01-01T00:00:00+14:00"))
async def test_the_screen_stays(service: Service) -> None:
    """Nothing an answer holds ends the program while one walks through rows, detail, search and filters."""
    app = make_wild_app(service)
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen_stack[0], MainScreen))
        for key in KEYS:
            await pilot.press(key)
        await pilot.pause()
        assert app.is_running
        assert app._exception is None


@FEW
@given(service=services())
async def test_the_rows_stay(service: WildService) -> None:
    """What was read while the service was well is there whatever it answers later."""
    service.is_well = True
    app = make_wild_app(service)
    async with running(app) as pilot:
        library = main_screen(app).library
        cursors = {library.opened.feed.store.cursor(row) for row in range(len(WELL))}
        service.is_well = False
        for key in KEYS:
            await pilot.press(key)
        await pilot.pause()
        assert app._exception is None
        events = library.opened.feed.store
        assert cursors <= {events.cursor(row) for row in range(len(events))}
        assert main_screen(app).table.row_count >= len(cursors)
