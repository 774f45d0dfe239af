"""Finds entities by any part of their names, folded: those with such a name, and those named after them.

Names are concatenated in one byte string, which is searched as a whole: 150,000 of them take a millisecond. On disk
they are in packs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from itertools import accumulate, islice

import msgspec

from gumnut_tui.domain.fields import Naming
from gumnut_tui.domain.search_text import folded
from gumnut_tui.store.packed import SEPARATOR, decoded, encoded
from gumnut_tui.store.texts import Blob

MOST_NAMED = 256
"""Entities in one pack."""


class NamePack(msgspec.Struct, frozen=True, gc=False):
    """Up to `MOST_NAMED` entities with names of their own, or as many that are named after others."""

    ids: bytes
    """Their ids, separated."""
    first: bytes
    """The folded name of each; or the id of the entity it is named after."""
    second: bytes = b""
    """The id of the second entity each is named after, if any; empty for names."""

    def __len__(self) -> int:
        return self.ids.count(SEPARATOR) + 1

    def is_whole(self, count: int, *, are_links: bool) -> bool:
        """Whether it has this number of entities, all of them complete."""
        columns = (self.ids, self.first, self.second) if are_links else (self.ids, self.first)
        return all(isinstance(one, bytes) and one.count(SEPARATOR) + 1 == count for one in columns)


def packed_names(namings: Collection[Naming]) -> NamePack:
    """Entities with names of their own as a pack."""
    return NamePack(_joined(one.entity_id for one in namings), _joined(one.name for one in namings))


def packed_links(namings: Collection[Naming]) -> NamePack:
    """Entities named after others as a pack; at most two for each."""
    first, second = (_joined(one.parts[place] if place < len(one.parts) else "" for one in namings) for place in (0, 1))
    return NamePack(_joined(one.entity_id for one in namings), first, second)


def joined_packs(one: NamePack, other: NamePack) -> NamePack:
    """The entities of both, in this order."""
    second = SEPARATOR.join((one.second, other.second)) if one.second or other.second else b""
    return NamePack(SEPARATOR.join((one.ids, other.ids)), SEPARATOR.join((one.first, other.first)), second)


AT_ONCE = 32_768
"""Names that are searched at once: about 600 kB, a third of a millisecond."""
SEVERAL = 400
"""Hits in a stretch up to which each is located by itself; with more, all names of the stretch are checked."""
_GAP = SEPARATOR.decode("utf-8", "surrogateescape")


class NameIndex:
    """Every name each entity was seen with. One thread may search while another adds names."""

    def __init__(self) -> None:
        self._names = _Texts()
        self._named = _Texts()
        """The ids of the entities that have these names."""
        self._links: list[NamePack] = []

    def add(self, namings: Sequence[Naming]) -> None:
        """Add the names of entities."""
        names, links = [one for one in namings if one.name], [one for one in namings if not one.name]
        if names:
            self.extend([packed_names(names)], are_links=False)
        if links:
            self.extend([packed_links(links)], are_links=True)

    def extend(self, packs: Iterable[NamePack], *, are_links: bool) -> None:
        """Add packs of names, or of entities named after others."""
        if are_links:
            self._links.extend(packs)
            return
        for pack in packs:
            # Names last, as this makes them visible to other threads.
            self._named.extend(pack.ids.split(SEPARATOR))
            self._names.extend(pack.first.split(SEPARATOR))

    def ids(self, text: str) -> frozenset[str]:
        """Ids of the entities whose name, or that of their photo, album or person, contains the text."""
        wanted = encoded(folded(text))
        found = set[bytes]()
        for stretch in self._names.stretches():
            found.update(self._named.at(stretch, self._names.holding(wanted, stretch)))
        if found:
            found.update([one for pack in tuple(self._links) for one in _named_after(found, pack)])
        return frozenset(map(decoded, found))


def _named_after(ids: Set[bytes], pack: NamePack) -> list[bytes]:
    own, firsts, seconds = (column.split(SEPARATOR) for column in (pack.ids, pack.first, pack.second))
    parts = zip(own, firsts, seconds, strict=True)
    return [one for one, first, second in parts if first in ids or second in ids]


class _Texts:
    """Texts by position, each followed by a separator, so that many can be searched at once."""

    def __init__(self) -> None:
        self._blob = Blob()

    def __len__(self) -> int:
        return len(self._blob)

    def extend(self, texts: Sequence[bytes]) -> None:
        """Append texts."""
        ends = accumulate(len(text) + 1 for text in texts)
        self._blob.extend(SEPARATOR.join((*texts, b"")), ends)

    def stretches(self) -> Iterator[range]:
        """All positions, in parts that are searched at once."""
        count = len(self)
        return (range(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE))

    def holding(self, wanted: bytes, places: range) -> list[int]:
        """The positions whose text contains these bytes, ascending."""
        few = list(islice(self._blob.holding(wanted, places, fold=False), SEVERAL))
        if len(few) < SEVERAL:
            return few
        # Searching `str` is several times as fast as searching `bytes`.
        text, texts = (each.decode("utf-8", "surrogateescape") for each in (wanted, self._blob.joined(places)))
        return [place for place, each in zip(places, texts.split(_GAP), strict=False) if text in each]

    def at(self, within: range, places: Sequence[int]) -> list[bytes]:
        """The texts at positions within a stretch."""
        if len(places) > SEVERAL:
            texts = self._split(within)
            return [texts[place - within.start] for place in places]
        return [self._blob.of(place)[:-1] for place in places]

    def _split(self, places: range) -> list[bytes]:
        return bytes(self._blob.joined(places)).split(SEPARATOR)[:-1]


def _joined(texts: Iterable[str]) -> bytes:
    return SEPARATOR.join(map(encoded, texts))
