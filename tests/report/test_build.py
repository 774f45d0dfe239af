"""Which events a report shows, and what follows from all of them."""

from __future__ import annotations

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import Operation
from gumnut_tui.report.model import Status
from tests.report.cases import UNTIL, Service, burst, entity, happened, photo, report_on, taken_out, trashed

PAIR = IncidentRules(pause=30, size=2)


def test_only_destructive_events_are_shown() -> None:
    """What was made, changed or restored is no finding."""
    events = [happened(f"asset_{word}", number=n) for n, word in enumerate(("created", "updated", "restored"), 1)]
    assert report_on(events, Service()).findings == ()


def test_filters_choose_what_is_shown_and_not_what_it_means() -> None:
    """Incidents and fates follow from all events of the range, whatever the filter lets through."""
    events = [taken_out(number=1), happened("asset_deleted", number=2)]
    wanted = EventFilter(entity_types=frozenset({"album_asset"}))
    report = report_on(events, Service(), wanted=wanted, rules=PAIR)
    (finding,) = report.findings
    assert finding.verdict.status is Status.GONE
    (entry,) = report.incidents
    assert entry.summary.incident.id == finding.incident
    assert entry.summary.did == ((Operation.DELETED, "asset", 1), (Operation.REMOVED, "album_asset", 1))


def test_incidents_without_a_shown_event_are_left_out() -> None:
    """A report is about what it shows."""
    events, service = burst()
    report = report_on(events, service, wanted=EventFilter(operations=frozenset({Operation.DELETED})))
    assert (report.findings, report.incidents) == ((), ())
    assert service.asked == []


def test_text_is_looked_for_in_names_and_albums() -> None:
    """The name that was just read counts like an id, and so does an album's."""
    events = [taken_out("asset_1", number=1), taken_out("asset_2", "album_2", number=2)]
    there = [photo(name="IMG_1.HEIC"), photo("asset_2", "beach.jpg"), entity("album", "album_1", name="Italy")]
    for text, shown in (("BEACH", [2]), ("italy", [1]), ("album_asset_1", [1]), ("", [1, 2]), ("nothing", [])):
        report = report_on(events, Service(there), wanted=EventFilter(text=text))
        assert [finding.event.entity_id[-1] for finding in report.findings] == [str(number) for number in shown]


def test_totals_count_events_and_photos_apart() -> None:
    """A photo hit several times is one photo; one only taken out of an album was not hit."""
    events = [
        happened("asset_trashed", number=1),
        happened("asset_restored", number=2),
        happened("asset_trashed", number=3),
        taken_out(number=4),
        taken_out("asset_2", number=5),
        happened("asset_deleted", "asset_3", 6),
    ]
    report = report_on(events, Service([trashed(), photo("asset_2")]))
    assert report.statuses == ((Status.GONE, 1), (Status.TRASHED, 3), (Status.UNLINKED, 1))
    assert report.photos == ((Status.GONE, 1), (Status.TRASHED, 1))
    assert [(one.asset_id, one.until) for one in report.restorable] == [("asset_1", UNTIL)]


def test_an_incident_tells_what_it_touched() -> None:
    """People are those on the photos, recoverable what is in the trash; the newest incident comes first."""
    events, service = burst()
    later = [happened("asset_deleted", f"asset_{number}", number) for number in range(100, 110)]
    report = report_on([*events, *later], service)
    newer, older = report.incidents
    assert newer.summary.did == ((Operation.DELETED, "asset", 10),)
    assert (older.people, len(older.restorable), older.photos) == (("Ana",), 12, ((Status.TRASHED, 12),))
    assert len(report.only(older).findings) == 12


def test_people_with_a_name_come_first() -> None:
    """The many that nobody named are told after those one knows."""
    people = [{"id": "person_1", "name": None}, {"id": "person_2", "name": "Ana"}]
    events = [happened("asset_trashed", number=1), happened("asset_trashed", number=2)]
    (entry,) = report_on(events, Service([trashed(people=people)]), rules=PAIR).incidents
    assert entry.people == ("Ana", "unnamed person")


def test_albums_hit_are_counted() -> None:
    """By events, the most first, whether named or not."""
    events = [
        taken_out("asset_1", "album_1", 1),
        taken_out("asset_2", "album_2", 2),
        taken_out("asset_3", "album_2", 3),
    ]
    report = report_on(events, Service([entity("album", "album_2", name="Italy")]))
    assert report.albums == (("Italy", 2), ("album …um_1", 1))
