"""Rules for what differs between two copies of an entity."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.field_changes import MOST_LINES, changes

ANA = {"id": "person_1", "name": "Ana"}
BO = {"id": "person_2", "name": "Bo"}


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str]]:
    return [(line.label, line.value) for line in changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"name": "Italy"}, {"name": "Rome"}, [("name", "Italy → Rome")]),
        ({"name": None}, {"name": "Rome"}, [("name", "— → Rome")]),
        ({}, {"name": ""}, [("name", '— → ""')]),
        ({"count": 3}, {}, [("count", "3 → —")]),
        ({"is_hidden": False}, {"is_hidden": True}, [("is_hidden", "false → true")]),
        ({"metadata": {"city": "Rome", "iso": 64}}, {"metadata": {"city": "Pisa", "iso": 64}},
         [("metadata.city", "Rome → Pisa")]),
        ({"metadata": None}, {"metadata": {"city": "Pisa"}}, [("metadata.city", "— → Pisa")]),
        ({"box": [1, 2]}, {"box": [1, 3]}, [("box", "[1, 2] → [1, 3]")]),
        ({"kind": {"a": 1}}, {"kind": 7}, [("kind", '{"a": 1} → 7')]),
    ],
)  # fmt: skip
def test_a_field_shows_old_and_new(before: Any, after: Any, shown: list[tuple[str, str]]) -> None:
    """Under its dotted name, with a mark for nothing, whatever the types."""
    assert differences(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (["asset_1", "asset_2"], ["asset_2", "asset_1"], []),
        (["asset_1", "asset_2"], ["asset_2", "asset_3"], [("x", "+ asset_3  − asset_1")]),
        (None, [], []),
        (None, [ANA, BO], [("x", "+ Ana and Bo")]),
        ([ANA, BO], [BO], [("x", "− Ana")]),
        ([BO, ANA], [ANA | {"name": "Anna"}, BO], [("x.Anna.name", "Ana → Anna")]),
        ([], [f"a{n}" for n in range(9)], [("x", "+ a0, a1, a2, a3, a4 and 4 more")]),
        ([], ["asset_7Kq2mXzVbN4tRwYcHd9pLe00000"], [("x", "+ …0000")]),
    ],
)
def test_lists_of_ids_are_sets(before: Any, after: Any, shown: list[tuple[str, str]]) -> None:
    """Their order does not matter; what came and what went is named."""
    assert differences({"x": before}, {"x": after}) == shown


@pytest.mark.parametrize("key", ["updated_at", "asset_urls", "thumbnail_url", "url"])
def test_what_differs_at_every_read_does_not_count(key: str) -> None:
    """Addresses of pictures and the time of the last write say nothing."""
    assert differences({key: "https://p.example/1?sig=a", "n": {key: 1}}, {key: "b", "n": {key: 2}}) == []


def test_signatures_do_not_count_and_are_not_shown() -> None:
    """Whoever has the query of an address can fetch the file."""
    assert differences({"link": "https://p.example/1?sig=a"}, {"link": "https://p.example/1?sig=b"}) == []
    assert "sig" not in str(differences({"link": "https://p.example/1?sig=a"}, {"link": None}))


def test_long_texts_show_where_they_differ() -> None:
    """What two long texts share is left out but for its end, what is too long is clipped."""
    ((_, words),) = differences({"text": "x" * 3000 + "old" + "y" * 900}, {"text": "x" * 3000 + "new"})
    old, new = words.split(" → ")
    assert (old[:14], new) == ("…xxxxxxxxxxold", "…xxxxxxxxxxnew")
    assert len(old) == 60


def test_going_and_coming_back_are_told() -> None:
    """Not there any more, there again; nothing when it was not there before either."""
    assert differences({"name": "a"}, None) == [("", "no longer there")]
    assert differences(None, {"name": "a"}) == [("", "there again")]
    assert differences(None, None) == []


def test_many_fields_are_counted() -> None:
    """A difference does not fill the pane."""
    shown = differences({}, {f"field_{n}": n for n in range(MOST_LINES + 3)})
    assert (len(shown), shown[-1]) == (MOST_LINES + 1, ("", "and 3 more fields"))


def test_what_is_nested_without_end_is_no_error() -> None:
    """As deep as JSON can be decoded."""
    deep: Any = 1
    for _ in range(900):
        deep = {"a": [deep]}
    assert differences({"x": deep}, {"x": {"a": 2}})


@pytest.mark.parametrize("text", ["a\x1b[31m", "\u202egpj", "a\u200bb", "line\nline", "[bold]x[/]\x00"])
def test_nothing_comes_out_unescaped(text: str) -> None:
    """Names of fields, values and names in lists are all untrusted."""
    before = {text: 1, "list": [{"id": text, "name": text}], "ids": [text], "text": "x" * 80 + text}
    after = {text: text, "list": [], "ids": [], "text": "x" * 80 + text * 2}
    for label, value in differences(before, after):
        assert (label + value).isprintable()
        assert "\u200b" not in label + value


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=4), st.dictionaries(st.text(max_size=3), values))
def test_any_two_copies_can_be_compared(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whatever the service sent; a copy never differs from itself."""
    assert differences(before, before) == []
    for label, value in differences(before, after):
        assert (label + value).isprintable()
