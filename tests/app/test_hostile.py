"""Nothing the service says is obeyed, hidden or taken for markup, wherever on the screen it stands."""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot

from gumnut_tui.domain.errors import ServerFailure
from gumnut_tui.ui.widgets.detail_pages import TABS, Tab
from tests.app.hostile_library import HOSTILE, TEXTS, HostileClient
from tests.app.stage import make_app
from tests.app.waiting import answer, is_read, main_screen, press, running, screen_text, wait_for_text, wait_until

FORBIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of code points: controls, formatting, surrogates, private use, line and paragraph separators."""


def check(app: App[Any]) -> None:
    """No cell of the screen holds anything a terminal would obey or an eye would miss, and every line is in place."""
    width = app.size.width
    for strip in app.screen._compositor.render_strips():
        text = "".join(segment.text for segment in strip)
        bad = {
            f"U+{ord(char):04X}" for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        }
        assert not bad, f"{bad} in {text!r}"
        assert strip.cell_length == width
        assert not [segment for segment in strip if segment.style and (segment.style.link or _evil(segment.style.meta))]


def _evil(meta: dict[str, Any]) -> bool:
    return "app.quit" in str(meta.get("@click", ""))


async def each_row(pilot: Pilot[Any], tab: Tab) -> None:
    """Look at every row with a tab of the detail open."""
    screen = main_screen(pilot.app)
    await press(pilot, "g")
    for index in range(screen.table.row_count):
        row = screen.table.cursor_row
        await wait_until(pilot, lambda row=row: screen.panes.detail.state.row == row and is_read(pilot.app))  # type: ignore[misc]
        if tab is Tab.RELATED:
            await wait_until(pilot, lambda: screen.panes.detail.state.related is not None)
        check(pilot.app)
        if index + 1 < screen.table.row_count:
            await press(pilot, "j")


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.value)
async def test_rows_and_details_are_safe(tab: Tab) -> None:
    """Every row with every tab: nothing but plain text, and every line exactly as wide as the screen."""
    app = make_app(HostileClient())
    async with running(app, (110, 36)) as pilot:
        main_screen(app).panes.detail.show_tab(tab)
        await each_row(pilot, tab)


async def test_markup_is_shown_as_it_is_written() -> None:
    """Brackets of a name are brackets."""
    app = make_app(HostileClient())
    async with running(app, (200, 50)):
        assert "[bold red]x[/bold red]" in screen_text(app)


async def test_choosers_are_safe() -> None:
    """The values to narrow to, the entities to jump to and the forms to copy, for every kind of text."""
    app = make_app(HostileClient())
    async with running(app, (110, 36)) as pilot:
        screen = main_screen(app)
        await press(pilot, "G")
        for key in ("plus", "minus", "J", "Y") * 4:
            await press(pilot, key)
            await wait_until(pilot, lambda: app.screen is not screen)
            check(app)
            await press(pilot, "escape", "k", "k", "k")
            await wait_until(pilot, lambda: app.screen is screen and is_read(app))


async def test_copying_and_saving_take_any_text(tmp_path: Any) -> None:
    """Ids and JSON with any text in them are copied, and all rows are saved in all formats, as text again."""
    app = make_app(HostileClient())
    async with running(app, (110, 36)) as pilot:
        for choices in ((), ("j",), ("j", "j"), ("G",)):
            await press(pilot, "y", "Y")
            check(app)
            await press(pilot, *choices, "enter")
            check(app)
            await press(pilot, "escape", "j", "j", "j")
        for ending in ("csv", "jsonl", "md"):
            await press(pilot, "w")
            await answer(pilot, str(tmp_path / f"a.{ending}"))
            await wait_until(pilot, lambda ending=ending: (tmp_path / f"a.{ending}").exists())  # type: ignore[misc]
            (tmp_path / f"a.{ending}").read_text("utf-8")
        check(app)


async def test_filters_and_chips_are_safe() -> None:
    """A filter made of any hostile value acts, and its chip is plain text."""
    app = make_app(HostileClient())
    async with running(app, (110, 36)) as pilot:
        for text in TEXTS:
            for change in ({"entity_types": frozenset({text})}, {"entity_id": text}, {"text": text}):
                main_screen(app).filters.edit(partial(replace, **change))
                await pilot.pause()
                check(app)


async def test_errors_are_safe() -> None:
    """The service's own words about a failure, at the start and while running."""
    client = HostileClient()
    client.failure = failure("controls")
    app = make_app(client)
    async with running(app, until=lambda app: "503" in screen_text(app)) as pilot:
        for name in HOSTILE:
            client.failure = failure(name)
            await press(pilot, "r")
            await wait_until(pilot, lambda: main_screen(app).library.opened.poller.state.error is client.failure)
            check(app)
        client.failure = None
        await press(pilot, "r")
        await wait_until(pilot, lambda: is_read(app))
        client.failure = failure("escapes")
        await press(pilot, "r")
        await wait_for_text(pilot, "RETRYING")
        check(app)


def failure(name: str) -> ServerFailure:
    """A failure told in hostile words."""
    return ServerFailure("GET /api/events", 503, HOSTILE[name], request_id=HOSTILE[name])
