"""Reading events in order, each once, on through passing trouble; and their names, or ids where there are none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.caller import CallContext, RetryPolicy
from gumnut_tui.api.client import Client
from gumnut_tui.domain.defaults import MOST_BREAKS
from gumnut_tui.domain.errors import ConnectionFailed, CursorRefused, FeedStuck, GumnutError, KeyRefused, ServerFailure
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import from_us
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.usecases.event_reader import READ_AGAIN, Batch, EventReader, Names, Outage
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, photo
from tests.simulation.adapters import SimulatedApi
from tests.simulation.cases import DAY, HOUR, MINUTE, NOW_US, YEAR_2099, cases, disordered
from tests.simulation.service import Answer, Service, ordered, spread

Fault = Callable[[httpx.Request], httpx.Response]


class Place:
    """A service that was written to, a reader of it, and what was told of trouble."""

    def __init__(self, times_us: list[int], **changes: Any) -> None:
        self.service = Service(NOW_US, **changes)
        spread(self.service, times_us)
        self.words: list[str] = []
        self.slept: list[float] = []
        self.faults: list[Fault | None] = []
        """What the next requests meet; None: an answer."""

    def answer(self, request: httpx.Request) -> httpx.Response:
        fault = self.faults.pop(0) if self.faults else None
        return SimulatedApi(self.service)(request) if fault is None else fault(request)

    def reader(self, since_us: int | None = None, until_us: int | None = None, *, exact: bool = False) -> EventReader:
        client = Client(
            base_url="https://api.example.com",
            key="demo",
            transport=httpx.MockTransport(self.answer),
            context=CallContext(RetryPolicy(attempts=1), sleep=self.sleep),
        )
        query = EventQuery(
            "lib_1",
            created_at_gte=None if since_us is None else from_us(since_us),
            created_at_lt=None if until_us is None else from_us(until_us),
        )
        return EventReader(client, query, timedelta(minutes=10), exact, self.words.append)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def follow(self) -> AsyncGenerator[Batch, None]:
        return self.reader().follow(self.outage())

    def outage(self) -> Outage:
        return Outage(2, self.words.append, self.sleep)


async def told(batches: AsyncGenerator[Batch, None], most: int = 10**9) -> list[str]:
    """The cursors of the events given, up to `most` batches."""
    cursors, count = list[str](), 0
    async for batch in batches:
        cursors += [one.event.cursor for one in batch]
        count += 1
        if count == most:
            break
    await batches.aclose()
    return cursors


@settings(max_examples=cases(40))
@given(
    disordered(),
    st.integers(1, 20),
    st.booleans(),
    st.sampled_from([None, 30 * DAY, DAY]),
    st.sampled_from([None, HOUR, 3 * DAY]),
    st.sampled_from([0, 0, 2]),
)
async def test_backwards_is_the_feed_turned_round(
    times_us: list[int], page_rows: int, honours_lt: bool, back_us: int | None, until_back: int | None, overlap: int
) -> None:
    """Whatever the pages, the times and the bounds: both orders give the same events, each once, with its JSON."""
    place = Place(times_us, page_rows=page_rows, honours_lt=honours_lt, overlap=overlap)
    since_us = None if back_us is None else NOW_US - back_us
    until_us = None if until_back is None else NOW_US - until_back
    reader = place.reader(since_us, until_us, exact=True)
    wanted = ordered(place.service, since_us, until_us)
    assert await told(reader.oldest_first()) == wanted
    assert await told(reader.newest_first(lambda: NOW)) == wanted[::-1]
    assert not place.words


async def test_rows_come_before_the_whole_range_was_read() -> None:
    """The first rows are given out while the feed has still far to go."""
    place = Place([NOW_US - number * MINUTE for number in range(3000, 0, -1)])
    batches = place.reader().newest_first(lambda: NOW)
    async for batch in batches:
        if batch:
            break
    assert len(place.service.asked) <= 4
    await batches.aclose()


@pytest.mark.parametrize("newest", [False, True])
async def test_a_refused_position_costs_no_event_and_repeats_none(newest: bool) -> None:
    """The range is read again from its bound, and that is said."""
    place = Place([NOW_US - number * MINUTE for number in range(3000, 0, -1)], page_rows=50)
    reader = place.reader()
    batches = reader.newest_first(lambda: NOW) if newest else reader.oldest_first()
    cursors = list[str]()
    async for batch in batches:
        cursors += [one.event.cursor for one in batch]
        if cursors and not place.words and len(cursors) > 100:
            place.service.restore()
            place.words.append("restored")
    wanted = ordered(place.service, None)
    assert cursors == (wanted[::-1] if newest else wanted)
    assert place.words == ["restored", READ_AGAIN]


async def test_what_is_found_where_everything_was_printed_is_printed_and_counted() -> None:
    """Newest first, after a refused position: an event released meanwhile is given when found, and said to be late."""
    place = Place([NOW_US - number * MINUTE for number in range(3000, 0, -1)], page_rows=50)
    cursors = list[str]()
    async for batch in place.reader().newest_first(lambda: NOW):
        cursors += [one.event.cursor for one in batch]
        if len(cursors) > 100 and not place.words:
            place.service.restore()
            place.service.release(NOW_US)
            place.words.append("restored")
    assert sorted(cursors) == sorted(ordered(place.service, None))
    assert place.words[-1].startswith("1 late event: printed when found")


async def test_what_is_released_during_the_reading_is_printed_when_its_time_lies_before() -> None:
    """Newest first, the newer end is asked once more at the end. What happened since is not part of the range."""
    place = Place([NOW_US - number * MINUTE for number in range(3000, 0, -1)], page_rows=50)
    wanted = ordered(place.service, None)[::-1]
    cursors, late = list[str](), list[str]()
    async for batch in place.reader().newest_first(lambda: NOW):
        cursors += [one.event.cursor for one in batch]
        if len(cursors) > 100 and not late:
            place.service.release(NOW_US - 15 * MINUTE)
            place.service.release(NOW_US + MINUTE, 60)
            place.service.release(NOW_US - 40 * DAY)
            late = [ordered(place.service, None)[at] for at in (-62, -1)]
    assert cursors == wanted + late
    assert place.words == ["2 late events: printed when found, not in feed order."]


async def test_a_position_refused_for_ever_ends_the_reading() -> None:
    """A server that refuses what it gave out is asked a few times, not for ever."""
    place = Place([NOW_US - MINUTE] * 10, page_rows=3)
    place.service.twist = lambda answer: Answer(answer.events, "nonsense", answer.has_more)
    with pytest.raises(CursorRefused):
        await told(place.reader().oldest_first())
    assert place.words == [READ_AGAIN] * MOST_BREAKS


async def test_one_event_from_2099_does_not_blind_who_follows() -> None:
    """After a refused position the range is read again from its own bound, and what is new is told."""
    place = Place([NOW_US - HOUR, YEAR_2099])
    batches = place.follow()
    assert await anext(batches)
    place.service.restore()
    place.service.release(NOW_US)
    found = [one.event.cursor for _ in range(6) for one in await anext(batches)]
    assert found == [place.service.feed[-1].cursor]
    assert place.words == [READ_AGAIN]
    await batches.aclose()


def html(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="<html><title>Sign in</title></html>")


def status(code: int, **headers: str) -> Fault:
    return lambda _request: httpx.Response(code, headers=headers)


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("reset", request=request)


@pytest.mark.parametrize(
    "fault",
    [html, broken, *map(status, (204, 302, 401, 403, 404, 408, 429, 500, 503))],
    ids=lambda fault: fault.__name__,
)
async def test_passing_trouble_is_told_once_and_outlasted(fault: Fault) -> None:
    """A sign-in page, a redirect, a refusal for some seconds: what was released meanwhile is told afterwards."""
    place = Place([NOW_US - HOUR])
    batches = place.follow()
    await anext(batches)
    place.faults = [fault] * 4
    place.service.release(NOW_US)
    found = [one.event.cursor for _ in range(8) for one in await anext(batches)]
    assert found == [place.service.feed[-1].cursor]
    assert len(place.words) == 1
    assert place.slept[1:5] == [4, 8, 16, 32]
    await batches.aclose()


async def test_as_long_is_waited_as_the_service_asks_for() -> None:
    """Retry-After is a wish that is granted."""
    place = Place([NOW_US - HOUR])
    batches = place.follow()
    await anext(batches)
    place.faults = [status(429, **{"Retry-After": "300"})]
    await told(batches, 4)
    assert 300 in place.slept


@pytest.mark.parametrize(("code", "error"), [(400, GumnutError), (422, GumnutError), (401, KeyRefused)])
async def test_what_ends_the_following(code: int, error: type[GumnutError]) -> None:
    """A question that is wrong, at once; a key that is refused, once it stays so for a minute."""
    place = Place([NOW_US - HOUR])
    batches = place.follow()
    await anext(batches)
    place.faults = [status(code)] * 50
    with pytest.raises(error):
        await told(batches)
    assert sum(place.slept[1:]) == (0 if code != 401 else 4 + 8 + 16 + 32)


@pytest.mark.parametrize(
    "fault", [html, broken, *map(status, (204, 302, 403, 404, 408, 429, 503))], ids=lambda fault: fault.__name__
)
async def test_trouble_at_the_start_is_outlasted_too(fault: Fault) -> None:
    """A minute long, in which it may pass; a library that is not there is not waited for for ever."""
    place = Place([NOW_US - HOUR])
    place.faults = [fault] * 3
    batches = place.follow()
    assert [one.event.cursor for _ in range(4) for one in await anext(batches)] == [place.service.feed[0].cursor]
    assert len(place.words) == 1
    await batches.aclose()
    place.faults = [fault] * 50
    with pytest.raises(GumnutError):
        await told(place.follow())
    assert sum(place.slept[-4:]) == 60


async def test_a_key_refused_at_the_start_ends_it() -> None:
    """It never worked."""
    place = Place([NOW_US - HOUR])
    place.faults = [status(401)]
    with pytest.raises(KeyRefused):
        await told(place.follow())
    assert place.slept == []


async def test_what_is_asked_before_the_feed_is_waited_for_as_the_feed_is() -> None:
    """Which library is meant, and what time it is there: one outage, told once."""
    place, outcomes = Place([NOW_US]), [ServerFailure("GET /api/libraries", 503)] * 2

    async def ask() -> str:
        if outcomes:
            raise outcomes.pop()
        return "lib_1"

    outage = place.outage()
    assert await outage.outlast(ask) == "lib_1"
    assert (len(place.words), place.slept) == (1, [4, 8])
    outcomes = [ServerFailure("GET /api/libraries", 503)] * 50
    with pytest.raises(ServerFailure):
        await outage.outlast(ask)
    assert len(place.words) == 1
    assert sum(place.slept) == 60


@pytest.mark.parametrize("order", ["oldest", "newest", "follow"])
async def test_a_feed_that_runs_in_a_circle_ends_in_an_error(order: str) -> None:
    """What it brought was given, each once; after that no more is asked."""
    place = Place([NOW_US - number * MINUTE for number in range(600, 0, -1)], page_rows=50)
    tokens: list[str | None] = []

    def twist(answer: Answer) -> Answer:
        tokens.append(answer.next_cursor)
        return Answer(answer.events, tokens[0] if len(tokens) > 3 else answer.next_cursor, True)

    place.service.twist = twist
    reader, cursors = place.reader(), list[str]()
    batches = {
        "oldest": reader.oldest_first,
        "newest": lambda: reader.newest_first(lambda: NOW),
        "follow": place.follow,
    }[order]()

    async def read() -> None:
        async for batch in batches:
            cursors.extend(one.event.cursor for one in batch)

    with pytest.raises(FeedStuck):
        await read()
    assert len(place.service.asked) < 20
    assert len(set(cursors)) == len(cursors)
    assert cursors or order == "newest"


ONE, TWO = (make_event(number, entity_id=f"asset_{number}") for number in (1, 2))
BATCH = Batch([ONE, TWO], [b"{}", b"{}"])


def names_from(shelf: EntityShelf) -> tuple[Names, list[str]]:
    """Names read from a shelf, and the warnings so far."""
    warned: list[str] = []
    return Names(cast(Client, shelf), "lib_1", warned.append), warned


async def test_names_are_read_only_when_a_text_is_searched() -> None:
    """Any other filter is met by what the event says itself."""
    shelf = EntityShelf(photo("asset_1", "beach.jpg"), photo("asset_2", "forest.jpg"))
    names, warned = names_from(shelf)
    assert await names.matching(BATCH, EventFilter()) == BATCH
    assert shelf.asked == []
    assert await names.matching(BATCH, EventFilter(text="BEACH")) == BATCH[:1]
    assert len(shelf.asked) == 1
    assert warned == []


async def test_names_that_cannot_be_read_are_warned_of_once() -> None:
    """Ids do from then on, and nothing is asked again."""
    shelf = EntityShelf()
    shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    names, warned = names_from(shelf)
    await names.learn([ONE])
    asked = len(shelf.asked)
    await names.learn([TWO])
    assert len(shelf.asked) == asked
    (warning,) = warned
    assert "ids are shown" in warning
    assert await names.matching(BATCH, EventFilter(text="asset_2")) == BATCH[1:]


async def test_names_are_read_again_after_an_outage_while_following() -> None:
    """With each batch that comes; the trouble is told once until names can be read again."""
    shelf = EntityShelf(photo("asset_1", "beach.jpg"), photo("asset_2", "beach.png"))
    names, warned = names_from(shelf)
    for outage, received in enumerate((BATCH[:1], BATCH[1:]), start=1):
        shelf.error = ConnectionFailed("GET /api/assets", "reset")
        for _ in range(3):
            names.came(received)
            assert await names.matching(received, EventFilter(text="beach")) == Batch([], [])
        assert len(warned) == outage
        shelf.error = None
        names.came(received)
        assert await names.matching(received, EventFilter(text="beach")) == received
