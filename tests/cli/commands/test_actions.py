"""`gumnut-tui actions` against the demo library."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.cli.main import run
from gumnut_tui.cli.runtime import Output, Talk
from gumnut_tui.report.digest import COLUMNS
from tests.cli.harness import FAMILY, Ran, Ticking, events, gumnut, runtime, service
from tests.demo.faults import always, final, on_path, unavailable
from tests.demo.worlds import NOW, make_world


def actions(*arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui actions …` where the demo library is the service."""
    return gumnut(service(**changes), "actions", *arguments)


@pytest.mark.parametrize("since", ["all", "3d", "6h"])
def test_actions_partition_the_events(since: str) -> None:
    """As many events as there are, of each type; each row has the keys that were promised."""
    ran = actions("--since", since)
    read = events("--since", since).rows
    assert (ran.code, ran.err) == (0, "")
    assert {tuple(row) for row in ran.rows} == {COLUMNS}
    assert sum(row["events"] for row in ran.rows) == len(read)
    kinds = Counter[str]()
    for row in ran.rows:
        kinds.update(row["kinds"])
        assert sum(row["kinds"].values()) == row["events"] == row["matching"]
    assert kinds == Counter(row["event_type"] for row in read)
    assert len({row["id"] for row in ran.rows}) == len(ran.rows)


def test_both_orders_and_a_limit() -> None:
    """Oldest first unless asked otherwise; a limit takes the beginning of the order."""
    oldest = actions("--since", "3d").rows
    newest = actions("--since", "3d", "--order", "newest").rows
    assert [row["first"] for row in oldest] == sorted(row["first"] for row in oldest)
    assert newest == oldest[::-1]
    assert actions("--since", "3d", "--order", "newest", "--limit", "2").rows == newest[:2]


def test_a_filter_keeps_actions_that_have_an_event_which_passes() -> None:
    """They are whole, and say how many of their events do."""
    whole = {row["id"]: row for row in actions("--since", "3d").rows}
    found = actions("--since", "3d", "--ops", "trashed,deleted", talks=True)
    assert 0 < len(found.rows) < len(whole)
    assert sum(row["matching"] for row in found.rows) == len(events("--since", "3d", "--ops", "trashed,deleted").rows)
    assert all(row == whole[row["id"]] | {"matching": row["matching"]} for row in found.rows)
    assert f"{len(found.rows)} of {len(whole)} actions" in found.err


def test_a_text_is_looked_for_in_names() -> None:
    """As `events` does."""
    row = next(row for row in actions("--since", "all").rows if row["action"] == "album" and row["photos"])
    name = row["sentence"].rpartition(" into ")[2].partition(" created")[0]
    found = actions("--since", "all", "--search", name.upper()).rows
    assert row["id"] in [one["id"] for one in found]
    assert sum(one["matching"] for one in found) == len(events("--since", "all", "--search", name.upper()).rows)


def test_moved_photos_are_told_with_the_other_library() -> None:
    """Where its feed has the other end of the move."""
    told = {row["sentence"] for row in actions("--since", "all").rows if row["action"] in ("moved_out", "moved_in")}
    assert told
    assert any("Studio Archive" in sentence or "Guesthouse Porto" in sentence for sentence in told)


@pytest.mark.parametrize("size", ["10", "2"])
def test_incidents_are_those_of_the_report_of_deletions(size: str) -> None:
    """The same ids over the same range, by the same size."""
    arguments = ("--since", "3d", "--incident-size", size)
    rows = actions(*arguments).rows
    reported = gumnut(service(), "deletions", *arguments, "--format", "jsonl").rows
    assert {row["incident"] for row in rows} == {row["incident"] for row in reported} | {None}
    assert {row["incident"] for row in rows} > {None}


def test_the_table_begins_on_a_line_of_its_own() -> None:
    """On a terminal the line that tells how far reading has come is gone before anything is printed."""
    screen, seconds = io.BytesIO(), count()
    talk = Talk(
        io.TextIOWrapper(screen, "utf-8", write_through=True), is_terminal=True, elapsed=lambda: float(next(seconds))
    )
    run(("actions", "--since", "3d"), service(output=Output(screen, is_terminal=True, columns=100), talk=talk))
    before, _, _ = screen.getvalue().decode().partition("TIME ")
    assert "events read" in before
    assert before.endswith("\r\x1b[2K")


def test_csv_is_the_same_rows() -> None:
    """Under a heading; kinds on one line."""
    rows = list(csv.DictReader(io.StringIO(actions("--since", "3d", "--format", "csv").out, newline="")))
    whole = actions("--since", "3d").rows
    assert [row["id"] for row in rows] == [row["id"] for row in whole]
    assert rows[0]["kinds"] == "; ".join(f"{name}={count}" for name, count in whole[0]["kinds"].items())
    assert actions("--format", "csv", "--bom").out.startswith("\ufeffid,")


@pytest.mark.parametrize("columns", [80, 140])
def test_the_table_fits_the_terminal(columns: int) -> None:
    """Every line is as wide as the terminal at most; what there is no room for is cut from the sentence."""
    from gumnut_tui.cli.runtime import Output
    from gumnut_tui.formatting.cells import cell_width

    output = Output(io.BytesIO(), is_terminal=True, columns=columns)
    ran = actions("--since", "3d", output=output)
    assert ran.lines[0].startswith("TIME")
    assert all(cell_width(line) <= columns for line in ran.lines)
    assert len(ran.lines) == len(actions("--since", "3d").rows) + 1


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_digest_goes_by_days(form: str) -> None:
    """Each day under its date, with a line that sums it up, then its actions in words."""
    ran = actions("--since", "3d", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert FAMILY in ran.out
    for day in ("Thu 19 Nov 2026", "Fri 20 Nov 2026"):
        assert ran.out.count(day) == 1
    assert "photos" in ran.out
    assert "does not record who did what" in ran.out
    if form == "html":
        assert "url(data:image/png;base64," in ran.out
        assert ran.out.count("<article>") == len(actions("--since", "3d").rows)


def follow(ticking: Ticking, *arguments: str, **changes: Any) -> Ran:
    world = make_world(events=1_500, days=5)
    return actions("--follow", *arguments, world=world, live=True, clock=ticking, sleep=ticking.sleep, **changes)


def test_follow_prints_an_action_when_it_has_ended() -> None:
    """Nothing that may still go on; one that grows later is printed again under its id, and larger."""
    ticking = Ticking(pauses=600)
    ran = follow(ticking, "--since", "2h")
    assert (ran.code, ran.err) == (130, "")
    assert any(row["first"] > NOW.isoformat() for row in ran.rows)
    sizes: dict[str, int] = {}
    for row in ran.rows:
        assert row["events"] > sizes.get(row["id"], 0)
        sizes[row["id"]] = row["events"]


def test_follow_outlasts_a_service_that_is_down() -> None:
    """As `events` does; and what fails at the beginning fails at once."""
    ran = follow(Ticking(pauses=40), "--since", "1h", faults=on_path("/api/events", [None, None, *[unavailable()] * 7]))
    assert "was answered 503" in ran.err
    assert ran.rows
    assert follow(Ticking(pauses=80), faults=always(final(503))).code == 1


@pytest.mark.parametrize(
    "arguments",
    [["--order", "newest"], ["--until", "now"], ["--offline"], ["--format", "md"], ["--format", "html"]],
    ids=" ".join,
)
def test_follow_does_not_go_with_what_needs_an_end(arguments: list[str]) -> None:
    """Combinations without meaning are usage errors that name the option."""
    ran = actions("--follow", *arguments)
    assert ran.code == 2
    assert arguments[0] in ran.err


def test_offline_reads_the_journal(tmp_path: Path) -> None:
    """The same actions in the same words, without the service."""
    around = service(journal_folder=lambda: tmp_path)
    assert gumnut(around, "sync", "--library", FAMILY).code == 0
    offline = gumnut(runtime(journal_folder=lambda: tmp_path), "actions", "--offline", "--since", "3d")
    assert (offline.code, offline.err) == (0, "")
    online = actions("--since", "3d").rows
    assert [{**row, "sentence": ""} for row in offline.rows] == [{**row, "sentence": ""} for row in online]
    assert sum(one["sentence"] == other["sentence"] for one, other in zip(offline.rows, online, strict=True)) > 0
    assert gumnut(runtime(), "actions", "--offline", "--no-journal").code == 2


@pytest.mark.parametrize("form", ["jsonl", "md", "html"])
def test_a_purge_is_told_as_one_though_the_trash_is_not_in_the_range(tmp_path: Path, form: str) -> None:
    """By the journal; without one it is said that this is not known."""
    purge = next(row for row in reversed(actions("--since", "all").rows) if row["action"] == "purge")
    asked = ["--since", purge["first"], "--until", "now", "--format", form]
    unknown = actions(*asked).out
    assert f"{purge['photos']} photos deleted for good" in unknown
    assert "not known whether from the trash" in unknown
    around = service(journal_folder=lambda: tmp_path)
    assert gumnut(around, "sync", "--library", FAMILY).code == 0
    told = gumnut(around, "actions", *asked).out
    assert f"{purge['photos']} photos purged from the trash" in told
    assert "not known" not in told
    if form == "jsonl":
        rows = gumnut(around, "actions", *asked).rows
        assert purge | {"id": ""} in [row | {"id": ""} for row in rows]


def test_nothing_happened() -> None:
    """An empty range has no actions, in any form."""
    assert actions("--since", "now").out == ""
    assert "No events match." in actions("--since", "now", talks=True).err
    for form in ("md", "html"):
        assert "0 actions, 0 events" in actions("--since", "now", "--format", form).out
