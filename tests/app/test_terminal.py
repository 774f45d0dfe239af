"""One run of the whole program in a terminal of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.terminal import Terminal, running

ALTERNATE_SCREEN, MOUSE, CURSOR = b"\x1b[?1049", b"\x1b[?1000", b"\x1b[?25"


def test_the_demo_runs_in_a_terminal(tmp_path: Path) -> None:
    """One line shows a library; keys move and filter; q leaves with 0 and gives the terminal back as it was."""
    terminal = Terminal(tmp_path, "--demo")
    is_running = True
    try:
        terminal.wait_until(lambda: "Family Photos (demo)" in terminal.text and "LIVE" in terminal.text)
        terminal.wait_until(lambda: "updated" in terminal.text or "created" in terminal.text)
        terminal.press("jj")
        terminal.press("d")
        terminal.wait_until(lambda: "[destructive ×]" in terminal.text)
        terminal.press("?")
        terminal.wait_until(lambda: "esc close" in terminal.text)
        terminal.press("\x1b")
        terminal.wait_until(lambda: "esc close" not in terminal.text)
        terminal.press("q")
        code = terminal.leave()
        is_running = False
        assert code == 0
        for switch in (ALTERNATE_SCREEN, MOUSE):
            assert terminal.sent.rindex(switch + b"l") > terminal.sent.rindex(switch + b"h")
        assert terminal.sent.rindex(CURSOR + b"h") > terminal.sent.rindex(CURSOR + b"l")
        assert terminal.mode == terminal.before
        assert b"Traceback" not in terminal.sent
        assert list(tmp_path.iterdir()) == []
    finally:
        terminal.close(is_running=is_running)


SECRET, PASSWORD = "apikey_7Kq2mXzVbN4tRwYcHd9pLe", "pr0xy-passw0rd"


ODD_SURROUNDINGS = [
    {"SSL_CERT_FILE": "/nonexistent/ca.pem"},
    {"SSLKEYLOGFILE": "/nonexistent/x"},
    {"ALL_PROXY": f"socks://user:{PASSWORD}@127.0.0.1:1"},
    {"HTTPS_PROXY": f"http://user:{PASSWORD}@127.0.0.1:99999"},
    {"NO_PROXY": "10.0.0.0/99"},
]


@pytest.mark.parametrize("odd", ODD_SURROUNDINGS, ids=lambda odd: next(iter(odd)))
def test_what_the_surroundings_make_impossible_is_words_on_the_screen(tmp_path: Path, odd: dict[str, str]) -> None:
    """They name the variable and hold no secret; the screen stays until one leaves it, and ends as a command would."""
    configured = {"GUMNUT_API_KEY": SECRET, "GUMNUT_BASE_URL": "https://gumnut.invalid"}
    proxy = {"ALL_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9"}
    terminal = Terminal(tmp_path, variables=configured | proxy | odd)
    is_running = True
    try:
        terminal.wait_until(lambda: f"{next(iter(odd))}: " in terminal.text)
        terminal.press("q")
        code = terminal.leave()
        is_running = False
        assert code == 2
        assert terminal.modes == set()
        assert f"gumnut-tui: {next(iter(odd))}: ".encode() in terminal.sent
        assert terminal.mode == terminal.before
        for secret in (SECRET, PASSWORD, "Authorization", "Traceback", "something went wrong"):
            assert secret.encode() not in terminal.sent
    finally:
        terminal.close(is_running=is_running)


def test_a_zone_that_cannot_be_read_is_said_on_the_screen(tmp_path: Path) -> None:
    """Times are shown in another zone than was asked for, and one has to know."""
    terminal = Terminal(tmp_path, "--demo", variables={"TZ": "Nowhere/Land"})
    is_running = True
    try:
        terminal.wait_until(lambda: "LIVE" in terminal.text and "TZ is 'Nowhere/Land'" in terminal.text)
        terminal.press("q")
        assert terminal.leave() == 0
        is_running = False
    finally:
        terminal.close(is_running=is_running)


@pytest.mark.parametrize("variable", ["TEXTUAL_DRIVER", "TEXTUAL_COLOR_SYSTEM"])
def test_what_textual_cannot_use_is_said_in_one_line(tmp_path: Path, variable: str) -> None:
    """The value is at fault, not this program."""
    with running(Terminal(tmp_path, "--demo", variables={variable: "nonsense"})) as terminal:
        assert terminal.leave() == 2
        assert f"gumnut-tui: {variable}: ".encode() in terminal.sent
        assert b"wrong" not in terminal.sent


def test_what_is_typed_goes_into_no_log(tmp_path: Path) -> None:
    """Textual would write each key into a file, the letters of an API key too."""
    log = tmp_path / "textual.log"
    traced = {"TEXTUAL_LOG": str(log), "TEXTUAL": "debug,devtools", "TEXTUAL_DEBUG": "1", "TEXTUAL_PRESS": "q"}
    with running(Terminal(tmp_path, variables=traced)) as terminal:
        terminal.wait_until(lambda: "API key" in terminal.text)
        terminal.press(SECRET)
        terminal.wait_until(lambda: "•••" in terminal.text)
        terminal.press("\x03")
        terminal.leave()
        assert not log.exists()


def test_the_terminal_itself_says_how_large_it_is(tmp_path: Path) -> None:
    """COLUMNS and LINES are those of another terminal, or of this one at another time."""
    with running(Terminal(tmp_path, "--demo", variables={"COLUMNS": "100000", "LINES": "3"})) as terminal:
        terminal.wait_until(lambda: "LIVE" in terminal.text and "? help" in terminal.text)
        terminal.resize(90, 30)
        terminal.wait_until(lambda: "? help" in terminal.screen.display[29])
        terminal.press("q")
        assert terminal.leave() == 0


def test_a_terminal_of_impossible_size_is_drawn_in_part(tmp_path: Path) -> None:
    """It says so by mistake; drawing it would take minutes."""
    with running(Terminal(tmp_path, "--demo")) as terminal:
        terminal.wait_until(lambda: "LIVE" in terminal.text)
        terminal.resize(65535, 65535)
        terminal.pause(1)
        terminal.resize(120, 40)
        terminal.wait_until(lambda: "? help" in terminal.screen.display[39])
        terminal.press("q")
        assert terminal.leave() == 0
