"""`gumnut-tui entity` against the demo library."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from gumnut_tui.cli.commands.entity import kind_of_id
from gumnut_tui.demo.http.auth import SELECTED_KEY
from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.domain.errors import UsageProblem
from tests.cli.harness import Ran, events, gumnut, service
from tests.demo.worlds import KINDS, library_ids, still_world


def entity(*arguments: str, key: str = "demo", environ: Mapping[str, str] | None = None) -> Ran:
    return gumnut(service(key=key, library=library_ids(still_world())[0], environ=environ), "entity", *arguments)


@pytest.mark.parametrize(
    ("entity_id", "kind"),
    [
        ("asset_7Kq2mXzVbN4tRwYcHd9pLe", "asset"),
        ("asset_stack_7Kq2mXzVbN4tRwYcHd9pLe", "stack"),
        ("album_7Kq2mXzVbN4tRwYcHd9pLe", "album"),
        ("album_asset_7Kq2mXzVbN4tRwYcHd9pLe", "album_asset"),
        ("person_7Kq2mXzVbN4tRwYcHd9pLe", "person"),
        ("face_7Kq2mXzVbN4tRwYcHd9pLe", "face"),
        ("lib_7Kq2mXzVbN4tRwYcHd9pLe", "library"),
    ],
)
def test_an_id_tells_its_kind(entity_id: str, kind: str) -> None:
    """Longer prefixes are tried first; a type that was given counts more than the prefix."""
    assert kind_of_id(entity_id, None) == kind
    assert kind_of_id(entity_id, "metadata") == "asset"


@pytest.mark.parametrize("entity_id", ["", "asset", "asset_version_7Kq2", "intuser_7Kq2", "7Kq2mXz"])
def test_an_id_that_does_not_tell_its_kind_needs_a_type(entity_id: str) -> None:
    """The usage error names the id and the types there are."""
    with pytest.raises(UsageProblem, match="add --type: asset, album"):
        kind_of_id(entity_id, None)
    with pytest.raises(UsageProblem, match="'sparkle' cannot be read"):
        kind_of_id(entity_id, "sparkle")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_printed(kind: str) -> None:
    """A live entity of every kind is printed, as text with what a person cares for and as JSON in full."""
    entity_id = next(iter(still_world().ids(kind, library_ids(still_world())[0])))
    text = entity(entity_id)
    assert text.code == 0
    assert text.lines[0].startswith(("IN THE LIBRARY", "IN TRASH"))
    assert entity_id in text.out
    content = json.loads(entity(entity_id, "--format", "json").out)
    assert (content["kind"], content["id"], content["entity"]["id"]) == (kind, entity_id, entity_id)


def test_a_picture_address_loses_its_signature() -> None:
    """Whoever holds the signed address can fetch the file, so it is not printed."""
    entity_id = next(iter(still_world().ids("asset", library_ids(still_world())[0])))
    out = entity(entity_id, "--format", "json").out
    assert "https://" in out
    assert "verify=" not in out


def a_trashed_asset() -> str:
    return still_world().ids("asset", library_ids(still_world())[0], Filters(state="trashed"))[0]


def test_how_long_the_trash_is_kept_is_as_configured() -> None:
    """A photo in the trash can be had back until the retention of the settings has passed."""
    trashed = a_trashed_asset()
    assert "(90 days unless configured)" in entity(trashed).lines[0]
    assert "(30 days unless configured)" in entity(trashed, environ={"GUMNUT_TUI_RETENTION": "30"}).lines[0]


def a_deleted_asset() -> str:
    row = events("--since", "all", "--events", "asset_deleted").rows[0]
    return str(row["entity_id"])


def test_of_a_gone_entity_what_the_feed_says_is_printed() -> None:
    """Gone is an answer: exit code 0 when an event about it is in the range, in text and in JSON."""
    gone = a_deleted_asset()
    text = entity(gone, "--since", "all")
    assert text.code == 0
    assert text.lines[0].startswith("GONE since")
    assert "✗ deleted" in text.out
    content = json.loads(entity(gone, "--since", "all", "--format", "json").out)
    assert (content["presence"], content["entity"]) == ("gone", None)
    assert content["events"] == events("--since", "all", "--entity", gone).rows


def test_an_entity_of_which_nothing_is_known() -> None:
    """Exit code 1, and what was looked for and what to try."""
    ran = entity("asset_2222222222222222222222")
    assert ran.code == 1
    assert ran.lines[0] == "NOT FOUND: it is gone, or never existed"
    assert "try --since all" in ran.err


def test_a_refused_key_is_not_an_answer() -> None:
    """Gone is only said when the service said so."""
    ran = entity("asset_2222222222222222222222", key="wrong")
    assert (ran.code, ran.out) == (4, "")


def test_a_key_limited_to_a_library_will_do() -> None:
    """A library and its entities can be read by a key that may not list libraries."""
    library_id = library_ids(still_world())[0]
    assert entity(library_id, key=SELECTED_KEY).code == 0
