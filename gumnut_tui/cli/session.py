"""One run of one command: its options, the settings, what it touches outside this program, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from functools import partial, update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click
import msgspec

from gumnut_tui.cli.exit_codes import interrupted_at_once
from gumnut_tui.cli.help import HelpfulCommand
from gumnut_tui.cli.options import CommandOptions, FilterOptions, JournalOptions, RangeOptions, ReadingOptions, collect
from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.config.settings import Settings, Source, load
from gumnut_tui.config.values import Order
from gumnut_tui.domain.defaults import DEMO_LIBRARIES
from gumnut_tui.domain.errors import (
    ApiProblem,
    JournalDamaged,
    JournalProblem,
    KeyMissing,
    RefusedAddress,
    SnapshotsDamaged,
    UnexpectedAnswer,
    UsageProblem,
    clip,
)
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.search_text import folded
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.domain.when import TimeRange, parse_range, parse_when
from gumnut_tui.domain.zones import LocalZone, local_zone, named_zone
from gumnut_tui.formatting.times import clock_words, span_words
from gumnut_tui.journal.journal_file import DEMO_FILE, FILE

if TYPE_CHECKING:
    from gumnut_tui.api.caller import Wait
    from gumnut_tui.api.client import Client
    from gumnut_tui.config.key_sources import FoundKey
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.usecases.event_reader import Outage
    from gumnut_tui.usecases.journals import JournalAccess, OpenJournal
    from gumnut_tui.usecases.reading import OpenedLibrary

Options = TypeVar("Options", bound=CommandOptions)
Reading = TypeVar("Reading", bound=ReadingOptions)
Decorated = Callable[["Session[Options]"], int]

LONG_WAIT = 20.0
"""Waits of at least so many seconds get a line of their own."""
DEMO_SETTINGS = ("base_url", "key", "key_command", "headers")
"""Settings the embedded library brings itself, so that none of the user's is used for it."""


class Session(msgspec.Struct, Generic[Options], frozen=True):
    """The options of a command, the settings, and the outside world."""

    runtime: Runtime
    settings: Settings
    options: Options
    began: datetime
    """When the command began, by this machine's clock."""

    @property
    def now(self) -> datetime:
        """When the command began, by the service's clock as far as that is known: relative times count from there."""
        clock = self.runtime.clock
        return self.began - clock.ahead if isinstance(clock, ServiceClock) else self.began

    @property
    def is_demo(self) -> bool:
        """The embedded library is read; `settings` then hold neither the user's server nor library."""
        return self.options.overrides.demo

    @property
    def address(self) -> str:
        """The address of the service, or of the embedded library; as configured when no key is sent there."""
        from gumnut_tui.api.address import base_address
        from gumnut_tui.usecases.account import demo_address

        if self.is_demo:
            return demo_address()
        with suppress(RefusedAddress):
            return base_address(self.settings.base_url)
        return self.settings.base_url

    @property
    def zone(self) -> tzinfo:
        """The zone in which times are shown, and read where they name none."""
        return self._local_zone.zone if self.settings.timezone == "local" else named_zone(self.settings.timezone)

    @property
    def notices(self) -> tuple[str, ...]:
        """Warnings about the environment: a `TZ` that cannot be read, where it would be used."""
        problem = self._local_zone.problem if self.settings.timezone == "local" else ""
        return (f"{problem}.",) if problem else ()

    @property
    def _local_zone(self) -> LocalZone:
        return local_zone(self.runtime.environ, self.runtime.localtime)

    def key(self) -> FoundKey | None:
        """The configured key; raises ConfigProblem."""
        from gumnut_tui.config.key_sources import find_key

        # A command may wait for a password, and so may a keyring.
        with interrupted_at_once():
            return find_key(self.settings, self.runtime.keyring)

    def required_key(self) -> FoundKey:
        """The configured key; raises KeyMissing and ConfigProblem."""
        found = self.key()
        if found is None:
            raise KeyMissing("no API key")
        return found

    def client(self, found: FoundKey | None = None) -> Client:
        """A client for the configured server, or the demo, with the key if it was found already.

        Raises KeyMissing, ConfigProblem and RefusedAddress.
        """
        from gumnut_tui.usecases.account import account_client, demo_client

        runtime = self.runtime
        if self.is_demo:
            return demo_client(
                clock=runtime.clock, events=runtime.demo_events, on_wait=self._show_wait, sleep=runtime.sleep
            )
        return account_client(
            self.settings,
            (found or self.required_key()).key,
            clock=runtime.clock,
            environ=runtime.environ,
            on_wait=self._show_wait,
            on_silence=self._show_silence,
            sleep=runtime.sleep,
            transport=runtime.transport,
        )

    def journal_path(self, options: JournalOptions) -> Path:
        """The journal that was named, else the default one; the demo library has its own."""
        return options.path or self.runtime.journal_folder() / (DEMO_FILE if self.is_demo else FILE)

    def journal_opener(self, options: JournalOptions, *, write: bool) -> OpenJournal:
        """Opens the journal if it is there."""
        from gumnut_tui.usecases.journals import open_existing

        path, clock = self.journal_path(options), self.runtime.clock
        return lambda _create: open_existing(path, write=write, clock=clock)

    def journal_access(self, options: JournalOptions) -> JournalAccess:
        """The journal, opened when asked for: offline only to read. Of the demo library only the offline one is read.

        Warns once when damage to it is met.
        """
        from gumnut_tui.usecases.journals import JournalAccess

        # Each run has a demo library of its own, to which the journal of an earlier one does not belong.
        is_left_alone = options.no_journal or (self.is_demo and not options.offline)
        access = JournalAccess(None if is_left_alone else self.journal_opener(options, write=not options.offline))
        access.tell_damage(self._tell_damage)
        return access

    def warn_of_journal(self, problem: JournalProblem) -> None:
        """Say that the journal cannot be read: the service has all but what it has forgotten."""
        from gumnut_tui.formatting.facts import in_words

        self.runtime.talk.warn(f"The journal cannot be read, so names may be missing: {in_words(problem)[0]}")

    def open_journal(self, options: JournalOptions, *, write: bool) -> Journal:
        """The journal, to write or only to read; warns once if it turns out to be damaged.

        Raises JournalProblem, and UsageProblem when it is only to be read and there is none.
        """
        from gumnut_tui.usecases.journals import open_existing, open_or_create

        path, clock = self.journal_path(options), self.runtime.clock
        journal = open_or_create(path, clock=clock) if write else open_existing(path, write=False, clock=clock)
        if journal is None:
            raise UsageProblem(f"there is no journal {path}; `gumnut-tui sync` starts one.")
        journal.on_damage = self._tell_damage
        return journal

    def _tell_damage(self, damage: JournalDamaged) -> None:
        from gumnut_tui.formatting.facts import in_words

        # Other damage ends the command, and is reported then.
        if isinstance(damage, SnapshotsDamaged):
            for line in in_words(damage):
                self.runtime.talk.warn(line)

    def _show_wait(self, wait: Wait) -> None:
        words = f"{wait.asked}: {wait.reason}, retrying in {span_words(wait.seconds)} ({wait.attempt} of {wait.of})"
        if wait.seconds >= LONG_WAIT:
            # Even without a terminal: a command that does nothing for minutes has to say why.
            self.runtime.talk.warn(words)
        else:
            self.runtime.talk.progress(words, at_once=True)

    def _show_silence(self, asked: str) -> None:
        self.runtime.talk.progress(f"{asked}: no answer from {self.address} yet", at_once=True)


def open_session(context: click.Context, kind: type[Options]) -> Session[Options]:
    """The session of a command whose options are of this kind; raises UsageProblem and ConfigProblem."""
    runtime, options = runtime_of(context), collect(context, kind)
    settings = load(options.overrides.given(), runtime.environ, runtime.config_path())
    if settings.keys:
        _check_keys(settings)
    clock = runtime.clock
    began = clock.local() if isinstance(clock, ServiceClock) else clock()
    session = Session(runtime, _for_demo(settings) if options.overrides.demo else settings, options, began)
    for notice in session.notices:
        runtime.talk.warn(notice)
    if isinstance(clock, ServiceClock):
        clock.on_difference = lambda ahead: runtime.talk.warn(
            f"{clock_words(ahead)}; times follow the service's clock."
        )
    return session


def _check_keys(settings: Settings) -> None:
    # Loaded only when keys are remapped.
    from gumnut_tui.ui.keymap import ACTIONS, check_keymap

    check_keymap(settings, {name: action.keys for name, action in ACTIONS.items()})


def runtime_of(context: click.Context) -> Runtime:
    """The runtime the command line was started with."""
    runtime = context.find_object(Runtime)
    assert runtime is not None
    return runtime


def session_command(
    name: str, kind: type[Options], examples: Sequence[str], group: click.Group | None = None
) -> Callable[[Decorated[Options]], click.Command]:
    """Make a command, of a group if one is given, of a function that takes a session with options of this kind."""

    def decorate(function: Decorated[Options]) -> click.Command:
        def call(**_values: Any) -> int:
            return function(open_session(click.get_current_context(), kind))

        made = click.command(name, cls=HelpfulCommand, examples=examples)(update_wrapper(call, function))
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def _for_demo(settings: Settings) -> Settings:
    """The settings without the user's server and key; the library is one of the demo's, the first unless named."""
    plain = Settings(config_path=settings.config_path)
    values = {name: getattr(plain, name) for name in DEMO_SETTINGS}
    origins = {name: origin for name, origin in settings.origins.items() if name not in DEMO_SETTINGS}
    if settings.origin("library").source is not Source.FLAG:
        # The library that is configured may be the account's; then it is not meant.
        named = [name for name in DEMO_LIBRARIES if settings.library and folded(name) == folded(settings.library)]
        values["library"] = (named or DEMO_LIBRARIES)[0]
        if not named:
            origins.pop("library", None)
    return msgspec.structs.replace(settings, **values, origins=origins)


def is_newest_first(session: Session[Any]) -> bool:
    """As asked for or configured; unlike on the screen, oldest first where nobody said so."""
    settings = session.settings
    return settings.order is Order.NEWEST and settings.origin("order").source is not Source.DEFAULT


def scope_words(session: Session[Reading], wanted: EventFilter) -> str:
    """Which events a report covers: `Events from … to …, only trashed`."""
    from gumnut_tui.formatting.escape import visible
    from gumnut_tui.formatting.times import date_time, zone_name

    since = "the beginning" if wanted.since_us is None else date_time(wanted.since_us, session.zone)
    until = "" if wanted.until_us is None else f" to {date_time(wanted.until_us, session.zone)}"
    zone = zone_name(session.zone, session.runtime.clock())
    told = "; ".join(visible(part, 100) for part in session.options.filter.words())
    return f"Events from {since}{until} ({visible(zone)})" + (f", only {told}" if told else "")


def check_wanted(session: Session[Reading]) -> None:
    """Raise UsageProblem, before anything is asked, for what means no time or filter, or for a range always empty."""
    span = session.options.range
    session.options.filter.event_filter()
    if _is_absolute(session, span) or not isinstance(session.runtime.clock, ServiceClock):
        time_range(session, span)


async def wanted_events(session: Session[Reading], opened: OpenedLibrary, outage: Outage | None = None) -> EventFilter:
    """Which events are asked for, by the service's clock; raises UsageProblem, also for a type that nobody knows."""
    options, service = session.options, opened.service
    span = await time_range_there(session, service, options.range, outage)
    return await filter_within(session, service, options.filter, span, opened.library_id)


def time_range(session: Session[Any], options: RangeOptions) -> TimeRange:
    """The time range asked for; raises UsageProblem."""
    return parse_range(session.settings.since, options.until, now=session.now, zone=session.zone)


def moment(session: Session[Any], flag: str, given: str) -> int:
    """The moment given with a flag, in µs since the epoch; raises UsageProblem."""
    when = parse_when(given, now=session.now, zone=session.zone)
    if when is None:
        raise UsageProblem(f"{flag}: '{clip(given, 60)}' is no moment; write one, like 24h or 2026-11-01T10:00.")
    return to_us(when)


def new_outage(session: Session[Any]) -> Outage:
    """How problems are waited out while following."""
    from gumnut_tui.usecases.event_reader import Outage

    return Outage(session.settings.poll_interval, session.runtime.talk.warn, session.runtime.sleep)


async def time_range_there(
    session: Session[Any], client: Client | None, options: RangeOptions, outage: Outage | None = None
) -> TimeRange:
    """The time range asked for, by the service's clock; pings the service if no answer has shown its time yet."""
    if not _is_absolute(session, options):
        await learn_time(session, client, outage)
    return time_range(session, options)


async def learn_time(session: Session[Any], client: Client | None, outage: Outage | None) -> None:
    """Let an answer tell the service's time, if none has yet; offline, without a client, there is none."""
    if client is None:
        return
    clock = session.runtime.clock

    async def ping() -> None:
        with suppress(ApiProblem, UnexpectedAnswer):
            await client.ping()

    if isinstance(clock, ServiceClock) and not clock.is_set:
        await (outage.outlast(ping) if outage else ping())


def _is_absolute(session: Session[Any], options: RangeOptions) -> bool:
    """Whether the range is the same whatever time it is now; raises UsageProblem for words that mean no time."""
    now = session.now
    later = now + timedelta(days=1)
    bounds = (session.settings.since, options.until or "all")
    return all(
        parse_when(bound, now=now, zone=session.zone) == parse_when(bound, now=later, zone=session.zone)
        for bound in bounds
    )


async def filter_within(
    session: Session[Any], client: Client | None, options: FilterOptions, span: TimeRange, library_id: str | None = None
) -> EventFilter:
    """Which events of a range are asked for; raises UsageProblem, also for an unknown type.

    Those are this program, the journal, and, given a client, the service.
    """
    wanted = options.event_filter()
    if not options.allow_unknown:
        from gumnut_tui.usecases.type_names import check_names

        async def in_service(alone: EventFilter) -> bool:
            names = alone.entity_types or ()
            return client is not None and any([await client.accepts_type(name, library_id) for name in names])

        await check_names(wanted, partial(_in_journal, session), in_service)
    return msgspec.structs.replace(
        wanted,
        since_us=None if span.since is None else to_us(span.since),
        until_us=None if span.until is None else to_us(span.until),
    )


async def _in_journal(session: Session[Any], wanted: EventFilter) -> bool:
    """Whether the journal, where there is one, holds such an event of any library."""
    from gumnut_tui.usecases.journals import JournalLink, open_existing
    from gumnut_tui.usecases.reading import holds

    options = _journal_options(session)
    try:
        journal = (
            None
            if options.no_journal
            else open_existing(session.journal_path(options), write=False, clock=session.runtime.clock)
        )
        if journal is None:
            return False
        async with journal:
            return any([await holds(JournalLink(journal, library), wanted) for library in await journal.libraries()])
    except JournalProblem:
        return False


def _journal_options(session: Session[Any]) -> JournalOptions:
    """Which journal is meant; the usual one for a command that has no such options."""
    return getattr(session.options, "journal", None) or JournalOptions()
