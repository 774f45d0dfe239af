"""The options commands share: the values they become, and the decorators that name them alike everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from gumnut_tui.config.settings import DEFAULT_SETTINGS, user_path
from gumnut_tui.domain.defaults import INCIDENT_PAUSE, INCIDENT_SIZE
from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Options = TypeVar("Options")
Item = TypeVar("Item")


class OptionGroup(msgspec.Struct, frozen=True):
    """Options that belong together in several commands; all have defaults."""


class SettingOverrides(OptionGroup, frozen=True):
    """Options that override environment and config file; None where the option was not given.

    One field an option, named like the setting it overrides, so there are as many as there are such options.
    """

    library: str | None = None
    since: str | None = None
    order: str | None = None
    timezone: str | None = None
    utc: bool = False
    incident_pause: str | None = None
    incident_size: str | None = None
    csv_bom: bool = False
    profile: str | None = None
    config: str | None = None
    demo: bool = False
    """Read the embedded library instead of what is configured."""

    def given(self) -> dict[str, object]:
        """The options that were given, by the setting each overrides."""
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {name: value for name, value in values if value is not None and value is not False}


class RangeOptions(OptionGroup, frozen=True):
    """The end of the time range; its start is a setting."""

    until: str | None = None
    exact: bool = False


class FilterOptions(OptionGroup, frozen=True):
    """Which events of the range are wanted; the lists are as they were typed."""

    types: tuple[str, ...] = ()
    ops: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    entity_id: str | None = None
    search: str | None = None
    allow_unknown: bool = False
    """Unknown types are requested all the same."""

    def event_filter(self) -> EventFilter:
        """The filter, without a time range; raises UsageProblem for an unknown operation or an empty part."""
        operations = _listed("--ops", self.ops)
        return EventFilter(
            entity_types=_some(_listed("--types", self.types)),
            operations=_some(_operation(word) for word in operations),
            event_types=_some(_listed("--events", self.event_types)),
            entity_id=_text("--entity", self.entity_id),
            text=_text("--search", self.search) or "",
        )

    def words(self) -> list[str]:
        """Each option that was given, as it was typed."""
        lists = (",".join(one) for one in (self.types, self.ops, self.event_types))
        return [words for words in (*lists, self.entity_id, self.search) if words]


class JournalOptions(OptionGroup, frozen=True):
    """Which journal is read, if any."""

    journal: str | None = None
    no_journal: bool = False
    offline: bool = False
    account: str | None = None
    """Of whose copy of a library the journal is meant, where it holds that of several accounts."""

    @property
    def path(self) -> Path | None:
        """The file that was named; None for the default one. Raises UsageProblem."""
        return None if self.journal is None else user_path(self.journal)


@dataclass(frozen=True, kw_only=True)
class CommandOptions:
    """The options of every command that reads the settings; each command adds its own."""

    overrides: SettingOverrides = field(default_factory=SettingOverrides)


@dataclass(frozen=True, kw_only=True)
class ReadingOptions(CommandOptions):
    """The options of every command that reads events: which ones, and from which journal."""

    range: RangeOptions = field(default_factory=RangeOptions)
    filter: FilterOptions = field(default_factory=FilterOptions)
    journal: JournalOptions = field(default_factory=JournalOptions)


def collect(context: click.Context, kind: type[Options]) -> Options:
    """The options of a command: what was given before or behind its name, the latter counting; else their defaults.

    `kind` is a dataclass whose fields are called like click's parameters, or are OptionGroups of such fields.
    """
    given, values = _given(context), {}
    for one in fields(kind):  # type: ignore[arg-type]
        group = one.default_factory
        if isinstance(group, type) and issubclass(group, OptionGroup):
            values[one.name] = group(**{name: given[name] for name in group.__struct_fields__ if name in given})
        elif one.name in given:
            values[one.name] = given[one.name]
    return kind(**values)


def _given(context: click.Context) -> dict[str, Any]:
    given = _given(context.parent) if context.parent else {}
    return given | {name: value for name, value in context.params.items() if _was_given(value)}


def _was_given(value: object) -> bool:
    # By identity: the port 0 equals False.
    return value is not None and value is not False and value != ()


def _listed(flag: str, lists: Sequence[str]) -> list[str]:
    """The values of comma-separated lists; the option may be repeated."""
    words = [word.strip() for one in lists for word in one.split(",")]
    if not all(words):
        raise UsageProblem(f"{flag}: '{clip(','.join(lists), 60)}' has an empty part; write a,b,c.")
    return words


def _some(items: Iterable[Item]) -> frozenset[Item] | None:
    return frozenset(items) or None


def _operation(word: str) -> Operation:
    try:
        return Operation(word.lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        known = [operation.value for operation in Operation]
        near = get_close_matches(word.lower(), known, n=1)
        hint = f"did you mean {near[0]}? There" if near else "there"
        raise UsageProblem(f"--ops: '{clip(word, 60)}' is not an operation; {hint} are {', '.join(known)}.") from None


def _text(flag: str, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise UsageProblem(f"{flag} needs some text.")
    return value


Function = TypeVar("Function", bound=Callable[..., Any])

FILTERS = "Which events"
OUTPUT = "Output"
GENERAL = "Library, time zone and settings"


class GroupedOption(click.Option):
    """An option that the help lists under a heading."""

    def __init__(self, *args: Any, group: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


def option(*names: str, group: str, **details: Any) -> Callable[[Function], Function]:
    """An option under a heading; without a value it is None, empty or false, whatever settings may say."""
    return click.option(*names, cls=GroupedOption, group=group, **details)


def completed(values: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What a shell completes a value with, by its name in `completions`, which is loaded when a shell asks."""

    def complete(context: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
        from gumnut_tui.cli import completions

        found: list[CompletionItem] = getattr(completions, values)(context, param, typed)
        return found

    return complete


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
        shell_complete=completed("zone"),
        help="Time zone for display, and for times given without one.",
    ),
    option("--utc", is_flag=True, group=GENERAL, help="The same as --tz UTC."),
    option(
        "--profile",
        metavar="NAME",
        group=GENERAL,
        shell_complete=completed("profile"),
        help="Use [profiles.NAME] of the config file.",
    ),
    option("--config", metavar="FILE", group=GENERAL, shell_complete=completed("file"), help="Use this config file."),
    option("--demo", is_flag=True, group=GENERAL, help="Read an embedded demo library: no key, no network."),
)

library_option = option(
    "--library",
    metavar="ID_OR_NAME",
    group=GENERAL,
    shell_complete=completed("library"),
    help="Which library; needed only if the account has several.",
)

journal_option = option(
    "--journal",
    metavar="FILE",
    group=GENERAL,
    shell_complete=completed("file"),
    help="Use this journal instead of the default one.",
)

journal_options = _together(
    journal_option,
    option("--no-journal", is_flag=True, group=GENERAL, help="Neither read nor write a journal."),
    option("--offline", is_flag=True, group=GENERAL, help="Make no requests; use only the journal."),
)

account_option = option(
    "--account",
    metavar="ID",
    group=GENERAL,
    help="Whose library, where the journal holds it for several accounts; `journal info` lists them.",
)

reading_options = _together(journal_options, account_option, library_option, settings_options)
"""What every command has that reads one library."""

range_options = _together(
    option(
        "--since",
        metavar="WHEN",
        group=FILTERS,
        shell_complete=completed("when"),
        help=f"Start of the range (default {DEFAULT_SETTINGS.since}, meaning that long ago).",
    ),
    option(
        "--until", metavar="WHEN", group=FILTERS, shell_complete=completed("when"), help="End of the range, exclusive."
    ),
    option("--exact", is_flag=True, group=FILTERS, help="Read past --until to include late-arriving events."),
)

filter_options = _together(
    range_options,
    option(
        "--types",
        metavar="LIST",
        multiple=True,
        group=FILTERS,
        shell_complete=completed("entity_types"),
        help="Entity types: asset,album,person,…",
    ),
    option(
        "--ops",
        metavar="LIST",
        multiple=True,
        group=FILTERS,
        shell_complete=completed("operations"),
        help="Operations: created,deleted,trashed,…",
    ),
    option(
        "--events",
        "event_types",
        metavar="LIST",
        multiple=True,
        group=FILTERS,
        shell_complete=completed("event_types"),
        help="Event types: asset_deleted,…",
    ),
    option("--entity", "entity_id", metavar="ID", group=FILTERS, help="About this entity, or mentioning it."),
    option("--search", metavar="TEXT", group=FILTERS, help="Text in names, ids, event type or payload."),
    option("--allow-unknown", is_flag=True, group=FILTERS, help="Accept type names that are not known yet."),
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
