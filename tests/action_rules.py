"""The rules of actions once more, event by event and as slow as can be: what the engine is held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gumnut_tui.domain.models import Event

SECOND = 1_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
SHORT = {"trash", "restore", "delete", "purge"}


@dataclass(frozen=True)
class Placed:
    """Where an event belongs."""

    event: Event
    family: str
    subject: str
    anchor: int


def partition(events: Sequence[Event]) -> list[frozenset[str]]:
    """The cursors of each action, in no order."""
    placed = [_place(event, events) for event in events]
    actions = list[frozenset[str]]()
    for family in {one.family for one in placed}:
        pause = 30 * SECOND if family in SHORT else 5 * MINUTE
        for chain in _chains([one for one in placed if one.family == family], pause):
            subjects = {one.subject for one in chain}
            if len(subjects - {""}) <= 1:
                actions.append(_cursors(chain))
                continue
            for subject in subjects:
                parts = _chains([one for one in chain if one.subject == subject], pause)
                actions += map(_cursors, parts)
    return actions


def _cursors(placed: Iterable[Placed]) -> frozenset[str]:
    return frozenset(one.event.cursor for one in placed)


def _chains(placed: list[Placed], pause: int) -> list[list[Placed]]:
    chains = list[list[Placed]]()
    for one in sorted(placed, key=lambda one: one.anchor):
        if chains and one.anchor - chains[-1][-1].anchor <= pause:
            chains[-1].append(one)
        else:
            chains.append([one])
    return chains


def _place(event: Event, events: Sequence[Event]) -> Placed:
    name, us, details = event.event_type, event.created_at_us, event.details

    def times(event_type: str, entity_id: str | None = None) -> list[int]:
        return [
            one.created_at_us for one in events if one.event_type == event_type and entity_id in (None, one.entity_id)
        ]

    def cause(found: list[int], back: int, ahead: int) -> int | None:
        before = [at for at in found if 0 <= us - at <= back]
        after = [at for at in found if 0 < at - us <= ahead]
        return max(before) if before else min(after) if after else None

    def upload(found: list[int]) -> int | None:
        return cause(found, HOUR, 2 * MINUTE)

    def deletion(entity_id: str, at: int) -> str:
        shelf = sorted(
            (one.created_at_us, one.event_type == "asset_trashed")
            for one in events
            if one.event_type in ("asset_trashed", "asset_restored")
            and one.entity_id == entity_id
            and one.created_at_us <= at
        )
        return "purge" if shelf and shelf[-1][1] and at - shelf[-1][0] > HOUR else "delete"

    def own(family: str, subject: str = "") -> Placed:
        return Placed(event, family, subject, us)

    def near_upload(family: str) -> Placed:
        at = upload(times("asset_created"))
        return own(family) if at is None else Placed(event, "upload", "", at)

    if name == "asset_created":
        return own("upload")
    if name in ("asset_updated", "metadata_updated", "exif_created", "exif_updated", "exif_deleted"):
        at = upload(times("asset_created", event.entity_id))
        if at is not None:
            return Placed(event, "upload", "", at)
        return own("stacks" if "stack_id" in details else "edits")
    if name in ("face_created", "person_created"):
        return near_upload("people")
    if name == "stack_created":
        return near_upload("stacks")
    if name in ("person_updated", "person_deleted"):
        back = 2 * MINUTE if name == "person_updated" else HOUR
        is_new = cause(times("person_created", event.entity_id), back, 2 * MINUTE) is not None
        return near_upload("people") if is_new else own("people")
    if name == "face_updated":
        before = details.get("previous_person_id")
        is_free = not before or upload(times("person_created", before)) is not None
        return near_upload("people") if is_free else own("people")
    if name == "face_deleted":
        at = cause(times("asset_deleted"), 30 * SECOND, 30 * SECOND)
        if at is None:
            return own("people")
        photos = [one.entity_id for one in events if one.event_type == "asset_deleted" and one.created_at_us == at]
        families = {deletion(photo, at) for photo in photos}
        return Placed(event, "delete" if "delete" in families else "purge", "", at)
    if name == "asset_deleted":
        return own(deletion(event.entity_id, us))
    if name == "album_asset_removed" and (photo := details.get("asset_id")):
        at = cause(times("asset_deleted", photo), MINUTE, MINUTE)
        if at is not None:
            return Placed(event, deletion(photo, at), "", at)
        at = cause(times("asset_moved_out", photo), MINUTE, MINUTE)
        if at is not None:
            return Placed(event, "moved out", "", at)
    if name in ("album_asset_added", "album_asset_removed"):
        return own("album", details.get("album_id") or "")
    if name in ("album_created", "album_updated", "album_deleted"):
        return own("album", event.entity_id)
    plain = {
        "asset_trashed": "trash",
        "asset_restored": "restore",
        "asset_moved_out": "moved out",
        "asset_moved_in": "moved in",
        "stack_updated": "stacks",
        "stack_deleted": "stacks",
        "library_trashed": "library",
        "library_restored": "library",
    }
    return own(plain.get(name, name))
