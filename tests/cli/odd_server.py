"""A loopback server that answers as the header `X-Answer` of a request asks: each as some server in the world does."""

from __future__ import annotations

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any

from gumnut_tui.demo.http.auth import KEY

LATE, PARTS = 0.03, 5
"""Seconds after which a slow answer begins and for which it lasts, and how many parts it comes in."""
Respond = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One connection; it is closed after the answer."""

    def do_GET(self) -> None:
        """Answer as asked."""
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # the client has seen enough
            ANSWERS[self.headers["X-Answer"]](self)

    def beside(self) -> tuple[int, bytes]:
        """What the demo library answers."""
        assert isinstance(self.server, OddServer)
        asked = urllib.request.Request(self.server.demo + self.path, headers={"Authorization": f"Bearer {KEY}"})
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.wfile.write(data)
        self.wfile.flush()

    def say(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        """Send a whole answer."""
        named = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self.raw(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def said(status: int, body: bytes | Any = b"", kind: str = "application/json", **headers: str) -> Respond:
    """An answer that is always the same."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda request: request.say(status, content, kind, **headers)


def sent(data: bytes) -> Respond:
    """Bytes instead of an answer."""
    return lambda request: request.raw(data)


def feed(change: Callable[[dict[str, Any]], bytes | Any]) -> Respond:
    """A page of the demo library's events with one of them changed; all else is answered as the demo does."""

    def respond(request: Request) -> None:
        status, content = request.beside()
        if "/events" in request.path and status == 200:
            changed = change(json.loads(content))
            content = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
        request.say(status, content)

    return respond


def first(**fields: Any) -> Respond:
    """A feed whose first event has these fields."""

    def change(page: dict[str, Any]) -> dict[str, Any]:
        for event in page["data"][:1]:
            event.update(fields)
        return page

    return feed(change)


def instead(event: Any) -> Respond:
    """A feed with that in the place of the first event."""
    return feed(lambda page: {**page, "data": [event, *page["data"][1:]]})


def _echo(status: int, place: str) -> Respond:
    def respond(request: Request) -> None:
        key = request.headers["Authorization"]
        if place == "body":
            request.say(status, json.dumps({"detail": f"You sent {key}"}).encode())
        elif place == "list":
            detail = [{"loc": ["header", "authorization"], "msg": "bad", "input": key, "type": key}]
            request.say(status, json.dumps({"detail": detail}).encode())
        else:
            secret = key.removeprefix("Bearer ")
            request.say(status, b"", Location=f"https://{secret}.example/{secret}?key={secret}", X_Echo=key)

    return respond


def slow(request: Request) -> None:
    """What the demo library answers, late and a little at a time."""
    status, content = request.beside()
    sleep(LATE)
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    data = head.encode() + content
    for part in range(PARTS):
        request.raw(data[len(data) * part // PARTS : len(data) * (part + 1) // PARTS])
        sleep(LATE / PARTS)


def _nested(depth: int) -> bytes:
    return b'{"detail": ' + b"[" * depth + b"]" * depth + b"}"


HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>"
PAGE = {"data": [], "has_more": False}

ANSWERS: Mapping[str, Respond] = {
    "400": said(400, {"detail": "bad"}),
    "401": said(401, {"detail": "Invalid API key"}),
    "403": said(403, {"detail": "no"}),
    "404": said(404, {"detail": "Not Found"}),
    "405": said(405, {"detail": "no"}),
    "408": said(408, {"detail": "too slow"}),
    "409": said(409, {"detail": "conflict"}),
    "410": said(410, {"detail": "gone"}),
    "413": said(413, HTML, "text/html"),
    "418": said(418, b"teapot", "text/plain"),
    "422": said(422, {"detail": [{"loc": ["query", "limit"], "msg": "too much", "type": "x"}]}),
    "422 nested": said(422, _nested(900)),
    "425": said(425, b""),
    "429": said(429, {"detail": "slow down"}),
    "429 seconds": said(429, {"detail": "slow down"}, Retry_After="1"),
    "429 date": said(429, b"", Retry_After="Thu, 26 Nov 2026 10:00:05 GMT"),
    "429 odd": said(429, b"", Retry_After="Mon, 01 Jan 2024 00:00:00 +9999999999999"),
    "429 junk": said(429, b"", Retry_After="soon"),
    "429 negative": said(429, b"", Retry_After="-5"),
    "451": said(451, b""),
    "500": said(500, {"detail": "Internal Server Error"}),
    "500 empty": said(500),
    "501": said(501, b"no", "text/plain"),
    "502 html": said(502, b"<html><h1>Bad Gateway</h1></html>", "text/html"),
    "503": said(503, HTML, "text/html", Retry_After="0"),
    "504": said(504, b""),
    "599": said(599, b""),
    "204": said(204),
    "206": said(206, PAGE),
    "301": said(301, b"", Location="https://elsewhere.example/"),
    "302": said(302, b"", Location="/login"),
    "302 nowhere": said(302),
    "302 odd": said(302, b"", Location="ht!tp://[::bad"),
    "304": said(304),
    "307 loop": said(307, b"", Location="/api/events"),
    "html": said(200, HTML, "text/html"),
    "html as json": said(200, HTML),
    "text": said(200, b"OK", "text/plain"),
    "empty": said(200),
    "null": said(200, b"null"),
    "number": said(200, b"42"),
    "string": said(200, b'"data"'),
    "list": said(200, b"[]"),
    "object": said(200, b"{}"),
    "half json": said(200, b'{"data": [{"id": "lib_'),
    "two jsons": said(200, b"{}{}"),
    "NaN": said(200, b'{"data": [NaN], "has_more": NaN}'),
    "deep": said(200, b'{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "data null": said(200, {"data": None, "has_more": False}),
    "data text": said(200, {"data": "events", "has_more": "no"}),
    "data of numbers": said(200, {"data": [1, 2, 3], "has_more": False}),
    "surrogate": said(200, b'{"data": [{"id": "\\ud800", "name": "\\udfff"}], "has_more": false}'),
    "latin-1": said(200, '{"data": [{"id": "lib_1", "name": "Café"}], "has_more": false}'.encode("latin-1")),
    "utf-16": said(200, '{"data": []}'.encode("utf-16")),
    "BOM": said(200, b"\xef\xbb\xbf" + json.dumps({"data": [], "has_more": False}).encode()),
    "nul": said(200, b"\x00" * 100),
    "gzip": said(200, gzip.compress(b'{"data": [], "has_more": false}'), Content_Encoding="gzip"),
    "no gzip": said(200, b"this is no gzip", Content_Encoding="gzip"),
    "odd encoding": said(200, b"{}", Content_Encoding="sdch"),
    "odd charset": said(200, b"{}", "application/json; charset=klingon"),
    "feed: as it is": feed(lambda page: page),
    "feed: NaN": feed(lambda page: json.dumps(page).replace('"payload": null', '"payload": NaN', 1).encode()),
    "feed: BOM": feed(lambda page: b"\xef\xbb\xbf" + json.dumps(page).encode()),
    "feed: text": instead("event"),
    "feed: null": instead(None),
    "feed: empty": instead({}),
    "feed: lists": first(entity_id=["asset_1"], event_type=["a"]),
    "feed: numbers": first(entity_id=7, created_at=7),
    "feed: year 9999": first(created_at="9999-12-31T23:59:59.999999-14:00"),
    "feed: no time": first(created_at="yesterday"),
    "feed: controls": first(entity_id="\x1b[31m\x00\u202e", event_type="\x07"),
    "feed: surrogate": first(entity_id="\ud800"),
    "feed: html": feed(lambda page: HTML),
    "feed: sorted backwards": feed(lambda page: {**page, "data": page["data"][::-1]}),
    "feed: all the same": feed(lambda page: {**page, "data": page["data"][:1] * len(page["data"])}),
    "feed: slow": slow,
    "closes": lambda request: None,
    "garbage": sent(b"\x00\xff\xfe SSH-2.0-OpenSSH_9.6\r\n"),
    "no status": sent(b"HTTP/1.1 banana\r\n\r\n"),
    "HTTP/0.9": sent(b"hello"),
    "half head": sent(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "half body": sent(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"data": ['),
    "half chunk": sent(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
    "odd length": sent(b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n{}"),
    "header of spaces": sent(b"HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n{}"),
    "header without end": sent(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000),
    "100 only": sent(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "101": sent(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
    "echo 400": _echo(400, "body"),
    "echo 401": _echo(401, "body"),
    "echo 422": _echo(422, "list"),
    "echo 500": _echo(500, "body"),
    "echo 200": _echo(200, "body"),
    "echo redirect": _echo(302, "redirect"),
}


class OddServer(ThreadingHTTPServer):
    """Knows where the demo library answers."""

    daemon_threads = True

    def __init__(self, demo: str) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.demo = demo


@contextmanager
def odd_server(demo: str) -> Iterator[str]:
    """Serve while the block runs, beside the demo library; the base URL."""
    server = OddServer(demo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
