"""Whatever a service answers, a command ends with a documented code and an error in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from gumnut_tui.domain.service_clock import ServiceClock
from tests.api.fakes import KEY
from tests.cli.harness import Ran, gumnut, runtime
from tests.factories import NOW
from tests.wild_answers import as_json, event, services

Service = Callable[[httpx.Request], httpx.Response]
COMMANDS = (
    ("events", "--since", "all", "--format", "jsonl"),
    ("events", "--since", "24h", "--format", "table", "--order", "newest"),
    ("events", "--since", "all", "--format", "csv", "--search", "boat"),
    ("entity", "asset_1"),
    ("entity", "album_1", "--format", "json"),
    ("entity", "person_1"),
    ("entity", "asset_stack_1"),
    ("libraries",),
    ("deletions", "--since", "all"),
    ("deletions", "--since", "all", "--format", "html"),
    ("watch", "--once", "--since", "all", "--fail-on", "deleted>1/1d"),
    ("actions", "--since", "all"),
    ("actions", "--since", "all", "--format", "jsonl"),
    ("actions", "--since", "all", "--format", "html"),
    ("undo", "--since", "all", "--changes"),
    ("undo", "--since", "all", "--format", "python"),
    ("doctor",),
)
KEPT = (
    ("sync",),
    ("events", "--since", "all", "--format", "jsonl", "--names"),
    ("entity", "asset_1", "--at", "2026-11-20T12:00"),
    *((*command, "--offline") for command in COMMANDS if command[0] in ("events", "entity", "deletions", "actions")),
    ("journal", "info"),
    ("journal", "verify"),
    ("journal", "export"),
)


def ran(service: Service, *arguments: str, **changes: Any) -> Ran:
    """The command against the service."""
    clock = ServiceClock(lambda: NOW)
    known = {"GUMNUT_API_KEY": KEY, "GUMNUT_TUI_TRACEBACK": "1"}
    return gumnut(runtime(known, transport=httpx.MockTransport(service), clock=clock, **changes), *arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(service=services())
def test_a_command_ends_in_words(command: tuple[str, ...], service: Service) -> None:
    """Never in a fault of ours, and what it prints as JSON is JSON."""
    check(command, ran(service, *command))


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(service=services())
def test_a_journal_of_it_answers_in_words_too(tmp_path_factory: pytest.TempPathFactory, service: Service) -> None:
    """Whatever was stored of such answers can be read again, whole and without a network."""
    folder = tmp_path_factory.mktemp("journal")
    for command in KEPT:
        check(command, ran(service, *command, journal_folder=lambda: folder))


def check(command: tuple[str, ...], done: Ran) -> None:
    """It ended as documented."""
    assert done.code in (0, 1, 2, 3, 4, 5), (command, done.err)
    assert "something went wrong" not in done.err, (command, done.err)
    assert KEY not in done.out + done.err
    if "json" in command:
        for text in [done.out] if done.out else []:
            json.loads(text, parse_constant=_refused)
    elif "jsonl" in command or command == ("journal", "export"):
        for line in done.lines:
            json.loads(line, parse_constant=_refused)


def _refused(word: str) -> Any:
    raise AssertionError(f"{word} is no JSON")


def test_of_three_hundred_events_one_that_is_odd_costs_none() -> None:
    """All are printed, the odd one marked, and the command is done."""
    from tests.wild_answers import Raw

    feed: list[Any] = [event(number) for number in range(300)]
    feed[150]["payload"] = Raw("NaN")
    page = as_json({"data": feed, "has_more": False, "next_cursor": "end", "as_of": "x"})

    def service(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/events":
            return httpx.Response(200, content=page)
        return httpx.Response(200, json=[{"id": "lib_1", "name": "Home"}])

    done = ran(service, "events", "--since", "all", "--format", "jsonl")
    assert (done.code, len(done.rows), done.err) == (0, 300, "")
    assert done.rows[150]["payload"] == {"unreadable": {"payload": "NaN"}}
