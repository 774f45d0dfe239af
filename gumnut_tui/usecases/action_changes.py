"""Which fields an action changed, as the journal's copies of entities from before and after it tell.

Between two copies of an entity lie events that mention it. Where all of them belong to one action, that action changed
what differs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

from gumnut_tui.domain.action_facts import Facts, What
from gumnut_tui.domain.actions import Action
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.store.actions import Actions

MOST_COMPARED = 40
"""Entities of an action of which earlier copies are compared with later ones."""
_COMPARED = {What.EDITS: "asset", What.ALBUM: "album", What.PEOPLE: "person", What.CHANGES: "person"}
"""The kind of entity whose changed fields are named."""

Change = Mapping[str, tuple[Any, Any]]
"""Fields of an entity, each with its value before and after."""


def compared(facts: Facts) -> list[Reference]:
    """The entities of an action whose copies are compared."""
    kind = _COMPARED.get(facts.what, "")
    ids = {"asset": facts.photos, "album": tuple(facts.albums), "person": tuple(facts.hands.updated)}.get(kind, ())
    return [(kind, entity_id) for entity_id in ids[:MOST_COMPARED]]


class CopyHistory(Protocol):
    """Earlier copies of entities, and the events between them; calls raise `JournalProblem`."""

    async def snapshots(self, kind: str, entity_id: str) -> Sequence[Snapshot]:
        """Every recorded version of an entity, oldest first."""
        ...

    async def last_mentioned(self, ids: Collection[str], from_us: int, to_us: int) -> Mapping[str, int]:
        """When events after the first time and before the second were last about these entities, or named them."""
        ...


class FieldChanges:
    """Compares the copies of what the actions of one store changed."""

    def __init__(self, actions: Actions, history: CopyHistory | None) -> None:
        self._actions = actions
        self._history = history

    async def of(self, action: Action, facts: Facts) -> dict[Reference, Change]:
        """The fields that the action changed, by the entity; raises `JournalProblem`."""
        history, found, since = self._history, dict[Reference, Change](), dict[str, int]()
        if history is None:
            return found
        for kind, entity_id in compared(facts):
            change, since_us = self._between(action, entity_id, await history.snapshots(kind, entity_id))
            if change:
                found[kind, entity_id], since[entity_id] = change, since_us
        begins_us, low = self._begins_us, min(since.values(), default=0)
        if not found or begins_us <= low:
            return found
        last = await history.last_mentioned(since.keys(), low, begins_us)
        return {
            (kind, entity_id): change
            for (kind, entity_id), change in found.items()
            if last.get(entity_id, low) <= since[entity_id]
        }

    @property
    def _begins_us(self) -> int:
        """The time of the first event that was read."""
        store = self._actions.store
        return 0 if store.first_row is None else store.created_at_us(store.first_row)

    def _between(self, action: Action, entity_id: str, copies: Sequence[Snapshot]) -> tuple[Change, int]:
        """What differs between copies with nothing but this action between them, and since when, in µs."""
        store, found = self._actions.store, dict[str, tuple[Any, Any]]()
        rows, since_us = store.history(entity_id), 0
        for before, after in pairwise(copies):
            since, until = to_us(before.seen_at), to_us(after.read_at)
            between = [row for row in rows if since < store.created_at_us(row) <= until]
            if before.fields is None or after.fields is None:
                # What has come or gone was not changed.
                continue
            if between and all(self._actions.of_row(row) == action for row in between):
                since_us = since_us or since
                for key, (old, new) in _differing(before.fields, after.fields).items():
                    found[key] = found.get(key, (old,))[0], new
        return {key: pair for key, pair in found.items() if pair[0] != pair[1]}, since_us


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """The fields that differ, those of a photo's metadata among them; times and addresses do not count."""
    found = dict[str, tuple[Any, Any]]()
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if key == "metadata" and isinstance(one, Mapping) and isinstance(other, Mapping):
            found.update(_differing(one, other))
        elif one != other and key not in ("updated_at", "created_at", "asset_count") and not key.endswith("_urls"):
            found[key] = (one, other)
    return found
