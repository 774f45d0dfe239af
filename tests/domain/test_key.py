"""The key hides itself."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.errors import KeyMissing, UsageProblem
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.redaction import redact

SECRET = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"


def test_no_way_of_printing_shows_it() -> None:
    """repr, str and formatting show a placeholder; only reveal gives the key."""
    key = Key(SECRET)
    assert not [shown for shown in (repr(key), str(key), f"{key}", f"{key!r}", "%s" % key) if SECRET in shown]  # noqa: UP031 - old formatting is one of the ways
    assert key.reveal() == SECRET


def test_it_is_taken_out_of_texts() -> None:
    """A text that quotes the key is given back with a placeholder."""
    odd = "mN8-odd.form"
    Key(odd)
    assert redact(f"bad token {odd}!") == "bad token ‹key›!"


def test_space_around_is_dropped() -> None:
    """A key read from a file may end with a line break."""
    assert Key(f" {SECRET}\n") == Key(SECRET)
    assert len({Key(SECRET), Key(SECRET)}) == 1


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_blank_key_is_a_missing_key(text: str) -> None:
    """An empty variable counts as no key."""
    with pytest.raises(KeyMissing):
        Key(text)


@pytest.mark.parametrize("text", ["two words", "line\nbreak", "schlüssel", "a\x1bb"])
def test_a_key_that_fits_no_header_is_refused_without_quoting_it(text: str) -> None:
    """What cannot stand in a header is a usage problem whose words do not hold the text."""
    with pytest.raises(UsageProblem) as caught:
        Key(text)
    assert text not in str(caught.value)
