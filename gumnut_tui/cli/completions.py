"""What a shell completes the values of options with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import click
from click.shell_completion import CompletionItem

from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES, KNOWN_EVENT_TYPES
from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.when import EXAMPLES

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def any_of(values: Callable[[], Iterable[str]]) -> Complete:
    """One of some values."""

    def complete(_context: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        return [CompletionItem(value) for value in values() if value.lower().startswith(typed.lower())]

    return complete


def list_of(values: Collection[str]) -> Complete:
    """Comma-separated values; those already typed are not offered again."""

    def complete(_context: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        before, comma, last = typed.rpartition(",")
        given = before.split(",")
        return [
            CompletionItem(f"{before}{comma}{value}")
            for value in values
            if value.startswith(last.lower()) and value not in given
        ]

    return complete


def file(_context: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """A file, which the shell finds itself."""
    return [CompletionItem(typed, type="file")]


def _zones() -> Iterable[str]:
    from zoneinfo import available_timezones

    return ["local", *sorted(available_timezones())]


def profile(context: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """A profile of the config file."""
    import tomllib

    runtime = context.find_object(Runtime)
    try:
        content = tomllib.loads(runtime.config_path().read_text("utf-8")) if runtime else {}
    except (OSError, ValueError):
        return []
    profiles = content.get("profiles")
    names = profiles if isinstance(profiles, dict) else ()
    return [CompletionItem(name) for name in names if name.startswith(typed)]


def library(context: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """A library of the journal, as a shell must not wait for a server."""
    import asyncio

    from gumnut_tui.domain.errors import JournalProblem
    from gumnut_tui.journal.journal_file import FILE
    from gumnut_tui.usecases.journals import open_existing

    async def names() -> list[str]:
        runtime = context.find_object(Runtime)
        journal = open_existing(runtime.journal_folder() / FILE, write=False) if runtime else None
        if journal is None:
            return []
        async with journal:
            return [each.name or each.key.library_id for each in await journal.libraries()]

    try:
        found = asyncio.run(names())
    except JournalProblem:
        return []
    return [CompletionItem(name) for name in dict.fromkeys(found) if name.lower().startswith(typed.lower())]


zone = any_of(_zones)
when = any_of(lambda: [word for word in EXAMPLES.replace(" or ", ", ").split(", ") if " " not in word])
entity_types = list_of(KNOWN_ENTITY_TYPES)
event_types = list_of(KNOWN_EVENT_TYPES)
operations = list_of([operation.value for operation in Operation])
