"""Redraws pane after pane, each in a frame of its own: together they would hold up the keys for too long."""

from __future__ import annotations

from collections.abc import Callable

Draw = Callable[[], None]


class RedrawQueue:
    """A queue of redraws by name; what is asked for again while it waits is done once, as asked for last."""

    def __init__(self, after: Callable[[Draw], object]) -> None:
        """`after` calls something back when the next frame is over."""
        self._after = after
        self._waiting: dict[str, Draw] = {}

    @property
    def are_over(self) -> bool:
        """Nothing waits to be redrawn."""
        return not self._waiting

    def ask(self, name: str, draw: Draw) -> None:
        """Redraw something soon."""
        if self.are_over:
            self._after(self._next)
        self._waiting[name] = draw

    def _next(self) -> None:
        draw = self._waiting.pop(next(iter(self._waiting)))
        if self._waiting:
            self._after(self._next)
        draw()
