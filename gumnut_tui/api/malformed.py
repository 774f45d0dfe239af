"""Malformed events and entities: what is readable is read, the rest is kept as text and marked.

An event or entity with a value that is invalid JSON or of a wrong type keeps its place: its readable members are read,
and the member `unreadable` holds the text of the others by name; null means the member is missing.

For that, JSON is split without decoding it, at the commas and brackets outside of strings, so that an error inside one
part (NaN, broken UTF-8, too deep a nesting) costs only that part.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from gumnut_tui.domain.cursors import MADE_UP
from gumnut_tui.domain.models import NULL, Event, is_shallow

UNREADABLE = "unreadable"
"""The member of a payload or of an entity's fields that holds what is unreadable; also the type of such an event."""
LONGEST_SHOWN = 4_000
"""Characters kept of what is unreadable."""
LONGEST_NAME = 65_536
"""Bytes of a cursor, an id or a type; a longer one is unreadable."""
DEEPEST = 4
"""Levels of objects that are searched for readable members."""

TEXTS = ("cursor", "entity_type", "entity_id", "event_type")

Odd = dict[str, str | None]
"""The text of what is unreadable, by name."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class FoundEvent(NamedTuple):
    """An event, and whether its cursor can be used to continue."""

    event: Event
    leads_on: bool


def in_utc(moment: datetime) -> tuple[datetime, bool]:
    """The moment in UTC (one without a zone counts as UTC), and whether it fits in the calendar.

    One that does not becomes the calendar's first or last moment.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC), True
    try:
        return moment.astimezone(UTC), True
    except OverflowError:
        return (datetime.min if moment.year == 1 else datetime.max).replace(tzinfo=UTC), False


def made_up_cursor(raw: bytes, number: int) -> str:
    """A cursor for an event that has none of its own: the same whichever page it comes in.

    `number` tells it from others of the page that are written alike.
    """
    return f"{MADE_UP}{hashlib.sha1(raw, usedforsecurity=False).hexdigest()[:16]}-{number}"


def odd_event(raw: bytes, at: datetime, number: int) -> FoundEvent:
    """The readable parts of a malformed event.

    It gets the time `at` when it has no readable one; `number` distinguishes it from others of the page like it.
    """
    given = _members_of(raw) or {}
    odd = Odd()
    texts = {name: _named(given, name, odd) for name in TEXTS}
    moment = _moment(given, odd) or at
    payload = _payload(given, odd)
    if not given:
        odd = {"event": _clipped(raw)}
    cursor = texts["cursor"] or made_up_cursor(raw, number)
    event = Event(
        cursor,
        texts["entity_type"] or UNREADABLE,
        texts["entity_id"] or "",
        texts["event_type"] or UNREADABLE,
        moment,
        _marked(payload, odd),
    )
    return FoundEvent(event, leads_on="cursor" not in odd and bool(texts["cursor"]))


def marked(event: Event, odd: Odd) -> Event:
    """The event with something of it marked as unreadable."""
    return msgspec.structs.replace(event, payload=_marked(bytes(event.payload), odd))


def as_json(event: Event) -> bytes:
    """The event as JSON, for one whose own text is not."""
    return msgspec.json.encode(event)


def odd_fields(raw: bytes, budget: Budget, what: str) -> dict[str, Any]:
    """The readable members of an object; `what` names it where there are none."""
    given = _members_of(raw)
    if given is None:
        return {UNREADABLE: {what: _clipped(raw)}}
    fields, odd = _readable(given, budget, DEEPEST)
    return {**fields, UNREADABLE: odd} if odd else fields


def _readable(given: Mapping[str, bytes], budget: Budget, deepest: int) -> tuple[dict[str, Any], Odd]:
    fields: dict[str, Any] = {}
    odd = Odd()
    for name, raw in given.items():
        try:
            if not budget.affords(raw) or not is_shallow(raw):
                raise ValueError("too large to be read")
            fields[name] = msgspec.json.decode(raw)
        except (ValueError, RecursionError):
            inner = _members_of(raw) if deepest else None
            if inner is None:
                odd[name] = _clipped(raw)
                continue
            fields[name], below = _readable(inner, budget, deepest - 1)
            odd |= {f"{name}.{part}": text for part, text in below.items()}
    return fields, odd


def _members_of(raw: bytes) -> dict[str, bytes] | None:
    """The members of an object; None for anything else, and for what is too large to be split."""
    if raw[:1] != b"{" or len(raw) > MOST_SPLIT:
        return None
    try:
        return members(raw)
    except CutOff:
        return None


def _named(given: Mapping[str, bytes], name: str, odd: Odd) -> str:
    raw = given.get(name)
    if raw is None:
        odd[name] = None
        return ""
    try:
        if len(raw) <= LONGEST_NAME and not (name == "cursor" and raw == b'""'):
            return msgspec.json.decode(raw, type=str)
    except (ValueError, RecursionError):
        pass
    odd[name] = _clipped(raw)
    return _mended(raw)


def _mended(raw: bytes) -> str:
    """The text with U+FFFD for half a surrogate pair or broken UTF-8; a number or the like as its JSON."""
    raw = raw[:LONGEST_NAME]
    if raw[:1] not in (b'"', b"{", b"["):
        return "" if raw == b"null" else _clipped(raw)
    try:
        value = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return ""
    return _HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else ""


def _moment(given: Mapping[str, bytes], odd: Odd) -> datetime | None:
    raw = given.get("created_at")
    if raw is None:
        odd["created_at"] = None
        return None
    try:
        moment = msgspec.json.decode(raw, type=datetime)
    except (ValueError, RecursionError):
        odd["created_at"] = _clipped(raw)
        return None
    utc, fits = in_utc(moment)
    if not fits:
        odd["created_at"] = _clipped(raw)
    return utc


def _payload(given: Mapping[str, bytes], odd: Odd) -> bytes:
    """The payload as received if it is valid, else its readable members."""
    raw = given.get("payload", bytes(NULL))
    if is_json(raw):
        return raw
    inner = _members_of(raw)
    if inner is None:
        odd["payload"] = _clipped(raw)
        return bytes(NULL)
    fields, below = _readable(inner, Budget(), DEEPEST)
    odd |= {f"payload.{name}": text for name, text in below.items()}
    return msgspec.json.encode(fields)


def is_json(raw: bytes) -> bool:
    """Whether the bytes are JSON that every reader takes: no NaN, no half surrogate pair, UTF-8, not too deep."""
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return is_utf8(raw)


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8; checked in parts, to make no second copy."""
    if raw.isascii():
        return True
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")()
    view = memoryview(raw)
    try:
        for start in range(0, len(raw), 1 << 20):
            decoder.decode(view[start : start + (1 << 20)], final=start + (1 << 20) >= len(raw))
    except UnicodeDecodeError:
        return False
    return True


def _marked(payload: bytes, odd: Odd) -> msgspec.Raw:
    if not odd:
        return msgspec.Raw(payload)
    try:
        fields = msgspec.json.decode(payload) if Budget().affords(payload) and is_shallow(payload) else {}
    except (ValueError, RecursionError):
        fields = {}
    kept = fields if isinstance(fields, dict) else {} if fields is None else {"payload": fields}
    return msgspec.Raw(msgspec.json.encode({**kept, UNREADABLE: odd}))


def _clipped(raw: bytes) -> str:
    text = shown(raw[:LONGEST_SHOWN])
    return text if len(raw) <= LONGEST_SHOWN else f"{text}… ({len(raw):,} bytes)"


MOST_SPLIT = 4 * 1024 * 1024
"""The most bytes that are split; more would block the screen."""
LONGEST_PLAIN = 3 * 1024 * 1024
"""Bytes of JSON that are decoded without estimating the memory they take."""
MOST_MEMORY = 96 * 1024 * 1024
"""Bytes of memory that the values of one answer may take."""

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(_TEXT + rb"|[\[\]{},]", re.DOTALL)
_NAME = re.compile(rb"\s*(" + _TEXT + rb")\s*:", re.DOTALL)
_COSTS = ((b"{", 200), (b"[", 80), (b",", 90))
"""The most bytes of memory that an object, a list and an element take."""


class CutOff(ValueError):
    """The text ends inside a list or an object."""


def elements(text: bytes) -> Iterator[bytes]:
    """The parts of a list, or of an object as `"name": value`; raises `CutOff` where the text ends too early."""
    depth, begin = 0, 1
    for token in _TOKEN.finditer(text):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"," if depth == 1:
                yield text[begin : token.start()].strip()
                begin = token.end()
            case b"]" | b"}":
                depth -= 1
                if depth == 0:
                    if last := text[begin : token.start()].strip():
                        yield last
                    return
            case _:
                pass
    raise CutOff(f"the text ends after {len(text):,} bytes inside a list or an object")


def members(text: bytes) -> dict[str, bytes]:
    """The members of an object by name, undecoded; of two with the same name, the last."""
    found: dict[str, bytes] = {}
    for part in elements(text):
        name = _NAME.match(part)
        if name is not None:
            found[as_text(name[1])] = part[name.end() :].strip()
    return found


def as_text(raw: bytes) -> str:
    """A JSON string decoded; for anything else the bytes themselves, with `\\xff` for what is not UTF-8."""
    try:
        return msgspec.json.decode(raw, type=str)
    except (ValueError, RecursionError):
        return shown(raw)


def shown(raw: bytes) -> str:
    """Bytes as text; those that are not UTF-8 as `\\xff`."""
    return raw.decode("utf-8", "backslashreplace")


class Budget:
    """How much memory the values of one answer may still take."""

    def __init__(self, left: int = MOST_MEMORY) -> None:
        self._left = left

    def affords(self, raw: bytes) -> bool:
        """Whether these bytes of JSON may be decoded; deducts the memory they will take."""
        cost = 32 * len(raw) if len(raw) < LONGEST_PLAIN // 200 else _cost(raw)
        if cost > self._left:
            return False
        self._left -= cost
        return True


def _cost(raw: bytes) -> int:
    # A string takes up to four bytes a character once one of its characters needs them.
    return (1 if raw.isascii() else 4) * len(raw) + sum(raw.count(sign) * bytes_ for sign, bytes_ in _COSTS)
