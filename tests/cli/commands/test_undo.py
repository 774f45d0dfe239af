"""`gumnut-tui undo` against the demo library."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.undo.plan import StepKind
from tests.cli.harness import FAMILY, Ran, gumnut, service
from tests.demo.worlds import NOW, library_ids, make_world
from tests.undo.proving import FILE, upload

KINDS = {kind.value for kind in StepKind}


def undo(*arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui undo …` where the demo library is the service."""
    return gumnut(service(**changes), "undo", *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal of the family's library."""
    folder = tmp_path_factory.mktemp("journal")
    assert gumnut(service(journal_folder=lambda: folder), "sync", "--library", FAMILY).code == 0
    return folder


def test_it_prints_a_plan_to_read() -> None:
    """Summary first, then the steps, then what cannot be undone, without a journal too."""
    ran = undo("--since", "3d")
    assert ran.code == 0
    parts = [ran.out.index(words) for words in ("Brings back", "Steps, in the order", "What cannot be undone")]
    assert parts == sorted(parts)


def test_each_step_is_a_json_line(folder: Path) -> None:
    """With the keys that were promised, at most 200 ids each, those that act before those that tell."""
    rows = undo("--since", "3d", "--format", "jsonl", journal_folder=lambda: folder).rows
    assert {"step", "entity_type", "ids", "name", "reason"} <= set.intersection(*(set(row) for row in rows))
    assert {row["step"] for row in rows} <= KINDS
    assert all(0 < len(row["ids"]) <= 200 for row in rows)
    acts = [row["step"] not in ("impossible", "note") for row in rows]
    assert acts == sorted(acts, reverse=True)
    assert all(row["reason"] for row in rows if row["step"] in ("impossible", "note"))


def test_offline_the_journal_is_asked_instead(folder: Path) -> None:
    """The same photos are restored, and it says as of when that is."""
    online = undo("--since", "3d", "--format", "jsonl", journal_folder=lambda: folder).rows
    offline = undo("--since", "3d", "--format", "jsonl", "--offline", journal_folder=lambda: folder).rows
    restored = [row["ids"] for row in online if row["step"] == "restore"]
    assert [row["ids"] for row in offline if row["step"] == "restore"] == restored
    assert "Made without the service" in undo("--since", "3d", "--offline", journal_folder=lambda: folder).out


def test_filters_choose_what_is_undone() -> None:
    """As everywhere; nothing chosen, nothing planned."""
    rows = undo("--since", "3d", "--ops", "trashed", "--format", "jsonl").rows
    assert {row["step"] for row in rows} <= {"restore", "note", "impossible"}
    none = undo("--since", "3d", "--ops", "created", "--format", "jsonl")
    assert (none.code, none.out) == (0, "")
    assert "There is nothing to bring back." in undo("--since", "3d", "--ops", "created").out


def test_an_incident_is_undone_by_its_id() -> None:
    """Whatever the range; one that is none is a usage error."""
    report = gumnut(service(), "deletions", "--since", "3d").rows
    incident = next(row["incident"] for row in report if row["incident"] and row["event_type"] == "asset_trashed")
    rows = undo("--incident", incident, "--format", "jsonl").rows
    trashed = {row["entity_id"] for row in report if row["incident"] == incident and row["status"] == "trashed"}
    assert {one for row in rows if row["step"] == "restore" for one in row["ids"]} == trashed
    for wrong in ("inc_1", "inc_20200101T000000.000000Z"):
        ran = undo("--incident", wrong)
        assert (ran.code, "--incident" in ran.err) == (2, True)


def test_a_file_is_written_in_the_form_of_its_ending(tmp_path: Path) -> None:
    """`.py` is a script, `.md` text; another ending needs a --format."""
    ran = undo("--since", "3d", "--output", str(tmp_path / "undo.py"))
    assert (ran.code, ran.out) == (0, "")
    ast.parse((tmp_path / "undo.py").read_text())
    assert undo("--since", "3d", "--output", str(tmp_path / "undo.md")).code == 0
    assert (tmp_path / "undo.md").read_text().startswith("# Undo plan")
    ran = undo("--output", str(tmp_path / "undo.exe"))
    assert (ran.code, "--output" in ran.err) == (2, True)


class Library:
    """A library somebody changes."""

    def __init__(self) -> None:
        self.now = NOW
        self.world = make_world(events=600)
        self.editor = self.world.editor(lambda: self.now)
        self.library_id = library_ids(self.world)[0]

    def ran(self, *arguments: str, **changes: Any) -> Ran:
        """A command, ten minutes later."""
        self.now += timedelta(minutes=10)
        return gumnut(service(self.world, clock=lambda: self.now, **changes), *arguments)


def test_copies_are_looked_for_where_it_is_said(tmp_path: Path) -> None:
    """By their bytes, whatever they are called; what was hashed is kept for the next time."""
    library, pictures = Library(), tmp_path / "pictures"
    surroundings = {"journal_folder": lambda: tmp_path, "cache_folder": lambda: tmp_path / "cache"}
    asset = upload(library)
    assert library.ran("sync", "--library", FAMILY, **surroundings).code == 0
    library.editor.photos.delete(asset)
    pictures.mkdir()
    (pictures / "same size.jpg").write_bytes(b"!" * len(FILE))
    wanted = ("undo", "--since", "1h", "--format", "jsonl", "--copies", str(pictures))
    (lost,) = (row for row in library.ran(*wanted, **surroundings).rows if row["ids"] == [asset])
    assert (lost["step"], lost["reason"]) == ("impossible", "deleted for good; no copy was found")
    (pictures / "any name.bin").write_bytes(FILE)
    sent = next(row for row in library.ran(*wanted, **surroundings).rows if row["ids"] == [asset])
    assert (sent["step"], sent["name"]) == ("upload", "IMG 1.jpg")
    assert sent["values"]["path"] == str(pictures / "any name.bin")
    assert "any name.bin" in (tmp_path / "cache" / "hashes.json").read_text()


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """Before anything is asked for."""
    wrong = undo("--copies", str(tmp_path / "nowhere"))
    assert (wrong.code, "there is no folder" in wrong.err) == (2, True)
