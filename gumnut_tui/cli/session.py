"""From flags to a client: settings, key, connection and library of one run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gumnut_tui.cli.console.runtime import Runtime
from gumnut_tui.cli.options import doubtful_types, event_filter, given
from gumnut_tui.config.settings import Origin, Settings, Source, load
from gumnut_tui.domain.errors import Forbidden, KeyMissing, LibraryNotChosen, UsageProblem, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Library, to_us
from gumnut_tui.domain.when import TimeRange, parse_range
from gumnut_tui.domain.zones import local_zone, named_zone
from gumnut_tui.usecases.event_reader import EventReader

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.api.retry import Wait
    from gumnut_tui.config.key_sources import FoundKey

SETTING_FLAGS = (
    "config", "profile", "library", "since", "order", "timezone", "utc", "incident_pause", "incident_size",
)  # fmt: skip
DEMO_SETTINGS = ("base_url", "key", "key_command", "headers")
"""What the embedded library brings itself, so that nothing of the user's goes into it."""


@dataclass(frozen=True)
class Session:
    """One run of one command: what was asked for, and what is configured."""

    runtime: Runtime
    flags: Mapping[str, Any]
    settings: Settings
    demo: bool

    @property
    def zone(self) -> tzinfo:
        """The zone of times without one, and of those shown."""
        return zone_of(self.settings, self.runtime)

    @property
    def retention(self) -> timedelta:
        """How long the service keeps what is in the trash."""
        return timedelta(days=self.settings.retention)

    @property
    def journal_path(self) -> Path:
        """The journal that was named, else the usual one; the demo library has its own."""
        from gumnut_tui.journal.paths import DEMO_FILE, FILE

        named = self.flags.get("journal")
        if named:
            return Path(str(named)).expanduser()
        return self.runtime.journal_folder() / (DEMO_FILE if self.demo else FILE)

    @property
    def filter(self) -> EventFilter:
        """What the flags ask for, without the time range."""
        return event_filter(self.flags)

    def range(self, now: datetime) -> TimeRange:
        """The time range asked for."""
        return parse_range(self.settings.since, self.flags.get("until"), now=now, zone=self.zone)

    def filter_within(self, span: TimeRange) -> EventFilter:
        """What the flags ask for, within a time range."""
        return msgspec.structs.replace(
            self.filter,
            since_us=None if span.since is None else to_us(span.since),
            until_us=None if span.until is None else to_us(span.until),
        )

    def wanted(self, span: TimeRange) -> EventFilter:
        """What the flags ask for within a time range, telling of types that look like a slip."""
        wanted = self.filter_within(span)
        for advice in doubtful_types(wanted):
            self.runtime.talk.warn(advice)
        return wanted

    def reading(
        self, client: Client, library_id: str | None, span: TimeRange, entity_types: frozenset[str] | None = None
    ) -> EventReader:
        """What is to be read of a library: the range, and only these types if any are named."""
        slack = timedelta(seconds=self.settings.slack)
        return EventReader(client, library_id, span, entity_types, slack, bool(self.flags.get("exact")))

    @asynccontextmanager
    async def client(self, found: FoundKey | None = None) -> AsyncIterator[Client]:
        """A client for the configured server, or the demo, with the key if it was found already.

        Raises KeyMissing, ConfigProblem and RefusedAddress.
        """
        from gumnut_tui.api.client import Client

        if self.demo:
            from gumnut_tui.demo.http.inprocess import connect
            from gumnut_tui.demo.world.world import World

            world = World(now=self.runtime.clock(), events=self.runtime.demo_events)
            demo = connect(world, clock=self.runtime.clock, live=True)
            where: dict[str, Any] = {"base_url": demo.base_url, "key": demo.key, "transport": demo.transport}
        else:
            where = {
                "base_url": self.settings.base_url,
                "key": (found or self.required_key()).key,
                "headers": dict(self.settings.headers),
                "transport": self.runtime.transport,
            }
        async with Client(
            **where, clock=self.runtime.clock, sleep=self.runtime.sleep, on_wait=self._tell_wait
        ) as client:
            yield client

    def key(self) -> FoundKey | None:
        """The configured key."""
        from gumnut_tui.config.key_sources import find_key

        return find_key(self.settings, self.runtime.keyring)

    def required_key(self) -> FoundKey:
        """The configured key; raises KeyMissing."""
        found = self.key()
        if found is None:
            raise KeyMissing("no API key")
        return found

    async def library_id(self, client: Client) -> str | None:
        """The id of the library asked for; None leaves the choice to the service.

        Raises LibraryNotChosen when there are several and none was named, or none of the name.
        """
        return await choose_library(client, self.settings.library)

    def _tell_wait(self, wait: Wait) -> None:
        self.runtime.talk.progress(
            f"{wait.asked}: {wait.reason}, trying again in {wait.seconds:.0f} s ({wait.attempt} of {wait.of})",
            at_once=True,
        )


def open_session(context: click.Context) -> Session:
    """The session of a command; raises UsageProblem and ConfigProblem."""
    runtime = context.find_object(Runtime)
    assert runtime is not None
    flags = given(context)
    demo = bool(flags.get("demo"))
    settings = load({name: flags.get(name) for name in SETTING_FLAGS}, runtime.environ, runtime.config_path())
    return Session(runtime, flags, _for_demo(settings) if demo else settings, demo)


def zone_of(settings: Settings, runtime: Runtime) -> tzinfo:
    """The zone the settings name."""
    if settings.timezone == "local":
        return local_zone(runtime.environ, runtime.localtime)
    return named_zone(settings.timezone)


async def choose_library(client: Client, wanted: str | None) -> str | None:
    """The id of the library called `wanted` by id or name, or of the only one there is.

    None when a key limited to some libraries may not list them: the service then chooses, if it can.
    """
    if wanted is not None and wanted.startswith("lib_"):
        return wanted
    try:
        libraries = await client.libraries()
    except Forbidden:
        if wanted is None:
            return None
        raise UsageProblem(
            f"this key may not list libraries, so '{clip(wanted, 60)}' cannot be found by name; give its id (lib_…)."
        ) from None
    return _chosen(libraries, wanted)


def _chosen(libraries: list[Library], wanted: str | None) -> str | None:
    if wanted is None:
        if len(libraries) > 1:
            raise LibraryNotChosen(libraries)
        return libraries[0].id if libraries else None
    for found in (
        [library for library in libraries if wanted in (library.id, library.name)],
        [library for library in libraries if library.name.casefold() == wanted.casefold()],
    ):
        if len(found) == 1:
            return found[0].id
    raise LibraryNotChosen(libraries, wanted)


def _for_demo(settings: Settings) -> Settings:
    """The settings without the user's server, key and configured library."""
    own = [*DEMO_SETTINGS, *(["library"] if settings.origin("library").source is not Source.FLAG else [])]
    plain = Settings(config_path=settings.config_path)
    origins: dict[str, Origin] = {name: origin for name, origin in settings.origins.items() if name not in own}
    return replace(settings, **{name: getattr(plain, name) for name in own}, origins=origins)
