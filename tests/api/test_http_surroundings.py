"""One request over the network: what the environment makes impossible, and answers larger than they look."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest

from gumnut_tui.api.caller import CallContext
from gumnut_tui.api.client import LONGEST_BODY, Client
from gumnut_tui.api.http import tls_context
from gumnut_tui.config.network import Network, Trust
from gumnut_tui.domain.errors import (
    AnswerTooLarge,
    ConfigProblem,
    ConnectionFailed,
    GumnutError,
    UnexpectedAnswer,
    explain,
)
from gumnut_tui.domain.ports import EventQuery
from tests.api.fakes import KEY, Recorder, client_for, wire
from tests.api.faulty_server import serving, whole
from tests.factories import make_events

HTTPS = "https://api.example.invalid"


def client_in(environ: dict[str, str], base_url: str = HTTPS) -> Client:
    """A client in these surroundings."""
    return Client(base_url=base_url, key=KEY, network=Network(environ), context=CallContext(sleep=Recorder().sleep))


def files(folder: Path) -> dict[str, str]:
    """Files and folders that could be named by mistake."""
    (folder / "empty").touch()
    os.mkfifo(folder / "pipe")
    (folder / "text").write_text("no certificate")
    (folder / "folder").mkdir()
    (folder / "null").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return {name: str(folder / name) for name in ("empty", "text", "folder", "null", "missing", "empty/below", "pipe")}


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"])
@pytest.mark.parametrize("name", ["missing", "empty/below", "folder", "empty", "text", "null", "nul\0", "pipe"])
def test_files_that_cannot_be_used_are_one_line(variable: str, name: str, tmp_path: Path) -> None:
    """It names the variable and the file, and is raised before anything is sent."""
    named = files(tmp_path).get(name, name)
    if variable == "SSLKEYLOGFILE" and name in ("empty", "text", "null", "missing"):
        return  # a file there can be written, and one that is not there made
    with pytest.raises(ConfigProblem) as caught:
        client_in({variable: named})
    words = str(explain(caught.value))
    assert words.startswith(f"{variable}: ")
    assert "\n" not in words


def test_files_that_can_be_used_are(tmp_path: Path) -> None:
    """A file of certificates, a folder of them by their hashes, both at once."""
    (tmp_path / "0a775a30.0").write_bytes(Path(certifi.where()).read_bytes())
    for trust in (Trust(certifi.where()), Trust(folder=str(tmp_path)), Trust(certifi.where(), str(tmp_path))):
        context = tls_context(trust)
        assert context.check_hostname
        assert context.verify_mode.name == "CERT_REQUIRED"


def test_certificates_may_come_out_of_a_pipe() -> None:
    """A shell makes one of a command: `SSL_CERT_FILE=<(cat …)`."""
    reads, writes = os.pipe()
    with subprocess.Popen(["cat", certifi.where()], stdout=writes):
        os.close(writes)
        context = tls_context(Trust(f"/dev/fd/{reads}"))
    os.close(reads)
    assert context.cert_store_stats()["x509_ca"] > 10


@pytest.mark.parametrize(
    "environ",
    [
        {"SSL_CERT_FILE": "/nonexistent"},
        {"ALL_PROXY": "socks://127.0.0.1:1"},
        {"HTTPS_PROXY": "http://proxy:99999"},
        {"NO_PROXY": "10.0.0.0/99", "HTTP_PROXY": "http://x", "ALL_PROXY": "http://x"},
        {"SSLKEYLOGFILE": "/nonexistent/x"},
    ],
)
async def test_loopback_needs_none_of_it(environ: dict[str, str]) -> None:
    """Plain http to this machine goes directly, without certificates."""
    async with serving(whole(b'"pong"')) as server, client_in(environ, server.base_url) as client:
        await client.ping()
        assert len(server.requests) == 1


async def test_a_request_goes_through_the_proxy_and_past_it() -> None:
    """By the address it is for; what fails says which way it went."""
    async with serving(whole(b"", "407 Proxy Authentication Required")) as proxy:
        async with client_in({"HTTPS_PROXY": proxy.base_url.replace("//", "//u:hunter2secret@")}) as client:
            with pytest.raises(ConnectionFailed) as caught:
                await client.ping()
        assert proxy.requests[0].startswith("CONNECT api.example.invalid:443 ")
        words = str(explain(caught.value))
        assert "through the proxy in HTTPS_PROXY" in words
        assert "hunter2" not in words
        before = len(proxy.requests)
        exempt = {"HTTPS_PROXY": proxy.base_url, "NO_PROXY": "example.invalid"}
        async with client_in(exempt) as client:
            with pytest.raises(ConnectionFailed) as caught:
                await client.ping()
        assert len(proxy.requests) == before
        assert "could not connect to api.example.invalid:443" in str(explain(caught.value))


PONG = b'"pong"'


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PONG, mtime=0)),
        ("GZIP", gzip.compress(PONG, mtime=0)),
        ("x-gzip", gzip.compress(PONG, mtime=0)),
        ("gzip", gzip.compress(PONG[:3], mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(PONG[3:], mtime=0)),
        ("gzip", gzip.compress(PONG, mtime=0) + b"\0" * 9),
        ("deflate", zlib.compress(PONG)),
        ("deflate", zlib.compress(PONG)[2:-4]),
        ("identity", PONG),
        ("", PONG),
    ],
)
async def test_packed_answers_are_unpacked(coding: str, packed: bytes) -> None:
    """In every form a server may choose of those asked for."""
    fault = whole(packed, "200 OK", *([f"Content-Encoding: {coding}"] if coding else []))
    async with serving(fault) as server, client_in({}, server.base_url) as client:
        await client.ping()
        assert "accept-encoding: gzip, deflate" in server.requests[0].lower()


@pytest.mark.parametrize(
    ("coding", "packed", "kind"),
    [
        ("gzip", gzip.compress(PONG, mtime=0)[:-12], ConnectionFailed),
        ("gzip", b"no gzip", ConnectionFailed),
        ("gzip, gzip", gzip.compress(gzip.compress(PONG, mtime=0), mtime=0), UnexpectedAnswer),
        ("br", b"x", UnexpectedAnswer),
    ],
)
async def test_what_cannot_be_unpacked_is_told(coding: str, packed: bytes, kind: type[Exception]) -> None:
    """Cut off, broken, or packed in a way nobody asked for."""
    fault = whole(packed, "200 OK", f"Content-Encoding: {coding}")
    async with serving(fault) as server, client_in({}, server.base_url) as client:
        with pytest.raises(kind):
            await client.ping()


async def test_a_page_that_is_too_large_is_asked_for_in_halves() -> None:
    """And so are the pages after it."""
    feed = make_events(40)
    filler = "x" * (LONGEST_BODY // 25)

    def answer(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after_cursor")
        start = 0 if after is None else int(after)
        stop = start + int(request.url.params["limit"])
        data = [wire(one) | {"payload": filler} for one in feed[start:stop]]
        body = json.dumps({"data": data, "has_more": stop < 40, "next_cursor": str(stop)}).encode()
        return httpx.Response(200, stream=_Stream(body))

    client, seen = client_for(answer)
    events = []
    async for page in client.read_feed(EventQuery("lib_1", limit=32)):
        events += [one.entity_id for one in page.events]
    assert events == [one.entity_id for one in feed]
    assert seen.asked("limit") == ["32", "16", "16", "16"]


class _Stream(httpx.AsyncByteStream):
    """A body that comes in parts."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> Any:
        for start in range(0, len(self._body), 65_536):
            yield self._body[start : start + 65_536]


async def test_a_single_event_that_is_too_large_ends_it_in_words() -> None:
    """There is no smaller page to ask for."""
    client, seen = client_for(lambda _: httpx.Response(200, stream=_Stream(b" " * (LONGEST_BODY + 1))))
    with pytest.raises(AnswerTooLarge):
        await client.events(EventQuery("lib_1", limit=4))
    assert seen.asked("limit") == ["4", "2", "1"]


def _objects(count: int) -> bytes:
    return b",".join([b"{}"] * count)


EVENT = (
    b'{"cursor":"c","entity_type":"asset","entity_id":"a","event_type":"asset_updated",'
    b'"created_at":"2026-01-01T00:00:00Z","payload":[%s]}'
)
BOMBS: dict[str, Callable[[], bytes]] = {
    "events": lambda: b'{"data":[%s],"has_more":false}' % _objects(20_000_000),
    "nested": lambda: b'{"data":[{"id":"a","x":[%s]}],"has_more":false}' % b",".join([b'{"a":{}}'] * 6_600_000),
    "members": lambda: (
        b'{"data":[{"id":"a",%s}],"has_more":false}' % b",".join(b'"%d":1' % n for n in range(5_500_000))
    ),
    "payload": lambda: b'{"data":[%s],"has_more":false}' % EVENT % _objects(20_000_000),
    "text": lambda: b'{"data":[{"id":"a","x":"%s\xf0\x9f\x98\x80"}],"has_more":false}' % (b"x" * 60_000_000),
    "broken": lambda: b'{"data":[%s,NaN],"has_more":false}' % _objects(19_000_000),
    "as_of": lambda: b'{"data":[],"has_more":false,"as_of":[%s]}' % _objects(20_000_000),
    "error": lambda: b'{"detail":[%s]}' % _objects(20_000_000),
    "bare": lambda: b"[%s]" % _objects(20_000_000),
    "deep": lambda: b"[" * 60_000_000,
}
EVERY_WAY = [
    *((shape, "events") for shape in ("events", "payload", "broken", "as_of", "error", "deep")),
    *((shape, "raw") for shape in ("events", "payload")),
    *((shape, "entities") for shape in ("events", "nested", "members", "text", "broken")),
    *((shape, "libraries") for shape in ("bare", "deep")),
]
MEASURED = [("deep", "events"), ("payload", "raw"), ("members", "entities"), ("bare", "libraries")]
"""One for each way to read; all with GUMNUT_TEST_COMBINATIONS=all."""
if os.environ.get("GUMNUT_TEST_COMBINATIONS") == "all":
    MEASURED = EVERY_WAY
MEASURE = """
import asyncio, sys
from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.ports import EventQuery

def memory(name):
    # Not what getrusage tells: that begins with the size of the process that started this one.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name + ":"))

async def ask(base_url, way):
    async with Client(base_url=base_url, key="apikey_0123456789abcdef") as client:
        await client.ping()
        before = memory("VmRSS")
        try:
            if way == "entities":
                await client.entities("asset", ["a"], "lib_1")
            elif way == "libraries":
                await client.libraries()
            else:
                for event in (await client.events(EventQuery("lib_1", raw=way == "raw"))).events:
                    event.details
        except GumnutError as error:
            assert len(str(error)) < 2000
        return memory("VmHWM") - before

print(asyncio.run(ask(*sys.argv[1:])))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a system that tells a process's peak")
@pytest.mark.parametrize(("shape", "way"), MEASURED)
async def test_no_answer_takes_more_than_four_times_the_limit(shape: str, way: str) -> None:
    """Seventy kilobytes on the way may be sixty megabytes, and those gigabytes of tiny objects."""
    packed = gzip.compress(BOMBS[shape](), 1)
    pong = whole(PONG)
    status = "422 Unprocessable" if shape == "error" else "200 OK"
    async with serving(pong, whole(packed, status, "Content-Encoding: gzip")) as server:
        code = [sys.executable, "-c", MEASURE, server.base_url, way]
        done = await _run(code)
    # What the program takes before it has asked for anything comes on top.
    assert LONGEST_BODY // 2 < int(done) < 3 * LONGEST_BODY


async def _run(command: list[str]) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = await asyncio.wait_for(process.communicate(), 110)
    assert process.returncode == 0, errors.decode()[-2000:]
    return out.decode()


ECHOES = [
    (b"", "302 Found", f"Location: https://{KEY}.example.org/x"),
    (b"", "302 Found", f"Location: https://u:{KEY}@example.org/x"),
    (b"", "302 Found", f"Location: ftp://{KEY}/"),
    (b"", "302 Found", f"Location: http://[{KEY}"),
    (json.dumps({"detail": f"bad Authorization: Bearer {KEY}"}).encode(), "400 Bad", ""),
    (json.dumps({"detail": [{"loc": [KEY], "msg": KEY}]}).encode(), "422 Bad", ""),
    (f"<html><title>{KEY}</title>".encode(), "200 OK", ""),
    (json.dumps({"has_more": KEY, "data": []}).encode(), "200 OK", ""),
    (json.dumps({"has_more": False, "data": KEY}).encode(), "200 OK", ""),
    (b"{}", "200 OK", f"Authorization Bearer {KEY}"),
    (b"{}", "200 OK", f"{KEY}\x01: x"),
    (b"{}", f"200 {KEY}\x01", ""),
    (b"{}", "401 No", f"X-Request-Id: {KEY}"),
    (b"{}", "200 OK", f"Content-Encoding: {KEY}"),
    (b"{}", "429 Slow", f"Retry-After: {KEY}"),
]


@pytest.mark.parametrize(("body", "status", "header"), ECHOES)
async def test_a_server_that_echoes_the_key_gets_it_nowhere(body: bytes, status: str, header: str) -> None:
    """Neither into our words, nor into those of any error behind them that we show."""
    fault = whole(body, status, *([header] if header else []))
    async with serving(fault) as server, client_in({}, server.base_url) as client:
        with pytest.raises(GumnutError) as caught:
            await client.events(EventQuery("lib_1"))
    said = f"{caught.value} {explain(caught.value)} {caught.value!r}"
    assert KEY not in said
    assert "7Kq2mXzVb" not in said
