"""Decodes JSON into models: lenient about unknown and odd fields, strict about those we need.

An ordinary answer is decoded in one go. A large one is decoded element by element, so that it never takes too much
memory; in a damaged one, only the damaged part is lost (see `malformed`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, NamedTuple

import msgspec

from gumnut_tui.api.envelope import (
    MISSING,
    Part,
    envelope_parts,
    flag,
    list_parts,
    refuse_cut_off,
    text_or_none,
    unexpected,
    without_mark,
)
from gumnut_tui.api.malformed import (
    LONGEST_PLAIN,
    UNREADABLE,
    Budget,
    as_json,
    in_utc,
    is_json,
    is_utf8,
    made_up_cursor,
    marked,
    odd_event,
    odd_fields,
)
from gumnut_tui.domain.errors import UnexpectedAnswer, UnsupportedFeed, clip
from gumnut_tui.domain.models import EPOCH, Event, is_shallow

LONGEST_EVENT = 1024 * 1024
"""Bytes of an event without its payload; a longer one is not decoded as a whole."""


class Generation(Enum):
    """The form of the feed a server has, detected from its first page."""

    CURRENT = "current"
    """Pages carry `next_cursor` and `as_of`; an upper time bound is ignored."""
    CURSOR = "cursor"
    """The older form: reading continues from the last event's cursor."""


class FeedAnswer(msgspec.Struct, frozen=True):
    """A page of the feed as the server sent it."""

    events: list[Event]
    has_more: bool
    next_cursor: str | None
    """The page's own; None when it has none, or an empty one."""
    last_cursor: str | None
    """The cursor of the last event that has a readable one; None when none has."""
    generation: Generation
    raw: list[bytes]
    """Each event's JSON; empty unless asked for."""


class Listing(NamedTuple):
    """The objects of a list; one with an unreadable id has no `id`."""

    items: list[dict[str, Any]]
    has_more: bool


class _Page(msgspec.Struct, kw_only=True):
    """A well-formed page."""

    data: list[Event]
    has_more: bool
    next_cursor: str | msgspec.UnsetType | None = msgspec.UNSET
    as_of: msgspec.Raw = MISSING


class _First(msgspec.Struct):
    """The members by which an event and a full entity differ."""

    data: msgspec.Raw = MISSING
    cursor: msgspec.Raw = MISSING
    payload: msgspec.Raw = MISSING


class _PlainListing(msgspec.Struct):
    data: list[dict[str, Any]]
    has_more: bool = False


_PAGE = msgspec.json.Decoder(_Page)
_DATA = b'{"data":['
"""How a page begins. Where the events behind it stand as the API writes them, their JSON need not be looked for."""
_EVENT = msgspec.json.Decoder(Event)
_FIRST = msgspec.json.Decoder(_First)
_PLAIN_LISTING = msgspec.json.Decoder(_PlainListing)
_PLAIN_OBJECTS = msgspec.json.Decoder(list[dict[str, Any]])
_OBJECT = msgspec.json.Decoder(dict[str, Any])
_TEXT = msgspec.json.Decoder(str)


def feed_page(asked: str, body: bytes, *, raw: bool = False, at: datetime = EPOCH) -> FeedAnswer:
    """A page of the feed; with `raw` also the JSON of each event, as received where that is JSON.

    A malformed event is included all the same, see `odd_event`; it gets the time `at` when no event of the page has a
    time. Raises `UnsupportedFeed`, `UnexpectedAnswer`, and `ConnectionFailed` for a page that was cut off.
    """
    body = without_mark(body)
    page = _plain_page(body) if len(body) <= LONGEST_PLAIN and is_utf8(body) else None
    written = [msgspec.json.encode(event) for event in page.data] if raw and page is not None else []
    if page is not None and (not raw or body.startswith(_DATA + b",".join(written) + b"]")):
        events = [event if event.created_at.tzinfo is UTC else _settled(event) for event in page.data]
        new = page.next_cursor is not msgspec.UNSET or bool(bytes(page.as_of))
        last = events[-1].cursor if events else None
        return FeedAnswer(events, page.has_more, page.next_cursor or None, last, _generation(new), written)
    return _feed_page_by_parts(asked, body, raw, at)


def _plain_page(body: bytes) -> _Page | None:
    """A page as it usually is, each event with a cursor of its own; None for any other."""
    try:
        page = _PAGE.decode(body)
    except (ValueError, RecursionError):
        return None
    cursors = {event.cursor for event in page.data}
    return page if len(cursors) == len(page.data) and "" not in cursors else None


def _feed_page_by_parts(asked: str, body: bytes, keeps_raw: bool, at: datetime) -> FeedAnswer:
    envelope = envelope_parts(asked, body)
    parts = list_parts(asked, envelope, "data", "events")
    _refuse_full_entities(asked, envelope, parts)
    has_more = flag(asked, envelope, "has_more")
    if "data" not in envelope:
        raise UnexpectedAnswer(asked, "a list", "data", "nothing")
    found, last = _events(parts, at)
    next_cursor = text_or_none(envelope.get("next_cursor", b"null"))
    new = not envelope.keys().isdisjoint({"next_cursor", "as_of"})
    kept = (
        [_raw(part, event, was_read) for part, (event, was_read) in zip(parts, found, strict=True)] if keeps_raw else []
    )
    return FeedAnswer([event for event, _ in found], has_more, next_cursor, last, _generation(new), kept)


def _events(parts: list[bytes], at: datetime) -> tuple[list[tuple[Event, bool]], str | None]:
    """Each event, with whether it was well-formed; and the last cursor that can be sent back."""
    found: list[tuple[Event, bool]] = []
    last = None
    alike = Counter[bytes]()
    well_formed = [_event(part) for part in parts]
    shared = _shared_cursors(zip(parts, well_formed, strict=True))
    for number, (part, event) in enumerate(zip(parts, well_formed, strict=True)):
        if event is not None and event.cursor:
            last = event.cursor
            if last in shared:
                event = _told_apart(event, made_up_cursor(part, 0))
            found.append((event, True))
            continue
        before = found[-1][0].created_at if found else _first_time(parts[number:], at)
        odd = odd_event(part, before, alike[part])
        alike[part] += 1
        last = odd.event.cursor if odd.leads_on else last
        found.append((odd.event, False))
    return found, last


def _shared_cursors(events: Iterable[tuple[bytes, Event | None]]) -> set[str]:
    """Cursors with which several events came; one and the same event may be repeated."""
    first: dict[str, bytes] = {}
    return {event.cursor for part, event in events if event and first.setdefault(event.cursor, part) != part}


def _told_apart(event: Event, cursor: str) -> Event:
    """An event that came with the cursor of others, with one of its own."""
    return marked(msgspec.structs.replace(event, cursor=cursor), {"cursor": event.cursor})


def _event(part: bytes) -> Event | None:
    """A well-formed event; None for any other."""
    try:
        # Undecoded parts may hold bytes that are not UTF-8.
        event = _EVENT.decode(part) if len(part) <= LONGEST_EVENT or _is_slim(part) else None
    except (ValueError, RecursionError):
        return None
    if event is None or not is_utf8(part):
        return None
    return _settled(event)


def _is_slim(part: bytes) -> bool:
    """Whether only the payload makes the event long: the payload stays undecoded, all else is decoded."""
    return len(part) - memoryview(_FIRST.decode(part).payload).nbytes <= LONGEST_EVENT


def _first_time(parts: Iterable[bytes], otherwise: datetime) -> datetime:
    return next((event.created_at for part in parts if (event := _event(part)) is not None), otherwise)


def _settled(event: Event) -> Event:
    """The event with its time in UTC."""
    if event.created_at.tzinfo is UTC:
        return event
    moment, fits = in_utc(event.created_at)
    settled = msgspec.structs.replace(event, created_at=moment)
    return settled if fits else marked(settled, {"created_at": event.created_at.isoformat()})


def _raw(part: bytes, event: Event, was_read: bool) -> bytes:
    return part if was_read or is_json(part) else as_json(event)


def _generation(new: bool) -> Generation:
    return Generation.CURRENT if new else Generation.CURSOR


def listing(asked: str, body: bytes) -> Listing:
    """The objects of an enveloped list, and whether there are more; a malformed one is marked, see `odd_fields`."""
    body = without_mark(body)
    if len(body) <= LONGEST_PLAIN and is_shallow(body):
        try:
            page = _PLAIN_LISTING.decode(body)
        except (ValueError, RecursionError):
            pass
        else:
            return Listing([_identified(fields) for fields in page.data], page.has_more)
    envelope = envelope_parts(asked, body)
    if "data" not in envelope:
        raise UnexpectedAnswer(asked, "a list", "data", "nothing")
    parts = list_parts(asked, envelope, "data", "entities")
    has_more = flag(asked, envelope, "has_more") if "has_more" in envelope else False
    return Listing(_objects(parts, "entity"), has_more)


def objects(asked: str, body: bytes) -> list[dict[str, Any]]:
    """The objects of a bare list; a malformed one is marked, and has no `id` when that cannot be read."""
    body = without_mark(body)
    if len(body) <= LONGEST_PLAIN and is_shallow(body):
        try:
            return [_identified(fields) for fields in _PLAIN_OBJECTS.decode(body)]
        except (ValueError, RecursionError):
            pass
    if body.lstrip()[:1] != b"[":
        raise unexpected(asked, body, "a list")
    return _objects(list_parts(asked, {"": body.strip()}, "", "entities"), "entity")


def single(asked: str, body: bytes) -> dict[str, Any]:
    """One object; malformed members are marked, and it has no `id` when that cannot be read."""
    body = without_mark(body)
    fields = _plain_object(body) if len(body) <= LONGEST_PLAIN and is_shallow(body) else None
    if fields is None and body.lstrip()[:1] == b"{":
        refuse_cut_off(asked, body)
        (fields,) = _objects([body.strip()], "entity")
    if not fields or fields.keys() <= {UNREADABLE}:
        raise unexpected(asked, body, "an object with an id")
    return fields


def _plain_object(body: bytes) -> dict[str, Any] | None:
    try:
        return _identified(_OBJECT.decode(body))
    except (ValueError, RecursionError):
        return None


def text(asked: str, body: bytes) -> str:
    """A JSON string."""
    try:
        return _TEXT.decode(without_mark(body))
    except (ValueError, RecursionError):
        raise unexpected(asked, body, "a text") from None


def _objects(parts: list[bytes], what: str) -> list[dict[str, Any]]:
    budget = Budget()
    return [_identified(_fields(part, budget, what)) for part in parts]


def _fields(part: bytes, budget: Budget, what: str) -> dict[str, Any]:
    try:
        if budget.affords(part) and is_shallow(part):
            return _OBJECT.decode(part)
    except (ValueError, RecursionError):
        pass
    return odd_fields(part, budget, what)


def _identified(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields; an invalid `id` is marked and removed."""
    found = fields.get("id")
    if isinstance(found, str) and found:
        return fields
    odd = fields.get(UNREADABLE)
    told = dict(odd) if isinstance(odd, dict) else {}
    told.setdefault("id", _shown(found) if "id" in fields else None)
    return {**{name: value for name, value in fields.items() if name != "id"}, UNREADABLE: told}


def _shown(value: Any) -> str:
    try:
        return clip(msgspec.json.encode(value).decode()[:1000])
    except (ValueError, RecursionError):
        return type(value).__name__


def _refuse_full_entities(asked: str, envelope: Mapping[str, Part], parts: list[bytes]) -> None:
    """Raise `UnsupportedFeed` for a page of the feed before cursors."""
    if "data" not in envelope:
        return
    if parts:
        try:
            first = _FIRST.decode(parts[0])
        except (ValueError, RecursionError):
            return
        is_old = bool(bytes(first.data)) and not bytes(first.cursor)
    else:
        is_old = envelope.keys().isdisjoint({"has_more", "next_cursor", "as_of"})
    if is_old:
        raise UnsupportedFeed(asked, "events with cursors", "data", "full entities, the older feed")
