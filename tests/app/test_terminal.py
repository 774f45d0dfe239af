"""One run of the whole program in a terminal of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.terminal import Terminal

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


@pytest.mark.parametrize("frames", ["", "1"])
@pytest.mark.parametrize("broken", [{"SSL_CERT_FILE": "/nonexistent/ca.pem"}, {"SSLKEYLOGFILE": "/nonexistent/x"}])
def test_a_fault_shows_no_secret(tmp_path: Path, broken: dict[str, str], frames: str) -> None:
    """Whatever stops the screen is told in a few lines, with exit code 1: no local variable, no header, no key."""
    configured = {"GUMNUT_API_KEY": SECRET, "GUMNUT_BASE_URL": "https://gumnut.invalid"}
    proxy = {"ALL_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9"}
    terminal = Terminal(tmp_path, variables={**configured, **proxy, **broken, "GUMNUT_TUI_TRACEBACK": frames})
    is_running = True
    try:
        code = terminal.leave()
        is_running = False
        assert code == 1
        assert terminal.mode == terminal.before
        assert b"something went wrong" in terminal.sent
        assert (b"create_ssl_context" in terminal.sent) == bool(frames)
        for secret in (SECRET, PASSWORD, "Authorization", "locals"):
            assert secret.encode() not in terminal.sent
    finally:
        terminal.close(is_running=is_running)
