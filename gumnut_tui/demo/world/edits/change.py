"""The moment of a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gumnut_tui.demo.world.edits.found import Finder
from gumnut_tui.demo.world.instants import microseconds
from gumnut_tui.demo.world.service import Service


class Change:
    """What every edit needs: the entities it names, and the service at the time of the change."""

    def __init__(self, service: Service, clock: Callable[[], datetime] | None) -> None:
        self.find = Finder(service)
        self._service = service
        self._clock = clock

    def begin(self) -> Service:
        """The service; what is recorded from here on happens now."""
        if self._clock is not None:
            agenda = self._service.agenda
            agenda.now_us = max(agenda.now_us, microseconds(self._clock()))
        return self._service
