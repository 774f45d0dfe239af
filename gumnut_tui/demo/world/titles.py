"""Titles for albums, each used once in a library."""

from __future__ import annotations

from gumnut_tui.demo.world.instants import instant
from gumnut_tui.demo.world.places import PLACES
from gumnut_tui.demo.world.records import LibraryRecord
from gumnut_tui.demo.world.service import Service
from gumnut_tui.demo.world.themes import THEMES


def album_title(service: Service, library: LibraryRecord, theme: int, place: int) -> str:
    """A title that suits the occasion and that no album of the library has."""
    today = instant(service.now_us)
    taken = {album.name for album in service.living_albums(library)}
    titles = list(THEMES[theme].titles)
    service.rng.shuffle(titles)
    month = today.strftime("%B")
    names = [title.format(city=PLACES[place].city, month=month, year=today.year, n=len(taken) + 1) for title in titles]
    free = next((name for name in names if name not in taken), None)
    if free is not None:
        return free
    dated = f"{names[0]} · {today.day} {month}"
    if dated not in taken:
        return dated
    number = 2
    while f"{names[0]} ({number})" in taken:
        number += 1
    return f"{names[0]} ({number})"
