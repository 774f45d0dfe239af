"""`gumnut-tui libraries`: a table for a person, JSON lines for a pipe."""

from __future__ import annotations

from gumnut_tui.demo.http.auth import SELECTED_KEY
from tests.cli.harness import gumnut, service
from tests.demo.worlds import still_world


def test_libraries_are_listed_with_their_ids() -> None:
    """A table for a person, JSON lines for a pipe; both have every live library."""
    table = gumnut(service(terminal=True), "libraries").out
    rows = gumnut(service(), "libraries").rows
    assert [row["id"] for row in rows] == [library["id"] for library in still_world().libraries()]
    assert all(row["name"] in table and row["id"] in table for row in rows)


def test_trashed_libraries_are_listed_on_demand() -> None:
    """`--state all` brings at least the live ones."""
    states = {state: gumnut(service(), "libraries", "--state", state).rows for state in ("live", "trashed", "all")}
    assert states["all"] == states["live"] + states["trashed"]


def test_a_key_that_may_not_list_libraries_is_told() -> None:
    """403 is exit code 1 and says what to do."""
    ran = gumnut(service(key=SELECTED_KEY), "libraries")
    assert ran.code == 1
    assert "--library ID" in ran.err
