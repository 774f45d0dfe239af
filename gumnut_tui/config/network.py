"""The network settings of the environment: proxies, exemptions from them, trusted certificates.

Read as curl reads them. An unusable value is an error only where it would be needed, and the error names the variable:
a socks proxy in ALL_PROXY does not matter to a host that NO_PROXY exempts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from gumnut_tui.domain.errors import ConfigProblem, clip
from gumnut_tui.domain.redaction import remember_secret

NO_PROXY = ("no_proxy", "NO_PROXY")
PROXIES = {
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
    "http": ("http_proxy", "all_proxy", "ALL_PROXY"),
}
"""By the scheme of the request, the strongest first; not HTTP_PROXY, which visitors of a CGI script can set."""
SOCKS = ("socks5", "socks5h")
"""Proxies that need the package `socksio`."""

_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>\d{1,5}))?", re.ASCII)
_NAME = re.compile(r"[\w.-]+")


class Proxy(NamedTuple):
    """A proxy to go through, and the variable that names it."""

    url: str
    variable: str

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class Trust(NamedTuple):
    """Files for encrypted connections; None where the environment names none."""

    file: str | None = None
    """`SSL_CERT_FILE`: certificates to trust instead of the usual ones."""
    folder: str | None = None
    """`SSL_CERT_DIR`: a folder of certificates."""
    key_log: str | None = None
    """`SSLKEYLOGFILE`: where the session keys are written, for decrypting a capture."""


@dataclass(frozen=True)
class Network:
    """The variables of an environment, each read when it is needed."""

    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def trust(self) -> Trust:
        """The files named; an empty variable names none."""
        return Trust(*(self.environ.get(name) or None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")))

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy a request to that address goes through; None for a direct one. Raises `ConfigProblem`.

        The caller leaves out loopback addresses.
        """
        variable = next((name for name in PROXIES.get(scheme, ()) if self.environ.get(name, "").strip()), None)
        if variable is None or any(exemption.covers(host, port) for exemption in self._exemptions):
            return None
        return Proxy(_checked(variable, self.environ[variable].strip()), variable)

    @cached_property
    def _exemptions(self) -> tuple[Exemption, ...]:
        variable = next((name for name in NO_PROXY if self.environ.get(name, "").strip()), None)
        if variable is None:
            return ()
        return tuple(_exemption(variable, entry) for entry in re.split(r"[\s,]+", self.environ[variable]) if entry)


class Exemption(NamedTuple):
    """An entry of NO_PROXY: a host with its subdomains, or a range of addresses; for one port, or for all."""

    name: str = ""
    """Empty for a range; `*` for everything."""
    range: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    port: int | None = None

    def covers(self, host: str, port: int) -> bool:
        """Whether a request to that address goes directly."""
        if self.port not in (None, port):
            return False
        host = host.strip("[]").rstrip(".").lower()
        if self.range is None:
            return self.name == "*" or host == self.name or host.endswith(f".{self.name}")
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return address in self.range or (mapped is not None and mapped in self.range)


def _exemption(variable: str, entry: str) -> Exemption:
    """An entry: `example.com`, `.example.com`, `host:8080`, `10.0.0.0/8`, `[::1]:8080`, `fd00::/8`, `*`."""
    if (found := _range(entry)) is not None:
        return Exemption(range=found)
    told = _HOST_AND_PORT.fullmatch(entry)
    port = int(told["port"]) if told and told["port"] else None
    if told is not None and (port is None or 0 < port < 65_536):
        host = told["host"]
        if (found := _range(host)) is not None:
            return Exemption(range=found, port=port)
        name = host.removeprefix("*.").strip(".").lower()
        if host == "*" or _NAME.fullmatch(name):
            return Exemption(host if host == "*" else name, port=port)
    raise ConfigProblem(
        f"{variable}: '{clip(entry, 60)}' is not a host, address or range; write example.com, 10.0.0.0/8 or [::1]."
    )


def _range(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An address or a range, with or without brackets."""
    if text.startswith("["):
        inner, closed, length = text[1:].partition("]")
        text = inner + length if closed and length[:1] in ("", "/") else ""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _checked(variable: str, value: str) -> str:
    """The address of a proxy, with a scheme; raises `ConfigProblem`, without the password."""
    url = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(url)
        _remember_password(parts)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigProblem(f"{variable}: the proxy's host or port cannot be read; {_EXAMPLE}.") from None
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if not host or any(character.isspace() or not character.isprintable() for character in url) or port == 0:
        raise ConfigProblem(f"{variable}: '{clip(shown, 60)}' is not the address of a proxy; {_EXAMPLE}.")
    if parts.scheme in ("http", "https"):
        return url
    if parts.scheme in SOCKS and find_spec("socksio") is not None:
        return url
    what = "a socks proxy" if parts.scheme.startswith("socks") else f"a {clip(parts.scheme, 20)} proxy"
    raise ConfigProblem(
        f"{variable}: '{clip(shown, 60)}' is {what}, which cannot be used; set HTTPS_PROXY to an http:// one, "
        "or exempt the host with NO_PROXY."
    )


def _remember_password(parts: SplitResult) -> None:
    for secret in (parts.password, parts.netloc.rpartition("@")[0]):
        if secret:
            remember_secret(secret)
            remember_secret(unquote(secret))


_EXAMPLE = "write one like http://proxy.example.com:3128"
