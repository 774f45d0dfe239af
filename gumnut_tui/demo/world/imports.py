"""People upload what they took, and the service's background jobs work on it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from gumnut_tui.demo.world.actions import albums, assets, people, stacks
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.cameras import CAMERA_NUMBER, CAMERAS
from gumnut_tui.demo.world.clustering import cluster
from gumnut_tui.demo.world.people_names import ACQUAINTANCES, ODD_FILES, PEOPLE
from gumnut_tui.demo.world.places import HOME, PLACES
from gumnut_tui.demo.world.records import Asset, LibraryRecord
from gumnut_tui.demo.world.service import DAY, HOUR, MINUTE, SECOND_US, Service
from gumnut_tui.demo.world.themes import THEMES
from gumnut_tui.demo.world.titles import album_title

PHOTO_EVENTS: Final = 7.4
"""About how many events a photo leaves in its first minutes."""

_ODD_EVERY: Final = 83
_LONGEST_IMPORT: Final = 40 * MINUTE
_CITY: Final = {place.city: number for number, place in enumerate(PLACES)}
_HASH, _DESCRIBE, _SCORE, _LOCATE, _FACES = range(5)


@dataclass(frozen=True, slots=True)
class Shoot:
    """An occasion as it comes out of a camera: what, with which device, where, when."""

    theme: int
    camera: int
    place: int
    began_us: int
    lasted: float
    """Seconds from the first to the last shot."""

    def moment(self, share: float) -> int:
        """The wall clock at a share of the occasion, µs."""
        return self.began_us + int(self.lasted * share * SECOND_US)


def plan_shoot(service: Service, theme_number: int) -> Shoot:
    """Draw the particulars of an occasion that was over before now."""
    rng = service.rng
    theme = THEMES[theme_number]
    camera = CAMERA_NUMBER[rng.choice(theme.cameras)]
    place = _CITY[rng.choice(theme.places)] if theme.places else HOME
    lasted = rng.uniform(20 * MINUTE, 9 * HOUR)
    age = rng.uniform(5 * MINUTE, 3 * HOUR) if CAMERAS[camera].gps else rng.uniform(2 * HOUR, 5 * DAY)
    if theme.key == "scans":
        age, lasted = rng.uniform(38, 52) * 365 * DAY, 600 * DAY
    elif theme.key == "guesthouse":
        age = rng.uniform(4, 7) * 365 * DAY
    offset = PLACES[place].offset * HOUR
    return Shoot(theme_number, camera, place, service.now_us - int((age + lasted - offset) * SECOND_US), lasted)


def expected_events(shoot: Shoot, *, album: bool) -> float:
    """About how many events each photo of an occasion leaves until its import is all over."""
    theme = THEMES[shoot.theme]
    faces = sum(faces * weight for faces, weight in enumerate(theme.crowd)) / sum(theme.crowd)
    jobs = 4.3 + 0.9 * CAMERAS[shoot.camera].gps
    return jobs + 2.2 * faces + 4.5 * theme.bursts + 0.75 * album


def run_import(service: Service, library: LibraryRecord, shoot: Shoot, count: int, *, album: bool) -> Story:
    """Upload `count` files of an occasion; afterwards bursts are found, faces clustered, perhaps an album made."""
    rng = service.rng
    theme = THEMES[shoot.theme]
    pause = min(rng.uniform(0.4, 2.5), _LONGEST_IMPORT / count)
    uploaded: list[int] = []
    burst, burst_left, burst_us = -1, 0, 0
    for index in range(count):
        if burst_left:
            burst_left -= 1
            burst_us += int(rng.uniform(0.1, 0.4) * SECOND_US)
            taken_us = burst_us
        else:
            taken_us, burst = shoot.moment((index + rng.random()) / count), -1
            if theme.bursts and index + 3 < count and service.chance(theme.bursts):
                burst, burst_left, burst_us = len(service.assets), min(rng.randint(2, 6), count - index - 1), taken_us
        asset = take(service, library, shoot, taken_us, burst=burst)
        uploaded.append(asset.number)
        service.agenda.start(refine(service, asset.number), 1.0 + rng.random() * 4)
        yield pause * (0.3 + 1.4 * service.rng.random())
    yield rng.uniform(45, 120)
    yield from stack_bursts(service, library, uploaded)
    yield rng.uniform(40, 140)
    service.agenda.start(cluster(service, library))
    if album:
        yield rng.uniform(3, 12) * MINUTE
        yield from fill_album(service, library, shoot, uploaded)


def take(service: Service, library: LibraryRecord, shoot: Shoot, taken_us: int, *, burst: int = -1) -> Asset:
    """Upload one file of an occasion."""
    theme, camera = THEMES[shoot.theme], CAMERAS[shoot.camera]
    number = len(service.assets)
    name = None
    if number % _ODD_EVERY == 11:
        name = ODD_FILES[number // _ODD_EVERY % len(ODD_FILES)]
    seconds = 0.0
    if name is None and camera.clip and burst < 0 and service.chance(theme.videos):
        seconds = round(4 + service.rng.expovariate(1 / 22), 2)
    return assets.upload(
        service,
        library,
        camera=shoot.camera,
        taken_us=taken_us,
        place=shoot.place if camera.gps else -1,
        theme=shoot.theme,
        seconds=seconds,
        burst=burst,
        name=name,
    )


def refine(service: Service, number: int) -> Story:
    """The background jobs of one new asset, in whatever order they come to their turn."""
    draw = service.rng.random
    asset = service.assets[number]
    if asset is None:
        return
    jobs = [_HASH, _FACES]
    if draw() < 0.92:
        jobs.append(_DESCRIBE)
    if draw() < 0.35:
        jobs.append(_SCORE)
    if asset.place >= 0:
        jobs.append(_LOCATE)
    _shuffle(service.rng, jobs)
    for job in jobs:
        if service.assets[number] is not asset:
            return
        if job == _FACES:
            if asset.is_live:
                _find_faces(service, asset)
        else:
            _finish_job(service, asset, job)
        yield 0.5 + draw() * draw() * 30


def _finish_job(service: Service, asset: Asset, job: int) -> None:
    if job == _LOCATE:
        asset.located = True
        assets.update_metadata(service, asset, slow=True)
        return
    if job == _HASH:
        asset.hashed = True
    elif job == _DESCRIBE:
        asset.described = asset.scored = True
    else:
        asset.scored = True
    assets.update(service, asset, slow=True)


def _find_faces(service: Service, asset: Asset) -> None:
    crowd = THEMES[asset.theme].crowd
    luck = service.rng.random() * sum(crowd)
    faces = 0
    for weight in crowd:
        luck -= weight
        if luck < 0:
            break
        faces += 1
    seen: set[int] = set()
    for _ in range(min(faces, len(crowd) - 1)):
        identity = draw_identity(service, asset.library)
        if identity not in seen:
            seen.add(identity)
            people.find_face(service, asset, identity)


def draw_identity(service: Service, library: int) -> int:
    """Who stands before the camera: family most of the time, then people one meets again, then strangers."""
    draw = service.rng.random
    luck = draw()
    if luck < 0.78:
        regulars = len(PEOPLE) if library == 0 else len(PEOPLE) // 2
        return len(PEOPLE) - regulars + int(regulars * draw() * draw())
    if luck < 0.92:
        return 1_000 * (library + 1) + int(ACQUAINTANCES * draw() * draw())
    return 1_000_000 + len(service.faces)


def stack_bursts(service: Service, library: LibraryRecord, uploaded: list[int]) -> Story:
    """The burst detector's pass over fresh uploads."""
    bursts: dict[int, list[Asset]] = {}
    for number in uploaded:
        asset = service.assets[number]
        if asset is not None and asset.burst >= 0 and asset.is_live and asset.library == library.number:
            bursts.setdefault(asset.burst, []).append(asset)
    for members in bursts.values():
        free = [asset for asset in members if asset.stack < 0 and asset.is_live]
        if len(free) >= 2:
            stacks.create(service, library, free, by_user=False)
            yield service.rng.uniform(0.05, 0.4)


def fill_album(service: Service, library: LibraryRecord, shoot: Shoot, uploaded: list[int]) -> Story:
    """A user makes an album of the occasion, puts most of it in and picks a cover."""
    rng = service.rng
    album = albums.create(service, library, album_title(service, library, shoot.theme, shoot.place))
    yield rng.uniform(2, 9)
    for number in uploaded:
        asset = service.assets[number]
        if asset is None or not asset.is_live or asset.library != library.number or rng.random() < 0.25:
            continue
        if service.albums[album.number] is not album:
            return
        albums.add(service, album, asset)
        yield 0.02 + rng.random() * 0.2
    yield rng.uniform(4, 30)
    members = [number for number in album.members if service.asset(number).is_live]
    if members and service.albums[album.number] is album:
        albums.set_cover(service, album, service.asset(rng.choice(members)))


def _shuffle(rng: random.Random, jobs: list[int]) -> None:
    for last in range(len(jobs) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        jobs[last], jobs[other] = jobs[other], jobs[last]
