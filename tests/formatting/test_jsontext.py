"""Rules for JSON on the screen, and for cells that spreadsheets open."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.interchange import LINE_LIMIT, compact_json, csv_cell, json_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_json_is_indented_line_by_line() -> None:
    """Two spaces a level; letters of any script stay readable."""
    assert json_lines({"name": "São João", "ids": [1]}) == [
        "{",
        '  "name": "São João",',
        '  "ids": [',
        "    1",
        "  ]",
        "}",
    ]


@given(JSON)
def test_json_is_escaped(value: object) -> None:
    """No value can break a line, or bring a character that is not to be drawn."""
    for line in json_lines(value):
        assert visible(line, LINE_LIMIT) == line
        assert len(line) <= LINE_LIMIT


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers() | st.booleans() | st.none()))
def test_plain_json_stays_json(value: object) -> None:
    """What needs no marks can be copied from the screen and read again."""
    assert json.loads("\n".join(json_lines(value))) == value


def test_signatures_are_not_shown() -> None:
    """A picture's signed address opens the file to anyone, so its query is left out, however deep it stands."""
    value = {"asset_urls": {"thumbnail": [{"url": "https://assets.example/a.webp?verify=SECRET&w=3"}]}}
    shown = "\n".join(json_lines(value))
    assert "https://assets.example/a.webp?…" in shown
    assert "SECRET" not in shown
    assert compact_json("https://assets.example/a.webp?verify=SECRET") == "https://assets.example/a.webp?…"


def test_depth_is_limited() -> None:
    """A value nested without end is cut, not an error."""
    value: object = "core"
    for _ in range(900):
        value = [value]
    assert '"…"' in compact_json(value)
    assert any("…" in line for line in json_lines({"deep": value}))


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1"])
def test_formulas_are_defused(value: str) -> None:
    """No spreadsheet computes what a file name says."""
    assert csv_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "IMG_2031.HEIC", "1-2", "a=b"])
def test_other_values_are_left_alone(value: str) -> None:
    """Only the start of a value makes it a formula."""
    assert csv_cell(value) == value
