"""An entity as lines: its state in a headline, then the facts of its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import EntityState, Presence, to_us
from gumnut_tui.formatting.entity_names import NameOf, display_name, field_text, short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import byte_size, duration, exposure, join_names, megapixels, number, plural
from gumnut_tui.formatting.times import (
    CALENDAR_END_US,
    clock_time,
    day_label,
    day_words,
    local,
    moment_words,
    wall_clock,
)

COPY_HINT = "a copy may lie on a disk: `gumnut-tui undo --copies FOLDER` looks"
"""What to do about a photo that is gone for good."""


class _Reader(msgspec.Struct, frozen=True):
    """The fields of one entity, and what is needed to put them into words."""

    fields: Fields
    zone: tzinfo
    now: datetime
    name: NameOf
    albums: Sequence[str] | None

    def text(self, label: str, key: str) -> Fact:
        return Fact(label, field_text(self.fields, key))

    def count(self, label: str, key: str) -> Fact:
        value = field.count(self.fields, key)
        return Fact(label, "" if value is None else number(value))

    def moment(self, label: str, key: str) -> Fact:
        value = field.moment(self.fields, key)
        return Fact(label, "" if value is None else moment_words(to_us(value), self.zone, self.now))

    def reference(self, label: str, kind: str, key: str, absent: str = "") -> Fact:
        entity_id = field.raw_id(self.fields, key)
        return Fact(label, (self.name(kind, entity_id) or short_id(kind, entity_id)) if entity_id else absent)


def _unknown_name(_kind: str, _id: str) -> None:
    return None


def entity_lines(
    kind: str,
    fields: Fields,
    *,
    zone: tzinfo,
    now: datetime,
    name: NameOf = _unknown_name,
    albums: Sequence[str] | None = None,
) -> list[Fact]:
    """The fields worth showing, the name first, each line escaped and none empty.

    `name` finds the names of related entities; `albums` are the escaped names of a photo's albums, None when
    they were not read.
    """
    reader = _Reader(fields, zone, now, name, albums)
    body = _BODIES.get(kind, _any_lines)(reader)
    lines = [
        Fact("", _title(kind, reader), Tone.HEAD),
        *body,
        Fact("id", field_text(fields, "id"), Tone.DIM),
    ]
    return [line for line in lines if line.value]


def _title(kind: str, reader: _Reader) -> str:
    def related(other_kind: str, other_id: str) -> Fields | None:
        known = reader.name(other_kind, other_id)
        return None if known is None else {_name_field(other_kind): known}

    return display_name(kind, reader.fields, related)


def _name_field(kind: str) -> str:
    known = KINDS.get(kind)
    return known.name_field if known is not None else "name"


def _asset_lines(reader: _Reader) -> list[Fact]:
    fields = reader.fields
    metadata = field.group(fields, "metadata")
    taken = field.wall_moment(fields, "local_datetime")
    seconds = field.amount(fields, "duration")
    quality = field.amount(fields, "quality_score")
    return [
        Fact("taken", wall_clock(taken) if taken else "unknown"),
        Fact("where", place_words(metadata)),
        Fact("size", size_words(fields)),
        Fact("length", "" if seconds is None else duration(seconds)),
        Fact("camera", _camera(metadata)),
        Fact("lens", field_text(metadata, "lens_model")),
        Fact("exposure", exposure_words(metadata)),
        Fact("people", _people(fields)),
        Fact("albums", "" if reader.albums is None else join_names(reader.albums) or "none"),
        reader.reference("stack", "stack", "stack_id"),
        reader.text("description", "description"),
        Fact("caption", field_text(metadata, "description")),
        Fact("rating", rating_words(metadata)),
        Fact("quality", "" if quality is None else f"{quality:.2f} of 1"),
        reader.text("version", "kind"),
        reader.text("type", "mime_type"),
        reader.moment("uploaded", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


def _camera(metadata: Fields) -> str:
    make, model = field_text(metadata, "make"), field_text(metadata, "model")
    return model if make and model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()


def _people(fields: Fields) -> str:
    """Who is in the photo; empty when people were not read."""
    if fields.get("people") is None:
        faces = field.groups(fields, "faces")
        return plural(len(faces), "face") if faces else ""
    people = field.groups(fields, "people")
    names = [name for person in people if (name := field_text(person, "name"))]
    unnamed = len(people) - len(names)
    return join_names([*names, *([f"{number(unnamed)} unnamed"] if unnamed else [])], limit=8) or "no one"


def _album_lines(reader: _Reader) -> list[Fact]:
    return [
        reader.text("description", "description"),
        reader.count("photos", "asset_count"),
        Fact("dates", _dates(reader.fields)),
        reader.reference("cover", "asset", "album_cover_asset_id", "none"),
        reader.moment("created", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


def _dates(fields: Fields) -> str:
    ends = [field.wall_moment(fields, key) for key in ("start_date", "end_date")]
    days = list(dict.fromkeys(day_words(day) for day in ends if day is not None))
    return " – ".join(days)


def _person_lines(reader: _Reader) -> list[Fact]:
    fields = reader.fields
    born = field.wall_moment(fields, "birth_date")
    marks = [word for key, word in (("is_favorite", "favorite"), ("is_hidden", "hidden")) if fields.get(key) is True]
    return [
        Fact("born", day_words(born) if born else ""),
        reader.count("photos", "asset_count"),
        Fact("marked", join_names(marks)),
        Fact("faces", _metric(field.group(fields, "cluster_metrics"))),
        reader.reference("portrait", "face", "thumbnail_face_id"),
        reader.moment("created", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


def _metric(metrics: Fields) -> str:
    faces = field.count(metrics, "face_count")
    return "" if faces is None else number(faces)


def _face_lines(reader: _Reader) -> list[Fact]:
    fields = reader.fields
    confidence = field.amount(fields, "confidence")
    frame = field.amount(fields, "timestamp_ms")
    distance = field.amount(field.group(fields, "cluster_assignment"), "distance_to_person")
    return [
        reader.reference("photo", "asset", "asset_id"),
        reader.reference("person", "person", "person_id", "not assigned"),
        Fact("confidence", "unknown" if confidence is None else f"{confidence:.0%}"),
        Fact("found", _SOURCES.get(source := field_text(fields, "source"), source)),
        Fact("distance", "" if distance is None else f"{distance:.2f} from the person"),
        Fact("box", _box(field.group(fields, "bounding_box"))),
        Fact("frame", "" if frame is None else f"at {duration(frame / 1000)}"),
        reader.moment("created", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


_SOURCES = {"automatic": "automatically", "manual": "drawn by hand"}


def _box(box: Fields) -> str:
    sides = [field.amount(box, key) for key in ("w", "h", "x", "y")]
    if any(side is None for side in sides):
        return ""
    width, height, left, top = (round(side or 0) for side in sides)
    return f"{width}×{height} px at {left}, {top}"


def _link_lines(reader: _Reader) -> list[Fact]:
    return [
        reader.reference("photo", "asset", "asset_id"),
        reader.reference("album", "album", "album_id"),
        reader.moment("added", "created_at"),
    ]


def _stack_lines(reader: _Reader) -> list[Fact]:
    origin = field_text(reader.fields, "origin")
    return [
        reader.count("photos", "asset_count"),
        Fact("origin", _ORIGINS.get(origin, origin)),
        reader.reference("cover", "asset", "primary_asset_id", "not chosen"),
        reader.moment("created", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


_ORIGINS = {"auto_burst": "a burst, found automatically", "user": "stacked by hand"}


def _library_lines(reader: _Reader) -> list[Fact]:
    used = field.count(reader.fields, "storage_used_bytes")
    limit = field.count(reader.fields, "storage_limit_bytes")
    return [
        reader.text("description", "description"),
        reader.count("photos", "asset_count"),
        reader.text("your role", "role"),
        Fact("storage", "" if used is None else byte_size(used) + (f" of {byte_size(limit)}" if limit else "")),
        reader.moment("created", "created_at"),
        reader.moment("changed", "updated_at"),
    ]


def _any_lines(reader: _Reader) -> list[Fact]:
    """An unknown kind: its plain fields, under the service's own names."""
    return [
        Fact(visible(key, 40), visible(str(value)))
        for key, value in reader.fields.items()
        if key != "id" and isinstance(value, str | int | float)
    ]


_BODIES: dict[str, Callable[[_Reader], list[Fact]]] = {
    "asset": _asset_lines,
    "album": _album_lines,
    "person": _person_lines,
    "face": _face_lines,
    "album_asset": _link_lines,
    "stack": _stack_lines,
    "library": _library_lines,
}


RATING_MAX = 5


def size_words(fields: Fields) -> str:
    """`4032×3024 · 12.2 MP · 2.1 MB`; a width or height of 0 stands for unknown."""
    width, height = field.count(fields, "width"), field.count(fields, "height")
    size = field.count(fields, "file_size_bytes") or field.count(field.group(fields, "file_data"), "file_size_bytes")
    parts = [f"{width}×{height}", megapixels(width, height)] if width and height else ["unknown"]
    return " · ".join([*parts, *([byte_size(size)] if size else [])])


def place_words(metadata: Fields) -> str:
    """The ready-made place text, else city and country, else coordinates; empty when nothing is known."""
    label = field_text(metadata, "display_label") or field_text(metadata, "place_name")
    parts = [field_text(metadata, key) for key in ("city", "state", "country")]
    return label or ", ".join(dict.fromkeys(part for part in parts if part)) or _coordinates(metadata)


def _coordinates(metadata: Fields) -> str:
    latitude, longitude = field.amount(metadata, "latitude"), field.amount(metadata, "longitude")
    if latitude is None or longitude is None:
        return ""
    return f"{abs(latitude):.4f}° {'S' if latitude < 0 else 'N'}, {abs(longitude):.4f}° {'W' if longitude < 0 else 'E'}"


def exposure_words(metadata: Fields) -> str:
    """`1/125 s · f/1.8 · ISO 64 · 7 mm · −0.3 EV`, whatever of it is known."""
    seconds, aperture = field.amount(metadata, "exposure_time"), field.amount(metadata, "f_number")
    iso, focal = field.count(metadata, "iso"), field.amount(metadata, "focal_length")
    bias = field.amount(metadata, "exposure_bias")
    parts = [
        exposure(seconds) if seconds else "",
        f"f/{aperture:g}" if aperture else "",
        f"ISO {iso}" if iso else "",
        f"{focal:g} mm" if focal else "",
        f"{'−' if bias < 0 else '+'}{abs(bias):.1f} EV" if bias else "",
    ]
    return " · ".join(part for part in parts if part)


def rating_words(metadata: Fields) -> str:
    """`★★★☆☆ 3 of 5`; empty when there is none, or one out of range."""
    stars = field.count(metadata, "rating")
    if stars is None or stars > RATING_MAX:
        return ""
    return f"{'★' * stars}{'☆' * (RATING_MAX - stars)} {stars} of {RATING_MAX}"


def status_line(
    state: EntityState,
    *,
    zone: tzinfo,
    now: datetime,
    retention: timedelta,
    gone_since_us: int | None = None,
) -> Fact:
    """The headline of an entity; `gone_since_us` is the time of the event that took it away, if one is known.

    `retention` is how long the service keeps what is in the trash.
    """
    since = "" if gone_since_us is None else f" since {moment_words(gone_since_us, zone, now)}"
    match state.presence:
        case Presence.LIVE:
            return Fact("", "IN THE LIBRARY", Tone.GOOD)
        case Presence.TRASHED:
            trashed_at = field.moment(state.entity.fields, "trashed_at") if state.entity else None
            return Fact("", f"IN TRASH{trash_words(trashed_at, zone=zone, now=now, retention=retention)}", Tone.WARN)
        case Presence.MOVED:
            return Fact("", f"MOVED to another library{since}", Tone.WARN)
        case Presence.GONE:
            return Fact("", f"GONE{since}", Tone.BAD)
        case Presence.AWAY:
            return Fact("", "NOT IN THE LIBRARY: gone, or moved to another one", Tone.BAD)


def trash_words(trashed_at: datetime | None, *, zone: tzinfo, now: datetime, retention: timedelta) -> str:
    """Since when, and until when it can probably be restored: the service gives only the first."""
    if trashed_at is None:
        return ", recoverable"
    trashed_us = to_us(trashed_at)
    since = f" since {moment_words(trashed_us, zone, now)}"
    kept = f"{plural(retention.days, 'day')} unless configured"
    until_us = min(trashed_us + retention // timedelta(microseconds=1), CALENDAR_END_US)
    if until_us <= to_us(now):
        return f"{since}, kept longer than expected ({kept}): it may be purged at any time"
    return f"{since}, recoverable until about {day_words(local(until_us, zone))} ({kept})"


def as_of_line(read_at: datetime, *, zone: tzinfo, now: datetime, is_offline: bool = False) -> Fact:
    """Says that the fields are as of the time they were read; offline that is not now."""
    us = to_us(read_at)
    if is_offline:
        return Fact("", f"as last seen {moment_words(us, zone, now)}", Tone.DIM)
    day = day_label(us, zone, now)
    clock = clock_time(us, zone)
    read = f"as it is now, read {clock}" if day == "today" else f"as it was when read {day} {clock}"
    return Fact("", read, Tone.DIM)
