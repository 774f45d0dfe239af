"""What a key opens, and which library is meant: by its id, by its name, or because there is only one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from gumnut_tui.domain.errors import Forbidden, LibraryNotChosen, NotFound, UsageProblem, clip
from gumnut_tui.domain.models import Library
from gumnut_tui.domain.search_text import folded

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


async def account_id(client: Client) -> str:
    """The id of the key's user; empty when the key may not ask, or the server cannot tell.

    Any other failure is raised: a library must not be journaled under a second account because of an outage.
    """
    try:
        return (await client.me()).id
    except (Forbidden, NotFound):
        return ""


async def listed_libraries(client: Client, state: str = "live") -> list[Library] | None:
    """The account's libraries; None when the key is limited to some of them and may not list any."""
    try:
        return await client.libraries(state)
    except Forbidden:
        return None


Candidate = TypeVar("Candidate")
ID_PREFIX = "lib_"


def called(wanted: str, candidates: Iterable[Candidate], library_of: Callable[[Candidate], Library]) -> list[Candidate]:
    """Those whose id or name is `wanted` to the letter; if there are none, those whose name is the same folded."""
    pairs = [(candidate, library_of(candidate)) for candidate in candidates]
    exact = [candidate for candidate, library in pairs if wanted in (library.id, library.name)]
    return exact or [candidate for candidate, library in pairs if folded(library.name) == folded(wanted)]


def choose(libraries: Sequence[Library] | None, wanted: str | None) -> Library | None:
    """The library called `wanted`, or the only one there is; None when there is none, or the service has to choose.

    `libraries` is None when the key may not list them. An id that is not listed is taken as it is: libraries in the
    trash can be read too. Raises LibraryNotChosen when several are meant or none is, UsageProblem when a name was
    given to a key that may not list libraries.
    """
    # One whose id cannot be read cannot be opened either.
    libraries = None if libraries is None else [library for library in libraries if library.id]
    if wanted is None:
        if libraries and len(libraries) > 1:
            raise LibraryNotChosen(libraries)
        return libraries[0] if libraries else None
    found = called(wanted, libraries or (), lambda library: library)
    if len(found) == 1:
        return found[0]
    if wanted.startswith(ID_PREFIX):
        return Library(wanted)
    if libraries is None:
        raise UsageProblem(
            f"this key may not list libraries, so '{clip(wanted, 60)}' cannot be found by name; give its id (lib_…)."
        )
    raise LibraryNotChosen(found or libraries, wanted, is_ambiguous=bool(found))


async def choose_library(client: Client, wanted: str | None) -> Library | None:
    """The same, asking the service for its libraries unless an id was given; then nothing but the id is known."""
    if wanted is not None and wanted.startswith(ID_PREFIX):
        return Library(wanted)
    return choose(await listed_libraries(client), wanted)


async def choose_library_id(client: Client, wanted: str | None) -> str | None:
    """The id of the library that is meant; None leaves the choice to the service."""
    library = await choose_library(client, wanted)
    return library.id if library else None
