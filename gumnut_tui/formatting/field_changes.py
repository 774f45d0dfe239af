"""What differs between two copies of an entity, field by field; everything that comes out is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields
from gumnut_tui.formatting.entity_names import ID_ENDING, field_text
from gumnut_tui.formatting.escape import ELLIPSIS, visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.interchange import compact_json, without_signatures
from gumnut_tui.formatting.quantities import join_names, number

VALUE_LIMIT = 60
"""Characters of a value that are shown."""
FIELD_LIMIT = 60
SHARED_SHOWN = 10
"""Characters two long texts have in common that are shown before what differs."""
LISTED = 5
"""Items added to a list, or removed from it, that are named."""
MOST_LINES = 40
"""Fields shown of one difference."""
DEPTH_MAX = 12
"""Levels compared; what is nested deeper counts as the same."""
NOTHING = "—"


class Difference(msgspec.Struct, frozen=True):
    """What differs between two successive reads of an entity."""

    since: datetime
    """When the older state was last read."""
    read_at: datetime
    """When the newer state was first read."""
    lines: tuple[Fact, ...]


def changes(before: Fields | None, after: Fields | None) -> list[Fact]:
    """Each field that differs under its dotted name, as `old → new`; None stands for an entity that was not there.

    Addresses of pictures and `updated_at` do not count: they differ without anything having changed.
    """
    if before is None or after is None:
        if (before is None) == (after is None):
            return []
        return [Fact("", "no longer there", Tone.BAD) if after is None else Fact("", "there again", Tone.GOOD)]
    found = _of_groups("", without_signatures(dict(before), DEPTH_MAX), without_signatures(dict(after), DEPTH_MAX))
    lines = list(islice(found, MOST_LINES))
    more = sum(1 for _ in found)
    return [*lines, Fact("", f"and {number(more)} more fields", Tone.DIM)] if more else lines


def _of_groups(path: str, old: Fields, new: Fields) -> Iterator[Fact]:
    for key in dict.fromkeys((*old, *new)):
        if not _is_volatile(key):
            yield from _of_values(f"{path}.{key}" if path else key, old.get(key), new.get(key))


def _is_volatile(key: str) -> bool:
    return key in ("updated_at", "url") or key.endswith(("_url", "_urls"))


def _of_values(path: str, old: Any, new: Any) -> Iterator[Fact]:
    if old == new:
        return
    if isinstance(old, Mapping | None) and isinstance(new, Mapping | None):
        yield from _of_groups(path, old or {}, new or {})
    elif (were := _by_id(old)) is not None and (are := _by_id(new)) is not None:
        yield from _of_sets(path, were, are)
    else:
        yield Fact(visible(path, FIELD_LIMIT), " → ".join(_pair(old, new)))


def _by_id(value: Any) -> dict[str, Any] | None:
    """The items of a list by their ids; None unless it is a list of ids or of objects with an id."""
    if value is None:
        return {}
    if not isinstance(value, list):
        return None
    ids = [field.raw_id(one, "id") if isinstance(one, Mapping) else one for one in value]
    if not all(isinstance(one, str) and one for one in ids):
        return None
    return dict(zip(ids, value, strict=True))


def _of_sets(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fact]:
    added = [_label(one, new[one]) for one in new if one not in old]
    removed = [_label(one, old[one]) for one in old if one not in new]
    words = [f"{sign} {join_names(names, LISTED)}" for sign, names in (("+", added), ("−", removed)) if names]
    if words:
        yield Fact(visible(path, FIELD_LIMIT), "  ".join(words))
    for one in new:
        if one in old:
            yield from _of_values(f"{path}.{_label(one, new[one])}", old[one], new[one])


def _label(entity_id: str, thing: Any) -> str:
    """What to call an item of a list: its name, its short text, else the end of its id."""
    name = field_text(thing, "name") if isinstance(thing, Mapping) else ""
    ending = entity_id if len(entity_id) <= VALUE_LIMIT // 2 else f"{ELLIPSIS}{entity_id[-ID_ENDING:]}"
    return visible(name or ending, VALUE_LIMIT // 2)


def _pair(old: Any, new: Any) -> tuple[str, str]:
    """Both values in words, clipped so that the difference is visible."""
    cut = 0
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > VALUE_LIMIT:
        shared = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        cut = max(0, shared - SHARED_SHOWN)
    return _words(old, cut), _words(new, cut)


def _words(value: Any, cut: int) -> str:
    if value is None:
        return NOTHING
    if value == "":
        return '""'
    if cut and isinstance(value, str):
        return visible(ELLIPSIS + value[cut:], VALUE_LIMIT)
    return compact_json(value, VALUE_LIMIT)
