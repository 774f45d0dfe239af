"""`gumnut-tui sync`: bring the journal up to date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gumnut_tui.cli.console.exit_codes import Exit, exit_code
from gumnut_tui.cli.console.help import HelpfulCommand
from gumnut_tui.cli.journals import open_journal, title
from gumnut_tui.cli.options import FILTERS, OUTPUT, journal_option, library_option, option, settings_options
from gumnut_tui.cli.session import Session, open_session
from gumnut_tui.domain.errors import Forbidden, GumnutError, JournalProblem, KeyRefused, NotFound, UsageProblem
from gumnut_tui.domain.models import Library, from_us, to_us
from gumnut_tui.domain.when import parse_when
from gumnut_tui.formatting.error_lines import in_words
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.sync import SyncProgress, SyncReport
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryRecord

EXAMPLES = (
    "gumnut-tui sync",
    "gumnut-tui sync --all-libraries --format json",
    "gumnut-tui sync --library Family --since 2026-01-01 --no-snapshots",
    "0 * * * *  gumnut-tui sync --all-libraries     (in a crontab: silent unless something is wrong)",
)


@click.command("sync", cls=HelpfulCommand, examples=EXAMPLES)
@option(
    "--since",
    metavar="WHEN",
    group=FILTERS,
    help="Where the journal of a library begins (default all); settled by its first sync.",
)
@option("--no-snapshots", is_flag=True, group=FILTERS, help="Only events, not what their photos and albums are now.")
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
@click.pass_context
def command(context: click.Context, /, **_flags: Any) -> int:
    """Read what is new and keep it in the journal on this machine, with what photos and albums are now.

    Only new events are read; interrupt it whenever you like, it goes on from the last page. What the service forgets
    stays here: names and pictures of deleted photos, and every event.
    """
    session = open_session(context)
    flags = session.flags
    if flags.get("all_libraries") and flags.get("library"):
        raise UsageProblem("--all-libraries does not go with --library.")
    return asyncio.run(_sync(session))


async def _sync(session: Session) -> int:
    async with session.client() as client:
        # Before the journal: a key that is refused should not leave an empty file.
        account = await _account(client)
        async with open_journal(session, write=True) as journal:
            journal.need_writable()
            if session.demo:
                # Each run has a demo library of its own; what is left of the last one's would not fit to it.
                for old in await journal.libraries():
                    await journal.forget(old)
            return await _sync_all(session, client, journal, account)


async def _sync_all(session: Session, client: Client, journal: Journal, account: str) -> Exit:
    code = Exit.DONE
    async for library in _libraries(session, client):
        try:
            report = await _sync_one(session, client, journal, account, library)
        except (KeyRefused, JournalProblem):
            raise
        except GumnutError as error:
            if not session.flags.get("all_libraries"):
                raise
            code = _failed(session, error, code, library.name or library.id)
        else:
            if report.problem is not None:
                unread = plural(report.progress.unread, "entity", "entities")
                code = _failed(session, report.problem, code, f"{title(report.library)}: {unread} left unread")
    return code


def _failed(session: Session, error: GumnutError, code: Exit, what: str) -> Exit:
    from gumnut_tui.formatting.escape import visible

    first, *rest = in_words(error)
    for line in (f"{visible(what, 120)}: {first}", *rest):
        session.runtime.talk.warn(line)
    return exit_code(error) if code is Exit.DONE else code


async def _account(client: Client) -> str:
    """The id of the key's user; empty when the key may not ask, or the server cannot tell.

    Any other failure is one: a library must not be journaled a second time because of a bad moment.
    """
    try:
        return (await client.me()).id
    except (Forbidden, NotFound):
        return ""


async def _libraries(session: Session, client: Client) -> AsyncIterator[Library]:
    if session.flags.get("all_libraries"):
        for library in await client.libraries():
            yield library
        return
    library_id = await session.library_id(client)
    try:
        yield await client.library(library_id) if library_id else Library("")
    except NotFound:
        yield Library(library_id or "")


async def _sync_one(session: Session, client: Client, journal: Journal, account: str, library: Library) -> SyncReport:
    from gumnut_tui.feed.sync import Sync
    from gumnut_tui.journal.records import LibraryKey

    since_us = _since_us(session)
    key = LibraryKey(client.base_url, account, library.id)
    known = await journal.begin(key, name=library.name, since_us=since_us)
    if session.flags.get("since") and known.since_us != since_us:
        _tell_beginning(session, known)
    began = time.monotonic()
    progress = _Progress(session, title(known), began)
    sync = Sync(client, journal, known, snapshots=not session.flags.get("no_snapshots"), on_progress=progress.show)
    try:
        report = await sync.run()
    except asyncio.CancelledError:
        session.runtime.talk.warn(f"{title(known)}: {progress.words()}; the next sync goes on from there.")
        raise
    session.runtime.talk.clear()
    _summarise(session, report, time.monotonic() - began)
    return report


def _since_us(session: Session) -> int | None:
    given = session.flags.get("since")
    since = parse_when(given, now=session.runtime.clock(), zone=session.zone) if given else None
    return None if since is None else to_us(since)


def _tell_beginning(session: Session, library: LibraryRecord) -> None:
    since = "the beginning of the feed" if library.since_us is None else str(from_us(library.since_us))
    session.runtime.talk.warn(
        f"{title(library)} is journaled from {since} on, --since changes nothing; `gumnut-tui journal forget` does."
    )


class _Progress:
    """Says how far a sync is, on a terminal."""

    def __init__(self, session: Session, name: str, began: float) -> None:
        self._session = session
        self._name = name
        self._began = began
        self._last: SyncProgress | None = None
        self._breaks = 0

    def show(self, progress: SyncProgress) -> None:
        """Show it in place of what was shown before."""
        talk = self._session.runtime.talk
        self._last = progress
        if progress.breaks > self._breaks:
            self._breaks = progress.breaks
            talk.warn(
                f"{self._name}: the service refused the position reached, as happens after a restore. "
                "The feed is read again from its start; what is journaled stays."
            )
        talk.progress(_clipped(f"{self._name}: {self.words()}", self._session.runtime.output.columns - 1))

    def words(self) -> str:
        """What was done so far."""
        progress = self._last
        if progress is None:
            return "nothing new"
        rate = progress.events / max(time.monotonic() - self._began, 0.001)
        parts = [f"{plural(progress.events, 'event')} ({number(round(rate))}/s)"]
        if progress.reached_us is not None:
            session = self._session
            parts.append(f"at {moment_words(progress.reached_us, session.zone, session.runtime.clock())}")
        if progress.snapshots or progress.unread:
            parts.append(plural(progress.snapshots, "snapshot"))
        if progress.unread:
            parts.append(f"{number(progress.unread)} to read")
        return " · ".join([*parts, plural(progress.requests, "request")])


def _clipped(text: str, cells: int) -> str:
    """The text, cut so that it stays on one line of the terminal, where the next one can replace it."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, max(cells, 1))


def _summarise(session: Session, report: SyncReport, seconds: float) -> None:
    output = session.runtime.output
    form = session.flags.get("form") or ("text" if output.is_terminal else None)
    if form == "json":
        output.data(msgspec.json.encode(_as_json(report, seconds)) + b"\n")
    elif form == "text":
        output.line(_as_text(session, report, seconds))


def _as_json(report: SyncReport, seconds: float) -> dict[str, Any]:
    library, progress = report.library, report.progress
    return {
        "library_id": library.key.library_id,
        "name": library.name,
        "new_events": progress.events,
        "events": library.events,
        "new_snapshots": progress.snapshots,
        "unread_entities": progress.unread,
        "since": None if library.since_us is None else from_us(library.since_us),
        "breaks": progress.breaks,
        "requests": progress.requests,
        "seconds": round(seconds, 3),
    }


def _as_text(session: Session, report: SyncReport, seconds: float) -> str:
    library, progress = report.library, report.progress
    parts = [f"{plural(progress.events, 'new event')}, {number(library.events)} in all"]
    if progress.snapshots:
        parts.append(plural(progress.snapshots, "new snapshot"))
    if progress.unread:
        parts.append(f"{plural(progress.unread, 'entity', 'entities')} left unread")
    if progress.reached_us is not None:
        parts.append(f"up to {moment_words(progress.reached_us, session.zone, session.runtime.clock())}")
    return f"{title(library)}: {' · '.join([*parts, plural(progress.requests, 'request'), f'{seconds:.1f} s'])}"
