"""What a table said last about its window, so that each fact is said once."""

from __future__ import annotations

from gumnut_tui.ui.widgets.viewport import Edge, Viewport

SCREENS_AHEAD = 2
"""An end is near when fewer than this many screens of rows remain: so many are kept ready beyond the window."""


class TableNews:
    """Tells what is new since it was last asked."""

    def __init__(self) -> None:
        self._row: int | None = None
        self._span: tuple[int, int] | None = None
        self._near: dict[Edge, int] = {}

    def forget_row(self) -> None:
        """Row ids mean other rows now."""
        self._row = None

    def forget_span(self) -> None:
        """The same places may hold other rows now."""
        self._span = None

    def forget_ends(self) -> None:
        """Other rows have other ends."""
        self._near.clear()

    def row(self, row: int | None) -> int | None:
        """The selected row's id if it is another one now."""
        if row == self._row:
            return None
        self._row = row
        return row

    def span(self, span: tuple[int, int] | None) -> tuple[int, int] | None:
        """The first and last index in sight if they are others now."""
        if span is None or span == self._span:
            return None
        self._span = span
        return span

    def is_near(self, edge: Edge, view: Viewport) -> bool:
        """Whether that end came near, once per number of rows: an answer without rows is not asked for again."""
        if view.height == 0 or view.rows_left(edge) >= SCREENS_AHEAD * view.height:
            self._near.pop(edge, None)
            return False
        if self._near.get(edge) == view.count:
            return False
        self._near[edge] = view.count
        return True
