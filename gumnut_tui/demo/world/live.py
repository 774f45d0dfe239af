"""Everyday life: the last hour before now, and whatever comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gumnut_tui.demo.world import chores
from gumnut_tui.demo.world.actions import albums, assets
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.clustering import cluster
from gumnut_tui.demo.world.imports import PHOTO_EVENTS, Shoot, plan_shoot, refine, take
from gumnut_tui.demo.world.places import PLACES
from gumnut_tui.demo.world.records import LibraryRecord
from gumnut_tui.demo.world.service import HOUR, MINUTE, SECOND_US, Service
from gumnut_tui.demo.world.themes import THEME_NUMBER

_CLOSING: Final = 6 * MINUTE
"""The end of the last hour, in which nothing is begun that would finish after it."""
_CLOSING_SHARE: Final = 0.07
"""How much of the hour's events is kept for its end."""
_SPELLS: Final = 3
_LAST_WORD: Final = 25
"""Seconds before now at which the counted history ends."""


def last_hour(service: Service, library: LibraryRecord, events: int, now_us: int) -> Story:
    """Fill the time up to now so that all feeds together end with `events` events."""
    began_us, began_with = service.now_us, service.event_count
    end_us = now_us - _LAST_WORD * SECOND_US
    closing_us = now_us - int(_CLOSING * SECOND_US)
    wanted = (events - began_with) * (1 - _CLOSING_SHARE)
    shoot = plan_shoot(service, THEME_NUMBER["home"])
    uploads = 0
    while service.now_us < closing_us:
        due = wanted * _spells((service.now_us - began_us) / (closing_us - began_us))
        behind = due - max(service.event_count - began_with, uploads * PHOTO_EVENTS)
        if behind < PHOTO_EVENTS:
            if behind > 0:
                touch_up(service, library)
            yield service.rng.uniform(4, 12)
            continue
        upload_now(service, library, shoot)
        uploads += 1
        if uploads % 40 == 0:
            service.agenda.start(cluster(service, library), 30.0)
        yield service.rng.uniform(1, 4)
    while service.now_us < end_us:
        missing = events - service.event_count - 1
        if missing > 0:
            touch_up(service, library)
        left = (end_us - service.now_us) / SECOND_US
        yield min(left + 0.001, max(0.004, left / max(1, missing) * service.rng.uniform(0.4, 1.6)))
    while service.event_count < events - 1 and library.live_assets:
        touch_up(service, library)
        yield 0.004
    for asset in service.live_assets(library, 1):
        assets.rate(service, asset, 5)


def _spells(share: float) -> float:
    """How much of the hour's work is done when `share` of it is over: it comes in spells, with rests between."""
    spell, within = divmod(share * _SPELLS, 1.0)
    return (spell + min(1.0, within * 2.2)) / _SPELLS


def upload_now(service: Service, library: LibraryRecord, shoot: Shoot) -> None:
    """A photo taken a minute ago, with the work that follows it."""
    local_us = int(PLACES[shoot.place].offset * HOUR * SECOND_US)
    taken_us = service.now_us + local_us - int(service.rng.uniform(20, 120) * SECOND_US)
    asset = take(service, library, shoot, taken_us)
    service.agenda.start(refine(service, asset.number), 1.0)


def touch_up(service: Service, library: LibraryRecord) -> None:
    """One small thing that leaves one event: stars, an edit, a photo into the album somebody is busy with."""
    luck = service.rng.random()
    found = service.live_assets(library, 1)
    if not found:
        return
    asset = found[0]
    living = service.living_albums(library)
    if luck < 0.25 and living:
        album = living[-1]
        if asset.number not in album.members:
            albums.add(service, album, asset)
            return
    if luck < 0.35:
        assets.edit(service, asset)
    else:
        assets.rate(service, asset, service.rng.choice((3, 4, 5, 5)))


def everyday(service: Service, libraries: Sequence[LibraryRecord]) -> Story:
    """From now on, without end: something small every few seconds."""
    rng = service.rng
    shoot = plan_shoot(service, THEME_NUMBER["home"])
    uploads = 0
    while True:
        yield rng.uniform(1.5, 5.5)
        library = rng.choice(libraries)
        luck = rng.random()
        if luck < 0.5:
            theme = "home" if library.number == 0 else "portraits"
            if uploads % 6 == 0 or shoot.theme != THEME_NUMBER[theme]:
                shoot = plan_shoot(service, THEME_NUMBER[theme])
            upload_now(service, library, shoot)
            uploads += 1
            if uploads % 4 == 0:
                service.agenda.start(cluster(service, library), 45.0)
        elif luck < 0.85:
            touch_up(service, library)
        elif luck < 0.92:
            service.agenda.start(chores.weed_out(service, library))
        else:
            chore = rng.choice((chores.tidy_albums, chores.correct_faces, chores.name_people))
            service.agenda.start(chore(service, library))
