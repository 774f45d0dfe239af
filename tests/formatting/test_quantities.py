"""Rules for numbers and amounts in words."""

from __future__ import annotations

import pytest

from gumnut_tui.formatting import quantities as words


def test_counts() -> None:
    """Thousands are set apart, and nouns agree with their number."""
    assert words.number(1204) == "1,204"
    assert words.plural(1, "photo") == "1 photo"
    assert words.plural(1204, "photo") == "1,204 photos"
    assert words.plural(0, "person", "people") == "0 people"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (2_100_000, "2.1 MB"),
        (999_600_000, "1.0 GB"),
        (123_456_789, "123 MB"),
        (10**22, "10000 EB"),
    ],
)
def test_byte_size(size: int, shown: str) -> None:
    """Sizes are in decimal units with two or three digits that matter."""
    assert words.byte_size(size) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.42, "0.4 s"), (42, "0:42"), (61.6, "1:02"), (3723, "1:02:03"), (-1, "0.0 s")]
)
def test_duration(seconds: float, shown: str) -> None:
    """The length of a video reads like a player's clock."""
    assert words.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.008, "1/125 s"), (0.0005, "1/2000 s"), (0.5, "1/2 s"), (0.8, "0.8 s"), (2, "2 s"), (0, ""), (-1, "")],
)
def test_exposure(seconds: float, shown: str) -> None:
    """Exposure times are written as cameras write them."""
    assert words.exposure(seconds) == shown


def test_exposure_of_almost_nothing() -> None:
    """An absurdly small exposure time is no reason to fail."""
    assert words.exposure(5e-324) == ""


def test_megapixels() -> None:
    """Large pictures with one decimal, small ones with two."""
    assert words.megapixels(4032, 3024) == "12.2 MP"
    assert words.megapixels(640, 480) == "0.31 MP"


def test_join_names() -> None:
    """Names read as a sentence would say them, and a long list says how many more there are."""
    assert words.join_names([]) == ""
    assert words.join_names(["Ana"]) == "Ana"
    assert words.join_names(["Ana", "Bo", "Cy"]) == "Ana, Bo and Cy"
    assert words.join_names(["Ana", "Bo", "Cy", "Di"], limit=2) == "Ana, Bo and 2 more"
