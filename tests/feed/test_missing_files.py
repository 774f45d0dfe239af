"""Files of photos that the journal does not know are asked for, as long as the service tells any."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gumnut_tui.domain.errors import ConnectionFailed, JournalBusy
from gumnut_tui.feed.missing_files import FilesReport, read_missing_files
from gumnut_tui.feed.sync import BATCH, Sync
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import FileCounts, LibraryRecord
from tests.factories import NOW, make_event
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, Service

COUNT = 2 * BATCH + 50


@pytest.fixture
async def journal() -> AsyncIterator[Journal]:
    """An empty journal in memory."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        yield journal


async def read_without_files(journal: Journal, service: Service) -> LibraryRecord:
    """The journal after a sync with a service that says nothing of files."""
    service.feed = [make_event(at, entity_id=f"asset_{at}") for at in range(COUNT)]
    service.page_rows = 200
    for at in range(COUNT):
        service.has("asset", f"asset_{at}")
    report = await Sync(service, journal, await journal.begin(KEY)).run()
    service.asked.clear()
    return report.library


def tell_files(service: Service, first: int = 0) -> None:
    """Let the service say from now on what the files are."""
    for at in range(first, COUNT):
        service.has("asset", f"asset_{at}", file_data={"checksum": f"sum {at}", "file_size_bytes": at})


async def test_every_missing_file_is_asked_for(journal: Journal) -> None:
    """In batches, each photo once; afterwards nothing is missing, and nothing is asked for."""
    service = Service()
    library = await read_without_files(journal, service)
    assert (await journal.info(library)).files == FileCounts(COUNT, COUNT, 0)
    tell_files(service)
    seen: list[int] = []
    report = await read_missing_files(service, journal, library, lambda one: seen.append(one.told))
    assert report == FilesReport(COUNT, COUNT, COUNT, 3)
    assert seen == [BATCH, 2 * BATCH, COUNT]
    assert (await journal.info(library)).files == FileCounts(COUNT, 0, 0)
    service.asked.clear()
    assert await read_missing_files(service, journal, library) == FilesReport()
    assert service.asked == []


async def test_a_service_that_does_not_say_is_asked_for_one_batch(journal: Journal) -> None:
    """Each time for those not seen for longest, so that no photo is left out for ever."""
    service = Service()
    library = await read_without_files(journal, service)
    asked = set[str]()
    for again in range(1, 4):
        service.read_at = NOW + timedelta(hours=again)
        report = await read_missing_files(service, journal, library)
        assert (report.asked, report.told) == (min(BATCH, report.missing), 0)
        asked.update(service.asked[-1][1])
    assert len(service.asked) == 3
    assert len(asked) == COUNT


async def test_what_was_told_before_a_failure_is_kept(journal: Journal) -> None:
    """The report says why it ended, and the next one asks for the rest."""
    service = Service()
    library = await read_without_files(journal, service)
    tell_files(service)

    def fail_next(_report: FilesReport) -> None:
        service.failure = ConnectionFailed("GET /api/assets", "gone")

    report = await read_missing_files(service, journal, library, fail_next)
    assert report == FilesReport(COUNT, BATCH, BATCH, 2, service.failure)
    service.failure = None
    left = COUNT - BATCH
    assert await read_missing_files(service, journal, library) == FilesReport(left, left, left, 2)


async def test_a_photo_that_is_gone_by_now_is_not_asked_for_again(journal: Journal) -> None:
    """It is noted as gone: its file can no longer be known."""
    service = Service()
    library = await read_without_files(journal, service)
    tell_files(service, first=5)
    for at in range(5):
        del service.fields["asset", f"asset_{at}"]
    await read_missing_files(service, journal, library)
    assert (await journal.info(library)).files == FileCounts(COUNT, 5, 5)
    assert await journal.fileless(library) == []


async def test_a_journal_that_cannot_be_written_is_an_error() -> None:
    """Nothing could be kept, so nothing is told."""
    db = memory_database()
    async with Journal(db, clock=lambda: NOW) as journal:
        service = Service()
        library = await read_without_files(journal, service)
        journal.is_writable = False
        with pytest.raises(JournalBusy):
            await read_missing_files(service, journal, library)
