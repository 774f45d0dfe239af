"""Names of all entities ever seen, folded and packed, so that each is found by any part of it.

They are written together with snapshots. The table `indexed` holds the id up to which snapshots were indexed: in a
journal of an earlier format none was at first, and snapshots added meanwhile are indexed after those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.domain.fields import Naming, naming_of
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.journal.database import Database, Row
from gumnut_tui.store.name_index import MOST_NAMED, NameIndex, NamePack, joined_packs, packed_links, packed_names

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_KEYS = {"name", *(kind.name_field for kind in KINDS.values()), *(
    key for kind in KINDS.values() for keys in kind.named_by for key in keys
)}  # fmt: skip
"""Fields that a name is made of."""
_COLUMNS = "ids, first_text, second_text"
_PACKS = f"SELECT are_links, first, count, {_COLUMNS} FROM names WHERE library = ?"


def add(db: Database, library: int, namings: Collection[Naming]) -> None:
    """Append names; part of a transaction."""
    names = [one for one in namings if one.name]
    links = [one for one in namings if not one.name]
    for start in range(0, len(names), MOST_NAMED):
        _put(db, library, packed_names(names[start : start + MOST_NAMED]), are_links=False)
    for start in range(0, len(links), MOST_NAMED):
        _put(db, library, packed_links(links[start : start + MOST_NAMED]), are_links=True)


def _put(db: Database, library: int, pack: NamePack, *, are_links: bool) -> None:
    last = db.first(
        f"SELECT id, first, count, {_COLUMNS} FROM names WHERE library = ? AND are_links = ?"
        " ORDER BY first DESC LIMIT 1",
        [library, are_links],
    )
    first = 0
    if last is not None:
        number, first, count, *columns = last
        if count + len(pack) <= MOST_NAMED:
            pack = joined_packs(NamePack(*columns), pack)
            db.run("DELETE FROM names WHERE id = ?", [number])
        else:
            first += count
    db.run(
        f"INSERT INTO names (library, are_links, first, count, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [library, are_links, first, len(pack), pack.ids, pack.first, pack.second],
    )


class LoadedNames:
    """The names of a library in memory, and how much of the file was loaded."""

    def __init__(self) -> None:
        self.index = NameIndex()
        self._counts = [0, 0]

    def refresh(self, db: Database, library: int) -> NameIndex:
        """The index, with what was added to the file since the last call."""
        for are_links in (False, True):
            question = f"{_PACKS} AND are_links = ? AND first + count > ? ORDER BY first"
            found = [_numbered(row) for row in db.rows(question, [library, are_links, self._counts[are_links]])]
            if not all(one.is_whole for one in found):
                raise JournalDamaged(f"there is damage in {db.name}: names cannot be read.")
            self.index.extend((one.pack for one in found), are_links=are_links)
            if found:
                self._counts[are_links] = found[-1].first + found[-1].entries
        return self.index


class NumberedPack(NamedTuple):
    """A pack in the file."""

    are_links: bool
    first: int
    """The number of its first entry."""
    entries: int
    pack: NamePack

    @property
    def is_whole(self) -> bool:
        """Whether it has the right number of entries, all of them complete."""
        return self.pack.is_whole(self.entries, are_links=self.are_links)


def numbered(db: Database, library: int) -> Iterator[NumberedPack]:
    """Every pack of a library."""
    return map(_numbered, db.each(f"{_PACKS} ORDER BY id", [library]))


def _numbered(row: Row) -> NumberedPack:
    are_links, first, count, *columns = row
    return NumberedPack(bool(are_links), first, count, NamePack(*columns))


def is_indexed(db: Database) -> bool:
    """Whether every snapshot was indexed."""
    return db.first("SELECT 1 FROM snapshot WHERE id >= (SELECT before FROM indexed) LIMIT 1") is None


def left_to_index(db: Database) -> int:
    """How many snapshots are still to be indexed."""
    # By an index, as the snapshots themselves are large.
    return int(db.one("SELECT COUNT(*) FROM snapshot WHERE +id >= (SELECT before FROM indexed)")[0])


def set_indexed(db: Database) -> None:
    """Note that all snapshots were indexed; part of a transaction."""
    db.run("UPDATE indexed SET before = (SELECT COALESCE(MAX(id), 0) + 1 FROM snapshot)")


class Looked(NamedTuple):
    """The names in some snapshots."""

    snapshots: int
    """How many snapshots were read."""
    namings: Sequence[tuple[int, Naming]]
    """The new names, each with its library."""


class Indexer:
    """Indexes snapshots, some at a time; if it is killed, the next one continues from there."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, Naming]] = set()
        self._next = 0

    def step(self, db: Database, most: int) -> int:
        """Index up to `most` snapshots; returns how many, 0 when there are no more."""
        with db.transaction():
            found = self.look(db, most)
            for library, namings in groupby(found.namings, key=itemgetter(0)):
                add(db, library, [naming for _, naming in namings])
            if found.snapshots:
                db.run("UPDATE indexed SET before = ?", [self._next])
            return found.snapshots

    def look(self, db: Database, most: int) -> Looked:
        """The names in up to `most` snapshots, without storing them."""
        rows = db.rows(
            "SELECT id, library, kind, entity_id, fields FROM snapshot"
            " WHERE id >= MAX(?, (SELECT before FROM indexed)) ORDER BY id LIMIT ?",
            [self._next, most],
        )
        if rows:
            self._next = rows[-1][0] + 1
        told = dict.fromkeys(
            (library, naming)
            for _, library, kind, entity_id, text in rows
            if text is not None and (naming := naming_in(kind, entity_id, text)) is not None
        )
        new = [one for one in told if one not in self._seen]
        self._seen.update(new)
        return Looked(len(rows), new)


def naming_in(kind: str, entity_id: str, text: str) -> Naming | None:
    """The naming of an entity whose fields are JSON; None also when they are unreadable."""
    try:
        fields = {key: msgspec.json.decode(raw) for key, raw in _MEMBERS.decode(text).items() if key in _KEYS}
    except (msgspec.DecodeError, RecursionError, TypeError):
        return None
    return naming_of(kind, entity_id, fields)
