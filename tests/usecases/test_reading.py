"""Every command reads a library the same way: from its journal, brought up to date, or from the service."""

from __future__ import annotations

import asyncio
import csv
import json
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.journal.database import open_database
from gumnut_tui.journal.journal import open_journal
from gumnut_tui.journal.migrations import MIGRATIONS
from tests.cli.harness import FAMILY, Ran, Ticking, gumnut, runtime, service
from tests.demo.faults import Fault, always, bad_gateway, rate_limited, slow, unavailable
from tests.demo.worlds import NOW, library_ids, make_world, still_world

ALL = ("--since", "all")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal of the family's library."""
    folder = tmp_path_factory.mktemp("journal")
    ran = gumnut(service(journal_folder=lambda: folder), "sync", "--library", FAMILY)
    assert ran.code == 0, ran.err
    return folder


def copied(folder: Path, target: Path) -> Path:
    """The journal in a folder of its own, so that it may be written."""
    (target / "journal.sqlite3").write_bytes((folder / "journal.sqlite3").read_bytes())
    return target


def offline(folder: Path, *arguments: str) -> Ran:
    """A command that can reach no service."""
    return gumnut(runtime(journal_folder=lambda: folder), *arguments, "--offline")


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_rows_and_bytes_are_those_of_the_service(folder: Path, tmp_path: Path, order: str) -> None:
    """As JSON lines, in either order, in a range and under a filter."""
    for chosen in (
        ALL,
        ("--since", "3d", "--until", "1d"),
        (*ALL, "--ops", "deleted"),
        (*ALL, "--entity", photo(folder)),
    ):
        arguments = ("events", *chosen, "--order", order)
        served = gumnut(service(), *arguments, "--no-journal")
        journaled = gumnut(service(journal_folder=lambda: copied(folder, tmp_path)), *arguments)
        assert served.code == journaled.code == 0
        assert journaled.out == served.out == offline(folder, *arguments).out
        assert served.out


def service_like(around: Runtime) -> Runtime:
    """The same surroundings with streams of their own."""
    fresh = runtime()
    return replace(around, output=fresh.output, talk=fresh.talk)


def a_live_album() -> str:
    """The id of an album in the family's library."""
    library_id = library_ids(still_world())[0]
    return next(iter(still_world().ids("album", library_id)))


def photo(folder: Path) -> str:
    """The id of a photo that was deleted for good."""
    rows = offline(folder, "events", *ALL, "--events", "asset_deleted").rows
    return str(rows[0]["entity_id"])


@pytest.mark.parametrize("generation", ["current", "seed2", "seed1", "b"])
def test_bytes_are_the_same_in_every_form_of_the_api(tmp_path: Path, generation: str) -> None:
    """Older servers write events otherwise, if only by a field."""
    around = service(generation=generation, journal_folder=lambda: tmp_path)
    assert gumnut(around, "sync", "--library", FAMILY).code == 0
    assert offline(tmp_path, "events", *ALL).out == gumnut(service(generation=generation), "events", *ALL).out


def test_a_journal_is_brought_up_to_date_first(tmp_path: Path) -> None:
    """What happened since the last sync is read, stored and printed; offline nothing is asked for."""
    world = make_world()
    assert gumnut(service(world, journal_folder=lambda: tmp_path), "sync").code == 0
    before = offline(tmp_path, "events", *ALL).lines

    def later() -> Runtime:
        return service(world, live=True, clock=lambda: NOW + timedelta(hours=2), journal_folder=lambda: tmp_path)

    printed = gumnut(later(), "events", *ALL, "--format", "jsonl").lines
    assert len(printed) > len(before)
    assert printed[: len(before)] == before
    assert offline(tmp_path, "events", *ALL).lines == printed


def test_a_journal_that_begins_later_leaves_the_rest_to_the_service(tmp_path: Path) -> None:
    """What it does not have it cannot answer."""
    gumnut(service(journal_folder=lambda: tmp_path), "sync", "--since", "1d")
    served = gumnut(service(), "events", *ALL)
    assert gumnut(service(journal_folder=lambda: tmp_path), "events", *ALL).out == served.out
    assert len(offline(tmp_path, "events", *ALL).lines) < len(served.lines)


def test_one_that_another_process_writes_is_read_on(folder: Path, tmp_path: Path) -> None:
    """Its events, and behind them what it lacks; nothing is written."""
    copied(folder, tmp_path)
    other = open_journal(tmp_path / "journal.sqlite3")
    try:
        served = gumnut(service(), "events", *ALL)
        for order in ("oldest", "newest"):
            ran = gumnut(service(journal_folder=lambda: tmp_path), "events", *ALL, "--order", order)
            lines = served.lines if order == "oldest" else served.lines[::-1]
            assert (ran.code, ran.lines) == (0, lines)
    finally:
        asyncio.run(other.aclose())


def test_following_goes_on_behind_the_journal(folder: Path, tmp_path: Path) -> None:
    """Its events once, then what the service has, and the file is left for others to write."""
    clock = Ticking(pauses=2)
    around = service(journal_folder=lambda: copied(folder, tmp_path), clock=clock, sleep=clock.sleep)
    ran = gumnut(around, "events", "--follow", "--since", "2d")
    served = gumnut(service(), "events", "--since", "2d")
    assert ran.code == 130
    assert ran.lines == served.lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("events", "--offline", "--no-journal"), "--no-journal"),
        (("entity", "asset_1", "--offline", "--no-journal"), "--no-journal"),
        (("libraries", "--offline", "--no-journal"), "--no-journal"),
        (("deletions", "--offline", "--no-journal"), "--no-journal"),
        (("watch", "--once", "--fail-on", "deleted>1/1d", "--offline", "--no-journal"), "--no-journal"),
        (("events", "--follow", "--offline"), "--offline"),
        (("watch", "--fail-on", "deleted>1/1d", "--offline"), "--once"),
    ],
)
def test_options_that_exclude_each_other_are_usage_errors(arguments: tuple[str, ...], words: str) -> None:
    """On every command that reads."""
    ran = gumnut(service(), *arguments)
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("events",),
        ("entity", "asset_2"),
        ("libraries",),
        ("deletions",),
        ("watch", "--once", "--fail-on", "deleted>1/1d"),
    ],
)
def test_without_a_journal_there_is_nothing_offline(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """It is said, with what starts one."""
    ran = offline(tmp_path, *arguments)
    assert ran.code == 2
    assert "gumnut-tui sync" in ran.err


def test_a_file_that_is_no_journal_leaves_the_service(tmp_path: Path) -> None:
    """It is warned of and stays as it is; offline there is nothing else to read."""
    path = tmp_path / "journal.sqlite3"
    path.write_text("a letter")
    assert offline(tmp_path, "events").code == 1
    ran = gumnut(service(journal_folder=lambda: tmp_path), "events", "--limit", "1", *ALL)
    assert (ran.code, len(ran.lines)) == (0, 1)
    assert "journal" in ran.err
    assert path.read_text() == "a letter"


def test_everything_is_answered_without_a_service(folder: Path) -> None:
    """Libraries, rules, names, and the deletions with what became of them."""
    assert [row["name"] for row in offline(folder, "libraries").rows] == [FAMILY]
    ran = offline(folder, "watch", "--once", "--since", "all", "--fail-on", "deleted>=1/1d")
    assert ran.code == 5
    assert offline(folder, "deletions", *ALL).rows


def test_names_are_searched_and_printed_offline(folder: Path) -> None:
    """Typed in any form of Unicode, with accents or without; the same rows as with the service."""
    named = [row for row in offline(folder, "events", *ALL, "--names").rows if (row["name"] or "").startswith("IMG")]
    text = named[0]["name"].lower()[:8]
    found = offline(folder, "events", *ALL, "--search", unicodedata.normalize("NFD", text)).out
    assert found == gumnut(service(), "events", *ALL, "--search", text).out
    assert named[0]["cursor"] in found


def test_an_older_journal_is_indexed_when_it_is_searched(folder: Path, tmp_path: Path) -> None:
    """Also offline, and once: the next search finds the names in the file."""
    path = copied(folder, tmp_path) / "journal.sqlite3"
    database = open_database(path)
    database.run("DROP TABLE names")
    database.run("DROP TABLE indexed")
    database.run("ALTER TABLE page DROP COLUMN raw")
    database.run(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    database.close()
    searched = ("events", *ALL, "--search", "IMG_")
    found = offline(tmp_path, *searched)
    assert found.out == offline(folder, *searched).out
    assert found.lines
    database = open_database(path)
    assert database.one("SELECT COUNT(*) FROM names") > (0,)
    database.close()


def test_the_same_event_reads_the_same_everywhere(folder: Path, tmp_path: Path) -> None:
    """As a table and as CSV, from the journal, offline and from the service: names, and what became of photos."""
    removed = ("events", *ALL, "--ops", "removed,trashed,deleted")
    for form in ("table", "csv"):
        journaled = gumnut(service(journal_folder=lambda: copied(folder, tmp_path)), *removed, "--format", form)
        assert journaled.out == offline(folder, *removed, "--format", form).out
    served = gumnut(service(), *removed, "--format", "csv")
    assert more(served) == more(journaled)
    assert "photo is gone too" in served.out


def more(ran: Ran) -> list[str]:
    """What else matters, of each row."""
    return [row["more"] for row in csv.DictReader(ran.lines)]


def test_a_gone_photo_is_told_of_by_the_journal(folder: Path, tmp_path: Path) -> None:
    """What it was, when that was seen, since when it is gone, its albums and events: exit code 0, offline too."""
    gone = photo(folder)
    for ran in (
        offline(folder, "entity", gone, "--format", "json"),
        gumnut(service(journal_folder=lambda: copied(folder, tmp_path)), "entity", gone, "--format", "json"),
    ):
        content = json.loads(ran.out)
        assert (ran.code, content["presence"], content["kind"]) == (0, "gone", "asset")
        assert content["gone_since"] == content["events"][-1]["created_at"]
        assert content["events"]
    assert offline(folder, "entity", "asset_" + "9" * 22).code == 1


def test_an_outage_is_an_error_that_names_the_journal(folder: Path, tmp_path: Path) -> None:
    """What is printed is never older than it seems; how to read the journal alone is said where there is one."""
    around = service(journal_folder=lambda: copied(folder, tmp_path), faults=always(unavailable()))
    for command in (("libraries",), ("events", *ALL), ("deletions", *ALL), ("actions", *ALL), ("undo", *ALL)):
        ran = gumnut(service_like(around), *command)
        assert (ran.code, ran.out) == (1, "")
        assert "add --offline" in ran.err
    assert "--offline" not in gumnut(service(faults=always(unavailable())), "events", *ALL).err


@pytest.mark.parametrize("fault", [slow(3600), unavailable(), bad_gateway(), rate_limited(retry_after="3600")])
def test_an_entity_is_told_from_the_journal_while_the_service_does_not_answer(
    folder: Path, tmp_path: Path, fault: Fault
) -> None:
    """It says so, and from when what it prints is; of what the journal does not know the service's error is told."""
    around = service(journal_folder=lambda: copied(folder, tmp_path), faults=always(fault), patience=0)
    gone, there = photo(folder), a_live_album()
    for known, status in ((gone, "GONE since"), (there, "IN THE LIBRARY")):
        ran = gumnut(service_like(around), "entity", known)
        assert ran.code == 0
        assert ran.lines[0].startswith(status)
        assert ran.out == offline(folder, "entity", known).out
        assert "This is what the journal knows of it." in ran.err


def test_an_entity_that_nobody_knows_is_the_services_to_tell(folder: Path, tmp_path: Path) -> None:
    """A failure stays one where the journal has no answer either."""
    around = service(journal_folder=lambda: copied(folder, tmp_path), faults=always(unavailable()), patience=0)
    ran = gumnut(around, "entity", "asset_" + "9" * 22)
    assert (ran.code, ran.out) == (1, "")
    assert "503" in ran.err


def test_a_service_that_answers_late_is_waited_for_where_the_journal_knows_nothing(folder: Path) -> None:
    """Patience ends only where there is something else to tell."""
    late = service(journal_folder=lambda: folder / "nothing", faults=always(slow(0.05)), patience=0)
    ran = gumnut(late, "entity", a_live_album())
    assert (ran.code, ran.err) == (0, "")
