"""`gumnut-tui watch` against the demo library."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from gumnut_tui.domain.service_clock import ServiceClock
from tests.api.fakes import KEY, wire
from tests.cli.harness import Ran, Ticking, events, gumnut, runtime, service
from tests.demo.faults import always, final
from tests.demo.little_world import HOME, LittleWorld
from tests.demo.worlds import NOW, make_world
from tests.factories import make_event


def watch(*arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui watch …` where the demo library is the service."""
    return gumnut(service(**changes), "watch", *arguments)


def follow(ticking: Ticking, *arguments: str) -> Ran:
    """The same while the library lives on."""
    world = make_world(events=1_500, days=5)
    return watch(*arguments, world=world, live=True, clock=ticking, sleep=ticking.sleep)


def test_a_rule_that_is_met_is_exit_code_5() -> None:
    """What met it is printed: rule, how many, in how long, from when to when."""
    ran = watch("--once", "--since", "all", "--fail-on", "trashed>20/10m")
    assert (ran.code, len(ran.lines)) == (5, 1)
    assert ran.out.startswith("trashed>20/10m: ")
    assert " events trashed in " in ran.out


def test_a_rule_that_is_not_met_is_exit_code_0() -> None:
    """And nothing is printed."""
    ran = watch("--once", "--since", "all", "--fail-on", "deleted>5000/1d")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert "No rule was met" in watch("--once", "--fail-on", "deleted>5000/1d", talks=True).err


def test_each_rule_that_is_met_is_told() -> None:
    """Several may be given; as JSON one object a line."""
    rules = ("trashed>20/10m", "destructive>=1/1s", "deleted>5000/1d")
    ran = watch(
        "--once", "--since", "all", "--format", "json", *(word for rule in rules for word in ("--fail-on", rule))
    )
    assert ran.code == 5
    assert [row["rule"] for row in ran.rows] == ["trashed>20/10m", "destructive>=1/1s"]
    assert set(ran.rows[0]) == {"rule", "count", "first", "last"}


def test_the_fullest_span_is_told() -> None:
    """Not only that it was too much, but how much it was."""
    (row,) = watch("--once", "--since", "all", "--fail-on", "trashed>20/10m", "--format", "json").rows
    times = [one["created_at"] for one in events("--since", "all", "--ops", "trashed").rows]
    assert row["count"] == sum(row["first"] <= time <= row["last"] for time in times) == 40


def test_filters_choose_what_counts() -> None:
    """An event that does not pass does not count."""
    assert watch("--once", "--since", "all", "--types", "album", "--fail-on", "trashed>=1/1d").code == 0
    assert watch("--once", "--since", "now", "--fail-on", "trashed>=1/1d").code == 0


def test_following_ends_when_a_rule_is_met() -> None:
    """While the library lives on, the first page that meets a rule ends it."""
    ran = follow(Ticking(pauses=200), "--since", "now", "--fail-on", "created,updated>=5/1h")
    assert ran.code == 5
    assert ran.out.startswith("created,updated>=5/1h: ")


def test_following_goes_on_until_ctrl_c() -> None:
    """A rule that is not met is waited for."""
    ran = follow(Ticking(pauses=5), "--fail-on", "deleted>5000/1d")
    assert (ran.code, ran.out) == (130, "")


class Renaming(LittleWorld):
    """An album is made, and called otherwise while one watches."""

    def __init__(self) -> None:
        super().__init__(libraries=1)
        self.put("album", "album_1", name="Porto")
        self.feed(HOME).add("album", "album_1", "album_created")

    def advance(self, now: datetime) -> int:
        if now > NOW and len(self.feed(HOME)) == 1:
            self.put("album", "album_1", name="Italy")
            self.feed(HOME).add("album", "album_1", "album_updated")
        return 0


def test_following_knows_a_new_name() -> None:
    """A text is looked for in the names of now, not in those there were when one began to watch."""
    ticking, rule = Ticking(pauses=5), ("--since", "all", "--fail-on", "updated>=1/1h")
    ran = watch(
        *rule, "--search", "italy", world=Renaming(), library=None, live=True, clock=ticking, sleep=ticking.sleep
    )
    assert ran.code == 5


def test_following_begins_where_a_rule_still_reaches() -> None:
    """What happened longer ago than the longest rule is past, unless --since asks for it."""
    assert follow(Ticking(pauses=3), "--fail-on", "trashed>5/1m").code == 130
    assert follow(Ticking(pauses=3), "--since", "all", "--fail-on", "trashed>5/1m").code == 5


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--fail-on"),
        (("--fail-on", "deleted"), "'deleted'"),
        (("--fail-on", "deletd>5/1m"), "'deletd'"),
        (("--fail-on", "deleted>5/1m", "--until", "now"), "--until"),
    ],
)
def test_wrong_usage_is_named(arguments: tuple[str, ...], named: str) -> None:
    """Exit code 2 and what is wrong."""
    ran = watch(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert named in ran.err


def test_a_failure_is_not_taken_for_a_rule() -> None:
    """A service that cannot answer has its own exit code."""
    assert watch("--once", "--fail-on", "deleted>5/1m", faults=always(final(503))).code == 1


def test_the_help_tells_the_exit_code() -> None:
    """Scripts find it there."""
    assert "5    a rule of `watch --fail-on` was met" in gumnut(service(), "--help").out


@pytest.mark.parametrize("minutes", [5, -5, 2 * 24 * 60])
@pytest.mark.parametrize("library", [[], ["--library", "lib_1"]], ids=["", "by id"])
def test_a_clock_that_is_off_misses_nothing(minutes: int, library: list[str]) -> None:
    """Twenty deletions come while our clock is wrong: the service's time counts, and the difference is said."""
    off = timedelta(minutes=minutes)
    feed: list[dict[str, Any]] = []
    clock = ServiceClock(lambda: NOW + off)

    def answer(request: httpx.Request) -> httpx.Response:
        dated = {"Date": format_datetime(NOW, usegmt=True)}
        if request.url.path == "/api/libraries":
            return httpx.Response(200, json=[{"id": "lib_1", "name": "Home"}], headers=dated)
        if request.url.path != "/api/events":
            return httpx.Response(404, json={"detail": "Not found"}, headers=dated)
        since = datetime.fromisoformat(request.url.params["created_at_gte"])
        found = [one for one in feed if datetime.fromisoformat(one["created_at"]) >= since]
        body = {"data": found, "has_more": False, "next_cursor": "end", "as_of": "x"}
        return httpx.Response(200, json=body, headers=dated)

    async def sleep(_seconds: float) -> None:
        if feed:
            raise KeyboardInterrupt
        gone = (make_event(n, event_type="asset_deleted", created_at=NOW) for n in range(20))
        feed.extend(wire(one) for one in gone)

    known = {"GUMNUT_API_KEY": KEY}
    around = runtime(known, transport=httpx.MockTransport(answer), clock=clock, sleep=sleep)
    ran = gumnut(around, "watch", *library, "--fail-on", "deleted>10/1m")
    assert (ran.code, len(ran.lines)) == (5, 1)
    assert ran.err.count("this machine's clock is") == 1
