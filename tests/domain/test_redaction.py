"""Secrets are taken out of every text, by value and by form."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UnexpectedAnswer, UsageProblem, clip, explain
from gumnut_tui.domain.redaction import HIDDEN, HIDDEN_PART, redact, redact_body, remember_secret

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


KEY = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"
WRITTEN = {
    "as it is": KEY,
    "percent-encoded": KEY.replace("_", "%5F"),
    "every byte": "".join(f"%{byte:02X}" for byte in KEY.encode()),
    "capitals": KEY.upper(),
    "small": KEY.lower(),
    "over two lines": f"{KEY[:9]}\n  {KEY[9:]}",
    "spaced": " ".join(KEY),
    "invisibly broken": f"{KEY[:12]}\u200b{KEY[12:20]}\x1b[31m{KEY[20:]}",
    "base64": b64encode(KEY.encode()).decode(),
    "base64 of the header": b64encode(f"Authorization: Bearer {KEY}".encode()).decode(),
    "hexadecimal": KEY.encode().hex(),
    "escaped as JSON": "".join(f"\\u{ord(letter):04X}" for letter in KEY),
    "escaped as HTML": "".join(f"&#{ord(letter)};" for letter in KEY),
    "escaped as HTML in hexadecimal": "".join(f"&#x{ord(letter):X};" for letter in KEY),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_key_is_hidden_however_it_is_written(written: str) -> None:
    """A server that echoes it may write it otherwise than we sent it."""
    remember_secret(KEY)
    hidden = redact(f"You sent {written}!")
    assert HIDDEN in hidden
    left = re.sub(r"[^A-Za-z0-9]", "", hidden).lower()
    for form in (KEY[7:].lower(), KEY.encode().hex()[14:40], b64encode(KEY[8:20].encode()).decode()[:12].lower()):
        assert form not in left


def test_a_password_in_the_credentials_of_a_proxy_is_hidden() -> None:
    """A proxy may echo the header, with or without its first word."""
    remember_secret("pr0xy-passw0rd")
    said = b64encode(b"user:pr0xy-passw0rd").decode()
    assert redact(f"407 {said}").count(HIDDEN) == 1
    assert said[8:22] not in redact(f"407 {said}")


def test_an_answer_never_brings_the_key_back() -> None:
    """As a name or an id it would stand on the screen, in files and in reports; all else of it stays as it came."""
    remember_secret(KEY)
    remember_secret("archive")
    body = f'{{"name": "{KEY} of the archive \u00e9"}}'.encode()
    assert redact_body(body) == f'{{"name": "{HIDDEN} of the archive \u00e9"}}'.encode()
    other = bytes(range(256))
    assert redact_body(other) is other


ODD_KEY = 'pl4nted/odd"key\\with+signs&more'
IN_JSON = {
    "as it is": json.dumps(ODD_KEY)[1:-1],
    "slashes escaped": json.dumps(ODD_KEY)[1:-1].replace("/", "\\/"),
    "signs escaped": json.dumps(ODD_KEY)[1:-1].replace("&", "\\u0026").replace("+", "\\u002B"),
    "each letter escaped": "".join(f"\\u{ord(letter):04x}" for letter in ODD_KEY),
    "behind a backslash": "\\\\" + "".join(f"\\u{ord(letter):04x}" for letter in ODD_KEY),
    "capitals": json.dumps(ODD_KEY.upper())[1:-1],
    "percent-encoded": quote(ODD_KEY, safe=""),
    "base64": b64encode(f"Bearer {ODD_KEY}".encode()).decode(),
    "hexadecimal": ODD_KEY.encode().hex(),
}


@pytest.mark.parametrize("written", IN_JSON.values(), ids=IN_JSON)
def test_an_answer_brings_no_key_back_however_json_may_write_it(written: str) -> None:
    """Encoders escape slashes, signs or all; what is decoded then is the key, and the answer stays JSON."""
    remember_secret(ODD_KEY)
    hidden = redact_body(f'["of {written}", "\\u0061 \\/"]'.encode())
    name, rest = json.loads(hidden)
    assert HIDDEN in name
    assert ODD_KEY[8:].lower() not in unquote(name).lower()
    assert rest == "a /"


def test_what_only_looks_like_an_escape_leaves_the_answer_json() -> None:
    """A backslash that is meant is not torn from its other half."""
    remember_secret(ODD_KEY)
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in ODD_KEY)
    body = f'["\\{escaped}"]'.encode()
    assert isinstance(json.loads(redact_body(body)), list)


def test_a_value_of_any_length_is_hidden_soon() -> None:
    """A session's token has a thousand characters, and somebody may paste a whole file."""
    token = "".join(f"{number:x}Z-" for number in range(3_000))
    remember_secret(token)
    for written in (token, quote(token), b64encode(token.encode()).decode(), token.encode().hex()):
        hidden = redact(f"You sent {written}")
        assert HIDDEN in hidden
        assert len(hidden) < 100
    assert redact_body(json.dumps({"name": token}).encode()) == f'{{"name": "{HIDDEN}"}}'.encode()


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
