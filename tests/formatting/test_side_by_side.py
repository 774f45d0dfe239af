"""A name and a remark share a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.side_by_side import side_by_side

WILD = st.text(max_size=60).map(visible) | st.text("ab日本…é\u0301", max_size=40).map(visible)


@given(
    name=WILD,
    remark=WILD,
    room=st.integers(0, 100),
    part=st.integers(0, 100),
    is_answer=st.booleans(),
    gap=st.integers(1, 2),
    ellipses=st.integers(0, 2),
)
def test_together_they_take_the_room_there_is(
    name: str, remark: str, room: int, part: int, is_answer: bool, gap: int, ellipses: int
) -> None:
    """To the cell, whatever stands in them."""
    texts = side_by_side(name, remark, room, room * part // 100, is_answer=is_answer, gap=gap, ellipses=ellipses)
    assert sum(map(cell_len, texts)) == room


@pytest.mark.parametrize("is_answer", [True, False])
@pytest.mark.parametrize("ellipses", [0, 1])
def test_the_name_comes_first_where_both_would_be_cut(is_answer: bool, ellipses: int) -> None:
    """The remark has what is left, or nothing; an answer that is whole stays."""
    name, _ = side_by_side("x" * 30, "y" * 40, 45, 20, is_answer=is_answer, ellipses=ellipses)
    assert name.startswith("x" * 30)
    assert side_by_side("x" * 80, "y" * 40, 45, 20, is_answer=is_answer)[1] == ""
    assert side_by_side("x" * 80, "recoverable", 45, 20, is_answer=True)[1] == "recoverable"


def test_a_short_id_is_written_plainly_where_something_is_cut() -> None:
    """And as everywhere where nothing is."""
    assert side_by_side("asset …9pLe", "recoverable", 40, 20, is_answer=True)[0].rstrip() == "asset …9pLe"
    assert side_by_side("asset …9pLe ← " + "x" * 30, "gone", 30, 10, is_answer=True)[0].startswith("asset 9pLe ← x")
