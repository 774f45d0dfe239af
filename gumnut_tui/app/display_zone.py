"""The zone times are shown in: one's own, or UTC."""

from __future__ import annotations

from datetime import UTC, tzinfo


class ZoneChoice:
    """Turned by a key."""

    def __init__(self, own: tzinfo) -> None:
        self._own = own
        self._is_utc = False

    def now(self) -> tzinfo:
        """The zone in force."""
        return UTC if self._is_utc else self._own

    def turn(self) -> None:
        """From one's own to UTC, or back."""
        self._is_utc = not self._is_utc
