"""Events packed into a few byte strings: the format on disk, and for adding to columns without an object a row."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gumnut_tui.domain.models import NULL, Event, from_us, to_us

SEPARATOR = b"\xff"
"""Between the texts of an event; encoded text never has this byte; only an invalid payload may, which comes last."""
SEPARATORS = 2
"""Separators of an event, apart from those in an invalid payload."""

MOST_PACKED = 256
"""Events in one `Packed`: one byte identifies a kind."""

Kind = tuple[str, str]
"""Entity type and event type."""


class Packed(msgspec.Struct, frozen=True, gc=False):
    """Up to `MOST_PACKED` events in feed order."""

    times: bytes
    """`created_at` in µs since the epoch, 8 bytes each, little-endian."""
    codes: bytes
    """The index of each event's kind in `kinds`, one byte each."""
    kinds: tuple[Kind, ...]
    ends: bytes
    """Where each event ends in `texts`, 4 bytes each, little-endian."""
    texts: bytes
    """Cursor, entity id and payload of each event, separated; an empty payload means null."""

    def __len__(self) -> int:
        return len(self.codes)

    def check(self) -> None:
        """Raise `ValueError` or `OverflowError` when an event is unreadable."""
        times, ends = self.times_us(), self.text_ends()
        if not len(times) == len(ends) == len(self.codes):
            raise ValueError("the columns differ in length")
        if not len(self):
            return
        if max(self.codes) >= len(self.kinds):
            raise ValueError("an event is of no kind")
        from_us(min(times)), from_us(max(times))
        start = 0
        for end in ends:
            if not start <= end <= len(self.texts) or self.texts.count(SEPARATOR, start, end) < SEPARATORS:
                raise ValueError("an event has no text")
            start = end
        # Most texts are pure ASCII, which is checked quickly.
        if not self.texts.replace(SEPARATOR, b"").isascii():
            for text in self.event_texts():
                for part in split_text(text)[:SEPARATORS]:
                    decoded(part)

    def times_us(self) -> array[int]:
        """`created_at` of each event in µs since the epoch."""
        return _read("q", self.times)

    def text_ends(self) -> array[int]:
        """Where each event ends in `texts`."""
        return _read("I", self.ends)

    def cursors(self) -> list[str]:
        """The cursor of each event."""
        return [decoded(text.partition(SEPARATOR)[0]) for text in self.event_texts()]

    def entity_ids(self) -> list[bytes]:
        """The entity id of each event, as in `texts`."""
        parts = self.texts.split(SEPARATOR)
        if len(parts) == SEPARATORS * len(self) + 1:
            return parts[1::SEPARATORS]
        return [split_text(text)[1] for text in self.event_texts()]  # an invalid payload has separators of its own

    def events(self, start: int = 0, stop: int | None = None) -> list[Event]:
        """The events from `start` up to `stop`, as they were packed."""
        return [self.event(row) for row in range(*slice(start, stop).indices(len(self)))]

    def events_at(self, rows: Iterable[int]) -> list[Event]:
        """The events in these rows, as they were packed; quicker than one by one."""
        times, ends = self.times_us(), self.text_ends()
        return [
            event_of(times[row], self.kinds[self.codes[row]], self.texts[ends[row - 1] if row else 0 : ends[row]])
            for row in rows
        ]

    def event(self, row: int) -> Event:
        """One event, as it was packed."""
        return event_of(self.times_us()[row], self.kinds[self.codes[row]], self.event_text(row))

    def event_text(self, row: int) -> bytes:
        """The part of `texts` that belongs to an event."""
        ends = self.text_ends()
        return self.texts[ends[row - 1] if row else 0 : ends[row]]

    def all_events(self) -> Iterator[Event]:
        """All events, as they were packed; quicker than one by one."""
        if not self.texts.replace(SEPARATOR, b"").isascii():
            for us, code, text in zip(self.times_us(), self.codes, self.event_texts(), strict=True):
                yield event_of(us, self.kinds[code], text)
            return
        # Most texts are: they are decoded together, in an encoding that has a character for the separator too.
        texts, separator = self.texts.decode("latin-1"), SEPARATOR.decode("latin-1")
        kinds, start = self.kinds, 0
        for us, code, end in zip(self.times_us(), self.codes, self.text_ends(), strict=True):
            cursor, entity_id, payload = texts[start:end].split(separator, SEPARATORS)
            start = end
            entity_type, event_type = kinds[code]
            raw = msgspec.Raw(payload.encode()) if payload else NULL
            yield Event(cursor, entity_type, entity_id, event_type, from_us(us), raw)

    def event_texts(self) -> Iterator[bytes]:
        """The part of `texts` that belongs to each event."""
        start = 0
        for end in self.text_ends():
            yield self.texts[start:end]
            start = end


def pack(events: Sequence[Event]) -> Packed:
    """The events packed; raises `ValueError` for more than `MOST_PACKED`."""
    if len(events) > MOST_PACKED:
        raise ValueError(f"{len(events)} events do not fit into one pack of {MOST_PACKED}")
    codes_of: dict[Kind, int] = {}
    texts = [text_of(event) for event in events]
    ends, length = array("I"), 0
    for text in texts:
        length += len(text)
        ends.append(length)
    codes = bytes(codes_of.setdefault((event.entity_type, event.event_type), len(codes_of)) for event in events)
    times = array("q", [to_us(event.created_at) for event in events])
    return Packed(_written(times), codes, tuple(codes_of), _written(ends), b"".join(texts))


def joined(first: Packed, second: Packed) -> Packed:
    """The events of both as one; raises `ValueError` for more than `MOST_PACKED`."""
    return pack([*first.all_events(), *second.all_events()])


def pack_kinds(kinds: Sequence[Kind]) -> bytes:
    """Kinds as one byte string."""
    return SEPARATOR.join(encoded(word) for kind in kinds for word in kind)


def unpack_kinds(packed: bytes) -> tuple[Kind, ...]:
    """The kinds from such a byte string."""
    words = [decoded(word) for word in packed.split(SEPARATOR)] if packed else []
    return tuple(zip(words[::2], words[1::2], strict=True))


def encoded(text: str) -> bytes:
    """The text as in `texts`; a lone surrogate is preserved."""
    return text.encode("utf-8", "surrogatepass")


def decoded(text: bytes) -> str:
    """The text that was encoded."""
    return text.decode("utf-8", "surrogatepass")


def text_of(event: Event) -> bytes:
    """The bytes in `texts` for an event."""
    payload = bytes(event.payload)
    return SEPARATOR.join(
        (encoded(event.cursor), encoded(event.entity_id), b"" if payload == b"null" else payload),
    )


def split_text(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Cursor, entity id and payload from such bytes."""
    cursor, entity_id, payload = text.split(SEPARATOR, SEPARATORS)
    return cursor, entity_id, payload


def event_of(us: int, kind: Kind, text: bytes) -> Event:
    """The event from such bytes."""
    cursor, entity_id, payload = split_text(text)
    return Event(
        cursor=decoded(cursor),
        entity_type=kind[0],
        entity_id=decoded(entity_id),
        event_type=kind[1],
        created_at=from_us(us),
        payload=msgspec.Raw(payload or b"null"),
    )


def _read(code: str, content: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _written(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
