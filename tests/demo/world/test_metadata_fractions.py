"""Numbers that look drawn and are not."""

from __future__ import annotations

from statistics import mean

from gumnut_tui.demo.world.metadata import fraction


def test_a_number_belongs_to_entity_and_purpose() -> None:
    """It is the same at every look, another one for each purpose, and spread evenly below 1."""
    drawn = [fraction(number, "size") for number in range(2_000)]
    assert drawn == [fraction(number, "size") for number in range(2_000)]
    assert all(0 <= each < 1 for each in drawn)
    assert abs(mean(drawn) - 0.5) < 0.03
    assert sum(fraction(number, "x") == each for number, each in enumerate(drawn)) < 3
