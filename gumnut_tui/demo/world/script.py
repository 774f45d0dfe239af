"""The run of the demo: which libraries there are, what happens in them when, and how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gumnut_tui.demo.world import chores, stories
from gumnut_tui.demo.world.actions import assets, libraries
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.clustering import cluster, regroup
from gumnut_tui.demo.world.imports import PHOTO_EVENTS, expected_events, plan_shoot, run_import
from gumnut_tui.demo.world.live import everyday, last_hour
from gumnut_tui.demo.world.records import LibraryRecord
from gumnut_tui.demo.world.service import DAY, HOUR, MINUTE, SECOND_US, Service
from gumnut_tui.demo.world.themes import THEME_NUMBER

PREHISTORY: Final = 130 * DAY
"""Seconds before the feeds begin at which the libraries were made."""

_IMPORTS_A_DAY: Final = 1.9
_LAST_HOUR_SHARE: Final = 0.05
_LAST_HOUR_MOST: Final = 2_500
_MISHAP_EVENTS: Final = 1.3
"""Events for each photo trashed by mistake, some being restored."""
_EVENING_EVENTS: Final = 45
"""About how many events the other small stories leave after the last import."""
_SETTLING: Final = 4 * MINUTE
"""How long the background jobs of an import go on after it, in seconds; until then the next is not measured."""
_SMALLEST_IMPORT: Final = 12 * PHOTO_EVENTS
"""Events an import is worth making for."""
_CHORE_EVENTS: Final = 45
"""Events of a run for each chore in it, at least."""
_CHORE_SHARE: Final = 400
"""Events of a run for each chore in it, at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of a run. Times are µs since the epoch."""

    begin_us: int
    now_us: int
    events: int

    @property
    def last_day_us(self) -> int:
        """Where the set pieces begin: a day before now, later when the whole run is short."""
        return self.now_us - int(self.stretch * DAY * SECOND_US)

    @property
    def stretch(self) -> float:
        """1 when the last day is a day; less when the whole run is shorter than two."""
        return min(1.0, (self.now_us - self.begin_us) / SECOND_US / DAY / 2)

    @property
    def last_hour_events(self) -> int:
        """How many events to keep for the last hour."""
        return max(60, min(_LAST_HOUR_MOST, int(self.events * _LAST_HOUR_SHARE)))

    @property
    def doomed(self) -> int:
        """How many photos are trashed by mistake."""
        return max(10, min(200, self.events // 100))

    def before_now(self, seconds: float) -> int:
        """An instant of the last day, µs."""
        return self.now_us - int(seconds * self.stretch * SECOND_US)


def stage(service: Service, plan: Plan) -> None:
    """Make the libraries and put everything that will happen on the agenda."""
    family = libraries.create(service, "Family Photos", "Everything since the old laptop died")
    studio = libraries.create(service, "Studio Archive", "Client work, selects only")
    guesthouse = libraries.create(service, "Guesthouse Porto", None)
    budget = max(0, plan.events - plan.last_hour_events - int(plan.doomed * _MISHAP_EVENTS) - _EVENING_EVENTS)
    _stage_family(service, family, plan, int(budget * 0.79))
    _stage_studio(service, studio, plan, int(budget * 0.16))
    _stage_guesthouse(service, guesthouse, plan, int(budget * 0.05))
    agenda = service.agenda
    agenda.start_at(last_hour(service, family, plan.events, plan.now_us), plan.before_now(55 * MINUTE))
    agenda.start_at(everyday(service, [family, family, family, studio]), plan.now_us)


def _stage_family(service: Service, library: LibraryRecord, plan: Plan, budget: int) -> None:
    themes = ("home", "birthday", "italy", "beach", "home", "mountains", "city", "japan", "school play", "scans")
    _stage_past(service, library, themes, plan, max(6, min(60, plan.events // 300)))
    at = service.agenda.start_at
    fixed = [plan.before_now(hours * HOUR) for hours in (21.3, 12.4, 5.2)]
    _stage_imports(service, library, themes, plan, budget, fixed)
    at(stories.delete_album(service, library), plan.before_now(19.6 * HOUR))
    at(chores.merge_people(service, library), plan.before_now(16.1 * HOUR))
    at(regroup(service, library), plan.before_now(13.6 * HOUR))
    at(stories.sort_out_a_trip(service, library), plan.before_now(11.3 * HOUR))
    at(chores.tidy_albums(service, library), plan.before_now(10.1 * HOUR))
    at(chores.stack_by_hand(service, library), plan.before_now(14.7 * HOUR))
    at(stories.empty_out_of_album(service, library), plan.before_now(9.4 * HOUR))
    at(stories.purge_for_good(service, library, 90 * MINUTE * plan.stretch), plan.before_now(8.5 * HOUR))
    at(chores.move_some(service, library), plan.before_now(7.9 * HOUR))
    at(chores.correct_faces(service, library), plan.before_now(4.1 * HOUR))
    at(stories.trash_by_mistake(service, library, plan.doomed, 7 * MINUTE * plan.stretch), plan.before_now(2.9 * HOUR))
    at(chores.name_people(service, library), plan.before_now(1.8 * HOUR))
    at(_announce_memories(service, library), plan.before_now(17.3 * HOUR))
    at(chores.reindex(service, library), plan.before_now(10.6 * HOUR))


def _stage_studio(service: Service, library: LibraryRecord, plan: Plan, budget: int) -> None:
    themes = ("portraits", "products")
    _stage_past(service, library, themes, plan, max(2, min(20, plan.events // 1000)))
    fixed = [plan.before_now(hours * HOUR) for hours in (18.5, 6.6)]
    _stage_imports(service, library, themes, plan, budget, fixed)
    service.agenda.start_at(chores.move_some(service, library), plan.before_now(6.0 * HOUR))


def _stage_guesthouse(service: Service, library: LibraryRecord, plan: Plan, budget: int) -> None:
    span = plan.last_day_us - plan.begin_us
    first, second = plan.begin_us + span // 12, plan.begin_us + span // 5
    quotas = [(first, 0.6), (second, 1.0)]
    service.agenda.start_at(
        _imports(service, library, ("guesthouse",), [(at_us, int(budget * share)) for at_us, share in quotas]),
        plan.begin_us,
    )
    service.agenda.start_at(_trash_library(service, library, span * 0.2 / SECOND_US), plan.begin_us + span // 2)


def _trash_library(service: Service, library: LibraryRecord, patience: float) -> Story:
    libraries.trash(service, library)
    yield patience
    libraries.restore(service, library)


def _announce_memories(service: Service, library: LibraryRecord) -> Story:
    for number in range(3):
        libraries.announce_memory(service, library, number)
        yield 7.0


def _stage_past(service: Service, library: LibraryRecord, themes: Sequence[str], plan: Plan, count: int) -> None:
    """Photos from before the feed began; most were trashed then, so that retention ends while we look."""
    service.agenda.start(_past(service, library, themes, plan, count), HOUR)
    service.agenda.start(chores.retention(service, library), 3.2 * HOUR)


def _past(service: Service, library: LibraryRecord, themes: Sequence[str], plan: Plan, count: int) -> Story:
    shoot = plan_shoot(service, THEME_NUMBER[themes[0]])
    yield from run_import(service, library, shoot, count, album=True)
    doomed = [number for number in library.assets if service.chance(0.7)]
    ends = sorted(plan.begin_us + int(service.rng.random() * (plan.now_us - plan.begin_us)) for _ in doomed)
    for number, end_us in zip(doomed, ends, strict=True):
        pause_us = end_us - int(chores.RETENTION * SECOND_US) - service.now_us
        yield max(1.0, pause_us / SECOND_US)
        assets.trash(service, service.asset(number))


def _stage_imports(
    service: Service,
    library: LibraryRecord,
    themes: Sequence[str],
    plan: Plan,
    budget: int,
    last_day: Sequence[int],
) -> None:
    """Spread imports over the run, each as large as it takes to stay on the way to `budget` events."""
    days = (plan.last_day_us - plan.begin_us) / SECOND_US / DAY
    imports = min(round(days * _IMPORTS_A_DAY), round(budget / _SMALLEST_IMPORT))
    starts = sorted(_waking_hours(service, plan, max(2, imports)))
    weights = [service.rng.lognormvariate(0, 0.8) for _ in starts]
    late_share = min(0.45, max(0.1, 0.6 * plan.stretch / (days + plan.stretch)))
    scale = budget * (1 - late_share) / sum(weights)
    reached, quotas = 0.0, []
    for start_us, weight in zip(starts, weights, strict=True):
        reached += weight * scale
        quotas.append((start_us, int(reached)))
    for step, start_us in enumerate(last_day, 1):
        quotas.append((start_us, int(budget * (1 - late_share * (1 - step / len(last_day))))))
    service.agenda.start_at(_imports(service, library, themes, quotas), plan.begin_us)
    number = max(1, budget // _CHORE_SHARE, min(round(days * 1.4), budget // _CHORE_EVENTS))
    service.agenda.start_at(_housekeeping(service, library, days * DAY / number), starts[0] + 1)


def _waking_hours(service: Service, plan: Plan, count: int) -> Iterator[int]:
    """Instants before the last day at which people are awake; weekends and evenings are livelier."""
    rng = service.rng
    yield plan.begin_us + 3 * 60 * SECOND_US
    while count > 1:
        at_us = rng.randrange(plan.begin_us, plan.last_day_us)
        hour = at_us // (3600 * SECOND_US) % 24
        weekday = (at_us // (86_400 * SECOND_US) + 3) % 7
        if rng.random() < (0.03 if hour < 7 else 0.45 if hour < 17 else 1.0) * (1.0 if weekday > 4 else 0.6):
            count -= 1
            yield at_us


def _imports(
    service: Service, library: LibraryRecord, themes: Sequence[str], quotas: Sequence[tuple[int, int]]
) -> Story:
    """One import per quota: an instant, and how many events the feed should hold when its work is done."""
    feed = service.feeds[library.number]
    order = list(themes)
    for index, (start_us, quota) in enumerate(quotas):
        if index % len(order) == 0:
            service.rng.shuffle(order)
        yield max(0.0, (start_us - service.now_us) / SECOND_US)
        missing = quota - len(feed)
        if missing < PHOTO_EVENTS and index:
            continue
        shoot = plan_shoot(service, THEME_NUMBER[order[index % len(order)]])
        album = index == 0 or service.chance(0.35)
        count = max(2, round(missing / expected_events(shoot, album=album)))
        yield from run_import(service, library, shoot, count, album=album)
        yield _SETTLING


def _housekeeping(service: Service, library: LibraryRecord, pause: float) -> Story:
    """Chores one after the other, all of them before any is done again."""
    while True:
        for chore in chores.CHORES:
            yield pause * service.rng.uniform(0.5, 1.5)
            service.agenda.start(chore(service, library))
            if service.chance(0.2):
                service.agenda.start(cluster(service, library), 600.0)
