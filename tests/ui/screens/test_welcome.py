"""The first start takes a key, tests it, and never shows it."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from gumnut_tui.domain.errors import ConnectionFailed, KeyRefused, RateLimited
from gumnut_tui.ui.screens.welcome import Check, Keep, KeyGiven, OpenDemo, Quit, WelcomeResult, WelcomeScreen
from tests.ui.screens.screen_text import screen_text

KEY = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"


async def accept(key: str) -> str:
    """Every key is good."""
    return "ana@example.org, 2 libraries"


class WelcomeApp(App[None]):
    """Opens the screen, and remembers its answer."""

    def __init__(self, check: Check = accept, *, has_keyring: bool = False, reason: str = "") -> None:
        super().__init__()
        self.welcome = WelcomeScreen(
            check, config_path="~/.config/gumnut-tui/config.toml", has_keyring=has_keyring, reason=reason
        )
        self.result: WelcomeResult | None = None

    def on_mount(self) -> None:
        """Opens the screen."""

        def remember(result: WelcomeResult | None) -> None:
            self.result = result

        self.push_screen(self.welcome, remember)


def failing(error: Exception) -> Check:
    """A check that always fails."""

    async def check(key: str) -> str:
        raise error

    return check


async def test_says_where_a_key_comes_from_on_a_small_terminal() -> None:
    """All of it is in sight at 80×24: the steps, the field, the ways out."""
    app = WelcomeApp(reason="The key in the config file was refused: Invalid or expired token")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = screen_text(app)
        for words in (
            "was refused",
            "Gumnut dashboard",
            "API Keys",
            "Create a key with read access",
            "Open the demo library",
            "esc quit",
        ):
            assert words in text


@pytest.mark.parametrize(
    ("keys", "keep"),
    [(("enter",), Keep.CONFIG), (("down", "enter"), Keep.KEYRING), (("G", "enter"), Keep.NOT)],
)
async def test_a_good_key_is_kept_where_one_chooses(keys: tuple[str, ...], keep: Keep) -> None:
    """Enter tests the key, says whose it is, and then asks where to keep it."""
    app = WelcomeApp(has_keyring=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = f" {KEY}\n"
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "✓ ana@example.org, 2 libraries" in screen_text(app)
        await pilot.press(*keys)
        await pilot.pause()
        assert app.result == KeyGiven(KEY, keep)


async def test_without_a_keyring_it_is_not_offered() -> None:
    """Only what this machine can do is offered."""
    app = WelcomeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = KEY
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = screen_text(app)
        assert "In the config file" in text
        assert "keyring" not in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyRefused("GET /api/users/me", 401, f"Invalid or expired token {KEY}"), "Was it copied in full?"),
        (ConnectionFailed("GET /api/users/me", "connection refused"), "Check the network"),
        (RateLimited("GET /api/users/me", 429, "[red]slow[/] \x1b[31mdown"), "Wait a moment"),
    ],
    ids=["refused", "no network", "hostile words"],
)
async def test_a_failed_test_is_told_in_words_without_the_key(error: Exception, words: str) -> None:
    """What went wrong and what to do; the field stays, and the key shows nowhere, even if the service repeats it."""
    app = WelcomeApp(failing(error))
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = KEY
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = screen_text(app)
        assert words in text
        assert KEY not in text
        assert "\x1b" not in text
        assert app.result is None
        assert "What now?" in text


async def test_another_key_takes_the_place_of_a_refused_one() -> None:
    """What is pasted after a refusal is not put behind the key that was refused."""
    app = WelcomeApp(failing(KeyRefused("GET /api/users/me", 401)))
    async with app.run_test(size=(80, 24)) as pilot:
        field = app.welcome.query_one(Input)
        field.value = KEY
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        field.post_message(events.Paste("apikey_another"))
        await pilot.pause()
        assert field.value == "apikey_another"


@pytest.mark.parametrize(
    ("key", "words"), [("", "Paste a key first"), ("two words", "no key"), ("schlüssel", "no key")]
)
async def test_what_cannot_be_a_key_is_not_sent(key: str, words: str) -> None:
    """An empty field, spaces and other letters are answered without asking anybody."""
    asked: list[str] = []

    async def check(key: str) -> str:
        asked.append(key)
        return ""

    app = WelcomeApp(check)
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = key
        await pilot.press("enter")
        await pilot.pause()
        assert words in screen_text(app)
        assert asked == []


async def test_escape_stops_asking() -> None:
    """A wait can be ended; another escape leaves."""
    app = WelcomeApp(lambda key: asyncio.get_running_loop().create_future())
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = KEY
        await pilot.press("enter")
        await pilot.pause()
        assert "Checking the key" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Cancelled" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.result == Quit()


async def test_escape_goes_back_to_another_key() -> None:
    """From the question of keeping one goes back to the field."""
    app = WelcomeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = KEY
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.press("escape")
        await pilot.pause()
        assert "What now?" in screen_text(app)
        assert app.focused is app.welcome.query_one(Input)


async def test_d_opens_the_demo_only_outside_the_field() -> None:
    """In it, letters are text, however a key begins; the hint says which keys act."""
    app = WelcomeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"demo")
        assert app.welcome.query_one(Input).value == "demo"
        assert "↓ choices · esc quit" in screen_text(app)
        await pilot.press("down")
        await pilot.pause()
        assert "d demo · esc quit" in screen_text(app)
        await pilot.press("d")
        await pilot.pause()
        assert app.result == OpenDemo()


async def test_the_mouse_opens_the_demo() -> None:
    """One click on the line is enough."""
    app = WelcomeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click("#welcome-choices", offset=(4, 2))
        await pilot.pause()
        assert app.result == OpenDemo()


async def test_a_changed_key_is_another_key() -> None:
    """What was said of the key before does not hold for the one that stands there now."""
    app = WelcomeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome.query_one(Input).value = KEY
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        app.welcome.query_one(Input).value = "other"
        await pilot.pause()
        assert "What now?" in screen_text(app)
        assert "✓" not in screen_text(app)


def test_the_result_hides_the_key() -> None:
    """A result that ends up in a log or a message does not tell the key."""
    assert KEY not in repr(KeyGiven(KEY, Keep.NOT))
