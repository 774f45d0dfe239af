"""One request with its retries: returns a decoded value or raises one of our errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import urljoin

from gumnut_tui.api.address import Origin, origin_of
from gumnut_tui.api.problems import API_KINDS, Kinds, problem
from gumnut_tui.api.retry import RetryPolicy, Wait, retry_after
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

T = TypeVar("T")

LONGEST_REDIRECT_CHAIN = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class CallContext:
    """What the outside world contributes to a call: clock, chance, patience, and an ear for waits."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    random: Callable[[], float] = lambda: 1.0
    """In [0, 1); how much of the jitter a wait loses."""
    total_timeout: float = 90.0
    """Seconds for one call with all its requests and waits."""
    on_wait: Callable[[Wait], None] | None = None


class Caller:
    """Asks through a sender; follows redirects only to origins it may visit."""

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

    async def ask(self, asked: str, url: str, decode: Callable[[str, bytes], T]) -> T:
        """The decoded answer to a GET of the URL; `asked` names the request in errors and waits.

        Raises `ApiProblem`, `NetworkProblem` or `UnexpectedAnswer` once repeating does not help (any more).
        """
        limit = self._context.total_timeout
        try:
            async with asyncio.timeout(limit) as timer:
                return await self._ask(asked, url, decode, timer)
        except TimeoutError as error:
            if not timer.expired():
                raise
            raise TimedOut(asked, f"no whole answer within {limit:g} s") from error

    async def _ask(self, asked: str, url: str, decode: Callable[[str, bytes], T], timer: asyncio.Timeout) -> T:
        attempts = self._context.retry.attempts
        attempt = 1
        while True:
            error: ApiProblem | NetworkProblem
            try:
                answer = await self._follow(asked, url)
                if 200 <= answer.status < 300:
                    return self._decoded(asked, answer, decode)
                error, again = self._refusal(asked, answer)
            except NetworkProblem as problem_:
                error, again = problem_, True
            if not again or attempt >= attempts:
                raise error
            await self._wait(asked, error, attempt, timer)
            attempt += 1

    async def _follow(self, asked: str, url: str) -> Answer:
        for _ in range(LONGEST_REDIRECT_CHAIN):
            answer = await self._sender.get(asked, url)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            url = self._redirected(asked, url, location)
        raise UnexpectedAnswer(asked, "an answer", "the address", "a chain of redirects")

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
        if not answer.body and not answer.length_was_told:
            raise ConnectionFailed(asked, "the connection broke before the answer")
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

    async def _wait(self, asked: str, error: ApiProblem | NetworkProblem, attempt: int, timer: asyncio.Timeout) -> None:
        """Wait before the next attempt; raises the error at once if the call's time would end meanwhile."""
        context = self._context
        asked_for = error.retry_after if isinstance(error, ApiProblem) else None
        seconds = context.retry.wait(attempt, asked_for, context.random)
        ends = timer.when()
        if ends is not None and asyncio.get_running_loop().time() + seconds >= ends:
            raise error
        if context.on_wait is not None:
            context.on_wait(Wait(asked, seconds, _reason(error), attempt, context.retry.attempts))
        await context.sleep(seconds)


def _reason(error: ApiProblem | NetworkProblem) -> str:
    if isinstance(error, ApiProblem):
        return str(error.status)
    return "timed out" if isinstance(error, TimedOut) else "connection failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Looked up by name in any case."""
    body: bytes

    @property
    def length_was_told(self) -> bool:
        """The transport could check that the body is whole; otherwise it just ended with the connection."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


class Sender(Protocol):
    """Sends requests and follows no redirect; `Http` does it over the network."""

    async def get(self, asked: str, url: str) -> Answer:
        """One GET, one answer; `asked` names it in errors.

        Raises `ConnectionFailed`, `TimedOut`, or `UnexpectedAnswer` for a body that is too long.
        """
        ...
