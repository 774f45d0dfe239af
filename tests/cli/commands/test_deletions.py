"""`gumnut-tui deletions` against the demo library."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.report.formats import COLUMNS
from tests.cli.harness import FAMILY, Ran, events, gumnut, runtime, service
from tests.demo.faults import Asked, always, final, unavailable
from tests.demo.worlds import NOW


def deletions(*arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui deletions …` where the demo library is the service."""
    return gumnut(service(**changes), "deletions", *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal of the family's library."""
    folder = tmp_path_factory.mktemp("journal")
    ran = gumnut(service(journal_folder=lambda: folder), "sync", "--library", FAMILY)
    assert ran.code == 0, ran.err
    return folder


def test_every_destructive_event_is_reported() -> None:
    """In a pipe as JSON lines, in feed order, with the keys that were promised."""
    ran = deletions("--since", "all")
    destructive = events("--since", "all", "--ops", "deleted,trashed,removed,moved_out").rows
    assert (ran.code, ran.err) == (0, "")
    assert [row["cursor"] for row in ran.rows] == [row["cursor"] for row in destructive]
    assert {tuple(row) for row in ran.rows} == {COLUMNS}
    assert {"gone", "trashed", "restored", "moved", "unlinked"} <= {row["status"] for row in ran.rows}


def test_statuses_are_those_of_the_service() -> None:
    """What is in the trash now has a time until which it can be had back, and nothing else has."""
    rows = deletions("--since", "all").rows
    assert all((row["status"] == "trashed") == (row["recoverable_until"] is not None) for row in rows)
    assert all(row["name"] and not row["name"].startswith("asset ") for row in rows if row["status"] == "trashed")


def test_filters_are_those_of_events() -> None:
    """The same options choose the same events; an incident is the same whatever is shown of it."""
    arguments = ("--since", "3d", "--types", "asset", "--ops", "trashed")
    found = deletions(*arguments).rows
    assert [row["cursor"] for row in found] == [row["cursor"] for row in events(*arguments).rows]
    whole = {row["cursor"]: row for row in deletions("--since", "3d").rows}
    assert found == [whole[row["cursor"]] for row in found]
    assert any(row["incident"] for row in found)


def test_a_report_names_the_range_that_was_read() -> None:
    """However long it takes to read it: the range is the one from when the command began."""
    now = [NOW]

    def takes_long(_asked: Asked) -> None:
        now[0] += timedelta(minutes=10)

    ran = deletions("--since", "24h", "--format", "md", clock=lambda: now[0], faults=takes_long)
    assert "Events from 2026-11-20 16:20:05 (UTC)" in ran.out
    assert now[0] > NOW


def test_incidents_are_settable() -> None:
    """By option, by environment; a wrong value is a usage error."""
    many = Counter(row["incident"] for row in deletions("--since", "all", "--incident-size", "2").rows)
    few = Counter(row["incident"] for row in deletions("--since", "all").rows)
    assert len(many) > len(few) > 1
    assert min(count for incident, count in few.items() if incident) >= 10
    by_environment = deletions("--since", "all", environ={"GUMNUT_TUI_INCIDENT_SIZE": "2"}).rows
    assert Counter(row["incident"] for row in by_environment) == many
    long_pause = Counter(row["incident"] for row in deletions("--since", "all", "--incident-pause", "1d").rows)
    assert max(long_pause.values()) > max(few.values())
    for wrong in ("--incident-size=1", "--incident-pause=soon"):
        ran = deletions(wrong)
        assert ran.code == 2
        assert wrong.partition("=")[0] in ran.err


def test_retention_is_settable() -> None:
    """The time until which a photo can be had back follows from it."""
    usual, short = (
        next(row for row in deletions("--since", "all", environ=environ).rows if row["status"] == "trashed")
        for environ in ({}, {"GUMNUT_TUI_RETENTION": "30"})
    )
    assert short["recoverable_until"] < usual["recoverable_until"]


@pytest.mark.parametrize("form", ["table", "md", "csv", "jsonl", "html"])
@pytest.mark.parametrize("terminal", [True, False])
def test_every_format_on_a_terminal_and_in_a_pipe(form: str, terminal: bool) -> None:
    """All of them print, and none lets through what a terminal would obey."""
    ran = deletions("--since", "all", "--format", form, terminal=terminal)
    assert ran.code == 0
    assert len(ran.lines) > 50
    assert not set(ran.out) & set("\x1b\u202e\u200b\r")


def test_a_terminal_gets_a_table() -> None:
    """With the summary at its end, where one looks."""
    ran = deletions("--since", "all", terminal=True)
    assert ran.lines[0].split() == ["TIME", "WHAT", "HAPPENED", "NAME", "NOW"]
    assert "can still be restored from the trash" in ran.out
    assert any(line.startswith("Incident ") for line in ran.lines)


def test_csv_has_the_columns_of_jsonl() -> None:
    """The same rows."""
    rows = list(csv.DictReader(io.StringIO(deletions("--since", "all", "--format", "csv").out)))
    assert [row["cursor"] for row in rows] == [row["cursor"] for row in deletions("--since", "all").rows]
    assert tuple(rows[0]) == COLUMNS


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.html", "<!doctype html>"), ("a.md", "# Deletion"), ("a.csv", "created_at,"), ("a.jsonl", "{")],
)
def test_a_file_is_written_whole(tmp_path: Path, name: str, start: str) -> None:
    """Its ending tells the format; nothing goes to standard output."""
    path = tmp_path / name
    ran = deletions("--since", "all", "--output", str(path), terminal=True, talks=True)
    assert (ran.code, ran.out) == (0, "")
    assert f"to {path}" in ran.err
    assert path.read_text().startswith(start)
    assert list(tmp_path.iterdir()) == [path]


def test_a_dash_is_standard_output() -> None:
    """As without --output, whatever ending other names need."""
    plain = deletions("--since", "all")
    assert deletions("--since", "all", "--output", "-") == plain
    assert deletions("--since", "all", "--output", "-", "--format", "md").out.startswith("# Deletion")


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    """With the mode it had."""
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "real.md").chmod(0o640)
    (tmp_path / "link.md").symlink_to("real.md")
    assert deletions("--output", str(tmp_path / "link.md")).code == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text().startswith("# Deletion")
    assert stat.S_IMODE((tmp_path / "real.md").stat().st_mode) == 0o640


def test_csv_for_excel_begins_with_its_mark(tmp_path: Path) -> None:
    """On demand, in a file and in a pipe; never without, as other programs take it for part of the heading."""
    assert not deletions("--format", "csv").out.startswith("\ufeff")
    assert deletions("--format", "csv", "--bom").out.startswith("\ufeffcreated_at,")
    assert not deletions("--format", "jsonl", "--bom").out.startswith("\ufeff")
    ran = deletions("--output", str(tmp_path / "a.csv"), environ={"GUMNUT_TUI_CSV_BOM": "true"})
    assert ran.code == 0
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfcreated_at,")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--output", "/nowhere/at/all.html"),
        ("--output", "report.doc"),
        ("--output", "."),
        ("--output", ""),
        ("--restore-command", "curl", "--format", "md"),
        ("--offline", "--no-journal"),
        ("--format", "pdf"),
        ("--restore-command", "ruby"),
        ("--ops", "delete"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(arguments: tuple[str, ...]) -> None:
    """Exit code 2 and the name of the option, without a request."""
    ran = deletions(*arguments, faults=always(unavailable()))
    assert (ran.code, ran.out) == (2, "")
    assert arguments[0] in ran.err


def test_restore_commands_are_printed_and_never_sent() -> None:
    """Those of all photos in the trash; the service hears of nothing but reads."""
    asked: list[str] = []
    around = service(faults=lambda one: asked.append(one.path))
    ran = gumnut(around, "deletions", "--since", "all", "--restore-command", "curl")
    trashed = {row["entity_id"] for row in deletions("--since", "all").rows if row["status"] == "trashed"}
    named = {word for line in ran.lines for word in line.split('"') if word.startswith("asset_")}
    assert {one for one in trashed if one.startswith("asset_")} >= named
    assert named
    assert "/api/assets/restore" in ran.out
    assert not any("restore" in path for path in asked)
    python = deletions("--since", "all", "--restore-command", "python")
    assert "client.assets.restore(" in python.out


def test_nothing_to_restore_is_said() -> None:
    """No command is printed for nothing."""
    ran = deletions("--since", "now", "--restore-command", "curl")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing to restore" in ran.err


def test_a_service_that_fails_is_an_error() -> None:
    """A failed read proves nothing, so nothing is reported."""
    ran = deletions(faults=always(final(503)))
    assert (ran.code, ran.out) == (1, "")
    only_entities = deletions(
        "--since", "all", faults=lambda asked: final(503) if asked.path == "/api/assets" else None
    )
    assert (only_entities.code, only_entities.out) == (1, "")


def test_offline_needs_no_network_and_says_so(folder: Path) -> None:
    """The journal alone tells; every event is there, and the time is that of the last sync."""
    around = runtime(journal_folder=lambda: folder)
    ran = gumnut(around, "deletions", "--offline", "--since", "all")
    online = deletions("--since", "all").rows
    assert (ran.code, [row["cursor"] for row in ran.rows]) == (0, [row["cursor"] for row in online])
    same = sum(one["status"] == other["status"] for one, other in zip(ran.rows, online, strict=True))
    assert same > 0.9 * len(online)
    table = gumnut(
        runtime(journal_folder=lambda: folder), "deletions", "--offline", "--since", "all", "--format", "table"
    )
    assert "as last known 2026-11-21" in table.out


def test_offline_without_a_journal_is_said(tmp_path: Path) -> None:
    """Exit code 2, with what would begin one."""
    ran = gumnut(runtime(journal_folder=lambda: tmp_path), "deletions", "--offline")
    assert ran.code == 2
    assert "sync" in ran.err


def test_the_journal_is_left_alone_when_asked(folder: Path) -> None:
    """With it or without, online statuses are the same."""
    keys = ("cursor", "status", "recoverable_until", "incident")
    with_journal = deletions("--since", "all", journal_folder=lambda: folder).rows
    without = deletions("--since", "all", "--no-journal", journal_folder=lambda: folder).rows
    assert [[row[key] for key in keys] for row in with_journal] == [[row[key] for key in keys] for row in without]


def test_a_broken_journal_does_not_stop_a_report(tmp_path: Path) -> None:
    """It only helps with names."""
    (tmp_path / "journal.sqlite3").write_bytes(b"no database" * 1000)
    ran = deletions("--since", "3d", journal_folder=lambda: tmp_path)
    assert ran.code == 0
    assert ran.rows == deletions("--since", "3d").rows
    assert "journal" in ran.err


def test_the_demo_needs_no_key() -> None:
    """`--demo` reports on the embedded library."""
    ran = gumnut(runtime(), "deletions", "--demo", "--library", FAMILY, "--since", "all")
    assert ran.code == 0
    assert json.loads(ran.lines[0])["library_id"].startswith("lib_")


@pytest.fixture
def foreign(folder: Path, tmp_path: Path) -> Path:
    """An exported journal whose server somebody changed, taken in."""
    lines = gumnut(runtime(journal_folder=lambda: folder), "journal", "export").out
    sent = tmp_path / "sent.jsonl"
    sent.write_text(lines.replace("https://api.demo.invalid", "https://evil.example"))
    assert gumnut(runtime(journal_folder=lambda: tmp_path), "journal", "import", str(sent)).code == 0
    return tmp_path


OFFLINE = ("deletions", "--offline", "--since", "all")


@pytest.mark.parametrize("kind", ["curl", "python"])
def test_a_journal_of_another_server_aims_no_command_at_it(foreign: Path, kind: str) -> None:
    """The command would carry the key there: exit code 2, whose journal it is, and how to say that it is meant."""
    around = service(journal_folder=lambda: foreign)
    ran = gumnut(around, *OFFLINE, "--restore-command", kind)
    assert (ran.code, ran.out) == (2, "")
    for words in ("https://evil.example", "https://api.demo.invalid", "GUMNUT_BASE_URL"):
        assert words in ran.err
    meant = gumnut(
        service(journal_folder=lambda: foreign, environ={"GUMNUT_BASE_URL": "https://evil.example"}),
        *OFFLINE, "--restore-command", kind,
    )  # fmt: skip
    assert (meant.code, "https://evil.example" in meant.out) == (0, True)


@pytest.mark.parametrize("form", ["md", "html", "jsonl", "csv", "table"])
def test_a_report_of_another_servers_journal_holds_no_command(foreign: Path, form: str) -> None:
    """The report itself is as good as any; that there is no command is said."""
    ran = gumnut(service(journal_folder=lambda: foreign), *OFFLINE, "--format", form)
    assert ran.code == 0
    assert "evil.example" not in ran.out
    assert "GUMNUT_API_KEY" not in ran.out
    assert "No restore commands" in ran.err


def test_no_command_goes_over_plain_http(folder: Path, tmp_path: Path) -> None:
    """Neither by an import, which is refused, nor by a journal file that somebody sent."""
    lines = gumnut(runtime(journal_folder=lambda: folder), "journal", "export").out
    sent = tmp_path / "sent.jsonl"
    sent.write_text(lines.replace("https://api.demo.invalid", "http://evil.example"))
    ran = gumnut(runtime(journal_folder=lambda: tmp_path), "journal", "import", str(sent))
    assert (ran.code, "line 1 " in ran.err, "plain http" in ran.err) == (2, True, True)
    (tmp_path / "journal.sqlite3").unlink()
    (tmp_path / "journal.sqlite3").write_bytes((folder / "journal.sqlite3").read_bytes())
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("UPDATE library SET base_url = 'http://evil.example'")
    connection.close()
    around = service(journal_folder=lambda: tmp_path, environ={"GUMNUT_BASE_URL": "http://evil.example"})
    ran = gumnut(around, *OFFLINE, "--restore-command", "curl")
    assert (ran.code, ran.out) == (2, "")
