"""Keys of the program itself: zone, palette, help, quit, and keys of one's own."""

from __future__ import annotations

import gc
import re
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from textual.theme import BUILTIN_THEMES

import gumnut_tui
from gumnut_tui.app.services import real_services
from tests.app.scripted import cursor
from tests.app.stage import make_app, make_options
from tests.app.waiting import (
    click_text,
    line_with,
    main_screen,
    press,
    running,
    screen_text,
    selected_cursor,
    shown,
    wait_for_text,
    wait_until,
)

PACKAGE = Path(gumnut_tui.__file__).parent
COLOURS = BUILTIN_THEMES["textual-dark"].to_color_system().generate()


async def test_tilde_says_that_local_time_is_utc() -> None:
    """Then there is nothing to turn."""
    app = make_app(zone=UTC)
    async with running(app) as pilot:
        await press(pilot, "tilde")
        await wait_for_text(pilot, "the local zone is UTC")


async def test_tilde_turns_to_utc_and_back() -> None:
    """~ shows all times in UTC, and again in one's own zone; the title names the zone."""
    app = make_app(zone=ZoneInfo("Asia/Tokyo"))
    async with running(app) as pilot:
        assert "Asia/Tokyo" in line_with(app, "Gumnut activity")
        assert "20:55:00" in line_with(app, "▸")
        await press(pilot, "tilde")
        assert "created_at in UTC" in line_with(app, "Gumnut activity")
        assert "11:55:00" in line_with(app, "▸")
        await press(pilot, "tilde")
        assert "20:55:00" in line_with(app, "▸")


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_shows_the_keys(key: str) -> None:
    """? and F1 show all keys by what they are for; esc closes."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, key)
        await wait_for_text(pilot, "Keys", "previous hit", "destructive events only")
        await press(pilot, "escape")
        assert app.screen is main_screen(app)


async def test_the_hint_opens_the_help() -> None:
    """A click on the hint at the bottom does what ? does."""
    app = make_app()
    async with running(app) as pilot:
        await click_text(pilot, "? help")
        await wait_for_text(pilot, "esc close")


@pytest.mark.parametrize("key", ["ctrl+p", "colon"])
async def test_the_palette_runs_actions_by_name(key: str) -> None:
    """Every action is found by its words in the palette, and runs on the main screen."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, key)
        await wait_until(pilot, lambda: app.screen is not main_screen(app))
        await pilot.press(*"destructive events only")
        await wait_for_text(pilot, "Destructive events only")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: len(app.screen_stack) == 1 or None)
        if len(shown(app)) == 60:
            await press(pilot, "enter")
        await wait_until(pilot, lambda: len(shown(app)) == 6)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_keys_quit(key: str) -> None:
    """q, ctrl+q and ctrl+c leave the program, with exit code 0."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, key)
        await wait_until(pilot, lambda: app._exit)
    assert (app.return_code or 0) == 0


async def test_keys_can_be_remapped_by_action_name() -> None:
    """A key of one's own does the action, the old one no longer; the help shows the new one."""
    app = make_app(settings={"keys": {"filter.destructive": "x", "row.next": "z,down"}})
    async with running(app) as pilot:
        await press(pilot, "d", "j")
        assert len(shown(app)) == 60
        assert selected_cursor(app) == cursor(60)
        await press(pilot, "z", "down")
        assert selected_cursor(app) == cursor(58)
        await press(pilot, "x")
        assert len(shown(app)) == 6
        await press(pilot, "question_mark")
        await wait_for_text(pilot, "destructive events only")
        line = line_with(app, "destructive events only")
        assert " x " in line[: line.index("destructive events only")]


async def test_the_status_line_names_keys_of_ones_own() -> None:
    """As they are written."""
    app = make_app(settings={"keys": {"help": "ctrl+g,f1", "search": "colon", "palette": "ctrl+p"}})
    async with running(app, (140, 34)):
        assert "^g help  a actions  : search  d deletions" in screen_text(app)


@pytest.mark.parametrize(("key", "quits"), [("ctrl+q", False), ("q", False), ("x", True), ("ctrl+x", True)])
async def test_another_key_to_quit_frees_those_before(key: str, quits: bool) -> None:
    """Also ctrl+q, which ends the program everywhere else."""
    app = make_app(settings={"keys": {"quit": "x,ctrl+x"}})
    async with running(app) as pilot:
        await press(pilot, key)
        assert app._exit is quits


async def test_letters_go_into_a_question() -> None:
    """While something is asked for, keys are letters: nothing else happens."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "slash", *"dqv1T")
        assert app.is_running
        assert len(shown(app)) == 60
        assert "dqv1T" in screen_text(app)


async def test_the_screen_collects_garbage_once_it_is_loaded() -> None:
    """What was loaded is left out of it for good."""
    frozen = gc.get_freeze_count()
    gc.disable()
    try:
        async with running(make_app(services={"loaded": real_services(make_options()).loaded})) as pilot:
            await wait_until(pilot, gc.isenabled)
            assert gc.get_freeze_count() > frozen
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize("theme", ["ansi-light", "ansi-dark"])
async def test_a_theme_of_the_terminals_own_colours_can_be_worn(theme: str) -> None:
    """They define fewer colours than others: every pane and dialogue is drawn in them."""
    app = make_app(settings={"theme": theme})
    async with running(app) as pilot:
        assert (app.current_theme.name, app.current_theme.ansi) == (theme, True)
        for key, words in (("question_mark", "previous hit"), ("i", "incident"), ("slash", "search")):
            await press(pilot, key)
            await wait_for_text(pilot, words)
            await press(pilot, "escape")


def test_every_theme_has_the_colours_that_are_used() -> None:
    """One that lacks a colour of a style sheet would end the screen when it is chosen."""
    app = make_app()
    rules = [path.read_text() for path in PACKAGE.rglob("*") if path.suffix in (".py", ".tcss")]
    used = {name for text in rules for name in re.findall(r"\$([a-z]+(?:-[a-z]+)*)", text)} & set(COLOURS)
    assert len(used) > 10
    for theme in app.available_themes:
        app.theme = theme
        assert used - app.get_css_variables().keys() == set(), theme


async def test_a_theme_that_is_not_there_is_said() -> None:
    """The screen opens in the usual one."""
    app = make_app(settings={"theme": "sunset"})
    async with running(app) as pilot:
        await wait_for_text(pilot, "There is no theme “sunset”")
        assert app.current_theme.name == "textual-dark"
