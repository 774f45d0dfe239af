"""The journal's newest rows in the outline: there before the table is, and where the table will have them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from gumnut_tui.app.journal_access import preview, row_texts
from gumnut_tui.app.services import open_journal_at
from gumnut_tui.config.values import Order
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import EventPage
from gumnut_tui.journal.journal import open_journal
from gumnut_tui.journal.records import LibraryKey
from gumnut_tui.ui.widgets.table_columns import CURSOR, columns_for, day_text, row_strip
from gumnut_tui.usecases.journals import JournalAccess
from tests.app.stage import make_options
from tests.factories import NOW, make_event
from tests.feed.entity_sources import photo
from tests.ui.widgets.test_table_columns import STYLES

URL = "https://api.example.org"
MOST = 40


async def kept(path: Path, *, complete: bool = True) -> JournalAccess:
    """A journal of three photos, the oldest of them two days old; the newest has a name."""
    async with open_journal(path) as journal:
        record = await journal.begin(LibraryKey(URL, "user", "lib_1"), name="Home")
        events = tuple(make_event(n, created_at=NOW - timedelta(days=2 * (3 - n) // 2, minutes=1)) for n in (1, 2, 3))
        appended = await journal.append(record, EventPage(events, events[-1].cursor, not complete))
        asset = photo(events[-1].entity_id, "IMG_2031.HEIC")
        await journal.keep(appended.record, "asset", [asset.id], {asset.id: asset})
    return JournalAccess(partial(open_journal_at, path))


async def test_the_newest_rows_of_the_range_come_first(tmp_path: Path) -> None:
    """Newest first, named by their last snapshots, and none from before the range."""
    journaling = await kept(tmp_path / "j.db")
    rows = await preview(journaling, make_options(since="36h"), NOW, MOST)
    await journaling.aclose()
    assert [(day, cells.entity) for day, cells in rows] == [("today", "IMG_2031.HEIC"), ("yesterday", "asset …0002")]


async def test_no_more_rows_are_made_than_have_room(tmp_path: Path) -> None:
    """Those that are made are the newest."""
    journaling = await kept(tmp_path / "j.db")
    ((_, only),) = await preview(journaling, make_options(since="36h"), NOW, 1)
    await journaling.aclose()
    assert only.entity == "IMG_2031.HEIC"


@pytest.mark.parametrize(
    "options",
    [
        {"order": Order.OLDEST},
        {"until": "now"},
        {"filter": EventFilter(text="x")},
        {"demo": True},
        {"library": "Other"},
    ],
)
async def test_nothing_is_drawn_that_the_table_might_not_show(tmp_path: Path, options: dict[str, object]) -> None:
    """With another order, a filter, another library or the demo, the outline stays empty."""
    journaling = await kept(tmp_path / "j.db")
    assert not await preview(journaling, make_options(**options), NOW, MOST)
    await journaling.aclose()


async def test_an_unfinished_journal_is_not_shown(tmp_path: Path) -> None:
    """As long as the first sync has not come to its end, the screen reads the service."""
    journaling = await kept(tmp_path / "j.db", complete=False)
    assert not await preview(journaling, make_options(), NOW, MOST)
    await journaling.aclose()


@pytest.mark.parametrize("width", [20, 44, 72, 110, 160])
async def test_a_row_stands_as_the_table_draws_it(tmp_path: Path, width: int) -> None:
    """When the table takes over, no letter moves: the first row is selected, and days stand between the rows."""
    journaling = await kept(tmp_path / "j.db")
    rows = await preview(journaling, make_options(since="36h"), NOW, MOST)
    await journaling.aclose()
    columns = columns_for(width)
    first, second = (
        row_strip(cells, columns, STYLES, flags, "").text for (_, cells), flags in zip(rows, (CURSOR, 0), strict=True)
    )
    assert row_texts(rows, width) == [first, day_text("yesterday", width), second]
