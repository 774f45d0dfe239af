"""`gumnut-tui sync`: what it says, when it is silent, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gumnut_tui.journal.journal import open_journal
from tests.cli.harness import FAMILY, Ran, Ticking, gumnut, runtime, service
from tests.demo.faults import Asked, Fault, always, on_path, unavailable
from tests.demo.worlds import NOW, library_ids, make_world, still_world


def sync(folder: Path, *arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui sync …` against the demo library as the configured service, with the journal in the folder."""
    return gumnut(service(journal_folder=lambda: folder, **changes), "sync", *arguments)


def test_it_brings_the_journal_up_to_date(tmp_path: Path) -> None:
    """The first one reads everything, the next one nothing; the summary counts both."""
    world = still_world()
    total = len(world.feed(library_ids(world)[0]))
    (first,) = sync(tmp_path, "--format", "json").rows
    assert (first["name"], first["new_events"], first["events"]) == (FAMILY, total, total)
    assert first["new_snapshots"] > 0
    assert (first["unread_entities"], first["breaks"], first["since"]) == (0, 0, None)
    (second,) = sync(tmp_path, "--format", "json").rows
    assert (second["new_events"], second["events"], second["new_snapshots"]) == (0, total, 0)


def test_it_is_silent_in_cron(tmp_path: Path) -> None:
    """Without a terminal nothing is said unless something is wrong."""
    ran = sync(tmp_path, "--no-snapshots")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_person_gets_progress_and_one_line(tmp_path: Path) -> None:
    """Progress on standard error, a line with the numbers at the end."""
    ran = sync(tmp_path, "--no-snapshots", terminal=True, talks=True)
    (line,) = ran.lines
    assert line.startswith(f"{FAMILY}: ")
    assert "new events" in line
    assert "requests" in line
    assert "/s)" in ran.err


def without_checksums(folder: Path) -> int:
    """Spoil all checksums in the journal, as if the service had told none; of how many photos."""
    with closing(sqlite3.connect(folder / "journal.sqlite3")) as db, db:
        db.execute("UPDATE snapshot SET fields = replace(fields, '\"checksum\":', '\"unread\":') WHERE kind = 'asset'")
        question = "SELECT COUNT(DISTINCT entity_id) FROM snapshot WHERE kind = 'asset' AND fields IS NOT NULL"
        ((photos,),) = db.execute(question)
    return int(photos)


def test_files_of_photos_that_are_not_known_are_fetched(tmp_path: Path) -> None:
    """In a journal that was read from a service that did not tell them: each once, counted in the summary."""
    assert sync(tmp_path).code == 0
    photos = without_checksums(tmp_path)
    failed = sync(tmp_path, faults=on_path("/api/assets", [unavailable()] * 9))
    assert (failed.code, f"{FAMILY}: checksum still unknown of {photos} photos" in failed.err) == (1, True)
    ran = sync(tmp_path, terminal=True, talks=True)
    assert f"checksums of {photos} of {photos} photos that had none" in " ".join(ran.lines)
    (again,) = sync(tmp_path, "--format", "json").rows
    assert (again["new_checksums"], again["photos_without_checksum"]) == (0, 0)


def test_all_libraries_are_a_line_each(tmp_path: Path) -> None:
    """Every live library of the account."""
    ran = sync(tmp_path, "--all-libraries", "--no-snapshots", "--format", "json", library=None)
    assert {row["library_id"] for row in ran.rows} == {library["id"] for library in still_world().libraries()}
    assert gumnut(service(), "sync", "--all-libraries", "--library", "x").code == 2


def test_one_library_that_fails_does_not_keep_the_others_back(tmp_path: Path) -> None:
    """The others are synced; the exit code and a line say what failed."""
    world = still_world()
    bad = library_ids(world)[0]

    def plan(asked: Asked) -> Fault | None:
        return unavailable() if asked.path == "/api/events" and bad in asked.query else None

    ran = sync(tmp_path, "--all-libraries", "--no-snapshots", "--format", "json", library=None, faults=plan)
    assert ran.code == 1
    assert bad not in {row["library_id"] for row in ran.rows}
    assert len(ran.rows) == len(world.libraries()) - 1
    assert f"{FAMILY}: " in ran.err
    assert "503" in ran.err


def test_an_interrupted_sync_keeps_what_it_read(tmp_path: Path) -> None:
    """Ctrl+c while it waits: exit code 130, and the next one goes on from there."""
    ticking = Ticking(0)
    faults = on_path("/api/events", [None, None, None, unavailable()])
    ran = sync(tmp_path, "--no-snapshots", faults=faults, sleep=ticking.sleep, talks=True)
    assert ran.code == 130
    (row,) = sync(tmp_path, "--no-snapshots", "--format", "json").rows
    # The page before the one that failed may just have been on its way to the journal.
    assert row["events"] - row["new_events"] in (400, 600)


def test_a_bad_moment_does_not_make_a_second_account(tmp_path: Path) -> None:
    """When the service cannot say whose key it is, that is a failure; when the key may not ask, it is not."""
    failed = sync(tmp_path, "--no-snapshots", faults=on_path("/api/users/me", [unavailable()] * 9))
    assert failed.code == 1
    refusal = Fault(403, {"content-type": "application/json"}, b'{"detail":"no"}')
    ran = sync(tmp_path, "--no-snapshots", "--format", "json", faults=on_path("/api/users/me", [refusal]))
    assert (ran.code, ran.rows[0]["events"] > 0) == (0, True)


def test_progress_stays_on_one_line(tmp_path: Path) -> None:
    """A line that wraps could not be replaced by the next one."""
    around = service(journal_folder=lambda: tmp_path, talks=True)
    narrow = replace(around, output=replace(around.output, columns=40))
    shown = gumnut(narrow, "sync", "--no-snapshots").err.split("\r\x1b[2K")
    assert len(shown) > 1
    assert max(map(len, shown)) <= 40


@pytest.mark.parametrize(("status", "code"), [(401, 4), (503, 1)])
def test_a_service_that_refuses_ends_it(tmp_path: Path, status: int, code: int) -> None:
    """With the exit code that says why, and without a journal that nothing was kept in."""
    ran = sync(tmp_path, faults=always(Fault(status, {}, b"{}")))
    assert (ran.code, ran.out) == (code, "")
    assert str(status) in ran.err
    assert list(tmp_path.iterdir()) == []


def test_entities_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """Events are complete all the same; how many entities are left is said, and the exit code is not 0."""
    world = still_world()

    def plan(asked: Asked) -> Fault | None:
        return unavailable() if asked.path == "/api/assets" else None

    ran = sync(tmp_path, "--format", "json", faults=plan)
    assert ran.code == 1
    assert ran.rows[0]["events"] == len(world.feed(library_ids(world)[0]))
    assert "could not be read" in ran.err
    assert sync(tmp_path, "--format", "json").rows[0]["unread_entities"] == 0


def test_since_is_settled_by_the_first_sync(tmp_path: Path) -> None:
    """A later --since is answered with where the journal begins."""
    (first,) = sync(tmp_path, "--since", "2d", "--no-snapshots", "--format", "json").rows
    assert first["since"] == "2026-11-19T16:20:05Z"
    again = sync(tmp_path, "--since", "3d", "--no-snapshots", "--format", "json")
    assert again.rows[0]["events"] == first["events"]
    assert "journal forget" in again.err
    assert sync(tmp_path, "--since", "nonsense").code == 2


def test_a_damaged_journal_is_left_until_one_says_otherwise(tmp_path: Path) -> None:
    """It is said what is wrong and what puts it aside; then a new one begins."""
    sync(tmp_path, "--no-snapshots")
    path = tmp_path / "journal.sqlite3"
    damaged = path.read_bytes()[:100] + b"z" * 9000
    path.write_bytes(damaged)
    ran = sync(tmp_path, "--no-snapshots")
    assert (ran.code, "--put-aside" in ran.err) == (1, True)
    assert path.read_bytes() == damaged
    gumnut(runtime(journal_folder=lambda: tmp_path), "journal", "verify", "--put-aside")
    assert sync(tmp_path, "--no-snapshots").code == 0
    (aside,) = tmp_path.glob("*damaged*")
    assert aside.read_bytes() == damaged


def test_a_refused_position_is_told(tmp_path: Path) -> None:
    """After a restore the feed is read again; nothing is lost and the break is counted."""
    world = make_world()
    total = len(world.feed(library_ids(world)[0]))
    sync(tmp_path, "--no-snapshots", world=world)
    refusal = Fault(400, {"content-type": "application/json"}, b'{"detail":"cursor is ahead of the database"}')
    ran = sync(tmp_path, "--no-snapshots", "--format", "json", world=world, faults=on_path("/api/events", [refusal]))
    (row,) = ran.rows
    assert (ran.code, row["breaks"], row["new_events"], row["events"]) == (0, 1, 0, total)
    assert "The server rejected our cursor" in ran.err
    assert "from the start" in ran.err


@pytest.mark.parametrize("generation", ["seed2", "seed1", "b"])
def test_every_generation_of_the_service_is_journaled(tmp_path: Path, generation: str) -> None:
    """Also those without `next_cursor`."""
    (row,) = sync(tmp_path, "--no-snapshots", "--format", "json", generation=generation).rows
    assert row["events"] > 0
    assert sync(tmp_path, "--no-snapshots", "--format", "json", generation=generation).rows[0]["new_events"] == 0


@pytest.mark.parametrize("talks", [True, False])
def test_a_journal_that_is_kept_up_to_date_by_another_needs_no_sync(tmp_path: Path, talks: bool) -> None:
    """As by a screen that is open: that is no failure, and cron hears nothing of it."""
    sync(tmp_path, "--no-snapshots")
    screen = open_journal(tmp_path / "journal.sqlite3", clock=lambda: NOW)
    try:
        ran = sync(tmp_path, talks=talks)
    finally:
        asyncio.run(screen.aclose())
    assert (ran.code, ran.out) == (0, "")
    words = f"The journal is being kept up to date by process {os.getpid()} on "
    assert (words in ran.err, "since 2026-11-21 16:20:05" in ran.err) == (talks, talks)
    assert ran.err.count("The journal") == talks


def test_the_demo_has_a_journal_of_its_own(tmp_path: Path) -> None:
    """It can be synced again and again, and never mixes with what is worth keeping."""
    for _ in range(2):
        ran = gumnut(
            runtime(journal_folder=lambda: tmp_path), "sync", "--demo", "--library", FAMILY, "--format", "json"
        )
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["events"] > 0
    assert [file.name for file in tmp_path.glob("*.sqlite3")] == ["demo-journal.sqlite3"]
