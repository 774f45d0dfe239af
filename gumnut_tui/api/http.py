"""The only module that knows httpx: one request in, one answer out, failures as our own errors."""

from __future__ import annotations

import os
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import certifi
import httpx

from gumnut_tui.api.address import DEFAULT_PORTS, Origin
from gumnut_tui.api.caller import Answer
from gumnut_tui.config.files import check_written_without_waiting, is_pipe, open_without_waiting
from gumnut_tui.config.network import Network, Proxy, Trust
from gumnut_tui.domain.errors import (
    AnswerTooLarge,
    ConfigProblem,
    ConnectionFailed,
    NetworkProblem,
    TimedOut,
    UnexpectedAnswer,
    clip,
)
from gumnut_tui.domain.redaction import redact_body

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""How long an open connection may be silent."""
UNPACKED_AT_ONCE = 256 * 1024
"""Bytes that are decompressed at once, before they are counted."""
LARGEST_TRUST = 16 * 1024 * 1024
"""Bytes of certificates that are read out of a pipe."""
GZIP_MAGIC = b"\x1f\x8b"
HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The name of a certificate in a folder that is searched by hash."""


class Http:
    """A pool of connections that sends the same headers with every request and follows no redirect.

    `transport` (any httpx transport) replaces the network; `network` has proxies and certificates.
    """

    def __init__(
        self, *, headers: Mapping[str, str], longest_body: int, network: Network, transport: Any | None = None
    ) -> None:
        self.requests = 0
        """Requests sent so far."""
        self._longest_body = longest_body
        self._routes = _Routes(network)
        self._client = httpx.AsyncClient(
            headers={"Accept-Encoding": "gzip, deflate", **headers},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            transport=transport or self._routes,
            trust_env=False,
            follow_redirects=False,
        )

    def check(self, origin: Origin) -> None:
        """Raise `ConfigProblem` when the environment makes requests to that origin impossible."""
        self._routes.transport_to(origin)

    async def get(self, asked: str, url: str) -> Answer:
        """Send one GET and read the answer to its end."""
        self.requests += 1
        try:
            async with self._client.stream("GET", url) as response:
                body = await self._read(asked, response)
            # Response and stream refer to each other, which left forty objects a request to the garbage collector.
            response.stream = httpx.ByteStream(b"")
            return Answer(response.status_code, response.headers, body)
        except httpx.RequestError as error:
            raise _in_our_words(asked, error, url, self._routes.proxy_of(url)) from error
        except httpx.InvalidURL as error:
            raise UnexpectedAnswer(asked, "an address", "the URL", str(error)) from error

    async def _read(self, asked: str, response: httpx.Response) -> bytes:
        body = bytearray()
        async for part in _unpacked(asked, response):
            body += part
            if len(body) > self._longest_body:
                raise AnswerTooLarge(asked, f"at most {self._longest_body:,} bytes", "the body", "more")
        return redact_body(bytes(body))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def _unpacked(asked: str, response: httpx.Response) -> AsyncIterator[bytes]:
    """The decompressed body in bounded parts, to be counted before they are kept: a few bytes may become gigabytes."""
    if response.is_stream_consumed:
        # A transport that replaces the network may return whole bodies.
        yield response.content
        return
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        async for part in response.aiter_raw():
            yield part
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise UnexpectedAnswer(asked, "gzip, deflate or nothing", "the content-encoding", clip(coding, 40))
    unpacker = _Unpacker()
    try:
        async for packed in response.aiter_raw():
            for part in unpacker.parts(packed):
                yield part
    except zlib.error as error:
        raise ConnectionFailed(
            asked, f"the connection was lost: the answer cannot be decompressed ({error})"
        ) from error
    if not unpacker.is_whole:
        raise ConnectionFailed(asked, "the connection was lost: the compressed answer is incomplete")


class _Unpacker:
    """Decompresses gzip, zlib and raw deflate, a bounded part at a time."""

    def __init__(self) -> None:
        # 32: detect gzip or zlib by the header.
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._is_first = True

    @property
    def is_whole(self) -> bool:
        """Whether the compressed stream has ended, or nothing came at all."""
        return self._unpacker.eof or self._is_first

    def parts(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes decompress to; raises zlib.error."""
        while packed and self._goes_on(packed):
            try:
                part = self._unpacker.decompress(packed, UNPACKED_AT_ONCE)
            except zlib.error:
                if not self._is_first:
                    raise
                self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
                part = self._unpacker.decompress(packed, UNPACKED_AT_ONCE)
            self._is_first = False
            packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data
            if part:
                yield part

    def _goes_on(self, packed: bytes) -> bool:
        """Whether these bytes belong to the answer: gzip may come in several members, each whole for itself."""
        if self._unpacker.eof and packed.startswith(GZIP_MAGIC):
            self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        return not self._unpacker.eof


class _Routes(httpx.AsyncBaseTransport):
    """Sends each request directly or through the proxy for its address."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._transports: dict[tuple[Proxy | None, bool], httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; raises `ConfigProblem` where the environment makes that impossible."""
        return await self.transport_to(_origin(request.url)).handle_async_request(request)

    def proxy_of(self, url: str) -> Proxy | None:
        """The proxy a request to that address went through."""
        return self._proxy_for(_origin(httpx.URL(url)))

    def transport_to(self, origin: Origin) -> httpx.AsyncHTTPTransport:
        """The connections to that origin."""
        proxy = self._proxy_for(origin)
        is_encrypted = origin.scheme == "https" or (proxy is not None and proxy.url.startswith("https:"))
        known = self._transports.get((proxy, is_encrypted))
        if known is None:
            known = self._transports[proxy, is_encrypted] = _transport(proxy, self._network.trust, is_encrypted)
        return known

    def _proxy_for(self, origin: Origin) -> Proxy | None:
        # A proxy would see the key in plain text on its way to a loopback address.
        return None if origin.is_loopback else self._network.proxy_for(origin.scheme, origin.host, origin.port)

    async def aclose(self) -> None:
        """Close the connections."""
        for transport in self._transports.values():
            await transport.aclose()


def _origin(url: httpx.URL) -> Origin:
    return Origin(url.scheme, url.host, url.port or DEFAULT_PORTS.get(url.scheme, 0))


def _transport(proxy: Proxy | None, trust: Trust, is_encrypted: bool) -> httpx.AsyncHTTPTransport:
    # Without certificates no https server is trusted; plain http needs none, and loading them takes long.
    context = tls_context(trust) if is_encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if proxy is None:
        return httpx.AsyncHTTPTransport(verify=context, trust_env=False)
    try:
        through = httpx.Proxy(proxy.url, ssl_context=context if proxy.url.startswith("https:") else None)
        return httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=through)
    except (httpx.InvalidURL, ValueError, ImportError):
        raise ConfigProblem(f"{proxy.variable}: it is not a usable proxy address.") from None


@cache
def tls_context(trust: Trust) -> ssl.SSLContext:
    """One set of trusted certificates for all pools, as loading them takes tens of milliseconds.

    Raises `ConfigProblem` for files named by the environment that are missing or no certificates.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust.file is None and trust.folder is None:
        context.load_verify_locations(cafile=certifi.where())
    if trust.file is not None:
        _load_file(context, trust.file)
    if trust.folder is not None:
        _load_folder(context, trust.folder)
    if trust.key_log is not None:
        try:
            check_written_without_waiting(Path(trust.key_log))
            context.keylog_filename = trust.key_log
        except (OSError, ValueError) as error:
            raise _unusable("SSLKEYLOGFILE", trust.key_log, "written", error) from None
    return context


def _load_file(context: ssl.SSLContext, name: str) -> None:
    try:
        if is_pipe(Path(name)):
            with open_without_waiting(Path(name)) as pipe:
                context.load_verify_locations(cadata=pipe.read(LARGEST_TRUST).decode("ascii", "ignore"))
        else:
            context.load_verify_locations(cafile=name)
    except ssl.SSLError:
        raise ConfigProblem(f"SSL_CERT_FILE: {clip(name, 100)} contains no certificate in PEM form.") from None
    except (OSError, ValueError) as error:
        raise _unusable("SSL_CERT_FILE", name, "read", error) from None


def _load_folder(context: ssl.SSLContext, names: str) -> None:
    """Load folders, separated as OpenSSL separates them; one of them must hold a certificate."""
    try:
        found = [folder for name in names.split(os.pathsep) if name for folder in Path(name).iterdir()]
        context.load_verify_locations(capath=names)
    except (OSError, ValueError) as error:
        raise _unusable("SSL_CERT_DIR", names, "read", error) from None
    if not any(HASHED.fullmatch(path.name) for path in found):
        raise ConfigProblem(
            f"SSL_CERT_DIR: {clip(names, 100)} contains no certificate named by its hash "
            "(`openssl rehash` creates such names)."
        )


def _unusable(variable: str, name: str, verb: str, error: Exception) -> ConfigProblem:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a file name"
    return ConfigProblem(f"{variable}: {clip(name, 100)} cannot be {verb}: {reason}.")


def _in_our_words(asked: str, error: httpx.RequestError, url: str, proxy: Proxy | None) -> NetworkProblem:
    tried = _origin(httpx.URL(url)).address
    to = f"{tried} through the proxy in {proxy.variable} ({proxy.shown})" if proxy else tried
    match error:
        case httpx.ConnectTimeout():
            return TimedOut(asked, f"no connection to {to} within {CONNECT_SECONDS:g} s", tried)
        case httpx.TimeoutException():
            return TimedOut(asked, f"nothing received from {to} for {READ_SECONDS:g} s", tried)
        case httpx.ConnectError() | httpx.ProxyError():
            return ConnectionFailed(asked, f"could not connect to {to}: {_reason(error)}", tried)
        case _:
            return ConnectionFailed(asked, f"the connection to {to} was lost: {_reason(error)}", tried)


def _reason(error: httpx.RequestError) -> str:
    """Why it failed, in the system's words where it said so: the libraries above it sum up, or say nothing."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ssl.SSLError):
            return os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
    told = next((str(cause) for cause in causes if str(cause)), "it broke")
    return told.removesuffix(".")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the error first; of several failures together, the first."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else cause.__cause__ or cause.__context__
