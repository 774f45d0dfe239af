"""What an entity was at a time, beside what it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import NamedTuple

from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import EntityState, Presence
from gumnut_tui.formatting.entity_lines import entity_lines
from gumnut_tui.formatting.entity_names import NameOf, short_id
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.report.as_of import AsOf, Certainty, Members, as_of_head

MOST_EVENTS = 10
"""Events between a sight and the time asked for that are listed."""
MOST_MEMBERS = 10
"""Photos or faces named that came since, or went."""

_STATES = {
    Presence.LIVE: "in the library",
    Presence.TRASHED: "in the trash",
    Presence.MOVED: "in another library",
    Presence.GONE: "gone for good",
    Presence.AWAY: "not in the library",
}
_OF_OTHERS = frozenset({"faces", "people", "asset_ids", "asset_count", "cluster_metrics"})
"""Fields that say something of other entities: they change without an event about this one."""
NOT_KNOWN = "not known"
_VOLATILE = frozenset({"changed"})
"""Labels of what differs without anything having changed that a person would look for."""
_NOUNS = {"asset": "photo", "face": "face"}


class Pair(NamedTuple):
    """One thing that is told of both times; empty where it is not told."""

    label: str
    then: str
    now: str
    differs: bool = False
    """To be marked: it is known of both times, and not the same."""


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """An entity at both times, in words."""

    head: tuple[Fact, ...]
    """How sure it is what it was, and the events that changed it meanwhile."""
    heading: str
    """What the values of that time are."""
    pairs: tuple[Pair, ...]
    since: tuple[Fact, ...]
    """What it holds only since, and what it held only then."""


def then_and_now(
    then: AsOf, later: AsOf, answer: EntityState | None, *, zone: tzinfo, now: datetime, name: NameOf
) -> ThenAndNow:
    """Both compared. `later` is what the journal knows of it now, `answer` what the service said, where it did."""
    current = later.fields if answer is None else None if answer.entity is None else answer.entity.fields
    return ThenAndNow(
        tuple(as_of_head(then, zone=zone, now=now, name=name, most=MOST_EVENTS)),
        "last seen before" if then.certainty is Certainty.CHANGED else "then",
        tuple(_pairs(then, later, answer, current, partial(entity_lines, zone=zone, now=now, name=name))),
        tuple(_since(then.members, later.members, name)),
    )


def _pairs(
    then: AsOf, later: AsOf, answer: EntityState | None, current: Fields | None, lines: Callable[..., list[Fact]]
) -> Iterator[Pair]:
    state_then, state_now = _state_then(then), _state_now(later, answer)
    yield _pair("state", state_then, state_now, is_compared=NOT_KNOWN not in (state_then, state_now))

    def told(fields: Fields | None) -> dict[str, str]:
        own = {key: value for key, value in (fields or {}).items() if key not in _OF_OTHERS}
        return {line.label or "name": line.value for line in lines(then.kind, own) if line.label != "id"} if own else {}

    were, are = told(None if then.certainty is Certainty.ABSENT else then.fields), told(current)
    unknown = "?" if then.certainty is Certainty.UNKNOWN else ""
    for label in dict.fromkeys((*were, *are)):
        is_compared = bool(were and are) and label not in _VOLATILE
        yield _pair(label, were.get(label, unknown), are.get(label, ""), is_compared=is_compared)
    if then.members is not None and later.members is not None:
        noun = _NOUNS[then.members.kind]
        yield _pair(f"{noun}s", _count(then.members), _count(later.members), is_compared=True)


def _pair(label: str, then: str, now: str, *, is_compared: bool) -> Pair:
    return Pair(label, then, now, is_compared and then != now)


def _state_then(then: AsOf) -> str:
    if then.certainty is Certainty.ABSENT:
        return "not there"
    if then.kind == "asset":
        return NOT_KNOWN if then.presence is None else _STATES[then.presence]
    if then.is_there is not None:
        return "there" if then.is_there else "not there"
    return NOT_KNOWN if then.certainty is Certainty.UNKNOWN else "there"


def _state_now(later: AsOf, answer: EntityState | None) -> str:
    if answer is None:
        return _state_then(later)
    return _STATES[answer.presence] if later.kind == "asset" else "there" if answer.entity else "not there"


def _count(members: Members) -> str:
    told = number(len(members.ids))
    perhaps = len(members.uncertain) + members.unplaced
    more = f", perhaps {number(perhaps)} more" if perhaps else ""
    return f"{told}{more}, those in the trash too" if members.kind == "asset" else f"{told}{more}"


def _since(then: Members | None, later: Members | None, name: NameOf) -> Iterator[Fact]:
    if then is None or later is None:
        return
    were, are = {*then.ids, *then.uncertain}, {*later.ids, *later.uncertain}
    came = [one for one in later.ids if one not in were]
    went = [one for one in then.ids if one not in are]
    noun = _NOUNS[then.kind]
    yield from _listed(f"{plural(len(came), noun)} only since", then.kind, came, name, Tone.GOOD)
    yield from _listed(f"{plural(len(went), noun)} only then", then.kind, went, name, Tone.BAD)


def _listed(title: str, kind: str, ids: Sequence[str], name: NameOf, tone: Tone) -> Iterator[Fact]:
    if not ids:
        return
    yield Fact("", title, tone)
    yield from (Fact("", f"  {name(kind, one) or short_id(kind, one)}") for one in ids[:MOST_MEMBERS])
    if len(ids) > MOST_MEMBERS:
        yield Fact("", f"  and {number(len(ids) - MOST_MEMBERS)} more", Tone.DIM)
