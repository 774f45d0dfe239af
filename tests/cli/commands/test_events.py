"""`gumnut-tui events` against the demo library."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gumnut_tui.cli.runtime import Output
from gumnut_tui.demo.http.auth import SELECTED_KEY
from tests.cli.harness import FAMILY, Ran, Ticking, events, gumnut, runtime, service
from tests.demo.faults import Asked, Fault, FaultPlan, always, final, on_path, unavailable, wrong_shape
from tests.demo.worlds import NOW, library_ids, make_world, still_world


def raw_events(**params: str) -> list[dict[str, Any]]:
    """What the service itself answers."""
    around = service()

    async def ask() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        query = {"library_id": library_ids(still_world())[0], "limit": "200", **params}
        headers = {"Authorization": "Bearer demo"}
        base_url = around.environ["GUMNUT_BASE_URL"]
        async with httpx.AsyncClient(transport=around.transport, base_url=base_url, headers=headers) as client:
            while True:
                page = (await client.get("/api/events", params=query)).json()
                found += page["data"]
                if not page["has_more"]:
                    return found
                query["after_cursor"] = page["next_cursor"]

    return asyncio.run(ask())


def test_jsonl_is_what_the_service_sent() -> None:
    """Each line is the API's event object, fields and values as received, in feed order, each once."""
    assert events("--since", "all").rows == raw_events()


def test_the_default_is_the_last_day_as_jsonl_in_a_pipe() -> None:
    """Without anything, a pipe gets the last 24 hours as JSON lines."""
    since = (NOW - timedelta(hours=24)).isoformat()
    assert events().rows == raw_events(created_at_gte=since)


def test_the_range_is_half_open() -> None:
    """An event at the lower bound is printed, one at the upper bound is not."""
    times = sorted(row["created_at"] for row in events("--since", "3d").rows)
    first, last = times[10], times[-10]
    found = [row["created_at"] for row in events("--since", first, "--until", last).rows]
    assert sorted(found) == [time for time in times if first <= time < last]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--types", "album,person"], lambda row: row["entity_type"] in ("album", "person")),
        (["--types", "album", "--types", "stack"], lambda row: row["entity_type"] in ("album", "stack")),
        (["--ops", "trashed,deleted"], lambda row: row["event_type"].endswith(("_trashed", "_deleted"))),
        (["--ops", "moved-out"], lambda row: row["event_type"].endswith("_moved_out")),
        (["--events", "asset_deleted"], lambda row: row["event_type"] == "asset_deleted"),
        (["--types", "sparkle", "--allow-unknown"], lambda row: row["entity_type"] == "sparkle"),
        (["--types", "asset", "--ops", "created"], lambda row: row["event_type"] == "asset_created"),
    ],
)
def test_filters_pick_the_events_that_match(arguments: list[str], expected: Any) -> None:
    """Each filter lets through what it says, and filters combine."""
    found = events("--since", "all", *arguments)
    assert found.code == 0
    assert found.rows == [row for row in raw_events() if expected(row)]


def test_an_entity_is_found_in_ids_and_payloads() -> None:
    """`--entity` brings events about the entity and those whose payload mentions it."""
    everything = raw_events()
    album = next(row["payload"]["album_id"] for row in everything if row["event_type"] == "album_asset_removed")
    expected = [row for row in everything if album in (row["entity_id"], *(row["payload"] or {}).values())]
    assert len({row["entity_id"] for row in expected}) > 1
    assert events("--since", "all", "--entity", album).rows == expected


def test_search_looks_into_names() -> None:
    """A text is found in the name of what an event is about, which is not part of the event."""
    album = next(row for row in still_world().ids("album", library_ids(still_world())[0]))
    name = (still_world().entity("album", album) or {})["name"]
    found = events("--since", "all", "--search", name.upper()).rows
    assert album in {row["entity_id"] for row in found}
    assert all(name not in json.dumps(row) for row in found)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--search", "café"),
        ("--search", "cafe\u0301"),
        ("--search", "a/b"),
        ("--search", 'say "hi"'),
        ("--entity", "asset_listed"),
    ],
)
def test_search_looks_at_what_a_payload_says(arguments: tuple[str, str]) -> None:
    """However its JSON is written: escapes, quotes, ids in a list."""
    payload = {"note": 'café a/b say "hi"', "ids": ["asset_listed"]}
    found = events("--since", "all", "--limit", "1", *arguments, faults=spoiled(payload=payload)).rows
    assert [row["payload"] for row in found] == [payload]


def test_newest_first_is_oldest_first_backwards() -> None:
    """Both orders bring the same events, each once, also with `--exact` and an upper bound."""
    for bounds in (["--since", "all"], ["--since", "5d", "--until", "2d"]):
        oldest = events(*bounds).rows
        assert oldest
        assert events(*bounds, "--order", "newest").rows == oldest[::-1]
        assert events(*bounds, "--order", "newest", "--exact").rows == oldest[::-1]


@pytest.mark.parametrize("configured", ["newest", "oldest"])
def test_the_order_may_be_configured(configured: str) -> None:
    """A flag wins over it, and following, which has one order only, does not mind."""
    environ = {"GUMNUT_TUI_ORDER": configured}
    rows = {order: events("--since", "3d", "--order", order).rows for order in ("newest", "oldest")}
    assert events("--since", "3d", environ=environ).rows == rows[configured]
    assert events("--since", "3d", "--order", "oldest", environ=environ).rows == rows["oldest"]
    assert follow(Ticking(pauses=1), "--since", "1m", environ=environ).code == 130


@pytest.mark.parametrize("generation", ["current", "seed2", "seed1", "b"])
def test_every_generation_gives_the_same_in_both_orders(generation: str) -> None:
    """Whatever form the server speaks, both orders agree and a limit takes their beginning."""
    oldest = events("--since", "3d", generation=generation).rows
    newest = events("--since", "3d", "--order", "newest", generation=generation).rows
    assert newest == oldest[::-1]
    assert events("--since", "3d", "--limit", "3", generation=generation).rows == oldest[:3]
    assert events("--since", "3d", "--limit", "3", "--order", "newest", generation=generation).rows == newest[:3]


def counting(log: list[str]) -> FaultPlan:
    """Lets everything pass and notes the paths asked for."""

    def plan(asked: Asked) -> None:
        log.append(asked.path)

    return plan


def test_reading_stops_behind_the_upper_bound() -> None:
    """Once a whole page lies a slack beyond `--until` nothing more is asked; `--exact` reads to the end."""
    short: list[str] = []
    exact: list[str] = []
    bounds = ["--since", "9d", "--until", "8d"]
    assert events(*bounds, faults=counting(short)).rows == events(*bounds, "--exact", faults=counting(exact)).rows
    assert len(short) < len(exact)


def test_a_limit_ends_the_reading() -> None:
    """With a limit reached, no further page is asked for, but for the one under way."""
    log: list[str] = []
    assert len(events("--since", "all", "--limit", "5", faults=counting(log)).lines) == 5
    assert log.count("/api/events") <= 2


def test_json_is_one_array() -> None:
    """`--format json` is an array of the event objects, also when there are none."""
    assert json.loads(events("--since", "all", "--format", "json").out) == raw_events()
    assert json.loads(events("--since", "now", "--format", "json").out) == []


def csv_rows(ran: Ran) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ran.out, newline="")))


def test_csv_has_a_row_for_each_event() -> None:
    """The cells hold the fields as received and the operation."""
    rows = csv_rows(events("--since", "all", "--format", "csv"))
    for row, event in zip(rows, raw_events(), strict=True):
        assert (row["cursor"], row["entity_id"], row["event_type"]) == (
            event["cursor"],
            event["entity_id"],
            event["event_type"],
        )
        assert json.loads(row["payload"] or "null") == event["payload"]


def spoiled(**fields: Any) -> FaultPlan:
    """Every event carries these fields instead of its own."""

    def rewrite(page: Any) -> Any:
        return {**page, "data": [{**event, **fields} for event in page["data"]]}

    return lambda asked: wrong_shape(rewrite) if asked.path == "/api/events" else None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_csv_is_defused(start: str) -> None:
    """A cell a spreadsheet would run begins with an apostrophe."""
    ran = events("--format", "csv", "--limit", "1", faults=spoiled(entity_id=f"{start}cmd()"))
    assert csv_rows(ran)[0]["entity_id"] == f"'{start}cmd()"


HOSTILE = "\x1b[31mred\u202egnp.exe\u200b\x9b2J"


def test_a_table_shows_names_and_escapes_everything() -> None:
    """A table has a heading, names instead of ids, and nothing a terminal would obey."""
    table = events("--format", "table", "--limit", "40", terminal=True).out
    assert table.splitlines()[0].split() == ["TIME", "OP", "WHAT", "ENTITY", "MORE"]
    assert any(ending in table for ending in (".HEIC", ".jpg", ".JPG"))
    spoilt = events(
        "--format", "table", "--limit", "3", terminal=True, faults=spoiled(entity_type=HOSTILE, entity_id=HOSTILE)
    )
    assert "␛[31m" in spoilt.out
    assert not set(spoilt.out) & set("\x1b\u202e\u200b\x9b")


def test_csv_begins_with_a_byte_order_mark_on_demand() -> None:
    """Once, before the heading; a terminal would show it."""
    ran = events("--format", "csv", "--bom", "--limit", "5")
    assert ran.out.count("\ufeff") == 1
    assert ran.out.startswith("\ufeffcreated_at,")
    assert "\ufeff" not in events("--format", "csv", "--bom", "--limit", "5", terminal=True).out
    assert "\ufeff" not in events("--format", "csv", "--limit", "5").out


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table"])
def test_no_format_lets_control_characters_through_to_a_terminal(form: str) -> None:
    """On a terminal also the formats for programs are safe, and JSON still means the same."""
    ran = events("--format", form, "--limit", "2", terminal=True, faults=spoiled(entity_id=HOSTILE))
    assert not set(ran.out) & set("\x1b\u202e\u200b\x9b")
    if form == "jsonl":
        assert ran.rows[0]["entity_id"] == HOSTILE


@pytest.mark.parametrize("terminal", [True, False])
def test_a_table_shows_times_of_other_years_whole(terminal: bool) -> None:
    """They are the longest ones, for they have the year."""
    years_ago = spoiled(created_at="2024-11-19T12:03:22Z")
    ran = events("--since", "all", "--format", "table", "--limit", "1", terminal=terminal, faults=years_ago)
    assert ran.lines[1].startswith("2024-11-19 12:03  ")


def test_a_table_in_a_file_cuts_nothing() -> None:
    """Not even the types of events we do not know."""
    unknown = spoiled(entity_type="a_type_of_our_own", event_type="a_type_of_our_own_sparkled_and_shone")
    line = events("--format", "table", "--limit", "1", faults=unknown).lines[1]
    assert "· sparkled_and_shone  a_type_of_our_own  " in line


@pytest.mark.parametrize("columns", [60, 72, 80, 100])
def test_what_became_of_a_photo_is_whole_in_a_narrow_terminal(columns: int) -> None:
    """So is a shortened id beside it; the kind gives way, which the id tells as well."""
    from rich.cells import cell_len

    chosen = ("--since", "all", "--ops", "removed,trashed,deleted")
    narrow = Output(io.BytesIO(), is_terminal=True, columns=columns)
    lines = events(*chosen, "--format", "table", output=narrow).lines
    assert max(map(cell_len, lines)) <= columns
    for line, row in zip(lines[1:], csv.DictReader(events(*chosen, "--format", "csv").lines), strict=True):
        more = row["more"].replace("…", "")
        assert line.replace("…", "").endswith(more) or len(more) > 24
        assert line.count("…") <= 1
        if columns >= 72 and len(row["name"]) <= 12:
            assert row["name"].replace("…", "") in line.replace("…", "")


def test_a_table_fits_the_terminal() -> None:
    """No line is wider than the terminal, wide characters included."""
    from rich.cells import cell_len

    lines = events("--since", "all", "--format", "table", terminal=True).lines
    assert max(map(cell_len, lines)) <= 100


def test_colour_only_where_it_is_wanted() -> None:
    """Rows are coloured by operation when the output says so, and the words stay the same."""
    around = service()
    coloured = Output(io.BytesIO(), is_terminal=True, columns=100, colour=True)
    ran = gumnut(
        service(output=coloured), "events", "--since", "all", "--ops", "deleted", "--format", "table", "--limit", "1"
    )
    assert "\x1b[31m" in ran.out
    plain = gumnut(around, "events", "--since", "all", "--ops", "deleted", "--format", "table", "--limit", "1")
    assert "\x1b" not in plain.out


def test_names_that_cannot_be_read_do_not_stop_a_table() -> None:
    """Where entities cannot be read, ids stand in for names, and one warning says so."""

    def plan(asked: Asked) -> Fault | None:
        return None if asked.path in ("/api/events", "/api/libraries") else final(503)

    ran = events("--format", "table", "--limit", "300", faults=plan)
    assert ran.code == 0
    assert len(ran.lines) == 301
    assert ran.err.count("Names cannot be read") == 1


def test_several_libraries_and_none_chosen() -> None:
    """Exit code 2, with the names and ids to choose from; nothing on standard output."""
    ran = events(library=None)
    assert (ran.code, ran.out) == (2, "")
    for library in still_world().libraries():
        assert library["name"] in ran.err
        assert library["id"] in ran.err


@pytest.mark.parametrize("how", [FAMILY, "family photos", "id"])
def test_a_library_is_chosen_by_name_or_id(how: str) -> None:
    """The name counts in any case; the flag comes before the environment."""
    wanted = library_ids(still_world())[0] if how == "id" else how
    assert gumnut(service(library="other"), "events", "--library", wanted).rows == events().rows


def test_an_unknown_library_is_answered_with_the_known_ones() -> None:
    """Exit code 2 and the list."""
    ran = events(library="Famly")
    assert ran.code == 2
    assert "There is no library called Famly." in ran.err
    assert FAMILY in ran.err


def test_a_key_that_may_not_list_libraries_is_tried_without_one() -> None:
    """A key limited to one library needs no choice; a name cannot be looked up with it, an id can be used."""
    ran = events(key=SELECTED_KEY, library=None)
    assert (ran.code, ran.rows) == (0, events().rows)
    by_id = events(key=SELECTED_KEY, library=library_ids(still_world())[0])
    assert by_id.rows == ran.rows
    by_name = events(key=SELECTED_KEY, library=FAMILY)
    assert by_name.code == 2
    assert "give its id" in by_name.err


def test_a_pipe_that_closes_ends_quietly() -> None:
    """When the reader has gone there is no message and the exit code is 0."""

    class Closed(io.BytesIO):
        def write(self, content: Any) -> int:
            raise BrokenPipeError

    around = service(output=Output(Closed()))
    ran = gumnut(around, "events")
    assert (ran.code, ran.err) == (0, "")


def test_progress_is_only_for_a_terminal() -> None:
    """Standard error tells how far the reading is where a person watches, and says nothing into a file."""
    assert events("--since", "all").err == ""
    assert "events read" in events("--since", "all", talks=True).err
    assert events("--since", "now", talks=True).err == "No events match.\n"


@pytest.mark.parametrize(
    ("arguments", "nearest"), [(("--types", "albun"), "album"), (("--events", "asset_deletedd"), "asset_deleted")]
)
@pytest.mark.parametrize("command", ["events", "deletions", "watch --once --fail-on deleted>50/10m"])
def test_a_type_that_nobody_knows_is_wrong_usage(command: str, arguments: tuple[str, str], nearest: str) -> None:
    """Most likely it is a slip, and nothing found would look like nothing happened; unless it is insisted upon."""
    ran = gumnut(service(), *command.split(), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"'{arguments[1]}' is known; did you mean {nearest}" in ran.err
    assert gumnut(service(), *command.split(), *arguments, "--allow-unknown").code == 0


def test_a_type_that_the_server_knows_can_be_asked_for() -> None:
    """The set of types is open: this program need not know it."""
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("entity_types"))
        return httpx.Response(200, json={"data": [], "has_more": False, "next_cursor": "end", "as_of": "x"})

    around = runtime({"GUMNUT_API_KEY": "apikey_1"}, transport=httpx.MockTransport(answer))
    assert gumnut(around, "events", "--types", "sparkle", "--library", "lib_1").code == 0
    assert set(asked) == {"sparkle"}


def test_a_type_that_the_journal_has_can_be_asked_for(tmp_path: Path) -> None:
    """The demo's feed has events of a kind that its server does not take as a filter."""
    around = service(journal_folder=lambda: tmp_path)
    assert gumnut(around, "events", "--since", "all", "--events", "memory_created").code == 2
    assert gumnut(around, "sync", "--no-snapshots").code == 0
    ran = gumnut(service(journal_folder=lambda: tmp_path), "events", "--since", "all", "--events", "memory_created")
    assert ran.code == 0


def follow(ticking: Ticking, *arguments: str, **changes: Any) -> Ran:
    world = make_world(events=1_500, days=5)
    return events("--follow", *arguments, world=world, live=True, clock=ticking, sleep=ticking.sleep, **changes)


def test_follow_prints_what_comes_until_ctrl_c() -> None:
    """New events are printed as they come, each once and in feed order, and ctrl+c is exit code 130."""
    ran = follow(Ticking(pauses=60), "--since", "1m")
    assert (ran.code, ran.err) == (130, "")
    late = [row for row in ran.rows if row["created_at"] > NOW.isoformat()]
    assert len(late) > 10
    cursors = [row["cursor"] for row in ran.rows]
    assert len(cursors) == len(set(cursors))


def test_follow_asks_at_the_configured_interval() -> None:
    """The pause between two questions is the `poll_interval` setting."""
    ticking = Ticking(pauses=3)
    follow(ticking, "--since", "now", environ={"GUMNUT_TUI_POLL_INTERVAL": "7"})
    assert ticking.slept == [7.0] * 4


def test_follow_outlasts_a_service_that_is_down() -> None:
    """After the first page, trouble is told, asked again after, and nothing is lost or printed twice."""
    down = [None, None, *[unavailable()] * 7]
    ran = follow(Ticking(pauses=80), "--since", "1h", faults=on_path("/api/events", down))
    calm = follow(Ticking(pauses=80), "--since", "1h")
    assert "was answered 503" in ran.err
    assert "trying again" in ran.err
    shared = min(len(ran.lines), len(calm.lines))
    assert ran.lines[:shared] == calm.lines[:shared]
    assert shared > 20


def test_follow_fails_at_once_when_the_beginning_fails() -> None:
    """A service that does not answer at all is an error, not something to wait for."""
    assert follow(Ticking(pauses=80), faults=always(final(503))).code == 1


def test_follow_reads_again_when_its_position_is_refused() -> None:
    """A refused cursor is told; the last stretch is read again and nothing is printed twice."""
    refused = Fault(400, {"content-type": "application/json"}, b'{"detail": "Invalid after_cursor"}')
    plan = on_path("/api/events", [None, None, None, refused])
    ran = follow(Ticking(pauses=60), "--since", "10m", faults=plan)
    calm = follow(Ticking(pauses=60), "--since", "10m")
    assert "server rejected our cursor" in ran.err
    assert sorted(ran.lines) == sorted(calm.lines)


@pytest.mark.parametrize(
    "arguments", [["--order", "newest"], ["--until", "now"], ["--format", "json"]], ids=lambda arguments: arguments[0]
)
def test_follow_does_not_go_with_what_needs_an_end(arguments: list[str]) -> None:
    """Combinations without meaning are usage errors that name the option."""
    ran = events("--follow", *arguments)
    assert ran.code == 2
    assert arguments[0] in ran.err


def test_the_demo_needs_no_key() -> None:
    """`--demo` reads the embedded library and ignores the configured server and key."""
    around = runtime({"GUMNUT_API_KEY": "bad", "GUMNUT_BASE_URL": "http://127.0.0.1:9", "GUMNUT_TUI_LIBRARY": "mine"})
    ran = gumnut(around, "events", "--demo", "--library", FAMILY, "--limit", "3")
    assert (ran.code, len(ran.rows)) == (0, 3)
    assert gumnut(around, "--demo", "--library", FAMILY, "events", "--limit", "3").code == 0


@pytest.mark.parametrize(
    ("configured", "shown"), [("mine", FAMILY), ("studio archive", "Studio Archive"), (None, FAMILY)]
)
def test_the_demo_shows_its_first_library_unless_another_of_its_is_named(configured: str | None, shown: str) -> None:
    """As the screen does; a library of the account that is configured is not meant."""
    environ = {} if configured is None else {"GUMNUT_TUI_LIBRARY": configured}
    ran = gumnut(runtime(environ), "events", "--demo", "--limit", "3")
    assert ran.code == 0
    assert ran.out == gumnut(runtime(), "events", "--demo", "--limit", "3", "--library", shown).out


def test_options_may_stand_before_the_command() -> None:
    """What is given before the command counts, unless it is given behind it too."""
    assert (
        gumnut(service(), "--types", "album", "--since", "3d", "events").rows
        == events("--types", "album", "--since", "3d").rows
    )
    assert gumnut(service(), "--since", "1h", "events", "--since", "3d").rows == events("--since", "3d").rows


def test_moved_photos_are_named_by_the_library_they_are_in() -> None:
    """As on the screen, where the account may read it."""
    done = events("--since", "all", "--ops", "moved_out", "--format", "csv")
    named = [row["name"] for row in csv.DictReader(io.StringIO(done.out))]
    assert named
    assert not [name for name in named if name.startswith("asset …")]
