"""Tests of app/screen_ports.py: what a controller asks of the screen."""

from __future__ import annotations

import gc
from typing import cast

from textual.screen import Screen
from textual.worker import Worker

from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.screen_ports import ScreenPorts
from gumnut_tui.ui.widgets.prompt import Prompt
from tests.app.stage import make_demo_app


async def test_a_job_replaced_before_it_began_leaves_nothing_behind() -> None:
    """Of two jobs of a group started in one go only the second runs, and no coroutine is left that nobody awaits."""
    ran: list[str] = []

    async def first() -> None:
        ran.append("first")

    async def second() -> None:
        ran.append("second")

    app = make_demo_app()
    async with app.run_test():
        screen = cast("Screen[None]", app.screen)
        ports = ScreenPorts(screen, cast(PanePresenter, None), cast(Prompt, None), lambda text: False)
        ports.run(first, "group")
        await app.workers.wait_for_complete([cast("Worker[None]", ports.run(second, "group"))])
    gc.collect()
    assert ran == ["second"]
