"""The sentences of a report, the same on the screen, in a terminal and in a file. All are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from gumnut_tui.domain.incidents import Incident, Summary
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import Operation, to_us
from gumnut_tui.formatting.entity_lines import COPY_HINT
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import join_names, plural
from gumnut_tui.formatting.times import date_time, day_words, local, offset_words, span_words
from gumnut_tui.report.model import Finding, IncidentEntry, Report, Restorable, Status, Verdict

NO_ACTOR = "The service does not record who did what, so this report says what happened and nothing about people."

_ASPECT = ("metadata record", "metadata records")


def what_words(operation: Operation, entity_type: str, count: int) -> str:
    """`200 photos trashed`, `14 photos taken out of albums`."""
    if entity_type == "album_asset" and operation is Operation.REMOVED:
        return f"{plural(count, 'photo')} taken out of {'an album' if count == 1 else 'albums'}"
    one, many = _nouns(entity_type)
    verb = "moved to another library" if operation is Operation.MOVED_OUT else operation.word
    return f"{plural(count, one, many)} {verb}"


def _nouns(entity_type: str) -> tuple[str, str]:
    if entity_type in KINDS:
        return KINDS[entity_type].nouns
    return _ASPECT if kind_of(entity_type) in KINDS else (visible(entity_type, 40),) * 2


def did_words(summary: Summary, limit: int = 4) -> str:
    """What an incident did, the worst first."""
    return join_names([what_words(*did) for did in summary.did], limit)


def length_words(incident: Incident) -> str:
    """How long it took: `in 28 s`; `at once` below half a second."""
    return f"in {span_words(incident.seconds)}" if incident.seconds >= 0.5 else "at once"


def span_of(incident: Incident, zone: tzinfo) -> str:
    """Its time span: `2026-11-21 19:53:14–19:53:42`."""
    first, last = date_time(incident.first_us, zone), date_time(incident.last_us, zone)
    if first == last:
        return first
    return f"{first}–{last[11:] if first[:10] == last[:10] else last}"


def moment(when: datetime, zone: tzinfo) -> str:
    """A time that is clear in any zone: `2026-11-21 19:53:14 +01:00`."""
    us = to_us(when)
    offset = offset_words(local(us, zone))
    return f"{date_time(us, zone)} {'UTC' if offset == 'Z' else offset}"


def as_of_words(report: Report, zone: tzinfo) -> str:
    """The time of the statuses, and whether the service was asked."""
    if report.heading.is_offline:
        return f"as last known {moment(report.heading.as_of, zone)}; the service was not asked"
    return f"as of {moment(report.heading.as_of, zone)}"


def until_words(until: datetime, zone: tzinfo) -> str:
    """About when something will be purged: `about 19 Feb 2027`."""
    return f"about {day_words(local(to_us(until), zone))}"


def verdict_words(verdict: Verdict, zone: tzinfo, now: datetime) -> str:
    """What an event means now, in one phrase."""
    words = verdict.remark or verdict.status.words
    if verdict.status is Status.GONE and verdict.remark:
        words = f"gone: {verdict.remark}" if not verdict.remark.startswith("taken out") else verdict.remark
    if verdict.recoverable_until is None:
        return words
    return f"{words}, {_recoverable(verdict.recoverable_until, zone, now)}"


def _recoverable(until: datetime, zone: tzinfo, now: datetime) -> str:
    if until <= now:
        return "may be purged at any time"
    return f"recoverable until {until_words(until, zone)}"


def opening(report: Report) -> str:
    """The first sentence: how much was removed."""
    if not report.findings:
        return "Nothing was deleted, trashed, removed or moved away."
    photos = sum(count for _, count in report.photos)
    events = plural(len(report.findings), "event")
    if not photos:
        return f"{events} removed something; no photo was trashed, deleted or moved."
    return f"{events} removed something; {plural(photos, 'photo')} {'was' if photos == 1 else 'were'} affected: " + (
        join_names([f"{count:,} {status.words}" for status, count in report.photos], 9) + "."
    )


def restorable_words(photos: tuple[Restorable, ...], zone: tzinfo, now: datetime) -> str:
    """How many photos can be restored, and until when."""
    if not photos:
        return "None of this is in the trash."
    words = f"{plural(len(photos), 'photo')} can still be restored from the trash"
    times = [photo.until for photo in photos if photo.until is not None]
    if not times:
        return f"{words}; until when is not known."
    first, last = until_words(times[0], zone), until_words(times[-1], zone)
    if times[0] <= now:
        return f"{words}, but some are kept longer than expected and may be purged at any time."
    return f"{words}, until {first}." if first == last else f"{words}, the first until {first}, the last until {last}."


def copies_words(report: Report) -> str:
    """What may be done about photos that are gone for good; empty where there are none."""
    gone = dict(report.photos).get(Status.GONE, 0)
    return f"{plural(gone, 'photo')} {'is' if gone == 1 else 'are'} gone for good; {COPY_HINT}." if gone else ""


def retention_words(report: Report) -> str:
    """How the dates were calculated."""
    days = plural(report.heading.retention.days, "day")
    return f"Assumes photos stay in the trash for {days}; the service only says when they were trashed."


def statuses_words(statuses: Iterable[tuple[Status, int]]) -> str:
    """`140 in the trash, 60 restored since`."""
    return ", ".join(f"{count:,} {status.words}" for status, count in statuses)


def incident_lines(entry: IncidentEntry) -> Iterator[tuple[str, str]]:
    """Further details of an incident, as label and value."""
    if entry.photos:
        yield "photos now", statuses_words(entry.photos)
    else:
        yield "now", statuses_words(entry.statuses)
    if entry.albums:
        yield "albums", join_names(entry.albums, 6)
    if entry.people:
        yield "people on the photos" if entry.summary.photos else "people", join_names(entry.people, 6)


TAKEN_OUT = "photo taken out of album"
"""The longest words for what happened."""


def event_words(finding: Finding) -> str:
    """What happened: `photo trashed`."""
    event = finding.event
    if event.entity_type == "album_asset" and event.operation is Operation.REMOVED:
        return TAKEN_OUT
    return what_words(event.operation, event.entity_type, 1).removeprefix("1 ")
