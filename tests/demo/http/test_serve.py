"""The demo library on real loopback ports."""

from __future__ import annotations

import re
import select
import signal
import subprocess
import sys

import httpx
import pytest

from gumnut_tui.demo.http.serve import run
from tests.demo.little_world import HOME, LittleWorld
from tests.demo.servers import running


def test_api_and_pictures_have_their_own_ports() -> None:
    """Pictures come from another origin than the API, and neither serves the other's paths."""
    world = LittleWorld(libraries=1)
    world.put("asset", "asset_1")
    with running(world) as address, httpx.Client(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {address.key}"}
        asset = http.get(f"{address.base_url}/api/assets/asset_1", headers=headers).json()
        url = asset["asset_urls"]["thumbnail"]["url"]
        assert url.startswith(address.pictures_url)
        assert address.pictures_url != address.base_url
        assert http.get(url).content.startswith(b"\x89PNG")
        assert http.get(f"{address.pictures_url}/api/server/ping").status_code == 404
        assert http.get(url, headers=headers).status_code == 400
        assert len(address.pictures.leaks) == 1


def test_only_loopback_is_served() -> None:
    """An address others can reach is refused."""
    with pytest.raises(ValueError, match="loopback"):
        run(host="0.0.0.0", events=100, announce=print)


def test_a_taken_port_is_an_error() -> None:
    """A port that is in use raises OSError before anything is served."""
    with running(LittleWorld()) as address, pytest.raises(OSError, match=re.compile("in use", re.IGNORECASE)):
        run(port=httpx.URL(address.base_url).port or 0, events=100, announce=print)


def test_it_runs_until_interrupted() -> None:
    """The served library answers with key demo, and an interrupt ends it without a word."""
    program = (
        "from gumnut_tui.demo.http.serve import run\n"
        "try: run(events=500, announce=lambda url: print(url, flush=True))\n"
        "except KeyboardInterrupt: print('closed')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert select.select([process.stdout], [], [], 60)[0], "nothing was announced"
            base_url = process.stdout.readline().strip()
            headers = {"Authorization": "Bearer demo"}
            with httpx.Client(trust_env=False, base_url=base_url, headers=headers) as http:
                assert len(http.get("/api/libraries").json()) >= 2
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert output == "closed\n"
    assert errors == ""


def test_events_are_served() -> None:
    """A feed pages over a real connection as it does in process."""
    world = LittleWorld(libraries=1)
    for number in range(30):
        world.feed(HOME).add("asset", f"asset_{number}", "asset_created")
    with running(world) as address, httpx.Client(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {address.key}"}
        page = http.get(f"{address.base_url}/api/events", headers=headers).json()
    assert len(page["data"]) == 20
    assert page["has_more"] is True
