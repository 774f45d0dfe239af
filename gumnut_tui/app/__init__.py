"""The screen: what is on it, what its keys do, and who reads what for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gumnut_tui.app.screen_options import ScreenOptions


def run_screen(options: ScreenOptions) -> int:
    """Show the screen until it is left; returns the exit code."""
    from gumnut_tui.app.gumnut_app import GumnutApp
    from gumnut_tui.app.services import real_services

    app = GumnutApp(options, real_services(options))
    app.run()
    return app.return_code or 0
