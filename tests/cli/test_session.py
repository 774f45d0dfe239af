"""Ranges of every command go by the service's clock, however far off ours is."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.domain.service_clock import ServiceClock
from tests.api.fakes import wire
from tests.cli.harness import gumnut, runtime
from tests.factories import NOW, make_event

OFFSETS = [-2 * 24 * 60, -5, 5, 2 * 24 * 60]
LIBRARY = ("--library", "lib_1")


def answer(request: httpx.Request) -> httpx.Response:
    """A service with one event half an hour ago and one a day and a half ago; nothing else is there any more."""
    dated = {"Date": format_datetime(NOW, usegmt=True)}
    if request.url.path == "/api/server/ping":
        return httpx.Response(200, json="pong", headers=dated)
    if request.url.path == "/api/libraries":
        return httpx.Response(200, json=[], headers=dated)
    if request.url.path in ("/api/assets", "/api/albums"):
        return httpx.Response(200, json={"data": [], "has_more": False}, headers=dated)
    if request.url.path != "/api/events":
        return httpx.Response(404, json={"detail": "Not found"}, headers=dated)
    since = datetime.fromisoformat(request.url.params.get("created_at_gte", "2000-01-01T00:00:00+00:00"))
    events = [
        make_event(number, event_type="asset_deleted", entity_id="asset_1", created_at=NOW - timedelta(hours=hours))
        for number, hours in enumerate((36, 0.5))
    ]
    found = [wire(event) for event in events if event.created_at >= since]
    body = {"data": found, "has_more": False, "next_cursor": "end", "as_of": "x"}
    return httpx.Response(200, json=body, headers=dated)


def around(minutes: float) -> Runtime:
    """Surroundings whose clock is so many minutes ahead."""
    clock = ServiceClock(lambda: NOW + timedelta(minutes=minutes))
    return runtime({"GUMNUT_API_KEY": "apikey_1"}, transport=httpx.MockTransport(answer), clock=clock)


@pytest.mark.parametrize("minutes", OFFSETS)
@pytest.mark.parametrize("command", ["events", "deletions", "entity asset_1 --format json", "events --order newest"])
def test_the_last_hour_is_the_services(command: str, minutes: float) -> None:
    """Before any answer told the time one is asked for, also where the library is named by its id."""
    ran = gumnut(around(minutes), *command.split(), "--since", "1h", *LIBRARY)
    assert (ran.code, ran.out.count("asset_deleted")) == (0, 1)
    assert ran.err.count("this machine's clock is") == 1


def test_a_range_may_end_before_it_would_begin_tomorrow() -> None:
    """What is relative is looked at once, at the service's time."""
    until = (NOW + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    ran = gumnut(around(0), "events", "--since", "1h", "--until", until, *LIBRARY)
    assert (ran.code, len(ran.lines)) == (0, 1)


@pytest.mark.parametrize("minutes", OFFSETS)
def test_whether_a_range_is_empty_is_for_the_services_clock_to_say(minutes: float) -> None:
    """Ours may take a range for empty that is not, and the other way round."""
    begins = (NOW - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert gumnut(around(minutes), "events", "--since", begins, "--until", "now", *LIBRARY).code == 0
    assert gumnut(around(minutes), "events", "--since", "now", "--until", begins, *LIBRARY).code == 2
