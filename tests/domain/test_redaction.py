"""Secrets are taken out of every text, by value and by form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UnexpectedAnswer, UsageProblem, clip, explain
from gumnut_tui.domain.redaction import HIDDEN, HIDDEN_PART, redact, remember_secret

PLANTED = "pl4nted/secret+value"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Illegal header value b'Bearer mN8xYz2'", f"Illegal header value b'Bearer {HIDDEN}'"),
        ("Proxy-Authorization: Basic dXNlcjpwYXNz", f"Proxy-Authorization: Basic {HIDDEN}"),
        ("key apikey_abcdefg1 was refused", f"key {HIDDEN} was refused"),
        ("oat_abcdefg1.x", HIDDEN),
        ("eyJhbGciOi.eyJzdWIi.s1g", HIDDEN),
        ("http://user:p@ss@proxy:80/x", f"http://{HIDDEN_PART}@proxy:80/x"),
        ("https://token@host", f"https://{HIDDEN_PART}@host"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://host/p?verify=abc123&w=1", f"https://host/p?verify={HIDDEN_PART}&w=1"),
        ("Bearer authentication is required", "Bearer authentication is required"),
    ],
)
def test_what_has_the_form_of_a_secret_is_hidden(text: str, shown: str) -> None:
    """Credentials, tokens, passwords in addresses and picture signatures go; ordinary words stay."""
    assert redact(text) == shown


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_remembered_secret_never_comes_through(before: str, after: str) -> None:
    """Neither as it is nor percent-encoded, whatever is around it, nor in part where a text is cut."""
    remember_secret(PLANTED)
    for form in (PLANTED, "pl4nted%2Fsecret%2Bvalue"):
        assert form not in redact(before + form + after)
        assert "pl4nted" not in clip(before + form + after, 40)


def test_a_short_value_is_not_torn_out_of_words() -> None:
    """The demo's key is a word of the help."""
    remember_secret("demo")
    assert redact("gumnut-tui --demo") == "gumnut-tui --demo"


def test_every_error_passes_it() -> None:
    """Words of a server or of a library become words of an error, and those of a notice."""
    remember_secret(PLANTED)
    assert PLANTED not in str(UsageProblem(f"not a port in {PLANTED}"))
    assert PLANTED not in str(explain(UnexpectedAnswer("GET /", "an answer", "the address", f"to {PLANTED}:443")))
