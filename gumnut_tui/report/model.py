"""The report as a value: findings, incidents and sums. Names in it are escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

import msgspec
from msgspec.structs import replace

from gumnut_tui.domain.incidents import Summary
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.facts import Tone


class Status(Enum):
    """What a destructive event means now, the worst first."""

    GONE = "gone"
    TRASHED = "trashed"
    MOVED = "moved"
    UNLINKED = "unlinked"
    RESTORED = "restored"
    LIVE = "live"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The status as shown."""
        return _WORDS[self]

    @property
    def tone(self) -> Tone:
        """How bad it is."""
        return _TONES[self]


_WORDS = {
    Status.GONE: "gone for good",
    Status.TRASHED: "in the trash",
    Status.MOVED: "in another library",
    Status.UNLINKED: "only taken out of an album",
    Status.RESTORED: "restored since",
    Status.LIVE: "still there",
    Status.UNKNOWN: "not known",
}
_TONES = {
    Status.GONE: Tone.BAD,
    Status.TRASHED: Tone.WARN,
    Status.MOVED: Tone.WARN,
    Status.UNLINKED: Tone.NORMAL,
    Status.RESTORED: Tone.GOOD,
    Status.LIVE: Tone.GOOD,
    Status.UNKNOWN: Tone.DIM,
}


class Verdict(msgspec.Struct, frozen=True):
    """What an event means now, with a remark where the status alone is not enough."""

    status: Status
    recoverable_until: datetime | None = None
    """About when the service will purge it; None for what is not in the trash."""
    remark: str = ""


class Finding(msgspec.Struct, frozen=True):
    """A destructive event and what it means now: one field for each thing that a report shows."""

    event: Event
    name: str
    albums: tuple[str, ...]
    """Names of the albums it was in, if known."""
    verdict: Verdict
    photo: str | None = None
    """The id of the photo affected, if any."""
    thumbhash: str | None = None
    taken: str = ""
    """When the photo was taken, by the camera's clock."""
    incident: str | None = None

    @property
    def tone(self) -> Tone:
        """How bad it is: a face or person that the service created and removed again is nothing to worry about."""
        is_minor = self.event.entity_type in _MINOR and self.verdict.status is Status.GONE
        return Tone.DIM if is_minor else self.verdict.status.tone


_MINOR = frozenset({"person", "face", "stack"})


class Restorable(msgspec.Struct, frozen=True):
    """A photo in the trash."""

    asset_id: str
    name: str
    until: datetime | None


class IncidentEntry(msgspec.Struct, frozen=True):
    """An incident as a list shows it."""

    summary: Summary
    albums: tuple[str, ...]
    people: tuple[str, ...]
    statuses: tuple[tuple[Status, int], ...]
    """How many of its events have each status."""
    photos: tuple[tuple[Status, int], ...]
    """How many photos that it trashed, deleted or moved have each status; each counts once."""
    restorable: tuple[Restorable, ...]


class Heading(msgspec.Struct, frozen=True):
    """Which library a report is about, which events, and as of when."""

    library_id: str | None
    library: str
    """The library's name; may be empty."""
    scope: str
    """Which events the report covers, in words."""
    as_of: datetime
    is_offline: bool
    """The service was not asked: all statuses are those last known at `as_of`."""
    retention: timedelta
    base_url: str
    """The server for restore commands; empty if there must be none, as for a journal of another server."""


class Report(msgspec.Struct, frozen=True):
    """The deletion report of one library."""

    heading: Heading
    findings: tuple[Finding, ...]
    """In feed order."""
    incidents: tuple[IncidentEntry, ...]
    """Newest first."""

    def only(self, entry: IncidentEntry) -> Report:
        """The part of the report that is about one incident."""
        wanted = entry.summary.incident.id
        return replace(
            self,
            findings=tuple(finding for finding in self.findings if finding.incident == wanted),
            incidents=(entry,),
        )

    @property
    def statuses(self) -> tuple[tuple[Status, int], ...]:
        """How many events have each status."""
        return count_statuses(self.findings)

    @property
    def photos(self) -> tuple[tuple[Status, int], ...]:
        """How many photos that were trashed, deleted or moved have each status; each counts once."""
        return count_photos(self.findings)

    @property
    def restorable(self) -> tuple[Restorable, ...]:
        """The photos in the trash, each once, sorted by when they will be purged."""
        return restorable_among(self.findings)

    @property
    def albums(self) -> tuple[tuple[str, int], ...]:
        """Albums affected, with the number of events; most first."""
        return tuple(Counter(album for finding in self.findings for album in finding.albums).most_common())


def count_statuses(findings: Iterable[Finding]) -> tuple[tuple[Status, int], ...]:
    """How many findings have each status, the worst first."""
    counts = Counter(finding.verdict.status for finding in findings)
    return tuple((status, counts[status]) for status in Status if counts[status])


def count_photos(findings: Iterable[Finding]) -> tuple[tuple[Status, int], ...]:
    """How many photos among the findings have each status, except those only taken out of an album."""
    by_photo = {finding.photo: finding for finding in findings if finding.event.entity_type == "asset"}
    return count_statuses(by_photo.values())


def restorable_among(findings: Iterable[Finding]) -> tuple[Restorable, ...]:
    """The photos in the trash among the findings, each once, sorted by when they will be purged."""
    photos = {
        finding.photo: Restorable(finding.photo, finding.name, finding.verdict.recoverable_until)
        for finding in findings
        if finding.photo and finding.verdict.status is Status.TRASHED
    }
    return tuple(sorted(photos.values(), key=lambda photo: photo.until.timestamp() if photo.until else float("inf")))
