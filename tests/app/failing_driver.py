"""A driver that meets a fault of ours while it reads; named in TEXTUAL_DRIVER by a test."""

from __future__ import annotations

from gumnut_tui.app.terminal_driver import TerminalDriver


class FailingDriver(TerminalDriver):
    """Fails at the first key."""

    def _read(self) -> bytes | None:
        raise LookupError(f"no key in {super()._read()!r}")
