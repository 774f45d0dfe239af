"""`gumnut-tui diff`: two moments of a library, from the journal alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.harness import FAMILY, Ran, gumnut, runtime, service
from tests.demo.worlds import NOW, make_world

LATER = NOW + timedelta(hours=1)


class Kept(NamedTuple):
    """A journal that was synced, then again after an album was deleted and a photo trashed."""

    path: Path
    album: str
    photo: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Made once, for tests that only read it."""
    path = tmp_path_factory.mktemp("journal") / "j.db"
    world = make_world(events=1_500)
    assert gumnut(service(world), "sync", "--journal", str(path)).code == 0
    library = world.libraries()[0]["id"]
    editor = world.editor(lambda: NOW + timedelta(minutes=30))
    album, photo = world.ids("album", library)[0], world.ids("asset", library)[0]
    editor.albums.delete(album)
    editor.photos.trash(library, [photo])
    assert gumnut(service(world, clock=lambda: LATER), "sync", "--journal", str(path)).code == 0
    return Kept(path, album, photo)


def asked(kept: Kept, *arguments: str, **changes: Any) -> Ran:
    """Without a key or a network, an hour later."""
    return gumnut(runtime(clock=lambda: LATER, **changes), "diff", *arguments, "--journal", str(kept.path))


def test_what_happened_is_told(kept: Kept) -> None:
    """As rows in a pipe, as a table on a terminal, as Markdown to pass on."""
    photo, album = asked(kept, "--from", "50m").rows
    assert (photo["id"], photo["change"], photo["before"], photo["after"]) == (kept.photo, "trashed", "live", "trashed")
    assert (album["id"], album["change"], album["came"]) == (kept.album, "deleted", [])
    assert album["went"]
    table = asked(kept, "--from", "50m", terminal=True)
    assert table.lines[0] == f"{FAMILY}: what differs between today 16:30 and today 17:20"
    assert "Photos: 1 in the trash" in table.lines
    markdown = asked(kept, "--from", "50m", "--format", "md")
    assert "## Albums: 1 deleted" in markdown.lines


def test_nothing_happened(kept: Kept) -> None:
    """Before it, and between a moment and itself."""
    assert asked(kept, "--from", "50m", "--to", "40m").rows == []
    assert asked(kept, "--from", "now", "--format", "table").lines[1:] == ["Nothing differs."]


def test_what_the_journal_cannot_know_is_said(kept: Kept) -> None:
    """On standard error, where rows go to a program."""
    ran = asked(kept, "--from", "2020-01-01", talks=True)
    assert "The journal begins " in ran.err
    assert ran.rows


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--from is missing"),
        (("--from", "all"), "--from: 'all' is no moment"),
        (("--from", "1d", "--to", "2d"), "--from is later than --to"),
        (("--from", "nonsense"), "'nonsense' is not a time"),
    ],
)
def test_moments_that_are_none(kept: Kept, arguments: tuple[str, ...], words: str) -> None:
    """It is said which, and what to write."""
    ran = asked(kept, *arguments)
    assert (ran.code, words in ran.err) == (2, True)
