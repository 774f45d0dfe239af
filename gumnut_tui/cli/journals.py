"""What commands about the journal share: opening it, and finding a library in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.cli.session import Session
from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.formatting.escape import visible

if TYPE_CHECKING:
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryRecord


def open_journal(session: Session, *, write: bool) -> Journal:
    """The journal, to write or only to read; tells when a damaged file was put aside for it.

    Raises `JournalProblem`, and `UsageProblem` when it is only to be read and there is none.
    """
    from gumnut_tui.journal.journal import open_journal as open_file

    path = session.journal_path
    if not write and not path.exists():
        raise UsageProblem(f"there is no journal {path}; `gumnut-tui sync` begins one.")
    journal = open_file(path, clock=session.runtime.clock, write=write)
    if journal.aside is not None:
        session.runtime.talk.warn(f"The journal {path} was damaged. It is kept as {journal.aside}; a new one begins.")
    return journal


def title(library: LibraryRecord) -> str:
    """A library by its name, else its id."""
    return visible(library.name or library.key.library_id or "the only library", 60)


async def chosen(journal: Journal, wanted: str | None) -> LibraryRecord:
    """The library called `wanted` by id or name, or the only one; raises `UsageProblem` naming those there are."""
    libraries = await journal.libraries()
    if wanted is None:
        found = libraries
    else:
        found = [one for one in libraries if wanted in (one.key.library_id, one.name)]
        found = found or [one for one in libraries if one.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if not libraries:
        raise UsageProblem("the journal holds no library; `gumnut-tui sync` begins one.")
    known = "; ".join(f"{title(one)} ({visible(one.key.library_id)}, {visible(one.key.base_url)})" for one in libraries)
    problem = "name one with --library" if wanted is None else f"--library '{clip(wanted, 60)}' is not one of them"
    raise UsageProblem(f"the journal holds {len(libraries)}: {known}; {problem}.")
