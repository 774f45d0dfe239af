"""From events to the report, and what a destructive event means now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import Bursts, Incident, IncidentRules, find_incidents, summarize
from gumnut_tui.domain.models import DESTRUCTIVE, Event, Operation, Presence
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import entity_name
from gumnut_tui.formatting.times import wall_clock
from gumnut_tui.report.known_entities import Aftermath, Known
from gumnut_tui.report.model import (
    Finding,
    Heading,
    IncidentEntry,
    Report,
    Status,
    Verdict,
    count_photos,
    count_statuses,
    restorable_among,
)

TELLING = DESTRUCTIVE | {Operation.RESTORED, Operation.MOVED_IN, Operation.ADDED}
"""Operations of the events that a report needs; others need not be passed to it."""


@dataclass
class Material:
    """The events of a range, added in feed order: the destructive ones, and what others of `TELLING` say about them.

    Incidents and fates follow from all events of the range, even if a report shows only some of them.
    """

    rules: IncidentRules = field(default_factory=IncidentRules)
    events: list[Event] = field(default_factory=list)
    """The destructive events."""
    fates: Aftermath = field(default_factory=Aftermath)

    def take(self, events: Collection[Event]) -> None:
        """Add the next events of the range."""
        self.events.extend(event for event in events if event.operation.is_destructive)
        self.fates.take(events)


@dataclass(frozen=True)
class Choice:
    """The events a report shows, and all those it needs a verdict for."""

    shown: tuple[Event, ...]
    judged: tuple[Event, ...]
    """Those shown, and the others of their incidents, in feed order."""
    bursts: Bursts

    def incidents(self, events: Iterable[Event]) -> list[Incident]:
        """The incidents these events belong to, newest first."""
        found = {incident for event in events if (incident := self.bursts.at(event.created_at_us))}
        return sorted(found, key=lambda incident: incident.first_us, reverse=True)


def choose(material: Material, wanted: EventFilter) -> Choice:
    """The destructive events that match the filter; its text is applied in `compose`, when names are known."""
    bursts = find_incidents(material.events, material.rules)
    no_text = msgspec.structs.replace(wanted, text="")
    shown = tuple(event for event in material.events if no_text.matches(event))
    touched = {incident for event in shown if (incident := bursts.at(event.created_at_us))}
    chosen = set(map(id, shown))
    judged = (event for event in material.events if id(event) in chosen or bursts.at(event.created_at_us) in touched)
    return Choice(shown, tuple(judged), bursts)


def compose(choice: Choice, wanted: EventFilter, known: Known, heading: Heading) -> Report:
    """Compose the report from what is known; the library's name in `heading` is as received."""
    judged = {id(event): _finding(event, choice, known, heading.retention) for event in choice.judged}
    findings = [judged[id(event)] for event in choice.shown]
    if wanted.text:
        findings = [finding for finding in findings if wanted.matches(finding.event, (finding.name, *finding.albums))]
    incidents = choice.incidents(finding.event for finding in findings)
    return Report(
        replace(heading, library=visible(heading.library)),
        tuple(findings),
        _entries(incidents, tuple(judged.values()), known),
    )


def _entries(incidents: Sequence[Incident], judged: Sequence[Finding], known: Known) -> tuple[IncidentEntry, ...]:
    by_incident: dict[str, list[Finding]] = {incident.id: [] for incident in incidents}
    for finding in judged:
        if finding.incident in by_incident:
            by_incident[finding.incident].append(finding)
    return tuple(incident_entry(incident, by_incident[incident.id], known) for incident in incidents)


def incident_entry(incident: Incident, findings: Sequence[Finding], known: Known) -> IncidentEntry:
    """An incident with the names and statuses of what it affected."""
    summary = summarize(incident, (finding.event for finding in findings), known.touched)
    return IncidentEntry(
        summary,
        albums=tuple(known.title("album", album) for album in summary.albums),
        people=tuple(known.title("person", person) for person in _named_first(summary.people, known)),
        statuses=count_statuses(findings),
        photos=count_photos(findings),
        restorable=restorable_among(findings),
    )


def _named_first(people: Sequence[str], known: Known) -> list[str]:
    """People with a name before the many without one."""
    return sorted(people, key=lambda person: not (known.fields("person", person) or {}).get("name"))


def _finding(event: Event, choice: Choice, known: Known, retention: timedelta) -> Finding:
    incident = choice.bursts.at(event.created_at_us)
    photo = known.photo_of(event)
    fields = (known.fields("asset", photo) if photo else None) or {}
    taken = fields_of.wall_moment(fields, "local_datetime")
    return Finding(
        event=event,
        name=entity_name(event, event.details, known.name),
        albums=tuple(known.title("album", album) for album in _albums(event, photo, known)),
        verdict=judge(event, known, retention),
        photo=photo,
        thumbhash=fields_of.thumbhash_of(fields),
        taken="" if taken is None else wall_clock(taken),
        incident=None if incident is None else incident.id,
    )


def _albums(event: Event, photo: str | None, known: Known) -> list[str]:
    """Ids of the albums to show with an event: the one it is about, or those its photo was in."""
    if event.kind == "album_asset":
        own = [entity_id for kind, entity_id in known.touched(event) if kind == "album"]
        album = fields_of.raw_id(known.fields(event.kind, event.entity_id) or {}, "album_id")
        return own or ([album] if album else [])
    if event.kind == "album":
        return [event.entity_id]
    return known.albums(photo) if photo and event.kind == "asset" else []


LAST_MOMENT = datetime.max.replace(tzinfo=UTC)


def judge(event: Event, known: Known, retention: timedelta) -> Verdict:
    """The verdict on a destructive event, from what is known."""
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
        # We cannot see where it went: not finding it proves nothing.
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
    told = fields_of.moment(known.fields("asset", asset_id) or {}, "trashed_at")
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
        case Presence.GONE | Presence.MOVED | Presence.AWAY:
            return Verdict(Status.GONE, remark=remark)
        case None:
            # Deleted is final, whether or not the service can be asked.
            is_final = event.operation is Operation.DELETED
            return Verdict(Status.GONE, remark=remark) if is_final else Verdict(Status.UNKNOWN)
