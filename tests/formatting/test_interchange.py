"""Values for other programs: JSON that keeps its meaning, CSV without formulas."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.interchange import (
    BYTE_ORDER_MARK,
    LINE_LIMIT,
    compact_json,
    csv_cell,
    csv_lines,
    encoded,
    json_line,
    json_lines,
    with_member,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.sampled_from([None, 2]))
def test_a_json_line_means_what_was_received(value: object, indent: int | None) -> None:
    """Into a pipe and onto a terminal the line holds the same value, on one line, however it was laid out."""
    raw = json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    for for_terminal in (False, True):
        line = json_line(raw, for_terminal=for_terminal)
        assert b"\n" not in line
        assert json.loads(line) == value


def test_json_on_one_line_is_passed_on_byte_for_byte() -> None:
    """Spacing, escapes and number forms stay as the service wrote them."""
    raw = b'{ "a" : 1.50e3,"b":"\\u00e9\xc3\xa9" }'
    assert json_line(raw, for_terminal=False) == raw


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_json_line_on_a_terminal_holds_nothing_it_would_obey(text: str) -> None:
    """No control or format character is left, whatever a string holds."""
    line = json_line(json.dumps({"a": text}, ensure_ascii=False).encode(), for_terminal=True).decode()
    assert all(character.isprintable() for character in line)


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\r\0")), min_size=2), max_size=4))
def test_csv_holds_the_values_and_no_formula(rows: list[list[str]]) -> None:
    """Each value comes back as it was, but for an apostrophe before what a spreadsheet would run."""
    read = list(csv.reader(io.StringIO("".join(csv_lines(rows)), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in read for cell in row)


def test_csv_values_are_shown_before_they_are_defused() -> None:
    """What escaping makes of a value cannot become a formula either."""
    assert list(csv_lines([["\x1b", "=1"]], visible)) == ["␛,'=1\n"]


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


def test_a_lone_surrogate_can_be_written() -> None:
    """As JSON writes it: a name from an odd file system must not cost the file."""
    assert b"".join(encoded(["a\ud83d", "ü"])) == b"a\\ud83d" + "ü".encode()


def test_the_mark_by_which_excel_knows_utf_8_is_there_on_demand() -> None:
    """Only at the very beginning."""
    assert b"".join(encoded(["é\n", "b\n"])) == "é\nb\n".encode()
    assert b"".join(encoded(["é\n", "b\n"], bom=True)) == BYTE_ORDER_MARK + "é\nb\n".encode()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"id":1}', b'{"id":1,"name": "A"}'),
        (b"{ }", b'{"name": "A"}'),
        (b"[[]]", b"[[]]"),
        (b"null", b"null"),
        (b"12", b"12"),
        (b'"{}"', b'"{}"'),
    ],
)
def test_only_objects_get_a_member(line: bytes, named: bytes) -> None:
    """What a service sent in the place of an object stays JSON."""
    assert with_member(line, "name", "A") == named
