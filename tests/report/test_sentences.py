"""What each form of the report says: the same sentences in table, Markdown and HTML."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.report.cases import (
    Service,
    happened,
    report_on,
    trashed,
)
from tests.report.written import empty, hostile, mixed, written


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_what_people_read_opens_with_what_one_can_send_on(form: str) -> None:
    """Totals, what can be restored and until when, incidents, albums; and as of when all that is true."""
    text = written(mixed())[form]
    for words in (
        "as of 2026-11-20 12:00:00 UTC",
        "13 events removed something; 12 photos were affected: 12 in the trash.",
        "12 photos can still be restored from the trash, until about 17 Feb 2027.",
        "12 photos trashed in 11 s",
        "Italy",
        "IMG_12.HEIC",
        "out of the album only, photo safe",
        "in the trash for 90 days",
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


def test_what_people_read_is_escaped() -> None:
    """Nothing invisible, no markup and no terminal sequence comes through."""
    texts = written(hostile())
    for form in ("table", "md", "html"):
        assert not set(texts[form]) & set("\x1b\u202e\r"), form
    assert "<script" not in texts["html"]
    assert "&lt;script&gt;" in texts["html"]
    assert "[x](" not in texts["md"].replace("\\[x\\](", "")
    assert "<script" not in texts["md"].replace("\\<script", "")


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
        assert "may be purged at any time" in written(report)[form]


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_copies_of_what_is_gone_may_be_looked_for(form: str) -> None:
    """Only where a photo is gone for good."""
    words = "a copy may lie on a disk: `gumnut-tui undo --copies FOLDER` looks."
    assert f"1 photo is gone for good; {words}" in written(report_on([happened("asset_deleted")], Service()))[form]
    assert words not in written(mixed())[form]
