"""Rules for entities as lines for a person, the headline of their state included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Entity, EntityState, Presence, to_us
from gumnut_tui.formatting.entity_lines import as_of_line, entity_lines, status_line, trash_words
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from tests.factories import NOW, RETENTION

LISBON = ZoneInfo("Europe/Lisbon")
NAMES = {
    ("asset", "asset_1"): "IMG_2044.JPG",
    ("album", "album_1"): "Italy",
    ("person", "person_1"): "Ana",
    ("stack", "stack_1"): "stack of 5, IMG_2044",
}
PHOTO: dict[str, Any] = {
    "id": "asset_2",
    "original_file_name": "IMG_2031.HEIC",
    "mime_type": "image/heic",
    "local_datetime": "2025-05-03T16:20:09.480000+02:00",
    "created_at": "2026-11-20T10:30:00Z",
    "updated_at": "2026-11-19T09:00:00",
    "width": 4032,
    "height": 3024,
    "file_size_bytes": 2_100_000,
    "quality_score": 0.834,
    "kind": "original",
    "description": "A harbour at dusk.",
    "stack_id": "stack_1",
    "people": [{"name": "Ana"}, {"name": None}, {"name": "Bo"}],
    "metadata": {
        "make": "Canon",
        "model": "Canon EOS R6",
        "lens_model": "RF 24-70mm",
        "f_number": 1.8,
        "focal_length": 35.0,
        "iso": 64,
        "exposure_time": 0.008,
        "exposure_bias": -0.33,
        "display_label": "Lisbon, Portugal",
        "rating": 3,
    },
}


def lines(kind: str, fields: dict[str, Any], **options: Any) -> list[Fact]:
    return entity_lines(
        kind, fields, zone=LISBON, now=NOW, name=lambda kind, entity_id: NAMES.get((kind, entity_id)), **options
    )


def values(kind: str, fields: dict[str, Any], **options: Any) -> dict[str, str]:
    return {line.label: line.value for line in lines(kind, fields, **options)}


def test_a_photo_in_the_words_of_a_person() -> None:
    """Name first; when and where in the camera's own time; size, camera, people, albums, in words."""
    assert lines("asset", PHOTO)[0] == Fact("", "IMG_2031.HEIC", Tone.HEAD)
    assert values("asset", PHOTO, albums=["Italy", "Best of"]) == {
        "": "IMG_2031.HEIC",
        "taken": "3 May 2025 16:20:09 +02:00",
        "where": "Lisbon, Portugal",
        "size": "4032×3024 · 12.2 MP · 2.1 MB",
        "camera": "Canon EOS R6",
        "lens": "RF 24-70mm",
        "exposure": "1/125 s · f/1.8 · ISO 64 · 35 mm · −0.3 EV",
        "people": "Ana, Bo and 1 unnamed",
        "albums": "Italy and Best of",
        "stack": "stack of 5, IMG_2044",
        "description": "A harbour at dusk.",
        "rating": "★★★☆☆ 3 of 5",
        "quality": "0.83 of 1",
        "version": "original",
        "type": "image/heic",
        "uploaded": "today 10:30",
        "changed": "yesterday 09:00",
        "id": "asset_2",
    }


@pytest.mark.parametrize("size", [(0, 0), (None, None), (0, 3024), ("4032", 3024), (-3, 5)])
def test_an_unknown_size_is_called_unknown(size: tuple[Any, Any]) -> None:
    """A width or height of 0 means unknown, and nothing is divided by it."""
    assert values("asset", PHOTO | {"width": size[0], "height": size[1]})["size"] == "unknown · 2.1 MB"


@pytest.mark.parametrize(("people", "words"), [([], "no one"), ([{"name": ""}], "1 unnamed"), (None, None)])
def test_nobody_is_not_the_same_as_not_asked(people: Any, words: str | None) -> None:
    """No people on the photo is said; people that were not asked for are not mentioned."""
    assert values("asset", PHOTO | {"people": people}).get("people") == words


def test_no_albums_is_not_the_same_as_not_asked() -> None:
    """A photo in no album says so once its albums were asked for."""
    assert values("asset", PHOTO, albums=[])["albums"] == "none"
    assert "albums" not in values("asset", PHOTO)


def test_a_video_has_a_length() -> None:
    """Seconds become a player's clock."""
    assert values("asset", {"duration": 62.4})["length"] == "1:02"


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"city": "Porto", "state": None, "country": "Portugal"}, "Porto, Portugal"),
        ({"latitude": -33.8568, "longitude": 151.2153}, "33.8568° S, 151.2153° E"),
        ({"latitude": 3.0}, None),
        ({}, None),
    ],
)
def test_places_fall_back(metadata: dict[str, Any], words: str | None) -> None:
    """The best place text there is: a label, a city, coordinates, nothing."""
    assert values("asset", {"metadata": metadata}).get("where") == words


def test_an_album() -> None:
    """An album's photos, dates and cover."""
    album = {"name": "Italy", "asset_count": 1204, "album_cover_asset_id": "asset_1"}
    dates = {"start_date": "2025-05-03T10:00:00Z", "end_date": "2025-05-17T10:00:00Z"}
    assert values("album", album | dates) == {
        "": "Italy",
        "photos": "1,204",
        "dates": "3 May 2025 – 17 May 2025",
        "cover": "IMG_2044.JPG",
    }


def test_a_person() -> None:
    """A person without a name is a person too."""
    person = {"name": None, "birth_date": "1984-02-29", "is_favorite": True, "is_hidden": True, "asset_count": None}
    assert values("person", person) == {"": "unnamed person", "born": "29 Feb 1984", "marked": "favorite and hidden"}


def test_a_face() -> None:
    """A face is told by its photo, its person and how sure the service is."""
    face = {"asset_id": "asset_1", "person_id": "person_1", "confidence": 0.923, "source": "automatic"}
    box = {"bounding_box": {"x": 512, "y": 188, "w": 160, "h": 214}, "timestamp_ms": 62_000}
    assert values("face", face | box) == {
        "": "face of Ana on IMG_2044",
        "photo": "IMG_2044.JPG",
        "person": "Ana",
        "confidence": "92%",
        "found": "automatically",
        "box": "160×214 px at 512, 188",
        "frame": "at 1:02",
    }
    assert values("face", {"asset_id": "asset_1"})["person"] == "not assigned"


def test_a_membership_a_stack_and_a_library() -> None:
    """The other kinds say what they join, hold or cost."""
    link = {"asset_id": "asset_1", "album_id": "album_1", "created_at": "2026-11-20T11:00:00Z"}
    assert values("album_asset", link) == {
        "": "IMG_2044 ← Italy",
        "photo": "IMG_2044.JPG",
        "album": "Italy",
        "added": "today 11:00",
    }
    assert values("stack", {"asset_count": 5, "origin": "auto_burst"})["origin"] == "a burst, found automatically"
    library = {"name": "Family", "storage_used_bytes": 2_000_000_000, "storage_limit_bytes": 10_000_000_000}
    assert values("library", library)["storage"] == "2.0 GB of 10.0 GB"


def test_an_unknown_kind_shows_its_plain_fields() -> None:
    """A kind the service adds tomorrow is shown in the service's own words."""
    assert values("comet", {"id": "comet_1", "tail\x1b": "long\u202e", "parts": [1]})["tail␛"] == "long‹U+202E›"


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
FIELD_NAMES = [
    "width",
    "height",
    "file_size_bytes",
    "duration",
    "quality_score",
    "people",
    "faces",
    "created_at",
    "local_datetime",
    "rating",
    "iso",
    "f_number",
    "exposure_time",
    "exposure_bias",
    "focal_length",
    "latitude",
    "longitude",
    "bounding_box",
    "confidence",
    "timestamp_ms",
    "asset_count",
    "start_date",
    "birth_date",
    "cluster_metrics",
    "cluster_assignment",
    "storage_used_bytes",
    "storage_limit_bytes",
    "make",
    "model",
    "name",
    "id",
]


@given(
    st.sampled_from(["asset", "album", "album_asset", "person", "face", "stack", "library", "comet"]),
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELD_NAMES, WILD)),
)
def test_any_fields_make_lines(kind: str, fields: dict[str, Any]) -> None:
    """Fields of wrong types are no reason to fail, and nothing comes through unescaped or empty."""
    shown = lines(kind, fields | {"metadata": fields})
    assert shown
    for line in shown:
        assert line.value
        assert visible(line.label + line.value, 10_000) == line.label + line.value


def state(presence: Presence, **fields: object) -> EntityState:
    entity = None if presence is Presence.GONE else Entity("asset", "asset_1", dict(fields), NOW)
    return EntityState("asset", "asset_1", presence, NOW, entity)


THIS_MORNING = to_us(NOW - timedelta(hours=2))


@pytest.mark.parametrize(
    ("presence", "since", "line"),
    [
        (Presence.LIVE, None, Fact("", "IN THE LIBRARY", Tone.GOOD)),
        (Presence.MOVED, None, Fact("", "MOVED to another library", Tone.WARN)),
        (Presence.MOVED, THIS_MORNING, Fact("", "MOVED to another library since today 10:00", Tone.WARN)),
        (Presence.GONE, THIS_MORNING, Fact("", "GONE since today 10:00", Tone.BAD)),
        (Presence.GONE, None, Fact("", "GONE", Tone.BAD)),
    ],
)
def test_status(presence: Presence, since: int | None, line: Fact) -> None:
    """Live, moved and gone are told apart, with the time it happened where that is known."""
    assert status_line(state(presence), zone=UTC, now=NOW, retention=RETENTION, gone_since_us=since) == line


def test_trash_tells_how_long_one_can_have_it_back() -> None:
    """The service gives only when it was trashed; how long it is kept is said to be a guess."""
    trashed = state(Presence.TRASHED, trashed_at="2026-11-20T10:00:00Z")
    line = status_line(trashed, zone=UTC, now=NOW, retention=RETENTION)
    assert line.value == "IN TRASH since today 10:00, recoverable until about 18 Feb 2027 (90 days unless configured)"
    assert line.tone is Tone.WARN


def test_trash_without_a_time() -> None:
    """In the trash is recoverable even if nobody knows since when."""
    line = status_line(state(Presence.TRASHED, trashed_at="garbage"), zone=UTC, now=NOW, retention=RETENTION)
    assert line.value == "IN TRASH, recoverable"


def test_trash_past_its_time_promises_nothing() -> None:
    """What should have been purged may be any time."""
    words = trash_words(NOW - timedelta(days=31), zone=UTC, now=NOW, retention=timedelta(days=30))
    assert (
        words == " since Tue 20 Oct 12:00, kept longer than expected (30 days unless configured): "
        "it may be purged at any time"
    )


def test_trash_at_the_end_of_the_calendar() -> None:
    """An absurd time is no reason to fail."""
    assert "recoverable" in trash_words(datetime.max.replace(tzinfo=UTC), zone=UTC, now=NOW, retention=RETENTION)


def test_fields_are_said_to_be_those_of_now() -> None:
    """An entity is shown as it was read, and says so."""
    assert as_of_line(NOW, zone=UTC, now=NOW).value == "as it is now, read 12:00:00"
    offline = as_of_line(NOW, zone=UTC, now=NOW + timedelta(days=1), is_offline=True).value
    assert offline == "as last seen yesterday 12:00"
    earlier = as_of_line(NOW - timedelta(days=1), zone=UTC, now=NOW).value
    assert earlier == "as it was when read yesterday 12:00:00"
