"""The actions among the events of a store: found piece by piece, whatever the order in which the events came.

How it works: rows are taken in blocks of consecutive row numbers. `Attribution` says of each row of a block to which
family it belongs and where in time it is anchored; what follows without a long pause makes a piece, and pieces of all
blocks make the chains that are shown as actions. When rows come that events of older blocks may belong to, those blocks
are attributed again, so the outcome depends on what events there are, not on when they came.

On a screen call `step` until it returns False, letting others work between: a step takes a few milliseconds at most.
A program that has nothing else to do calls `refresh`. Between steps every row known is in exactly one action.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import and_
from typing import overload

from gumnut_tui.domain.actions import AFTERMATH, EARLY, HOUR, Action, ActionRules, Family
from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.anchors import hours_of
from gumnut_tui.store.attribution import Attribution
from gumnut_tui.store.blocks import BLOCK, Block
from gumnut_tui.store.chains import Chain, Chains, Piece, track_of
from gumnut_tui.store.event_store import EventStore, TypePair

AHEAD = 8
"""Blocks that are learnt of in one step."""
LAG = 4
"""So many blocks are not attributed before the next are learnt of, so that few have to be attributed again."""


class Actions(Sequence[Action]):
    """The actions of a store, by the time of their first event, the oldest first."""

    def __init__(self, store: EventStore, rules: ActionRules | None = None, *, block_rows: int = BLOCK) -> None:
        self.store = store
        self.rules = rules or ActionRules()
        self._attribution = Attribution(store.columns, self.rules)
        self._pauses = [self.rules.pause_us(family) for family in Family]
        self._chains = Chains(self._pauses, self._gather, self._subject)
        self._block_rows = block_rows
        self._blocks: list[Block] = []
        self._by_hour: dict[int, list[int]] = {}
        """Blocks with rows of an hour."""
        self._known = 0
        """Rows others may belong to were looked for among so many."""
        self._due: dict[int, None] = {}
        """Blocks to be attributed, or attributed again."""

    @property
    def version(self) -> int:
        """Another number whenever actions have changed."""
        return self._chains.version

    @property
    def is_current(self) -> bool:
        """All rows of the store are in an action, and none is due to be attributed again."""
        return self._known == len(self.store) and not self._due

    def refresh(self) -> None:
        """Take in everything the store has gained."""
        while self.step():
            pass

    def step(self) -> bool:
        """Do a part of what is due; returns whether more is."""
        if self._known < len(self.store) and len(self._due) <= LAG:
            stop = (self._known // self._block_rows + AHEAD) * self._block_rows
            self._learn(range(self._known, min(stop, len(self.store))))
        elif self._due:
            number = next(iter(self._due))
            del self._due[number]
            self._attribute(number)
        return not self.is_current

    def __len__(self) -> int:
        return len(self._chains.shown)

    @overload
    def __getitem__(self, index: int) -> Action: ...
    @overload
    def __getitem__(self, index: slice) -> list[Action]: ...
    def __getitem__(self, index: int | slice) -> Action | list[Action]:
        if isinstance(index, slice):
            return [self._action(chain) for chain in self._chains.shown[index]]
        return self._action(self._chains.shown[index])

    def of_row(self, row: int) -> Action | None:
        """The action the event in this row belongs to; None as long as the row is not taken in."""
        chain = self._chain_of(row)
        return None if chain is None else self._action(chain)

    def find(self, action_id: str) -> Action | None:
        """The action with this id; None when there is none, or none any more."""
        return next((action for action in self if action.id == action_id), None)

    def rows(self, action: Action) -> Iterator[int]:
        """The rows of an action's events, ascending; none when there is no such action any more."""
        return (row for block, marks in self._marked(action) for row in compress(block.rows, marks))

    def kinds(self, action: Action) -> dict[TypePair, int]:
        """How many events of each entity type and event type an action has."""
        columns = self.store.columns
        by_code, rare = Counter[int](), Counter[TypePair]()
        for block, marks in self._marked(action):
            rows = block.rows
            by_code.update(compress(columns.tiles.codes[rows.start : rows.stop], marks))
            rare.update(columns.kind(row)[:2] for row in columns.rare_rows(rows) if marks[row - rows.start])
        counts = {kind[:2]: by_code[code] for code, kind in columns.kinds() if by_code[code]}
        return counts | rare

    def photos(self, action: Action) -> int:
        """How many photos the events of an action are about, each once; 0.2 µs a row."""
        columns, found = self.store.columns, set[int]()
        codes = {code for code, kind in columns.kinds() if kind_of(kind.entity_type) == "asset"}
        for block, marks in self._marked(action):
            rows = slice(block.rows.start, block.rows.stop)
            about = map(codes.__contains__, columns.tiles.codes[rows])
            found.update(compress(columns.keys[rows], map(and_, marks, about)))
        return len(found)

    def during(self, first_us: int, last_us: int) -> list[Action]:
        """The actions that begin between two times, or within an hour before and go on."""
        return [action for action in self._beginning(first_us - HOUR, last_us) if action.last_us >= first_us]

    def _beginning(self, first_us: int, last_us: int) -> list[Action]:
        return [self._action(chain) for chain in self._chains.between(first_us, last_us)]

    def became(self, photo: str, since_us: int) -> Operation | None:
        """What became of a photo from a time on, as far as that is known: deleted, restored or trashed, the last."""
        return self._attribution.became(photo, since_us)

    def counts(self, rows: Iterable[int]) -> dict[Action, int]:
        """How many of these rows, ascending, each action has; actions that have none are left out.

        So are rows that are not taken in yet.
        """
        found = Counter[Chain]()
        coming = iter(rows)
        row = next(coming, None)
        while row is not None:
            number = row // self._block_rows
            if number >= len(self._blocks) or row not in (block := self._blocks[number]).rows:
                row = next(coming, None)
                continue
            pieces = Counter[int]()
            while row is not None and row in block.rows:
                pieces[block.numbers[row - block.rows.start]] += 1
                row = next(coming, None)
            for each, count in pieces.items():
                found[self._chains.of(block.piece(each))] += count
        return {self._action(chain): count for chain, count in found.items()}

    def _action(self, chain: Chain) -> Action:
        return Action(Family(chain.family), chain.subject, chain.first, chain.last, chain.events, chain.low)

    def _subject(self, family: int, key: int, row: int) -> str:
        if family == Family.OTHER:
            return self.store.columns.kind(row).event_type
        if family != Family.ALBUM or not key:
            return ""
        event = self.store.event(row)
        return event.entity_id if event.entity_type == "album" else str(event.details.get("album_id", ""))

    def _chain_of(self, row: int) -> Chain | None:
        block = self._blocks[row // self._block_rows] if row < self._known else None
        if block is None or row not in block.rows:
            return None
        return self._chains.of(block.piece(block.numbers[row - block.rows.start]))

    def _chain(self, action: Action) -> Chain | None:
        """The chain shown as this action; it may have grown since."""
        for chain in self._chains.between(action.first_us, action.first_us):
            if (chain.family, chain.subject, chain.low) == (action.family, action.subject, action.anchor_us):
                return chain
        return None

    def _marked(self, action: Action) -> Iterator[tuple[Block, bytes]]:
        """The blocks that hold rows of an action, with a mark for each row, 1 for those of the action."""
        chain = self._chain(action)
        if chain is None:
            return
        track = track_of(chain.family, chain.key)
        for block in self._blocks_between(chain.low - EARLY, chain.high + AFTERMATH):
            pieces = block.pieces_of(track, chain.low, chain.high)
            if numbers := [number for number, piece in pieces if self._chains.of(piece) is chain]:
                yield block, block.marks(numbers)

    def _gather(self, track: int, low: int, high: int) -> Iterator[Piece]:
        for block in self._blocks_between(low - EARLY, high + AFTERMATH):
            yield from (piece for _, piece in block.pieces_of(track, low, high))

    def _blocks_between(self, low: int, high: int) -> Iterator[Block]:
        """The blocks with rows in the hours between two times, in the order of their rows."""
        hours: Iterable[int] = range(low // HOUR, high // HOUR + 1)
        if high - low > len(self._by_hour) * HOUR:
            hours = [hour for hour in self._by_hour if low // HOUR <= hour <= high // HOUR]
        numbers = {number for hour in hours for number in self._by_hour.get(hour, ())}
        return (self._blocks[number] for number in sorted(numbers))

    def _learn(self, rows: range) -> None:
        """Take in what others may belong to, and make blocks due: those of the rows, and those it matters to."""
        if not rows:
            return
        for low, high in self._attribution.learn(rows):
            touched = self._blocks_between(low, high)
            self._due.update(
                (block.rows.start // self._block_rows, None) for block in touched if block.reaches(low, high)
            )
        while len(self._blocks) * self._block_rows < rows.stop:
            self._blocks.append(
                Block(range(len(self._blocks) * self._block_rows, len(self._blocks) * self._block_rows))
            )
        self._due.update(dict.fromkeys(range(rows.start // self._block_rows, len(self._blocks))))
        self._known = rows.stop

    def _attribute(self, number: int) -> None:
        block = self._blocks[number]
        rows = range(number * self._block_rows, min(self._known, (number + 1) * self._block_rows))
        before = [piece for _, piece in block.pieces()]
        found = self._attribution.attribute(rows)
        self._blocks[number] = block = Block(rows, found, self._pauses)
        for hour in hours_of(found.ordered):
            blocks = self._by_hour.setdefault(hour, [])
            if number not in blocks:
                blocks.append(number)
        self._chains.replace(before, [piece for _, piece in block.pieces()])
