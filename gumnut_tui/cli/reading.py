"""How commands get to read a library: by the options about library and journal, which mean the same on each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from gumnut_tui.cli.options import JournalOptions
from gumnut_tui.cli.session import Session
from gumnut_tui.domain.errors import NetworkProblem, ServerFailure, UsageProblem
from gumnut_tui.formatting.quantities import number

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.domain.models import Library
    from gumnut_tui.feed.sync import SyncProgress
    from gumnut_tui.report.model import Heading
    from gumnut_tui.usecases.event_reader import Outage
    from gumnut_tui.usecases.journals import JournalAccess
    from gumnut_tui.usecases.reading import LibraryReading, OpenedLibrary, Terms


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a command needs of a library that it reads."""

    names: bool = False
    """Entities are named: those that new events mention are read into the journal."""
    search: bool = False
    """Names are searched."""
    outage: Outage | None = None
    """The library is followed, and problems are waited out."""
    is_late: bool = False
    """The journal is brought up to date only once that turns out to be needed."""
    on_read: Callable[[int, int | None], None] = lambda _events, _last_us: None
    """Called with the number of events looked at, and the time of the last one, in µs."""


@asynccontextmanager
async def open_reading(session: Session[Any], options: JournalOptions, needs: Needs) -> AsyncIterator[LibraryReading]:
    """The library that is meant: from its journal, brought up to date, else from the service.

    Raises UsageProblem and JournalProblem, and what the service raises.
    """
    from gumnut_tui.usecases.reading import LibraryReading, open_offline, open_online

    check_journal(options)
    to_read, to_write = (session.journal_opener(options, write=write) for write in (False, True))
    access = session.journal_access(options)
    terms = _terms(session, needs)
    try:
        if options.offline:
            journal = await access.journal()
            if needs.search and journal is not None and not await journal.is_indexed():
                # What is found in an older journal is kept.
                await access.reopen(to_write)
            opened = await open_offline(access, session.settings.library, session.address, account=options.account)
            yield await LibraryReading.begin(opened, terms)
            return
        async with session.client() as client, told_of_the_journal(session, access):
            library = await _library_there(session, client, needs.outage)
            opened = await open_online(access, client, library)
            if access.problem is not None:
                session.warn_of_journal(access.problem)
            let_go = None if needs.outage is None else partial(access.reopen, to_read)
            if needs.is_late:
                yield LibraryReading.of(opened, terms)
            else:
                yield await LibraryReading.begin(opened, terms, needs.outage, let_go)
    finally:
        await access.aclose()


@asynccontextmanager
async def told_of_the_journal(session: Session[Any], access: JournalAccess) -> AsyncIterator[None]:
    """Let an error of a service that does not answer say that the journal can be read instead, where there is one."""
    try:
        yield
    except (NetworkProblem, ServerFailure) as error:
        if await access.complete(session.address):
            error.advice = "Try again later, or add --offline to read the journal as of the last sync."
        raise


def check_journal(options: JournalOptions) -> None:
    """Raise UsageProblem for options that exclude one another."""
    if options.offline and options.no_journal:
        raise UsageProblem("--offline reads the journal, so it cannot be combined with --no-journal.")
    if options.account is not None and not options.offline:
        raise UsageProblem("--account needs --offline: else the key says whose library is read.")


async def report_heading(
    session: Session[Any], opened: OpenedLibrary, scope: str, *, base_url: str = "", named: bool = True
) -> Heading:
    """What a report on a library is about, and as of when: offline, as of the last sync.

    `base_url` is the server for commands in it; without `named` no request is made for the library's name.
    """
    from gumnut_tui.report.model import Heading

    is_known = named or opened.is_offline
    return Heading(
        library_id=opened.library_id,
        library=await opened.name() if is_known else "",
        scope=scope,
        as_of=opened.link.record.as_of if opened.is_offline and opened.link else session.runtime.clock(),
        is_offline=opened.is_offline,
        retention=session.settings.retention_period,
        base_url=base_url,
    )


def _terms(session: Session[Any], needs: Needs) -> Terms:
    from gumnut_tui.feed.sync import Reads
    from gumnut_tui.usecases.journals import progress_words
    from gumnut_tui.usecases.reading import Terms

    runtime = session.runtime

    def on_sync(progress: SyncProgress) -> None:
        words = progress_words(progress, session.zone, runtime.clock())
        runtime.talk.progress(f"bringing the journal up to date: {words}")

    def on_indexing(done: int, of: int) -> None:
        runtime.talk.progress(f"indexing names: {number(done)} of {number(of)} snapshots")

    return Terms(
        clock=runtime.clock,
        slack=timedelta(seconds=session.settings.slack),
        entities=Reads.ALL if needs.names or needs.search else Reads.LATER,
        tell=runtime.talk.warn,
        on_sync=on_sync,
        on_indexing=on_indexing,
        on_read=needs.on_read,
    )


async def _library_there(session: Session[Any], client: Client, outage: Outage | None) -> Library | None:
    """The library that is meant; None leaves the choice to the service. An `outage` waits for answers."""
    from gumnut_tui.usecases.account import choose_library

    wanted = session.settings.library
    if outage is None:
        return await choose_library(client, wanted)
    return await outage.outlast(lambda: choose_library(client, wanted, waits=True))
