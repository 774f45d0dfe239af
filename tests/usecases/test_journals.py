"""How far a sync is, in words."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from gumnut_tui.domain.models import to_us
from gumnut_tui.feed.sync import SyncProgress
from gumnut_tui.journal.records import FileCounts
from gumnut_tui.usecases.journals import files_words, progress_words
from tests.factories import NOW


@pytest.mark.parametrize(
    ("progress", "rate", "words"),
    [
        (SyncProgress(), None, "0 events"),
        (SyncProgress(events=1), None, "1 event"),
        (SyncProgress(events=12_400), 9_000.4, "12,400 events (9,000/s)"),
        (SyncProgress(events=2, reached_us=to_us(NOW - timedelta(minutes=30))), None, "2 events · at today 11:30"),
        (SyncProgress(events=2, snapshots=310), None, "2 events · 310 snapshots"),
        (SyncProgress(events=2, unread=40), None, "2 events · 0 snapshots · 40 to read"),
    ],
)
def test_only_what_there_is_to_tell_is_told(progress: SyncProgress, rate: float | None, words: str) -> None:
    """Snapshots are told as soon as there are entities to read."""
    assert progress_words(progress, UTC, NOW, rate) == words


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (FileCounts(1, 0, 0), "checksum and size of 1 of 1 photo"),
        (FileCounts(2_000, 12, 9), "checksum and size of 1,988 of 2,000 photos; the next sync fetches 3, "
         "9 of the others are gone"),
        (FileCounts(2_000, 1, 1), "checksum and size of 1,999 of 2,000 photos; 1 of the others is gone"),
    ],
)  # fmt: skip
def test_of_how_many_photos_the_file_is_known(files: FileCounts, words: str) -> None:
    """And whether the next sync can tell those of the others."""
    assert files_words(files) == words
