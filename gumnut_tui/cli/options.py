"""The options commands share, so that they are called the same and mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.defaults import INCIDENT_PAUSE, INCIDENT_SIZE

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


settings_options = _together(
    option(
        "--tz",
        "timezone",
        metavar="NAME",
        group=GENERAL,
        help="Time zone for display, and for times given without one.",
    ),
    option("--utc", is_flag=True, group=GENERAL, help="The same as --tz UTC."),
    option("--profile", metavar="NAME", group=GENERAL, help="Use [profiles.NAME] of the config file."),
    option("--config", metavar="FILE", group=GENERAL, help="Use this config file."),
    option("--demo", is_flag=True, group=GENERAL, help="Read an embedded demo library: no key, no network."),
)

library_option = option(
    "--library", metavar="ID_OR_NAME", group=GENERAL, help="Which library; needed only if the account has several."
)

journal_option = option("--journal", metavar="FILE", group=GENERAL, help="Use this journal instead of the default one.")

journal_options = _together(
    journal_option,
    option("--no-journal", is_flag=True, group=GENERAL, help="Neither read nor write a journal."),
    option("--offline", is_flag=True, group=GENERAL, help="Make no requests; use only the journal."),
)

range_options = _together(
    option(
        "--since",
        metavar="WHEN",
        group=FILTERS,
        help=f"Start of the range (default {Settings.since}, meaning so long ago).",
    ),
    option("--until", metavar="WHEN", group=FILTERS, help="End of the range, exclusive."),
    option("--exact", is_flag=True, group=FILTERS, help="Read past --until to include late-arriving events."),
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
        help=f"Longest pause between events of one incident (default {INCIDENT_PAUSE:g}s).",
    ),
    option(
        "--incident-size",
        metavar="N",
        group=FILTERS,
        help=f"How many events make an incident (default {INCIDENT_SIZE}).",
    ),
)


bom_option = option(
    "--bom",
    "csv_bom",
    is_flag=True,
    group=OUTPUT,
    help="Start CSV with a byte order mark, so that Excel reads it as UTF-8.",
)


def order_option(purpose: str) -> Callable[[Function], Function]:
    """`--order`, with what it does in this command."""
    return option("--order", type=click.Choice(["newest", "oldest"]), group=OUTPUT, help=purpose)
