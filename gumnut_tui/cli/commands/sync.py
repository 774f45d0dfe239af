"""`gumnut-tui sync`: bring the journal up to date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import click
import msgspec

from gumnut_tui.cli.exit_codes import Exit, exit_code
from gumnut_tui.cli.options import (
    FILTERS,
    OUTPUT,
    CommandOptions,
    JournalOptions,
    completed,
    journal_option,
    library_option,
    option,
    settings_options,
)
from gumnut_tui.cli.session import Session, session_command
from gumnut_tui.domain.errors import GumnutError, JournalProblem, KeyRefused, NotFound, UsageProblem
from gumnut_tui.domain.models import Library, from_us, to_us
from gumnut_tui.domain.when import parse_when
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import date_time, moment_words
from gumnut_tui.usecases.account import account_id, choose_library
from gumnut_tui.usecases.journals import clear, progress_words, title

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.missing_files import FilesReport
    from gumnut_tui.feed.sync import SyncProgress, SyncReport
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryRecord

EXAMPLES = (
    "gumnut-tui sync",
    "gumnut-tui sync --all-libraries --format json",
    "gumnut-tui sync --library Family --since 2026-01-01 --no-snapshots",
    "0 * * * *  gumnut-tui sync --all-libraries     (in a crontab: silent unless something is wrong)",
)


@dataclass(frozen=True, kw_only=True)
class SyncOptions(CommandOptions):
    """Options of `sync`."""

    journal: JournalOptions = field(default_factory=JournalOptions)
    all_libraries: bool = False
    no_snapshots: bool = False
    form: Literal["text", "json"] | None = None


@session_command("sync", SyncOptions, EXAMPLES)
@option(
    "--since",
    metavar="WHEN",
    group=FILTERS,
    shell_complete=completed("when"),
    help="Where the journal of a library starts (default all); only its first sync uses this.",
)
@option("--no-snapshots", is_flag=True, group=FILTERS, help="Events only, no snapshots of photos and albums.")
@option("--all-libraries", is_flag=True, group=FILTERS, help="Every library of the account.")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    group=OUTPUT,
    help="A summary: text (default on a terminal, else none) or json, one line a library.",
)
@journal_option
@library_option
@settings_options
def command(session: Session[SyncOptions]) -> int:
    """Fetch new events into the journal on this machine, with snapshots of photos and albums.

    It can be interrupted at any time; the next sync resumes after the last page. The journal keeps what the service
    forgets: every event, and names and blurred pictures of deleted photos.
    """
    if session.options.all_libraries and session.options.overrides.library:
        raise UsageProblem("--all-libraries cannot be combined with --library.")
    return asyncio.run(_sync(session))


async def _sync(session: Session[SyncOptions]) -> int:
    async with session.client() as client:
        # Before the journal: a rejected key should not leave an empty file behind.
        account = await account_id(client)
        async with session.open_journal(session.options.journal, write=True) as journal:
            if not journal.is_writable:
                # Whoever writes it keeps it up to date: a screen, or the sync before this one.
                holder = journal.holder or "another process"
                session.runtime.talk.note(f"The journal is being kept up to date by {holder}: nothing to do.")
                return Exit.DONE
            if session.is_demo:
                await clear(journal)
            return await _sync_all(session, client, journal, account)


async def _sync_all(session: Session[SyncOptions], client: Client, journal: Journal, account: str) -> Exit:
    code = Exit.DONE
    async for library in _libraries(session, client):
        try:
            report, files = await _sync_one(session, client, journal, account, library)
        except (KeyRefused, JournalProblem):
            raise
        except GumnutError as error:
            if not session.options.all_libraries:
                raise
            code = _failed(session, error, code, library.name or library.id)
        else:
            if report.problem is not None:
                unread = plural(report.progress.unread, "entity", "entities")
                code = _failed(session, report.problem, code, f"{title(report.library)}: {unread} could not be read")
            if files.problem is not None:
                unread = plural(files.missing - files.told, "photo")
                code = _failed(
                    session, files.problem, code, f"{title(report.library)}: checksum still unknown of {unread}"
                )
    return code


def _failed(session: Session[SyncOptions], error: GumnutError, code: Exit, what: str) -> Exit:
    from gumnut_tui.formatting.escape import visible

    first, *rest = in_words(error)
    for line in (f"{visible(what, 120)}: {first}", *rest):
        session.runtime.talk.warn(line)
    return exit_code(error) if code is Exit.DONE else code


async def _libraries(session: Session[SyncOptions], client: Client) -> AsyncIterator[Library]:
    if session.options.all_libraries:
        for library in await client.libraries():
            yield library
        return
    chosen = await choose_library(client, session.settings.library) or Library("")
    if chosen.id and not chosen.name:
        try:
            chosen = await client.library(chosen.id)
        except NotFound:
            yield chosen
            return
    yield chosen


async def _sync_one(
    session: Session[SyncOptions], client: Client, journal: Journal, account: str, library: Library
) -> tuple[SyncReport, FilesReport]:
    from gumnut_tui.feed.missing_files import FilesReport, read_missing_files
    from gumnut_tui.feed.sync import Reads, Sync
    from gumnut_tui.journal.records import LibraryKey

    since_us = _since_us(session)
    key = LibraryKey(client.base_url, account, library.id)
    known = await journal.begin(key, name=library.name, since_us=since_us)
    if session.options.overrides.since and known.since_us != since_us:
        _say_since_is_ignored(session, known)
    began = time.monotonic()
    progress = _Progress(session, title(known), began)
    entities = Reads.NONE if session.options.no_snapshots else Reads.ALL
    sync = Sync(client, journal, known, entities=entities, on_progress=progress.show)
    files = FilesReport()
    try:
        report = await sync.run()
        if entities is Reads.ALL and report.problem is None:
            files = await read_missing_files(client, journal, report.library, progress.show_files)
    except asyncio.CancelledError:
        session.runtime.talk.warn(f"{title(known)}: {progress.words()}; the next sync resumes from there.")
        raise
    session.runtime.talk.clear()
    _summarise(session, report, files, time.monotonic() - began)
    return report, files


def _since_us(session: Session[SyncOptions]) -> int | None:
    given = session.options.overrides.since
    since = parse_when(given, now=session.now, zone=session.zone) if given else None
    return None if since is None else to_us(since)


def _say_since_is_ignored(session: Session[SyncOptions], library: LibraryRecord) -> None:
    since = "the beginning of the feed" if library.since_us is None else date_time(library.since_us, session.zone)
    session.runtime.talk.warn(
        f"{title(library)}: The journal already starts at {since}; --since is ignored. "
        "To start over: `gumnut-tui journal forget`."
    )


class _Progress:
    """Shows how far a sync has come, on a terminal."""

    def __init__(self, session: Session[SyncOptions], name: str, began: float) -> None:
        self._session = session
        self._name = name
        self._began = began
        self._last: SyncProgress | None = None
        self._breaks = 0

    def show(self, progress: SyncProgress) -> None:
        """Show it in place of the line before."""
        talk = self._session.runtime.talk
        self._last = progress
        if progress.breaks > self._breaks:
            self._breaks = progress.breaks
            talk.warn(
                f"{self._name}: The server rejected our cursor, as it does after its database was restored. "
                "Reading the feed again from the start; what the journal holds is kept."
            )
        talk.progress(_clipped(f"{self._name}: {self.words()}", self._session.runtime.output.columns - 1))

    def show_files(self, files: FilesReport) -> None:
        """Show of how many photos the checksums were asked for, in place of the line before."""
        words = f"{self._name}: checksums of {number(files.asked)} of {plural(files.missing, 'photo')} asked for"
        self._session.runtime.talk.progress(_clipped(words, self._session.runtime.output.columns - 1))

    def words(self) -> str:
        """What has been done so far."""
        progress = self._last
        if progress is None:
            return "nothing new"
        rate = progress.events / max(time.monotonic() - self._began, 0.001)
        words = progress_words(progress, self._session.zone, self._session.runtime.clock(), rate)
        return f"{words} · {plural(progress.requests, 'request')}"


def _clipped(text: str, cells: int) -> str:
    """The text, cut so that it stays on one line of the terminal, where the next one can replace it."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, max(cells, 1))


def _summarise(session: Session[SyncOptions], report: SyncReport, files: FilesReport, seconds: float) -> None:
    output = session.runtime.output
    form = session.options.form or ("text" if output.is_terminal else None)
    if form == "json":
        output.data(msgspec.json.encode(_as_json(report, files, seconds)) + b"\n")
    elif form == "text":
        output.line(_as_text(session, report, files, seconds))


def _as_json(report: SyncReport, files: FilesReport, seconds: float) -> dict[str, Any]:
    library, progress = report.library, report.progress
    return {
        "library_id": library.key.library_id,
        "name": library.name,
        "new_events": progress.events,
        "events": library.events,
        "new_snapshots": progress.snapshots,
        "unread_entities": progress.unread,
        "new_checksums": files.told,
        "photos_without_checksum": files.missing - files.told,
        "since": None if library.since_us is None else from_us(library.since_us),
        "breaks": progress.breaks,
        "requests": progress.requests + files.requests,
        "seconds": round(seconds, 3),
    }


def _as_text(session: Session[SyncOptions], report: SyncReport, files: FilesReport, seconds: float) -> str:
    library, progress, requests = report.library, report.progress, report.progress.requests + files.requests
    parts = [f"{plural(progress.events, 'new event')}, {number(library.events)} in all"]
    if progress.snapshots:
        parts.append(plural(progress.snapshots, "new snapshot"))
    if progress.unread:
        parts.append(f"{plural(progress.unread, 'entity', 'entities')} could not be read")
    if files.missing:
        parts.append(f"checksums of {number(files.told)} of {plural(files.missing, 'photo')} that had none")
    if progress.reached_us is not None:
        parts.append(f"up to {moment_words(progress.reached_us, session.zone, session.runtime.clock())}")
    return f"{title(library)}: {' · '.join([*parts, plural(requests, 'request'), f'{seconds:.1f} s'])}"
