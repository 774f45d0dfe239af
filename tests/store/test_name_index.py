"""Entities are found by any part of any name they had, and those named after them too."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.fields import Naming
from gumnut_tui.domain.search_text import folded
from gumnut_tui.store.name_index import SEVERAL, NameIndex, joined_packs, packed_links, packed_names
from gumnut_tui.store.texts import STRETCH


def index_of(**names: str) -> NameIndex:
    """Entities by their ids, with these names."""
    index = NameIndex()
    index.add([Naming(entity_id, folded(name)) for entity_id, name in names.items()])
    return index


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("São Paulo", "sao"),
        ("Sao Paulo", "são"),
        ("Großer Garten", "GROSSER"),
        ("İzmir", "izmir"),
        ("ＩＭＧ＿２０３１", "img_2031"),
        ("Málaga", "Málaga"),
    ],
)
def test_a_name_is_found_however_it_is_written_and_typed(name: str, typed: str, form: Literal["NFC", "NFD"]) -> None:
    """Composed or decomposed, with accents or without, in any case and width."""
    for one, other in ((name, unicodedata.normalize(form, typed)), (unicodedata.normalize(form, name), typed)):
        assert index_of(a=one).ids(other) == {"a"}


def test_every_name_an_entity_had_counts() -> None:
    """One that was renamed is found by both."""
    index = index_of(a="Italy")
    index.add([Naming("a", "tuscany")])
    assert index.ids("ital") == index.ids("tusc") == {"a"}


def test_what_is_named_after_others_is_found_with_them() -> None:
    """A face by its photo or its person, in whatever order they became known."""
    index = NameIndex()
    index.add([Naming("face", "", ("photo", "person")), Naming("link", "", ("photo",))])
    index.add([Naming("photo", "img_1"), Naming("person", "maria")])
    assert index.ids("img") == {"photo", "face", "link"}
    assert index.ids("maria") == {"person", "face"}
    assert index.ids("nobody") == frozenset()


def test_a_text_does_not_run_from_one_name_into_the_next() -> None:
    """What begins in one and ends in the next is in neither."""
    assert index_of(a="ab", b="cd").ids("bc") == frozenset()


@pytest.mark.parametrize("hits", [SEVERAL - 1, SEVERAL, STRETCH, 2 * STRETCH + 5])
def test_few_hits_and_many_are_found_alike(hits: int) -> None:
    """However many of the names hold the text."""
    index = NameIndex()
    index.add([Naming(f"asset_{number}", f"{'img' if number % 2 else 'dsc'}_{number}ж") for number in range(2 * hits)])
    assert index.ids("img_") == {f"asset_{number}" for number in range(1, 2 * hits, 2)}
    assert index.ids("g_1ж") == {"asset_1"}


def test_packs_are_joined_in_order() -> None:
    """What comes later lies behind what is there."""
    one = [Naming("a", "x"), Naming("b", "y")]
    assert joined_packs(packed_names(one[:1]), packed_names(one[1:])) == packed_names(one)
    links = [Naming("a", "", ("p",)), Naming("b", "", ("p", "q"))]
    joined = joined_packs(packed_links(links[:1]), packed_links(links[1:]))
    assert joined == packed_links(links)
    assert len(joined) == 2


NAMES = st.text(st.sampled_from("aAáb ßı日\udce9"), min_size=1, max_size=6)


@given(st.dictionaries(st.text(max_size=4), NAMES, max_size=12), NAMES)
def test_what_is_found_is_what_holds_the_text(names: dict[str, str], text: str) -> None:
    """As looking at each name by itself tells it."""
    found = {entity_id for entity_id, name in names.items() if folded(text) in folded(name)}
    assert index_of(**names).ids(text) == found
