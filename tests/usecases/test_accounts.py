"""What a key opens, and what is no answer to that."""

from __future__ import annotations

from typing import Any, cast

import pytest

from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import ApiProblem, Forbidden, NotFound, ServerFailure
from gumnut_tui.usecases.accounts import account_id, listed_libraries


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
