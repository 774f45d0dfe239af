"""The way one came: what was shown before, and what one came back from."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST = 100
"""States remembered."""


class FilterHistory(Generic[T]):
    """States visited one after the other; going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._past: list[T] = []
        self._ahead: list[T] = []

    def leave(self, state: T) -> None:
        """One goes on from this state to a new one."""
        if not self._past or self._past[-1] != state:
            self._past.append(state)
            del self._past[:-LONGEST]
        self._ahead.clear()

    def back(self, state: T) -> T | None:
        """The state before, for one who stands at `state`; None at the beginning."""
        return self._step(self._past, self._ahead, state)

    def forward(self, state: T) -> T | None:
        """The state one came back from; None when there is none."""
        return self._step(self._ahead, self._past, state)

    @staticmethod
    def _step(source: list[T], target: list[T], state: T) -> T | None:
        if not source:
            return None
        target.append(state)
        return source.pop()
