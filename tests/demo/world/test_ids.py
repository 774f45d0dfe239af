"""Ids are computed, never stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.demo.world.ids import ALPHABET, PREFIXES, IdSpace


@given(seed=st.integers(0, 2**31), kind=st.sampled_from(list(PREFIXES)), number=st.integers(0, 2**48 - 1))
def test_an_id_leads_back_to_its_number(seed: int, kind: str, number: int) -> None:
    """Encoding and decoding undo each other, and the id has the service's shape."""
    space = IdSpace(seed)
    text = space.encode(kind, number)
    tail = text.removeprefix(PREFIXES[kind])
    assert len(tail) == 22
    assert set(tail) <= set(ALPHABET)
    assert space.decode(kind, text) == number


@given(st.text(max_size=40))
def test_a_foreign_text_is_no_id(text: str) -> None:
    """What the space did not make decodes to nothing, whatever it looks like."""
    assert IdSpace(7).decode("asset", text) is None
    assert IdSpace(7).decode("asset", "asset_" + text) is None


def test_an_id_of_another_kind_or_seed_is_unknown() -> None:
    """The kind and the seed are part of an id."""
    album = IdSpace(7).encode("album", 3)
    assert IdSpace(7).decode("asset", album.replace("album_", "asset_")) is None
    assert IdSpace(8).decode("album", album) is None


def test_ids_sort_as_their_mixed_numbers() -> None:
    """The order of ids is known without writing them."""
    space = IdSpace(7)
    numbers = sorted(range(300), key=lambda number: space.mixed("stack", number))
    ids = [space.encode("stack", number) for number in numbers]
    assert ids == sorted(ids)
