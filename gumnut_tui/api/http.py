"""The only module that knows httpx: one request in, one answer out, its failures in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx

from gumnut_tui.api.caller import Answer
from gumnut_tui.domain.errors import ConnectionFailed, NetworkProblem, TimedOut, UnexpectedAnswer

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""Silence on an open connection that counts as no answer."""


class Http:
    """A pool of connections that sends the same headers with every request and follows no redirect.

    `transport` replaces the network (any httpx transport); `trust_env` honours the proxy variables.
    """

    def __init__(
        self, *, headers: Mapping[str, str], longest_body: int, trust_env: bool, transport: Any | None = None
    ) -> None:
        self.requests = 0
        """Requests sent so far."""
        self._longest_body = longest_body
        self._client = httpx.AsyncClient(
            headers=dict(headers),
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=trust_env,
            verify=True if transport is not None else tls_context(),
            follow_redirects=False,
        )

    async def get(self, asked: str, url: str) -> Answer:
        """Send one GET and read the answer to its end."""
        self.requests += 1
        try:
            async with self._client.stream("GET", url) as response:
                body = await self._read(asked, response)
            # It and its stream hold each other, which left forty objects a request to the garbage collector.
            response.stream = httpx.ByteStream(b"")
            return Answer(response.status_code, response.headers, body)
        except httpx.RequestError as error:
            raise _in_our_words(asked, error) from error
        except httpx.InvalidURL as error:
            raise UnexpectedAnswer(asked, "an address", "the URL", str(error)) from error

    async def _read(self, asked: str, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        length = 0
        async for part in response.aiter_bytes():
            length += len(part)
            if length > self._longest_body:
                limit = f"at most {self._longest_body:,} bytes"
                raise UnexpectedAnswer(asked, limit, "the body", "more")
            parts.append(part)
        return b"".join(parts)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


@cache
def tls_context() -> SSLContext:
    """One set of trusted certificates for all pools: loading them takes tens of milliseconds."""
    return httpx.create_ssl_context()


def _in_our_words(asked: str, error: httpx.RequestError) -> NetworkProblem:
    match error:
        case httpx.ConnectTimeout():
            return TimedOut(asked, f"no connection within {CONNECT_SECONDS:g} s")
        case httpx.TimeoutException():
            return TimedOut(asked, f"nothing came for {READ_SECONDS:g} s")
        case httpx.ConnectError() | httpx.ProxyError():
            return ConnectionFailed(asked, f"could not connect: {_reason(error)}")
        case _:
            return ConnectionFailed(asked, f"the connection broke: {_reason(error)}")


def _reason(error: httpx.RequestError) -> str:
    return str(error) or type(error).__name__
