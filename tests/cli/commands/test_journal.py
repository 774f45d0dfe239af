"""`gumnut-tui journal`: what it holds, out and in, forgetting, checking."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.journal.journal import open_journal
from tests.cli.harness import FAMILY, Ran, gumnut, runtime, service
from tests.demo.worlds import NOW, library_ids, still_world
from tests.journal.test_journal_file import FOREIGN, state


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal of the demo's libraries, for tests that only read it."""
    folder = tmp_path_factory.mktemp("synced")
    ran = gumnut(service(library=None, journal_folder=lambda: folder), "sync", "--all-libraries")
    assert ran.code == 0, ran.err
    return folder


def journal(folder: Path, *arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui journal …` without any network."""
    return gumnut(runtime(journal_folder=lambda: folder, **changes), "journal", *arguments)


def copied(folder: Path, target: Path) -> Path:
    """A folder with a copy of the journal."""
    (target / "journal.sqlite3").write_bytes((folder / "journal.sqlite3").read_bytes())
    return target


def test_info_says_what_it_holds(synced: Path) -> None:
    """For each library from, to, events, snapshots, size and breaks."""
    ran = journal(synced, "info")
    assert ran.code == 0
    assert ran.lines[0].startswith(f"{synced / 'journal.sqlite3'}: {len(still_world().libraries())} libraries")
    assert FAMILY in ran.lines
    for label in (
        "read from   the beginning of the feed",
        "events ",
        "from ",
        "to ",
        "snapshots ",
        "files ",
        "size ",
        "gaps ",
    ):
        assert any(line.strip().startswith(label) for line in ran.lines), label


def test_info_as_json_has_the_same(synced: Path) -> None:
    """For programs, with exact times and bytes."""
    found = json.loads(journal(synced, "info", "--format", "json").out)
    family = next(one for one in found["libraries"] if one["name"] == FAMILY)
    world = still_world()
    assert family["events"] == len(world.feed(library_ids(world)[0]))
    assert family["bytes"] > 0
    assert found["bytes"] > family["bytes"] / 2
    assert (family["breaks"], family["unread_entities"]) == ([], 0)
    # Whatever is there was read with its file; of what was gone before that nothing can be known.
    assert family["photos"] > family["photos_without_checksum"] == family["gone_without_checksum"] > 0


def test_info_is_json_whatever_the_folder_is_called(synced: Path, tmp_path: Path) -> None:
    """A byte that is no UTF-8 is written as its escape, which is Unicode."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    ran = journal(copied(synced, folder), "info", "--format", "json")
    assert (ran.code, json.loads(ran.out)["path"]) == (0, f"{tmp_path}/caf\\xe9/journal.sqlite3")
    for command in ("info", "verify", "export"):
        assert journal(folder, command).code == 0
    assert journal(folder / "nothing", "info").code == 2


def test_without_a_journal_that_is_said(tmp_path: Path) -> None:
    """Nothing is made by looking; `sync` is named."""
    for command in ("info", "export", "verify"):
        ran = journal(tmp_path, command)
        assert ran.code == 2
        assert "gumnut-tui sync" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_exported_can_be_imported(synced: Path, tmp_path: Path) -> None:
    """Without loss: the second journal gives the same lines."""
    lines = journal(synced, "export").out
    (tmp_path / "lines.jsonl").write_text(lines)
    assert journal(tmp_path, "import", str(tmp_path / "lines.jsonl")).code == 0
    assert journal(tmp_path, "export").out == lines
    assert journal(tmp_path, "verify").code == 0
    again = journal(tmp_path, "import", str(tmp_path / "lines.jsonl"))
    assert (again.code, "in the journal already" in again.err) == (2, True)


def test_one_library_can_be_exported(synced: Path) -> None:
    """Its events and no others."""
    rows = journal(synced, "export", "--library", FAMILY).rows
    assert [row["name"] for row in rows if row["record"] == "library"] == [FAMILY]
    assert journal(synced, "export", "--library", "nothing").code == 2


def test_forgetting_needs_a_word(synced: Path, tmp_path: Path) -> None:
    """Without a terminal to ask at, --yes; the other libraries stay, and the file is smaller."""
    folder = copied(synced, tmp_path)
    size = (folder / "journal.sqlite3").stat().st_size
    assert journal(folder, "forget").code == 2
    refused = journal(folder, "forget", "--library", FAMILY)
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert journal(folder, "forget", "--library", FAMILY, "--yes").code == 0
    left = json.loads(journal(folder, "info", "--format", "json").out)["libraries"]
    assert FAMILY not in {one["name"] for one in left}
    assert len(left) == len(still_world().libraries()) - 1
    assert (folder / "journal.sqlite3").stat().st_size < size / 2


def test_a_library_of_two_accounts_is_told_apart_by_the_account(synced: Path, tmp_path: Path) -> None:
    """As one that is shared: the error lists both, and --account chooses for export, reports and forgetting."""
    lines = journal(synced, "export", "--library", FAMILY).out
    account = json.loads(lines.splitlines()[0])["account"]
    for number, lines_of_one in enumerate((lines, lines.replace(json.dumps(account), '"intuser_other"'))):
        (tmp_path / f"{number}.jsonl").write_text(lines_of_one)
        assert journal(tmp_path, "import", str(tmp_path / f"{number}.jsonl")).code == 0
    refused = journal(tmp_path, "forget", "--library", FAMILY, "--yes")
    assert refused.code == 2
    for words in (f"account {account}", "account intuser_other", "say whose with --account"):
        assert words in refused.err
    exported = journal(tmp_path, "export", "--account", "intuser_other").rows
    assert [row["account"] for row in exported if row["record"] == "library"] == ["intuser_other"]
    around = service(library=FAMILY, journal_folder=lambda: tmp_path)
    assert gumnut(around, "deletions", "--since", "all", "--offline").code == 2
    assert gumnut(around, "deletions", "--since", "all", "--offline", "--account", account).code == 0
    assert "needs --offline" in gumnut(around, "deletions", "--account", account).err
    assert "none of them is of --account 'x'" in journal(tmp_path, "forget", "--account", "x", "--yes").err
    assert journal(tmp_path, "forget", "--account", account, "--yes").code == 0
    left = json.loads(journal(tmp_path, "info", "--format", "json").out)["libraries"]
    assert [one["account"] for one in left] == ["intuser_other"]


def test_a_sound_journal_is_said_to_be(synced: Path) -> None:
    """Silently for scripts, in a word for a person."""
    assert journal(synced, "verify").out == ""
    assert "intact" in journal(synced, "verify", talks=True).err


def test_damage_is_said_and_the_file_kept(synced: Path, tmp_path: Path) -> None:
    """Exit code 1 and what is wrong; --put-aside keeps the file under another name."""
    folder = copied(synced, tmp_path)
    path = folder / "journal.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE page SET ends = x'00' WHERE id = 3")
    connection.close()
    ran = journal(folder, "verify")
    assert (ran.code, "cannot be read" in ran.out) == (1, True)
    assert path.exists()
    ran = journal(folder, "verify", "--put-aside")
    assert ran.code == 1
    assert not path.exists()
    (aside,) = folder.glob("*.damaged-20261121-162005")
    assert str(aside) in ran.err


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("journal", "info"),
    ("journal", "info", "--format", "json"),
    ("journal", "export"),
    ("journal", "verify"),
    ("journal", "verify", "--put-aside"),
    ("journal", "verify", "--reread-snapshots"),
    ("journal", "forget", "--yes"),
    ("journal", "import", "/dev/null"),
    ("sync",),
    ("deletions", "--offline"),
)
"""Every command that needs a journal."""


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_that_is_no_journal_stays_as_it_is(tmp_path: Path, kind: str, command: tuple[str, ...]) -> None:
    """Name, bytes, mode, times and no file beside it; one line says what it is, and the next what to do."""
    make, words = FOREIGN[kind]
    make(tmp_path / "mistyped")
    before = state(tmp_path)
    ran = gumnut(service(), *command, "--journal", str(tmp_path / "mistyped"))
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert "--journal" in ran.err
    assert "damage" not in ran.err
    assert state(tmp_path) == before


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_report_goes_on_without_a_file_that_is_no_journal(tmp_path: Path, kind: str) -> None:
    """The journal only helps with names there; the file stays as it is."""
    make, words = FOREIGN[kind]
    make(tmp_path / "mistyped")
    before = state(tmp_path)
    ran = gumnut(service(), "deletions", "--format", "jsonl", "--journal", str(tmp_path / "mistyped"))
    assert (ran.code, words in ran.err) == (0, True)
    assert state(tmp_path) == before


def test_what_lies_in_our_place_and_is_beyond_recognition_can_be_put_aside(tmp_path: Path) -> None:
    """There it can only be ours."""
    (tmp_path / "journal.sqlite3").write_bytes(b"\0" * 9000)
    assert journal(tmp_path, "verify").code == 1
    assert journal(tmp_path, "verify", "--put-aside").code == 1
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes() == b"\0" * 9000


def test_a_missing_table_is_found_and_made_anew(synced: Path, tmp_path: Path) -> None:
    """Exit code 1 and the way out; then the journal is sound, its events are there, and the old file is kept."""
    folder = copied(synced, tmp_path)
    with sqlite3.connect(folder / "journal.sqlite3") as connection:
        connection.execute("DROP TABLE unread")
    connection.close()
    ran = journal(folder, "verify")
    assert (ran.code, "the table unread is missing" in ran.out, "--reread-snapshots" in ran.err) == (1, True, True)
    ran = journal(folder, "verify", "--reread-snapshots")
    assert ran.code == 0
    (aside,) = folder.glob("*.damaged-20261121-162005")
    assert str(aside) in ran.err
    assert journal(folder, "verify").code == 0
    events = [row for row in journal(folder, "export").rows if row["record"] == "event"]
    assert events == [row for row in journal(synced, "export").rows if row["record"] == "event"]


def test_a_journal_of_a_later_version_is_found_out(synced: Path, tmp_path: Path) -> None:
    """It is neither read nor checked by rules it does not know."""
    folder = copied(synced, tmp_path)
    with sqlite3.connect(folder / "journal.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    ran = journal(folder, "verify")
    assert (ran.code, "format 99" in ran.err) == (1, True)


def test_reading_goes_on_beside_a_writer(synced: Path, tmp_path: Path) -> None:
    """Looking and exporting need no lock; forgetting does."""
    folder = copied(synced, tmp_path)
    writer = open_journal(folder / "journal.sqlite3", clock=lambda: NOW)
    assert writer.is_writable
    assert journal(folder, "info").code == 0
    ran = journal(folder, "forget", "--library", FAMILY, "--yes")
    assert (ran.code, "process" in ran.err) == (1, True)


def test_another_file_can_be_named(synced: Path, tmp_path: Path) -> None:
    """With --journal, in every command."""
    ran = journal(tmp_path, "info", "--journal", str(synced / "journal.sqlite3"))
    assert ran.code == 0
    assert FAMILY in ran.lines
