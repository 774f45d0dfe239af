"""Actions as rows and as a digest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from gumnut_tui.domain.action_facts import facts_of
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.models import to_us
from gumnut_tui.report.digest import (
    COLUMNS,
    Entry,
    TableStyle,
    count_words,
    csv_row,
    html_lines,
    json_record,
    markdown_lines,
    record,
    table_row,
)
from gumnut_tui.report.model import Heading
from tests.factories import NOW, make_event
from tests.report.test_html import Page

HOSTILE = "<script>alert(1)</script> **bold** | =cmd()"
THUMBHASH = "3OcRJYB4d3h/iIeHeEh3eIhw+j2w"
HEADING = Heading(
    library_id="lib_1",
    library="Family",
    scope="Events from yesterday",
    as_of=NOW,
    is_offline=False,
    retention=timedelta(days=90),
    base_url="",
)


def entry(hours: float = 0, sentence: str = "2 photos to the trash", **changes: Any) -> Entry:
    """Two photos trashed so many hours before NOW."""
    us = to_us(NOW) - int(hours * 3_600_000_000)
    events = [make_event(number, entity_id=f"asset_{number}", event_type="asset_trashed") for number in (1, 2)]
    action = Action(Family.TRASH, "", us, us + 1_000_000, 2)
    facts = facts_of(action, {("asset", "asset_trashed"): 2}, events)
    return replace(Entry(action, facts, sentence, 2), **changes)


def test_a_row_has_what_programs_need() -> None:
    """Times in UTC, counts by event type, some ids; null where it is no incident."""
    row = record(entry(), "lib_1")
    assert tuple(row) == COLUMNS
    assert row == {
        "id": "trash-20261120T120000.000000Z",
        "action": "trash",
        "first": "2026-11-20T12:00:00Z",
        "last": "2026-11-20T12:00:01Z",
        "events": 2,
        "photos": 2,
        "kinds": {"asset_trashed": 2},
        "sentence": "2 photos to the trash",
        "entity_ids_sample": ["asset_1", "asset_2"],
        "library_id": "lib_1",
        "incident": None,
        "matching": 2,
    }
    assert json.loads(json_record(entry(incident="trash-1"), None))["incident"] == "trash-1"


def test_csv_defuses_what_a_spreadsheet_would_run() -> None:
    """A sentence that begins like a formula, as all cells do that come from outside."""
    assert ",'=1+1," in csv_row(entry(sentence="=1+1"), "lib_1")


def test_the_table_cuts_only_on_a_terminal() -> None:
    """In a file all columns stand, the sentence last; a narrow terminal leaves out how long it took, and photos."""
    long = "many words " * 30
    file = table_row(entry(sentence=long), TableStyle(UTC, NOW))
    assert file.endswith(long.rstrip())
    assert "  1 s" in file
    narrow = table_row(entry(sentence=long), TableStyle(UTC, NOW, columns=80))
    assert len(narrow) == 80
    assert "▽ trash" in narrow
    assert narrow.endswith("2")


def test_the_digest_has_a_heading_a_day() -> None:
    """In the order given, with a line that sums the day up, and the mark of an incident."""
    text = "".join(markdown_lines(HEADING, [entry(24), entry(1), entry(0, incident="trash-1")], UTC))
    assert text.startswith("# What happened in Family\n")
    assert "Events from yesterday: 3 actions, 6 events, as of 2026-11-20 12:00:00 UTC." in text
    assert text.index("## Thu 19 Nov 2026") < text.index("## Fri 20 Nov 2026")
    assert "\n4 trashed\n" in text
    assert "- 11:00 **▽ trash** 2 photos to the trash (2 events)\n" in text
    assert text.count("**incident**") == 1


def test_an_action_says_on_which_day_it_ended_if_that_is_another() -> None:
    """An upload may go on for days."""
    action = Action(Family.TRASH, "", to_us(NOW), to_us(NOW) + 86_400_000_000, 2)
    text = "".join(markdown_lines(HEADING, [entry(), entry(action=action)], UTC))
    assert "- 12:00 **" in text
    assert "- 12:00–Sat 21 Nov 2026 12:00 **" in text


def test_how_many_events_pass_a_filter_is_told_of_actions_that_are_shown_whole() -> None:
    """Else the figure would be taken for that of the filter."""
    text = "".join(markdown_lines(HEADING, [entry(matching=1), entry(1, matching=2)], UTC))
    assert "2 actions, 4 events, of which 3 pass, as of" in text


def test_no_name_is_taken_for_markup() -> None:
    """Whatever a library or an album is called, it is shown and does nothing."""
    heading = Heading("lib_1", f"\x1b[2J{HOSTILE}", HOSTILE, NOW, True, timedelta(days=90), "")
    entries = [entry(sentence=HOSTILE, pictures=(("asset_1", THUMBHASH), ("asset_2", "none"), ("asset_3", None)))]
    page = Page(text := "".join(html_lines(heading, entries, UTC)))
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "a"} & set(page.tags)
    assert not {"src", "href", "style"} & set(page.attributes)
    assert text.count("url(") == text.count("url(data:image/png;base64,") == 1
    assert "as last known" in text
    written = "".join(markdown_lines(heading, entries, UTC))
    assert "\\<script\\>" in written
    assert "\\*\\*bold" in written
    assert "\\|" in written
    assert "\x1b" not in text + written


def test_how_many_of_how_many() -> None:
    """A filter that lets only some pass says so."""
    assert count_words(12, 240) == "12 of 240 actions"
    assert count_words(1, 1) == "1 action"
