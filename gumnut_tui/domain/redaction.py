"""The one place where secrets are removed from a text before it is shown or written.

A secret is recognised by its value, remembered when it was read from a setting, or by its form, for what a server or a
library echoed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

HIDDEN = "‹key›"
"""Replaces a key in a text."""
HIDDEN_PART = "‹hidden›"
"""Replaces another secret: a password in an address, the signature of a picture."""
SHORTEST_SECRET = 6
"""Characters; a shorter value is not hidden, as it would cut up ordinary words."""
SHORTEST_ENCODED = 8
"""Characters from which a value is looked for in base64 and hexadecimal too."""
LONG_SECRET = 16
"""Characters from which a value can be nothing but that secret, however it is written."""

LONGEST_SOUGHT = 300
"""Characters of a value that is looked for letter by letter; for a longer one that takes seconds to prepare."""

# Letters alone are a word of a sentence ("Bearer authentication"), not a credential.
_CREDENTIAL = r"(?=[^\s'\",;]*(?:[\d_=+/]|[a-z][A-Z]))[^\s'\",;]{6,}"
_FORMS = (
    # As `Authorization` and `Proxy-Authorization` carry them.
    (re.compile(rf"\b((?i:Bearer|Basic)(?:\s+|%20)){_CREDENTIAL}"), rf"\1{HIDDEN}"),
    # The service's own tokens: API keys, OAuth access tokens, session JWTs.
    (re.compile(r"\b(?:apikey|oat)_[\w.~+/=-]{6,}"), HIDDEN),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    # User name and password of an address; an @ behind the first / belongs to its path.
    (re.compile(r"(?<=//)[^\s/?#'\"]+@(?=[^\s/])"), f"{HIDDEN_PART}@"),
    # The signature of a picture's address opens the picture to whoever holds it.
    (re.compile(r"(?<=[?&]verify=)[^\s&'\"]+"), HIDDEN_PART),
)

# What a text may be broken by without a person seeing another text: blanks, controls, colours, invisible signs.
_BREAK = r"(?:\x1b\[[0-9;]*[A-Za-z]|[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff])*"

_ESCAPED_SIGN = re.compile(rb"\\(?:u00[2-7]|/)")
"""A sign of ASCII that JSON escapes though it need not."""
_WHOLE_ESCAPES = r"(?<!\\)(?:\\\\)*"
"""In front of an escape: no half of another."""

_remembered: dict[str, None] = {}


def remember_secret(text: str) -> None:
    """From now on `redact` hides this value wherever it occurs.

    As it is, percent-encoded, in base64 and hexadecimal, in any case, and broken by blanks or invisible characters.
    """
    if len(text) >= SHORTEST_SECRET:
        _remembered[text] = None


def redact(text: str) -> str:
    """The text without known secrets."""
    if _remembered:
        text = _known(tuple(_remembered)).sub(HIDDEN, text)
    for form, stand_in in _FORMS:
        text = form.sub(stand_in, text)
    return text


def redact_body(body: bytes) -> bytes:
    """A server's answer without the keys it was sent: what it says of names and ids goes into files and reports.

    Found as JSON may write them, percent-encoded, in base64 and hexadecimal, in any case.
    """
    secrets = tuple(secret for secret in _remembered if len(secret) >= LONG_SECRET)
    lowered = body.lower()
    # The pattern is slow on a whole page, so look first for what is quickly found.
    if secrets and (_ESCAPED_SIGN.search(body) or any(form in lowered for form in _plain_forms(secrets))):
        return _in_answers(secrets).sub(HIDDEN.encode(), body)
    return body


@lru_cache(maxsize=8)
def _plain_forms(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    """What is looked for without escaped letters, in small letters, the longest first."""
    forms = {form.lower(): None for secret in secrets for form in (_in_json(secret), *_encodings(secret))}
    return tuple(form.encode() for form in sorted(forms, key=len, reverse=True))


@lru_cache(maxsize=8)
def _in_answers(secrets: tuple[str, ...]) -> re.Pattern[bytes]:
    """Finds these values in an answer."""
    escaped = [
        _letter_in_json(secret[0], _WHOLE_ESCAPES) + "".join(map(_letter_in_json, secret[1:]))
        for secret in secrets
        if len(secret) <= LONGEST_SOUGHT
    ]
    parts = [*(pattern.encode() for pattern in escaped), *map(re.escape, _plain_forms(secrets))]
    return re.compile(b"|".join(parts), re.IGNORECASE)


@lru_cache(maxsize=8)
def _known(secrets: tuple[str, ...]) -> re.Pattern[str]:
    """Finds these values, the longest first."""
    forms: dict[str, str] = {}
    for secret in secrets:
        is_long = LONG_SECRET <= len(secret) <= LONGEST_SOUGHT
        forms[secret] = f"(?i:{_BREAK.join(map(_letter, secret))})" if is_long else re.escape(secret)
        for encoded in _encodings(secret):
            forms.setdefault(encoded, f"(?i:{re.escape(encoded)})")
    return re.compile("|".join(forms[form] for form in sorted(forms, key=len, reverse=True)))


def _letter(character: str) -> str:
    """A character, as it is, percent-encoded, or escaped as in JSON or HTML."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
    code = ord(character)
    return rf"(?:{re.escape(character)}|{encoded}|\\u{code:04x}|&\#0*{code};|&\#x0*{code:x};)"


def _letter_in_json(character: str, before: str = "") -> str:
    """A character inside a JSON text, as it is, percent-encoded or escaped."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
    plain = re.escape(_in_json(character))
    escaped = rf"\\u{ord(character):04x}" + (r"|\\/" if character == "/" else "")
    return f"(?:{plain}|{encoded}|{before}(?:{escaped}))"


def _in_json(text: str) -> str:
    """The text as between the quotes of JSON."""
    import json  # not before the first paint

    return json.dumps(text)[1:-1]


def _encodings(secret: str) -> Iterator[str]:
    raw = secret.encode("utf-8", "surrogateescape")
    yield quote(raw, safe="")
    yield "".join(f"%{byte:02x}" for byte in raw)
    if len(raw) >= SHORTEST_ENCODED:
        yield raw.hex()
        for before in range(3):
            # Within a longer text, as `user:password` is, it begins at any third of four letters; the ends vary.
            yield b64encode(bytes(before) + raw)[4 if before else 0 : (before + len(raw)) // 3 * 4].decode()
