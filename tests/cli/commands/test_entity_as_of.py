"""`gumnut-tui entity ID --at WHEN`: from the journal alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gumnut_tui.demo.world.world import World
from tests.cli.harness import FAMILY, Ran, gumnut, runtime, service
from tests.demo.worlds import NOW, make_world


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A journal that was synced, then again after an album was deleted."""
    path = tmp_path_factory.mktemp("journal") / "j.db"
    world = make_world(events=1_500)
    assert gumnut(service(world), "sync", "--journal", str(path)).code == 0
    chosen = world.ids("album", world.libraries()[0]["id"])[0]
    world.editor().albums.delete(chosen)
    assert gumnut(service(world), "sync", "--journal", str(path)).code == 0
    return world, path


def asked(path: Path, *arguments: str) -> Ran:
    """Without a key or a network."""
    return gumnut(runtime(clock=lambda: NOW), "entity", *arguments, "--journal", str(path))


def album_of(world: World) -> str:
    feed = world.feed(world.libraries()[0]["id"])
    return next(
        row.entity_id for row in reversed(list(map(feed.row, range(len(feed))))) if row.event_type == "album_deleted"
    )


def test_a_deleted_album_as_it_was(kept: tuple[World, Path]) -> None:
    """Its fields, its photos by name, and what happened since; as text and as JSON."""
    world, path = kept
    album = album_of(world)
    text = asked(path, album, "--at", "1m")
    assert text.code == 0
    assert text.lines[0].startswith("As of today 16:19: known, as seen today 16:20")
    assert any(line.startswith("Photos then: ") for line in text.lines)
    assert "✗ deleted" in text.out
    answer = json.loads(asked(path, album, "--at", "1m", "--format", "json").out)
    assert answer["certainty"] == "known"
    assert answer["entity"]["id"] == album
    assert len(answer["members"]["ids"]) == answer["members"]["own_count"]
    assert [event["event_type"] for event in answer["events_since"]][-1] == "album_deleted"


def test_what_it_is_after_its_end_and_before_the_journal(kept: tuple[World, Path]) -> None:
    """Not there any more; not known, as that is before the journal begins."""
    world, path = kept
    after = asked(path, album_of(world), "--at", "now")
    assert "not there any more" in after.lines[0]
    assert "…" not in after.lines[1]
    assert after.code == 0
    before = asked(path, album_of(world), "--at", "2020-01-01")
    assert "before the journal begins" in before.lines[0] or "not there yet" in before.lines[0]


@pytest.mark.parametrize(
    ("event_type", "words"),
    [("asset_deleted", "gone for good"), ("asset_moved_out", "in another library")],
)
def test_a_photo_that_has_left_says_where_it_is(kept: tuple[World, Path], event_type: str, words: str) -> None:
    """In the words of every other place, and with the code of an answer."""
    world, path = kept
    feed = world.feed(world.libraries()[0]["id"])
    rows = map(feed.row, range(len(feed)))
    photo = [row.entity_id for row in rows if row.event_type == event_type][-1]
    answer = asked(path, photo, "--at", "now")
    assert answer.lines[0].endswith(words)
    assert answer.code == 0


def test_nothing_known_is_a_failure(kept: tuple[World, Path]) -> None:
    """Exit 1 for an id the journal never met, 2 for a time that is none."""
    _, path = kept
    assert asked(path, "album_7Kq2mXzVbN4tRwYcHd9pLe", "--at", "1h").code == 1
    assert asked(path, "album_7Kq2mXzVbN4tRwYcHd9pLe", "--at", "soon").code == 2
    assert asked(path, "album_7Kq2mXzVbN4tRwYcHd9pLe", "--at", "all").code == 2
    assert asked(path.with_name("none.db"), "album_7Kq2mXzVbN4tRwYcHd9pLe", "--at", "1h").code == 2


def test_the_library_can_be_named(kept: tuple[World, Path]) -> None:
    """As everywhere."""
    world, path = kept
    assert asked(path, album_of(world), "--at", "1m", "--library", FAMILY).code == 0
