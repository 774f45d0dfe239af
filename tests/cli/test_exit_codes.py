"""A script tells failures apart by their codes."""

from __future__ import annotations

import pytest

from gumnut_tui.cli.exit_codes import Exit, exit_code
from gumnut_tui.domain.errors import (
    ConfigProblem,
    ConnectionFailed,
    GumnutError,
    JournalDamaged,
    KeyRefused,
    RateLimited,
    RefusedAddress,
    ServerFailure,
    TimedOut,
    UsageProblem,
)

ASKED = "GET /api/events"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageProblem("no"), Exit.USAGE),
        (ConfigProblem("no"), Exit.USAGE),
        (RefusedAddress("no"), Exit.USAGE),
        (ConnectionFailed(ASKED, "no route"), Exit.NETWORK),
        (TimedOut(ASKED, "60 s"), Exit.NETWORK),
        (KeyRefused(ASKED, 401), Exit.KEY),
        (ServerFailure(ASKED, 503), Exit.FAILED),
        (RateLimited(ASKED, 429), Exit.FAILED),
        (JournalDamaged("no"), Exit.FAILED),
    ],
)
def test_each_kind_of_failure_has_its_code(error: GumnutError, code: Exit) -> None:
    """What is wrong with the call, the network and the key are told apart from what is wrong with the service."""
    assert exit_code(error) is code


def test_every_code_has_a_meaning_of_its_own() -> None:
    """The help lists them."""
    assert len({code.meaning for code in Exit}) == len(Exit)
