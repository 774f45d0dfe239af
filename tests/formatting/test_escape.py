"""Rules for untrusted text: nothing invisible is drawn, and widths are exact."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size
from wcwidth import wcwidth

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import STACKED_MAX, fit, visible

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs", "Mn", "Me"]),
        st.sampled_from("👩👨🏽🇵🇹❤🏴1漢字ñ‹›…◌\u1100\u1161\u11a8\uac00\u20e3\u200d\ufe0f\ufe0e\u3164\u034f\u1160"),
    ),
    max_size=80,
)
FORBIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def is_forbidden(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in FORBIDDEN_CATEGORIES
        or (unicodedata.category(char) == "Zs" and char != " ")
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or 0x1F1E6 <= code <= 0x1F1FF
        or 0x1F3FB <= code <= 0x1F3FF
        or char in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u3164\uffa0\u2800"
    )


@given(HOSTILE)
def test_nothing_forbidden_remains(text: str) -> None:
    """No control, format, private, unassigned or invisible character, and no lone surrogate, comes through."""
    shown = visible(text)
    assert [char for char in shown if is_forbidden(char)] == []
    shown.encode()


@given(HOSTILE, st.integers(1, 90))
def test_applying_it_twice_changes_nothing(text: str, limit: int) -> None:
    """What was escaped passes a second time unchanged, so it does no harm to be careful twice."""
    shown = visible(text, limit)
    assert visible(shown, limit) == shown


@given(HOSTILE, st.integers(0, 90))
def test_never_longer_than_asked(text: str, limit: int) -> None:
    """The limit holds for what comes back, marks included."""
    assert len(visible(text, limit)) <= limit


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Po"]), max_size=80))
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Letters, digits and punctuation of any script are drawn as they are."""
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("one\r\ntwo\tthree\x00", "one␍␊two␉three␀"),
        ("\x7f\x9b31m", "␡‹U+009B›31m"),
        ("photo\u202egpj.exe", "photo‹U+202E›gpj.exe"),
        ("a\u2066b\u2069c", "a‹U+2066›b‹U+2069›c"),
        ("zero\u200bwidth\ufeff", "zero‹U+200B›width‹U+FEFF›"),
        ("\U000e0041\U000e007f", "‹U+E0041›‹U+E007F›"),
        ("x\ufe0f", "x‹U+FE0F›"),
        ("half\ud83d", "half‹U+D83D›"),
        ("\uf8ff", "‹U+F8FF›"),
        ("line\u2028end", "line‹U+2028›end"),
        ("Screenshot\u202f1.23\u00a0PM", "Screenshot 1.23 PM"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
    ],
)
def test_marks(text: str, shown: str) -> None:
    """Each dangerous character has its own visible mark; odd spaces become plain ones."""
    assert visible(text) == shown


SEQUENCES = {
    "👨‍👩‍👧 family": "👨👩👧 family",
    "❤️ ☀︎": "❤ ☀",
    "👍🏽 👍🏿": "👍 👍",
    "👩🏽‍🤝‍👩🏿": "👩🤝👩",
    "🏃🏽‍♀️": "🏃♀",
    "🏳️‍🌈": "🏳🌈",
    "🇵🇹 🇯": "PT J",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "🏴gbeng",
    "1\ufe0f\u20e3 #\u20e3": "1 #",
    "\u1112\u1161\u11ab\u1100\u1173\u11af.jpg": "한글.jpg",
    "각 가\u11a8": "각 각",
}
LOOSE = {
    "a\u200db": "a‹U+200D›b",
    "a\U0001f3fd": "a‹U+1F3FD›",
    "a\u1161": "a‹U+1161›",
    "☰": "‹U+2630›",
    "x\ufe0f": "x‹U+FE0F›",
    "👍\U000e0067\U000e007f": "👍‹U+E0067›‹U+E007F›",
}


@pytest.mark.parametrize(("text", "shown"), [*SEQUENCES.items(), *LOOSE.items()])
def test_nothing_is_drawn_whose_width_terminals_dispute(text: str, shown: str) -> None:
    """A sequence stands in its parts, in as many cells as one counts; what belongs to none is a mark."""
    assert visible(text) == shown


def test_every_character_that_is_drawn_has_one_width() -> None:
    """What Textual measures is what Unicode said two years and more ago, and what another measure says."""
    drawn = [char for char in map(chr, range(0xA0, 0x20000)) if visible(char) == char]
    assert len(drawn) > 60_000
    for version in ("14.0.0", "15.1.0", "16.0.0", "17.0.0"):
        assert [char for char in drawn if get_character_cell_size(char, version) != cell_len(char)] == []
    assert [char for char in drawn if wcwidth(char) != cell_len(char)] == []


@given(HOSTILE)
def test_the_width_is_the_sum_of_the_characters(text: str) -> None:
    """No sequence is left that a terminal could take for one character, or for several."""
    shown = visible(text)
    assert cell_width(shown) == sum(get_character_cell_size(char) for char in shown)


def test_stacked_marks_are_limited() -> None:
    """A flood of combining characters is cut on each base and counted; a lone one gets a base of its own."""
    flood = "Z" + "\u0301" * 40 + "a\u0308"
    assert visible(flood) == "Z" + "\u0301" * STACKED_MAX + f"‹+{40 - STACKED_MAX}›a\u0308"
    assert visible("\u0301x") == "◌\u0301x"


def test_long_text_is_clipped_between_marks() -> None:
    """A name of thousands of characters ends with an ellipsis, never inside a mark."""
    assert visible("n" * 5000, 10) == "nnnnnnnnn…"
    assert visible("ab\u202e\u202e", 12) == "ab‹U+202E›…"
    assert visible("👨\ufe0f" * 400, 20) == "👨" * 11 + "…"


@given(HOSTILE, st.integers(0, 60))
def test_fit_is_exact(text: str, width: int) -> None:
    """Whatever the text, the result takes exactly the cells asked for."""
    assert cell_len(fit(visible(text), width)) == width


@given(HOSTILE)
def test_text_that_fits_is_only_padded(text: str) -> None:
    """Nothing is cut while there is room."""
    shown = visible(text)
    assert fit(shown, cell_width(shown) + 3) == shown + "   "


def test_wide_characters_are_never_split() -> None:
    """A character of two cells that does not fit whole leaves a space behind."""
    assert fit("漢字漢字", 4) == "漢… "
    assert fit("漢字漢字", 5) == "漢字…"
    assert fit("漢字", 1) == "…"
    assert fit("abc", 0) == ""


@pytest.mark.parametrize("width", range(7, 11))
def test_a_shortened_id_is_not_cut_inside_its_ending(width: int) -> None:
    """Half of an ending tells nothing, and a second ellipsis less."""
    assert fit("asset …mDRq", width).rstrip() == "asset …"
    assert len(fit("asset …mDRq", width)) == width


@given(st.text("ab 日", max_size=20), st.integers(1, 20), st.integers(1, 20))
def test_a_text_that_was_cut_is_not_cut_twice_to_the_eye(text: str, first: int, second: int) -> None:
    """However often a text is shortened, one ellipsis says so."""
    assert "……" not in fit(fit(text, first).rstrip(), second)
    assert fit("photo …9pLe", 8) == "photo … "
