"""A command carries the key, so it goes where one configured, and nowhere a journal says."""

from __future__ import annotations

import pytest

from gumnut_tui.usecases.command_address import command_address, foreign_words

OURS = "https://api.gumnut.ai"


def test_a_command_goes_where_the_journal_was_read_from_if_that_is_configured() -> None:
    """A slash at the end does not matter; plain http does not leave this machine."""
    assert command_address(f"{OURS}/", OURS) == OURS
    assert command_address("http://127.0.0.1:8600", "http://127.0.0.1:8600") == "http://127.0.0.1:8600"


@pytest.mark.parametrize(
    ("configured", "journaled"),
    [
        (OURS, "https://evil.example"),
        (OURS, f"{OURS}.evil.example"),
        (OURS, f"{OURS}/"),
        (OURS, ""),
        ("http://evil.example", "http://evil.example"),
        ("no address", "no address"),
    ],
)
def test_there_is_no_command_for_any_other(configured: str, journaled: str) -> None:
    """Another server, one that only looks like ours, or one no key is ever sent to."""
    assert command_address(configured, journaled) == ""


def test_why_there_is_none_names_both_and_the_way_out() -> None:
    """Whose journal it is, which server is configured, and how to say that it is meant."""
    words = foreign_words(OURS, "https://evil.example")
    for part in (OURS, "https://evil.example", "GUMNUT_BASE_URL"):
        assert part in words
