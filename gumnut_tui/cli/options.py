"""The options commands share, so that they are called the same and mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import KNOWN_ENTITY_TYPES, Operation

Function = TypeVar("Function", bound=Callable[..., Any])

FILTERS = "Which events"
OUTPUT = "Output"
GENERAL = "Library, time zone and settings"


class GroupedOption(click.Option):
    """An option that stands under a heading in the help."""

    def __init__(self, *args: Any, group: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


def option(*names: str, group: str, **details: Any) -> Callable[[Function], Function]:
    """An option under a heading; without a value it is None, empty or false, whatever settings may say."""
    return click.option(*names, cls=GroupedOption, group=group, **details)


def _together(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """One decorator made of several; the options appear in the order given."""

    def decorate(function: Function) -> Function:
        for one in reversed(options):
            function = one(function)
        return function

    return decorate


demo_option = option("--demo", is_flag=True, group=GENERAL, help="Read an embedded demo library: no key, no network.")

settings_options = _together(
    option(
        "--tz", "timezone", metavar="NAME", group=GENERAL, help="Time zone of times without one, and of those shown."
    ),
    option("--utc", is_flag=True, group=GENERAL, help="The same as --tz UTC."),
    option("--profile", metavar="NAME", group=GENERAL, help="Use [profiles.NAME] of the config file."),
    option("--config", metavar="FILE", group=GENERAL, help="Use this config file."),
    demo_option,
)

library_option = option(
    "--library", metavar="ID_OR_NAME", group=GENERAL, help="Which library; needed only where there are several."
)

journal_option = option("--journal", metavar="FILE", group=GENERAL, help="Use this journal instead of the usual one.")

journal_options = _together(
    journal_option,
    option("--no-journal", is_flag=True, group=GENERAL, help="Leave the journal alone."),
    option("--offline", is_flag=True, group=GENERAL, help="Ask nobody: say what the journal last knew."),
)

range_options = _together(
    option("--since", metavar="WHEN", group=FILTERS, help="From then on (default 24h, meaning 24 hours ago)."),
    option("--until", metavar="WHEN", group=FILTERS, help="Up to then, not included."),
    option("--exact", is_flag=True, group=FILTERS, help="Read to the end of the feed for stragglers."),
)

filter_options = _together(
    range_options,
    option("--types", metavar="LIST", multiple=True, group=FILTERS, help="Entity types: asset,album,person,…"),
    option("--ops", metavar="LIST", multiple=True, group=FILTERS, help="Operations: created,deleted,trashed,…"),
    option(
        "--events", "event_types", metavar="LIST", multiple=True, group=FILTERS, help="Event types: asset_deleted,…"
    ),
    option("--entity", "entity_id", metavar="ID", group=FILTERS, help="About this entity, or mentioning it."),
    option("--search", metavar="TEXT", group=FILTERS, help="Text in names, ids, event type or payload."),
)

incident_options = _together(
    option(
        "--incident-pause",
        metavar="TIME",
        group=FILTERS,
        help="The longest pause between events of one incident (default 30s).",
    ),
    option("--incident-size", metavar="N", group=FILTERS, help="How many events make an incident (default 10)."),
)


def order_option(purpose: str) -> Callable[[Function], Function]:
    """`--order`, with what it does in this command."""
    return option("--order", type=click.Choice(["newest", "oldest"]), group=OUTPUT, help=purpose)


def given(context: click.Context) -> Mapping[str, Any]:
    """What was given on the command line, before or behind the command's name; the latter counts."""
    values: dict[str, Any] = {}
    chain: list[click.Context] = []
    current: click.Context | None = context
    while current is not None:
        chain.append(current)
        current = current.parent
    for one in reversed(chain):
        values.update({name: value for name, value in one.params.items() if value not in (None, (), False)})
    return values


def event_filter(flags: Mapping[str, Any]) -> EventFilter:
    """The filter the flags describe, without a time range; raises UsageProblem for an operation there is not."""
    operations = _listed("--ops", flags.get("ops", ()))
    return EventFilter(
        entity_types=_some(_listed("--types", flags.get("types", ()))),
        operations=_some([_operation(word) for word in operations]),
        event_types=_some(_listed("--events", flags.get("event_types", ()))),
        entity_id=_text("--entity", flags.get("entity_id")),
        text=_text("--search", flags.get("search")) or "",
    )


def doubtful_types(wanted: EventFilter) -> list[str]:
    """Advice about entity types that look like a slip; they are asked for all the same, as the set is open."""
    return [
        f"no entity type '{clip(name, 60)}' is known; did you mean {near[0]}?"
        for name in sorted(wanted.entity_types or ())
        if name not in KNOWN_ENTITY_TYPES and (near := get_close_matches(name, KNOWN_ENTITY_TYPES, n=1))
    ]


def _listed(flag: str, lists: Sequence[str]) -> list[str]:
    """The words of comma lists; the option may be repeated."""
    words = [word.strip() for one in lists for word in one.split(",")]
    if any(not word for word in words):
        raise UsageProblem(f"{flag}: '{clip(','.join(lists), 60)}' has an empty part; write a,b,c.")
    return words


Item = TypeVar("Item")


def _some(items: Iterable[Item]) -> frozenset[Item] | None:
    return frozenset(items) or None


def _operation(word: str) -> Operation:
    try:
        return Operation(word.lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        known = [operation.value for operation in Operation]
        near = get_close_matches(word.lower(), known, n=1)
        hint = f"did you mean {near[0]}? There" if near else "there"
        raise UsageProblem(f"--ops: '{clip(word, 60)}' is no operation; {hint} are {', '.join(known)}.") from None


def _text(flag: str, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise UsageProblem(f"{flag} needs some text.")
    return value
