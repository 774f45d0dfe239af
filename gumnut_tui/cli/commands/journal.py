"""`gumnut-tui journal`: what the journal holds, and what can be done with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click
import msgspec

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.help import HelpfulGroup
from gumnut_tui.cli.options import (
    OUTPUT,
    CommandOptions,
    JournalOptions,
    account_option,
    journal_option,
    library_option,
    option,
    settings_options,
)
from gumnut_tui.cli.session import Session, session_command
from gumnut_tui.domain.errors import JournalDamaged, NotAJournal, UsageProblem
from gumnut_tui.domain.models import from_us, to_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.interchange import path_text
from gumnut_tui.formatting.quantities import byte_size, number, plural
from gumnut_tui.formatting.times import date_time
from gumnut_tui.usecases.journals import copies_words, files_words, find_library, gaps_words, title

if TYPE_CHECKING:
    from gumnut_tui.journal.records import LibraryInfo


@dataclass(frozen=True, kw_only=True)
class JournalCommandOptions(CommandOptions):
    """Options of every `journal` command."""

    journal: JournalOptions = field(default_factory=JournalOptions)


@dataclass(frozen=True, kw_only=True)
class InfoOptions(JournalCommandOptions):
    """Options of `journal info`."""

    form: Literal["text", "json"] = "text"


@dataclass(frozen=True, kw_only=True)
class ForgetOptions(JournalCommandOptions):
    """Options of `journal forget`."""

    yes: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportOptions(JournalCommandOptions):
    """Argument and options of `journal import`."""

    file: BinaryIO


@dataclass(frozen=True, kw_only=True)
class VerifyOptions(JournalCommandOptions):
    """Options of `journal verify`."""

    put_aside: bool = False
    reread_snapshots: bool = False


command = HelpfulGroup("journal", help="Show, verify, export or import the journal; forget a library.")


@session_command("info", InfoOptions, ("gumnut-tui journal info", "gumnut-tui journal info --demo"), command)
@option("--format", "form", type=click.Choice(["text", "json"]), group=OUTPUT, help="text (default) or json.")
@journal_option
@settings_options
def info(session: Session[InfoOptions]) -> int:
    """Show what it holds for each library: range, events, snapshots, size, and where the feed was read again."""
    infos = asyncio.run(_infos(session))
    if session.options.form == "json":
        session.runtime.output.data(msgspec.json.encode(_as_json(session, infos)) + b"\n")
        return Exit.DONE
    for line in _head(session, infos):
        session.runtime.output.line(line)
    for one in infos:
        session.runtime.output.line()
        for line in _library_lines(session, one):
            session.runtime.output.line(line)
    return Exit.DONE


async def _infos(session: Session[InfoOptions]) -> list[LibraryInfo]:
    async with session.open_journal(session.options.journal, write=False) as journal:
        return [await journal.info(library) for library in await journal.libraries()]


def _file_size(path: Path) -> int:
    files = (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.exists())


def _head(session: Session[InfoOptions], infos: list[LibraryInfo]) -> list[str]:
    path = session.journal_path(session.options.journal)
    held = plural(len(infos), "library", "libraries") if infos else "no library yet"
    return [f"{visible(str(path), 1000)}: {held}, {byte_size(_file_size(path))}"]


def _library_lines(session: Session[InfoOptions], info: LibraryInfo) -> list[str]:
    library = info.library

    def when(us: int | None) -> str:
        return "never" if us is None else date_time(us, session.zone)

    since = "the beginning of the feed" if library.since_us is None else when(library.since_us)
    rows = [
        ("library", visible(library.key.library_id) or "the only one this key has access to"),
        ("server", visible(library.key.base_url)),
        ("account", visible(library.key.account) or "unknown"),
        ("read from", since),
        ("events", number(library.events)),
        *([("from", when(info.first_us)), ("to", when(info.last_us))] if library.events else []),
        ("snapshots", copies_words(info)),
        ("files", files_words(info.files)),
        *([("unread", plural(info.unread, "entity", "entities"))] if info.unread else []),
        ("size", byte_size(info.size)),
        ("synced", when(library.synced_us)),
        *([("read again", f"{plural(library.reread, 'event')} so far")] if library.reread is not None else []),
        ("gaps", gaps_words(info)),
    ]
    lines = [title(library), *(f"  {label:<10}  {value}" for label, value in rows)]
    for one in info.breaks:
        reason = f": {visible(one.reason, 120)}" if one.reason else ""
        lines.append(f"    {when(to_us(one.at))}, after {plural(one.events, 'event')}{reason}")
    return lines


def _as_json(session: Session[InfoOptions], infos: list[LibraryInfo]) -> dict[str, Any]:
    path = session.journal_path(session.options.journal)
    return {"path": path_text(path), "bytes": _file_size(path), "libraries": [_library_json(one) for one in infos]}


def _library_json(info: LibraryInfo) -> dict[str, Any]:
    def when(us: int | None) -> Any:
        return None if us is None else from_us(us)

    library = info.library
    return {
        **msgspec.structs.asdict(library.key),
        "name": library.name,
        "since": when(library.since_us),
        "events": library.events,
        "from": when(info.first_us),
        "to": when(info.last_us),
        "snapshots": info.snapshots,
        "entities": info.entities,
        "unread_entities": info.unread,
        "photos": info.files.photos,
        "photos_without_checksum": info.files.unknown,
        "gone_without_checksum": info.files.lost,
        "bytes": info.size,
        "synced_at": when(library.synced_us),
        "cursor": library.cursor,
        "breaks": info.breaks,
    }


@session_command(
    "forget", ForgetOptions, ("gumnut-tui journal forget", "gumnut-tui journal forget --library Old --yes"), command
)
@option("--yes", is_flag=True, group=OUTPUT, help="Do not ask for confirmation.")
@journal_option
@account_option
@library_option
@settings_options
def forget(session: Session[ForgetOptions]) -> int:
    """Delete everything the journal holds about one library. The library itself is not touched."""
    return asyncio.run(_forget(session))


async def _forget(session: Session[ForgetOptions]) -> int:
    async with session.open_journal(session.options.journal, write=True) as journal:
        journal.need_writable()
        library = await find_library(journal, session.settings.library, account=session.options.journal.account)
        what = f"{plural(library.events, 'event')} of {title(library)}"
        if not session.options.yes:
            if not session.runtime.has_terminal:
                raise UsageProblem(f"this deletes {what}; add --yes to confirm.")
            if not click.confirm(f"Delete {what} from the journal?", err=True):
                return Exit.DONE
        await journal.forget(library)
        session.runtime.talk.note(f"Forgot {what}.")
    return Exit.DONE


@session_command("export", JournalCommandOptions, ("gumnut-tui journal export > journal.jsonl",), command)
@journal_option
@account_option
@library_option
@settings_options
def export(session: Session[JournalCommandOptions]) -> int:
    """Print everything the journal holds as JSON lines: for one library, or for all if none is named."""
    asyncio.run(_export(session))
    return Exit.DONE


async def _export(session: Session[JournalCommandOptions]) -> None:
    from gumnut_tui.journal.export_import import export as export_library

    async with session.open_journal(session.options.journal, write=False) as journal:
        named, account = session.options.overrides.library, session.options.journal.account
        if named or account:
            libraries = [await find_library(journal, named, account=account)]
        else:
            libraries = await journal.libraries()
        for library in libraries:
            await journal.apply(export_library, library, session.runtime.output.data)


@session_command(
    "import", ImportOptions, ("gumnut-tui journal import journal.jsonl", "… | gumnut-tui journal import -"), command
)
@click.argument("file", type=click.File("rb"))
@journal_option
@settings_options
def import_(session: Session[ImportOptions]) -> int:
    """Import what `journal export` printed: all of it or nothing. Use - to read standard input."""
    return asyncio.run(_import(session))


async def _import(session: Session[ImportOptions]) -> int:
    from gumnut_tui.api.address import base_address
    from gumnut_tui.journal.export_import import import_ as take_in
    from gumnut_tui.journal.export_import import lines_of

    async with session.open_journal(session.options.journal, write=True) as journal:
        journal.need_writable()
        for library in await journal.apply(take_in, lines_of(session.options.file), base_address):
            session.runtime.talk.note(f"{title(library)}: {plural(library.events, 'event')} imported.")
    return Exit.DONE


@session_command(
    "verify",
    VerifyOptions,
    (
        "gumnut-tui journal verify",
        "gumnut-tui journal verify --reread-snapshots",
        "gumnut-tui journal verify --put-aside",
    ),
    command,
)
@option(
    "--put-aside", is_flag=True, group=OUTPUT, help="Rename a damaged file, so that the next sync starts a new one."
)
@option(
    "--reread-snapshots",
    is_flag=True,
    group=OUTPUT,
    help="Keep the events of a damaged file and whatever else can be read; the next sync reads the rest again.",
)
@journal_option
@settings_options
def verify(session: Session[VerifyOptions]) -> int:
    """Check that the file is intact and that no event is missing, damaged or duplicated."""
    talk, options = session.runtime.talk, session.options
    if options.put_aside and options.reread_snapshots:
        raise UsageProblem("--put-aside cannot be combined with --reread-snapshots.")
    faults, events_sound = asyncio.run(_faults(session))
    for fault in faults:
        session.runtime.output.line(visible(fault, 500))
    if not faults:
        talk.note("The journal is intact.")
        return Exit.DONE
    if options.reread_snapshots:
        return _reread(session)
    if options.put_aside:
        talk.warn(f"The damaged file is kept as {_put_aside(session)}; the next sync starts a new journal.")
        return Exit.FAILED
    if events_sound:
        talk.warn("Its events are intact: `gumnut-tui journal verify --reread-snapshots` keeps them.")
    talk.warn("`gumnut-tui journal verify --put-aside` renames the file.")
    return Exit.FAILED


async def _faults(session: Session[VerifyOptions]) -> tuple[list[str], bool]:
    """What is wrong, and whether the events are intact all the same."""
    from gumnut_tui.journal.verify import are_events_sound, faults

    try:
        async with session.open_journal(session.options.journal, write=False) as journal:
            found = await journal.apply(faults)
            return found, await journal.apply(are_events_sound)
    except JournalDamaged as damage:
        return [str(damage)], False
    except NotAJournal as other:
        # In the default place it is a journal beyond recognition; under a name that was given it may be a mistake.
        if session.options.journal.path is not None:
            raise
        return [str(other)], False


def _put_aside(session: Session[VerifyOptions]) -> Path:
    from gumnut_tui.journal.journal import put_aside_unless_held

    journal = session.options.journal
    return put_aside_unless_held(session.journal_path(journal), session.runtime.clock, is_usual=journal.path is None)


def _reread(session: Session[VerifyOptions]) -> int:
    from gumnut_tui.feed.sync import newest_mentions
    from gumnut_tui.journal.verify import renew

    done = renew(session.journal_path(session.options.journal), newest_mentions, session.runtime.clock)
    session.runtime.talk.warn(
        f"All events and {plural(done.snapshots, 'snapshot')} are kept; the next sync reads "
        f"{plural(done.unread, 'entity', 'entities')}. The damaged file is kept as {done.aside}."
    )
    return Exit.DONE
