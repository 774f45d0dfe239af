"""Decodes JSON into models: lenient about unknown and odd fields, strict about those we need.

An ordinary answer is decoded in one go. A large one is decoded element by element, so that it never takes too much
memory; in a damaged one, only the damaged part is lost (see `malformed`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from gumnut_tui.api.malformed import (
    LONGEST_PLAIN,
    MOST_SPLIT,
    UNREADABLE,
    Budget,
    CutOff,
    as_json,
    elements,
    in_utc,
    is_json,
    is_utf8,
    made_up_cursor,
    marked,
    members,
    odd_event,
    odd_fields,
    shown,
)
from gumnut_tui.api.problems import BYTE_ORDER_MARK, looks_like
from gumnut_tui.domain.errors import AnswerTooLarge, ConnectionFailed, UnexpectedAnswer, UnsupportedFeed, clip
from gumnut_tui.domain.models import EPOCH, Event, is_shallow

MOST_ELEMENTS = 2_000
"""Events or entities in one answer; ten times the most we ask for."""
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


Part = bytes | memoryview
"""A part of an answer, undecoded; a view where it may be large."""

_MISSING = msgspec.Raw(b"")


@cache
def _parts() -> msgspec.json.Decoder[Any]:
    """Splits a list into its elements without decoding them; refuses one longer than `MOST_ELEMENTS`."""
    fields = [(f"at_{number}", msgspec.Raw, _MISSING) for number in range(MOST_ELEMENTS)]
    return msgspec.json.Decoder(msgspec.defstruct("Parts", fields, array_like=True, forbid_unknown_fields=True))


class _Page(msgspec.Struct, kw_only=True):
    """A well-formed page."""

    data: list[Event]
    has_more: bool
    next_cursor: str | msgspec.UnsetType | None = msgspec.UNSET
    as_of: msgspec.Raw = _MISSING


class _Envelope(msgspec.Struct, kw_only=True):
    """The members of a page or a list, undecoded."""

    data: msgspec.Raw = _MISSING
    has_more: msgspec.Raw = _MISSING
    next_cursor: msgspec.Raw = _MISSING
    as_of: msgspec.Raw = _MISSING


class _First(msgspec.Struct):
    """The members by which an event and a full entity differ."""

    data: msgspec.Raw = _MISSING
    cursor: msgspec.Raw = _MISSING
    payload: msgspec.Raw = _MISSING


class _PlainListing(msgspec.Struct):
    data: list[dict[str, Any]]
    has_more: bool = False


_PAGE = msgspec.json.Decoder(_Page)
_DATA = b'{"data":['
"""How a page begins. Where the events behind it stand as the API writes them, their JSON need not be looked for."""
_ENVELOPE = msgspec.json.Decoder(_Envelope)
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
    body = _without_mark(body)
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
    envelope = _envelope(asked, body)
    parts = _list_parts(asked, envelope, "data", "events")
    _refuse_full_entities(asked, envelope, parts)
    has_more = _flag(asked, envelope, "has_more")
    if "data" not in envelope:
        raise UnexpectedAnswer(asked, "a list", "data", "nothing")
    found, last = _events(parts, at)
    next_cursor = _text_or_none(envelope.get("next_cursor", b"null"))
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
    body = _without_mark(body)
    if len(body) <= LONGEST_PLAIN and is_shallow(body):
        try:
            page = _PLAIN_LISTING.decode(body)
        except (ValueError, RecursionError):
            pass
        else:
            return Listing([_identified(fields) for fields in page.data], page.has_more)
    envelope = _envelope(asked, body)
    if "data" not in envelope:
        raise UnexpectedAnswer(asked, "a list", "data", "nothing")
    parts = _list_parts(asked, envelope, "data", "entities")
    has_more = _flag(asked, envelope, "has_more") if "has_more" in envelope else False
    return Listing(_objects(parts, "entity"), has_more)


def objects(asked: str, body: bytes) -> list[dict[str, Any]]:
    """The objects of a bare list; a malformed one is marked, and has no `id` when that cannot be read."""
    body = _without_mark(body)
    if len(body) <= LONGEST_PLAIN and is_shallow(body):
        try:
            return [_identified(fields) for fields in _PLAIN_OBJECTS.decode(body)]
        except (ValueError, RecursionError):
            pass
    if body.lstrip()[:1] != b"[":
        raise _not_this(asked, body, "a list")
    return _objects(_list_parts(asked, {"": body.strip()}, "", "entities"), "entity")


def single(asked: str, body: bytes) -> dict[str, Any]:
    """One object; malformed members are marked, and it has no `id` when that cannot be read."""
    body = _without_mark(body)
    fields = _plain_object(body) if len(body) <= LONGEST_PLAIN and is_shallow(body) else None
    if fields is None and body.lstrip()[:1] == b"{":
        _refuse_cut_off(asked, body)
        (fields,) = _objects([body.strip()], "entity")
    if not fields or fields.keys() <= {UNREADABLE}:
        raise _not_this(asked, body, "an object with an id")
    return fields


def _plain_object(body: bytes) -> dict[str, Any] | None:
    try:
        return _identified(_OBJECT.decode(body))
    except (ValueError, RecursionError):
        return None


def text(asked: str, body: bytes) -> str:
    """A JSON string."""
    try:
        return _TEXT.decode(_without_mark(body))
    except (ValueError, RecursionError):
        raise _not_this(asked, body, "a text") from None


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


# The envelope


def _without_mark(body: bytes) -> bytes:
    """The body in UTF-8 without the byte order mark that some servers send."""
    if body[:3] == BYTE_ORDER_MARK:
        return body[3:]
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") and len(body) <= MOST_SPLIT:
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    return body


def _envelope(asked: str, body: bytes) -> dict[str, Part]:
    """The members of the envelope, undecoded and not copied; missing ones are left out."""
    try:
        found = _ENVELOPE.decode(body)
    except (ValueError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError) or body.lstrip()[:1] != b"{":
            raise _not_this(asked, body, "an object") from error
        return _broken_envelope(asked, body)
    views = {name: memoryview(getattr(found, name)) for name in _Envelope.__struct_fields__}
    return {name: view for name, view in views.items() if view.nbytes}


def _broken_envelope(asked: str, body: bytes) -> dict[str, Part]:
    """The same for a body that is invalid JSON in some place, most likely inside one element."""
    _refuse_cut_off(asked, body)
    _need_short(asked, body)
    found = members(body.strip())
    if found.get("data", b"")[:1] != b"[":
        raise _not_this(asked, body, "JSON")
    return dict(found)


def _refuse_cut_off(asked: str, body: bytes) -> None:
    """Raise `ConnectionFailed` when the body ends inside a list or an object: a retry may get all of it."""
    if body.lstrip()[:1] not in (b"{", b"[") or len(body) > MOST_SPLIT:
        return
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (ValueError, RecursionError):
        try:
            for _ in elements(body.strip()):
                pass
        except CutOff as error:
            raise ConnectionFailed(asked, f"the answer was cut off after {len(body):,} bytes") from error


def _need_short(asked: str, body: Part) -> None:
    """Raise `AnswerTooLarge` for a body that is damaged and too long to be split."""
    if len(body) > MOST_SPLIT:
        raise AnswerTooLarge(asked, f"JSON, or at most {MOST_SPLIT:,} bytes of anything else,", "the body", "more")


def _list_parts(asked: str, envelope: Mapping[str, Part], name: str, what: str) -> list[bytes]:
    """The elements of a list, undecoded; none if it is missing."""
    text = envelope.get(name)
    if text is None:
        return []
    if text[:1] != b"[":
        raise UnexpectedAnswer(asked, "a list", name or "the top", _clipped(text))
    try:
        parts = [bytes(part) for part in msgspec.structs.astuple(_parts().decode(text)) if part is not _MISSING]
    except msgspec.ValidationError:
        parts = []
        too_many = True
    except (ValueError, RecursionError):
        _need_short(asked, text)
        text = bytes(text)
        _refuse_cut_off(asked, text)
        parts = list(islice(elements(text), MOST_ELEMENTS + 1))
        too_many = len(parts) > MOST_ELEMENTS
    else:
        too_many = False
    if too_many:
        raise UnexpectedAnswer(asked, f"at most {MOST_ELEMENTS:,} {what}", name or "the top", "more")
    return parts


def _flag(asked: str, envelope: Mapping[str, Part], name: str) -> bool:
    text = envelope.get(name)
    if text not in (b"true", b"false"):
        raise UnexpectedAnswer(asked, "true or false", name, "nothing" if text is None else _clipped(text))
    return text == b"true"


def _text_or_none(part: Part) -> str | None:
    """A cursor; None for null, an empty one, or anything but a string: then the last event's cursor is used."""
    try:
        return _TEXT.decode(part) or None
    except (ValueError, RecursionError):
        return None


def _not_this(asked: str, body: bytes, expected: str) -> UnexpectedAnswer:
    """The error for a body of another kind; raises `ConnectionFailed` for one that was cut off."""
    _refuse_cut_off(asked, body)
    if is_json(body):
        return UnexpectedAnswer(asked, expected, "the top", _clipped(body))
    return UnexpectedAnswer(asked, "JSON", "the body", clip(looks_like(body)) or "an empty body")


def _clipped(part: Part) -> str:
    return clip(shown(bytes(part[:1000])))


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
