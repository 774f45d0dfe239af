"""What has come since the view was frozen."""

from __future__ import annotations

from gumnut_tui.app.event_list import EventList


class FrozenView:
    """The rows of a list as they are, and how many have come behind them since: those that the list will show."""

    def __init__(self, event_list: EventList) -> None:
        self._list = event_list
        self._hold()

    def _hold(self) -> None:
        self._acting = self._list.acting
        self._view = self._list.hits(lambda acting: acting)
        self._newest = self._view[-1] if len(self._view) else None

    def count_new(self) -> int:
        """Events that match the filter and lie behind the newest one there was; a new filter takes in what has come."""
        if self._list.acting != self._acting:
            self._hold()
        self._view.refresh()
        newest = None if self._newest is None else self._view.index_of(self._newest)
        return len(self._view) - (0 if newest is None else newest + 1)
