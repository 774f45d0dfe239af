"""`gumnut-tui doctor`: what is configured, what works, what the surroundings make of it, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.demo.http.auth import SELECTED_KEY
from gumnut_tui.domain.service_clock import ServiceClock
from tests.api.fakes import KEY
from tests.cli.harness import FAMILY, Ran, gumnut, runtime, service
from tests.demo.faults import always, bad_gateway, on_path, unavailable
from tests.factories import NOW

SECRET = "hunter2secret"
WRONG_KEY = "apikey_do_not_show_me"


def around(environ: dict[str, str], **changes: Any) -> Runtime:
    """Surroundings with a key, and a service that answers nothing but its time."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"detail": "no"}, headers={"Date": format_datetime(NOW, usegmt=True)})

    known = {"GUMNUT_API_KEY": KEY, **environ}
    return runtime(known, **({"transport": httpx.MockTransport(answer)} | changes))


@pytest.mark.parametrize(
    ("environ", "label", "words"),
    [
        ({"SSL_CERT_FILE": "/nonexistent"}, "certificates", "✗ SSL_CERT_FILE: /nonexistent cannot be read"),
        ({"SSL_CERT_DIR": "/nonexistent"}, "certificates", "✗ SSL_CERT_DIR: /nonexistent cannot be read"),
        ({"SSLKEYLOGFILE": "/nonexistent/x"}, "certificates", "✗ SSLKEYLOGFILE: /nonexistent/x cannot be written"),
        ({"ALL_PROXY": f"socks://u:{SECRET}@127.0.0.1:1"}, "proxy", "✗ ALL_PROXY: 'socks://127.0.0.1:1' is a socks"),
        ({"GUMNUT_TUI_THEME": "ansi_light"}, "theme", "✗ There is no theme 'ansi_light'; did you mean ansi-light?"),
        ({"HTTPS_PROXY": "http://p:99999"}, "proxy", "✗ HTTPS_PROXY: the proxy's host or port cannot be read"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "1.2.3.4/77"}, "proxy", "✗ NO_PROXY: '1.2.3.4/77' is not a host"),
    ],
)
def test_what_the_environment_makes_impossible(environ: dict[str, str], label: str, words: str) -> None:
    """One line, the exit code of a configuration, and no password."""
    ran = gumnut(around(environ), "doctor")
    assert f"{label:<14}  {words}" in ran.out
    assert ran.code == 2
    assert SECRET not in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_what_is_used_is_named() -> None:
    """The proxy without its password."""
    ran = gumnut(around({"HTTPS_PROXY": f"http://u:{SECRET}@proxy.example.com:3128"}), "doctor")
    assert "http://proxy.example.com:3128, from HTTPS_PROXY" in ran.out
    assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (5, "this machine's clock is 5 min ahead of the service's"),
        (-120, "this machine's clock is 2 h behind the service's"),
        (0, "within a few seconds of the service's"),
    ],
)
def test_the_difference_of_the_clocks(minutes: int, words: str) -> None:
    """And more than a minute is said beside it, once."""
    clock = ServiceClock(lambda: NOW + timedelta(minutes=minutes, seconds=0.5))
    ran = gumnut(around({}, clock=clock), "doctor")
    assert f"{'clock':<14}  {words}" in ran.out
    assert ran.err.count("this machine's clock") == (1 if minutes else 0)


def test_a_zone_that_cannot_be_read_is_said() -> None:
    """Here, and by every command on standard error; one that can be read is named."""
    ran = gumnut(around({"TZ": "Nowhere/Land"}), "doctor")
    assert "TZ is 'Nowhere/Land', which is not a time zone" in ran.out
    assert "TZ is 'Nowhere/Land', which is not a time zone" in ran.err
    ran = gumnut(around({"TZ": "JST-9"}), "doctor")
    assert f"{'time zone':<14}  JST" in ran.out
    assert "TZ" not in ran.err


def test_a_header_that_cannot_be_sent_is_told_without_its_value() -> None:
    """Headers are ASCII; the rest of the value may be a secret."""
    ran = gumnut(around({"GUMNUT_CUSTOM_HEADERS": f"X-Team: Café {SECRET}"}), "doctor")
    assert ran.code == 2
    assert "GUMNUT_CUSTOM_HEADERS" in ran.err
    assert "X-Team" in ran.err
    assert SECRET not in ran.err
    assert len(ran.err.splitlines()) == 1


def doctor(**changes: object) -> Ran:
    return gumnut(service(**changes), "doctor")  # type: ignore[arg-type]


def test_doctor_says_where_everything_comes_from() -> None:
    """Settings with their origin, the account, the libraries, the API's form, and this machine; never the key."""
    ran = doctor(environ={"COLORTERM": "truecolor", "TERM": "xterm", "GUMNUT_TUI_LIBARY": "x"}, terminal=True)
    assert ran.code == 0
    for words in (
        "environment GUMNUT_BASE_URL",
        "environment GUMNUT_API_KEY",
        "set, not shown",
        "key accepted    ✓",
        FAMILY,
        "current form, with events",
        "GUMNUT_TUI_LIBARY is set, but this program has no such",
        "16 million",
        "100 columns",
        "none yet",
        "time zone       UTC",
    ):
        assert words in ran.out


def test_doctor_tells_the_older_form() -> None:
    """A server of an older generation is told as such."""
    assert "cursor form" in doctor(generation="seed1").out


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": WRONG_KEY}, 4),
        ({"library": None}, 2),
        ({"library": "nope"}, 2),
        ({"faults": always(bad_gateway())}, 1),
        ({"faults": on_path("/api/events", [unavailable()] * 3)}, 1),
        ({"environ": {"GUMNUT_BASE_URL": "http://example.com"}}, 2),
        ({"environ": {"GUMNUT_BASE_URL": "https://elsewhere.invalid"}}, 3),
    ],
)
def test_doctor_goes_on_after_a_failure_and_tells_it_in_the_exit_code(changes: dict[str, object], code: int) -> None:
    """What does not work is named; the rest is still reported; the code is that of the first failure."""
    ran = doctor(**changes)
    assert ran.code == code
    assert "✗" in ran.out
    assert "This machine" in ran.out
    assert WRONG_KEY not in ran.out + ran.err


def test_doctor_without_a_key() -> None:
    """Exit code 4 and where a key can come from."""
    ran = gumnut(runtime(), "doctor")
    assert ran.code == 4
    assert "GUMNUT_API_KEY" in ran.out


def test_doctor_accepts_a_key_limited_to_a_library() -> None:
    """A key that may not list libraries is a finding, not a failure."""
    ran = doctor(key=SELECTED_KEY, library=None)
    assert ran.code == 0
    assert "may not list them" in ran.out


def test_doctor_says_of_a_file_that_is_no_journal_what_it_is(tmp_path: Path) -> None:
    """A path may be mistyped."""
    note = tmp_path / "note.txt"
    note.write_text("milk, bread\n")
    ran = gumnut(runtime(), "doctor", "--demo", "--journal", str(note))
    assert "note.txt is not a journal of this program: it is a text file" in ran.out
