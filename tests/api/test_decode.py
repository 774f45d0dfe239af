"""Pages and entities from JSON: lenient about the new, exact about the unusable."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.decode import Generation, feed_page, listing, objects, single
from gumnut_tui.domain.errors import ConnectionFailed, GumnutError, UnexpectedAnswer, UnsupportedFeed
from tests.api.fakes import wire
from tests.factories import make_event

ASKED = "GET /api/events"
raw_feed_page = partial(feed_page, raw=True)
DECODERS = pytest.mark.parametrize("decode", [feed_page, raw_feed_page], ids=["plain", "raw"])


def event(**changes: Any) -> dict[str, Any]:
    """An event as the API sends it; a value of `...` leaves the field out."""
    fields = wire(make_event()) | changes
    return {name: value for name, value in fields.items() if value is not ...}


def page(*events: Any, **changes: Any) -> bytes:
    """A page of the older form around these events."""
    return json.dumps({"data": list(events), "has_more": False} | changes, separators=(",", ":")).encode()


@DECODERS
def test_a_page_becomes_events(decode: Any) -> None:
    """Every field of the event arrives as it was sent."""
    sent = make_event(payload={"album_id": "album_1"})
    assert decode(ASKED, page(wire(sent))).events == [sent]


@DECODERS
def test_what_is_new_passes(decode: Any) -> None:
    """Unknown fields are ignored, unknown event and entity types are kept."""
    answer = decode(ASKED, page(event(entity_type="cluster", event_type="cluster_split", extra={"a": [1]}), more=1))
    assert (answer.events[0].entity_type, answer.events[0].event_type) == ("cluster", "cluster_split")


@DECODERS
@pytest.mark.parametrize("payload", [..., None, {}, [], "text", 3])
def test_any_payload_passes(decode: Any, payload: Any) -> None:
    """A payload may be missing, null, empty or of a shape we do not know; details then are empty."""
    assert decode(ASKED, page(event(payload=payload))).events[0].details == {}


@DECODERS
@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-03-09T07:42:18.604913Z", 604913),
        ("2026-03-09T07:42:18Z", 0),
        ("2026-03-09T07:42:18", 0),
        ("2026-03-09T07:42:18.5", 500000),
        ("2026-03-09T09:42:18+02:00", 0),
        ("2026-03-08T23:42:18-08:00", 0),
        ("2026-03-09 07:42:18+00:00", 0),
    ],
)
def test_every_spelling_of_a_time_is_utc(decode: Any, text: str, microsecond: int) -> None:
    """Microseconds or none, Z, an offset, or no zone at all, which means UTC."""
    moment = decode(ASKED, page(event(created_at=text))).events[0].created_at
    assert moment == datetime(2026, 3, 9, 7, 42, 18, microsecond, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("more", "generation", "cursor"),
    [
        ({}, Generation.CURSOR, None),
        ({"next_cursor": "n", "as_of": "a"}, Generation.CURRENT, "n"),
        ({"next_cursor": None}, Generation.CURRENT, None),
        ({"next_cursor": ""}, Generation.CURRENT, None),
        ({"as_of": None}, Generation.CURRENT, None),
    ],
)
def test_the_generation_shows_even_on_an_empty_page(
    more: dict[str, Any], generation: Generation, cursor: str | None
) -> None:
    """A key `next_cursor` or `as_of`, even null, tells the current form."""
    answer = feed_page(ASKED, page(**more))
    assert (answer.generation, answer.next_cursor) == (generation, cursor)


def test_raw_keeps_each_event_as_received() -> None:
    """Spaces, order of fields, numbers and escapes stay as they were sent."""
    texts = [
        b'{ "payload" : {"n":1.50, "u":"\\u00e9"},"cursor":"1","entity_type":"a","entity_id":"b",'
        b'"event_type":"c","created_at":"2026-03-09T07:42:18Z" }',
        json.dumps(event()).encode(),
    ]
    assert raw_feed_page(ASKED, b'{"data":[%s , %s],"has_more":false}' % tuple(texts)).raw == texts
    assert feed_page(ASKED, b'{"data":[%s , %s],"has_more":false}' % tuple(texts)).raw == []


WRONG = [
    (b"[]", "the top", "[]"),
    (b'"pong"', "the top", '"pong"'),
    (b"{}", "has_more", "nothing"),
    (b'{"has_more": true}', "data", "nothing"),
    (page(data={}), "data", "{}"),
    (page(data=None), "data", "null"),
    (page(has_more="yes"), "has_more", '"yes"'),
    (page(event(), has_more=None), "has_more", "null"),
    (page(*[{}] * 2001), "data", "more"),
    (b"<html><title>Log in</title>", "the body", "an HTML page “Log in”"),
    (b"", "the body", "an empty body"),
    (b"pong", "the body", "pong"),
    (b'{"a": }', "the body", '{"a": }'),
    (b"[" * 100_000 + b"]" * 100_000, "the body", None),
]


@DECODERS
@pytest.mark.parametrize(("body", "where", "got"), WRONG)
def test_a_wrong_shape_says_where_and_what_came(decode: Any, body: bytes, where: str, got: str | None) -> None:
    """The error names the place as one would write it and quotes what stood there."""
    with pytest.raises(UnexpectedAnswer) as caught:
        decode(ASKED, body)
    assert caught.value.where == where
    assert got is None or caught.value.got == got
    assert len(caught.value.got) <= 200


def test_what_was_expected_is_said_in_words() -> None:
    """No library's type names reach a person."""
    said = []
    for body, _, _ in WRONG:
        with pytest.raises(UnexpectedAnswer) as caught:
            feed_page(ASKED, body)
        said.append(caught.value.expected)
    assert set(said) == {"a list", "an object", "true or false", "at most 2,000 events", "JSON"}


@DECODERS
@pytest.mark.parametrize("length", [1, 20, 90, -1])
def test_a_page_cut_off_is_a_broken_connection(decode: Any, length: int) -> None:
    """Half a page is no page: the request can be sent again."""
    with pytest.raises(ConnectionFailed):
        decode(ASKED, page(event(), event())[:length])


@DECODERS
def test_full_entities_are_refused_in_words(decode: Any) -> None:
    """The feed older than cursors, with items or without, is told from a page that is merely wrong."""
    for data in ([{"entity_type": "asset", "data": {"id": "asset_1"}}], []):
        with pytest.raises(UnsupportedFeed):
            decode(ASKED, json.dumps({"data": data}).encode())


@pytest.mark.parametrize("decode", [feed_page, raw_feed_page, listing, objects, single])
@settings(deadline=None)
@given(
    body=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "id", "has_more", "cursor", "next_cursor", "created_at"]), inner, max_size=3
            )
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_answer_breaks_the_decoder(decode: Any, body: bytes) -> None:
    """Whatever comes, it is a page or one of our errors."""
    with suppress(GumnutError):
        decode(ASKED, body)


def test_listed_entities_have_ids() -> None:
    """An id that is none is marked, and the others are there."""
    assert listing(ASKED, b'{"data": [{"id": "a", "x": 1}]}') == ([{"id": "a", "x": 1}], False)
    assert objects(ASKED, b'[{"id": "a"}]') == [{"id": "a"}]
    assert listing(ASKED, b'{"data": [{"id": "a"}, {"x": 1}], "has_more": false}').items == [
        {"id": "a"},
        {"x": 1, "unreadable": {"id": None}},
    ]
    assert objects(ASKED, b'[{"id": 4}, {"id": "a"}, 7]') == [
        {"unreadable": {"id": "4"}},
        {"id": "a"},
        {"unreadable": {"entity": "7", "id": None}},
    ]
    assert single(ASKED, b'{"id": "", "x": 1}') == {"x": 1, "unreadable": {"id": '""'}}
    for read, body, where in (
        (listing, b'[{"id": "a"}]', "the top"),
        (listing, b'{"has_more": false}', "data"),
        (listing, b'{"data": 5, "has_more": false}', "data"),
        (listing, b'{"data": [], "has_more": "no"}', "has_more"),
        (objects, b'{"data": []}', "the top"),
        (single, b"[]", "the top"),
        (single, b"{}", "the top"),
    ):
        with pytest.raises(UnexpectedAnswer) as caught:
            read(ASKED, body)
        assert caught.value.where == where
