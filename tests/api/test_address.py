"""Where requests may go."""

from __future__ import annotations

import pytest

from gumnut_tui.api.address import address, base_address, origin_of
from gumnut_tui.domain.errors import RefusedAddress


@pytest.mark.parametrize(
    "url",
    [
        "https://api.gumnut.ai",
        "http://localhost:8000",
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:8000",
        "https://host/prefix",
        "HTTP://LOCALHOST",
    ],
)
def test_https_and_loopback_are_taken(url: str) -> None:
    """https anywhere, and plain http as long as it does not leave the machine."""
    assert base_address(url + "/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.gumnut.ai",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://[::2]",
        "ftp://api.gumnut.ai",
        "api.gumnut.ai",
        "",
        "https://",
        "https://[",
        "https://host:port",
        "https://host:99999",
        "https://user:secret@host",
        "https://host?query=1",
        "https://host#part",
        "http://127.0.0.1@evil.example",
        "https://host/'; rm -rf ~; echo '",
        'https://host/"x',
        "https://host/`id`",
        "https://host/a b",
        "https://host/a\nb",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """Plain http beyond loopback, other schemes, no URL, or a URL with more in it than an address."""
    with pytest.raises(RefusedAddress) as caught:
        base_address(url)
    assert "secret" not in str(caught.value)


def test_origins_are_equal_with_the_default_port_spelled_out() -> None:
    """Scheme, host and port make the origin; case and the default port do not matter."""
    assert origin_of("https://API.example.com/a") == origin_of("https://api.example.com:443/b")
    assert origin_of("https://api.example.com") != origin_of("http://api.example.com:443")
    assert origin_of("https://api.example.com") != origin_of("https://api.example.com:8443")


def test_parameters_are_quoted_and_may_repeat() -> None:
    """Cursors are opaque, so every character survives the way into the query."""
    url = address("https://h", "/api/x", [("ids", "a"), ("ids", "b+/=& é")])
    assert url == "https://h/api/x?ids=a&ids=b%2B%2F%3D%26%20%C3%A9"
