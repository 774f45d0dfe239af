"""Which addresses a request may go to: the key stays with the base URL's origin."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote, urlencode, urlsplit

import msgspec

from gumnut_tui.domain.errors import RefusedAddress, clip

DEFAULT_PORTS = {"http": 80, "https": 443}

_PLAIN = re.compile(r"[\w.~:/\[\]@!$&()*+,;=%-]+")
"""The characters of an address, without quotes: a shell would read those."""

Params = Iterable[tuple[str, str]]


class Origin(msgspec.Struct, frozen=True):
    """Scheme, host and port of a server."""

    scheme: str
    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """The host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_private(self) -> bool:
        """Nobody can read along: https, or http that does not leave this machine."""
        return self.scheme == "https" or (self.scheme == "http" and self.is_loopback)

    @property
    def address(self) -> str:
        """Host and port, as a person looks for them."""
        return f"{clip(self.host, 100)}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def origin_of(url: str) -> Origin:
    """The origin of an absolute http(s) URL; raises `RefusedAddress` when it has none."""
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise RefusedAddress(f"not an http or https address: {clip(_without_secrets(parts))}")
    try:
        port = parts.port
    except ValueError as error:
        raise RefusedAddress(f"not a port number in {clip(_without_secrets(parts))}") from error
    return Origin(parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme])


def base_address(url: str) -> str:
    """The base URL without trailing slashes, if the key may be sent there.

    Raises `RefusedAddress` for anything but https (or http to loopback) without user name, query or fragment.
    """
    origin = origin_of(url)
    parts = _split(url)
    if not origin.is_private:
        raise RefusedAddress(f"the key is not sent over plain http to {clip(origin.host)}")
    if parts.username is not None or parts.query or parts.fragment:
        raise RefusedAddress("the base URL must not contain a user name, a query or a fragment")
    if not _PLAIN.fullmatch(url.strip()):
        raise RefusedAddress("the base URL contains a character that is not allowed in an address")
    return url.strip().rstrip("/")


def address(base: str, path: str, params: Params = ()) -> str:
    """The URL of a path below the base with its query; parameters may repeat."""
    query = urlencode(list(params), quote_via=quote)
    return f"{base}{path}?{query}" if query else f"{base}{path}"


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError as error:
        raise RefusedAddress("not an address: the host cannot be read") from error


def _without_secrets(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else f"{host}{parts.path}"
