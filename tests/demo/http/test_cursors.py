"""Positions in a feed lead back to where they were made, and to nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.demo.http.cursors import CursorCodec, Position

INDEXES = st.integers(0, 2**39)
CODEC = CursorCodec("lib_home", b"secret")


@given(INDEXES, st.none() | INDEXES)
def test_a_cursor_leads_back_to_its_position(index: int, pin: int | None) -> None:
    """Where the read goes on and where it ends both come back from 21 characters that show neither."""
    cursor = CODEC.cursor(index, pin)
    assert len(cursor) == 21
    assert CODEC.read_cursor(cursor) == Position(index, pin)


@given(INDEXES)
def test_a_bound_is_no_cursor(length: int) -> None:
    """A bound leads back to its length; neither kind of position passes for the other."""
    bound, cursor = CODEC.bound(length), CODEC.cursor(length)
    assert CODEC.read_bound(bound) == length
    assert CODEC.read_cursor(bound) is None
    assert CODEC.read_bound(cursor) is None


@given(INDEXES, st.integers(1, 20), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_changed_cursor_is_refused(index: int, at: int, letter: str) -> None:
    """No character of a cursor can be changed: the seal covers all of them."""
    cursor = CODEC.cursor(index)
    changed = cursor[:at] + letter + cursor[at + 1 :]
    assert CODEC.read_cursor(changed) == (Position(index, None) if changed == cursor else None)


@given(INDEXES)
def test_a_cursor_belongs_to_its_library(index: int) -> None:
    """Another library's cursor, or one made with another secret, is refused."""
    cursor = CODEC.cursor(index)
    assert CursorCodec("lib_work", b"secret").read_cursor(cursor) is None
    assert CursorCodec("lib_home", b"other").read_cursor(cursor) is None


@given(st.text(max_size=24))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    """What was not made here is None, whatever it is."""
    assert CODEC.read_cursor(text) is None
    assert CODEC.read_bound(text) is None
