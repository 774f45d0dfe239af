"""The report as a table, Markdown, CSV, JSON lines and HTML."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len

from gumnut_tui.report.model import Report
from gumnut_tui.report.writers.html import html_lines
from gumnut_tui.report.writers.markdown import markdown_lines
from gumnut_tui.report.writers.rows import COLUMNS, csv_lines, json_lines
from gumnut_tui.report.writers.terminal import ListStyle, listing_lines
from tests.factories import NOW
from tests.report.cases import (
    LIBRARY,
    Service,
    burst,
    entity,
    happened,
    photo,
    report_on,
    taken_out,
    trashed,
)

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202egpj.exe|*[x](http://evil)\r\n=cmd"
STYLE = ListStyle(UTC, NOW, 100)


def mixed() -> Report:
    """A burst of photos trashed, and one taken out of an album."""
    events, service = burst()
    events.append(taken_out("asset_90", number=90))
    service.there = [*service.there, photo("asset_90", "IMG_90.HEIC"), entity("album", "album_1", name="Italy")]
    return report_on(events, service)


def hostile() -> Report:
    """Names, album names and ids as no friendly server would send them."""
    there = [trashed(name=HOSTILE, thumbhash=HOSTILE), entity("album", "album_1", name=HOSTILE)]
    events = [happened("asset_trashed"), taken_out(number=2), happened("asset_deleted", HOSTILE, 3, cursor=HOSTILE)]
    return report_on(events, Service(there), library=HOSTILE)


def empty() -> Report:
    """Nothing happened."""
    return report_on([], Service())


def written(report: Report) -> dict[str, str]:
    """The report in every format."""
    return {
        "table": "".join(f"{line}\n" for line in listing_lines(report, STYLE)),
        "md": "".join(markdown_lines(report, UTC, NOW)),
        "html": "".join(html_lines(report, UTC, NOW)),
        "csv": "".join(csv_lines(report)),
        "jsonl": "".join(json_lines(report)),
    }


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_what_people_read_opens_with_what_one_can_send_on(form: str) -> None:
    """Totals, what can be restored and until when, incidents, albums; and as of when all that is true."""
    text = written(mixed())[form]
    for words in (
        "as of 2026-11-20 12:00:00 UTC",
        "13 events took something away; 12 photos were hit: 12 in the trash.",
        "12 photos can still be restored from the trash, until about 17 Feb 2027.",
        "12 photos trashed in 11 s",
        "Italy",
        "IMG_12.HEIC",
        "out of the album only, photo safe",
        "90 days in the trash",
    ):
        assert words in text, words


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_summary_stands_before_the_list(form: str) -> None:
    """Whoever gets the file reads the sum of it first."""
    text = written(mixed())[form]
    assert text.index("can still be restored") < text.index("IMG_12.HEIC")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_offline_says_so(form: str) -> None:
    """Statuses that nobody checked are called last known."""
    text = written(report_on([happened("asset_trashed")], None))[form]
    assert "as last known 2026-11-20 12:00:00 UTC; the service was not asked" in text


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_nobody_is_blamed(form: str) -> None:
    """The feed has no actor, so no words stand for one."""
    text = written(mixed())[form].lower()
    for words in ("deleted by", "trashed by", "user", "actor"):
        assert words not in text


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_nothing_happened(form: str) -> None:
    """An empty report says so, and shows no empty tables."""
    text = written(empty())[form]
    assert "Nothing was deleted, trashed, removed or moved away." in text
    assert "Every event" not in text


def test_json_lines_have_exactly_these_keys() -> None:
    """One object an event; times in UTC, `incident` and `recoverable_until` null where there is none."""
    first, *_, last = (json.loads(line) for line in json_lines(mixed()))
    assert tuple(first) == COLUMNS
    assert first == {
        "created_at": "2026-11-19T12:00:01Z",
        "event_type": "asset_trashed",
        "operation": "trashed",
        "entity_type": "asset",
        "entity_id": "asset_1",
        "name": "IMG_1.HEIC",
        "albums": [],
        "status": "trashed",
        "recoverable_until": "2027-02-17T12:00:00Z",
        "incident": "inc_20261119T120001.000000Z",
        "cursor": "cursor-000001",
        "library_id": LIBRARY,
    }
    assert (last["status"], last["albums"], last["recoverable_until"], last["incident"]) == (
        "unlinked", ["Italy"], None, None,
    )  # fmt: skip


def test_csv_has_the_same_columns_and_no_formula() -> None:
    """A spreadsheet runs nothing, and no value breaks a row."""
    rows = list(csv.reader(io.StringIO("".join(csv_lines(hostile())), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [len(row) for row in rows] == [len(COLUMNS)] * 4
    formula = report_on([happened("asset_trashed")], Service([trashed(name="=cmd()")]))
    assert ",'=cmd()," in "".join(csv_lines(formula))


def test_what_people_read_is_escaped() -> None:
    """Nothing invisible, no markup and no terminal sequence comes through."""
    texts = written(hostile())
    for form in ("table", "md", "html"):
        assert not set(texts[form]) & set("\x1b\u202e\r"), form
    assert "<script" not in texts["html"]
    assert "&lt;script&gt;" in texts["html"]
    assert "[x](" not in texts["md"].replace("\\[x\\](", "")
    assert "<script" not in texts["md"].replace("\\<script", "")


def test_markdown_rows_stay_whole() -> None:
    """A pipe or line end in a name does not break the table."""
    rows = [line for line in written(hostile())["md"].splitlines() if line.startswith("| 2026-")]
    assert len(rows) == 3
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_a_table_is_as_wide_as_the_terminal(columns: int) -> None:
    """Its rows are cut to the width; into a file nothing is cut."""
    report = replace(mixed(), findings=(*hostile().findings, *mixed().findings))
    lines = list(listing_lines(report, replace(STYLE, columns=columns)))
    assert max(cell_len(line) for line in lines[: lines.index("")]) <= columns
    wide = "\n".join(listing_lines(report, replace(STYLE, columns=None)))
    assert "…" not in wide.replace("asset …", "")


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


class Page(HTMLParser):
    """Collects the tags of a page, and the attributes that could fetch or run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Tags close in the order they were opened."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("report", [mixed(), hostile(), empty()], ids=["mixed", "hostile", "empty"])
def test_html_is_one_whole_file_without_outside_resources(report: Report) -> None:
    """No script, no link, nothing to fetch: pictures are inside, and a policy forbids the rest."""
    text = written(report)["html"]
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not {"src", "href", "style", "onclick", "onerror"} & set(page.attributes)
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert text.count("url(") == text.count("url(data:image/png;base64,")
    assert 'name="viewport"' in text
    assert "prefers-color-scheme: dark" in text


def test_html_holds_each_picture_once() -> None:
    """However often a photo is shown; a ThumbHash that is none leaves no trace."""
    events, service = burst()
    text = "".join(html_lines(report_on([*events, *events], service), UTC, NOW))
    assert text.count("url(data:image/png;base64,") == 12
    assert "url(" not in written(hostile())["html"]


def test_the_restore_commands_are_in_the_files_to_send_on() -> None:
    """With the key by its variable's name."""
    for form in ("md", "html"):
        text = written(mixed())[form]
        assert "/api/assets/restore?library_id=lib_family" in text
        assert "$GUMNUT_API_KEY" in text
    assert "client.assets.restore(" in written(mixed())["html"]


def test_what_is_kept_too_long_may_go_any_time() -> None:
    """Behind the expected end nothing is promised."""
    report = report_on([happened("asset_trashed")], Service([trashed()]), retention=timedelta(hours=1))
    for form in ("table", "md", "html"):
        assert "may be purged any time" in written(report)[form]
