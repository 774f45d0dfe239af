"""A fault of ours, wherever it happens, ends the screen with a few lines that hold no secret."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import httpx
import pytest
from rich.console import Console

from gumnut_tui.domain.errors import TRACEBACK_VARIABLE
from gumnut_tui.domain.redaction import remember_secret
from tests.app.scripted import ScriptedClient
from tests.app.stage import SECRET, make_app

PASSWORD = "pr0xy-passw0rd"
HEADER = "h3ader-s3cret"


class _Fault(Exception):
    """Something nobody foresaw."""


def fault(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Raise with every secret in the words, the notes and the cause, as a library might."""
    request = httpx.Request("GET", "https://api.example.org", headers={"Authorization": f"Bearer {SECRET}"})
    try:
        raise httpx.ConnectError(f"through http://user:{PASSWORD}@127.0.0.1:9", request=request)
    except httpx.ConnectError as cause:
        error = _Fault(f"{request.headers.raw} Proxy-Authorization: Basic dXNlcjpwYXNzMQ==")
        error.add_note(f"X-Team: {HEADER}")
        raise error from cause


async def late_fault(*_args: Any, **_kwargs: Any) -> NoReturn:
    """The same where one waits for an answer."""
    fault()


def client_with(**broken: Any) -> ScriptedClient:
    """A client of which some calls are broken."""
    client = ScriptedClient()
    for name, function in broken.items():
        setattr(client, name, function)
    return client


LAYERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "connect, in a thread": lambda: {"services": {"account": fault}},
    "journal, in a thread": lambda: {"services": {"open_journal": fault}},
    "read": lambda: {"client": client_with(events=late_fault)},
    "list": lambda: {"client": client_with(libraries=late_fault)},
    "clock, drawing": lambda: {"services": {"clock": fault}},
    "timer": lambda: {"services": {"loaded": fault}},
}


@pytest.mark.parametrize("frames", ["", "1"])
@pytest.mark.parametrize("layer", LAYERS)
async def test_a_fault_in_any_layer_shows_no_secret(layer: str, frames: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Kind and place, and on request the frames; exit code 1."""
    remember_secret(HEADER)
    app = make_app(**LAYERS[layer](), environ={TRACEBACK_VARIABLE: frames})
    await app.run_async(headless=True)
    written = io.StringIO()
    for lines in app._exit_renderables:
        Console(file=written, width=300).print(lines)
    out, err = capfd.readouterr()
    said = written.getvalue() + out + err
    assert app.return_code == 1
    assert "something went wrong (_Fault in " in said
    assert ("in fault" in said) == bool(frames)
    for secret in (SECRET, "7Kq2mXzVb", PASSWORD, HEADER, "dXNlcjpwYXNzMQ"):
        assert secret not in said
