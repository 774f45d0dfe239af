"""Events as no friendly server would send them, and filters that may or may not hit them, for property tests."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import NULL, Event, Operation, to_us
from tests.factories import NOW

IDS = ("", "a", "asset_1", "asset_12", "ASSET_1", "ß", "ſtraße", "K", "\ud800", "x\x00y", 'q"\\/z', "é", "ÿ", "\xff")
ENTITY_TYPES = ("asset", "album", "metadata", "face", "ghost_é", "")
EVENT_TYPES = ("asset_created", "asset_deleted", "album_asset_removed", "_moved_out", "created", "STRASSE", "é_trashed")
TEXTS = (
    "",
    "a",
    "A",
    "asset_1",
    "ss",
    "k",
    "É",
    "\ud800",
    "\x00",
    "null",
    "}a",
    "\ufffd",
    "_1",
    '"',
    "\\",
    "i̇",
    "{}",
    "e\u0301",
    "café",
    "a/b",
    'say "hi"',
    "😀",
)
SECONDS = st.integers(-5, 5)

ids = st.sampled_from(IDS)
payload_values = st.one_of(ids.filter(str.isprintable), st.none(), st.integers(), st.lists(st.none(), max_size=1))
payloads = st.one_of(
    st.just(NULL),
    st.sampled_from(
        [
            b"{}",
            b"[]",
            b"",
            b'"asset_1"',
            b'{"a":"\\u0061sset_1"}',
            b'{"a":"\xff"}',
            b'{"a":"\xed\xa0\x80a"}',
            b"{broken",
            rb'{"note":"caf\u00e9 a\/b say \"hi\" \ud83d\ude00 \ud800","in":[["asset_1"],{"deep":"a"}]}',
            '{"note":"cafe\u0301","asset_1":["\u00ff"]}'.encode(),
            b'["asset_1",{"broken":NaN,"a":"a"}]',
        ]
    ).map(msgspec.Raw),
    st.dictionaries(st.sampled_from(["asset_id", "É"]), payload_values, max_size=2).map(
        lambda payload: msgspec.Raw(msgspec.json.encode(payload))
    ),
    st.just(msgspec.Raw(b'{"large":"' + b"x" * 3000 + b'"}')),
)
events = st.builds(
    Event,
    cursor=ids | st.text(st.characters(), max_size=4),
    entity_type=st.sampled_from(ENTITY_TYPES),
    entity_id=ids,
    event_type=st.sampled_from(EVENT_TYPES),
    created_at=SECONDS.map(lambda seconds: NOW + timedelta(seconds=seconds)),
    payload=payloads,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["\\", '"', "/", "😀", "é\n"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
bounds = st.none() | SECONDS.map(lambda seconds: to_us(NOW + timedelta(seconds=seconds)))
filters = st.builds(
    EventFilter,
    entity_types=st.none() | st.frozensets(st.sampled_from(ENTITY_TYPES), max_size=4),
    operations=st.none() | st.frozensets(st.sampled_from(Operation), max_size=8),
    event_types=st.none() | st.frozensets(st.sampled_from(EVENT_TYPES), max_size=5),
    entity_id=st.none() | ids,
    not_event_types=st.just(frozenset()) | st.frozensets(st.sampled_from(EVENT_TYPES), max_size=3),
    not_entity_ids=st.just(frozenset()) | st.frozensets(ids, max_size=2),
    text=st.sampled_from(TEXTS),
    since_us=bounds,
    until_us=bounds,
)


def wavering_times(count: int) -> list[datetime]:
    """Times a minute apart that rise in the main but waver by hours, as those of long transactions do."""
    return [NOW + timedelta(minutes=number, seconds=number * 7919 % 9001) for number in range(count)]
