"""What the client sends, and to whom."""

from __future__ import annotations

import subprocess
import sys
from pkgutil import iter_modules

import httpx
import pytest

from gumnut_tui import api
from gumnut_tui.api.client import Client, user_agent
from gumnut_tui.domain.errors import KeyMissing, NotFound, RefusedAddress, ServerFailure, UnexpectedAnswer
from gumnut_tui.domain.key import Key
from tests.api.fakes import KEY, client_for, in_turn, ok, refusal

PICTURE = "https://assets.example.com/a/b.webp?verify=SIGNED"
IMAGE = httpx.Response(200, content=b"RIFFdata", headers={"content-type": "image/webp"})


async def test_headers() -> None:
    """The key as a bearer token, and who asks."""
    client, seen = client_for(in_turn(ok("pong")), headers={"X-Team": "audit"})
    await client.ping()
    headers = seen.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == user_agent()
    assert user_agent().startswith("gumnut-tui/")
    assert headers["x-team"] == "audit"


async def test_custom_headers_replace_ours() -> None:
    """Whatever their case; no header is sent twice."""
    client, seen = client_for(in_turn(ok("pong")), headers={"user-agent": "mine", "AUTHORIZATION": "Basic x"})
    await client.ping()
    assert seen.requests[0].headers.get_list("user-agent") == ["mine"]
    assert seen.requests[0].headers.get_list("authorization") == ["Basic x"]


async def test_a_base_url_may_have_a_path() -> None:
    """A gateway may serve the API below a prefix."""
    client, seen = client_for(in_turn(ok("pong")), base_url="https://gate.example.com/gumnut/")
    await client.ping()
    assert str(seen.requests[0].url) == "https://gate.example.com/gumnut/api/server/ping"


def test_a_key_is_not_sent_just_anywhere() -> None:
    """Plain http beyond loopback is refused before anything is sent."""
    with pytest.raises(RefusedAddress):
        Client(base_url="http://api.gumnut.ai", key=KEY)
    with pytest.raises(KeyMissing):
        Client(base_url="https://api.gumnut.ai", key="")


async def test_no_part_of_the_client_shows_the_key() -> None:
    """Not in its repr, nor in that of anything it holds."""
    client, _ = client_for(in_turn(ok("pong")), key=Key(KEY))
    assert KEY not in repr(client) + repr(vars(client))


async def test_pictures_are_fetched_without_key_and_custom_headers() -> None:
    """Their address carries its own proof; the key would only leak to a second host."""
    client, seen = client_for(in_turn(IMAGE), headers={"X-Team": "audit"})
    assert await client.picture(PICTURE) == b"RIFFdata"
    headers = seen.requests[0].headers
    assert "authorization" not in headers
    assert "x-team" not in headers
    assert KEY not in str(headers)
    assert client.requests == 1


async def test_cookies_do_not_wander_from_the_api_to_pictures() -> None:
    """Two pools that share nothing."""

    def server(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json="pong", headers={"set-cookie": "session=1; Domain=example.com"})

    client, seen = client_for(server)
    await client.ping()
    await client.picture(PICTURE)
    assert "cookie" not in seen.requests[1].headers


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_picture_that_is_not_there(status: int) -> None:
    """The host's refusals all mean that; the signed address does not stand in the error."""
    client, _ = client_for(in_turn(refusal(status, "no")))
    with pytest.raises(NotFound) as caught:
        await client.picture(PICTURE)
    assert "SIGNED" not in str(caught.value)


async def test_a_picture_is_asked_for_again_like_anything_else_but_quietly() -> None:
    """Its waits are nobody's concern: a photo is drawn without it meanwhile."""
    client, seen = client_for(in_turn(refusal(503, "down"), IMAGE))
    await client.picture(PICTURE)
    assert (len(seen.slept), seen.waits) == (1, [])
    client, _ = client_for(in_turn(refusal(503, "down")))
    with pytest.raises(ServerFailure):
        await client.picture(PICTURE)


async def test_a_picture_has_a_largest_size() -> None:
    """Eight MB are enough for a thumbnail; more is not even read."""
    client, _ = client_for(in_turn(httpx.Response(200, content=b"x" * (8 * 1024 * 1024 + 1))))
    with pytest.raises(UnexpectedAnswer):
        await client.picture(PICTURE)


@pytest.mark.parametrize(
    "url", ["http://assets.example.com/a", "http://127.0.0.1:8000/a", "file:///etc/passwd", "", "https://[", "//h/a"]
)
async def test_pictures_come_over_https(url: str) -> None:
    """The address is the server's word: it may not send us to plain http, into this machine, or to a file."""
    client, seen = client_for(in_turn(IMAGE))
    with pytest.raises(RefusedAddress):
        await client.picture(url)
    assert seen.requests == []


async def test_a_picture_address_with_characters_no_url_has() -> None:
    """It is an error of ours, and nothing is sent."""
    client, seen = client_for(in_turn(IMAGE))
    with pytest.raises(UnexpectedAnswer):
        await client.picture("https://assets.example.com/a\x7fb")
    assert seen.requests == []


async def test_a_local_api_may_have_local_pictures() -> None:
    """A demo library on this machine serves both."""
    client, _ = client_for(in_turn(IMAGE), base_url="http://127.0.0.1:8000")
    assert await client.picture("http://127.0.0.1:8001/a") == b"RIFFdata"


async def test_pictures_may_be_redirected_but_not_to_plain_http() -> None:
    """The same rule holds for every hop."""
    client, _ = client_for(in_turn(httpx.Response(302, headers={"location": "https://cdn.example/p"}), IMAGE))
    assert await client.picture(PICTURE) == b"RIFFdata"
    client, seen = client_for(in_turn(httpx.Response(302, headers={"location": "http://cdn.example/p"}), IMAGE))
    with pytest.raises(UnexpectedAnswer):
        await client.picture(PICTURE)
    assert len(seen.requests) == 1


def test_the_parts_do_not_load_httpx() -> None:
    """Only the client and its http module do: the screen is painted before they are imported."""
    names = {module.name for module in iter_modules(api.__path__)} - {"client", "http"}
    imports = "; ".join(f"import gumnut_tui.api.{name}" for name in sorted(names))
    code = f"import sys, gumnut_tui.domain.key; {imports}; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
