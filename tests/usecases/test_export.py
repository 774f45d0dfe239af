"""What one takes along: commands a shell reads as meant and that go where the key may, and files named by format."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.usecases.export import (
    command_address,
    entity_curl,
    entity_json,
    event_json,
    events_curl,
    foreign_words,
    writable_path,
)
from tests.factories import make_event

BASE = "https://api.example"
IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip(".") != "")


@given(IDS, IDS)
def test_any_id_stays_one_word_of_one_address(entity_id: str, library_id: str) -> None:
    """A copied command is pasted into a shell: no id may end the address or begin a command."""
    command = entity_curl(BASE, "face", entity_id, library_id)
    assert command is not None
    *flags, header, address = shlex.split(command)
    assert flags == ["curl", "-sS", "-H"]
    assert header == "Authorization: Bearer $GUMNUT_API_KEY"
    parts = urlsplit(address)
    assert unquote(parts.path.removeprefix("/api/faces/")) == entity_id
    assert "/" not in parts.path.removeprefix("/api/faces/")
    assert parse_qs(parts.query, keep_blank_values=True) == {"library_id": [library_id]}


def test_what_cannot_be_read_has_no_command() -> None:
    """Nor has an id that would lead to another address; and what is read by its id alone names no library."""
    assert [entity_curl(BASE, "asset", entity_id, None) for entity_id in ("", ".", "..")] == [None] * 3
    assert entity_curl(BASE, "gadget", "x", None) is None
    assert entity_curl(BASE, "metadata", "asset_1", "lib_1") == entity_curl(BASE, "asset", "asset_1", None)


def test_the_feed_is_asked_for_only_as_far_as_it_is_limited() -> None:
    """Without library and time, only the page's size is named."""
    assert events_curl(BASE, None, None).endswith("/api/events?limit=200'")
    assert "library_id=lib_1&created_at_gte=2026" in events_curl(BASE, "lib_1", "2026-11-20T12:00:00Z")


def test_an_event_is_copied_as_the_api_gives_it() -> None:
    """Payload and time as received."""
    copied = json.loads(event_json(make_event(payload={"album_id": "album_1"})))
    assert copied["payload"] == {"album_id": "album_1"}
    assert copied["created_at"] == "2026-11-19T12:00:01Z"


def test_an_entity_is_copied_without_signatures() -> None:
    """Whoever has the query of a picture's address can fetch the picture."""
    copied = entity_json({"asset_urls": {"thumbnail": {"url": "https://p.example/a.png?verify=secret"}}})
    assert "a.png" in copied
    assert "secret" not in copied


def test_a_file_says_its_format_and_replaces_none_unasked(tmp_path: Path) -> None:
    """The ending decides, in any case of letters; a file that is there is written over only when that is wanted."""
    assert writable_path(str(tmp_path / "a.CSV"), replace=False) == (tmp_path / "a.CSV", "csv")
    with pytest.raises(UsageProblem, match="must end in"):
        writable_path(str(tmp_path / "a.txt"), replace=False)
    (tmp_path / "a.md").touch()
    with pytest.raises(UsageProblem, match="already exists"):
        writable_path(str(tmp_path / "a.md"), replace=False)
    assert writable_path(str(tmp_path / "a.md"), replace=True) == (tmp_path / "a.md", "md")


OURS = "https://api.gumnut.ai"


def test_a_command_goes_where_the_journal_was_read_from_if_that_is_configured() -> None:
    """A slash at the end does not matter; plain http does not leave this machine."""
    assert command_address(f"{OURS}/", OURS) == OURS
    assert command_address("http://127.0.0.1:8600", "http://127.0.0.1:8600") == "http://127.0.0.1:8600"


@pytest.mark.parametrize(
    ("configured", "journaled"),
    [
        (OURS, "https://evil.example"),
        (OURS, f"{OURS}.evil.example"),
        (OURS, f"{OURS}/"),
        (OURS, ""),
        ("http://evil.example", "http://evil.example"),
        ("no address", "no address"),
    ],
)
def test_there_is_no_command_for_any_other(configured: str, journaled: str) -> None:
    """Another server, one that only looks like ours, or one no key is ever sent to."""
    assert command_address(configured, journaled) == ""


def test_why_there_is_none_names_both_and_the_way_out() -> None:
    """Whose journal it is, which server is configured, and how to say that it is meant."""
    words = foreign_words(OURS, "https://evil.example")
    for part in (OURS, "https://evil.example", "GUMNUT_BASE_URL"):
        assert part in words
