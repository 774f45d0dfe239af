"""The one place where secrets are removed from a text before it is shown or written.

A secret is recognised by its value, remembered when it was read from a setting, or by its form, for what a server or a
library echoed.
"""

from __future__ import annotations

import re
from urllib.parse import quote

HIDDEN = "‹key›"
"""Replaces a key in a text."""
HIDDEN_PART = "‹hidden›"
"""Replaces another secret: a password in an address, the signature of a picture."""
SHORTEST_SECRET = 6
"""Characters; a shorter value is not hidden, as it would cut up ordinary words."""

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

_remembered: dict[str, None] = {}


def remember_secret(text: str) -> None:
    """From now on `redact` hides this value, as it is and percent-encoded, wherever it occurs."""
    if len(text) >= SHORTEST_SECRET:
        _remembered.update(dict.fromkeys((text, quote(text, safe=""))))


def redact(text: str) -> str:
    """The text without known secrets."""
    for secret in sorted(_remembered, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for form, stand_in in _FORMS:
        text = form.sub(stand_in, text)
    return text
