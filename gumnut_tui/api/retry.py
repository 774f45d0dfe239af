"""When to retry a request and how long to wait first: one layer, reported to the caller, cancellable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

from gumnut_tui.domain.defaults import LONGEST_WAIT_SECONDS

RETRIED_STATUSES = frozenset({408, 409, 429})
"""Besides every status from 500 on."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that is about to begin because a request failed and will be sent again."""

    asked: str
    """The request as one would say it: `GET /api/events`."""
    seconds: float
    reason: str
    """The status, or what broke: `429`, `timed out`, `connection failed`."""
    attempt: int
    """The request that failed, counted from 1."""
    of: int
    """Requests there will be at most."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a request is repeated. What a service asks for is granted to the second."""

    attempts: int = 3
    """Requests at most, the first one included."""
    first_wait: float = 0.5
    """Seconds before the first repetition; doubles from one to the next."""
    longest_wait: float = 8.0
    """Seconds; where the doubling ends."""
    longest_asked: float = LONGEST_WAIT_SECONDS
    """Seconds a service may ask to wait; one that asks for more is not waited for, the call ends with its error."""
    jitter: float = 0.25
    """The share of a wait that chance may take away, so that clients do not come back in step."""

    def repeats(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether an answer with this error status is worth another request; the server's word wins."""
        match headers.get("x-should-retry", "").strip().lower():
            case "true":
                return True
            case "false":
                return False
            case _:
                return status in RETRIED_STATUSES or status >= 500

    def grants(self, asked_for: float | None) -> bool:
        """Whether a wait the service asks for, in seconds, is one we are ready for."""
        return asked_for is None or asked_for <= self.longest_asked

    def wait(self, attempt: int, asked_for: float | None, random: Callable[[], float]) -> float:
        """Seconds to wait after the attempt (from 1): what the server asked for, else a growing backoff."""
        if asked_for is not None and asked_for > 0:
            return asked_for
        # The exponent is bounded, so that no number of attempts overflows.
        backoff: float = min(self.first_wait * 2 ** min(attempt - 1, 30), self.longest_wait)
        return backoff * (1 - self.jitter * random())


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
    """The time a header tells; None when it tells none."""
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
