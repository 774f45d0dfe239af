"""Decodes JSON into models: lenient about unknown fields, strict about those we need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC
from enum import Enum
from typing import Any, NoReturn, TypeVar

import msgspec

from gumnut_tui.api.problems import looks_like
from gumnut_tui.domain.errors import ConnectionFailed, UnexpectedAnswer, UnsupportedFeed, clip
from gumnut_tui.domain.models import Event

T = TypeVar("T")


class Generation(Enum):
    """The form of the cursor feed a server speaks, told by its first page."""

    CURRENT = "current"
    """Pages carry `next_cursor` and `as_of`; an upper time bound is ignored."""
    CURSOR = "cursor"
    """The older form: one reads on from the last event's cursor."""


class FeedAnswer(msgspec.Struct, frozen=True):
    """A page of the feed as the server sent it."""

    events: list[Event]
    has_more: bool
    next_cursor: str | None
    """The server's own; None when it gave none, or an empty one."""
    generation: Generation
    raw: list[bytes]
    """Each event's JSON; empty unless asked for."""


class _Envelope(msgspec.Struct, kw_only=True):
    has_more: bool
    next_cursor: str | msgspec.UnsetType | None = msgspec.UNSET
    as_of: Any = msgspec.UNSET

    @property
    def generation(self) -> Generation:
        new = self.next_cursor is not msgspec.UNSET or self.as_of is not msgspec.UNSET
        return Generation.CURRENT if new else Generation.CURSOR


class _Page(_Envelope, kw_only=True):
    data: list[Event]


class _RawPage(_Envelope, kw_only=True):
    data: list[msgspec.Raw]


class _Listing(msgspec.Struct):
    data: list[dict[str, Any]]
    has_more: bool = False


_PAGE = msgspec.json.Decoder(_Page)
_RAW_PAGE = msgspec.json.Decoder(_RawPage)
_EVENT = msgspec.json.Decoder(Event)
_LISTING = msgspec.json.Decoder(_Listing)
_OBJECTS = msgspec.json.Decoder(list[dict[str, Any]])
_OBJECT = msgspec.json.Decoder(dict[str, Any])
_TEXT = msgspec.json.Decoder(str)


def feed_page(asked: str, body: bytes) -> FeedAnswer:
    """A page of the feed; raises `UnsupportedFeed`, `UnexpectedAnswer`, `ConnectionFailed` when cut off."""
    try:
        page = _read(asked, body, _PAGE.decode)
    except UnexpectedAnswer as error:
        _refuse_full_entities(asked, body, error)
    return _feed_answer(page, _all_in_utc(asked, page.data), [])


def raw_feed_page(asked: str, body: bytes) -> FeedAnswer:
    """As `feed_page`, and keeps the JSON of each event.

    Those are the bytes as received; only where a text holds half a surrogate pair, which JSON readers refuse,
    they are a rewritten copy with U+FFFD in its place.
    """
    try:
        page = _read(asked, body, _RAW_PAGE.decode)
        events = _events(asked, page.data)
    except UnexpectedAnswer as error:
        _refuse_full_entities(asked, body, error)
    return _feed_answer(page, _all_in_utc(asked, events), [bytes(raw) for raw in page.data])


def _events(asked: str, raws: list[msgspec.Raw]) -> list[Event]:
    try:
        return [_EVENT.decode(raw) for raw in raws]
    except ValueError:
        # Once more with care, to say which one it was.
        return [_read(asked, bytes(raw), _EVENT.decode, f"data[{at}]") for at, raw in enumerate(raws)]


def listing(asked: str, body: bytes) -> tuple[list[dict[str, Any]], bool]:
    """The objects of an enveloped list, each with its id, and whether there are more."""
    page = _read(asked, body, _LISTING.decode)
    for at, fields in enumerate(page.data):
        _need_id(asked, fields, f"data[{at}].")
    return page.data, page.has_more


def objects(asked: str, body: bytes) -> list[dict[str, Any]]:
    """The objects of a bare list, each with its id."""
    found = _read(asked, body, _OBJECTS.decode)
    for at, fields in enumerate(found):
        _need_id(asked, fields, f"[{at}].")
    return found


def single(asked: str, body: bytes) -> dict[str, Any]:
    """One object with its id."""
    fields = _read(asked, body, _OBJECT.decode)
    _need_id(asked, fields, "")
    return fields


def text(asked: str, body: bytes) -> str:
    """One JSON text."""
    return _read(asked, body, _TEXT.decode)


def _feed_answer(page: _Envelope, events: list[Event], raw: list[bytes]) -> FeedAnswer:
    next_cursor = page.next_cursor if isinstance(page.next_cursor, str) and page.next_cursor else None
    return FeedAnswer(events, page.has_more, next_cursor, page.generation, raw)


def _all_in_utc(asked: str, events: list[Event]) -> list[Event]:
    return [event if event.created_at.tzinfo is UTC else _in_utc(asked, at, event) for at, event in enumerate(events)]


def _in_utc(asked: str, at: int, event: Event) -> Event:
    moment = event.created_at
    try:
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise UnexpectedAnswer(asked, "a time", f"data[{at}].created_at", moment.isoformat()) from error
    return msgspec.structs.replace(event, created_at=utc)


def _need_id(asked: str, fields: dict[str, Any], place: str) -> None:
    if not isinstance(fields.get("id"), str) or not fields["id"]:
        got = _shown(fields["id"]) if "id" in fields else "nothing"
        raise UnexpectedAnswer(asked, "a text", f"{place}id", got)


def _read(asked: str, body: bytes, decode: Callable[[bytes], T], place: str = "") -> T:
    try:
        return decode(body)
    except (ValueError, RecursionError):
        return _read_with_care(asked, body, decode, place)


def _read_with_care(asked: str, body: bytes, decode: Callable[[bytes], T], place: str) -> T:
    """Read a body that was refused once: mended if that is enough, else explained."""
    mended = _mended(asked, body)
    try:
        return decode(mended)
    except msgspec.ValidationError as error:
        raise _wrong_shape(asked, msgspec.json.decode(mended), str(error), place) from error


def _mended(asked: str, body: bytes) -> bytes:
    """The body as every JSON reader takes it: half surrogate pairs and broken UTF-8 become U+FFFD.

    Raises `ConnectionFailed` if it was cut off, `UnexpectedAnswer` if it is no JSON at all.
    """
    try:
        msgspec.json.decode(body)
        return body
    except (ValueError, RecursionError) as error:
        refused = error
    try:
        rewritten = json.dumps(json.loads(body.decode("utf-8", "replace")), ensure_ascii=False)
        mended = re.sub("[\ud800-\udfff]", "\ufffd", rewritten).encode()
        msgspec.json.decode(mended)
        return mended
    except (ValueError, RecursionError):
        if body and "truncated" in str(refused):
            raise ConnectionFailed(asked, f"the answer broke off after {len(body):,} bytes") from refused
        got = clip(looks_like(body)) or "an empty body"
        raise UnexpectedAnswer(asked, "JSON", "the body", got) from refused


_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.+)`")
_EXPECTED = re.compile(r"Expected `(.+?)`")
_WORDS = {
    "str": "a text",
    "str | null": "a text or null",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "a time",
}


def _wrong_shape(asked: str, value: Any, message: str, place: str) -> UnexpectedAnswer:
    """The validation's message in our words, with the value that stands in the place it names."""
    told = _PLACE.match(message)
    what, path = (told["what"], (told["path"] or "").lstrip(".")) if told else (message, "")
    if missing := _MISSING.match(what):
        where = _joined(place, _joined(path, missing[1]))
        expected = _WORDS.get(_FIELD_KINDS.get(missing[1], ""), "a value")
        return UnexpectedAnswer(asked, expected, where, "nothing")
    kind = _EXPECTED.match(what)
    expected = _WORDS.get(kind[1], kind[1]) if kind else "a time" if "datetime" in what else what
    return UnexpectedAnswer(asked, expected, _joined(place, path) or "the top", _shown(_value_at(value, path)))


_FIELD_KINDS = {
    "data": "array",
    "has_more": "bool",
    "cursor": "str",
    "entity_type": "str",
    "entity_id": "str",
    "event_type": "str",
    "created_at": "datetime",
}


def _joined(place: str, path: str) -> str:
    return f"{place}.{path}" if place and path and not path.startswith("[") else place + path


def _value_at(value: Any, path: str) -> Any:
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[int(number)] if number else value[name]
    return value


def _shown(value: Any) -> str:
    return clip(msgspec.json.encode(value).decode())


def _refuse_full_entities(asked: str, body: bytes, error: UnexpectedAnswer) -> NoReturn:
    """Raise `UnsupportedFeed` when the page is of the form before cursors, else the error as it is."""
    try:
        page = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        raise error from None
    if isinstance(page, dict) and isinstance(data := page.get("data"), list) and _is_old(page, data):
        raise UnsupportedFeed(asked, "events with cursors", "data", "full entities, the older feed") from error
    raise error


def _is_old(page: dict[str, Any], data: list[Any]) -> bool:
    if not data:
        return not page.keys() & {"has_more", "next_cursor", "as_of"}
    first = data[0]
    return isinstance(first, dict) and "data" in first and "cursor" not in first
