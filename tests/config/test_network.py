"""Proxies and their exemptions as curl reads them; what cannot be used is told only where it is needed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.config.network import Network, Proxy, Trust
from gumnut_tui.domain.errors import ConfigProblem, explain

PROXY = "http://proxy.example.com:3128"
HOST = "api.gumnut.ai"


def goes_direct(no_proxy: str, host: str = HOST, port: int = 443) -> bool:
    """Whether a request passes the proxy by."""
    return Network({"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}).proxy_for("https", host, port) is None


@pytest.mark.parametrize(
    ("entries", "host", "direct"),
    [
        ("*", HOST, True),
        ("gumnut.ai", HOST, True),
        (".gumnut.ai", HOST, True),
        (".gumnut.ai", "gumnut.ai", True),
        ("*.gumnut.ai", HOST, True),
        ("GUMNUT.AI.", HOST, True),
        ("umnut.ai", HOST, False),
        ("api", HOST, False),
        ("example.org, gumnut.ai", HOST, True),
        ("example.org gumnut.ai", HOST, True),
        ("example.org,,gumnut.ai,", HOST, True),
        (f"{HOST}:443", HOST, True),
        (f"{HOST}:8443", HOST, False),
        ("my_host", "my_host", True),
        ("10.0.0.0/8", "10.20.30.40", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("10.1.2.3:80", "10.1.2.3", False),
        ("192.168.1.77/24", "192.168.1.1", True),
        ("fd00::/8", "fd12::1", True),
        ("fd00::/8", "[fd12::1]", True),
        ("[fd00::]/8", "fd12::1", True),
        ("[fd00::/8]", "fd12::1", True),
        ("fd00::/8", "fe80::1", False),
        ("[2001:db8::1]", "2001:db8::1", True),
        ("2001:db8::1", "2001:DB8:0::1", True),
        ("[2001:db8::1]:443", "2001:db8::1", True),
        ("[2001:db8::1]:80", "2001:db8::1", False),
        ("10.0.0.0/8", "::ffff:10.1.1.1", True),
        ("10.0.0.0/8,fd00::/8,[::1],localhost", HOST, False),
    ],
)  # fmt: skip
def test_what_is_exempt_goes_directly(entries: str, host: str, direct: bool) -> None:
    """Names with all below them, addresses, ranges, ports, brackets, commas and spaces."""
    assert goes_direct(entries, host) is direct


@pytest.mark.parametrize(
    "entry", ["10.0.0.0/99", "[::1", "::1]:x", "host:99999", "host:0", "http://host", "a/b", "h:st:x"]
)
def test_what_is_no_exemption_is_told_where_a_proxy_would_be_used(entry: str) -> None:
    """Otherwise the key would pass a proxy that was not meant; without a proxy it does not matter."""
    with pytest.raises(ConfigProblem, match=r"^NO_PROXY: "):
        goes_direct(entry)
    assert Network({"NO_PROXY": entry}).proxy_for("https", HOST, 443) is None


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTPS_PROXY": PROXY}, Proxy(PROXY, "HTTPS_PROXY")),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other"}, Proxy(PROXY, "https_proxy")),
        ({"ALL_PROXY": "proxy.example.com:3128"}, Proxy(PROXY, "ALL_PROXY")),
        ({"ALL_PROXY": "socks://127.0.0.1:1", "https_proxy": PROXY}, Proxy(PROXY, "https_proxy")),
        ({"ALL_PROXY": "socks://127.0.0.1:1", "no_proxy": "gumnut.ai"}, None),
        ({"HTTP_PROXY": PROXY, "http_proxy": PROXY}, None),
        ({"HTTPS_PROXY": "https://[2001:db8::1]:8443"}, Proxy("https://[2001:db8::1]:8443", "HTTPS_PROXY")),
    ],
)
def test_the_strongest_variable_names_the_proxy(environ: dict[str, str], proxy: Proxy | None) -> None:
    """That of the scheme before the one for all, in small letters before capitals; empty is unset."""
    assert Network(environ).proxy_for("https", HOST, 443) == proxy


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("socks://127.0.0.1:1", "socks"),
        ("socks4a://127.0.0.1:1", "socks"),
        ("socks5://u:hunter2secret@127.0.0.1:1", "socks"),
        ("ftp://proxy", "ftp"),
        ("http://u:hunter2secret@proxy:99999", "port"),
        ("http://u:hunter2secret@proxy:port", "port"),
        ("u:hunter2secret@proxy:port", "port"),
        ("http://", "address"),
        ("http://[::1", "host"),
        ("http://pro xy:1", "address"),
        ("http://proxy:0", "address"),
        ("\x1b[31mhttp", "cannot be used|address|host|kind"),
    ],
)
def test_what_is_no_proxy_is_one_line_that_names_the_variable(value: str, word: str) -> None:
    """And what is wrong with its value, without the password in it."""
    with pytest.raises(ConfigProblem, match=word) as caught:
        Network({"ALL_PROXY": value}).proxy_for("https", HOST, 443)
    words = str(explain(caught.value))
    assert words.startswith("ALL_PROXY: ")
    assert "hunter2" not in words
    assert "\n" not in words


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=20), st.integers(1, 65_535))
def test_no_environment_breaks_the_reading(proxy: str, exempt: str, host: str, port: int) -> None:
    """A direct way, a proxy, or one of our errors in one line."""
    with suppress(ConfigProblem):
        found = Network({"https_proxy": proxy, "no_proxy": exempt}).proxy_for("https", host, port)
        assert found is None or found.url.startswith(("http://", "https://"))


def test_files_are_those_named() -> None:
    """An empty variable names none."""
    assert Network({"SSL_CERT_FILE": "", "SSL_CERT_DIR": "/d"}).trust == Trust(folder="/d")
    assert Network({"SSL_CERT_FILE": "/f", "SSLKEYLOGFILE": "/k"}).trust == Trust("/f", None, "/k")
