"""Since when what a read shows has been so, as far as the entity itself tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.timelines import Sight

NEVER: Final = 1 << 62
"""A time behind all others, in µs since the epoch."""


def since_made(sights: Iterable[Sight[bool]], seen: Sequence[Snapshot]) -> Iterator[Sight[bool]]:
    """The sights, the first from the time on that the thing was made."""
    made = next((us for one in seen if (us := _time_us(one.fields or {}, "created_at")) is not None), None)
    for number, sight in enumerate(sights):
        first_us = sight.first_us if made is None or number else min(made, sight.first_us)
        yield Sight(first_us, sight.last_us, sight.value)


def changed_us(fields: Fields) -> int:
    """When an entity says that its own fields changed last, in µs since the epoch; NEVER when it does not say."""
    own = _time_us(fields, "updated_at")
    if own is None:
        return NEVER
    return max(own, _time_us(field.group(fields, "metadata"), "updated_at") or own)


def _time_us(fields: Fields, key: str) -> int | None:
    moment = field.moment(fields, key)
    return None if moment is None else to_us(moment)
