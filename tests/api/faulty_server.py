"""A loopback HTTP server whose answers go wrong the way real lines do: each connection meets the next fault."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Fault = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FaultyServer:
    """Where it listens, and the requests it saw."""

    base_url: str = ""
    requests: list[str] = field(default_factory=list)


@asynccontextmanager
async def serving(*faults: Fault) -> AsyncIterator[FaultyServer]:
    """Serve while the block runs; the last fault stays."""
    left = list(faults)
    seen = FaultyServer()
    writers: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            seen.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await (left.pop(0) if len(left) > 1 else left[0])(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has seen enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    seen.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield seen
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


def whole(body: bytes, status: str = "200 OK", *headers: str) -> Fault:
    """A whole answer."""
    return _sends(_head(status, f"Content-Length: {len(body)}", *headers) + body)


def cut(body: bytes, after: int) -> Fault:
    """The length is announced in full, the connection closes after some bytes of the body."""
    return _sends(_head("200 OK", f"Content-Length: {len(body)}") + body[:after])


def cut_unannounced(body: bytes, after: int) -> Fault:
    """No length is announced: the body ends with the connection, too early."""
    return _sends(_head("200 OK") + body[:after])


def cut_chunked(body: bytes, after: int) -> Fault:
    """In chunks, the last of which never comes."""
    part = body[:after]
    return _sends(_head("200 OK", "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(part), part))


async def drops(writer: asyncio.StreamWriter) -> None:
    """Reads the request and hangs up."""


async def resets(writer: asyncio.StreamWriter) -> None:
    """Resets the connection."""
    unsent_is_dropped = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, unsent_is_dropped)
    writer.transport.abort()


async def stalls(writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.Event().wait()


async def drips(writer: asyncio.StreamWriter) -> None:
    """Sends a byte every few milliseconds: no single read takes long, and it never ends."""
    writer.write(_head("200 OK", "Content-Length: 1000000"))
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.005)


def _sends(data: bytes) -> Fault:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return send


def _head(status: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()
