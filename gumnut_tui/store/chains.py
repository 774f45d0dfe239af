"""Chains: events of one family that follow one another without a long pause, put together from pieces.

A piece is what a block of rows holds of a chain. Pieces may come in any order, and overlap in time; since each is
without a long pause in itself, it is enough to look at where they begin and end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from operator import attrgetter
from typing import NamedTuple

from gumnut_tui.domain.actions import Family

_LOW, _HIGH, _PLACE = attrgetter("low"), attrgetter("high"), attrgetter("place")


Place = tuple[int, int, str, int, int]
"""The time of the first event, the family, the subject, the first anchor, and a number of its own."""
Subject = Callable[[int, int, int], str]
"""Finds the name of a subject from its family, its key and a row that has its id."""


class Piece(NamedTuple):
    """Events of one family and subject, without a long pause. Times are µs since the epoch, ends included."""

    family: int
    key: int
    """Told by the subject; 0 where there is none, or none is known."""
    low: int
    high: int
    """The anchors of the first and the last."""
    first: int
    last: int
    """The times of the first and the last."""
    events: int
    row: int
    """One of its rows."""


class Chain:
    """Pieces that follow one another without a long pause: an action, or several, one for each part."""

    __slots__ = (
        "events",
        "family",
        "first",
        "high",
        "is_piece",
        "key",
        "last",
        "low",
        "parts",
        "place",
        "row",
        "subject",
    )

    def __init__(self, piece: Piece) -> None:
        self.family, self.key, self.low, self.high, self.first, self.last, self.events, self.row = piece
        self.parts: tuple[Chain, ...] = ()
        """What is shown instead of it, if it falls into parts."""
        self.subject = ""
        self.is_piece = True
        """It is a single piece, as far as is known."""
        self.place: Place | None = None
        """Its index among all that are shown; None when it is not shown."""

    def take(self, piece: Piece | Chain, events: int) -> None:
        """Hold this one's span too, and so many events more."""
        self.low, self.high = min(self.low, piece.low), max(self.high, piece.high)
        self.first, self.last = min(self.first, piece.first), max(self.last, piece.last)
        self.events += events
        self.is_piece = False


def linked(pieces: Iterable[Piece], pause_us: int) -> list[Chain]:
    """The chains of some pieces, all of one family, whatever their subjects, in the order of time."""
    chains = list[Chain]()
    for piece in sorted(pieces, key=_LOW):
        if chains and piece.low - chains[-1].high <= pause_us:
            chains[-1].take(piece, piece.events)
        else:
            chains.append(Chain(piece))
    return chains


class Chains:
    """All chains, and those shown, in the order of their first event; pieces may be added, replaced and taken out.

    `pauses` are the longest of each family, in µs; `gather` finds the pieces of a track that reach between two anchors.
    """

    def __init__(
        self, pauses: Sequence[int], gather: Callable[[int, int, int], Iterable[Piece]], subject: Subject
    ) -> None:
        self.shown: list[Chain] = []
        self.version = 0
        """Another after each change of what is shown."""
        self._pauses = pauses
        self._gather = gather
        self._subject = subject
        self._tracks: dict[int, list[Chain]] = {}
        self._numbers = count()
        self._changed: dict[Chain, None] = {}

    def replace(self, before: Sequence[Piece], after: Sequence[Piece]) -> None:
        """Put the pieces of a block in the place of those it had before; `gather` gives the new ones already."""
        old, new = _by_track(before), _by_track(after)
        for track in old.keys() | new.keys():
            gained = _growth(old.get(track, ()), new.get(track, ()))
            if gained is None:
                self._link_again(track, old[track], new.get(track, ()))
            else:
                for piece, events in gained:
                    self._join(track, piece, events)
        for chain in self._changed:
            self._show(chain)
        self.version += bool(self._changed)
        self._changed.clear()

    def of(self, piece: Piece) -> Chain:
        """The shown chain a piece belongs to."""
        chain = self._at(self._tracks[track_of(piece.family, piece.key)], piece.low)
        return self._at([part for part in chain.parts if part.key == piece.key], piece.low) if chain.parts else chain

    def between(self, first: int, last: int) -> list[Chain]:
        """The shown chains that begin between two times, ends included."""
        start = bisect_left(self.shown, (first,), key=_PLACE)
        return self.shown[start : bisect_left(self.shown, (last + 1,), key=_PLACE)]

    def _at(self, chains: Sequence[Chain], anchor: int) -> Chain:
        return chains[bisect_right(chains, anchor, key=_LOW) - 1]

    def _join(self, track: int, piece: Piece, events: int) -> None:
        """Add a piece, of which so many events are new, to the chains it reaches, which become one."""
        chains = self._tracks.setdefault(track, [])
        pause = self._pauses[piece.family]
        start = bisect_left(chains, piece.low - pause, key=_HIGH)
        stop = bisect_right(chains, piece.high + pause, key=_LOW)
        if start == stop:
            chain = Chain(piece)
            chain.events = events
            chains.insert(start, chain)
        else:
            chain, *others = chains[start:stop]
            self._hide(chain)
            for other in others:
                self._hide(other)
                self._changed.pop(other, None)
                chain.take(other, other.events)
            chain.take(piece, events)
            del chains[start + 1 : stop]
        self._changed[chain] = None

    def _link_again(self, track: int, lost: Sequence[Piece], now: Sequence[Piece]) -> None:
        """Make the chains anew that lost pieces belonged to, from those there are `now` and all others."""
        chains = self._tracks[track]
        low, high = min(map(_LOW, lost)), max(map(_HIGH, lost))
        start, stop = bisect_left(chains, low, key=_HIGH), bisect_right(chains, high, key=_LOW)
        for chain in chains[start:stop]:
            low, high = min(low, chain.low), max(high, chain.high)
            self._hide(chain)
            self._changed.pop(chain, None)
        del chains[start:stop]
        pieces = dict.fromkeys((*self._gather(track, low, high), *now))
        for piece in pieces:
            self._join(track, piece, piece.events)
        if not chains:
            del self._tracks[track]

    def _show(self, chain: Chain) -> None:
        self._hide(chain)
        chain.parts = self._parts(chain)
        for part in chain.parts or (chain,):
            part.subject = self._subject(part.family, part.key, part.row)
            part.place = (part.first, part.family, part.subject, part.low, next(self._numbers))
            insort(self.shown, part, key=_PLACE)

    def _hide(self, chain: Chain) -> None:
        for part in chain.parts or (chain,):
            if part.place is not None:
                del self.shown[bisect_left(self.shown, part.place, key=_PLACE)]
                part.place = None

    def _parts(self, chain: Chain) -> tuple[Chain, ...]:
        """Work on several albums falls into parts, each with its own pauses.

        What does not tell its album belongs to the only one there is in the chain; where there are several, it is a
        part of its own.
        """
        if chain.family != Family.ALBUM or chain.is_piece:
            return ()
        pieces = list(self._gather(chain.family, chain.low, chain.high))
        keys = {piece.key: piece.row for piece in pieces if piece.key}
        if len(keys) <= 1:
            chain.key, chain.row = next(iter(keys.items()), (0, chain.row))
            return ()
        parts = list[Chain]()
        for key in (*keys, 0):
            parts += linked((piece for piece in pieces if piece.key == key), self._pauses[chain.family])
        return tuple(parts)


def track_of(family: int, key: int) -> int:
    """Which pieces may be in one chain: those of a family; of unknown events, only those of one type."""
    return key << 8 | family if family == Family.OTHER else family


def _by_track(pieces: Iterable[Piece]) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(track_of(piece.family, piece.key), []).append(piece)
    return found


def _growth(before: Sequence[Piece], after: Sequence[Piece]) -> list[tuple[Piece, int]] | None:
    """The pieces with how many events each has gained; None when one has lost some, or its place."""
    gained = [piece.events for piece in after]
    for old in before:
        for place, new in enumerate(after):
            if new.key == old.key and new.low <= old.low and old.high <= new.high:
                if new.first > old.first or new.last < old.last:
                    return None
                gained[place] -= old.events
                break
        else:
            return None
    if any(number < 0 for number in gained):
        return None
    return [(new, number) for new, number in zip(after, gained, strict=True) if number or new not in before]
