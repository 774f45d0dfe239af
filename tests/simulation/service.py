"""One library's feed as the service keeps it: transactions write, and what they wrote is released in feed order.

An event is released once its transaction and all transactions that began before that are over; those released together
stand in the order in which they were written. So the feed's order is neither that of commits nor that of `created_at`,
which is the start of the writing transaction, shifted here by whatever a test likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

PAGE = 200


class Refused(Exception):
    """400: the cursor means nothing to the service (any more)."""


class Lost(Exception):
    """The connection broke before the answer was whole."""


@dataclass(frozen=True, slots=True)
class Written:
    """An event as the service holds it."""

    cursor: str
    created_us: int
    number: int
    """In the order of writing."""


@dataclass(slots=True)
class Transaction:
    """Something that writes events, from `begun` (in the order of beginnings) until it is over."""

    begun: int
    created_us: int
    events: list[Written] = field(default_factory=list)
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came in."""

    after: str | None
    gte_us: int | None
    lt_us: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page."""

    events: tuple[Written, ...]
    next_cursor: str | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """What a cursor stands for: how many events lie before it, and how many there were when its read began."""

    position: int
    pin: int | None
    bounds: tuple[int | None, int | None]


class Service:
    """Begin, write, end; and read page by page. Time stands still but for `now_us`.

    `overlap` events of one page come again on the next; with `binds_cursors` a cursor is refused under other bounds
    than those it was given out under; `honours_lt` as older servers do.
    """

    def __init__(
        self,
        now_us: int,
        *,
        page_rows: int = PAGE,
        overlap: int = 0,
        honours_lt: bool = False,
        binds_cursors: bool = False,
    ) -> None:
        self.now_us = now_us
        self.page_rows = page_rows
        self.overlap = min(overlap, page_rows)
        self.honours_lt = honours_lt
        self.binds_cursors = binds_cursors
        self.feed: list[Written] = []
        """What was released, in feed order."""
        self.asked: list[Asked] = []
        self.faults: list[Exception] = []
        """Raised by the next requests, one each."""
        self.twist: Callable[[Answer], Answer] = lambda answer: answer
        """What a faulty server makes of its answers."""
        self._running: list[Transaction] = []
        self._places: dict[str, _Place] = {}
        self._positions: dict[str, int] = {}
        self._refused: set[str] = set()
        self._begun = 0
        self._written = 0

    def begin(self, created_us: int | None = None) -> Transaction:
        """A transaction that began now; its events say `created_us`, if that is given."""
        self._begun += 1
        transaction = Transaction(self._begun, self.now_us if created_us is None else created_us)
        self._running.append(transaction)
        return transaction

    def write(self, transaction: Transaction, count: int = 1, shift_us: int = 0) -> None:
        """Events of a transaction that is not over yet; their times are off by `shift_us`."""
        for _ in range(count):
            self._written += 1
            event = Written(_opaque("event", self._written), transaction.created_us + shift_us, self._written)
            transaction.events.append(event)

    def end(self, transaction: Transaction) -> None:
        """The transaction is over: what nothing holds back any more is released."""
        transaction.is_over = True
        free: list[Written] = []
        while self._running and self._running[0].is_over:
            free += self._running.pop(0).events
        for event in sorted(free, key=lambda each: each.number):
            self._positions[event.cursor] = len(self.feed)
            self.feed.append(event)

    def release(self, created_us: int, count: int = 1) -> None:
        """A transaction of some events that say `created_us`, begun and ended at once."""
        transaction = self.begin(created_us)
        self.write(transaction, count)
        self.end(transaction)

    @property
    def running(self) -> list[Transaction]:
        """The transactions that are not over."""
        return [each for each in self._running if not each.is_over]

    def restore(self, *, refuses_events: bool = False) -> None:
        """As after a database was restored: every position given out is refused from now on.

        Events keep their identity; whether theirs are positions still is `refuses_events`.
        """
        self._refused.update(self._places)
        self._places.clear()
        if refuses_events:
            self._refused.update(self._positions)

    def page(self, asked: Asked) -> Answer:
        """The events behind a cursor that pass the bounds; raises `Refused` and `Lost`."""
        self.asked.append(asked)
        if self.faults:
            raise self.faults.pop(0)
        place = self._place(asked)
        end = len(self.feed) if place.pin is None else place.pin
        found, position = self._found(asked, place.position, end)
        has_more = self._found(asked, position, end, most=1)[0] != []
        again = self._before(asked, place.position) if asked.after is not None else []
        # As the API has it: no position is given out for an empty library.
        is_void = not found and asked.after is None
        return self.twist(
            Answer((*again, *found), None if is_void else self._token(asked, position, end, has_more), has_more)
        )

    def _place(self, asked: Asked) -> _Place:
        cursor, bounds = asked.after, (asked.gte_us, asked.lt_us)
        if cursor is None:
            return _Place(0, None, bounds)
        if cursor in self._refused:
            raise Refused
        if cursor in self._positions:
            return _Place(self._positions[cursor] + 1, None, bounds)
        place = self._places.get(cursor)
        if place is None or (self.binds_cursors and place.bounds != bounds):
            raise Refused
        return place

    def _found(self, asked: Asked, start: int, end: int, most: int | None = None) -> tuple[list[Written], int]:
        """The first events from a position on that pass, and the position behind the last of them."""
        most, found = most or self.page_rows, []
        for position in range(start, end):
            if self._passes(asked, self.feed[position]):
                found.append(self.feed[position])
                if len(found) == most:
                    return found, position + 1
        return found, end

    def _before(self, asked: Asked, start: int) -> list[Written]:
        again: list[Written] = []
        position = start - 1
        while position >= 0 and len(again) < self.overlap:
            if self._passes(asked, self.feed[position]):
                again.insert(0, self.feed[position])
            position -= 1
        return again

    def _passes(self, asked: Asked, event: Written) -> bool:
        return (asked.gte_us is None or event.created_us >= asked.gte_us) and (
            not self.honours_lt or asked.lt_us is None or event.created_us < asked.lt_us
        )

    def _token(self, asked: Asked, position: int, end: int, has_more: bool) -> str:
        place = _Place(position, end if has_more else None, (asked.gte_us, asked.lt_us))
        token = _opaque("place", place, len(self._refused))
        self._places[token] = place
        return token


def _opaque(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def spread(service: Service, times_us: list[int]) -> None:
    """Release one event after another that say these times."""
    for created_us in times_us:
        service.release(created_us)


def ordered(service: Service, since_us: int | None, until_us: int | None = None) -> list[str]:
    """The cursors of what was released in a range, in feed order."""
    return [
        event.cursor
        for event in service.feed
        if (since_us is None or event.created_us >= since_us) and (until_us is None or event.created_us < until_us)
    ]
