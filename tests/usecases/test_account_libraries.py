"""What a key opens is asked for; the library that is meant is found by id or name, and never guessed."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from gumnut_tui.api.client import Client
from gumnut_tui.domain.defaults import DEMO_LIBRARIES
from gumnut_tui.domain.errors import (
    ApiProblem,
    Forbidden,
    LibraryNotChosen,
    NotFound,
    ServerFailure,
    UsageProblem,
    explain,
)
from gumnut_tui.domain.models import Library
from gumnut_tui.usecases.account import (
    account_id,
    choose,
    choose_library,
    choose_library_id,
    demo_client,
    listed_libraries,
)
from tests.demo.worlds import NOW


async def test_the_libraries_of_the_demo_are_known_by_name() -> None:
    """So that one of them can be chosen before the demo is made."""
    async with demo_client(clock=lambda: NOW, events=300) as client:
        assert tuple(library.name for library in await client.libraries()) == DEMO_LIBRARIES


HOME, ETE, OTHER = Library("lib_1", "Home"), Library("lib_2", "Été"), Library("lib_3", "home")
ALL = [HOME, ETE, OTHER]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("lib_2", ETE),
        ("Home", HOME),
        ("home", OTHER),
        ("ÉTÉ", ETE),
        ("e\u0301te\u0301", ETE),
        ("lib_in_the_trash", Library("lib_in_the_trash")),
    ],
)
def test_a_library_is_found_by_id_or_name(wanted: str, found: Library) -> None:
    """To the letter first, else folded; an id that is not listed is taken as it is."""
    assert choose(ALL, wanted) == found


def test_the_only_library_need_not_be_named() -> None:
    """With several one has to be; with none there is nothing to choose."""
    assert choose([HOME], None) == HOME
    assert choose([], None) is None
    assert choose(None, None) is None
    with pytest.raises(LibraryNotChosen):
        choose(ALL, None)


def test_a_name_of_several_libraries_is_not_guessed() -> None:
    """The message lists those that are meant, and asks for an id."""
    with pytest.raises(LibraryNotChosen) as raised:
        choose(ALL, "HOME")
    assert explain(raised.value).what.splitlines() == [
        "Several libraries are called HOME; give the id of one.",
        "  Home  lib_1",
        "  home  lib_3",
    ]


def test_a_name_nobody_has_is_told_with_all_libraries() -> None:
    """One of them will be it."""
    with pytest.raises(LibraryNotChosen) as raised:
        choose(ALL, "nope")
    assert "There is no library called nope." in explain(raised.value).what
    assert raised.value.libraries == tuple(ALL)


def test_a_key_that_may_not_list_libraries_needs_an_id() -> None:
    """A name cannot be found for it."""
    with pytest.raises(UsageProblem, match="give its id"):
        choose(None, "Home")


def test_an_id_costs_no_request() -> None:
    """Names are looked up at the service; ids are not."""

    async def requests(wanted: str) -> tuple[str | None, int]:
        client = demo_client(clock=lambda: NOW, events=300, live=False)
        async with client:
            library = await choose_library(client, wanted)
            assert library is not None
            assert await choose_library_id(client, library.id) == library.id
            return library.name, client.requests

    assert asyncio.run(requests("lib_x")) == ("", 0)
    assert asyncio.run(requests("family photos")) == ("Family Photos", 1)


class Refusing:
    """A client that refuses everything the same way."""

    def __init__(self, problem: ApiProblem) -> None:
        self.problem = problem

    async def me(self) -> Any:
        """Refused."""
        raise self.problem

    async def libraries(self, state: str) -> Any:
        """Refused."""
        raise self.problem


def refusing(problem: ApiProblem) -> Client:
    """A client that refuses everything the same way."""
    return cast(Client, Refusing(problem))


@pytest.mark.parametrize("problem", [Forbidden("GET /api/users/me", 403), NotFound("GET /api/users/me", 404)])
async def test_a_key_that_may_not_ask_has_no_account(problem: ApiProblem) -> None:
    """It is journaled under none."""
    assert await account_id(refusing(problem)) == ""


async def test_an_outage_is_not_a_key_without_an_account() -> None:
    """Else a library would be journaled a second time, under no account."""
    with pytest.raises(ServerFailure):
        await account_id(refusing(ServerFailure("GET /api/users/me", 503)))


async def test_a_key_of_selected_libraries_lists_none() -> None:
    """None is not the same as no libraries; an outage is neither."""
    assert await listed_libraries(refusing(Forbidden("GET /api/libraries", 403))) is None
    with pytest.raises(ServerFailure):
        await listed_libraries(refusing(ServerFailure("GET /api/libraries", 503)))
