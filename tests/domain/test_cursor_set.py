"""A set of cursors: what was put in is in, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain import cursor_set
from gumnut_tui.domain.cursor_set import RECENT, CursorSet


@given(st.lists(st.text(max_size=4), max_size=60))
def test_each_cursor_is_new_once(cursors: list[str]) -> None:
    """`add` says whether it was new, as a set of the texts would."""
    known, texts = CursorSet(), set[str]()
    for cursor in cursors:
        assert known.add(cursor) == (cursor not in texts)
        texts.add(cursor)
        assert cursor in known
    assert len(known) == len(texts)
    assert "no such cursor" not in known


def test_many_take_little_room() -> None:
    """Most lie in sorted arrays of eight bytes each, of which there are few."""
    count = 5 * RECENT + 7
    known = CursorSet(map(str, range(count)))
    assert len(known) == count
    assert all(str(number) in known for number in range(0, count, 97))
    assert str(count) not in known
    assert len(known._recent) < cursor_set.RECENT
    assert len(known._sorted) <= 3
