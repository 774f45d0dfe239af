"""One request with its retries: returns a decoded value or raises one of our errors.

This is the one layer that retries: how often, how long it waits first, and what it reports of that.
"""

from __future__ import annotations

import asyncio
import random as chance
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Protocol, TypeVar
from urllib.parse import urljoin

import msgspec

from gumnut_tui.api.address import Origin, origin_of
from gumnut_tui.api.problems import API_KINDS, Kinds, problem
from gumnut_tui.domain.defaults import LONGEST_WAIT_SECONDS, OVERDUE_SECONDS
from gumnut_tui.domain.errors import (
    ApiProblem,
    ConnectionFailed,
    NetworkProblem,
    RefusedAddress,
    TimedOut,
    UnexpectedAnswer,
    clip,
)
from gumnut_tui.domain.models import utc_now
from gumnut_tui.domain.service_clock import ServiceClock

T = TypeVar("T")

LONGEST_REDIRECT_CHAIN = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WITHOUT_CONTENT = {204: "204 No Content", 205: "205 Reset Content"}
"""Whole answers that say there is none."""


RETRIED_STATUSES = frozenset({408, 409, 429})
"""Besides every status from 500 on."""


class Wait(msgspec.Struct, frozen=True):
    """A wait that is about to start because a request failed and will be retried."""

    asked: str
    """The request by name: `GET /api/events`."""
    seconds: float
    reason: str
    """The status, or what failed: `429`, `timed out`, `connection failed`."""
    attempt: int
    """The request that failed, counted from 1."""
    of: int
    """The most requests there will be."""


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often a request is retried and after what waits. A wait the service asks for is kept to the second."""

    attempts: int = 3
    """The most requests, including the first."""
    first_wait: float = 0.5
    """Seconds before the first retry; doubles with each."""
    longest_wait: float = 8.0
    """Seconds at which the doubling ends."""
    longest_asked: float = LONGEST_WAIT_SECONDS
    """Seconds a service may ask us to wait; if it asks for more, the call ends with its error."""
    jitter: float = 0.25
    """The share of a wait that chance may take off, so that clients do not return in step."""

    def repeats(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether an answer with this error status is worth a retry; the server's `x-should-retry` decides if sent."""
        match headers.get("x-should-retry", "").strip().lower():
            case "true":
                return True
            case "false":
                return False
            case _:
                return status in RETRIED_STATUSES or status >= 500

    def grants(self, asked_for: float | None) -> bool:
        """Whether a wait the service asks for, in seconds, is short enough."""
        return asked_for is None or asked_for <= self.longest_asked

    def wait(self, attempt: int, asked_for: float | None, random: Callable[[], float]) -> float:
        """Seconds to wait after an attempt (from 1): what the server asked for, else a growing backoff."""
        if asked_for is not None and asked_for > 0:
            return asked_for
        # The exponent is bounded, so that no number of attempts overflows.
        backoff: float = min(self.first_wait * 2 ** min(attempt - 1, 30), self.longest_wait)
        return backoff * (1 - self.jitter * random())


class CallContext(msgspec.Struct, frozen=True):
    """What the outside world contributes to a call: clock, chance, patience, and who is told of waits."""

    retry: RetryPolicy = msgspec.field(default_factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    random: Callable[[], float] = chance.random
    """In [0, 1): the share of the jitter taken off a wait."""
    total_timeout: float = 90.0
    """Seconds for one call with all its requests, waits aside."""
    on_wait: Callable[[Wait], None] | None = None
    """Told of each wait before a request is repeated."""
    on_silence: Callable[[str], None] | None = None
    """Told the name of a request whose answer is overdue, while it is waited for."""
    overdue: float = OVERDUE_SECONDS
    """Seconds after which it is."""


class _Hold(msgspec.Struct, frozen=True):
    """The service asked us to send nothing before `until`, a time of the event loop."""

    until: float
    error: ApiProblem


class Caller:
    """Sends requests, retries them, and follows redirects to the origins it `may_visit`.

    Once the service has asked any call to wait, no call sends anything until that time; `hurry` ends the wait.
    """

    def __init__(
        self,
        sender: Sender,
        context: CallContext,
        *,
        may_visit: Callable[[Origin], bool],
        kinds: Kinds = API_KINDS,
    ) -> None:
        self._sender = sender
        self._context = context
        self._may_visit = may_visit
        self._kinds = kinds
        self._hold: _Hold | None = None
        self._hurried = asyncio.Event()
        self._sent_at: dict[asyncio.Timeout, float] = {}
        """When the requests that are waited for were sent, by what can end them."""

    def hurry(self) -> None:
        """End all waits: waiting requests are sent now, and those whose answer is overdue are sent again."""
        now = _now()
        for timer, began in self._sent_at.items():
            if now - began >= self._context.overdue:
                timer.reschedule(now)
        self._hold = None
        self._hurried.set()
        self._hurried = asyncio.Event()

    async def ask(self, asked: str, url: str, decode: Callable[[str, bytes], T]) -> T:
        """The decoded answer to a GET of the URL; `asked` names the request in errors and waits.

        Raises `ApiProblem`, `NetworkProblem` or `UnexpectedAnswer` once a retry would not help, or none is left.
        """
        limit = self._context.total_timeout
        try:
            async with asyncio.timeout(limit) as timer:
                return await self._ask(asked, url, decode, timer)
        except TimeoutError as error:
            if not timer.expired():
                raise
            raise TimedOut(asked, f"no complete answer within {limit:g} s", origin_of(url).address) from error

    async def _ask(self, asked: str, url: str, decode: Callable[[str, bytes], T], timer: asyncio.Timeout) -> T:
        policy = self._context.retry
        attempt = 1
        while True:
            await self._while_held(asked, attempt, timer)
            error: ApiProblem | NetworkProblem
            try:
                answer = await self._follow(asked, url)
                if 200 <= answer.status < 300:
                    return self._decoded(asked, answer, decode)
                error, again = self._refusal(asked, answer)
            except NetworkProblem as problem_:
                error, again = problem_, True
            asked_for = error.retry_after if isinstance(error, ApiProblem) and again else None
            hold = self._held(error, asked_for)
            if not again or attempt >= policy.attempts or not policy.grants(asked_for):
                raise error
            await self._pause(asked, error, policy.wait(attempt, asked_for, self._context.random), attempt, timer)
            self._release(hold)
            attempt += 1

    def _held(self, error: ApiProblem | NetworkProblem, asked_for: float | None) -> _Hold | None:
        """Make all calls wait as long as the service has just asked; None when it asked for no wait."""
        if asked_for is None or not isinstance(error, ApiProblem):
            return None
        self._hold = _Hold(_now() + asked_for, error)
        return self._hold

    def _release(self, hold: _Hold | None) -> None:
        """End the hold, unless the service has asked for another one meanwhile."""
        if self._hold is hold:
            self._hold = None

    async def _while_held(self, asked: str, attempt: int, timer: asyncio.Timeout) -> None:
        """Wait as long as the service asked; raises its error when that is longer than the policy allows."""
        hold = self._hold
        seconds = 0.0 if hold is None else hold.until - _now()
        if hold is None or seconds <= 0:
            return
        if not self._context.retry.grants(seconds):
            raise _still(hold.error, seconds)
        await self._pause(asked, hold.error, seconds, max(1, attempt - 1), timer)
        self._release(hold)

    async def _follow(self, asked: str, url: str) -> Answer:
        for _ in range(LONGEST_REDIRECT_CHAIN):
            answer = await self._sent(asked, url)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            url = self._redirected(asked, url, location)
        raise UnexpectedAnswer(asked, "an answer", "the address", "a chain of redirects")

    async def _sent(self, asked: str, url: str) -> Answer:
        """Send the request, and set the clock by the answer, unless a cache answered."""
        clock = self._context.clock
        if not isinstance(clock, ServiceClock):
            return await self._heard(asked, url)
        before = clock.local()
        answer = await self._heard(asked, url)
        told = http_date(answer.headers.get("date"))
        if told is not None and "age" not in answer.headers:
            clock.learn(told, before, clock.local())
        return answer

    async def _heard(self, asked: str, url: str) -> Answer:
        """Send the request; an answer that is overdue is told of, and given up when one is in a hurry."""
        context, began = self._context, _now()
        bell = None
        if context.on_silence is not None:
            bell = asyncio.get_running_loop().call_later(context.overdue, context.on_silence, asked)
        timer = asyncio.timeout(None)
        try:
            async with timer:
                self._sent_at[timer] = began
                return await self._sender.get(asked, url)
        except TimeoutError as error:
            if not timer.expired():
                raise
            silence = f"no answer for {_now() - began:.0f} s, so it is asked again"
            raise TimedOut(asked, silence, origin_of(url).address) from error
        finally:
            del self._sent_at[timer]
            if bell is not None:
                bell.cancel()

    def _redirected(self, asked: str, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            origin = origin_of(target)
        except (RefusedAddress, ValueError) as error:
            # Without its query, which may be a signature.
            got = clip(location.partition("?")[0])
            raise UnexpectedAnswer(asked, "an address", "the redirect", got) from error
        if not self._may_visit(origin):
            raise UnexpectedAnswer(asked, "an answer", "this address", f"a redirect to {origin}")
        return target

    def _decoded(self, asked: str, answer: Answer, decode: Callable[[str, bytes], T]) -> T:
        if answer.status in WITHOUT_CONTENT:
            raise UnexpectedAnswer(asked, "content", "the body", WITHOUT_CONTENT[answer.status])
        if not answer.body and not answer.length_was_told:
            raise ConnectionFailed(asked, "the connection was lost before the answer")
        return decode(asked, answer.body)

    def _refusal(self, asked: str, answer: Answer) -> tuple[ApiProblem, bool]:
        error = problem(
            asked,
            answer.status,
            answer.headers,
            answer.body,
            kinds=self._kinds,
            retry_after=retry_after(answer.headers, self._context.clock()),
        )
        return error, self._context.retry.repeats(answer.status, answer.headers)

    async def _pause(
        self, asked: str, error: ApiProblem | NetworkProblem, seconds: float, attempt: int, timer: asyncio.Timeout
    ) -> None:
        """Announce a wait, and wait; the time does not count towards `total_timeout`. `hurry` ends it."""
        context = self._context
        if context.on_wait is not None:
            context.on_wait(Wait(asked, seconds, _reason(error), attempt, context.retry.attempts))
        ends = timer.when()
        left = None if ends is None else ends - _now()
        timer.reschedule(None)
        await _first_of(context.sleep(seconds), self._hurried.wait())
        timer.reschedule(None if left is None else _now() + left)


async def _first_of(*awaitables: Awaitable[object]) -> None:
    """Return when one of them is done, and cancel the others."""
    tasks = [asyncio.ensure_future(one) for one in awaitables]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _still(error: ApiProblem, seconds: float) -> ApiProblem:
    """The same error with the rest of the wait."""
    return type(error)(error.asked, error.status, error.detail, error.request_id, seconds)


def _reason(error: ApiProblem | NetworkProblem) -> str:
    if isinstance(error, ApiProblem):
        return str(error.status)
    return "timed out" if isinstance(error, TimedOut) else "connection failed"


class Answer(msgspec.Struct, frozen=True):
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Looked up by name in any case."""
    body: bytes

    @property
    def length_was_told(self) -> bool:
        """Whether the transport could check that the body is complete; otherwise it ended with the connection."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


class Sender(Protocol):
    """Sends requests and follows no redirect; `Http` does it over the network."""

    async def get(self, asked: str, url: str) -> Answer:
        """One GET, one answer; `asked` names it in errors.

        Raises `ConnectionFailed`, `TimedOut`, or `UnexpectedAnswer` for a body that is too long.
        """
        ...


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the server asks to wait: `retry-after-ms`, else `retry-after` as seconds or a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    return seconds if seconds is not None else _seconds_until(text, now)


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def http_date(text: str | None) -> datetime | None:
    """The time in a header; None when it is missing or unreadable."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        # A zone may be written with more digits than a clock can take.
        return None


def _seconds_until(text: str | None, now: datetime) -> float | None:
    moment = http_date(text)
    return None if moment is None else (moment - now).total_seconds()
