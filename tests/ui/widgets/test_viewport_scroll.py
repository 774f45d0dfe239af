"""The scrollbar follows the window."""

from __future__ import annotations

from array import array

from tests.ui.widgets.table_app import TableApp, settle

SIZE = (100, 21)
"""Twenty lines of rows below the header."""


class Growing:
    """Rows of a feed, newest first: rows can be put in front and behind without moving any."""

    def __init__(self, count: int) -> None:
        self.rows = array("I", range(count))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> int:
        return self.rows[index]

    def push(self, added: int) -> None:
        """New rows in front."""
        start = len(self.rows)
        self.rows = array("I", range(start, start + added)) + self.rows

    def append(self, added: int) -> None:
        """Older rows behind."""
        start = len(self.rows)
        self.rows.extend(range(start, start + added))


async def test_the_scrollbar_follows_the_rows() -> None:
    """It is told of rows and position soon, not with every page."""
    rows = Growing(100)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        rows.append(900)
        app.table.rows_changed(added_after=900)
        await pilot.press("G")
        while app.table.vertical_scrollbar.position == 0:
            await pilot.pause()
        assert app.table.vertical_scrollbar.window_virtual_size == 1001
        assert app.table.vertical_scrollbar.position == app.table.scroll_y == 980
