"""Answers in which any value may be anything: of any type, size, depth and date, or no JSON at all."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from hypothesis import strategies as st

from gumnut_tui.picture.pixels import encode
from gumnut_tui.picture.thumbnails import decode_thumbhash

MOMENT = "2026-11-20T11:59:00Z"
ASSET: dict[str, Any] = {
    "id": "asset_1",
    "original_file_name": "IMG_1.HEIC",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "local_datetime": "2026-11-20T12:00:00+01:00",
    "mime_type": "image/heic",
    "width": 4000,
    "height": 3000,
    "duration": None,
    "file_size_bytes": 5,
    "kind": "original",
    "description": "A boat",
    "quality_score": 0.5,
    "thumbhash": base64.b64encode(bytes(range(25))).decode(),
    "stack_id": "asset_stack_1",
    "trashed_at": None,
    "asset_urls": {"thumbnail": {"url": "https://p.example/a.png", "mimetype": "image/png", "width": 3}},
    "metadata": {"make": "X", "f_number": 1.8, "iso": 100, "exposure_time": 0.01, "latitude": 1.5, "longitude": 2.5,
                 "original_datetime": MOMENT, "timezone": "Europe/Lisbon", "city": "Porto", "rating": 3},
    "faces": [{"id": "face_1", "person_id": "person_1", "bounding_box": {"x": 1, "y": 1, "w": 2, "h": 2}}],
    "people": [{"id": "person_1", "name": "Ana"}],
    "file_data": {"checksum": "x", "device_id": "d", "file_created_at": MOMENT},
}  # fmt: skip
ENTITIES: dict[str, dict[str, Any]] = {
    "/api/assets": ASSET,
    "/api/albums": {"id": "album_1", "name": "Italy", "asset_count": 3, "album_cover_asset_id": "asset_1",
                    "start_date": MOMENT, "end_date": MOMENT, "created_at": MOMENT, "updated_at": MOMENT},
    "/api/album-assets": {"id": "album_asset_1", "album_id": "album_1", "asset_id": "asset_1", "created_at": MOMENT},
    "/api/people": {"id": "person_1", "name": "Ana", "birth_date": "1990-01-01", "is_hidden": False,
                    "thumbnail_face_id": "face_1", "asset_count": 4, "created_at": MOMENT},
    "/api/faces": {"id": "face_1", "asset_id": "asset_1", "person_id": "person_1", "created_at": MOMENT},
    "/api/stacks": {"id": "asset_stack_1", "asset_ids": ["asset_1"], "primary_asset_id": "asset_1"},
    "/api/libraries": {"id": "lib_1", "name": "Home", "asset_count": 5, "role": "owner", "trashed_at": None},
    "/api/users/me": {"id": "intuser_1", "email": "ana@example.com", "first_name": "Ana"},
}  # fmt: skip
KINDS = {"/api/assets": "asset", "/api/albums": "album", "/api/album-assets": "album_asset", "/api/people": "person",
         "/api/faces": "face", "/api/stacks": "stack"}  # fmt: skip


def event(number: int, **changes: Any) -> dict[str, Any]:
    """An event that names one of the entities."""
    path = list(KINDS)[number % len(KINDS)]
    kind = KINDS[path]
    did = ("created", "updated", "deleted", "trashed", "removed")[number % 5]
    fields = {
        "cursor": f"cursor-{number}",
        "entity_type": kind,
        "entity_id": ENTITIES[path]["id"],
        "event_type": f"{kind}_{did}",
        "created_at": f"2026-11-20T11:{number % 60:02}:00Z",
        "payload": {"asset_id": "asset_1", "album_id": "album_1"} if number % 3 else None,
    }
    return fields | changes


class Raw(str):
    """Stands in a value for text that goes into the answer as it is, JSON or not."""


SAMPLES: list[Any] = [
    None, True, False, 0, -1, 2**53, 2**63, 10**30, -(10**400), 0.1, 1e308, "", "x", "\x00", "\ud800", "\u202e\x1b[31m",
    "a" * 20_000, "é" * 300, [], {}, [[]], {"a": {}}, [None], ["x", 1], {"id": None}, {"id": "asset_1"}, {"name": []},
    "9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "2026-13-40", "2026-11-20",
    "0000-00-00T00:00:00Z", "2026-11-20T11:00:00+23:59", "2026-06-30T23:59:60Z", "-0001-01-01", "1e9",
    "https://[::1", "javascript:alert(1)", "https://u:p@h/x?verify=y", "//", "lib_", "asset_1/../../x?y#z",
    Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("1e999"), Raw("[" * 900 + "]" * 900), Raw("[" * 5000),
    Raw("[" * 5000 + "]" * 5000), Raw('{"a":' * 900 + "1" + "}" * 900), Raw("9" * 5000),
    Raw('"\\ud800"'), Raw('{"id":"a","id":"b"}'), Raw("'x'"),
]  # fmt: skip
values = st.one_of(
    st.sampled_from(SAMPLES),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=4,
    ),
)


def as_bytes(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they come, in any bytes."""
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def as_json(value: Any) -> bytes:
    """The value as an answer, raw texts and NaN included."""
    raws: list[str] = []

    def marked(one: Any) -> Any:
        if isinstance(one, Raw):
            raws.append(str(one))
            return f"@raw{len(raws) - 1}@"
        if isinstance(one, dict):
            return {name: marked(inner) for name, inner in one.items()}
        return [marked(inner) for inner in one] if isinstance(one, list) else one

    text = json.dumps(marked(value))
    for number, raw in enumerate(raws):
        text = text.replace(f'"@raw{number}@"', raw)
    return text.encode("utf-8", "surrogatepass")


@st.composite
def spoiled(draw: st.DrawFn, whole: dict[str, Any]) -> Any:
    """The object with a few of its members, at any depth, turned into anything."""
    changed: Any = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 3))):
        place = changed
        while True:
            names = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not names:
                break
            name = draw(st.sampled_from(names))
            if isinstance(place[name], (dict, list)) and draw(st.booleans()):
                place = place[name]
                continue
            if isinstance(place, dict) and draw(st.integers(0, 5)) == 0:
                del place[name]
            else:
                place[name] = draw(values)
            break
    return changed


headers = st.dictionaries(
    st.sampled_from(["Date", "Retry-After", "retry-after-ms", "X-Request-Id", "Content-Type", "Content-Encoding",
                     "Content-Length", "Location", "Age", "x-should-retry", "X-RateLimit-Remaining", "cf-ray"]),
    st.sampled_from(["", "0", "-1", "nan", "1e400", "99999999999999999999", "Mon, 01 Jan 2024 00:00:00 +9999999999999",
                     "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "true", "/api/server/ping",
                     "https://other.example/", "http://[", "\xe9\xff", "x" * 5000, "text/html", "gzip", "deflate, br",
                     "\x1b[31m", "text/html; charset=klingon", "9" * 400])
    | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=12),
    max_size=3,
)  # fmt: skip
bodies = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b"null", b"[]", b"{}", b"<html><title>x</title>", b"\xef\xbb\xbf{}", b"[" * 5000,
                     b'{"detail":', b'{"detail":' + b"[" * 900 + b"]" * 900 + b"}",
                     b'{"detail":{"msg":5,"loc":7}}', b"\xff\xfe"]),
    values.map(as_json),
    values.map(lambda value: as_json({"detail": value})),
)  # fmt: skip
statuses = st.sampled_from([200, 200, 200, 204, 302, 400, 401, 403, 404, 408, 422, 429, 500, 503, 599, 799])
PICTURE = encode(decode_thumbhash(ASSET["thumbhash"]))
pictures = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\xff\xd8\xff", b"GIF89a\xff\xff\xff\xff", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"<svg/>",
                     PICTURE[:-20], PICTURE[:16] + b"\xff" * 8 + PICTURE[24:], PICTURE * 2, b"\x00" * 100_000]),
    st.tuples(st.integers(8, len(PICTURE) - 1), st.binary(min_size=1, max_size=4)).map(
        lambda change: PICTURE[: change[0]] + change[1] + PICTURE[change[0] + len(change[1]) :]
    ),
)  # fmt: skip
thumbhashes = st.binary(max_size=70).map(lambda data: base64.b64encode(data).decode())
addresses = st.sampled_from(["https://p.example/a.png", "https://p.example/\x00\ud800", "https://[", "http://p.example/",
                             "https://p.example:99999/", "file:///etc/passwd", "//p.example/a", "https://\u2100.example/",
                             "https://" + "a" * 300 + ".example/", "data:image/png;base64,AA=="])  # fmt: skip

Reply = tuple[int, bytes, dict[str, str]]


@dataclass
class Service:
    """What a service answers: as it should while it is well, then as it was drawn."""

    feed: list[Any]
    page: dict[str, Any]
    entities: dict[str, Any]
    told: dict[str, str] = field(default_factory=dict)
    """Headers of all answers."""
    picture: Reply = (200, PICTURE, {"Content-Type": "image/png"})
    spoiled_path: str = ""
    whole: Reply | None = None
    """Stands in for every answer below `spoiled_path`."""
    is_well: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        status, body, told = self._well(request.url) if self.is_well else self._spoiled(request.url)
        return httpx.Response(status, headers=as_bytes(told), stream=httpx.ByteStream(body))

    def _well(self, url: httpx.URL) -> Reply:
        status, body = _answer(url, WELL, PAGE, ENTITIES)
        return status, body, {"Content-Type": "application/json", "Content-Length": str(len(body))}

    def _spoiled(self, url: httpx.URL) -> Reply:
        if url.host == "p.example":
            return self.picture
        if self.whole is not None and url.path.startswith(self.spoiled_path):
            return self.whole
        told = self.told or {"Content-Type": "application/json"}
        return *_answer(url, self.feed, self.page, self.entities), told


def _answer(url: httpx.URL, feed: list[Any], page: dict[str, Any], entities: dict[str, Any]) -> tuple[int, bytes]:
    """Status and body, as the service answers that holds these."""
    path = url.path
    base = "/".join(path.split("/")[:3])
    if path == "/api/events":
        after = url.params.get("after_cursor")
        return 200, as_json({"data": [one for one in feed if after != "end" or one not in WELL], **page})
    if path == "/api/server/ping":
        return 200, b'"pong"'
    if base not in entities and path not in entities:
        return 404, b'{"detail":"Not found"}'
    if path != base or path == "/api/users/me":
        return 200, as_json(entities.get(path, entities.get(base)))
    listed: Any = [entities[base]]
    return 200, as_json(listed if base == "/api/libraries" else {"data": listed, "has_more": False})


PAGE: dict[str, Any] = {"has_more": False, "next_cursor": "end", "as_of": "x"}
WELL = [event(number) for number in range(12)]


@st.composite
def services(draw: st.DrawFn) -> Service:
    """A service of which one kind of answer is spoiled: events, an entity, pictures, or any answer as a whole."""
    count = draw(st.integers(1, 20))
    service = Service([event(number) for number in range(count)], dict(PAGE), dict(ENTITIES))
    broken = draw(st.sampled_from(["events", "page", "answer", "pictures", "pictures", *ENTITIES]))
    if broken == "events":
        at = draw(st.integers(0, count - 1))
        service.feed[at] = draw(spoiled(service.feed[at]) | values)
    elif broken == "page":
        service.page = draw(spoiled(PAGE))
    elif broken == "pictures":
        thumbnail = {"url": draw(addresses | st.just("https://p.example/a.png")), "mimetype": "image/png"}
        kept = {"thumbhash": draw(thumbhashes | values), "asset_urls": {"thumbnail": thumbnail}}
        service.entities["/api/assets"] = ASSET | kept
        service.picture = (draw(statuses), draw(pictures), draw(headers))
    elif broken == "answer":
        service.spoiled_path = draw(st.sampled_from(["/api/events", "/api/server/ping", *ENTITIES]))
        service.whole = (draw(statuses), draw(bodies), draw(headers))
    else:
        service.entities[broken] = draw(spoiled(ENTITIES[broken]) | values)
    if draw(st.integers(0, 3)) == 0:
        service.told = draw(headers)
    return service
