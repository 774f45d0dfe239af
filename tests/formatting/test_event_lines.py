"""Rules for an event in full."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Event, Presence
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import UNKNOWN_MEANING, event_cells, event_lines, history_line, meaning
from gumnut_tui.formatting.facts import Fact, Tone
from tests.factories import NOW, make_event

CURRENT_EVENT_TYPES = [
    "asset_created",
    "asset_updated",
    "asset_trashed",
    "asset_restored",
    "asset_deleted",
    "asset_moved_out",
    "asset_moved_in",
    "metadata_updated",
    "album_created",
    "album_updated",
    "album_deleted",
    "album_asset_added",
    "album_asset_removed",
    "person_created",
    "person_updated",
    "person_deleted",
    "face_created",
    "face_updated",
    "face_deleted",
    "stack_created",
    "stack_updated",
    "stack_deleted",
    "library_trashed",
    "library_restored",
]
LISBON = ZoneInfo("Europe/Lisbon")


def name(kind: str, entity_id: str) -> str | None:
    return {("asset", "asset_1"): "IMG_2031.HEIC", ("album", "album_1"): "Italy"}.get((kind, entity_id))


def shown(event: Event) -> list[Fact]:
    return event_lines(event, zone=LISBON, now=NOW, name=name)


def test_the_time_is_told_in_utc_too_where_it_is_another() -> None:
    """Once is enough in UTC itself, and in winter in Lisbon."""
    summer = make_event(created_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    values = {line.label: line.value for line in shown(summer)}
    assert values["created_at"].startswith("2026-07-01 13:00:00.000000 +01:00")
    assert values["in UTC"] == "2026-07-01 12:00:00.000000 Z"
    labels = [line.label for line in event_lines(summer, zone=UTC, now=NOW, name=name)]
    assert ("created_at" in labels, "in UTC" in labels) == (True, False)


def test_every_field_is_shown_as_it_came() -> None:
    """Type, ids, time with every digit, payload and cursor: the record, for evidence."""
    payload = {"album_id": "album_1", "asset_id": "asset_1"}
    event = make_event(
        7, entity_type="album_asset", entity_id="link_1", event_type="album_asset_removed", payload=payload
    )
    lines = shown(event)
    assert lines[0] == Fact("", "− removed album_asset", Tone.HEAD)
    assert {line.label: line.value for line in lines if line.label} == {
        "entity": "IMG_2031 ← Italy",
        "more": "photo may be safe",
        "event_type": "album_asset_removed",
        "entity_type": "album_asset",
        "entity_id": "link_1",
        "created_at": "2026-11-19 12:00:07.000000 Z, 23 h ago",
        "payload.album_id": "album_1",
        "payload.asset_id": "asset_1",
        "cursor": "cursor-000007",
    }


@pytest.mark.parametrize(("payload", "words"), [(None, "null"), ({}, "{}"), ([1], "[1]"), ("x", '"x"')])
def test_a_payload_without_keys_is_shown_raw(payload: Any, words: str) -> None:
    """Null and `{}` are different records, and are told apart."""
    assert [line.value for line in shown(make_event(payload=payload)) if line.label == "payload"] == [words]


@pytest.mark.parametrize("event_type", CURRENT_EVENT_TYPES)
def test_every_event_type_has_a_meaning_of_its_own(event_type: str) -> None:
    """Each type of the current feed is explained, never with a word about who did it."""
    sentence = meaning(make_event(event_type=event_type))
    assert sentence.endswith(".")
    assert sentence != meaning(make_event(event_type=f"comet_{event_type.rpartition('_')[2]}"))
    assert not re.search(r"\b(you|user|owner|someone|somebody|by (the )?\w+ user)\b", sentence, re.IGNORECASE)


def test_unknown_event_types_have_a_meaning_too() -> None:
    """By the ending, if we know that; else the honest words that we do not know."""
    assert meaning(make_event(event_type="comet_deleted")) == "Gone for good."
    assert meaning(make_event(event_type="comet_waltz")) == UNKNOWN_MEANING


def test_removed_is_said_not_to_be_deleted() -> None:
    """Taken out of an album is no harm to the photo."""
    assert "does not touch the photo" in meaning(make_event(event_type="album_asset_removed"))


def test_a_history_line_names_others_only() -> None:
    """In the history of a photo its own name is not repeated, an album's membership is named."""
    own = make_event(entity_id="asset_1", event_type="asset_trashed", created_at=NOW)
    assert history_line(own, about="asset_1", zone=LISBON, now=NOW, name=name) == Fact(
        "12:00:00", "▽ trashed  asset  recoverable", Tone.WARN
    )
    link = make_event(
        entity_type="album_asset",
        entity_id="link_1",
        event_type="album_asset_removed",
        payload={"album_id": "album_1", "asset_id": "asset_1"},
        created_at=NOW,
    )
    assert "IMG_2031 ← Italy" in history_line(link, about="asset_1", zone=LISBON, now=NOW, name=name).value


@pytest.mark.parametrize(
    ("event_type", "entity_type", "words"),
    [("asset_trashed", "asset", "gone for good since"), ("album_asset_removed", "album_asset", "photo is gone too")],
)
def test_what_became_of_a_photo_is_said_in_the_same_words_everywhere(
    event_type: str, entity_type: str, words: str
) -> None:
    """In a list, in full and in a history."""
    payload = {"album_id": "album_1", "asset_id": "asset_1"}
    event = make_event(entity_id="asset_1", entity_type=entity_type, event_type=event_type, payload=payload)

    def presence(_kind: str, _entity_id: str) -> Presence:
        return Presence.GONE

    assert event_cells(event, zone=UTC, now=NOW, name=name, presence=presence).more == words
    assert Fact("more", words) in event_lines(event, zone=UTC, now=NOW, name=name, presence=presence)
    line = history_line(event, about="asset_1", zone=UTC, now=NOW, name=name, presence=presence)
    assert line.value.endswith(words)


@given(st.text(), st.text(), st.text(), st.dictionaries(st.text(), st.text() | st.lists(st.text())))
def test_nothing_comes_through_unescaped(entity_type: str, event_type: str, entity_id: str, payload: Any) -> None:
    """Every field of an event can be hostile; none reaches the screen as it is."""
    event = make_event(
        entity_type=entity_type, event_type=event_type, entity_id=entity_id, cursor=entity_id, payload=payload
    )
    for line in [*shown(event), history_line(event, about="x", zone=LISBON, now=NOW, name=name)]:
        assert visible(line.label + line.value, 10_000) == line.label + line.value


def test_a_payload_that_is_not_text_is_shown_as_far_as_it_goes() -> None:
    """Bytes that are no UTF-8 are shown as replacements."""
    event = msgspec.structs.replace(make_event(), payload=msgspec.Raw(b'{"a": "\xff"}'))
    assert [line.value for line in shown(event) if line.label == "payload"] == ['{"a": "�"}']
