"""The report in each format, for a file or a terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gumnut_tui.report.formats import FORMATS, format_of, report_chunks
from tests.report.written import STYLE, hostile, mixed, written

TO_FILE = replace(STYLE, columns=None)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.md", "md"),
        ("a.csv", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.txt", None),
        ("a", None),
    ],
)
def test_the_ending_tells_the_format(name: str, form: str | None) -> None:
    """In any case of letters; an ending that means nothing chooses none."""
    assert format_of(Path(name)) == form


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_the_writer_writes(form: str) -> None:
    """In UTF-8, whole."""
    whole = b"".join(report_chunks(mixed(), form, TO_FILE)).decode()
    if form == "table":
        assert "IMG_1.HEIC" in whole
    else:
        assert whole == written(mixed())[form]


@pytest.mark.parametrize("form", FORMATS)
def test_a_terminal_gets_nothing_it_would_obey(form: str) -> None:
    """Names come from outside."""
    whole = b"".join(report_chunks(hostile(), form, STYLE)).decode()
    assert not set(whole) & {"\x1b", "\u202e", "\r"}


def test_a_plain_terminal_gets_question_marks() -> None:
    """What its encoding lacks must not end the report."""
    assert b"".join(report_chunks(mixed(), "table", STYLE, encoding="ascii")).isascii()
