"""What the journal holds, told by looking into each page once."""

from __future__ import annotations

from gumnut_tui.journal.known_cursors import KnownCursors


def test_a_page_is_looked_into_again_only_when_it_has_grown() -> None:
    """By the number of its first event and how many it holds."""
    known = KnownCursors()
    known.turn_to(1, 10)
    known.add(0, 2, ["a", "b"])
    assert known.has(0, 2)
    assert not known.has(0, 3)
    assert "a" in known
    assert "c" not in known


def test_another_stretch_or_an_empty_one_is_begun_anew() -> None:
    """Its number may have been another stretch's before."""
    known = KnownCursors()
    for stretch, events in ((2, 5), (2, 0)):
        known.turn_to(1, 10)
        known.add(0, 1, ["a"])
        known.turn_to(1, 11)
        assert "a" in known
        known.turn_to(stretch, events)
        assert "a" not in known
        assert not known.has(0, 1)
