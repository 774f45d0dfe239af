"""What a destructive event means now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.report.known_entities import Known
from gumnut_tui.report.model import Status, Verdict

LAST_MOMENT = datetime.max.replace(tzinfo=UTC)


def judge(event: Event, known: Known, retention: timedelta) -> Verdict:
    """The verdict on a destructive event, by what is known."""
    if event.kind == "asset":
        return _judge_photo(event, known, retention)
    if event.entity_type == "album_asset":
        return _judge_link(event, known, retention)
    return _judge_other(event, known)


def _judge_photo(event: Event, known: Known, retention: timedelta) -> Verdict:
    presence = known.presence("asset", event.entity_id)
    if event.entity_type != "asset":
        remark = "only its metadata row was removed" if presence is Presence.LIVE else ""
        return _of_photo(presence, event.entity_id, known, retention, remark)
    if event.operation is Operation.MOVED_OUT and presence is not Presence.LIVE:
        # Where it went we cannot look: not finding it proves nothing.
        return _moved_out(event, presence, known, retention)
    if presence is Presence.LIVE:
        if event.operation is Operation.MOVED_OUT:
            return Verdict(Status.RESTORED, remark="moved back since")
        return Verdict(Status.RESTORED)
    if presence is None and event.operation is Operation.DELETED:
        return Verdict(Status.GONE)
    return _of_photo(presence, event.entity_id, known, retention)


def _moved_out(event: Event, presence: Presence | None, known: Known, retention: timedelta) -> Verdict:
    if presence is Presence.TRASHED:
        return _of_photo(presence, event.entity_id, known, retention, "moved back, then trashed")
    is_deleted_here = known.fates.presence(event.entity_id) is Presence.GONE
    return Verdict(Status.GONE, remark="moved back, then deleted") if is_deleted_here else Verdict(Status.MOVED)


_PHOTO_STATUSES = {
    Presence.LIVE: Status.LIVE,
    Presence.GONE: Status.GONE,
    Presence.MOVED: Status.MOVED,
    Presence.TRASHED: Status.TRASHED,
}


def _of_photo(
    presence: Presence | None, asset_id: str, known: Known, retention: timedelta, remark: str = ""
) -> Verdict:
    if presence is None:
        is_absent = known.was_asked(("asset", asset_id))
        return Verdict(Status.UNKNOWN, remark=remark or ("not in this library: gone or moved" if is_absent else ""))
    until = _recoverable_until(asset_id, known, retention) if presence is Presence.TRASHED else None
    return Verdict(_PHOTO_STATUSES[presence], until, remark)


def _recoverable_until(asset_id: str, known: Known, retention: timedelta) -> datetime | None:
    told = field.moment(known.fields("asset", asset_id) or {}, "trashed_at")
    trashed_at = told or known.fates.trashed_at(asset_id)
    if trashed_at is None:
        return None
    try:
        return trashed_at.astimezone(UTC) + retention
    except (OverflowError, ValueError):
        return LAST_MOMENT


_LINK_REMARKS = {
    Status.GONE: "taken out of the album; the photo is gone too",
    Status.TRASHED: "taken out of the album; the photo is in the trash",
    Status.MOVED: "taken out of the album; the photo is in another library",
    Status.UNKNOWN: "taken out of the album; what became of the photo is not known",
}


def _judge_link(event: Event, known: Known, retention: timedelta) -> Verdict:
    photo = known.photo_of(event)
    if photo is None:
        return Verdict(Status.UNKNOWN, remark="taken out of an album; the event does not name the photo")
    found = _of_photo(known.presence("asset", photo), photo, known, retention)
    if found.status is not Status.LIVE:
        return Verdict(found.status, found.recoverable_until, _LINK_REMARKS[found.status])
    is_back = known.presence("album_asset", event.entity_id) is Presence.LIVE or known.fates.is_put_back(event)
    if is_back:
        return Verdict(Status.RESTORED, remark="put back into the album")
    return Verdict(Status.UNLINKED, remark="out of the album only, photo safe")


_OTHER_REMARKS = {
    "album": "the album only, its photos stay",
    "person": "deleted, merged or regrouped; no photo was touched",
    "face": "only the mark around a face",
    "stack": "dissolved, its photos stay",
}


def _judge_other(event: Event, known: Known) -> Verdict:
    remark = _OTHER_REMARKS.get(event.entity_type, "")
    match known.presence(event.kind, event.entity_id):
        case Presence.LIVE:
            return Verdict(Status.RESTORED if event.operation is Operation.TRASHED else Status.LIVE)
        case Presence.TRASHED:
            return Verdict(Status.TRASHED, remark="the whole library" if event.kind == "library" else "")
        case Presence.GONE | Presence.MOVED:
            return Verdict(Status.GONE, remark=remark)
        case None:
            # Deleted is for good, whether or not the service can be asked.
            is_final = event.operation is Operation.DELETED
            return Verdict(Status.GONE, remark=remark) if is_final else Verdict(Status.UNKNOWN)
