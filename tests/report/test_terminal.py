"""The report as a list on a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile

import msgspec
import pytest
from rich.cells import cell_len

from gumnut_tui.domain.models import Entity
from gumnut_tui.report.terminal import listing_lines
from tests.report.cases import (
    Service,
    entity,
    happened,
    photo,
    report_on,
    taken_out,
    trashed,
)
from tests.report.written import STYLE, hostile, mixed


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_a_table_is_as_wide_as_the_terminal(columns: int) -> None:
    """Its rows are cut to the width; into a file nothing is cut."""
    report = msgspec.structs.replace(mixed(), findings=(*hostile().findings, *mixed().findings))
    lines = list(listing_lines(report, replace(STYLE, columns=columns)))
    assert max(cell_len(line) for line in lines[: lines.index("")]) <= columns
    wide = "\n".join(listing_lines(report, replace(STYLE, columns=None)))
    assert "…" not in wide.replace("asset …", "")


LINKS = [
    ([], "the photo is gone too"),
    ([photo()], "out of the album only, photo safe"),
    ([trashed()], "the photo is in the trash, recoverable until about"),
]


@pytest.mark.parametrize("columns", range(80, 131, 10))
@pytest.mark.parametrize(("there", "answer"), LINKS)
def test_what_became_of_a_photo_is_never_cut(columns: int, there: list[Entity], answer: str) -> None:
    """However long the names are: it goes on in the next line, below itself."""
    events = [taken_out(), happened("asset_deleted" if not there else "face_deleted", number=2)]
    report = report_on(events, Service([*there, entity("album", "album_1", name="A" * 60)]))
    lines = list(listing_lines(report, replace(STYLE, columns=columns)))
    first, *rest = lines[1 : lines.index("")]
    below = list(takewhile(lambda line: line.startswith(" " * 50), rest))
    assert answer in " ".join([first, *(line.strip() for line in below)])
    assert max(cell_len(line) for line in (first, *rest)) <= columns
    assert all(line.count("…") <= 1 for line in (first, *rest))


@pytest.mark.parametrize("columns", [80, 120, None])
def test_the_list_shows_times_of_other_years_whole(columns: int | None) -> None:
    """They are the longest ones, for they have the year."""
    years_ago = datetime(2024, 11, 19, 12, 3, 22, tzinfo=UTC)
    report = report_on([happened("asset_deleted", created_at=years_ago)], Service())
    _, line, *_ = listing_lines(report, replace(STYLE, columns=columns))
    assert line.startswith("2024-11-19 12:03  ")


def test_colour_only_where_it_is_wanted() -> None:
    """The words are the same with and without."""
    plain = list(listing_lines(mixed(), STYLE))
    coloured = "\n".join(listing_lines(mixed(), replace(STYLE, colour=True)))
    assert "\x1b[33m" in coloured
    assert not any("\x1b" in line for line in plain)
