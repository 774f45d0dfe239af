"""One odd value costs itself: it is shown as it stands and marked, and everything else is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.decode import feed_page, listing, objects, single
from gumnut_tui.domain.cursors import is_position
from gumnut_tui.domain.models import Event
from tests.api.fakes import wire
from tests.factories import NOW, make_event, make_events

ASKED = "GET /api/events"
SENT = make_events(5)
DEEP = b"[" * 5000 + b"]" * 5000


def event(**changes: bytes | None) -> bytes:
    """An event as the API sends it, with members in their place as these bytes; None leaves one out."""
    fields = {name: json.dumps(value).encode() for name, value in wire(make_event(3)).items()} | changes
    return b"{%s}" % b",".join(b'"%s":%s' % (name.encode(), raw) for name, raw in fields.items() if raw is not None)


def page(odd: bytes, **envelope: Any) -> bytes:
    """A page of five events, the third of which is odd."""
    texts = [json.dumps(wire(one)).encode() for one in SENT]
    texts[2] = odd
    around = json.dumps({"has_more": False} | envelope)[1:].encode()
    return b'{"data":[%s],%s' % (b",".join(texts), around)


def unreadable(one: Event) -> dict[str, Any]:
    """What is marked in an event."""
    marked = one.details["unreadable"]
    assert isinstance(marked, dict)
    return marked


ODD = [
    ({"payload": b"NaN"}, {"payload": "NaN"}),
    ({"payload": b"-Infinity"}, {"payload": "-Infinity"}),
    ({"payload": b'{"a":1,"b":[NaN]}'}, {"payload.b": "[NaN]"}),
    ({"payload": b'{"a":1,"b":{"c":NaN,"d":2}}'}, {"payload.b.c": "NaN"}),
    ({"payload": b'{"a":"\xff"}'}, {"payload.a": '"\\xff"'}),
    ({"payload": b'"caf\xe9"'}, {"payload": '"caf\\xe9"'}),
    ({"payload": b'{"a":"x\\ud800"}'}, {"payload.a": '"x\\ud800"'}),
    ({"payload": b"'single'"}, {"payload": "'single'"}),
    ({"payload": b'{"a":"tab\there"}'}, {"payload.a": '"tab\there"'}),
    ({"payload": b"01"}, {"payload": "01"}),
    ({"created_at": b"5"}, {"created_at": "5"}),
    ({"created_at": b'"yesterday"'}, {"created_at": '"yesterday"'}),
    ({"created_at": b'"2026-02-30T00:00:00Z"'}, {"created_at": '"2026-02-30T00:00:00Z"'}),
    ({"created_at": None}, {"created_at": None}),
    ({"created_at": b"null"}, {"created_at": "null"}),
    ({"entity_id": b"[1]"}, {"entity_id": "[1]"}),
    ({"entity_id": None}, {"entity_id": None}),
    ({"entity_id": b'"\\ud800"'}, {"entity_id": '"\\ud800"'}),
    ({"event_type": b"7"}, {"event_type": "7"}),
    ({"event_type": b"NaN"}, {"event_type": "NaN"}),
    ({"entity_type": b"{}"}, {"entity_type": "{}"}),
    ({"cursor": b"17"}, {"cursor": "17"}),
    ({"cursor": None}, {"cursor": None}),
]


@pytest.mark.parametrize("raw", [False, True], ids=["plain", "raw"])
@pytest.mark.parametrize(("changes", "marked"), ODD)
def test_the_odd_one_is_marked_and_the_others_are_read(changes: Any, marked: Any, raw: bool) -> None:
    """It keeps its place and everything that can be read of it; the page is whole."""
    answer = feed_page(ASKED, page(event(**changes)), raw=raw)
    assert [one for at, one in enumerate(answer.events) if at != 2] == [one for at, one in enumerate(SENT) if at != 2]
    odd = answer.events[2]
    assert unreadable(odd) == marked
    for name in {"entity_id", "entity_type", "event_type", "cursor", "created_at"} - changes.keys():
        assert getattr(odd, name) == getattr(SENT[2], name)
    assert len(answer.raw) == (5 if raw else 0)
    for text in answer.raw:
        assert {"cursor", "payload"} & json.loads(text).keys(), "each line is JSON for any reader"
        text.decode()


@pytest.mark.parametrize("element", [b"5", b'"text"', b"null", b"[]", b"{}", b"[[NaN]]", b'{"a" 5}', DEEP, b"\xff\xfe"])
def test_what_is_no_event_at_all_is_one_row(element: bytes) -> None:
    """Whatever stands in the list."""
    answer = feed_page(ASKED, page(element))
    assert len(answer.events) == 5
    assert element[:5].decode("utf-8", "backslashreplace") in unreadable(answer.events[2])["event"]
    assert answer.events[2].event_type == answer.events[2].entity_type == "unreadable"


def test_a_time_that_cannot_be_read_is_that_of_the_event_before() -> None:
    """The feed's order says about when it was; the first one takes that of the next, a lone one the time handed in."""
    odd = event(created_at=b"0", cursor=b'"odd"')
    assert feed_page(ASKED, page(odd)).events[2].created_at == SENT[1].created_at
    sent = json.dumps(wire(SENT[1])).encode()
    first = feed_page(ASKED, b'{"data":[%s,%s],"has_more":false}' % (odd, sent)).events[0]
    assert first.created_at == SENT[1].created_at
    lone = feed_page(ASKED, b'{"data":[%s],"has_more":false}' % odd, at=NOW).events[0]
    assert lone.created_at == NOW


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9999-12-31T23:59:59.999999-14:00", datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime.min.replace(tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("raw", [False, True], ids=["plain", "raw"])
def test_a_time_beyond_the_calendar_counts_as_its_end(text: str, moment: datetime, raw: bool) -> None:
    """And is marked, as it is no longer the time that was sent."""
    odd = feed_page(ASKED, page(event(created_at=f'"{text}"'.encode())), raw=raw).events[2]
    assert odd.created_at == moment
    assert text[:10] in unreadable(odd)["created_at"]


def test_an_event_without_a_cursor_is_known_again_wherever_it_comes() -> None:
    """Pages may overlap, and then it stands elsewhere in the page."""
    for written in (None, b'""', b"null", b"[1]"):
        odd = event(cursor=written)
        (third,) = feed_page(ASKED, page(odd)).events[2:3]
        (first,) = feed_page(ASKED, b'{"data":[%s],"has_more":false}' % odd).events
        assert first == third
        assert not is_position(first.cursor)
        assert unreadable(first) == {"cursor": None if written is None else written.decode()}


def test_events_that_came_with_one_cursor_are_as_many_rows() -> None:
    """None is taken for another; the same event again is one."""
    texts = [event(entity_id=b'"asset_%d"' % number) for number in range(3)]
    told = feed_page(ASKED, b'{"data":[%s],"has_more":true}' % b",".join([*texts, texts[2]]), raw=True)
    cursors = [one.cursor for one in told.events]
    assert [one.entity_id for one in told.events] == ["asset_0", "asset_1", "asset_2", "asset_2"]
    assert len(set(cursors)) == 3
    assert cursors[2] == cursors[3]
    assert not any(map(is_position, cursors))
    assert told.last_cursor == make_event(3).cursor
    assert told.raw == [*texts, texts[2]]


def test_equal_odd_ones_are_as_many_rows() -> None:
    """Each has a position of its own, which is never sent back to the server."""
    answer = feed_page(ASKED, b'{"data":[{},{},{}],"has_more":true}')
    assert len({one.cursor for one in answer.events}) == 3
    assert answer.last_cursor is None
    assert feed_page(ASKED, page(event(cursor=b"17"))).last_cursor == SENT[4].cursor


def test_a_cursor_of_the_page_that_is_no_text_counts_as_none() -> None:
    """The last event's leads on as well."""
    answer = feed_page(ASKED, page(event(), next_cursor=5))
    assert (answer.next_cursor, answer.last_cursor) == (None, SENT[4].cursor)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"], ids=["utf-8", "le", "be"])
def test_a_byte_order_mark_is_no_part_of_the_answer(mark: bytes) -> None:
    """Some servers write one, and some write UTF-16."""
    code = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(mark, "utf-8")
    body = mark + page(event()).decode().encode(code)
    assert feed_page(ASKED, body).events == feed_page(ASKED, body, raw=True).events == SENT
    assert single(ASKED, mark + '{"id":"a"}'.encode(code)) == {"id": "a"}
    assert objects(ASKED, mark + '[{"id":"a"}]'.encode(code)) == [{"id": "a"}]


@pytest.mark.parametrize(
    ("raw", "name", "text"),
    [
        (b'"q":NaN', "q", "NaN"),
        (b'"n":"\xff.jpg"', "n", '"\\xff.jpg"'),
        (b'"n":"x\\udcff.jpg"', "n", '"x\\udcff.jpg"'),
        (b'"m":{"latitude":Infinity,"city":"Porto"}', "m.latitude", "Infinity"),
        (b'"big":1e999', "big", "1e999"),
        (b'"big":' + b"9" * 5000, "big", "9" * 4000 + "… (5,000 bytes)"),
        (b'"deep":' + DEEP, "deep", "[" * 4000 + "… (10,000 bytes)"),
    ],
)
def test_one_odd_field_does_not_cost_the_batch(raw: bytes, name: str, text: str) -> None:
    """The entity has all its other fields, and so have all others."""
    odd = b'{"id":"a","asset_count":2,%s}' % raw
    for items in (
        listing(ASKED, b'{"data":[%s,{"id":"b"}],"has_more":false}' % odd).items,
        objects(ASKED, b'[%s,{"id":"b"}]' % odd),
        [single(ASKED, odd), {"id": "b"}],
    ):
        assert items[1] == {"id": "b"}
        assert (items[0]["id"], items[0]["asset_count"]) == ("a", 2)
        assert items[0]["unreadable"] == {name: text}


def test_of_two_members_with_one_name_the_last_counts() -> None:
    """As in every JSON reader, also where another value is odd."""
    twice = event(entity_id=b'"first","entity_id":"last"')
    assert feed_page(ASKED, page(twice)).events[2].entity_id == "last"
    twice = event(entity_id=b'"first","entity_id":"last"', payload=b"NaN")
    assert feed_page(ASKED, page(twice)).events[2].entity_id == "last"


raw_values = st.one_of(
    st.sampled_from([b"NaN", b"", b"]", b"}", b'"', b",", b"{", b"\xff", b"nul", b"\\", b'"\\ud8', DEEP, b"1e999"]),
    st.binary(max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes().map(str),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip
NAMES = ["cursor", "entity_type", "entity_id", "event_type", "created_at", "payload"]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), raw_values, min_size=1, max_size=3))
def test_any_value_in_one_event_leaves_the_others_unless_it_breaks_out(changes: dict[str, bytes]) -> None:
    """Unless the value has a quote, comma or bracket of its own that ends the event early, no other row is lost."""
    for raw in (False, True):
        body = page(event(**changes))
        if any(not _is_closed(value) for value in changes.values()):
            continue
        answer = feed_page(ASKED, body, raw=raw)
        others = {one.cursor for one in SENT} - {SENT[2].cursor}
        assert others <= {one.cursor for one in answer.events}
        assert all(isinstance(one.created_at.astimezone(UTC), datetime) for one in answer.events)
        for text in answer.raw:
            json.loads(text)


def _is_closed(value: bytes) -> bool:
    try:
        json.loads(value.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return not set(value) & set(b'"[]{},\\')
    return True
